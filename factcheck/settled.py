"""What of a process that answers pages stays as it is? The garbage collector is told to leave it alone."""

from __future__ import annotations

import gc

from django.urls import get_resolver


def settle() -> None:
    """Load all routes, and leave whatever is loaded by now out of every later collection.

    Code, models and routes are some hundred thousand objects. Looking through them again, which Python does every
    few dozen pages, took a tenth of a second: as long as a page may take.
    """
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
