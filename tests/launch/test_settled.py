"""What is loaded before the first page is left alone by the garbage collector."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from factcheck import settled


def test_all_routes_are_loaded_before_what_is_there_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    class Routes:
        @property
        def url_patterns(self) -> list[object]:
            done.append("routes")
            return []

    monkeypatch.setattr(settled, "get_resolver", Routes)
    monkeypatch.setattr(gc, "collect", lambda: done.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    monkeypatch.setattr(gc, "callbacks", [])
    settled.settle()
    assert done == ["routes", "collect", "freeze"]


def test_the_process_that_serves_pages_does_so() -> None:
    told = "import factcheck.wsgi, gc; print(gc.get_freeze_count() > 100_000)"
    said = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["True"]


#: Runs in a process of its own, as what is set aside there would be gone for all other tests.
_LATER = """
import factcheck.wsgi, gc, weakref
from factcheck import settled
class Kept: pass
first = gc.get_freeze_count()
made = [Kept() for _ in range(5_000)]
gc.collect()
print("aside", gc.get_freeze_count() > first + 5_000)
ring = Kept(); ring.ring = ring
gone = weakref.ref(ring)
gc.collect()
del ring
gc.collect()
print("in hand", gone() is not None)
for _ in range(settled.ANEW + 1): gc.collect()
print("found", gone() is None)
print("aside again", gc.get_freeze_count() > 100_000)
"""


def test_what_pages_keep_is_set_aside_later_and_what_was_only_in_hand_is_found_again() -> None:
    said = subprocess.run([sys.executable, "-c", _LATER], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == ["aside True", "in hand True", "found True", "aside again True"]
