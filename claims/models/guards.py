"""How are the guards kept in the database? As triggers on SQLite and PostgreSQL (ADR-0002).

SQLite drops triggers when a migration rebuilds a table, so they are removed before migrations and installed
after them. A guard that is gone, disabled or written otherwise than today is named. Refuses nothing to who may
drop triggers: the owner of the tables, a replication session.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from claims.models.guard_rules import DELETE, GUARDS, INSERT, TRUNCATE, UPDATE, Guard, changed

TRUNCATED = tuple(sorted({guard.table for guard in GUARDS if guard.event == TRUNCATE}))


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Create every guard whose table exists, and drop whatever guard was there; safe to call twice."""
    connection = connections[using]
    remove(using)
    _run(connection, [statement for one in _wanted(connection) for statement in one.create])


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop every guard, those of earlier versions included."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        # PostgreSQL drops no trigger of a table whose foreign keys are still to be checked.
        statements = ["SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"]
        statements += [
            f"DROP TRIGGER {name} ON {table}" for name, (table, _is) in _standing(connection).items()
        ]
        statements += [f"DROP FUNCTION {name}()" for name in _functions(connection)]
    else:
        statements = [f"DROP TRIGGER {name}" for name in _standing(connection)]
    _run(connection, statements)


@contextmanager
def lifted(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Work without guards: for databases of tests and benchmarks, which are thrown away."""
    remove(using)
    try:
        yield
    finally:
        install(using)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the guards that the database lacks, and those that it holds otherwise than they are written."""
    return [*faults(using)]


def faults(using: str = DEFAULT_DB_ALIAS) -> dict[str, str]:
    """Return what is wrong with which guard: ``missing``, or ``changed`` where its SQL is not today's."""
    connection = connections[using]
    standing = _standing(connection)
    found = {}
    for one in _wanted(connection, every=True):
        if one.name not in standing:
            found[one.name] = "missing"
        elif standing[one.name] != (one.table, one.stands_as):
            found[one.name] = "changed"
    return found


@dataclass(frozen=True, slots=True)
class _Trigger:
    """A guard as one database writes it: what creates it, and what the catalogue then says of it."""

    name: str
    table: str
    create: tuple[str, ...]
    stands_as: str


def _wanted(connection: BaseDatabaseWrapper, *, every: bool = False) -> Iterator[_Trigger]:
    tables = set(connection.introspection.table_names())
    columns: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for guard in GUARDS:
            if guard.only not in ("", connection.vendor) or not (every or guard.table in tables):
                continue
            if guard.free and guard.table in tables and guard.table not in columns:
                cursor.execute(f"SELECT * FROM {guard.table} LIMIT 0")
                columns[guard.table] = [row[0] for row in cursor.description]
            yield _trigger(connection, guard, columns.get(guard.table, []))


#: Bits of ``pg_trigger.tgtype``: before a row, or before a statement.
_BITS = {INSERT: 1 + 2 + 4, DELETE: 1 + 2 + 8, UPDATE: 1 + 2 + 16, TRUNCATE: 2 + 32}


def _trigger(connection: BaseDatabaseWrapper, guard: Guard, columns: Iterable[str]) -> _Trigger:
    name = f"guard_{guard.name}"
    says = guard.says.replace("'", "''")
    others = changed(*(one for one in columns if one not in guard.free))
    condition = guard.refuses_if.replace("{others}", others)
    if connection.vendor == "postgresql":
        test, end = (f"IF {condition} THEN ", "END IF; ") if condition else ("", "")
        given = {DELETE: "OLD", TRUNCATE: "NULL"}.get(guard.event, "NEW")
        raising = f"RAISE EXCEPTION '{says}' USING ERRCODE = 'restrict_violation'; "
        body = f" BEGIN {test}{raising}{end}RETURN {given}; END "
        each = "STATEMENT" if guard.event == TRUNCATE else "ROW"
        create = (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
            f"CREATE TRIGGER {name} BEFORE {guard.event} ON {guard.table}"
            f" FOR EACH {each} EXECUTE FUNCTION {name}()",
        )
        return _Trigger(name, guard.table, create, f"{_BITS[guard.event]} O {name}{body}")
    # Said as every version of SQLite that Django runs on understands it.
    condition = condition.replace("IS NOT DISTINCT FROM", "IS").replace("IS DISTINCT FROM", "IS NOT")
    when = f" WHEN {condition}" if condition else ""
    sql = (
        f"CREATE TRIGGER {name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW{when}"
        f" BEGIN SELECT RAISE(ABORT, '{says}'); END"
    )
    return _Trigger(name, guard.table, (sql,), sql)


def _standing(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, str]]:
    """Return the guards that are there, with their table and what the catalogue says of them.

    A trigger that was disabled, narrowed to some columns, or moved to another function differs in it.
    """
    query = r"SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard\_%' ESCAPE '\'"
    if connection.vendor == "postgresql":
        query = (
            "SELECT t.tgname, c.relname, t.tgtype || ' ' || t.tgenabled::text || ' ' || p.proname"
            " || CASE WHEN t.tgqual IS NULL THEN '' ELSE ' when' END"
            " || CASE WHEN t.tgattr::text = '' THEN '' ELSE ' of' END || p.prosrc"
            " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
            r" AND t.tgname LIKE 'guard\_%'"
        )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name: (table, described) for name, table, described in cursor.fetchall()}


def _functions(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE prorettype = 'trigger'::regtype"
            r" AND pronamespace = current_schema()::regnamespace AND proname LIKE 'guard\_%'"
        )
        return [name for (name,) in cursor.fetchall()]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    if not statements:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("; ".join(statements))
            return
        for statement in statements:
            cursor.execute(statement)


def on_pre_migrate(*, using: str, **_: Any) -> None:
    remove(using)


def on_post_migrate(*, using: str, **_: Any) -> None:
    install(using)


__all__ = ["GUARDS", "TRUNCATED", "Guard", "faults", "install", "lifted", "missing", "remove"]
