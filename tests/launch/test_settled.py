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
    settled.settle()
    assert done == ["routes", "collect", "freeze"]


def test_the_process_that_serves_pages_does_so() -> None:
    told = "import factcheck.wsgi, gc; print(gc.get_freeze_count() > 100_000)"
    said = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["True"]
