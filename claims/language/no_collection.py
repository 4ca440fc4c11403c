"""Does the garbage collector run while an article is split or a claim is searched? No: it finds next to nothing there.

Both make tens of thousands of small values and few cycles; each few hundred of them would start a search through
everything that lives, which took a fifteenth of a split and a third of a search. What is dropped meanwhile is freed by
its count as ever; who works long lets what is new be looked through now and then (``collect_new``).
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar


def collect_new() -> None:
    """Free cycles among what was made since the last time, in a few milliseconds."""
    gc.collect(1)


_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


def without_collection(call: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
    """Wrap a function so that no collection of cycles starts inside; one that was off before stays off."""

    @wraps(call)
    def undisturbed(*args: _Given.args, **kwargs: _Given.kwargs) -> _Answer:
        if not gc.isenabled():
            return call(*args, **kwargs)
        gc.disable()
        try:
            return call(*args, **kwargs)
        finally:
            gc.enable()

    return undisturbed
