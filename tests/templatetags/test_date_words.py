"""Pages say dates, intervals and lengths of time in words, never in the notation of the data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.language.dates import read
from claims.templatetags.date_words import in_words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2020", "2020"),
        ("2020-10", "October 2020"),
        ("2020-10-14", "14 October 2020"),
        ("XXXX-10-10", "10 October, year not known"),
        ("XXXX-02-29", "29 February, year not known"),
        ("XXXX-10", "October, year not known"),
        ("XXXX-Q3", "third quarter, year not known"),
        ("2019-Q3", "third quarter of 2019"),
        ("2019-H1", "first half of 2019"),
        ("2019-W47", "week of 18 November 2019"),
        ("P1Y", "1 year"),
        ("P2500Y", "2,500 years"),
        ("P1.5Y", "1.5 years"),
        ("P2W", "2 weeks"),
        ("P1Y6M", "1 year 6 months"),
        ("PT48H", "48 hours"),
        ("PT30M", "30 minutes"),
        ("2008/2016", "2008 to 2016"),
        ("2020-10-10/2020-10-12", "10 October 2020 to 12 October 2020"),
        ("XXXX-12-20/XXXX-01-05", "20 December to 5 January, year not known"),
        ("-0043", "44 BC"),
        ("0024", "AD 24"),
        ("0500/0800", "AD 500 to AD 800"),
        ("P2Y6M", "2 years 6 months"),
        ("PT9H30M", "9 hours 30 minutes"),
        ("2022-12/2023-02", "December 2022 to February 2023"),
        ("XXXX-10-10/XXXX-10-12", "10 October to 12 October, year not known"),
        ("XXXX-01/XXXX-04", "January to April, year not known"),
        ("XXXX-Q1/XXXX-Q3", "first quarter to third quarter, year not known"),
        ("2023-12-31/XXXX-01-01", "31 December 2023 to 1 January, year not known"),
        ("XXXX-13-45", "XXXX-13-45"),
        ("event-relative", "counted from an event"),
        ("unresolved", "not known when"),
        ("", ""),
        ("next spring", "next spring"),
        ("2020-13-45", "2020-13-45"),
    ],
)
def test_a_value_is_said_in_words(value: str, said: str) -> None:
    assert in_words(value) == said


#: What a page never shows: a length, an unknown part, a week, a time of day, a year with zeros in front.
_NOTATION = re.compile(r"\bPT?\d|\bPT?X|XX|W\d\d|T\d\d|\d-\d\d|\b0\d|-Q|relative|unresolved")
_ARTICLES = Path(__file__).parents[1] / "splitting" / "claim_units"
_TEXTS = (
    *(path.read_text("utf-8") for path in sorted(_ARTICLES.glob("*.txt"))),
    "It was shut for two and a half years, for 90 minutes, for half a day, for 2,500 years and for years.",
    "It fell 2,000 years ago, in 500 BC, in the 1960s, last summer, next weekend, in Q3, in H1 2019, in fiscal 2020.",
    "It fell on 29 February, in May or June, from Monday to Friday, in winter, a week on Tuesday.",
    "It was shut between January and April, on 3 to 4 May, in the year to March, over the Easter weekend.",
    "It fell a year ago this week, in the first week of June, in two weeks' time, in the decade to 2020.",
    "It fell in due course, after 23 minutes, two days later, at 6am, the day after Easter, in the coming decade.",
)


@pytest.mark.parametrize("published", [None, "2024", "2024-11", "2024-11-20"])
def test_whatever_is_read_in_a_text_is_said_in_words(published: str | None) -> None:
    said = {
        one.where.value: in_words(one.where.value)
        for text in _TEXTS
        for one in read(text, published=published)
    }
    assert len(said) > 60
    assert {value: words for value, words in said.items() if _NOTATION.search(words)} == {}


@given(st.text(max_size=20))
def test_no_text_breaks_it(value: str) -> None:
    in_words(value)
