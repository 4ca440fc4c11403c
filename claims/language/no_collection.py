"""Does the garbage collector run while an article is split? No: it finds nothing there and costs a fifteenth.

Splitting makes tens of thousands of small values and no cycles; each few hundred of them would start a search
through everything that lives. What is dropped meanwhile is freed by its count as ever.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

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
