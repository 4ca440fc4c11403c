"""Rules that the database itself keeps, whoever writes: triggers on SQLite and PostgreSQL.

AuditEvent is never changed or deleted. Verdict, Release and Capture are immutable but for a redaction,
which must set ``redacted_at``. An approval by an author of the version is refused. SQLite drops triggers
when a migration rebuilds a table, so they are removed before migrations and installed after them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: table, when it fires, the condition under which it refuses, and the sentence it says."""

    name: str
    table: str
    event: str
    refuses_if: str
    says: str


def _immutable(table: str, what: str) -> list[Guard]:
    redaction = "OLD.redacted_at IS NOT NULL OR NEW.redacted_at IS NULL"
    return [
        Guard(f"{table}_frozen", table, "UPDATE", redaction, f"{what} cannot be changed."),
        Guard(f"{table}_kept", table, "DELETE", "", f"{what} cannot be deleted."),
    ]


GUARDS: tuple[Guard, ...] = (
    Guard("auditevent_frozen", "claims_auditevent", "UPDATE", "", "The audit log cannot be changed."),
    Guard("auditevent_kept", "claims_auditevent", "DELETE", "", "The audit log cannot be deleted."),
    Guard("auditdetail_kept", "claims_auditdetail", "DELETE", "", "The audit log cannot be deleted."),
    Guard(
        "auditdetail_frozen",
        "claims_auditdetail",
        "UPDATE",
        "OLD.redacted_at IS NOT NULL OR NEW.redacted_at IS NULL",
        "Details of the audit log can only be redacted.",
    ),
    *_immutable("claims_verdict", "A verdict version"),
    *_immutable("claims_release", "A release"),
    *_immutable("claims_capture", "A capture"),
    Guard(
        "approval_by_author",
        "claims_approval",
        "INSERT",
        "EXISTS (SELECT 1 FROM claims_verdictauthor a"
        " WHERE a.verdict_id = NEW.verdict_id AND a.user_id = NEW.user_id)",
        "An author of a verdict cannot approve it.",
    ),
    Guard("approval_frozen", "claims_approval", "UPDATE", "", "An approval cannot be changed."),
)
TRUNCATED = tuple(sorted({guard.table for guard in GUARDS if guard.event == "DELETE"}))


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Create every guard whose table exists; safe to call twice."""
    connection = connections[using]
    remove(using)
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in GUARDS:
            if guard.table in tables:
                for statement in _create(connection, guard):
                    cursor.execute(statement)
        if connection.vendor == "postgresql":
            for table in TRUNCATED:
                if table in tables:
                    cursor.execute(
                        f"CREATE TRIGGER guard_{table}_truncate BEFORE TRUNCATE ON {table}"
                        " FOR EACH STATEMENT EXECUTE FUNCTION guard_auditevent_kept()"
                    )


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop every guard."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in TRUNCATED:
                if table in tables:
                    cursor.execute(f"DROP TRIGGER IF EXISTS guard_{table}_truncate ON {table}")
        for guard in GUARDS:
            if connection.vendor == "postgresql":
                if guard.table in tables:
                    cursor.execute(f"DROP TRIGGER IF EXISTS guard_{guard.name} ON {guard.table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS guard_{guard.name}()")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS guard_{guard.name}")


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the names of guards that the database lacks."""
    connection = connections[using]
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    wanted = [f"guard_{guard.name}" for guard in GUARDS]
    if connection.vendor == "postgresql":
        wanted += [f"guard_{table}_truncate" for table in TRUNCATED]
    return [name for name in wanted if name not in present]


def _create(connection: BaseDatabaseWrapper, guard: Guard) -> list[str]:
    name = f"guard_{guard.name}"
    says = guard.says.replace("'", "''")
    if connection.vendor == "postgresql":
        condition = f"IF {guard.refuses_if} THEN " if guard.refuses_if else ""
        end = "END IF; " if guard.refuses_if else ""
        row = "OLD" if guard.event == "DELETE" else "NEW"
        raising = f"RAISE EXCEPTION '{says}' USING ERRCODE = 'restrict_violation'; "
        return [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {condition}{raising}{end}RETURN {row}; END $$",
            f"CREATE TRIGGER {name} BEFORE {guard.event} ON {guard.table}"
            f" FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    when = f" WHEN {guard.refuses_if}" if guard.refuses_if else ""
    return [
        f"CREATE TRIGGER {name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW{when}"
        f" BEGIN SELECT RAISE(ABORT, '{says}'); END"
    ]


def on_pre_migrate(*, using: str, **_: Any) -> None:
    remove(using)


def on_post_migrate(*, using: str, **_: Any) -> None:
    install(using)
