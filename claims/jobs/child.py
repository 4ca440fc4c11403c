"""How is work run that can hang, or eat the machine, on what others wrote? In a process that can be killed.

A function of a pure room is called in a child that knows no database, with limits of wall time, computing time
and memory. A child is kept warm for the next call; it ends by itself when it is idle, has worked long, or has
grown, and whenever its parent ends. Answers are only values and refusals of our own rooms, nothing that runs.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import EnumType
from pathlib import Path
from typing import Any, TypeVar, cast

log = logging.getLogger(__name__)

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
#: How many children one process has at most; a spare one ends with its call.
MOST = 3
_START = 60.0
_HEADER = struct.Struct("!Q")


class ChildStopped(Exception):
    """The child was killed at a limit, or ended by itself; the message says which."""


class ChildFailed(Exception):
    """The function raised something that is no refusal: a fault of ours, told by its type and message."""


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """``seconds`` of wall time and ``cpu`` seconds for one call, ``memory`` in megabytes of data at any time."""

    seconds: float = 60.0
    cpu: int = 50
    memory: int = 700


class Children:
    """A few children, handed to one caller at a time."""

    def __init__(self, most: int = MOST, *, idle: float = 60.0) -> None:
        self._room = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._for = idle

    def run(
        self,
        function: Callable[..., T],
        *arguments: Any,
        limits: ChildLimits = ChildLimits(),
        **named: Any,
    ) -> T:
        """Call a module-level function in a child and return its value.

        Raises what the function raised where that is an exception of ours, else ChildFailed; ChildStopped where
        a limit ended it.
        """
        call = pickle.dumps((limits, function, arguments, named), protocol=5)
        with self._room:
            child = self._begun(call)
            try:
                kind, value = child.answer(limits)
            except BaseException:
                child.kill()
                raise
            if kind == "stopped":
                child.kill()
                raise ChildStopped(value)
            self._keep(child)
        if kind == "value":
            return cast(T, value)
        if kind == "raised":
            raise value
        raise ChildFailed(value)

    def _begun(self, call: bytes) -> _Child:
        """Return a child that has taken the call; a warm one may have ended just now, then a fresh one."""
        with self._lock:
            warm, self._idle = self._idle, []
        for child in warm:
            if child.takes(call):
                return child
            child.kill()
        child = _Child(self._for)
        if not child.takes(call):
            child.kill()
            raise ChildStopped("The process that does this work does not start.")
        return child

    def _keep(self, child: _Child) -> None:
        with self._lock:
            # One waits for the next call; more would only cost memory.
            if not self._idle and child.alive():
                self._idle.append(child)
                return
        child.kill()

    def close(self) -> None:
        with self._lock:
            for child in self._idle:
                child.kill()
            self._idle.clear()


class _Child:
    """The parent's end of one child process."""

    def __init__(self, idle: float) -> None:
        # The child holds the other end of the leash; when ours is closed, by whatever ends us, it ends too.
        leash, self._leash = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-m", "claims.jobs.child", str(leash), str(idle)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=(leash,),
                cwd=ROOT,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                start_new_session=True,
            )
        except BaseException:
            os.close(self._leash)
            raise
        finally:
            os.close(leash)

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def takes(self, call: bytes) -> bool:
        """Hand over the call; False where the child is not there to take it."""
        until = time.monotonic() + _START
        assert self._process.stdin is not None
        out = self._process.stdin.fileno()
        os.set_blocking(out, False)
        left = memoryview(_HEADER.pack(len(call)) + call)
        try:
            while left:
                if not select.select([], [out], [], max(0.0, until - time.monotonic()))[1]:
                    return False
                with contextlib.suppress(BlockingIOError):
                    left = left[os.write(out, left[: 1 << 16]) :]
            return self._read(1, until, ChildLimits()) == b"+"
        except (BrokenPipeError, ChildStopped):
            return False

    def answer(self, limits: ChildLimits) -> tuple[str, Any]:
        until = time.monotonic() + limits.seconds
        (size,) = _HEADER.unpack(self._read(_HEADER.size, until, limits))
        return cast(tuple[str, Any], _Answers(io.BytesIO(self._read(size, until, limits))).load())

    def _read(self, size: int, until: float, limits: ChildLimits) -> bytes:
        assert self._process.stdout is not None
        source = self._process.stdout.fileno()
        found = bytearray()
        while len(found) < size:
            if not select.select([source], [], [], max(0.0, until - time.monotonic()))[0]:
                raise ChildStopped(f"Stopped after {limits.seconds:.0f} s.")
            piece = os.read(source, min(size - len(found), 1 << 20))
            if not piece:
                raise self._ended(limits)
            found += piece
        return bytes(found)

    def _ended(self, limits: ChildLimits) -> ChildStopped:
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return ChildStopped("The process that does this work answers no more.")
        if status == -signal.SIGXCPU:
            return ChildStopped(f"Stopped after {limits.cpu} s of computing.")
        if status == -signal.SIGKILL:
            return ChildStopped("Stopped from outside, most likely because the machine has no memory left.")
        return ChildStopped(f"The process that does this work ended (status {status}).")

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self.alive():
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        if self._leash >= 0:
            os.close(self._leash)
            self._leash = -1


class _Answers(pickle.Unpickler):
    """Reads values of our own rooms and of the standard library's plain types: no function is found by name."""

    _PLAIN = frozenset({("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")})
    _BUILT_IN = frozenset({"set", "frozenset", "bytearray", "complex", "range", "slice"})

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("builtins", "getattr"):
            return _member
        if (module, name) in self._PLAIN or (module == "builtins" and name in self._BUILT_IN):
            return super().find_class(module, name)
        if (module, name) == ("collections", "OrderedDict"):
            return super().find_class(module, name)
        if module.startswith("claims.") or (module, name) == ("builtins", "MemoryError"):
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"A child may not answer with {module}.{name}.")


def _member(kind: object, name: object) -> Any:
    """Return a member of an enumeration: Python 3.11.0 to 3.11.3 write one as ``getattr(Kind, "NAME")``."""
    if isinstance(kind, EnumType) and isinstance(name, str) and name in kind.__members__:
        return kind.__members__[name]
    raise pickle.UnpicklingError(f"A child may not answer with {name} of {kind}.")


children = Children()
run = children.run

if __name__ == "__main__":
    from claims.jobs.child_main import serve

    serve(int(sys.argv[1]), float(sys.argv[2]))
