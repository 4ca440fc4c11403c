"""Figures of agreement, against the worked example of who made the measure."""

from __future__ import annotations

import pytest

from claims.review.agreement import agreement

#: Krippendorff (2011), part C: four observers, twelve units, some missing; nominal alpha is 0.743.
OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def test_alpha_of_the_published_example() -> None:
    units = [[row[at] for row in OBSERVERS if row[at] != "."] for at in range(12)]
    found = agreement(units)
    assert found.alpha == pytest.approx(0.743, abs=0.0005)
    assert (found.units, found.judgements) == (11, 40)


def test_percent_is_the_share_of_pairs() -> None:
    assert agreement([["a", "a", "b"], ["c", "c"]]).percent == pytest.approx(2 * 2 / 8)


def test_chance_is_no_agreement() -> None:
    assert agreement([["a", "b"], ["b", "a"]]).alpha == pytest.approx(-0.5)
    assert agreement([["a", "a"], ["b", "b"]]).alpha == 1


@pytest.mark.parametrize("units", [[], [["a"]], [["a", "a"], ["a", "a", "a"]]])
def test_where_nothing_can_be_said(units: list[list[str]]) -> None:
    assert agreement(units).alpha is None
