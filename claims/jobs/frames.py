"""Room for the frames of deep calls, in one piece.

CPython keeps frames in chunks of 16 KB and hands a chunk back as soon as its first frame ends. A loop that happens to
run at such a border asks the kernel for memory and returns it with every call: up to a quarter of a page's processor
time (https://github.com/python/cpython/issues/142183; later releases from 3.13 on keep one chunk). A frame that asks
for much by itself gets a chunk that holds what is called from it as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")

#: Values that one frame says it may need: over a megabyte, so its chunk is of two, of which none but what calls use is
#: ever touched.
_ROOM = 132_000


def call_with_room(function: Callable[_P, _R], /, *arguments: _P.args, **named: _P.kwargs) -> _R:
    """Call the function with room for some two thousand frames below it."""
    return function(*arguments, **named)


call_with_room.__code__ = call_with_room.__code__.replace(co_stacksize=_ROOM)
