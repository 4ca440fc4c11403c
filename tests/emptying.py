"""What does a test that commits leave behind? Nothing: the database is again as it was made.

Django's own way is to lift the guards, to truncate a hundred tables, and to make content types, permissions and
guards anew: 470 statements after each such test. Here SQLite gets its pages back, schema included; on PostgreSQL
the tables that hold rows are emptied, in a session in which no trigger fires. Refuses to wait for ever where
somebody still holds SQLite's file.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

#: Filled with the database itself, and the same for all tests.
KEPT = frozenset({"django_content_type", "auth_permission"})
PATIENCE = 60.0


class Emptying:
    """Knows a database as it was made, and makes it so again."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection: Any = connection
        self._postgresql = connection.vendor == "postgresql"
        if self._postgresql:
            names = connection.introspection.django_table_names(only_existing=True, include_views=False)
            self._tables = sorted(set(names) - KEPT)
            return
        self._pages = sqlite3.connect(":memory:", check_same_thread=False)
        connection.ensure_connection()
        self._connection.connection.backup(self._pages)

    def again(self) -> None:
        """Take back whatever was committed; raises TimeoutError where another connection does not let go."""
        if self._postgresql:
            self._delete()
            return
        until = time.monotonic() + PATIENCE

        def waited(_status: int, remaining: int, _total: int) -> None:
            if remaining and time.monotonic() > until:
                raise TimeoutError(f"Somebody held the database of the tests for {PATIENCE:.0f} s.")

        # Through a connection of its own: rows that a test did not read to their end hold the other one.
        self._connection.close()
        with contextlib.closing(sqlite3.connect(self._connection.settings_dict["NAME"])) as target:
            self._pages.backup(target, progress=waited, sleep=0.02)

    def close(self) -> None:
        if not self._postgresql:
            self._pages.close()

    def _delete(self) -> None:
        with transaction.atomic(), self._connection.cursor() as cursor:
            # Neither guards nor keys are asked: whatever holds to what, all of it goes.
            cursor.execute("SET LOCAL session_replication_role = replica")
            asked = sql.SQL(" UNION ALL ").join(
                sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, sql.Identifier(name))
                for name in self._tables
            )
            filled = [name for (name,) in cursor.execute(asked).fetchall()]
            if filled:
                cursor.execute(
                    sql.SQL("; ").join(
                        sql.SQL("DELETE FROM {}").format(sql.Identifier(one)) for one in filled
                    )
                )
