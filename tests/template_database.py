"""With which database does a test process begin? With a copy of one that was migrated once.

Running all migrations takes 8 s of processor; every process of pytest-xdist did so, on every start. The first
one that needs a database still does, and leaves a copy of it behind for the others and for later runs: a file on
SQLite, a template on PostgreSQL. It is made anew whenever what fills an empty database has changed. Over a copy
Django still runs ``migrate``, which has nothing left to do but install the guards.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).resolve().parents[1]
#: What an empty database holds comes from here: tables, guards, permissions.
_SOURCES = (
    "claims/migrations",
    "claims/models",
    "claims/apps.py",
    "claims/vocabulary.py",
    "factcheck/settings.py",
)
_PACKAGES = ("Django", "django-axes", "psycopg")


def stamp() -> str:
    """Return a word that changes with whatever could make a freshly migrated database another one."""
    read = hashlib.sha256()
    for source in _SOURCES:
        path = ROOT / source
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            read.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    versions = [f"{name} {version(name)}" for name in _PACKAGES]
    read.update(repr([*versions, sqlite3.sqlite_version, sys.version_info[:2]]).encode())
    return read.hexdigest()[:16]


class Template:
    """The database to copy, and the right to make it."""

    def __init__(self, connection: BaseDatabaseWrapper, folder: Path) -> None:
        self._connection = connection
        self._folder = folder
        self._wanted = stamp()
        self._store: _File | _Database = (
            _Database(connection) if connection.vendor == "postgresql" else _File(connection, folder)
        )

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let Django make its test database inside the block: from the copy where there is one.

        Where there is none, other processes wait until this one has made it.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._store.holds(self._wanted):
                fcntl.flock(lock, fcntl.LOCK_UN)
                with self._store.used(self._wanted):
                    yield
            else:
                yield
                self._store.keep(self._wanted)


class _File:
    """A file beside the others of pytest's cache."""

    def __init__(self, connection: BaseDatabaseWrapper, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    def _path(self, wanted: str) -> Path:
        return self._folder / f"{wanted}.sqlite3"

    def holds(self, wanted: str) -> bool:
        return self._path(wanted).is_file()

    @contextmanager
    def used(self, wanted: str) -> Iterator[None]:
        creation: Any = self._connection.creation
        made = creation._create_test_db

        def copied(*given: Any, **named: Any) -> str:
            name = made(*given, **named)
            # A run that was ended by force leaves its log: it would be played into the copy.
            for left in ("-wal", "-shm"):
                Path(f"{name}{left}").unlink(missing_ok=True)
            Path(name).write_bytes(self._path(wanted).read_bytes())
            return str(name)

        creation._create_test_db = copied
        try:
            yield
        finally:
            del creation._create_test_db

    def keep(self, wanted: str) -> None:
        for old in self._folder.glob("*.sqlite3*"):
            old.unlink()
        # Whole or not at all: a run that is broken off leaves no half of a template.
        part = self._folder / f"{wanted}.sqlite3-part{os.getpid()}"
        with sqlite3.connect(self._connection.settings_dict["NAME"]) as source:
            source.execute("VACUUM INTO ?", [str(part)])
        source.close()
        part.rename(self._path(wanted))


class _Database:
    """A database of its own for each checkout, with the stamp as its comment."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection: Any = connection
        place = hashlib.sha256(f"{ROOT} {connection.settings_dict['NAME']}".encode()).hexdigest()[:8]
        self._name = f"template_{place}"

    def holds(self, wanted: str) -> bool:
        with self._connection._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
                [self._name],
            )
            return bool(cursor.fetchone() == (wanted,))

    @contextmanager
    def used(self, wanted: str) -> Iterator[None]:
        settings = self._connection.settings_dict["TEST"]
        settings["TEMPLATE"] = self._name
        try:
            yield
        finally:
            settings["TEMPLATE"] = None

    def keep(self, wanted: str) -> None:
        name = self._connection.settings_dict["NAME"]
        self._connection.close()
        self._connection.close_pool()
        with self._connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{self._name}"')
            cursor.execute(f'CREATE DATABASE "{self._name}" TEMPLATE "{name}"')
            cursor.execute(f"COMMENT ON DATABASE \"{self._name}\" IS '{wanted}'")
