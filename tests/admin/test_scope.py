"""Whose rows does the admin show? The outsider finds nothing of the desk: no row, no name, no act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.test import Client

from claims.actions.documents import details as documents
from claims.models import (
    Appearance,
    Claim,
    Desk,
    Document,
    Membership,
    Outlet,
    Owner,
    Selection,
    User,
    VerdictDraft,
)
from claims.vocabulary import Role
from tests import builders
from tests.admin.conftest import act, address_of, here, newest, submitted
from tests.admin.test_registry import SHOWN
from tests.page_words import whole_words
from tests.people import Cast, person

SignIn = Callable[[User], Client]
#: Known to every desk of the installation.
SHARED: set[Any] = {Outlet, Owner}


def _filled(cast: Cast) -> Claim:
    added = builders.article(cast)
    builders.analysed(cast, added)
    builders.accepted(cast)
    return submitted(cast).claim


def test_another_desks_objects_are_404_and_not_listed(staff: Cast, as_: SignIn) -> None:
    _filled(staff)
    client = as_(staff.otto)
    tried = 0
    for model in SHOWN:
        base = f"/admin/claims/{model._meta.model_name}/"
        answer = client.get(base)
        if answer.status_code == 403 or model in SHARED:
            continue
        rows = admin.site._registry[model].get_queryset(answer.wsgi_request)
        foreign = model._default_manager.exclude(pk__in=rows.values("pk"))
        for row in foreign[:2]:
            tried += 1
            for address in ("change", "history", "delete"):
                status = client.get(f"{base}{row.pk}/{address}/").status_code
                assert status == 404, (base, row.pk, address)
    assert tried > 20


def test_what_is_listed_for_the_outsider_is_their_own_desk(staff: Cast, as_: SignIn) -> None:
    _filled(staff)
    client = as_(staff.otto)
    for name in ("claim", "document", "capture", "passage", "appearance", "evidence", "verdict", "review"):
        answer = client.get(f"/admin/claims/{name}/")
        assert answer.context["cl"].result_count == 0, name
        assert "Lenna" not in answer.content.decode(), name
    assert "North Desk" not in client.get("/admin/claims/desk/").content.decode()
    assert "Ada" not in whole_words(client.get("/admin/claims/user/").content.decode())
    # The stock filters would name every desk and everybody.
    reviews = whole_words(client.get("/admin/claims/review/").content.decode())
    assert "Ada" not in reviews
    assert "Ben" not in reviews


def test_the_outsider_can_do_nothing_to_a_claim(staff: Cast, as_: SignIn) -> None:
    claim = _filled(staff)
    verdict = claim.verdicts.get()
    row = claim.evidence.get()
    before = newest(claim).version
    client = as_(staff.otto)
    assert client.get(here(claim)).status_code == 404
    for name in (
        "review-close",
        "claim-search",
        "review-draft",
        "review-assign",
        "evidence-rest",
        "review-take",
    ):
        assert client.post(address_of(claim, name), {"next": here(claim)}).status_code == 404, name
    assert client.post(f"/evidence/{row.pk}/", {"cited": "true", "next": here(claim)}).status_code == 404
    assert client.get(f"/admin/claims/claim/{claim.pk}/verdict/{verdict.pk}/").status_code == 404
    version = f"/admin/claims/claim/{claim.pk}/verdict/{verdict.pk}/"
    assert client.post(f"/verdicts/{verdict.pk}/approve/", {"next": version}).status_code == 404
    assert client.post(version).status_code == 405
    chosen = {"action": "bulk_approve", "_selected_action": [claim.pk], "index": "0"}
    client.post("/admin/claims/claim/", chosen)
    assert not Selection.objects.exists()
    assert not verdict.readings.exists()
    assert newest(claim).version == before


def test_a_partner_and_a_visitor_do_not_come_in(staff: Cast, as_: SignIn, client: Client) -> None:
    pia = person("Pia", staff.desk, Role.PARTNER)
    User.objects.filter(pk=pia.pk).update(is_staff=True)
    for browser in (as_(pia), client):
        assert browser.get("/admin/").status_code == 302
        assert browser.get("/admin/claims/claim/").status_code == 302


def test_a_partner_of_one_desk_who_works_at_another_sees_the_other(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    Membership.objects.create(desk=staff.desk, user=staff.otto, role=Role.PARTNER)
    client = as_(staff.otto)
    assert client.get("/admin/claims/claim/").context["cl"].result_count == 0
    assert client.get(f"/admin/claims/claim/{claim.pk}/change/").status_code == 404


def test_a_document_shown_to_named_people_is_theirs_alone(staff: Cast, as_: SignIn) -> None:
    added = builders.article(staff)
    documents.set_metadata(actor=staff.ada, document=added.document, visibility=Document.Visibility.NAMED)
    address = f"/admin/claims/document/{added.document.pk}/change/"
    assert as_(staff.ada).get(address).status_code == 200
    assert as_(staff.ben).get(address).status_code == 404
    assert as_(staff.ben).get(f"/admin/claims/capture/{added.capture.pk}/change/").status_code == 404


def test_a_draft_is_its_writers_alone(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    assert act(as_(staff.ada), claim, "review-draft", headline="Half a thought") == 303
    draft = VerdictDraft.objects.get()
    assert as_(staff.ada).get(f"/admin/claims/verdictdraft/{draft.pk}/change/").status_code == 200
    assert as_(staff.ben).get(f"/admin/claims/verdictdraft/{draft.pk}/change/").status_code == 404
    assert (
        "Half a thought" not in as_(staff.ben).get(f"/admin/claims/claim/{claim.pk}/change/").content.decode()
    )


def test_people_of_several_desks_choose_one(staff: Cast, as_: SignIn) -> None:
    Membership.objects.create(desk=staff.other_desk, user=staff.ada, role=Role.FACT_CHECKER)
    here = builders.claim(staff)
    there = builders.claim(staff, desk=staff.other_desk)
    client = as_(staff.ada)
    both = client.get("/admin/claims/claim/")
    assert {row.pk for row in both.context["cl"].result_list} == {here.pk, there.pk}
    one = client.get("/admin/claims/claim/", {"desk": Desk.objects.get(slug="south").pk})
    assert [row.pk for row in one.context["cl"].result_list] == [there.pk]
    mixed = client.post(
        "/admin/claims/claim/",
        {"action": "bulk_search", "_selected_action": [here.pk, there.pk]},
        follow=True,
    )
    assert "one desk at a time" in mixed.content.decode()


def test_triage_of_another_desk_is_out_of_reach(staff: Cast, as_: SignIn) -> None:
    builders.analysed(staff, builders.article(staff))
    row = builders.suggestion(staff)
    answer = as_(staff.otto).post(
        "/admin/claims/appearance/bulk/",
        {"action": "dismiss", "rows": [row.pk], "step": "do", "reason": "no"},
    )
    assert answer.status_code == 200
    assert Appearance.objects.get(pk=row.pk).triage == Appearance.Triage.SUGGESTED
