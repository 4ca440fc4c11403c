"""Text that nobody would write takes time as its length grows, and no more: four times, not sixteen."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random

import pytest

from claims.splitting import split

_FAMILIES: dict[str, Callable[[Random], str]] = {
    "acronyms that speak": lambda r: f"{_word(r, 2).upper()} said {_word(r, 2).upper()} left. ",
    "bodies with their letters": lambda r: (
        f"The {_word(r).title()} {_word(r).title()} Council ({_word(r, 2).upper()}) said it rose. "
    ),
    "one surname": lambda r: f"{_word(r).title()} Smith said. Smith left. ",
    "names that say": lambda r: f"{_word(r).title()} {_word(r).title()} said {_word(r).title()} had left. ",
    "years ago": lambda r: f"{r.randint(2, 90)} years ago ",
    "months": lambda r: f"in {r.choice(('May', 'June', 'March'))} ",
    "marks of both directions": lambda r: "\u202eabc\u202c \u2067\u05d0\u05d1\u2069 he said. ",
}


def _word(random: Random, syllables: int = 3) -> str:
    return "".join(random.choice("bcdfglmnprst") + random.choice("aeiou") for _ in range(syllables))


def _filled(family: str, size: int) -> str:
    random, pieces, length = Random(3), [], 0
    while length < size:
        pieces.append(_FAMILIES[family](random))
        length += len(pieces[-1])
    return "".join(pieces)[:size]


def _seconds(text: str) -> float:
    begun = time.process_time()
    split(text, judge=None)
    return time.process_time() - begun


@pytest.mark.parametrize("family", _FAMILIES)
def test_time_grows_with_the_length_and_no_faster(family: str) -> None:
    split("The mayor said on Monday that the bridge was closed.", judge=None)
    text = _filled(family, 48_000)
    # The shortest of several runs: what else the machine does is no growth.
    short = min(_seconds(text[:12_000]) for _ in range(3))
    long = min(_seconds(text) for _ in range(2))
    assert long < 5.2 * short + 0.05


def test_a_line_that_comes_again_and_again_is_read_the_same_each_time() -> None:
    line = "The Turkish-backed militia shelled the port, Orr said on Monday."
    once, many = split(line, judge=None), split(" ".join([line] * 40), judge=None)
    seen = {(unit.text, unit.attribution, unit.claimant, unit.wording.text) for unit in once.units}
    assert len(many.units) == 40 * len(once.units)
    assert {(unit.text, unit.attribution, unit.claimant, unit.wording.text) for unit in many.units} == seen
