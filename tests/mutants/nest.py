"""Run the tests of one fault after the other in children of a process that has read product and tests already.

Reads one order a line and answers with pytest's status: -1 where the time was over, ``cold`` where the fault
cannot be put into what has been read. A fault inside functions is: their code is exchanged. One in the words
of a module is where its table names modules to read again. Everything else needs a fresh process.
"""

from __future__ import annotations

import gc
import importlib
import inspect
import json
import os
import signal
import sys
import time
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

COLD = 100


def main() -> None:
    """Collect the tests that are named, so that everything they need is read; then take orders."""
    options, tests = json.loads(sys.stdin.readline())
    shown = os.dup(1)
    os.dup2(2, 1)
    pytest.main([*options, "--collect-only", "-q", *tests])
    os.dup2(shown, 1)
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        status = _run(order, limit=order["limit"])
        print("cold" if status == COLD else status, flush=True)


def _run(order: dict[str, Any], *, limit: float) -> int:
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        written = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(written, 1)
        os.dup2(written, 2)
        status = 3
        try:
            status = _noticed(order)
        finally:
            sys.stdout.flush()
            os._exit(status)
    over = time.monotonic() + limit
    while time.monotonic() < over:
        done, how = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(how)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return -1


def _noticed(order: dict[str, Any]) -> int:
    """Put the fault into what was read, and run the tests."""
    if order["again"]:
        # Who listens to a signal is held weakly: what was there before stays alive, and asks the new names.
        before = [dict(vars(sys.modules[name])) for name in order["again"]]
        for name in order["again"]:
            importlib.reload(sys.modules[name])
        assert before
    elif not _exchange(Path(order["file"]), order["old"], order["new"]):
        return COLD
    return int(pytest.main(order["arguments"]))


def _exchange(path: Path, old: str, new: str) -> bool:
    """Give the functions of one file the code of its new text; False where more than functions differ."""
    file = str(path.resolve())
    pairs = _differing(compile(old, file, "exec"), compile(new, file, "exec"))
    if not pairs:
        return False
    there = [
        one for one in gc.get_objects() if isinstance(one, FunctionType) and one.__code__.co_filename == file
    ]
    for before, after in pairs:
        found = [one for one in there if one.__code__ == before]
        if not found or before.co_freevars != after.co_freevars:
            return False
        for one in found:
            one.__code__ = after
    return True


def _differing(before: CodeType, after: CodeType) -> list[tuple[CodeType, CodeType]] | None:
    """Return the functions that differ between two texts of a module, or None where something else does."""
    mine, theirs = _inner(before), _inner(after)
    if not _alike(before, after, inside=False) or len(mine) != len(theirs):
        return None
    found: list[tuple[CodeType, CodeType]] = []
    for one, other in zip(mine, theirs, strict=True):
        if one.co_flags & inspect.CO_OPTIMIZED:  # a function, not the body of a class
            if not _alike(one, other):
                found.append((one, other))
            continue
        more = _differing(one, other)
        if more is None:
            return None
        found += more
    return found


def _alike(one: CodeType, other: CodeType, *, inside: bool = True) -> bool:
    """Whether two pieces of code do the same, wherever they stand in their files."""
    if (one.co_name, one.co_code, one.co_names) != (other.co_name, other.co_code, other.co_names):
        return False
    if repr(_plain(one)) != repr(_plain(other)) or one.co_varnames != other.co_varnames:
        return False
    mine, theirs = _inner(one), _inner(other)
    if not inside:
        return True
    return len(mine) == len(theirs) and all(map(_alike, mine, theirs))


def _inner(code: CodeType) -> list[CodeType]:
    return [one for one in code.co_consts if isinstance(one, CodeType)]


def _plain(code: CodeType) -> list[object]:
    return [one for one in code.co_consts if not isinstance(one, CodeType)]


if __name__ == "__main__":
    main()
