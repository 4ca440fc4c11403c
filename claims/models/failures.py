"""Why could it not be stored, and when is it worth trying again? Names what the machine could not do.

A database that is locked, full, read-only, gone or damaged, writers that met each other, a disk without room:
these pass, or an operator ends them. Everything else is a fault of the program and is not named here.
"""

from __future__ import annotations

import errno
import re
import sqlite3
from dataclasses import dataclass
from enum import Enum

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
)
from django.db.transaction import TransactionManagementError


class Trouble(Enum):
    """A kind of failure: what an operator reads, and after how many seconds a client may try again."""

    LOCKED = ("the database is locked by another writer", 5)
    CONFLICT = ("two writers met at the same rows", 2)
    CROWDED = ("the database accepts no more connections", 10)
    GONE = ("the database does not answer", 15)
    READ_ONLY = ("the database is read-only", 60)
    FULL = ("the disk is full", 120)
    DAMAGED = ("the database or its disk is damaged", 300)
    FILES = ("the data folder cannot be written", 60)

    def __init__(self, reason: str, retry_after: int) -> None:
        self.reason = reason
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure as it happened; ``detail`` is the first line of what the database or the system said."""

    trouble: Trouble
    detail: str

    def __str__(self) -> str:
        return f"{self.trouble.reason} ({self.detail})" if self.detail else self.trouble.reason


_SQLITE = {
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_IOERR: Trouble.DAMAGED,
    sqlite3.SQLITE_CORRUPT: Trouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: Trouble.DAMAGED,
    sqlite3.SQLITE_CANTOPEN: Trouble.GONE,
}
#: SQLSTATE of PostgreSQL, whole or its class (the appendix of its manual).
_POSTGRESQL = {
    "40001": Trouble.CONFLICT,
    "40P01": Trouble.CONFLICT,
    "55P03": Trouble.LOCKED,
    "57014": Trouble.LOCKED,
    "25006": Trouble.READ_ONLY,
    "53100": Trouble.FULL,
    "53": Trouble.CROWDED,
    "08": Trouble.GONE,
    "57": Trouble.GONE,
    "58": Trouble.DAMAGED,
    "XX": Trouble.DAMAGED,
}
_WORDS = (
    (r"no space left|disk is full|disk full|quota exceeded", Trouble.FULL),
    (r"could not serialize|deadlock", Trouble.CONFLICT),
    (r"is locked|lock timeout|statement timeout|could not obtain lock", Trouble.LOCKED),
    (r"read-?only", Trouble.READ_ONLY),
    (r"too many (clients|connections)|connection slots|couldn't get a connection", Trouble.CROWDED),
    (r"disk i/o error|malformed|not a database|could not (read|write) ", Trouble.DAMAGED),
    (r"connect|recovery|shutting down|starting up|closed|terminat|unable to open", Trouble.GONE),
)
_FAULTS_OF_OURS = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
_FILES = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EFBIG: Trouble.FULL,
    errno.EROFS: Trouble.FILES,
    errno.EACCES: Trouble.FILES,
    errno.EPERM: Trouble.FILES,
    errno.EMFILE: Trouble.FILES,
    errno.ENFILE: Trouble.FILES,
    errno.EIO: Trouble.DAMAGED,
}


def failure_of(error: BaseException | None) -> Failure | None:
    """Return what the machine could not do; None for a fault of the program."""
    if isinstance(error, (TransactionManagementError, UpdateError, SessionInterrupted)):
        # Somebody went on in a transaction that had failed, or a session could not be stored and Django guesses
        # that it was deleted: what failed before is the reason.
        return failure_of(error.__cause__ or error.__context__)
    if isinstance(error, OSError):
        trouble = _FILES.get(error.errno or 0)
        return Failure(trouble, error.strerror or "") if trouble else None
    if not isinstance(error, (DatabaseError, InterfaceError)) or isinstance(error, _FAULTS_OF_OURS):
        return None
    said = (str(error).strip().splitlines() or [""])[0][:200]
    trouble = _by_code(error.__cause__) or _by_words(said)
    if trouble is None and isinstance(error, (OperationalError, InterfaceError)):
        code = getattr(error.__cause__, "sqlite_errorcode", None)
        # SQLite says so as well of a statement that it does not understand.
        unreadable = code == sqlite3.SQLITE_ERROR or re.match(r"no such |near ", said)
        trouble = None if unreadable else Trouble.GONE
    return Failure(trouble, said) if trouble else None


def _by_code(cause: BaseException | None) -> Trouble | None:
    number = getattr(cause, "sqlite_errorcode", None)
    if isinstance(number, int):
        return _SQLITE.get(number & 0xFF)
    state = getattr(cause, "sqlstate", None)
    if isinstance(state, str):
        return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    return None


def _by_words(said: str) -> Trouble | None:
    return next((trouble for words, trouble in _WORDS if re.search(words, said, re.IGNORECASE)), None)
