"""How is a PostgreSQL database copied in one state, and put back whole or not at all?

Copied table by table with COPY inside one repeatable-read transaction: every table as of one moment, no writer
stopped, and no client tools needed beside the driver. Put back inside one transaction: until its end everybody sees the
database as it was.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.db import connection, connections

from claims.actions import base
from claims.backups.manifest import Manifest

_PIECE = 1024 * 1024
_LONGEST_WAIT = "10s"


class Snapshot:
    """One moment of the database; use inside ``snapshot()``."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self.columns: dict[str, list[str]] = {}
        cursor.execute(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'"
            " AND c.is_generated = 'NEVER' ORDER BY 1, c.ordinal_position"
        )
        for table, column in cursor.fetchall():
            self.columns.setdefault(table, []).append(column)
        self.migrations: dict[str, list[str]] = {}
        if "django_migrations" in self.columns:
            cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
            for app, name in cursor.fetchall():
                self.migrations.setdefault(app, []).append(name)

    def write(self, table: str, to: Path) -> int:
        """Write the rows of one table in COPY's text format; returns how many."""
        self._cursor.execute(f"SELECT COUNT(*) FROM {_quoted(table)}")
        (count,) = self._cursor.fetchone()
        statement = f"COPY {_with_columns(table, self.columns[table])} TO STDOUT"
        with connection.wrap_database_errors, to.open("wb") as file, self._cursor.copy(statement) as rows:
            for piece in rows:
                file.write(piece)
        return int(count)

    def sequences(self) -> dict[str, tuple[str, int]]:
        """Return the highest number that each table has given; at least that of the snapshot."""
        found = {}
        for table, columns in self.columns.items():
            for column in columns:
                self._cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [_quoted(table), column])
                (sequence,) = self._cursor.fetchone()
                if sequence:
                    self._cursor.execute(f"SELECT last_value, is_called FROM {sequence}")
                    last, called = self._cursor.fetchone()
                    found[table] = (column, int(last) if called else 0)
        return found

    def column(self, table: str, name: str) -> list[str]:
        self._cursor.execute(f"SELECT {_quoted(name)} FROM {_quoted(table)}")
        return [value for (value,) in self._cursor.fetchall()]


@contextlib.contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Hold one state of the database, in a connection of its own."""
    own = connections[connection.alias].copy()
    with contextlib.closing(own):
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield Snapshot(cursor)
        own.rollback()


def insist_unused() -> None:
    """Raise Refused while anybody else is connected to this database."""
    # A pool of our own would count as somebody else.
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # of the PostgreSQL wrapper
    connection.settings_dict["OPTIONS"].pop("pool", None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        (others,) = cursor.fetchone()
    if others:
        raise base.Refused(
            f"The database is in use ({others} other connections): stop web, worker and beat first, then restore."
        )


class Replacement:
    """The tables of a backup coming into this database; use inside one transaction."""

    def __init__(self, manifest: Manifest, make_tables: Callable[[], None]) -> None:
        """Drop our tables, and have them made empty as they were when the backup was written."""
        self._manifest = manifest
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_LONGEST_WAIT}'")
            there = set(connection.introspection.table_names(cursor))
            ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
            for table in sorted(there & (ours | set(manifest.columns) | {"django_migrations"})):
                cursor.execute(f"DROP TABLE {_quoted(table)} CASCADE")
            make_tables()
            self._made = set(connection.introspection.table_names(cursor)) & set(manifest.columns)
            for table in sorted(set(manifest.columns) - self._made):
                if manifest.counts[table]:
                    raise base.Refused(
                        f"The backup holds rows of the table {table}, which its migrations do not make."
                    )
            # Making tables asks for references to be looked at at once; ours come in any order.
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(f"TRUNCATE {', '.join(map(_quoted, sorted(self._made)))} CASCADE")

    def load(self, table: str, rows: IO[bytes]) -> None:
        """Take the rows of one table."""
        if table not in self._made:
            return
        statement = f"COPY {_with_columns(table, self._manifest.columns[table])} FROM STDIN"
        with connection.cursor() as cursor:
            with connection.wrap_database_errors, cursor.copy(statement) as into:
                while piece := rows.read(_PIECE):
                    into.write(piece)
            cursor.execute(f"SELECT COUNT(*) FROM {_quoted(table)}")
            (count,) = cursor.fetchone()
        if count != self._manifest.counts[table]:
            raise base.Refused(
                f"The backup speaks of {self._manifest.counts[table]} rows of {table}; {count} came out of it."
            )

    def settle(self) -> None:
        """Look at every reference now, and let ids go on after the highest that was ever given."""
        with connection.cursor() as cursor:
            # Tables cannot be altered while references wait to be looked at.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for table, (column, last) in self._manifest.sequences.items():
                if table in self._made:
                    highest = f"(SELECT COALESCE(MAX({_quoted(column)}), 0) FROM {_quoted(table)})"
                    cursor.execute(
                        f"SELECT setval(pg_get_serial_sequence(%s, %s), GREATEST(%s, {highest}, 1),"
                        f" GREATEST(%s, {highest}) > 0)",
                        [_quoted(table), column, last, last],
                    )


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _with_columns(table: str, columns: list[str]) -> str:
    return f"{_quoted(table)} ({', '.join(map(_quoted, columns))})"
