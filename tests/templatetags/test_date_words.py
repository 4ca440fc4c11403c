"""Pages say dates, intervals and lengths of time in words, never in the notation of the data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("XXXX-12-20/XXXX-01-05", "20 December, year not known to 5 January, year not known"),
        ("-0043", "44 BC"),
        ("event-relative", "counted from an event"),
        ("unresolved", "not known when"),
        ("", ""),
        ("next spring", "next spring"),
        ("2020-13-45", "2020-13-45"),
    ],
)
def test_a_value_is_said_in_words(value: str, said: str) -> None:
    assert in_words(value) == said


@given(st.text(max_size=20))
def test_no_text_breaks_it(value: str) -> None:
    in_words(value)
