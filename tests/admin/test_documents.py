"""The archive in the admin: a document's publication date, and what changes with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from claims.models import Document, User
from claims.splitting.types import DateMention
from tests import builders
from tests.people import Cast

pytestmark = pytest.mark.django_db

TEXT = "The poll showed Reed ahead in the Nov. 8 election."


def test_a_publication_date_is_shown_with_what_it_changes_and_then_set(
    staff: Cast, as_: Callable[[User], Client]
) -> None:
    added = builders.article(staff, TEXT)
    at = TEXT.index("Nov. 8")
    mention = DateMention("Nov. 8", at, at + 6, "XXXX-11-08", direction="")
    builders.analysed(staff, added, (builders.unit(TEXT, TEXT[:-1], dates=(mention,)),))
    claim = builders.accepted(staff, "Reed ahead")
    client = as_(staff.ada)
    address = f"/admin/claims/document/{added.document.pk}/publication/"
    assert address in client.get(f"/admin/claims/document/{added.document.pk}/change/").content.decode()
    assert client.get(address).status_code == 200
    typed = {"value": "2025-09-27", "expected_version": added.document.version}
    shown = client.post(address, typed).content.decode()
    assert "8 November 2025" in shown
    assert Document.objects.get(pk=added.document.pk).published == ""
    done = client.post(address, {**typed, "confirmed": "True"}, follow=True)
    assert "1 date changed, 1 claim with them." in done.content.decode()
    claim.refresh_from_db()
    assert (claim.made_on, claim.about) == ("2025-09-27", "2025-11-08")


def test_a_date_that_is_none_or_comes_too_late_is_refused(staff: Cast, as_: Callable[[User], Client]) -> None:
    added = builders.article(staff, TEXT)
    address = f"/admin/claims/document/{added.document.pk}/publication/"
    assert as_(staff.ada).post(address, {"value": "soonish"}).status_code == 422
    stale = {"value": "2025-09-27", "expected_version": 99, "confirmed": "True"}
    assert as_(staff.ada).post(address, stale).status_code == 409
    assert as_(staff.otto).post(address, {"value": "2025-09-27"}).status_code == 404
    assert Document.objects.get(pk=added.document.pk).published == ""
