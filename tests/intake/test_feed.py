"""Feeds read from bytes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from claims.intake.feed import read_feed
from claims.intake.language import guess_language
from claims.intake.types import IntakeError, PublishedSource

NOW = datetime(2021, 3, 1, tzinfo=UTC)
RSS = b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Ostra Herald</title>
<link>https://herald.example/</link><language>en-GB</language>
<item><title>Cracks &amp; leaks</title><link>https://herald.example/a?utm_source=rss</link><guid>g1</guid>
<pubDate>Wed, 14 Oct 2020 08:00:00 +0200</pubDate><author>Ana Ruiz</author>
<description>&lt;p&gt;The weir at the lake has two cracks.&lt;/p&gt;
&lt;script&gt;x()&lt;/script&gt;</description></item>
<item><title>Only a title here</title><link>javascript:alert(1)</link>
<pubDate>Wed, 14 Oct 2035 08:00:00 GMT</pubDate></item>
</channel></rss>"""


def test_entries_become_items_with_their_date_and_address() -> None:
    feed = read_feed(RSS, today=NOW)
    assert (feed.title, feed.url, feed.language) == ("Ostra Herald", "https://herald.example/", "en")
    first, second = feed.items
    assert first.url == "https://herald.example/a"
    assert first.extra == {"id": "g1"}
    assert (first.extracted.title, first.extracted.published) == ("Cracks & leaks", "2020-10-14")
    assert first.extracted.published_source is PublishedSource.FEED
    assert first.extracted.text == "The weir at the lake has two cracks."
    assert first.extracted.authors == ("Ana Ruiz",)
    assert (second.url, second.extracted.text) == ("", "Only a title here")
    assert second.extracted.published == ""
    assert "future" in second.extracted.notes[0]


def test_what_is_no_feed_is_refused() -> None:
    for data in (b"<html><body>No feed</body></html>", b"nothing", b"{}"):
        with pytest.raises(IntakeError) as caught:
            read_feed(data, today=NOW)
        assert caught.value.code == "no_items"


def test_a_broken_feed_gives_what_can_be_read() -> None:
    assert len(read_feed(RSS[: RSS.index(b"</channel>")], today=NOW).items) == 2


def test_entities_of_strangers_are_not_resolved() -> None:
    bomb = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>
    <rss version="2.0"><channel><title>t</title><item><title>a&x;b</title></item></channel></rss>"""
    (item,) = read_feed(bomb, today=NOW).items
    assert item.extracted.title in ("ab", "a&x;b", "a b")


def test_a_language_is_guessed_from_enough_words_and_not_from_few() -> None:
    assert guess_language("The dam at the lake was inspected on Monday, officials said.") == "en"
    assert guess_language("Der Damm wurde am Montag geprüft, sagte ein Sprecher der Behörde.") == "de"
    assert guess_language("Плотину осмотрели в понедельник, сообщили чиновники.") == "ru"
    assert guess_language("ok") == ""
    assert guess_language("OK!", declared="de-AT") == "de"
