"""The first page of the admin opens on what waits; lists have their right names, events their words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from claims.admin.groups import GROUPS
from claims.models import AuditEvent, Claim, Evidence, User
from claims.models.event_words import event_in_words
from tests import builders
from tests.admin.conftest import quoted, submitted
from tests.people import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def waiting(client: Client) -> dict[str, int]:
    page = client.get("/admin/").content.decode()
    found = re.findall(r'\?state=(\w+)"><strong>(\d+)</strong>', page)
    return {state: int(count) for state, count in found}


def test_it_opens_on_the_queue_and_on_approvals(staff: Cast, as_: SignIn) -> None:
    client = as_(staff.ben)
    before = waiting(client)
    assert set(before) == {"queued", "in_progress", "awaiting_approval"}
    builders.claim(staff)
    submitted(staff)
    after = waiting(client)
    assert after["queued"] == before["queued"] + 1
    assert after["awaiting_approval"] == before["awaiting_approval"] + 1
    # The link leads to as many.
    rows = client.get("/admin/claims/claim/?state=awaiting_approval").content.decode()
    assert rows.count('class="field-wording_shown') + rows.count("field-wording_shown nowrap") >= 1


def test_another_desk_counts_nothing_of_it(staff: Cast, as_: SignIn) -> None:
    builders.claim(staff)
    assert set(waiting(as_(staff.otto)).values()) == {0}


def test_every_list_stands_under_one_heading(staff: Cast, as_: SignIn) -> None:
    named = [name for group in GROUPS for name in group.models]
    assert len(named) == len(set(named))
    known = {model._meta.model_name for model in admin.site._registry}
    assert set(named) <= known
    root = User.objects.create_superuser("root@desk.example", display_name="Root")
    page = as_(root).get("/admin/").content.decode()
    for name in known:
        assert page.count(f'href="/admin/claims/{name}/"') == 1, name
    # The machinery is folded, the work is not.
    assert page.index("Machinery") > page.index("<details>") > page.index(">People<")


def test_lists_have_their_right_plural() -> None:
    wrong = ("entrys", "matchs", "aliass", "evidences", "dues", "api keys")
    for model in admin.site._registry:
        plural = str(model._meta.verbose_name_plural)
        assert not plural.endswith(wrong), plural


def test_events_are_told_in_words(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    AuditEvent.objects.create(
        desk_id=staff.desk.pk,
        actor_id=staff.ada.pk,
        verb="claim.search_asked",
        object_kind="claim",
        object_id=claim.pk,
        claim_id=claim.pk,
    )
    client = as_(staff.ben)
    for path in (f"/admin/claims/claim/{claim.pk}/history/", "/admin/claims/auditevent/"):
        page = client.get(path).content.decode()
        assert "asked for a search" in page
        assert "claim.search_asked" not in page
    assert event_in_words("something.never_heard_of") == "something: never heard of"


def test_the_list_of_claims_says_what_is_overdue(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    page = "/admin/claims/claim/"
    assert "overdue since" not in as_(staff.ben).get(page).content.decode()
    Claim.objects.filter(pk=claim.pk).update(due_at=timezone.now() - dt.timedelta(days=1))
    assert "overdue since" in as_(staff.ben).get(page).content.decode()
    Claim.objects.filter(pk=claim.pk).update(due_at=timezone.now() + dt.timedelta(days=1))
    assert "overdue since" not in as_(staff.ben).get(page).content.decode()


def test_the_list_of_claims_shows_rating_finding_and_what_is_cited(staff: Cast, as_: SignIn) -> None:
    bare = builders.claim(staff)
    verdict = submitted(staff)
    quoted(staff, bare)
    rows = as_(staff.ben).get("/admin/claims/claim/").content.decode()
    assert escape(verdict.rating.label) in rows
    cited = Evidence.objects.filter(claim=verdict.claim, cited=True).count()
    assert cited
    assert f'<td class="field-cited_shown">{cited}</td>' in rows
    assert Claim.objects.count() >= 2
