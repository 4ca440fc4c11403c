"""Written pairs of one difference that matters, and of the same assertion as posts and papers write it.

``aside.tsv`` was kept aside while the rules were written; docs/quality.md has the figures of both.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.evaluation.repeats import run
from claims.matching.sameness import Assertion, Sameness, compare

PAIRS = Path(__file__).with_name("pairs")


def rows(name: str) -> list[list[str]]:
    lines = (PAIRS / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(
    ("wanted", "one", "other"),
    [row[1:] for name in ("development.tsv", "aside.tsv", "later.tsv") for row in rows(name)],
)
def test_no_pair_is_called_the_contrary(wanted: str, one: str, other: str) -> None:
    contrary = Sameness.SAME if wanted == Sameness.DIFFERENT else Sameness.DIFFERENT
    assert compare(Assertion(one), Assertion(other)).verdict is not contrary
    assert compare(Assertion(other), Assertion(one)).verdict is not contrary


@pytest.mark.parametrize("name", ["development.tsv", "aside.tsv"])
def test_most_pairs_are_told_apart_not_left_open(name: str) -> None:
    metrics = run(PAIRS / name).metrics
    assert metrics["same_called_same"] >= 0.8
    assert metrics["different_called_different"] >= 0.8
