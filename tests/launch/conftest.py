"""The launcher's modules, found as `run` finds them: by their folder, with the standard library alone."""

from __future__ import annotations

import importlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAUNCH = ROOT / "factcheck" / "launch"
NAMES = ("environment", "private", "folder", "supervisor", "testing", "launcher")


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    monkeypatch.syspath_prepend(str(LAUNCH))
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    before = {name: sys.modules.pop(name) for name in NAMES if name in sys.modules}
    yield {name: importlib.import_module(name) for name in NAMES}
    for number, handler in handlers.items():
        signal.signal(number, handler)
    for name in NAMES:
        sys.modules.pop(name, None)
    sys.modules.update(before)
