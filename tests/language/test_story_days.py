"""Words count from the day of their dateline or of their entry, where these fit the day of publication."""

from __future__ import annotations

import pytest

from claims.language.blocks import blocks
from claims.language.dates import read
from claims.language.dates.story_days import StoryDays

REPORT = "The firm today closed two plants."


def today_in(text: str, published: str | None) -> list[str]:
    return [
        one.where.value
        for one in read(text, published=published)
        if text[one.expr.start :].startswith("today")
    ]


RELEASES = [
    ("ZURICH, April 4, 2024 /PRNewswire/ -- ", "ZURICH", "PRNewswire"),
    ("ZURICH, Switzerland, April 04, 2024 (GLOBE NEWSWIRE) -- ", "ZURICH, Switzerland", "GLOBE NEWSWIRE"),
    ("ZURICH, April 4, 2024--(BUSINESS WIRE)--", "ZURICH", "BUSINESS WIRE"),
    ("SAN JOSE, Calif., Apr. 4, 2024 /CNW/ - ", "SAN JOSE, Calif", "CNW"),
    ("NEW YORK and ZURICH, April 4, 2024 /PRNewswire/ -- ", "NEW YORK and ZURICH", "PRNewswire"),
    ("Zurich, Switzerland – April 4, 2024 – ", "Zurich, Switzerland", ""),
    ("ZURICH – Thursday, April 4, 2024 – ", "ZURICH", ""),
    ("ZURICH (April 4, 2024) – ", "ZURICH", ""),
    ("(Zurich, April 4, 2024) ", "Zurich", ""),
    ("April 4, 2024 – ZURICH – ", "ZURICH", ""),
    ("April 4, 2024, Zurich – ", "Zurich", ""),
    ("ZURICH, April 4, 2024 | ", "ZURICH", ""),
    ("ZURICH, April 4, 2024 – (ACN Newswire) – ", "ZURICH", "ACN Newswire"),
    ("WINTERTHUR, Switzerland, 04 April 2024: ", "WINTERTHUR, Switzerland", ""),
    ("ZURICH, 2024-04-04 / 09:00 CET -- ", "ZURICH", ""),
]


@pytest.mark.parametrize(("line", "place", "agency"), RELEASES)
@pytest.mark.parametrize("published", ["2024-05-08", None, "2024"])
def test_a_release_gives_place_and_day_and_counts_from_it(
    line: str, place: str, agency: str, published: str | None
) -> None:
    text = f"Two plants closed\n\n{line}{REPORT}\n\nThe workers were told today."
    block = blocks(text)[1]
    assert block.dateline is not None
    assert (block.dateline.place, block.dateline.agency) == (place, agency)
    assert text[block.body : block.end] == REPORT
    assert today_in(text, published) == ["2024-04-04", "2024-04-04"]


@pytest.mark.parametrize(
    "line",
    [
        "Zurich, April 4, 2024: a day to remember. ",
        "Paris, London and Rome – April 4, 2024 was a bad day – ",
        "On April 4, 2024, Zurich – the city – voted. ",
        "NATO – the alliance – said on April 4, 2024: ",
    ],
)
def test_what_only_names_a_day_is_no_dateline(line: str) -> None:
    (block,) = blocks(line + REPORT)
    assert block.dateline is None
    assert today_in(line + REPORT, "2024-05-08") == ["2024-05-08"]


@pytest.mark.parametrize(
    ("line", "published", "day"),
    [
        ("KORREN, Sept 3 (Meridian) — ", "2024-09-04", "2024-09-03"),
        ("KORREN, Dec. 31 (Meridian) — ", "2025-01-01", "2024-12-31"),
        # Too long ago for a report of the day, and longer than a release waits.
        ("KORREN, Sept 3 (Meridian) — ", "2024-12-04", "2024-12-04"),
        ("ZURICH, April 4, 2019 /PRNewswire/ -- ", "2024-05-08", "2024-05-08"),
        # Not yet.
        ("ZURICH, June 4, 2024 /PRNewswire/ -- ", "2024-05-08", "2024-05-08"),
        ("KORREN (Meridian News Agency) – ", "2024-05-08", "2024-05-08"),
    ],
)
def test_a_dateline_counts_where_it_fits_the_publication(line: str, published: str, day: str) -> None:
    assert today_in(line + REPORT, published) == [day]


def test_a_release_whose_day_stands_on_a_line_of_its_own_counts_from_it() -> None:
    text = f"FOR IMMEDIATE RELEASE\n\nApril 4, 2024\n\n{REPORT}"
    assert today_in(text, "2024-05-08") == ["2024-04-04"]
    assert today_in(text.replace("FOR IMMEDIATE RELEASE", "Two plants"), "2024-05-08") == ["2024-05-08"]


def test_several_datelines_each_hold_until_the_next() -> None:
    text = f"KORREN, Sept 3 (Meridian) — {REPORT}\n\nLENNA, Sept 2 (Meridian) — {REPORT}"
    assert today_in(text, "2024-09-04") == ["2024-09-03", "2024-09-02"]


def test_entries_of_a_live_page_count_from_their_own_day() -> None:
    text = (
        f"Plants close\n\nMarch 4, 2026, 9:10 a.m.\n\n{REPORT}\n\n3 March 2026, 21:25 GMT\n\n{REPORT}\n\n"
        f"Mon 2 March 2026 18.05\n\n{REPORT}"
    )
    assert today_in(text, "2026-03-04") == ["2026-03-04", "2026-03-03", "2026-03-02"]


def test_one_line_with_day_and_time_is_the_pages_own() -> None:
    text = f"Plants close\n\nMarch 3, 2026, 9:10 a.m.\n\n{REPORT}"
    assert today_in(text, "2026-03-04") == ["2026-03-04"]


def test_hostile_heads_are_looked_at_in_time() -> None:
    for text in (
        "A, " * 30_000,
        "ZURICH, " * 12_000 + "April 4, 2024 -- x",
        "Aa Bb/" * 15_000,
        "1/1/2024\n" * 10_000,
    ):
        assert StoryDays(text, "2024-05-08").at(len(text)) is not None
