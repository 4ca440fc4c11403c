"""Whoever comes again to a public page is told whether anything changed, before the page is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.actions.desk.scales import RatingRow, new_scale
from claims.actions.desk.settings import change_desk
from claims.actions.publishing.publish import suspend
from claims.models import FactCheck, Release, guards
from claims.vocabulary import Finding
from tests.people import Cast
from tests.workbench.desk_pages import published

pytestmark = pytest.mark.django_db
PAGES = [
    "/",
    "/?claimant=Ilse+Brandt",
    "/corrections/",
    "/method/",
    "/about/",
    "/checks/{check}/",
    "/checks/{check}/v1/",
]


def again(client: Client, path: str, etag: str, **headers: Any) -> int:
    return client.get(path, headers={"If-None-Match": etag, **headers}).status_code


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_is_as_it_was_is_not_made_again(cast: Cast, client: Client, page: str) -> None:
    path = page.format(check=published(cast).public_id)
    first = client.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (answer.status_code, answer.content) == (304, b"")
    assert (answer["ETag"], answer["Cache-Control"]) == (first["ETag"], "public, no-cache")
    assert len(asked) == 1


def _publish(cast: Cast, check: FactCheck) -> None:
    published(cast)


def _suspend(cast: Cast, check: FactCheck) -> None:
    suspend(actor=cast.carla, factcheck=check, note="Under review.")


def _rename(cast: Cast, check: FactCheck) -> None:
    change_desk(actor=cast.dana, desk=cast.desk, values={"name": "North Check"})


def _other_scale(cast: Cast, check: FactCheck) -> None:
    rows = [
        RatingRow(key="", label=label, definition="d", finding=finding, value=None)
        for label, finding in (("Yes", Finding.SUPPORTED), ("No", Finding.REFUTED), ("?", Finding.NOT_ENOUGH))
    ]
    new_scale(actor=cast.dana, desk=cast.desk, name="Ours", rows=rows)


def _redact(cast: Cast, check: FactCheck) -> None:
    with guards.lifted():
        Release.objects.filter(factcheck=check).update(redacted_at=timezone.now())


@pytest.mark.parametrize("change", [_publish, _suspend, _rename, _other_scale, _redact])
@pytest.mark.parametrize("page", PAGES)
def test_whatever_changes_what_the_public_reads_makes_it_anew(
    cast: Cast, client: Client, page: str, change: Callable[[Cast, FactCheck], None]
) -> None:
    check = published(cast)
    path = page.format(check=check.public_id)
    etag = client.get(path)["ETag"]
    change(cast, check)
    assert again(client, path, etag) == 200


def test_another_language_is_another_page(cast: Cast, client: Client) -> None:
    etag = client.get("/method/")["ETag"]
    assert again(client, "/method/", etag, **{"Accept-Language": "de"}) == 200


def test_words_that_are_searched_for_are_always_searched(cast: Cast, client: Client) -> None:
    published(cast)
    assert not client.get("/?q=bridge").has_header("ETag")


def test_what_is_not_there_has_no_mark(cast: Cast, client: Client) -> None:
    etag = client.get("/")["ETag"]
    answer = client.get("/checks/nothing/", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.has_header("ETag")) == (404, False)
