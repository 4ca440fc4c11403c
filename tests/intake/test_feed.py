"""Feeds read from bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from claims.intake.feed import read_feed
from claims.intake.language import guess_language
from claims.intake.types import IntakeError, PublishedSource
from claims.intake.upload import read_upload

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


HERALD = '<source url="https://herald.example/">Herald</source>'
HERALDS = '<link href="https://herald.example/"/>'


def rss(*items: str, head: str = "<link>https://quay.example/</link>", attributes: str = "") -> bytes:
    entries = "".join(
        f"<item><title>Weir leaks</title><description>The weir leaks.</description>{one}</item>"
        for one in items
    )
    space = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
    return (
        f'<?xml version="1.0"?><rss version="2.0" {space} {attributes}><channel><title>Quay</title>{head}'
        f"{entries}</channel></rss>"
    ).encode()


def atom(*entries: str, head: str = '<link href="https://quay.example/"/>') -> bytes:
    rows = "".join(
        f"<entry><title>Weir leaks</title><summary>The weir leaks.</summary>{one}</entry>" for one in entries
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Quay</title>{head}{rows}</feed>'.encode()


def json_feed(*items: dict[str, object], **head: object) -> bytes:
    rows = [{"id": str(n), "content_text": "The weir leaks.", **one} for n, one in enumerate(items)]
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Quay", **head, "items": rows}
    ).encode()


@pytest.mark.parametrize(
    "data",
    [
        rss("<pubDate>Tue, 13 Oct 2020 21:30:00 -0500</pubDate>"),
        rss("<pubDate>Tue, 13 Oct 2020 21:30:00 EST</pubDate>"),
        rss("<dc:date>2020-10-13T21:30:00-05:00</dc:date>"),
        atom("<published>2020-10-13T21:30:00-05:00</published><updated>2020-10-16T10:00:00Z</updated>"),
        json_feed({"date_published": "2020-10-13T21:30:00-05:00", "date_modified": "2020-10-16T10:00:00Z"}),
        # In UTC, and the feed shows its zone by other times or by its addresses.
        rss(
            "<pubDate>Wed, 14 Oct 2020 02:30:00 GMT</pubDate>",
            "<pubDate>Mon, 12 Oct 2020 21:30:00 -0500</pubDate>",
        ),
        rss(
            "<link>https://quay.example/2020/10/13/weir</link><pubDate>Wed, 14 Oct 2020 02:30:00 +0000</pubDate>"
        ),
        atom("<published>2020-10-14T02:30:00Z</published><updated>2020-10-16T10:00:00-05:00</updated>"),
    ],
)
def test_the_day_of_an_entry_is_the_publishers(data: bytes) -> None:
    assert read_feed(data, today=NOW).items[0].extracted.published == "2020-10-13"


def test_a_moment_in_utc_keeps_its_day_where_nothing_says_otherwise() -> None:
    data = rss("<pubDate>Wed, 14 Oct 2020 02:30:00 GMT</pubDate>")
    assert read_feed(data, today=NOW).items[0].extracted.published == "2020-10-14"


@pytest.mark.parametrize(
    "data",
    [
        atom("<updated>2020-10-16T10:00:00Z</updated>"),
        json_feed({"date_modified": "2020-10-16T10:00:00Z"}),
        rss("<atom:updated>2020-10-16T10:00:00Z</atom:updated>"),
    ],
)
def test_the_time_of_the_last_change_is_no_publication(data: bytes) -> None:
    (item,) = read_feed(data, today=NOW).items
    assert (item.extracted.published, item.extracted.published_source) == ("", PublishedSource.UNKNOWN)
    assert "last changed (2020-10-16)" in item.extracted.notes[0]


@pytest.mark.parametrize(
    ("data", "url", "link"),
    [
        (rss("<link>/news/a</link>"), "", "https://quay.example/news/a"),
        (rss("<link>news/a</link>"), "https://feeds.example/quay.xml", "https://quay.example/news/a"),
        (rss("<link>/news/a</link>", head=""), "https://quay.example/rss", "https://quay.example/news/a"),
        (
            rss("<link>a?utm_source=rss</link>", head="<link>/</link>"),
            "https://quay.example/x/rss",
            "https://quay.example/a",
        ),
        (rss("<link>//quay.example/a</link>"), "", "https://quay.example/a"),
        (
            rss("<link>a</link>", attributes='xml:base="https://base.example/x/"'),
            "",
            "https://base.example/x/a",
        ),
        (atom('<link href="../a"/>'), "https://quay.example/feeds/atom", "https://quay.example/a"),
        (atom('<link href="/a"/>'), "", "https://quay.example/a"),
        (json_feed({"url": "/a"}, home_page_url="https://quay.example/"), "", "https://quay.example/a"),
        (
            json_feed({"url": "a"}, feed_url="https://quay.example/f/feed.json"),
            "",
            "https://quay.example/f/a",
        ),
        (json_feed({"id": "https://quay.example/a"}), "", "https://quay.example/a"),
        (rss("<link>/news/a</link>", head=""), "", ""),
    ],
)
def test_relative_addresses_are_resolved(data: bytes, url: str, link: str) -> None:
    (item,) = read_feed(data, url=url, today=NOW).items
    assert (item.url, item.extracted.canonical_url) == (link, link)


@pytest.mark.parametrize(
    ("data", "outlet", "site"),
    [
        (rss(f"<link>https://news.example/1</link>{HERALD}"), "Herald", "https://herald.example/"),
        (rss(f"<link>https://www.herald.example/1</link>{HERALD}"), "Herald", None),
        (rss("<dc:source>Herald</dc:source>"), "Herald", ""),
        (rss("<author>Ana Ruiz, via Herald</author>"), "Herald", ""),
        (rss("<author>Associated Press via Quay</author>"), "Associated Press", ""),
        (atom(f"<source><title>Herald</title>{HERALDS}</source>"), "Herald", "https://herald.example/"),
        (
            atom('<link rel="via" href="https://herald.example/" title="Herald"/>'),
            "Herald",
            "https://herald.example/",
        ),
        (
            atom('<link rel="via" href="https://herald.example/"/>'),
            "herald.example",
            "https://herald.example/",
        ),
        (rss("<link>https://quay.example/1</link>"), "", None),
        (rss("<author>Olivia Vialli</author>"), "", None),
    ],
)
def test_an_aggregated_entry_belongs_to_the_outlet_it_names(
    data: bytes, outlet: str, site: str | None
) -> None:
    (item,) = read_feed(data, today=NOW).items
    assert (item.outlet, item.extracted.site, item.extracted.outlet_url) == (outlet, outlet, site)


def test_the_outlets_name_leaves_the_title() -> None:
    source = '<source url="https://herald.example">Herald</source>'
    data = rss(source).replace(b"Weir leaks<", b"Weir leaks - Herald<")
    assert read_feed(data, today=NOW).items[0].extracted.title == "Weir leaks"
    data = rss("").replace(b"Weir leaks<", b"Weir leaks (via Herald)<")
    (item,) = read_feed(data, today=NOW).items
    assert (item.extracted.title, item.outlet) == ("Weir leaks", "Herald")


def test_a_json_feed_gives_texts_authors_and_language() -> None:
    first, second, third = read_feed(
        json_feed(
            {
                "content_html": "<p>The weir <b>leaks</b>.</p>",
                "content_text": "",
                "authors": [{"name": "Ana Ruiz"}],
            },
            {"content_text": "Water < air.", "author": {"name": "Ben Ito"}, "language": "de-AT"},
            {"content_text": "", "title": "Only a title"},
            language="en-GB",
            authors=[{"name": "Desk"}],
        ),
        today=NOW,
    ).items
    assert [one.extracted.text for one in (first, second, third)] == [
        "The weir leaks.",
        "Water < air.",
        "Only a title",
    ]
    assert [one.extracted.authors for one in (first, second, third)] == [
        ("Ana Ruiz",),
        ("Ben Ito",),
        ("Desk",),
    ]
    assert [one.extracted.language for one in (first, second, third)] == ["en", "de", "en"]
    assert first.extra == {"id": "0"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "no_items"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "no_items"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', "broken"),
    ],
)
def test_a_json_feed_without_entries_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(IntakeError) as caught:
        read_feed(data, today=NOW)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("feed.json", json_feed({"url": "https://quay.example/a"})),
        ("export", json_feed({"url": "https://quay.example/a"})),
        ("feed.xml", rss("<link>https://quay.example/a</link>")),
        ("feed.rss", rss("<link>/a</link>")),
        ("download", atom('<link href="/a"/>')),
    ],
)
def test_a_feed_can_be_uploaded_as_a_file(name: str, data: bytes) -> None:
    (item,) = read_upload(name, data, today=NOW.date()).items
    assert (item.source, item.url, item.extracted.text) == (
        "feed",
        "https://quay.example/a",
        "The weir leaks.",
    )


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Di, 03 Mär 2026 21:30:00 +0100", "2026-03-03"),
        ("3 mars 2026", "2026-03-03"),
        ("13/3/2026", "2026-03-13"),
        ("2026年3月3日", "2026-03-03"),
        ("3/4/2026", ""),
    ],
)
def test_the_day_of_an_entry_in_words_of_other_languages(written: str, day: str) -> None:
    source = (
        f"<rss version='2.0'><channel><item><title>A</title><link>https://quay.example/a</link><pubDate>{written}</pubDate>"
        "<description>The harbour lost 300 boats.</description></item></channel></rss>"
    )
    [item] = read_feed(source.encode(), today=datetime(2026, 11, 29, tzinfo=UTC)).items
    assert item.extracted.published == day


def test_the_address_behind_a_counting_service_and_a_title_without_markup() -> None:
    source = (
        '<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>'
        "<title>A &lt;b&gt;bold&lt;/b&gt; plan, 3 &lt; 4</title><link>https://feeds.feedburner.com/~r/x/1</link>"
        "<feedburner:origLink>https://quay.example/a</feedburner:origLink>"
        "<description>The harbour lost 300 boats.</description></item></channel></rss>"
    )
    [item] = read_feed(source.encode()).items
    assert item.url == "https://quay.example/a"
    assert item.extracted.title == "A bold plan, 3 < 4"
