"""Text that nobody would write takes work as its length grows, and no more: four times, not sixteen.

Work is counted in calls, which no other program on the machine disturbs; ``manage.py benchmark hostile`` times it.
"""

from __future__ import annotations

import cProfile

import pytest

from benchmarks.hostile import VARIED, hostile_inputs
from claims.splitting import split
from claims.splitting.units import most_units

_SHORT, _LONG = 3_000, 12_000
_KINDS = (
    *VARIED,
    "one endless sentence",
    "names and",
    "acronyms",
    "unclosed quotations",
    "straight marks",
    "marks in each other",
    "dates",
    "months",
    "ranges",
    "relatives",
    "labels",
    "that",
    "marks of direction",
    "quotations in each other",
    "words in nested parentheses",
)


def _calls(text: str) -> int:
    profile = cProfile.Profile()
    profile.enable()
    split(text, language="en", judge=None)
    profile.disable()
    return sum(entry.callcount for entry in profile.getstats())


@pytest.fixture(scope="module")
def texts() -> tuple[dict[str, str], dict[str, str]]:
    split("The mayor said on Monday that the bridge was closed.", judge=None)
    return dict(hostile_inputs(_SHORT)), dict(hostile_inputs(_LONG))


@pytest.mark.parametrize("kind", _KINDS)
def test_work_grows_with_the_length_and_no_faster(
    texts: tuple[dict[str, str], dict[str, str]], kind: str
) -> None:
    short, long = texts[0][kind], texts[1][kind]
    # Twice, as words met for the first time are looked up and kept.
    before, after = (min(_calls(text) for _ in range(2)) for text in (short, long))
    assert after < 4.5 * before + 5_000


@pytest.mark.parametrize(
    "kind", ["speakers", "short claims", "names that say", "sentences in capitals", "words in lines"]
)
def test_no_text_has_more_units_than_dense_prose(kind: str) -> None:
    text = dict(hostile_inputs(32_000))[kind]
    result = split(text, language="en", judge=None)
    assert len(result.units) <= most_units(len(text))
    assert ("too-many-claims" in result.flags) == (len(result.units) == most_units(len(text)))


def test_dense_prose_has_all_its_units() -> None:
    text = " ".join(f"Ortvale sold its mill number {number} last year." for number in range(590))
    result = split(text, judge=None)
    assert len(result.units) == 590
    assert "too-many-claims" not in result.flags


def test_a_line_that_comes_again_and_again_is_read_the_same_each_time() -> None:
    line = "The Turkish-backed militia shelled the port, Orr said on Monday."
    once, many = split(line, judge=None), split(" ".join([line] * 40), judge=None)
    seen = {(unit.text, unit.attribution, unit.claimant, unit.wording.text) for unit in once.units}
    assert len(many.units) == 40 * len(once.units)
    assert {(unit.text, unit.attribution, unit.claimant, unit.wording.text) for unit in many.units} == seen
