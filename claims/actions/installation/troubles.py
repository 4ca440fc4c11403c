"""What does somebody at the command line do about a machine that fails? One sentence for each kind of failure."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection

from claims.actions.installation import sqlite_copy
from claims.models.failures import Trouble, failure_of
from claims.search.engine import EngineError
from factcheck.launch import folder

_AGAIN = "then start again"


def sentence_for(error: BaseException) -> str | None:
    """Return what happened and what to do; None for a fault of the program."""
    data = Path(settings.DATA_DIR)
    if isinstance(error, OSError) and not isinstance(error, (ConnectionError, TimeoutError)):
        inside = error.filename is not None and str(error.filename).startswith(str(data))
        return folder.told(error, data) if inside or failure_of(error) else None
    if isinstance(error, EngineError):
        return f"The search index cannot be used ({error}): remove {settings.INDEX_DIR}, {_AGAIN}; it is rebuilt."
    failure = failure_of(error)
    if failure is None:
        return None
    what = str(sqlite_copy.place()) if connection.vendor == "sqlite" else "PostgreSQL"
    detail = failure.detail or failure.trouble.reason
    match failure.trouble:
        case Trouble.FULL:
            return f"The disk that holds {what} is full ({detail}): make room, {_AGAIN}."
        case Trouble.DAMAGED:
            return (
                f"The database {what} is damaged ({detail}): put the last backup back with “./run manage restore"
                f" FILE --force”; copies made before migrations lie in {data / 'backups'}."
            )
        case Trouble.READ_ONLY | Trouble.FILES:
            return f"The database {what} can only be read ({detail}): make it writable, {_AGAIN}."
        case Trouble.LOCKED | Trouble.CONFLICT:
            return f"The database {what} is held by another process ({detail}): stop that one, {_AGAIN}."
        case _:
            advice = (
                "look at its rights" if connection.vendor == "sqlite" else "start it, or correct DATABASE_URL"
            )
            return f"The database {what} does not answer ({detail}): {advice}, {_AGAIN}."
