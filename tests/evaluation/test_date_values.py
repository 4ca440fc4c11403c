"""Two spellings of one date are one value, and nothing else is."""

from __future__ import annotations

import pytest

from claims.evaluation.date_values import canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2022-SU", "2022-06/2022-08"),
        ("2022-WI", "2022-12/2023-02"),
        ("2019-Q3", "2019-07/2019-09"),
        ("2019-H1", "2019-01/2019-06"),
        ("2019-W47", "2019-11-18/2019-11-24"),
        ("2019-11", "2019-11-01/2019-11-30"),
        ("2008/2016", "2008-01-01/2016-12-31"),
        ("P2W", "P14D"),
        ("P1Y", "P12M"),
        ("P2D", "PT48H"),
        ("PT90M", "PT1H30M"),
        ("P1Y6M", "P18M"),
    ],
)
def test_the_same_time_in_another_spelling_is_the_same(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2019-11-18", "2019-11"),
        ("2019", "2019-11"),
        ("2019-11-18", "2019-11-19"),
        ("P1M", "P30D"),
        ("P1Y", "2019"),
        ("P20D", "P20Y"),
        ("XXXX-10-10", "2020-10-10"),
        ("XXXX-10", "XXXX-10-10"),
        ("event-relative", "unresolved"),
        ("unresolved", "2019"),
        ("2008/2016", "2008"),
    ],
)
def test_what_says_less_or_something_else_is_not_the_same(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_what_cannot_be_read_stays_as_it_is() -> None:
    assert canonical("2019-13-40") == "2019-13-40"
