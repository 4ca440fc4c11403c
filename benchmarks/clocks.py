"""How long does a call take, by the clock and of processor?"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def timed(call: Callable[[], Any]) -> tuple[float, float]:
    """Return milliseconds by the clock, and of processor in all threads of this process."""
    begun, before = time.perf_counter(), time.process_time()
    call()
    return (time.perf_counter() - begun) * 1000, (time.process_time() - before) * 1000
