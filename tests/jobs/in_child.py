"""Functions that a test calls in a child process; they import nothing but the standard library."""

from __future__ import annotations

import os
import sys
import time


def pid() -> int:
    return os.getpid()


def modules() -> list[str]:
    return sorted(sys.modules)


def compute() -> None:
    while True:
        sum(range(10_000))


def catastrophe() -> None:
    """Hang inside a call into C that never comes back to Python."""
    import re

    re.match(r"(a+)+$", "a" * 64 + "b")


def eat(megabytes: int) -> int:
    kept = [bytearray(1 << 20) for _ in range(megabytes)]
    return len(kept)


def die() -> None:
    os._exit(3)


def chatter() -> str:
    print("words that are no answer", flush=True)
    os.write(1, b"and more of them")
    return "answer"


def raise_ours() -> None:
    from claims.intake.types import IntakeError

    raise IntakeError("scanned", "This is a picture of a text.")


def raise_status() -> None:
    from claims.net.errors import BadStatus

    raise BadStatus("Not there.", url="https://a.example/", status=404)


def raise_other() -> None:
    raise KeyError("somewhere")


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch /tmp/never",)


def answer_evil() -> object:
    return Evil()


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def tattered(*, given_back: bool) -> float:
    """Use much memory, keep a little at its far end, and return how many megabytes more stay resident."""
    from claims.jobs.heap import give_back

    def resident() -> float:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    before = resident()
    blocks = [bytes(2_000) for _ in range(40_000)]
    blocks = blocks[-1:]
    if given_back:
        give_back()
    return resident() - before
