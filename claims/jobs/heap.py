"""How does a process that lives long give back what one piece of work took? The C library keeps it otherwise."""

from __future__ import annotations

import contextlib
import ctypes
from functools import lru_cache
from typing import Any


def give_back() -> None:
    """Return freed memory to the system, a few milliseconds; does nothing where the C library is not glibc."""
    trim = _trim()
    if trim is not None:
        trim(0)


@lru_cache(maxsize=1)
def _trim() -> Any:
    with contextlib.suppress(OSError, AttributeError):
        return ctypes.CDLL(None).malloc_trim
    return None
