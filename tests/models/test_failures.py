"""What the machine could not do is told from what the program does wrong, on both databases."""

from __future__ import annotations

import errno
import sqlite3

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, InternalError, OperationalError
from django.db.transaction import TransactionManagementError
from psycopg import errors

from claims.models.failures import Trouble, failure_of


@pytest.mark.parametrize(
    ("words", "trouble"),
    [
        ("database is locked", Trouble.LOCKED),
        ("database table is locked: claims_job", Trouble.LOCKED),
        ("canceling statement due to lock timeout", Trouble.LOCKED),
        ("canceling statement due to statement timeout", Trouble.LOCKED),
        ("database or disk is full", Trouble.FULL),
        ('could not extend file "base/1/2": No space left on device', Trouble.FULL),
        ("disk I/O error", Trouble.DAMAGED),
        ("database disk image is malformed", Trouble.DAMAGED),
        ("attempt to write a readonly database", Trouble.READ_ONLY),
        ("cannot execute INSERT in a read-only transaction", Trouble.READ_ONLY),
        ("unable to open database file", Trouble.GONE),
        ("server closed the connection unexpectedly", Trouble.GONE),
        ("connection failed: Connection refused", Trouble.GONE),
        ("the database system is in recovery mode", Trouble.GONE),
        ("the database system is shutting down", Trouble.GONE),
        ("terminating connection due to administrator command", Trouble.GONE),
        ("sorry, too many clients already", Trouble.CROWDED),
        ("remaining connection slots are reserved for roles", Trouble.CROWDED),
        ("couldn't get a connection after 10.00 sec", Trouble.CROWDED),
        ("could not serialize access due to concurrent update", Trouble.CONFLICT),
        ("deadlock detected", Trouble.CONFLICT),
        ("something that nobody has heard of", Trouble.GONE),
    ],
)
def test_what_it_says(words: str, trouble: Trouble) -> None:
    found = failure_of(OperationalError(words))
    assert found is not None
    assert found.trouble is trouble
    assert words in str(found)


@pytest.mark.parametrize(
    ("cause", "trouble"),
    [
        (errors.SerializationFailure, Trouble.CONFLICT),
        (errors.DeadlockDetected, Trouble.CONFLICT),
        (errors.LockNotAvailable, Trouble.LOCKED),
        (errors.QueryCanceled, Trouble.LOCKED),
        (errors.DiskFull, Trouble.FULL),
        (errors.TooManyConnections, Trouble.CROWDED),
        (errors.OutOfMemory, Trouble.CROWDED),
        (errors.ReadOnlySqlTransaction, Trouble.READ_ONLY),
        (errors.AdminShutdown, Trouble.GONE),
        (errors.CrashShutdown, Trouble.GONE),
        (errors.CannotConnectNow, Trouble.GONE),
        (errors.ConnectionFailure, Trouble.GONE),
        (errors.IoError, Trouble.DAMAGED),
        (errors.DataCorrupted, Trouble.DAMAGED),
    ],
)
def test_what_postgresql_means_by_its_code(cause: type[psycopg.Error], trouble: Trouble) -> None:
    """In whatever language the server speaks, and under whatever class Django raises it."""
    for kind in (OperationalError, InternalError):
        error = kind("auf gut Deutsch")
        error.__cause__ = cause()
        found = failure_of(error)
        assert found is not None
        assert found.trouble is trouble


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (sqlite3.SQLITE_BUSY, Trouble.LOCKED),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Trouble.LOCKED),
        (sqlite3.SQLITE_FULL, Trouble.FULL),
        (sqlite3.SQLITE_IOERR_WRITE, Trouble.DAMAGED),
        (sqlite3.SQLITE_READONLY_DBMOVED, Trouble.READ_ONLY),
        (sqlite3.SQLITE_NOTADB, Trouble.DAMAGED),
        (sqlite3.SQLITE_CANTOPEN, Trouble.GONE),
    ],
)
def test_what_sqlite_means_by_its_code(code: int, trouble: Trouble) -> None:
    error = DatabaseError("x")
    error.__cause__ = cause = sqlite3.DatabaseError("x")
    cause.sqlite_errorcode = code
    found = failure_of(error)
    assert found is not None
    assert found.trouble is trouble


def test_a_disk_without_room_is_told_and_a_missing_file_is_not() -> None:
    for number, trouble in (
        (errno.ENOSPC, Trouble.FULL),
        (errno.EROFS, Trouble.FILES),
        (errno.EIO, Trouble.DAMAGED),
    ):
        found = failure_of(OSError(number, "x"))
        assert found is not None
        assert found.trouble is trouble
    assert failure_of(FileNotFoundError(errno.ENOENT, "x")) is None


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError("UNIQUE constraint failed"),
        OperationalError("no such table: claims_desk"),
        OperationalError('near "SELEC": syntax error'),
        DatabaseError("Save with update_fields did not affect any rows."),
        ValueError("database is locked"),
        None,
    ],
)
def test_a_fault_of_the_program_stays_one(error: Exception | None) -> None:
    assert failure_of(error) is None


def test_what_broke_a_transaction_is_found_behind_it() -> None:
    error = TransactionManagementError("You can't execute queries until the end of the 'atomic' block.")
    error.__cause__ = OperationalError("database is locked")
    found = failure_of(error)
    assert found is not None
    assert found.trouble is Trouble.LOCKED


def test_a_closed_connection_is_told() -> None:
    found = failure_of(InterfaceError("the connection is closed"))
    assert found is not None
    assert found.trouble is Trouble.GONE
