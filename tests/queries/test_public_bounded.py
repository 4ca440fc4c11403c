"""Public addresses ask for a page, whatever the archive holds and whatever is asked.

Twenty thousand checks are made of rows; every statement of every public address is watched.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import OuterRef, Subquery
from django.test import Client

from claims.actions.publishing.payload import columns
from claims.exports.payload import Publisher, digest
from claims.models import ApiKey, Desk, FactCheck, Release, guards
from tests.exports.checks import check
from tests.people import make_cast

SIZE = 20_000
#: The largest page (API, CSV and data feed come in chunks of 200) and the ids of a whole search.
PAGE = 501
SECONDS = 20.0
BORN = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def _rows(desk: Desk) -> None:
    base = check(
        url="https://weir.example/checks/1", citations=(), points=(), publisher=Publisher(name="Weir")
    )
    plain, copied = base.to_dict(), columns(base)
    for start in range(0, SIZE, 1000):
        numbers = range(start, start + 1000)
        made = FactCheck.objects.bulk_create(
            FactCheck(
                desk=desk,
                public_id=f"b{number:09d}",
                imported=number % 10 == 0,
                import_key=f"k{number}" if number % 10 == 0 else "",
                **{
                    **copied,
                    "site": f"site{number % 7}.example",
                    "claimant_name": f"Person {number % 900}",
                    "claimant_key": f"person {number % 900}",
                    "language_key": "en" if number % 3 else "de",
                    "language": "en" if number % 3 else "de",
                    "first_published_at": BORN + dt.timedelta(minutes=number),
                    "modified_at": BORN + dt.timedelta(minutes=number),
                },
            )
            for number in numbers
        )
        Release.objects.bulk_create(
            Release(
                factcheck=row,
                number=1,
                kind=Release.Kind.FIRST,
                payload={**plain, "id": row.public_id, "uri": f"https://d.example/checks/{row.public_id}/"},
                payload_hash=digest(plain),
            )
            for row in made
        )
    newest = Release.objects.filter(factcheck=OuterRef("pk")).values("pk")[:1]
    FactCheck.objects.update(latest=Subquery(newest))


@pytest.fixture(scope="module")
def many(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    with django_db_blocker.unblock():
        cast = make_cast()
        with guards.lifted():
            _rows(cast.desk)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        secret = ApiKey.objects.count()
        yield {"cast": cast, "secret": secret, "check": FactCheck.objects.filter(imported=False).first()}
        with guards.lifted():
            call_command("flush", interactive=False, verbosity=0)


@contextmanager
def watched() -> Iterator[list[tuple[int, str]]]:
    """Collect how many rows each statement hands over."""
    found: list[tuple[int, str]] = []

    def watch(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        result = execute(sql, params, many, context)
        wrapper = context["cursor"]
        cursor = wrapper.cursor
        counted = [0, str(sql)]
        found.append(counted)  # type: ignore[arg-type]
        real_many, real_all = cursor.fetchmany, cursor.fetchall

        def fetchmany(*args: Any) -> Any:
            rows = real_many(*args)
            counted[0] += len(rows)
            return rows

        def fetchall() -> Any:
            rows = real_all()
            counted[0] += len(rows)
            return rows

        if connection.vendor == "postgresql":
            # A client-side cursor holds every row as soon as the statement was sent.
            counted[0] = max(cursor.rowcount, 0)
        else:
            wrapper.fetchmany, wrapper.fetchall = fetchmany, fetchall
        return result

    with connection.execute_wrapper(watch):
        yield found


SEARCH = "/v1alpha1/claims:search"
ADDRESSES = [
    "/",
    "/?claimant=Person+7",
    "/?claimant=nobody+at+all",
    "/?topic=nothing",
    "/?topic=%25",
    "/?language=de&finding=refuted",
    "/?status=withdrawn",
    "/?after=20240105T000000.000000-5000",
    "/?after=garbled",
    "/?updated_since=2024-01-02",
    "/?q=%00weir",
    "/corrections/",
    "/corrections/?before=999999999999999999",
    "/method/",
    "/about/",
    "/checks/{check}/",
    "/checks/{check}/v1/",
    "/feeds/claimreview.json",
    "/feeds/claimreview.json?topic=nothing",
    "/feeds/feed.json",
    "/feeds/feed.json?claimant=nobody",
    "/feeds/feed.json?after=20240105T000000.000000-5000",
    "/feeds/atom.xml",
    "/feeds/rss.xml",
    "/feeds/verdicts.csv",
    "/feeds/verdicts.csv?spreadsheet=1&rating=none",
    f"{SEARCH}?reviewPublisherSiteFilter=nowhere.example",
    f"{SEARCH}?reviewPublisherSiteFilter=site3.example&pageSize=999999999",
    f"{SEARCH}?reviewPublisherSiteFilter=site3.example&offset=2500",
    f"{SEARCH}?reviewPublisherSiteFilter=site3.example&offset=999999999",
    f"{SEARCH}?reviewPublisherSiteFilter=site3.example&pageSize=1e9",
    f"{SEARCH}?reviewPublisherSiteFilter=site3.example&languageCode=xx",
    f"{SEARCH}?reviewPublisherSiteFilter=site3.example&maxAgeDays=1",
    f"{SEARCH}?reviewPublisherSiteFilter=site3.example&maxAgeDays=999999999",
    f"{SEARCH}?reviewPublisherSiteFilter=.*",
    f"{SEARCH}?reviewPublisherSiteFilter=%00",
    f"{SEARCH}?reviewPublisherSiteFilter=site3.example&pageToken=garbled",
    f"{SEARCH}?query=weir",
    f"{SEARCH}?query=weir&reviewPublisherSiteFilter=nowhere.example",
]
PRIVATE = [
    "/api/v1/factchecks/",
    "/api/v1/factchecks/?page_size=999999999",
    "/api/v1/factchecks/?cursor=garbled",
    "/api/v1/claims/",
    "/api/v1/documents/",
    "/desk/north/published/",
]


def _look(client: Client, path: str, method: str = "get", **headers: str) -> int:
    began = time.monotonic()
    with watched() as statements:
        answer = getattr(client, method)(path, headers=headers)
        if answer.streaming:
            for _piece in islice(answer.streaming_content, 700):
                pass
    assert time.monotonic() - began < SECONDS, path
    largest = max(statements, key=lambda one: one[0], default=[0, ""])
    assert largest[0] <= PAGE, f"{path}: {largest[0]} rows by {largest[1][:300]}"
    assert answer.status_code < 500 or answer.status_code == 503, path
    return int(answer.status_code)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ADDRESSES)
def test_a_public_address_never_asks_for_more_than_a_page(many: dict[str, Any], path: str) -> None:
    path = path.format(check=many["check"].public_id)
    client = Client()
    _look(client, path)
    _look(client, path, "head")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PRIVATE)
def test_an_address_behind_a_login_never_asks_for_more_than_a_page(many: dict[str, Any], path: str) -> None:
    client = Client()
    client.force_login(many["cast"].dana)
    assert _look(client, path) in (200, 404)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["feed.json", "atom.xml", "rss.xml", "verdicts.csv", "claimreview.json"])
def test_an_unchanged_feed_is_answered_without_its_rows(many: dict[str, Any], name: str) -> None:
    client = Client()
    etag = client.get(f"/feeds/{name}").headers["ETag"]
    with watched() as statements:
        answer = client.get(f"/feeds/{name}", headers={"If-None-Match": etag})
    assert answer.status_code == 304
    assert max(one[0] for one in statements) <= 2


@pytest.mark.django_db
def test_the_site_filter_pages_through_every_check_once(many: dict[str, Any]) -> None:
    client = Client()
    wanted = FactCheck.objects.live().filter(site="site6.example", language_key="de").count()
    assert wanted > 500
    seen = 0
    token = ""
    while True:
        query = {"reviewPublisherSiteFilter": "site6.example", "languageCode": "de-AT", "pageSize": "100"}
        answer = client.get(SEARCH, {**query, **({"pageToken": token} if token else {})})
        data = json.loads(answer.content)
        seen += sum(len(one["claimReview"]) for one in data.get("claims", []))
        token = data.get("nextPageToken", "")
        if not token:
            break
    assert seen == wanted


@pytest.mark.django_db
def test_the_whole_feed_holds_every_check_once(many: dict[str, Any]) -> None:
    body = b"".join(Client().get("/feeds/verdicts.csv?claimant=Person+7").streaming_content)  # type: ignore[attr-defined]
    ids = [line.split(b",", 1)[0] for line in body.splitlines()[1:]]
    wanted = FactCheck.objects.filter(claimant_key="person 7", imported=False).count()
    assert len(set(ids)) == len(ids) == wanted > 10
