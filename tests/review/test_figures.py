"""Figures against desks that are small enough to be counted by hand."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from claims.review.figures import (
    FINDINGS,
    NAMED,
    Period,
    PublishedCheck,
    balance,
    by_origins,
    parts,
    per_part,
    ratings,
    share,
    spread,
)

DAY = dt.date(2026, 3, 2)


def check(rating: str = "False", finding: str = "Refuted", **fields: object) -> PublishedCheck:
    values: dict[str, object] = {"day": DAY, "hours": 1.0, "rating": rating, "finding": finding}
    return PublishedCheck(**(values | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], (0, None, None, None)),
        ([4], (1, 4, 4, 4)),
        ([1, 3], (2, 1.5, 2, 2.5)),
        ([5, 1, 3], (3, 2, 3, 4)),
        ([10, 20, 30, 40, 50], (5, 20, 30, 40)),
    ],
)
def test_quartiles_lie_between_neighbours(values: list[float], expected: tuple[object, ...]) -> None:
    found = spread(values)
    assert (found.count, found.quarter, found.half, found.three_quarters) == expected


@pytest.mark.parametrize(
    ("since", "until", "count", "first", "last"),
    [
        ("2026-03-02", "2026-03-02", 1, ("2026-03-02", "2026-03-02"), ("2026-03-02", "2026-03-02")),
        ("2026-03-01", "2026-03-14", 14, ("2026-03-01", "2026-03-01"), ("2026-03-14", "2026-03-14")),
        # From a Wednesday: the first week is short, and so is the last.
        ("2026-03-04", "2026-03-24", 4, ("2026-03-04", "2026-03-08"), ("2026-03-23", "2026-03-24")),
        ("2025-11-15", "2026-03-10", 5, ("2025-11-15", "2025-11-30"), ("2026-03-01", "2026-03-10")),
        ("2020-06-01", "2026-03-10", 7, ("2020-06-01", "2020-12-31"), ("2026-01-01", "2026-03-10")),
    ],
)
def test_a_period_is_cut_into_parts_without_a_gap(
    since: str, until: str, count: int, first: tuple[str, str], last: tuple[str, str]
) -> None:
    period = Period(dt.date.fromisoformat(since), dt.date.fromisoformat(until))
    found = parts(period)
    assert len(found) == count
    assert (str(found[0].since), str(found[0].until)) == first
    assert (str(found[-1].since), str(found[-1].until)) == last
    assert sum(part.days for part in found) == period.days
    for one, following in itertools.pairwise(found):
        assert following.since - one.until == dt.timedelta(days=1)


def test_days_are_counted_in_the_part_they_lie_in() -> None:
    cut = parts(Period(dt.date(2026, 3, 4), dt.date(2026, 3, 24)))
    days = [dt.date(2026, 3, day) for day in (3, 4, 8, 9, 24, 25)]
    assert per_part(days, cut) == [2, 1, 0, 1]


def test_the_balance_counts_each_finding_and_the_most_checked_first() -> None:
    checks = [
        check(claimant="Brandt"),
        check(claimant="Brandt", rating="True", finding="Supported"),
        check(claimant="Falk"),
        check(claimant="", finding=""),
    ]
    found = balance(checks, lambda one: (one.claimant,))
    assert [(line.name, line.count, line.by_finding) for line in found] == [
        ("Brandt", 2, (1, 0, 1, 0, 0)),
        ("", 1, (0, 0, 0, 0, 1)),
        ("Falk", 1, (0, 0, 1, 0, 0)),
    ]
    assert len(FINDINGS) == 5


def test_a_check_with_two_topics_counts_under_both_and_one_without_under_none() -> None:
    found = balance([check(tags=("a", "b")), check(tags=("b",)), check()], lambda one: one.tags)
    assert [(line.name, line.count) for line in found] == [("b", 2), ("a", 1)]


def test_what_is_beyond_the_named_ones_is_one_line() -> None:
    checks = [check(claimant=f"C{n:02d}") for n in range(NAMED + 3)]
    found = balance(checks, lambda one: (one.claimant,))
    assert len(found) == NAMED + 1
    assert (found[-1].count, found[-1].others, found[-1].name) == (3, 3, "")


def test_ratings_stand_by_finding() -> None:
    checks = [check(), check(), check("Mostly false"), check("True", "Supported"), check("Satire", "")]
    assert ratings(checks) == [
        ("True", "Supported", 1),
        ("False", "Refuted", 2),
        ("Mostly false", "Refuted", 1),
        ("Satire", "", 1),
    ]


def test_origins_that_are_not_known_are_not_none() -> None:
    checks = [check(origins=n) for n in (0, 1, 1, 4, 9)] + [check(origins=None)]
    assert by_origins(checks) == [("0", 1), ("1", 2), ("2", 0), ("3", 0), ("4+", 2), ("not known", 1)]


def test_a_share_of_nothing_is_not_known() -> None:
    assert share(0, 0) is None
    assert share(1, 4) == 0.25
