"""The installation's search engine, opened once per process: one for reading, one for the index writer."""

from __future__ import annotations

import threading
from pathlib import Path

from django.conf import settings

from claims.search.engine import Engine
from claims.search.factory import elasticsearch_engine, embedded_engine

_lock = threading.Lock()
_open: dict[tuple[str, bool], Engine] = {}


def name() -> str:
    """Return the name of the engine in use, without opening it."""
    return str(settings.SEARCH_ENGINE)


def _key(*, writable: bool) -> tuple[str, bool]:
    place = settings.ELASTICSEARCH["url"] + "/" + settings.ELASTICSEARCH["prefix"]
    return (str(settings.INDEX_DIR) if settings.SEARCH_ENGINE == "embedded" else place, writable)


def _engine(*, writable: bool) -> Engine:
    key = _key(writable=writable)
    with _lock:
        engine = _open.get(key)
        if engine is None:
            if settings.SEARCH_ENGINE == "embedded":
                engine = embedded_engine(Path(settings.INDEX_DIR), writable=writable)
            else:
                engine = elasticsearch_engine(settings.ELASTICSEARCH)
            _open[key] = engine
        return engine


def reader() -> Engine:
    """Return the engine for searches; it never writes."""
    return _engine(writable=False)


def writer() -> Engine:
    """Return the engine of the index job, the only writer."""
    return _engine(writable=True)


def is_open() -> bool:
    """Tell whether this process has the writing engine open."""
    with _lock:
        return _key(writable=True) in _open


def close_all() -> None:
    """Close what this process has open: at its end, and between tests."""
    with _lock:
        for engine in _open.values():
            engine.close()
        _open.clear()
