"""Partners' feeds: what they bring, how they are compared, and every way in which they go wrong."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from django.utils import timezone

from claims.actions.feeds import entries, polling
from claims.actions.feeds.managing import due_feeds, pause_feed
from claims.models import FactCheck, Feed, FeedEntry, FeedRun, Job
from tests.actions.feeds.conftest import Ask, check, data_feed, rss
from tests.net.server import Site, answer, redirect
from tests.people import Cast

pytestmark = pytest.mark.django_db


def html(*reviews: dict[str, Any]) -> bytes:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in reviews)
    return f"<!doctype html><html><head>{scripts}</head><body>x</body></html>".encode()


def test_a_feed_is_asked_taken_in_and_told(ask: Ask, site: Site) -> None:
    site.routes["/feed"] = answer(
        data_feed(check(1), check(2), {"@type": "Person"}, {"@type": "ClaimReview"})
    )
    feed = ask("/feed")
    assert (feed.last_outcome, feed.taken, feed.failures) == ("new", 2, 0)
    assert feed.last_sentence == "2 new, 1 refused, 1 passed over."
    run = FeedRun.objects.get()
    assert run.counts == {"new": 2, "refused": 1, "passed_over": 1}
    assert run.passed_over == {"person": 1}
    assert "claim" in run.problems[0]["reason"]
    assert feed.next_at - feed.last_at == dt.timedelta(minutes=60)  # type: ignore[operator]
    assert FactCheck.objects.count() == 2


def compared(body: bytes, etag: str, modified: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def route(handler: BaseHTTPRequestHandler) -> None:
        same = (
            handler.headers.get("If-None-Match") == etag
            and handler.headers.get("If-Modified-Since") == modified
        )
        answer(b"" if same else body, 304 if same else 200, ETag=etag, Last_Modified=modified)(handler)

    return route


def test_the_next_asking_says_what_is_known(ask: Ask, site: Site) -> None:
    changed = "Sun, 01 Mar 2026 10:00:00 GMT"
    site.routes["/feed"] = compared(data_feed(check(1)), '"v1"', changed)
    feed = ask("/feed")
    assert (feed.etag, feed.last_modified) == ('"v1"', changed)
    feed = ask(feed)
    assert (feed.last_outcome, feed.last_sentence) == ("nothing", "Nothing has changed since the last time.")
    assert site.asked[-1][1]["If-None-Match"] == '"v1"'
    site.routes["/feed"] = compared(data_feed(check(1), check(2)), '"v2"', changed)
    feed = ask(feed)
    assert (feed.last_outcome, feed.taken, feed.etag) == ("new", 2, '"v2"')


def test_a_corrected_check_supersedes_and_the_same_again_is_nothing(ask: Ask, site: Site) -> None:
    site.routes["/feed"] = answer(data_feed(check(1)))
    feed = ask("/feed")
    feed = ask(feed)
    assert feed.last_sentence == "1 there already."
    site.routes["/feed"] = answer(data_feed(check(1, reviewRating={"alternateName": "True"})))
    feed = ask(feed)
    assert feed.last_sentence == "1 changed."
    assert FactCheck.objects.get().rating_label == "True"


def test_pages_that_a_feed_names_are_fetched_once(ask: Ask, site: Site) -> None:
    site.routes["/1"] = answer(html(check(1)), Content_Type="text/html")
    site.routes["/2"] = answer(html({"@type": "NewsArticle"}), Content_Type="text/html")
    links = [site.url("/1"), site.url("/2"), site.url("/gone")]
    site.routes["/rss"] = answer(rss(*links), Content_Type="application/rss+xml")
    feed = ask("/rss")
    assert feed.last_sentence == "1 new, 1 refused, 1 passed over."
    assert list(FeedEntry.objects.order_by("url").values_list("outcome", flat=True)) == [
        "taken",
        "empty",
        "failed",
    ]
    before = len(site.asked)
    # Names that change with every asking, and other spellings of an address, are the same pages.
    spelled = [f"{link}?utm_source=feed{n}" for n, link in enumerate(links)]
    site.routes["/rss"] = answer(rss(*reversed(spelled)), Content_Type="application/rss+xml")
    feed = ask(feed)
    assert [path for path, _headers in site.asked[before:]] == ["/rss"]
    assert feed.last_outcome == "nothing"


def test_what_failed_is_tried_again_later_and_in_the_end_no_more(ask: Ask, site: Site) -> None:
    site.routes["/rss"] = answer(rss(site.url("/late")), Content_Type="application/rss+xml", ETag='"a"')
    feed = ask("/rss")
    for tries in range(2, entries.TRIES + 2):
        FeedEntry.objects.exclude(again_at=None).update(again_at=timezone.now() - dt.timedelta(seconds=1))
        feed = ask(feed)
        assert FeedEntry.objects.get().tries == min(tries, entries.TRIES)
    assert FeedEntry.objects.get().again_at is None
    assert sum(path == "/late" for path, _headers in site.asked) == entries.TRIES


def test_more_pages_than_one_asking_takes_are_left_for_the_next(
    ask: Ask, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MOST_PAGES", 2)
    for n in range(3):
        site.routes[f"/{n}"] = answer(html(check(n)), Content_Type="text/html")
    links = [site.url(f"/{n}") for n in range(3)]
    site.routes["/rss"] = answer(rss(*links), Content_Type="application/rss+xml", ETag='"a"')
    feed = ask("/rss")
    assert "1 pages are still to be fetched" in feed.last_sentence
    assert feed.next_at - feed.last_at == polling.SOON  # type: ignore[operator]
    assert feed.etag == ""
    feed = ask(feed)
    assert (FactCheck.objects.count(), feed.etag) == (3, '"a"')


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(b"[")
    while True:
        handler.wfile.write(b'{"a": "' + b"x" * 60_000 + b'"},')


def lying(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"dataFeedElement": [')
    handler.close_connection = True


BAD: list[tuple[Any, str]] = [
    (endless, "larger than 1 MB"),
    (lying, "broke off"),
    (redirect("/feed", 301), "more than 5 times"),
    (answer(b"<!doctype html><html><body>Please log in</body></html>", Content_Type="text/html"), "no fact check"),
    (answer(b'<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>',
            Content_Type="text/html"), "links a feed"),
    (answer(b"", Content_Type="application/json"), "empty"),
    (answer(b'{"dataFeedElement": ['), "no JSON"),
    (answer(b"Forbidden", 403), "403"),
    (answer(b"Gone fishing", 503), "503"),
    (answer(b"\x89PNG\r\n\x1a\n" + b"\0" * 50), "."),
]  # fmt: skip


@pytest.mark.parametrize(("route", "sentence"), BAD)
def test_a_bad_feed_says_why_waits_longer_and_keeps_what_came(
    route: Any, sentence: str, ask: Ask, site: Site, settings: Any
) -> None:
    settings.BLOB_LIMIT = 1024 * 1024
    site.routes["/feed"] = answer(data_feed(check(1)), ETag='"v1"')
    feed = ask("/feed")
    site.routes["/feed"] = route
    feed = ask(feed)
    assert (feed.last_outcome, feed.failures, feed.taken) == ("failed", 1, 1)
    assert sentence in feed.last_sentence
    assert feed.next_at - feed.last_at == dt.timedelta(hours=1)  # type: ignore[operator]
    feed = ask(feed)
    assert feed.next_at - feed.last_at == dt.timedelta(hours=2)  # type: ignore[operator]
    assert not Job.objects.filter(status="failed").exists()
    site.routes["/feed"] = answer(data_feed(check(1), check(2)))
    feed = ask(feed)
    assert (feed.last_outcome, feed.failures) == ("new", 0)


def test_a_server_that_names_its_time_is_left_alone_until_then(ask: Ask, site: Site) -> None:
    site.routes["/feed"] = answer(b"", 429, Retry_After="7200")
    feed = ask("/feed")
    assert feed.next_at - feed.last_at == dt.timedelta(hours=2)  # type: ignore[operator]


def test_a_feed_that_is_gone_is_paused_with_the_reason(ask: Ask, site: Site) -> None:
    site.routes["/feed"] = answer(b"", 410)
    feed = ask("/feed")
    assert feed.paused
    assert "gone for good" in feed.paused_why


def test_back_off_ends_at_a_day(ask: Ask, site: Site) -> None:
    feed = ask("/none")
    Feed.objects.update(failures=30)
    feed.refresh_from_db()
    feed = ask(feed)
    assert feed.next_at - feed.last_at == dt.timedelta(hours=24)  # type: ignore[operator]


def test_an_api_without_results_is_no_fault(ask: Ask, site: Site) -> None:
    site.routes["/s?query=x"] = answer(b"{}", Content_Type="application/json")
    feed = ask("/s?query=x")
    assert (feed.last_outcome, feed.failures) == ("nothing", 0)


def test_what_is_due_is_queued_once(cast: Cast, ask: Ask, site: Site) -> None:
    site.routes["/feed"] = answer(data_feed(check(1)))
    feed = ask("/feed")
    assert due_feeds() == 0
    later = timezone.now() + dt.timedelta(hours=2)
    assert due_feeds(later) == 1
    due_feeds(later)
    assert Job.objects.filter(kind="poll", status="queued").count() == 1
    Job.objects.filter(status="queued").delete()
    pause_feed(actor=cast.carla, feed=feed)
    assert due_feeds(later) == 0


def test_a_run_that_breaks_does_not_ask_again_at_once(
    ask: Ask, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_arguments: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(polling.partners, "take", broken)
    site.routes["/feed"] = answer(data_feed(check(1)))
    feed = ask("/feed")
    assert feed.next_at > timezone.now() + dt.timedelta(minutes=50)


def test_runs_and_entries_are_kept_within_bounds(
    ask: Ask, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "KEPT_RUNS", 2)
    site.routes["/feed"] = answer(data_feed(check(1)))
    feed = ask("/feed")
    for _n in range(3):
        feed = ask(feed)
    assert FeedRun.objects.filter(feed=feed).count() == 2


def test_a_page_is_looked_at_again_since_partners_correct_there(ask: Ask, site: Site) -> None:
    site.routes["/1"] = answer(html(check(1)), Content_Type="text/html")
    site.routes["/rss"] = answer(rss(site.url("/1")), Content_Type="application/rss+xml", ETag='"a"')
    feed = ask("/rss")
    entry = FeedEntry.objects.get()
    assert entry.again_at is not None
    assert entry.again_at > timezone.now() + dt.timedelta(hours=20)
    corrected = check(
        1, reviewRating={"alternateName": "True"}, claimReviewed="The ferry of Osk carried one person."
    )
    site.routes["/1"] = answer(html(corrected), Content_Type="text/html")
    # The feed has moved on and names another page.
    site.routes["/2"] = answer(html(check(2)), Content_Type="text/html")
    site.routes["/rss"] = answer(rss(site.url("/2")), Content_Type="application/rss+xml", ETag='"b"')
    FeedEntry.objects.update(again_at=timezone.now() - dt.timedelta(seconds=1))
    feed = ask(feed)
    assert feed.last_sentence == "1 new, 1 changed."
    labels = FactCheck.objects.order_by("pk").values_list("claim_text", "rating_label")
    assert list(labels) == [
        ("The ferry of Osk carried one person.", "True"),
        ("The ferry of Osk carried 2 people.", "False"),
    ]


def test_a_large_feed_is_taken_in_over_several_askings(
    ask: Ask, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.routes["/feed"] = answer(data_feed(*(check(n) for n in range(6))), ETag='"a"')
    monkeypatch.setattr(polling, "BUDGET", -1.0)
    feed = ask("/feed")
    assert (feed.taken, feed.etag) == (0, "")
    assert "6 checks are still to be taken in." in feed.last_sentence
    assert feed.next_at - feed.last_at == polling.SOON  # type: ignore[operator]
    monkeypatch.setattr(polling, "BUDGET", 240.0)
    feed = ask(feed)
    assert (feed.taken, feed.etag) == (6, '"a"')


def test_what_is_stored_as_it_came_costs_next_to_nothing(
    ask: Ask, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.routes["/feed"] = answer(data_feed(*(check(n) for n in range(6))))
    feed = ask("/feed")
    monkeypatch.setattr(polling, "BUDGET", -1.0)
    feed = ask(feed)
    assert feed.last_sentence == "6 there already."


def test_json_that_databases_do_not_take_is_stored_as_they_take_it(ask: Ask, site: Site) -> None:
    odd = data_feed(
        check(1, keywords=["a\x00b", "\ud800"], extra={"n": float("nan"), "i": float("inf"), "k\x00": 1})
    )
    site.routes["/feed"] = answer(odd)
    feed = ask("/feed")
    assert (feed.last_outcome, feed.taken) == ("new", 1)
    raw = FactCheck.objects.get().raw
    assert raw is not None
    assert raw["extra"] == {"n": "nan", "i": "inf", "k\ufffd": 1}
    assert ask(feed).last_sentence == "1 there already."
