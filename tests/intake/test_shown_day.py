"""The day of a document is the day its readers saw, not the day it was in UTC, and never that of a change."""

from __future__ import annotations

from datetime import date

import pytest

from claims.intake.html import extract
from claims.intake.shown_day import DaySign, read_stamp, seen_day, zone_in
from claims.intake.types import Extracted, PublishedSource

TODAY = date(2026, 3, 20)
PARAGRAPHS = "".join(
    f"<p>Item {n} of the harbour plan will cost the town {n} million crowns, the port office said.</p>"
    for n in range(3, 9)
)


def read(
    head: str = "", byline: str = "", url: str = "https://quay.example/news/a", strip: str = ""
) -> Extracted:
    page = (
        f'<!doctype html><html lang="en"><head><title>Harbour plan</title>{head}</head><body>{strip}'
        f"<article><h1>Harbour plan</h1>{byline}{PARAGRAPHS}</article></body></html>"
    )
    return extract(page.encode(), url, today=TODAY)


def linked(**dates: str) -> str:
    fields = "".join(f',"{name}":"{value}"' for name, value in dates.items())
    return f'<script type="application/ld+json">{{"@type":"NewsArticle"{fields}}}</script>'


LATE = linked(datePublished="2026-03-04T02:25:54Z")


@pytest.mark.parametrize(
    ("head", "byline", "url"),
    [
        (LATE, '<p class="byline">By Ann Berg | March 3, 2026 at 9:25 p.m. EST</p>', ""),
        (LATE, '<span class="date">3 March 2026</span>', ""),
        (LATE, "<p>By Ann Berg | March 3, 2026 at 9:25 p.m. EST</p>", ""),
        (LATE, "<div>Tuesday, 3 March 2026, 21:25</div>", ""),
        (LATE, '<div class="published">3/3/2026, 9:25 PM</div>', ""),
        (LATE, '<time datetime="2026-03-04T02:25:54Z">Tue., Mar. 3</time>', ""),
        (LATE, '<p class="meta">Posted March 3, 2026 | Updated March 4, 2026</p>', ""),
        (LATE, '<p class="meta">Updated March 4, 2026. Published March 3, 2026</p>', ""),
        (LATE, "", "https://quay.example/2026/03/03/harbour"),
        (LATE + '<meta property="article:published_time" content="2026-03-03T21:25:54-05:00">', "", ""),
        (LATE + '<meta property="article:modified_time" content="2026-03-05T11:00:00-05:00">', "", ""),
        (linked(datePublished="2026-03-04T02:25:54+00:00", dateModified="2026-03-05T11:00:00-08:00"), "", ""),
        (LATE, '<p class="byline">By Ann Berg, 9:25 p.m. ET</p>', ""),
        ('<meta name="date" content="2026-03-04 02:25:54 UTC">', '<p class="date">3. März 2026</p>', ""),
        (
            '<meta name="pubdate" content="Wed, 04 Mar 2026 02:25:54 GMT">',
            '<p class="date">3 mars 2026</p>',
            "",
        ),
        (
            linked(datePublished="2026-03-02T22:10:00Z"),
            '<p class="date">Tuesday 3 March 2026, 9.10am AEDT</p>',
            "",
        ),
        (linked(datePublished="2026-03-03T21:25:54-05:00"), '<p class="date">4 March 2026</p>', ""),
        ("", '<header><time datetime="2026-03-04T02:25:54Z">March 3, 2026</time></header>', ""),
    ],
)
def test_a_moment_in_utc_is_the_day_the_page_shows(head: str, byline: str, url: str) -> None:
    got = read(head, byline, url or "https://quay.example/news/a")
    assert got.published == "2026-03-03"


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        (LATE, ""),
        (LATE, '<p class="byline">By Ann Berg | March 4, 2026</p>'),
        (LATE, '<p class="byline">By Ann Berg | March 4, 2026 2:25 GMT</p>'),
        (LATE, "<p>By March 3, 2026, the town had paid. It said so.</p>"),
        (LATE, "<p>On 3 March 2026 the town voted, the port office said, and nobody was there.</p>"),
        # Two days off is no other reading of the same moment.
        (LATE, '<p class="date">2 March 2026</p>'),
        # It cannot have been the day after anywhere.
        (LATE, '<p class="date">5 March 2026</p>'),
        (LATE, '<p class="date">Updated 3 March 2026</p>'),
        (linked(datePublished="2026-03-04T15:00:00Z"), '<p class="date">3 March 2026</p>'),
        # Midnight sharp is a mere day.
        (linked(datePublished="2026-03-04T00:00:00Z", dateModified="2026-03-05T11:00:00-05:00"), ""),
        (linked(datePublished="2026-03-04T02:25:54"), '<p class="date">3 March 2026</p>'),
    ],
)
def test_without_another_sign_the_written_day_stays(head: str, byline: str) -> None:
    assert read(head, byline).published == "2026-03-04"


def test_the_strip_that_shows_todays_date_is_not_the_articles() -> None:
    got = read(
        LATE,
        '<p class="byline">March 3, 2026</p>',
        strip='<header><p class="date">March 4, 2026</p></header>',
    )
    assert got.published == "2026-03-03"


def test_a_day_taken_from_elsewhere_is_told_with_its_evidence() -> None:
    got = read(LATE, '<p class="byline">By Ann Berg | March 3, 2026</p>')
    assert got.published_source is PublishedSource.STRUCTURED
    assert "the day shown on the page" in got.published_evidence
    assert "in UTC" in got.notes[0]
    assert "2026-03-04" in got.notes[0]


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        ('<meta property="article:modified_time" content="2026-03-05T11:00:00+01:00">', ""),
        ('<meta property="og:updated_time" content="2026-03-05">', ""),
        ('<meta name="last-modified" content="2026-03-05">', ""),
        ('<meta http-equiv="last-modified" content="Thu, 05 Mar 2026 10:00:00 GMT">', ""),
        (linked(dateModified="2026-03-05T11:00:00+01:00"), ""),
        ("", '<p class="date">Last updated: 5 March 2026</p>'),
        ("", '<time itemprop="dateModified" datetime="2026-03-05">5 March 2026</time>'),
        ("", '<header>Updated <time datetime="2026-03-05T10:00:00+01:00">5 March</time></header>'),
        ("", '<div class="modified-date">2026-03-05</div>'),
        ("", '<p class="date">Zuletzt aktualisiert am 5. März 2026</p>'),
    ],
)
def test_the_day_of_the_last_change_is_never_the_day_of_publication(head: str, byline: str) -> None:
    got = read(head, byline)
    assert (got.published, got.published_source) == ("", PublishedSource.UNKNOWN)


def test_beside_the_last_change_the_day_of_publication_is_found() -> None:
    got = read("", '<p class="date">Published 2 March 2026. Updated 5 March 2026</p>')
    assert got.published == "2026-03-02"
    header = (
        '<header>Updated <time datetime="2026-03-05">5 March</time>, '
        '<b>Posted</b> <time datetime="2026-03-02">2 March</time></header>'
    )
    assert read("", header).published == "2026-03-02"


@pytest.mark.parametrize(
    ("written", "day", "minutes", "offset"),
    [
        ("Tue, 03 Mar 2026 21:30:00 -0500", "2026-03-03", 21 * 60 + 30, -300),
        ("Tue, 03 Mar 2026 21:30:00 EST", "2026-03-03", 21 * 60 + 30, -300),
        ("Tue, 03 Mar 2026 21:30:00 AEDT", "2026-03-03", 21 * 60 + 30, 660),
        ("3 Mar 2026 21:30:00 GMT", "2026-03-03", 21 * 60 + 30, 0),
        ("2026-03-03T21:30:00.123Z", "2026-03-03", 21 * 60 + 30, 0),
        ("2026-03-03 21:30:00 +0100", "2026-03-03", 21 * 60 + 30, 60),
        ("2026/3/3", "2026-03-03", None, None),
        ("20260303", "2026-03-03", None, None),
        ("20260303T213000Z", "2026-03-03", 21 * 60 + 30, 0),
        ("Tue, 03 Mar 2026", "2026-03-03", None, None),
    ],
)
def test_days_are_read_as_feeds_and_pages_write_them(
    written: str, day: str, minutes: int | None, offset: int | None
) -> None:
    stamp = read_stamp(written)
    assert stamp is not None
    assert (stamp.day.isoformat(), stamp.minutes, stamp.offset) == (day, minutes, offset)


@pytest.mark.parametrize(
    "written", ["", "soon", "2026-13-01", "2026-02-30", "2026", "99 Foo 2026", "20269999"]
)
def test_what_is_no_day_is_none(written: str) -> None:
    assert read_stamp(written) is None


def test_the_first_sign_that_fits_decides() -> None:
    stamp = read_stamp("2026-03-04T02:25:54Z")
    assert stamp is not None
    shown = [DaySign("far", days=(date(2026, 3, 9),)), DaySign("byline", days=(date(2026, 3, 3),))]
    assert seen_day(stamp, shown) == (date(2026, 3, 3), "byline")
    assert seen_day(stamp, []) == (date(2026, 3, 4), "")


def test_zones_follow_the_season_where_their_name_leaves_it_open() -> None:
    assert zone_in("9:25 p.m. ET", date(2026, 3, 3)) == -300
    assert zone_in("9:25 p.m. ET", date(2026, 7, 3)) == -240
    assert zone_in("the IT EST.", date(2026, 7, 3)) is None
