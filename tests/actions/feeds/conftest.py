"""A server on this machine that feeds ask, and what it tells them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from claims.actions.feeds.managing import add_feed, queue_poll
from claims.models import Feed
from tests.actions.publishing.test_publish import FOREIGN
from tests.net.server import Site, serve
from tests.people import Cast

Ask = Callable[..., Feed]


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    with serve() as running:
        settings.FETCH_ALLOW = [f"127.0.0.1:{running.port}"]
        yield running


@pytest.fixture
def ask(cast: Cast, site: Site, drain: Callable[..., int]) -> Ask:
    """Return how a feed is asked: made of a path where it is new, and read again after it."""

    def run(what: Feed | str, kind: str = "checks", **options: Any) -> Feed:
        if isinstance(what, str):
            feed = add_feed(actor=None, desk=cast.desk, kind=kind, url=site.url(what), **options)
        else:
            feed = what
            queue_poll(feed)
        drain("poll")
        feed.refresh_from_db()
        return feed

    return run


def check(number: int, **changes: Any) -> dict[str, Any]:
    return FOREIGN | {
        "url": f"https://checks.example/{number}",
        "claimReviewed": f"The ferry of Osk carried {number} people.",
        **changes,
    }


def data_feed(*checks: Any) -> bytes:
    rows = [{"@type": "DataFeedItem", "item": [one]} for one in checks]
    return json.dumps({"@type": "DataFeed", "dataFeedElement": rows}).encode()


def rss(*links: str, title: str = "Osk Post", text: str = "") -> bytes:
    items = "".join(
        f"<item><title>Story {n}</title><link>{link}</link><guid>{n}</guid><description>{text}</description></item>"
        for n, link in enumerate(links)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'.encode()


def article(number: int) -> bytes:
    words = " ".join(f"The ferry of Osk number {number} carried {n} people on day {n}." for n in range(40))
    return f"<!doctype html><html><head><title>Ferry {number}</title></head><body><article><h1>Ferry {number}</h1><p>{words}</p></article></body></html>".encode()  # noqa: E501
