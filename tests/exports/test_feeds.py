"""JSON Feed, Atom and RSS as programs that we did not write read them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from claims.exports import atom, jsonfeed, rss
from claims.exports.feedinfo import PAGE_BYTES, FeedPage
from tests.exports.checks import FEED, check, every_state, html, nasty, next_url, suspended, withdrawn

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import feedparser

PAGES: dict[str, Callable[..., FeedPage]] = {"json": jsonfeed.page, "atom": atom.page, "rss": rss.page}


def parse(kind: str, body: bytes) -> Any:
    got = feedparser.parse(body)
    assert not got.bozo, got.get("bozo_exception")
    assert got.version == {"json": "json11", "atom": "atom10", "rss": "rss20"}[kind]
    return got


def parsed(kind: str, **options: Any) -> Any:
    return parse(kind, PAGES[kind](every_state(), FEED, next_url=next_url, render=html, **options).body)


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_feedparser_reads_every_check(kind: str) -> None:
    got = parsed(kind)
    expected = [p for p in every_state() if not (kind == "atom" and p.status == "withdrawn")]
    assert got.feed.title == FEED.title
    assert [e.id for e in got.entries] == [p.uri for p in expected]
    assert [e.link for e in got.entries] == [p.url for p in expected]
    first = got.entries[0]
    assert first.title == "No, the weir did not burst (1)"
    assert first.published_parsed[:5] == (2021, 3, 1, 9, 31)
    assert [t.term for t in first.tags] == ["water", "Lake Ostra"]
    assert "Ana Ruiz" in first.author
    assert "<p>" in first.content[0].value


def test_the_json_feed_has_what_the_format_asks_for() -> None:
    page = jsonfeed.page(every_state(), FEED, next_url=next_url, render=html)
    feed = json.loads(page.body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert "next_url" not in feed
    for item, payload in zip(feed["items"], every_state(), strict=True):
        assert item["id"] == payload.uri
        assert ("content_html" in item) is payload.is_live
        assert ("content_text" in item) is not payload.is_live
        assert item["date_published"].endswith("Z")
        assert item["_factcheck"]["status"] == payload.status.value
    live = feed["items"][0]["_factcheck"]
    assert live["finding"] == "Refuted"
    assert [s["url"] for s in live["sources"]] == ["https://board.example/report.pdf", ""]


@pytest.mark.parametrize("kind", list(PAGES))
def test_what_is_not_live_shows_no_rating_and_says_so(kind: str) -> None:
    for payload, word in ((suspended(), "suspended"), (withdrawn(), "withdrawn")):
        body = PAGES[kind]([payload], FEED, next_url=next_url, render=html).body.decode()
        assert f"was {word} on 10 March 2021" in body
        assert payload.public_note in body
        assert "Refuted" not in body
        assert payload.justification not in body
        assert payload.short_answer not in body


def test_a_withdrawal_is_a_tombstone_in_atom() -> None:
    root = ElementTree.fromstring(atom.page([withdrawn()], FEED, next_url=next_url).body)
    (gone,) = root.findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    assert gone.get("ref") == withdrawn().uri
    assert gone.get("when") == "2021-03-10T09:30:00Z"
    assert root.findall("{http://www.w3.org/2005/Atom}entry") == []


@pytest.mark.parametrize("kind", list(PAGES))
def test_pages_stay_under_the_limit_and_lead_through_every_check_once(kind: str) -> None:
    everything = [check(n, justification="A long reasoning. " * 400) for n in range(120)]
    seen: list[str] = []
    rest = everything
    for _ in range(20):
        page = PAGES[kind](rest, FEED, next_url=next_url, render=html)
        assert len(page.body) < PAGE_BYTES
        assert page.last is not None
        seen += [p.id for p in rest[: page.count]]
        assert page.more is (page.count < len(rest))
        assert (next_url(page.last).encode() in page.body) is page.more
        rest = rest[page.count :]
        if not page.more:
            break
    assert seen == [p.id for p in everything]


@pytest.mark.parametrize("kind", list(PAGES))
def test_one_endless_justification_does_not_end_the_feed(kind: str) -> None:
    giant = check(1, justification="word " * 80_000)
    page = PAGES[kind]([giant, check(2)], FEED, next_url=next_url, render=html)
    assert (page.count, page.more) == (2, False)
    assert len(page.body) < PAGE_BYTES


@pytest.mark.parametrize("kind", list(PAGES))
def test_the_number_of_checks_per_page_is_limited(kind: str) -> None:
    page = PAGES[kind]([check(n) for n in range(9)], FEED, next_url=next_url, max_items=4)
    assert (page.count, page.more) == (4, True)
    assert page.last == check(3)


@pytest.mark.parametrize("kind", list(PAGES))
def test_an_empty_feed_is_a_feed(kind: str) -> None:
    page = PAGES[kind]([], FEED, next_url=next_url)
    assert (page.count, page.last, page.more) == (0, None, False)
    if kind == "json":
        assert json.loads(page.body)["items"] == []
    else:
        assert parse(kind, page.body).entries == []


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_no_character_of_a_claim_breaks_the_xml(kind: str) -> None:
    got = parse(kind, PAGES[kind]([nasty()], FEED, next_url=next_url, render=html).body)
    assert got.entries[0].title.startswith("=HYPERLINK() </script>") or "HYPERLINK" in got.entries[0].title
