"""Days counted from another day: the day after Christmas, the week after next, a week on Tuesday."""

from __future__ import annotations

import pytest

from claims.language.dates import read


def value(text: str, published: str = "2024-11-20") -> str:
    """Return the value of the only expression of a text."""
    (found,) = read(text, published=published)
    return found.where.value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It closed the day after Christmas.", "2023-12-26"),
        ("It closes the day after Christmas.", "2024-12-26"),
        ("It closed the day before Tuesday’s vote.", "2024-11-18"),
        ("It closed the day after 3 May 2019.", "2019-05-04"),
        ("It closed the day before yesterday.", "2024-11-18"),
        ("It closed the week before last.", "2024-W45"),
        ("It will close the week after next.", "2024-W49"),
        ("It closed the year before last.", "2022"),
        ("It closed the weekend before last.", "2024-11-09/2024-11-10"),
        ("It will close the Monday after next.", "2024-12-02"),
        ("It will close a week on Tuesday.", "2024-12-03"),
        ("It will close a week from Tuesday.", "2024-12-03"),
        ("It closed a week last Tuesday.", "2024-11-12"),
        ("It closed a week ago Tuesday.", "2024-11-12"),
        ("It will close Monday week.", "2024-12-02"),
        ("It closed on Tuesday of last week.", "2024-11-12"),
        ("It closed last week on Tuesday.", "2024-11-12"),
        ("It will be done over the next decade.", "P10Y"),
        ("It was done last decade.", "2010/2019"),
        ("It closed on Friday, Nov. 1: nobody came.", "2024-11-01"),
        ("It closed on the first day of May.", "2024-05-01"),
        ("It closed on the last day of February.", "2024-02-29"),
        ("It closed on the last Sunday in May.", "2024-05-26"),
        ("It will close on the first Sunday of May.", "2025-05-04"),
        ("It closed on the second Tuesday in November 2022.", "2022-11-08"),
        ("It closed on the fifth Sunday in February 2022.", "2022-02"),
    ],
)
def test_a_day_beside_another_one(text: str, wanted: str) -> None:
    assert value(text) == wanted


def test_without_a_publication_date_it_waits() -> None:
    for text in ("It closed the day before Tuesday’s vote.", "It will close a week on Tuesday."):
        assert [one.where.value for one in read(text)] == ["unresolved"]
    assert [one.where.value for one in read("It closed on the last Sunday in May.")] == ["XXXX-05"]


def test_the_day_before_an_event_stays_with_the_event() -> None:
    assert value("It closed the day before the vote.") == "event-relative"
