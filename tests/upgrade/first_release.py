"""A filled installation of the first release, from its stored dump: ``make_dumps.py`` says how that was made."""

from __future__ import annotations

import contextlib
import json
import lzma
import os
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from claims.models.guards import GUARDS

ROOT = Path(__file__).resolve().parents[2]
STORED = Path(__file__).with_name("first")
PROBE = Path(__file__).with_name("probe.py")


@dataclass
class Installation:
    """A data folder with its database; commands run in processes of their own, as an operator runs them."""

    data: Path
    database: str  # empty for SQLite
    facts: dict[str, Any]

    @property
    def vendor(self) -> str:
        return "postgresql" if self.database else "sqlite"

    @property
    def env(self) -> dict[str, str]:
        plain = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ELASTICSEARCH_", "REDIS_", "FACTCHECK_", "DJANGO_"))
        }
        return {**plain, "FACTCHECK_DATA": str(self.data), "DATABASE_URL": self.database}

    def manage(self, *words: str, well: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one management command; with ``well`` a failure is the test's."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not well or done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done

    def look(
        self, commands: list[list[str]], requests: list[dict[str, Any]]
    ) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
        """Run commands, then send requests to the pages, in one process; return what came of both."""
        script = (
            f"COMMANDS = {json.dumps(commands)!r}\nREQUESTS = {json.dumps(requests)!r}\n"
            f"exec(open({str(PROBE)!r}).read())"
        )
        found = json.loads(self.manage("shell", "-v0", "-c", script).stdout)
        return found["commands"], found["answers"]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        if self.database:
            with psycopg.connect(self.database) as opened:
                return opened.execute(query).fetchall()
        with contextlib.closing(sqlite3.connect(self.data / "desk.sqlite3")) as opened:
            return opened.execute(query).fetchall()

    def tables(self) -> dict[str, list[str]]:
        """Return the columns of every table of ours."""
        if self.database:
            found = self.rows(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' ORDER BY 1, ordinal_position"
            )
        else:
            found = self.rows(
                "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
                " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"
            )
        tables: dict[str, list[str]] = {}
        for table, column in found:
            tables.setdefault(table, []).append(column)
        return tables

    def guards(self) -> set[str]:
        query = (
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
            if self.database
            else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        )
        return {name for (name,) in self.rows(query)}

    def wanted_guards(self) -> set[str]:
        """Return the guards of this release, by their names in the database."""
        return {f"guard_{guard.name}" for guard in GUARDS if guard.only in ("", self.vendor)}

    def size(self) -> int:
        """Return the bytes that the database takes on disk."""
        if self.database:
            return int(self.rows("SELECT pg_database_size(current_database())")[0][0])
        return sum(path.stat().st_size for path in self.data.glob("desk.sqlite3*"))


@contextlib.contextmanager
def first_release(data: Path, database: str) -> Iterator[Installation]:
    """Load the dump into an empty folder, and into a database of this name that is made and dropped."""
    vendor = "postgresql" if database else "sqlite"
    with tarfile.open(STORED / f"{vendor}-files.tar.xz") as tar:
        tar.extractall(data, filter="data")
    facts = json.loads((STORED / f"{vendor}.json").read_text("utf-8"))
    if not database:
        (data / "desk.sqlite3").write_bytes(lzma.decompress((STORED / "sqlite.xz").read_bytes()))
        yield Installation(data, "", facts)
        return
    with empty_database(database):
        with psycopg.connect(database, autocommit=True) as opened:
            opened.execute(lzma.decompress((STORED / "postgresql.sql.xz").read_bytes()))
        yield Installation(data, database, facts)


def database_for(purpose: str) -> str:
    """Return the address of a further database on the server of this test run; empty on SQLite."""
    if connection.vendor != "postgresql":
        return ""
    parts = settings.DATABASES["default"]
    return (
        f"postgres://{parts['USER']}:{parts['PASSWORD']}@{parts['HOST']}:{parts['PORT'] or 5432}"
        f"/{parts['NAME']}_{purpose}"
    )


@contextlib.contextmanager
def empty_database(address: str) -> Iterator[None]:
    """Make the database that the address names, and drop it afterwards; nothing to do for SQLite."""
    if not address:
        yield
        return
    parts = urlsplit(address)
    server, name = urlunsplit(parts._replace(path="/postgres")), sql.Identifier(parts.path.lstrip("/"))
    with psycopg.connect(server, autocommit=True) as opened:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name)
        opened.execute(drop)
        opened.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield
        finally:
            opened.execute(drop)
