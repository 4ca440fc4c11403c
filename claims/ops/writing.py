"""Can anything be stored right now, and if not, why? Asked by /readyz; tried, not guessed.

What failed a moment ago counts as well: a disk that is full by a few kilobytes lets a small trial pass.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction

from claims.models.failures import Failure, Trouble, failure_of

#: Below this, a day's work may not fit any more.
LEAST_FREE = 50 * 1024 * 1024
_REMEMBERED = 60.0
#: What passes by itself within seconds says nothing about the next request.
_PASSING = (Trouble.LOCKED, Trouble.CONFLICT, Trouble.CROWDED)
_last: list[tuple[float, Failure]] = []


def note(failure: Failure) -> None:
    """Remember for a minute what could not be stored."""
    if failure.trouble not in _PASSING:
        _last[:] = [(time.monotonic(), failure)]


def forget() -> None:
    """Something was stored: the trouble is over."""
    _last.clear()


def trouble() -> str:
    """Return why nothing can be stored, empty where it can; never raises."""
    return _database() or _folder() or _remembered()


def _database() -> str:
    try:
        with _short_wait(), transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT current_setting('transaction_read_only')")
                    (read_only,) = cursor.fetchone()
                return Trouble.READ_ONLY.reason if read_only == "on" else ""
    except (DatabaseError, InterfaceError) as error:
        failure = failure_of(error)
        return str(failure) if failure else str(error).splitlines()[0][:200]
    return ""


@contextlib.contextmanager
def _short_wait() -> Iterator[None]:
    """Wait a second for SQLite's lock, not as long as a page would."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (before,) = cursor.fetchone()
        cursor.execute("PRAGMA busy_timeout = 1000")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {int(before)}")


def _folder() -> str:
    data = Path(settings.DATA_DIR)
    try:
        free = shutil.disk_usage(data).free
        if free < LEAST_FREE:
            return f"{Trouble.FULL.reason} ({free // 1024 // 1024} MB left for {data})"
        with tempfile.TemporaryFile(dir=data) as file:
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        failure = failure_of(error)
        return str(failure) if failure else f"{data}: {error.strerror or error}"
    return ""


def _remembered() -> str:
    for at, failure in _last:
        passed = time.monotonic() - at
        if passed < _REMEMBERED:
            return f"{failure}, {int(passed)} s ago"
    return ""
