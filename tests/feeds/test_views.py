"""The feeds over HTTP, read by programs that we did not write."""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from pyld import jsonld

from claims.actions.publishing import publish
from claims.actions.publishing.imports import import_factcheck
from claims.actions.publishing.publish import suspend, withdraw
from claims.exports.feedinfo import PAGE_BYTES
from claims.forms.published import BadFilter, PublishedFilter, after_of
from claims.models import Claim, FactCheck, guards
from tests.builders import moment
from tests.checks_made import checked_claim, corrected, published
from tests.conftest import NOW
from tests.page_words import whole_words
from tests.people import Cast

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import feedparser

pytestmark = pytest.mark.django_db
FEEDS = ("claimreview.json", "feed.json", "atom.xml", "rss.xml", "verdicts.csv")


@pytest.fixture(autouse=True)
def _no_static_files(settings: LazySettings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def four(cast: Cast) -> list[FactCheck]:
    """Four checks, oldest first: as published, corrected, suspended, withdrawn."""
    checks = [published(cast, now=moment(day)) for day in range(4)]
    corrected(cast, checks[1], moment(5))
    suspend(actor=cast.carla, factcheck=checks[2], note="A doubt.", now=moment(6))
    withdraw(actor=cast.carla, factcheck=checks[3], note="It was wrong.", now=moment(7))
    return [FactCheck.objects.select_related("latest").get(pk=check.pk) for check in checks]


def body(client: Client, name: str, query: str = "", status: int = 200) -> bytes:
    response = client.get(f"/feeds/{name}{query}")
    assert response.status_code == status, response.content
    return response.getvalue()


def test_feedparser_reads_atom_and_rss(client: Client, four: list[FactCheck]) -> None:
    for name, version, count in (("atom.xml", "atom10", 3), ("rss.xml", "rss20", 4)):
        got = feedparser.parse(body(client, name))
        assert not got.bozo
        assert (got.version, len(got.entries)) == (version, count)
        ids = [entry.id for entry in got.entries]
        assert ids[-1] == four[0].latest.payload["uri"]  # type: ignore[union-attr]
    atom = body(client, "atom.xml").decode()
    assert "deleted-entry" in atom
    assert "421 cars" in atom
    assert "No, the bridge carries far fewer cars" in atom


def test_the_newest_change_comes_first_and_suspended_checks_carry_no_rating(
    client: Client, four: list[FactCheck]
) -> None:
    feed = json.loads(body(client, "feed.json"))
    shown = [(item["_factcheck"]["status"], item["_factcheck"].get("finding")) for item in feed["items"]]
    assert shown == [("withdrawn", None), ("suspended", None), ("live", "Refuted"), ("live", "Refuted")]
    assert "content_html" in feed["items"][2]
    assert 'href="https://roads.example/count"' in feed["items"][2]["content_html"]
    assert "412" not in whole_words(json.dumps(feed["items"][1]))


def test_the_data_feed_is_json_ld_with_one_claim_review_per_standing_check(
    client: Client, four: list[FactCheck]
) -> None:
    data = json.loads(body(client, "claimreview.json"))
    items = data["dataFeedElement"]
    assert len(items) == 4
    assert items[0]["item"] is None
    assert items[0]["dateDeleted"] == items[0]["dateModified"]
    assert items[1]["item"] is None
    assert "dateDeleted" not in items[1]
    reviews = [item["item"][0] for item in items[2:]]
    assert reviews[0]["correction"][0]["text"] == "We had miscounted."
    context = {"@context": {"@vocab": "https://schema.org/"}}
    expanded = jsonld.expand({**data, **context})
    assert expanded[0]["@type"] == ["https://schema.org/DataFeed"]


def test_pandas_reads_the_csv_file_by_its_schema(client: Client, four: list[FactCheck]) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_csv(io.BytesIO(body(client, "verdicts.csv")), keep_default_na=False)
    schema = json.loads(body(client, "verdicts.schema.json"))
    assert list(frame.columns) == [field["name"] for field in schema["fields"]]
    assert list(frame["status"]) == ["withdrawn", "suspended", "live", "live"]
    assert list(frame["finding"]) == ["", "", "Refuted", "Refuted"]
    assert frame["id"].is_unique
    assert frame["last_correction"][2].endswith("Z")


def test_the_spreadsheet_form_guards_against_formulas(client: Client, cast: Cast) -> None:
    made = checked_claim(cast, "=HYPERLINK(1) said the minister")
    published(cast, made=made)
    plain = body(client, "verdicts.csv").decode()
    guarded = body(client, "verdicts.csv", "?spreadsheet=1").decode()
    assert "'=HYPERLINK" not in plain
    assert "'=HYPERLINK" in guarded


@pytest.mark.parametrize("name", FEEDS)
def test_an_unchanged_feed_is_not_sent_again(client: Client, cast: Cast, name: str) -> None:
    check = published(cast)
    first = client.get(f"/feeds/{name}")
    etag, stamp = first["ETag"], first["Last-Modified"]
    first.getvalue()
    for header in ({"HTTP_IF_NONE_MATCH": etag}, {"HTTP_IF_MODIFIED_SINCE": stamp}):
        again = client.get(f"/feeds/{name}", **header)  # type: ignore[arg-type]
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    # In the same second: the validator must differ although no time does.
    publish.suspend(actor=cast.carla, factcheck=check, note="A doubt.", now=NOW)
    changed = client.get(f"/feeds/{name}", HTTP_IF_NONE_MATCH=etag)
    assert changed.status_code == 200
    changed.getvalue()
    # Whoever keeps a copy asks each time before using it.
    assert "no-cache" in changed["Cache-Control"]
    assert "max-age" not in changed["Cache-Control"]


def test_filters_select_and_a_senseless_one_is_refused(client: Client, cast: Cast) -> None:
    first = published(cast, now=moment(0))
    made = checked_claim(cast, "The mill of Lenna burned", who="Otto Brand")
    Claim.objects.filter(pk=made.pk).update(topics=["Fire"], language="de")
    second = published(cast, now=moment(2), made=made, label="true")

    def ids(query: str) -> list[str]:
        items = json.loads(body(client, "feed.json", query))["items"]
        return [item["_factcheck"]["id"] for item in items]

    both, only_first, only_second = [second.public_id, first.public_id], [first.public_id], [second.public_id]
    assert ids("") == both
    assert ids("?claimant=ilse%20BRANDT") == only_first
    assert ids("?rating=True") == only_second
    assert ids("?finding=Refuted") == only_first
    assert ids("?language=de") == only_second
    assert ids("?topic=fire") == only_second
    assert ids("?desk=north") == both
    assert ids("?desk=south") == []
    assert ids("?status=withdrawn") == []
    assert ids(f"?updated_since={moment(1):%Y-%m-%d}") == only_second
    for query, part in (
        ("?finding=maybe", "finding"),
        ("?status=gone", "status"),
        ("?updated_since=soon", "updated_since"),
        ("?after=1-2", "after"),
    ):
        assert part in body(client, "feed.json", query, 400).decode()
    body(client, "feed.json", "?desk=nowhere", 404)


def test_pages_follow_each_other_without_gap_or_repeat(client: Client, cast: Cast) -> None:
    expected = [published(cast, now=moment(day)).public_id for day in (0, 1, 2)]
    # A text of half a page's size, so that three checks need several pages.
    long = "The road office counted them. " * (PAGE_BYTES // 60)
    for day in (3, 4):
        check = published(cast, now=moment(day))
        grow(check, long)
        expected.append(check.public_id)
    for name in ("feed.json", "atom.xml", "rss.xml"):
        found: list[str] = []
        url = f"/feeds/{name}"
        for _page in range(10):
            response = client.get(url)
            assert len(response.content) < PAGE_BYTES
            ids, url = read(name, response.content)
            found += [one.rstrip("/").rpartition("/")[2] for one in ids]
            if not url:
                break
        assert found == expected[::-1]


def grow(check: FactCheck, text: str) -> None:
    """Give a check a reasoning as long as this; releases are frozen, so the guard must look away."""
    latest = check.latest
    assert latest is not None
    with guards.lifted():
        latest.payload["justification"] = text
        latest.save()


def read(name: str, content: bytes) -> tuple[list[str], str]:
    """Return the ids on one page and the address of the next."""
    if name == "feed.json":
        feed = json.loads(content)
        ids, url = [item["id"] for item in feed["items"]], feed.get("next_url", "")
    else:
        got = feedparser.parse(content)
        ids = [entry.id for entry in got.entries]
        url = next((link.href for link in got.feed.links if link.rel == "next"), "")
    return ids, str(url).removeprefix("http://127.0.0.1:8000")


def test_a_new_check_between_two_pages_moves_nothing(cast: Cast) -> None:
    checks = [published(cast, now=moment(day)) for day in range(3)]
    first = PublishedFilter.read({})
    newest = next(first.checks())
    assert newest == checks[2]
    published(cast, now=moment(9))
    rest = PublishedFilter.read({"after": after_of(newest)})
    assert list(rest.checks()) == [checks[1], checks[0]]
    with pytest.raises(BadFilter):
        PublishedFilter.read({"after": "20260101T000000.000000-x"})


def test_imported_checks_are_not_republished(client: Client, cast: Cast) -> None:
    raw = {
        "@type": "ClaimReview",
        "url": "https://checks.example/weir",
        "claimReviewed": "The weir burst.",
        "datePublished": "2026-02-01",
        "reviewRating": {"alternateName": "False"},
    }
    import_factcheck(actor=None, desk=cast.desk, raw=raw, now=NOW)
    for name in FEEDS:
        assert b"weir" not in body(client, name)


def test_a_page_on_another_host_keeps_the_names_of_checks(
    client: Client, cast: Cast, settings: LazySettings
) -> None:
    check = published(cast)
    settings.SITE_URL = "https://facts.example"
    (item,) = json.loads(body(client, "feed.json"))["items"]
    assert item["id"] == check.latest.payload["uri"]  # type: ignore[union-attr]
    assert item["id"].startswith("http://127.0.0.1:8000/")
    assert item["url"].startswith("https://facts.example/checks/")


def test_a_feed_of_many_checks_is_streamed_with_a_constant_number_of_queries(
    client: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for day in range(4):
        published(cast, now=moment(day))
    for name in FEEDS:
        with django_assert_max_num_queries(4):
            body(client, name)


def test_only_reading_is_possible(client: Client, cast: Cast) -> None:
    for name in FEEDS:
        assert client.post(f"/feeds/{name}").status_code == 405
        assert client.head(f"/feeds/{name}").status_code == 200
