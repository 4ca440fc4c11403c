"""Whatever stands in a text: no date is read outside the calendar or backwards, nothing is raised, time stays linear.

The family is made of date words, figures, separators and odd years in any order, read against publication dates in the
middle and at both edges of the calendar.
"""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.language.dates import english as en
from claims.language.dates import read
from claims.language.dates.claimed import read_claimed
from claims.language.dates.model import Calendar, FormRange
from claims.language.dates.places import Place
from claims.language.dates.resolution import Context, place_form
from claims.language.dates.written_day import written_day
from claims.language.partial_dates import PartialDate
from claims.splitting import split
from claims.splitting.unit_dates import resolve_again
from claims.templatetags.date_words import in_words

_YEARS = (
    "0", "00", "0000", "0001", "1", "24", "9999", "9998", "10000", "99999999999999999999", "-44", "1582",
    "1900", "2000", "2024", "2199", "'69", "’00", "0s", "90s", "1990s", "2190s", "9990s", "2024/25", "9999/00",
    "9998-99", "1999-00", "9999-0001", "2199-2200", "2020-02-30", "9999-12-31", "0001-01-01", "2020-13-45",
    "31/31/31", "02/30/2020", "1/1/0001", "31.12.9999", "30.2.2023", "9/11", "24/7", "10:30", "25:61", "1.5",
    "½", "1²", "②", "２０２４", "٢٠٢٤", "२०२४", "𝟑𝟎", "MMXXIV", "29", "30", "31", "32",
)  # fmt: skip
_ENGLISH = (
    "the", "of", "from", "to", "and", "until", "till", "by", "in", "since", "on", "week", "a.m.", "p.m.", "BC",
    "AD", "ago",
    "the 99th century", "1st quarter of 0000", "the fourth quarter of 9999", "22nd century", "the 21st century BC",
    "1 BC", "44 BC", "10000 BC", "February 29", "29 February 1900", "Feb. 30", "31 April", "the 31st of February",
    "February 29-30", "June 30 to the 31st", "from 31 December to 1 January", "December to January", "Friday to Monday",
    "week ending 31 December 9999", "the week of 1 January 0001", "this week", "next week", "the week after next",
    "next winter", "last winter", "winter 9999", "this weekend", "the next decade", "the previous millennium",
    "10000 years ago", "in 9000 years", "9,999,999 days from now", "2500 millennia later", "half a century ago",
    "the day before Easter", "two weeks before January 1", "the fifth Monday of February", "the last day of February",
    "the night of 3 to 4 May", "a year ago this week", "up from 3 percent a year earlier", "the year before",
    "the same period a year earlier", "the first nine months of 0001", "FY9999", "fiscal 0001", "Q4 9999", "H2 9999",
)  # fmt: skip
_GERMAN = (
    "am 29.2.", "am 30.2.2023", "29. Februar 1900", "28. bis 30. Februar", "31. April 2024", "31.12.9999", "1.1.0001",
    "vor 99999 Jahren", "in 9000 Jahren", "vor 9999999999 Tagen", "in drei Millionen Monaten", "vor fünf Jahrhunderten",
    "2. Halbjahr 9999", "4. Quartal 9999", "1. Quartal 0000", "99. Jahrhundert", "9990er Jahre", "Winter 9999/10000",
    "letzten Winter", "nächsten Winter", "nächste Woche", "kommenden Sonntag", "Ostern 9999", "Pfingstmontag", "heuer",
    "in der Nacht zum 1. Januar", "2099 bis 2199", "2001 bis 1999", "Dienstag vergangener Woche", "drei Tage später",
)  # fmt: skip
_WORDS = sorted(
    {*en.MONTHS, *en.WEEKDAYS, *en.UNITS, *en.SEASONS, *en.WHICH, *en.EDGES, *en.ORDINALS, *en.DEICTIC}
)
_HOLIDAYS = [" ".join(words).title() for words in en.HOLIDAYS]
_PIECES = st.one_of(
    st.sampled_from([*_YEARS, *_ENGLISH]),
    st.sampled_from([*_WORDS, *(word.title() for word in _WORDS), *_HOLIDAYS]),
    st.sampled_from(_GERMAN),
    st.integers(-2, 12_000).map(str),
    st.sampled_from(
        ["was closed", "will open", "set for", "postponed until", "down from 4.9 percent in", "said", "."]
    ),
)
_MARKS = st.sampled_from(
    [" ", " ", " ", " ", ", ", "-", "–", "/", ".", ". ", "'s ", "\n", "\n\n", "\u00a0", "\u200b", ""]
)
_TEXTS = st.lists(st.tuples(_PIECES, _MARKS), min_size=1, max_size=9).map(
    lambda rows: "".join(a + b for a, b in rows)
)
_PUBLISHED = st.sampled_from(
    [None, "2020-10-14", "2024-02-29", "2020-10", "2020", "0001-01-01", "0001-12-31", "0001-01", "0001", "0004-02-29",
     "9999-12-31", "9999-12-27", "9999-01-01", "9999-12", "9999"],
)  # fmt: skip
_NOTATION = re.compile(r"\bPT?\d|\bPT?X|XX|W\d\d|T\d\d|\d-\d\d|-[QH]\d|relative|unresolved")


def _lies_on_the_calendar(where: Place) -> None:
    assert (where.first is None) == (where.last is None)
    if where.first is not None and where.last is not None:
        assert where.first <= where.last
    _is_a_value(where.value)


def _is_a_value(value: str) -> None:
    if value not in ("unresolved", "event-relative"):
        assert not _NOTATION.search(in_words(value)), value
        if not value.startswith("-"):
            # What is stored can be read again; a year before Christ has no form that can.
            PartialDate.parse(value)


@settings(max_examples=600, deadline=None)
@given(text=_TEXTS, published=_PUBLISHED, language=st.sampled_from(["en", "en", "de"]))
def test_every_expression_lies_on_the_calendar_and_in_the_text(
    text: str, published: str | None, language: str
) -> None:
    behind = 0
    for one in read(text, published=published, language=language):
        assert behind <= one.expr.start < one.expr.end <= len(text)
        assert one.expr.tail <= len(text)
        behind = one.expr.end
        _lies_on_the_calendar(one.where)
        for start, end, side in one.sides:
            assert one.expr.start <= start < end <= len(text)
            _lies_on_the_calendar(side)
    for one in read_claimed(text, published=published, language=language):
        _lies_on_the_calendar(one.where)


@settings(max_examples=120, deadline=None)
@given(text=_TEXTS, published=_PUBLISHED, later=_PUBLISHED, language=st.sampled_from(["en", "de", None]))
def test_every_unit_keeps_its_dates_on_the_calendar(
    text: str, published: str | None, later: str | None, language: str | None
) -> None:
    said = f"The mayor said the mill was closed {text}. Of the rest, {text} “It fell,” she said."
    result = split(said, published=published, language=language)
    dates = {unit.id: unit.dates for unit in result.units}
    again = resolve_again(said, dates, published=later, language=result.language)
    for rows in (*dates.values(), *again.values()):
        for row in rows:
            assert 0 <= row.start < row.end <= len(said)
            assert bool(row.earliest) == bool(row.latest)
            if row.earliest:
                assert date.fromisoformat(row.earliest) <= date.fromisoformat(row.latest)
            _is_a_value(row.value)


@settings(max_examples=200, deadline=None)
@given(_TEXTS)
def test_no_text_breaks_the_reading_of_one_day(text: str) -> None:
    written_day(text)


@pytest.mark.parametrize(
    ("text", "published", "value"),
    [
        # The calendar begins on a Monday and ends on a Friday.
        ("It was shut this week.", "9999-12-28", "9999-W52"),
        ("It was shut this week.", "0001-01-03", "0001-W01"),
        ("It was shut from 29 February 1900.", "2024-05-08", "1900-02"),
        ("It was shut on Feb. 27-30.", None, "XXXX-02-27/XXXX-02"),
        ("It was shut last winter.", "0004-02-29", "0003-12/0004-02"),
        ("It will shut from 31 December to 1 January.", "9999-12-27", "9999-12-31/XXXX-01-01"),
        ("It stood in 31 BC-2020.", None, "-0030/2020"),
        ("Halloween-1 BC it stood.", "2020-10-14", "2019-10-31"),
        ("It opens at 10:30 a.m. on 3 May 2019.", None, "2019-05-03"),
        ("It opens at 10:30 a.m. 9/11.", None, "2001-09-11"),
    ],
)
def test_odd_places_on_the_calendar(text: str, published: str | None, value: str) -> None:
    assert [one.where.value for one in read(text, published=published)] == [value]


@pytest.mark.parametrize(
    "piece",
    [
        "10:30 a.m. ", "10:30, ", "5 p.m. EST 2024 ", "Monday 16:00 ", "3 to 4 May ", "1999-", "Q1 ",
        "two years ", "May-", "the week of ", "week ending ", "the first half of ", "the day before ", "the end of ",
        "early ", "Weihnachten ",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_list_of_nothing_else_takes_linear_time(piece: str, language: str) -> None:
    def seconds(times: int) -> float:
        begun = time.process_time()
        read_claimed(piece * times, published="2024-05-08", language=language)
        return time.process_time() - begun

    short = max(min(seconds(1_000) for _ in range(3)), 0.01)
    assert min(seconds(4_000) for _ in range(3)) < 10 * short


def test_figures_of_other_signs_are_no_ages() -> None:
    """A circled or raised figure is a digit without being a number."""
    text = "Prices rose, said Maria Holt, 1², and Ida Moe, ②, was asked."
    assert split(text, published="2024-05-08").units


def test_a_capital_of_that_is_no_name() -> None:
    text = "He went back, Of all days, on Monday. “It was closed,” she said Of the hall."
    assert split(text, published="2024-05-08").units


@pytest.mark.parametrize(("first", "last", "value"), [(44, 31, "-0043/-0030"), (31, 44, "-0030")])
def test_years_before_christ_count_down(first: int, last: int, value: str) -> None:
    span = FormRange(Calendar(first, bce=True), Calendar(last, bce=True))
    assert place_form(span, Context()).value == value
