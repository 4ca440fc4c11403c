"""Partial date values are read with their bounds, and refused with a sentence a person understands."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.language.partial_dates import PartialDate


@pytest.mark.parametrize(
    ("value", "earliest", "latest"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-10", date(2020, 10, 1), date(2020, 10, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-10-14", date(2020, 10, 14), date(2020, 10, 14)),
        ("2020-Q3", date(2020, 7, 1), date(2020, 9, 30)),
        ("2020-H2", date(2020, 7, 1), date(2020, 12, 31)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        ("2008/2016", date(2008, 1, 1), date(2016, 12, 31)),
        ("2020-10-10/2020-10-12", date(2020, 10, 10), date(2020, 10, 12)),
        ("2019-12/2020-02", date(2019, 12, 1), date(2020, 2, 29)),
        ("XXXX-10-10", None, None),
        ("XXXX-02-29", None, None),
        ("XXXX-10", None, None),
        ("XXXX-Q3", None, None),
        ("XXXX-10-10/XXXX-10-12", None, None),
        ("P2Y", None, None),
        ("P2Y6M", None, None),
        ("PT3H", None, None),
        ("9999-W52", date(9999, 12, 27), date(9999, 12, 31)),
    ],
)
def test_a_value_has_its_bounds(value: str, earliest: date | None, latest: date | None) -> None:
    parsed = PartialDate.parse(value)
    assert (parsed.value, parsed.earliest, parsed.latest) == (value, earliest, latest)
    assert str(parsed) == value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("yesterday", "“yesterday” is not a date"),
        ("2020-13", "no month 13"),
        ("2019-02-29", "“2019-02-29” does not exist"),
        ("XXXX-02-30", "does not exist"),
        ("2020-Q5", "quarters run from Q1 to Q4"),
        ("2020-H3", "halves are H1 and H2"),
        ("2021-W53", "no week 53"),
        ("2020-W00", "no week 00"),
        ("0000", "year 0000"),
        ("20-10-2020", "is not a date"),
        ("2016/2008", "ends before it starts"),
        ("2016/", "not an interval"),
        ("2008/2010/2012", "not an interval"),
        ("2008/P2Y", "mixes a date with a duration"),
        ("P", "is not a date"),
        ("PT", "is not a date"),
        ("٢٠٢٠", "is not a date"),
        ("2020-10-14T10:00", "is not a date"),
        ("2" * 70, "too long"),
    ],
)
def test_what_is_no_value_is_refused_in_words(value: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PartialDate.parse(value)


def test_only_a_day_is_a_day() -> None:
    assert PartialDate.parse("2020-10-14").is_day
    assert PartialDate.parse(" 2020-10-14 ").value == "2020-10-14"
    assert not PartialDate.parse("2020-10").is_day
    assert not PartialDate.parse("XXXX-10-14").is_day


@given(st.one_of(st.text(max_size=25), st.text(alphabet="0123456789-/PXQWHTYMD", max_size=25)))
def test_any_text_is_a_value_or_a_value_error(text: str) -> None:
    try:
        parsed = PartialDate.parse(text)
    except ValueError:
        return
    assert parsed.earliest is None or parsed.latest is None or parsed.earliest <= parsed.latest
    assert PartialDate.parse(parsed.value) == parsed
