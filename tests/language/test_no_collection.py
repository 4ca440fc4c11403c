"""Where no search for cycles starts, and what is freed all the same."""

from __future__ import annotations

import gc
import weakref

import pytest

from claims.language.no_collection import collect_new, without_collection


class Ring:
    def __init__(self) -> None:
        self.me = self


@without_collection
def watched(fails: bool) -> weakref.ref[Ring]:
    assert not gc.isenabled()
    ring = weakref.ref(Ring())
    assert ring() is not None
    if fails:
        raise ValueError
    return ring


def test_cycles_are_looked_for_again_afterwards_also_where_it_failed() -> None:
    watched(False)
    assert gc.isenabled()
    with pytest.raises(ValueError):
        watched(True)
    assert gc.isenabled()


def test_one_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        watched(False)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_is_new_is_freed_in_between() -> None:
    @without_collection
    def long() -> None:
        for _time in range(3):
            ring = weakref.ref(Ring())
            assert ring() is not None
            collect_new()
            assert ring() is None

    long()
