"""Outlets' feeds: whole articles come into the archive, and nobody splits them until somebody opens one."""

from __future__ import annotations

import pytest

from claims.models import Document, FeedEntry, Job
from tests.actions.feeds.conftest import Ask, article, rss
from tests.net.server import Site, answer
from tests.people import Cast

pytestmark = pytest.mark.django_db
TEXT = "The ferry of Osk was sold to a company of the harbour town on Monday, as the council decided by two votes."


def test_pages_are_fetched_stored_and_not_split(cast: Cast, ask: Ask, site: Site) -> None:
    for n in (1, 2):
        site.routes[f"/{n}"] = answer(article(n), Content_Type="text/html")
    site.routes["/rss"] = answer(rss(site.url("/1"), site.url("/2")), Content_Type="application/rss+xml")
    feed = ask("/rss", "articles")
    assert (feed.title, feed.last_sentence, feed.taken) == ("Osk Post", "2 new.", 2)
    assert Document.objects.filter(archive__desk=cast.desk).count() == 2
    assert not Job.objects.filter(kind="analyse").exists()
    assert "carried 39 people" in Document.objects.order_by("pk")[0].captures.get().text
    entry = FeedEntry.objects.order_by("pk")[0]
    assert entry.document is not None
    feed = ask(feed)
    assert feed.last_outcome == "nothing"
    assert sum(path == "/1" for path, _headers in site.asked) == 1


def test_a_page_that_is_refused_leaves_the_feeds_own_words_with_a_note(ask: Ask, site: Site) -> None:
    site.routes["/wall"] = answer(b"Pay", 403)
    site.routes["/rss"] = answer(rss(site.url("/wall"), text=TEXT), Content_Type="application/rss+xml")
    feed = ask("/rss", "articles")
    assert feed.last_sentence == "1 new."
    capture = Document.objects.get().captures.get()
    assert capture.text == TEXT
    assert any("Only what the feed says" in note and "403" in note for note in capture.notes)


def test_a_headline_alone_is_no_article(ask: Ask, site: Site) -> None:
    site.routes["/wall"] = answer(b"Pay", 403)
    site.routes["/rss"] = answer(rss(site.url("/wall"), ""), Content_Type="application/rss+xml")
    feed = ask("/rss", "articles")
    assert feed.last_sentence == "1 refused, 1 passed over."
    assert not Document.objects.exists()
    assert sorted(FeedEntry.objects.values_list("outcome", flat=True)) == ["empty", "failed"]


def test_without_following_only_its_words_are_taken(ask: Ask, site: Site) -> None:
    site.routes["/rss"] = answer(rss(site.url("/1"), text=TEXT), Content_Type="application/rss+xml")
    ask("/rss", "articles", follow=False)
    assert Document.objects.get().captures.get().text == TEXT
    assert [path for path, _headers in site.asked] == ["/rss"]


def test_a_page_instead_of_a_feed_names_the_feeds_it_links(ask: Ask, site: Site) -> None:
    page = b'<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>'
    site.routes["/"] = answer(page, Content_Type="text/html")
    feed = ask("/", "articles")
    assert feed.last_outcome == "failed"
    assert site.url("/rss") in feed.last_sentence


def test_a_fault_of_the_site_is_waited_for(ask: Ask, site: Site) -> None:
    site.routes["/1"] = answer(b"", 503)
    site.routes["/rss"] = answer(rss(site.url("/1"), text=TEXT), Content_Type="application/rss+xml")
    ask("/rss", "articles")
    entry = FeedEntry.objects.get()
    assert (entry.outcome, entry.again_at is not None) == ("failed", True)
    assert not Document.objects.exists()
