"""Deep calls do not ask the system for memory over and over, wherever the border of a piece happens to lie."""

from __future__ import annotations

import resource
from collections.abc import Callable

import pytest

from claims.jobs.frames import call_with_room

CALLS = 2_000


def _nothing() -> None:
    return None


# A frame as large as some thirty others, so that a border lies below it at one of the depths.
_nothing.__code__ = _nothing.__code__.replace(co_stacksize=500)


def _faults_at(depth: int) -> int:
    """Return the pages that the system had to find while one function was called again and again at this depth."""
    if depth:
        return _faults_at(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _number in range(CALLS):
        _nothing()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def _worst() -> int:
    return max(_faults_at(depth) for depth in range(300))


def test_no_depth_is_dear() -> None:
    assert call_with_room(_worst) < CALLS / 10


def test_what_is_called_answers_and_raises_as_by_itself() -> None:
    def told(one: int, *, two: int) -> tuple[int, int]:
        if one > two:
            raise ValueError("the wrong way round")
        return one, two

    answer: Callable[..., object] = call_with_room
    assert answer(told, 1, two=2) == (1, 2)
    with pytest.raises(ValueError, match="the wrong way round"):
        answer(told, 3, two=2)
