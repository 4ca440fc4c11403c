"""The child's side of ``claims.jobs.child``: take a call, set its limits, answer, wait for the next or end."""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import select
import struct
import threading
from typing import Any

from claims.jobs.frames import call_with_room
from claims.jobs.heap import give_back

_HEADER = struct.Struct("!Q")
#: After so many calls, or with so many megabytes resident, a child makes room for a fresh one.
CALLS = 200
GROWN = 260


def serve(leash: int, idle: float) -> None:
    """Answer calls from standard input until there are none for ``idle`` seconds, or the parent has ended."""
    calls, answers = os.dup(0), os.dup(1)
    # Whatever a library prints or asks must not get between the messages.
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    with contextlib.suppress(OSError):
        os.nice(5)
    threading.Thread(target=_end_with_parent, args=(leash,), daemon=True).start()
    for _number in range(CALLS):
        if not select.select([calls], [], [], idle)[0]:
            return
        header = _exactly(calls, _HEADER.size)
        if len(header) < _HEADER.size:
            return
        call = _exactly(calls, _HEADER.unpack(header)[0])
        os.write(answers, b"+")
        answer = _answer(call)
        _write(answers, _HEADER.pack(len(answer)))
        _write(answers, answer)
        del call, answer
        if _tidied() > GROWN:
            return


def _answer(call: bytes) -> bytes:
    try:
        limits, function, arguments, named = pickle.loads(call)  # noqa: S301 - our own parent wrote it
        _limit(limits.cpu, limits.memory)
        answer: tuple[str, Any] = ("value", call_with_room(function, *arguments, **named))
    except MemoryError:
        answer = ("stopped", "Stopped because it needs more memory than it may have.")
    except Exception as error:
        answer = _raised(error)
    try:
        return pickle.dumps(answer, protocol=5)
    except Exception as error:
        return pickle.dumps(("failed", f"The answer cannot be sent: {error}"), protocol=5)


def _raised(error: Exception) -> tuple[str, Any]:
    """Return an exception of ours as it is, any other as words."""
    if type(error).__module__.startswith("claims."):
        with contextlib.suppress(Exception):
            copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - written a moment ago
            if type(copy) is type(error):
                return "raised", error
    return "failed", f"{type(error).__name__}: {error}"


def _limit(cpu: int, memory: int) -> None:
    """Set what the system enforces: so many seconds of computing from now on, and so much data in all."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + cpu
    _hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, _hard))
    # Data, not addresses: libraries map far more than they ever touch.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (memory << 20, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _tidied() -> float:
    """Give back what the allocator holds and return how many megabytes are resident."""
    import gc

    gc.collect()
    give_back()
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0.0


def _exactly(source: int, size: int) -> bytes:
    found = io.BytesIO()
    while found.tell() < size:
        piece = os.read(source, min(size - found.tell(), 1 << 20))
        if not piece:
            break
        found.write(piece)
    return found.getvalue()


def _write(target: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(target, left) :]


def _end_with_parent(leash: int) -> None:
    """Wait for the end of the leash, which only the parent's end brings."""
    with contextlib.suppress(OSError):
        os.read(leash, 1)
    os._exit(0)
