"""A length of time dates a claim or only measures a thing; vague words count where they still say when."""

from __future__ import annotations

import pytest

from claims.splitting.unit_dates import Datable, attach
from claims.vocabulary import Checkable


def dated(text: str, published: str = "2024-11-20") -> list[tuple[str, str]]:
    """Return what dates a claim that is the whole text."""
    claim = Datable(1, 0, len(text), Checkable.FACT)
    return [(one.expr, one.value) for one in attach(text, [claim], published=published)[1]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The king declared three days of mourning", [("three days", "P3D")]),
        ("The vote followed six hours of debate", [("six hours", "PT6H")]),
        ("They left after nine hours of talks", [("nine hours", "PT9H")]),
        ("It is an answer to nearly two decades of conflict", [("nearly two decades", "P20Y")]),
        ("After weeks of protests he resigned", [("weeks", "unresolved")]),
        ("He denied it throughout the eleven-week trial", [("eleven-week", "P11W")]),
        ("They retook the town after a two-month occupation", [("two-month", "P2M")]),
        ("The pact ended a 20-year war", [("20-year", "P20Y")]),
        ("The firm held her for twelve years aboard a ship", [("twelve years", "P12Y")]),
        ("The sect imprisoned her for twelve years", [("twelve years", "P12Y")]),
        ("A lorry stood there for two nights running", [("two nights running", "P2D")]),
        ("She won three nights in a row", [("three nights in a row", "P3D")]),
        ("They met on three consecutive evenings", [("three consecutive evenings", "P3D")]),
        ("All of it was counted in a single week", [("a single week", "P1W")]),
        ("It is a 2000 year old tradition", [("2000 year", "P2000Y")]),
        ("They closed a 40-year-old bridge", [("40-year", "P40Y")]),
        ("After an eight-hour siege they left", [("eight-hour", "PT8H")]),
        ("Calvo chaired the 17-hour meeting", [("17-hour", "PT17H")]),
        ("They shot 12 people in a 30-minute shooting spree", [("30-minute", "PT30M")]),
        ("Lund may have peaked too soon in Basel", []),
        ("Ministers spent 14 hours on the text", [("14 hours", "PT14H")]),
        ("It was shut for two-and-a-half years", [("two-and-a-half years", "P2Y6M")]),
        ("It was shut for a full year", [("a full year", "P1Y")]),
        ("He was out within minutes", [("minutes", "unresolved")]),
        ("He held the post for two months before he left", [("two months", "P2M")]),
        ("In the two years since 2019 rents rose", [("the two years", "P2Y"), ("2019", "2019")]),
    ],
)
def test_what_lasts_dates_a_claim(text: str, wanted: list[tuple[str, str]]) -> None:
    assert dated(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "They seized two hours of film",
        "She has six weeks of leave",
        "He has ten years of experience",
        "A 10-year-old boy drowned",
        "The 45-year-old was held",
        "The lake is 11 years old",
        "It turns on the 12 year cycle of the pig",
        "The ten-year bond fell",
        "The court imprisoned her for twelve years",
        "They were imprisoned for two years",
        "He left after a ten-year ban",
        "They may need 40 hours of training",
        "It was an eight-hour film",
        "It opened two years behind schedule",
    ],
)
def test_what_only_measures_dates_nothing(text: str) -> None:
    assert dated(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("After 23 minutes the lead changed", [("23 minutes", "event-relative")]),
        ("After nearly half an hour the pump failed", [("nearly half an hour", "event-relative")]),
        ("He scored after just 40 seconds", [("40 seconds", "event-relative")]),
        (
            "In the two years since Reed won rents rose",
            [("the two years since Reed won rents", "event-relative")],
        ),
        ("In the two years that followed rents rose", [("the two years that followed", "event-relative")]),
        ("Six months on from the vote nothing has changed", [("Six months on", "event-relative")]),
        (
            "The parts came four months in advance of the contest",
            [("four months in advance of the contest", "event-relative")],
        ),
        ("It came a week ahead of the vote", [("a week ahead of the vote", "event-relative")]),
    ],
)
def test_a_distance_from_an_event_is_no_length(text: str, wanted: list[tuple[str, str]]) -> None:
    assert dated(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "The camp will soon close",
        "It could be shut soon",
        "The council will decide in due course",
        "He hopes for more in the coming games",
        "Nobody had a car in my father's day",
        "It was shut not long ago",
        "The law is a generation ago",
        "He sold it the other day",
        "They want an answer in a matter of weeks",
        "For a long time the town had no mill",
        "At one point they had 40 boats",
    ],
)
def test_vague_words_that_say_when_are_not_resolved(text: str) -> None:
    assert [value for _, value in dated(text)] == ["unresolved"]


@pytest.mark.parametrize(
    "text",
    [
        "They soon dropped the plan",
        "She met her future husband",
        "The mill is now shut",
        "He left as soon as he could",
    ],
)
def test_other_vague_words_say_nothing(text: str) -> None:
    assert dated(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Today the council voted", 1),
        ("The ministry today rejects the plan", 1),
        ("Today the council is voting on it", 1),
        ("Today’s vote was close", 1),
        ("The hall opens today", 1),
        ("Today half of them rent", 0),
        ("Today, about 40 people live there", 0),
        ("Children today know less", 0),
        ("It hardly matters today", 0),
    ],
)
def test_today_is_a_day_or_nowadays(text: str, wanted: int) -> None:
    assert len(dated(text)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("He drives there every Tuesday and Thursday", []),
        ("He drives there every Monday, Tuesday and Thursday", []),
        ("Nobody uses the road in the middle of the day", []),
        ("By the end of the day Saturday it was shut", [("Saturday", "2024-11-16")]),
        ("Yields grew over 2000 - 2050", [("2000 - 2050", "2000/2050")]),
        ("Yields grew over 2000-2010", [("2000-2010", "2000/2010")]),
        ("More than 2000 people came", []),
        ("It opened no later than 2012", [("2012", "2012")]),
        ("It opened around 2012", [("around 2012", "2012")]),
        ("It was free from 2012 onwards", [("2012", "2012")]),
        ("Many 2016 candidates spoke", [("2016", "2016")]),
        ("He wrote around 2000, she said", []),
        ("On a single day in May 40 people came", [("May", "2024-05")]),
        ("He ruled it out earlier in the week", [("earlier in the week", "2024-W47")]),
        ("It opens later in the year", [("later in the year", "2024")]),
        ("Households will not feel it before spring", [("spring", "2025-03/2025-05")]),
        ("It will be done by the summer", [("the summer", "2025-06/2025-08")]),
        ("It was done after winter", [("winter", "2023-12/2024-02")]),
        ("It will be settled before the summer recess", [("before the summer recess", "event-relative")]),
        ("Ships are lifted by spring tides", []),
    ],
)
def test_habits_spans_and_parts_of_a_time(text: str, wanted: list[tuple[str, str]]) -> None:
    assert dated(text) == wanted


def test_today_behind_and_is_nowadays() -> None:
    text = "The council sends guards, and, today, about 100,000 soldiers are deployed to many places"
    assert dated(text) == []
    assert dated("On Monday he spoke, and, today, the council voted") != []
