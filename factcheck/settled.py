"""What of a process that answers pages or runs jobs stays as it is? The garbage collector is told to leave it alone."""

from __future__ import annotations

import gc
import itertools
from typing import Any

from django.urls import get_resolver

#: At every how many whole collections what was left alone is looked through as well.
ANEW = 100
_collections = itertools.count(1)


def settle() -> None:
    """Load all routes, and leave whatever is loaded by now out of every later collection.

    Code, models and routes are some hundred thousand objects. Looking through them again, which Python does every
    few dozen pages, took a tenth of a second: as long as a page may take.
    """
    _ = get_resolver().url_patterns
    leave_alone()


def leave_alone() -> None:
    """Leave whatever is loaded by now out of every later collection; processes forked from this one inherit that."""
    gc.collect()
    gc.freeze()
    if _leave_alone not in gc.callbacks:
        gc.callbacks.append(_leave_alone)


def _leave_alone(phase: str, told: dict[str, Any]) -> None:
    """Leave out what a whole collection found in use as well: templates and questions that pages have kept since.

    What another thread had in hand at that moment is among it, and may end up in a circle that nobody finds. So once
    in a hundred times everything is looked through again.
    """
    if phase != "stop" or told["generation"] < 2:
        return
    if next(_collections) % ANEW:
        gc.freeze()
    else:
        gc.unfreeze()
