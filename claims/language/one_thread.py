"""How many threads do matrix products take? One, whatever the caller's environment says.

The products of the parser and the encoder are small: two threads on two busy cores are several times slower than one,
and a worker has one process a core already. The limit holds inside the calls and is lifted behind them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    # Looks for the libraries that are loaded: numpy must be, and is where its products are called.
    return ThreadpoolController()


def on_one_thread(call: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
    """Wrap a function whose matrix products are to take one thread."""

    @wraps(call)
    def limited(*args: _Given.args, **kwargs: _Given.kwargs) -> _Answer:
        with _controller().limit(limits=1, user_api="blas"):
            return call(*args, **kwargs)

    return limited
