"""Where does the database stand in the line of migrations, and does it hold anything? Asks, changes nothing."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

#: Tables that a fresh migration fills by itself.
_FILLED_BY_MIGRATE = frozenset({"django_migrations", "django_content_type", "auth_permission"})


def applied() -> dict[str, list[str]]:
    """Return what has been applied, application by application, in its order; empty for an empty database."""
    found: dict[str, list[str]] = {}
    recorder = MigrationRecorder(connection)
    if recorder.has_table():
        for app, name in recorder.migration_qs.order_by("id").values_list("app", "name"):
            found.setdefault(app, []).append(name)
    return found


def unknown(migrations: dict[str, list[str]] | None = None) -> list[str]:
    """Return applied migrations that this release does not have: the database is of a newer one."""
    known = MigrationLoader(None).disk_migrations or {}
    found = applied() if migrations is None else migrations
    # An application that is not installed any more leaves rows that harm nobody.
    apps = {app for app, _name in known}
    return [
        f"{app}.{name}" for app in found if app in apps for name in found[app] if (app, name) not in known
    ]


def waiting() -> list[str]:
    """Return migrations that are still to be applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate_to(migrations: dict[str, list[str]]) -> None:
    """Make the tables as they were when exactly these migrations had been applied; needs an empty database."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    wanted = {(app, name) for app in migrations for name in migrations[app]} & set(graph.nodes)
    last = [
        node for node in wanted if not any(child.key in wanted for child in graph.node_map[node].children)
    ]
    executor.migrate(sorted(last))


def apply_waiting() -> None:
    """Apply what waits, also inside one transaction; without guards, and without what follows a migration."""

    def settle(action: str, /, *_rest: object, **_named: object) -> None:
        # PostgreSQL alters no table whose references are still to be checked, which a commit would do in between.
        if connection.vendor == "postgresql" and action in ("apply_start", "apply_success"):
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    executor = MigrationExecutor(connection, settle)
    executor.migrate(executor.loader.graph.leaf_nodes())


def filled_tables() -> list[str]:
    """Return the tables that hold rows which somebody or some work has made; raises DatabaseError."""
    found = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table not in _FILLED_BY_MIGRATE:
                cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")
                if cursor.fetchone():
                    found.append(table)
    return found


def is_filled() -> bool:
    """Say whether there is anything to lose; a database that cannot be read counts as filled."""
    try:
        return bool(filled_tables())
    except DatabaseError:
        return True
