"""How is a SQLite database copied while it is written to, and put in the place of another?

Copied by SQLite's own backup interface: it reads one state, what lies in the write-ahead log included, and stops
no writer. A copy of the file alone lacks that log.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from claims.actions import base

#: Files that SQLite keeps beside a database.
BESIDE = ("-wal", "-shm", "-journal")


def place() -> Path:
    """Return where the database file lies."""
    return Path(connection.settings_dict["NAME"])


def copy(to: Path) -> None:
    """Write the present state into an empty file; raises Refused where the database is damaged."""
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with (
            contextlib.closing(
                sqlite3.connect(f"{place().resolve().as_uri()}?mode=ro", uri=True, timeout=20)
            ) as source,
            contextlib.closing(sqlite3.connect(to)) as target,
        ):
            source.backup(target)
            # One file: whoever opens the copy must not need the log of another.
            target.execute("PRAGMA journal_mode = DELETE")
        insist_sound(to, "Nothing was written")
    except sqlite3.DatabaseError as error:
        raise _told(error) from error


def _told(error: sqlite3.DatabaseError) -> Exception:
    if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return base.Refused(f"The database {place()} is damaged ({error}): restore the last backup.")
    if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return base.Refused(f"The database could not be copied: the disk is full or failing ({error}).")
    return base.Refused(f"The database could not be copied ({error}).")


def insist_sound(database: Path, and_so: str) -> None:
    """Raise Refused where SQLite finds damage in a file that nobody has open."""
    with contextlib.closing(sqlite3.connect(database)) as connected:
        try:
            (found,) = connected.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            found = str(error)
    if found != "ok":
        raise base.Refused(f"The database is damaged ({found}). {and_so}.")


def counts(database: Path) -> dict[str, int]:
    """Return how many rows each table of a copy holds."""
    with contextlib.closing(sqlite3.connect(database)) as connected:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        names = [name for (name,) in connected.execute(query)]
        return {name: connected.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in names}


def column(database: Path, table: str, name: str) -> list[str]:
    """Return one column of a copy."""
    with contextlib.closing(sqlite3.connect(database)) as connected:
        return [value for (value,) in connected.execute(f'SELECT "{name}" FROM "{table}"')]


def migrations(database: Path) -> dict[str, list[str]]:
    """Return what has been applied to a copy, application by application."""
    found: dict[str, list[str]] = {}
    with contextlib.closing(sqlite3.connect(database)) as connected:
        for app, name in connected.execute("SELECT app, name FROM django_migrations ORDER BY id"):
            found.setdefault(app, []).append(name)
    return found


def insist_unused() -> None:
    """Raise Refused while another process has the database open.

    Leaving write-ahead logging needs the file for oneself; it also brings the log into the file.
    """
    connection.close()
    if not place().exists():
        return
    with contextlib.closing(sqlite3.connect(place(), timeout=1)) as alone:
        try:
            (mode,) = alone.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return  # damaged: the caller knows
            mode = "locked"
    if mode != "delete":
        raise base.Refused(
            f"Another process has the database {place()} open: stop the workbench first, then restore."
        )


@contextlib.contextmanager
def pointing_at(database: Path) -> Iterator[None]:
    """Let every query of this process go to another file; for migrating a copy before it takes its place."""
    connection.close()
    kept = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = kept


def put_in_place(database: Path) -> None:
    """Make a finished copy the database of the installation, whole or not at all."""
    with contextlib.closing(sqlite3.connect(database)) as connected:
        connected.execute("PRAGMA journal_mode = DELETE")
    for suffix in BESIDE:
        Path(f"{database}{suffix}").unlink(missing_ok=True)
        # Of the former database; insist_unused has brought its log in, or it is damaged and set aside.
        Path(f"{place()}{suffix}").unlink(missing_ok=True)
    database.replace(place())
