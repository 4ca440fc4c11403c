"""The copy that test processes begin with is made anew when it has to be, and is what migrations make."""

from __future__ import annotations

import shutil
from pathlib import Path
from unittest import mock

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from claims.models import guards
from tests import template_database


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The sources that say what an empty database holds, to be changed."""
    for source in template_database._SOURCES:
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        there = template_database.ROOT / source
        (shutil.copytree if there.is_dir() else shutil.copy)(there, tmp_path / source)
    return tmp_path


@pytest.mark.parametrize(
    "source",
    [
        "claims/migrations/0001_initial.py",
        "claims/models/guard_rules.py",
        "claims/models/users.py",
        "claims/apps.py",
    ],
)
def test_whatever_changes_an_empty_database_changes_the_stamp(tree: Path, source: str) -> None:
    with mock.patch.object(template_database, "ROOT", tree):
        before = template_database.stamp()
        assert before == template_database.stamp()
        (tree / source).write_text((tree / source).read_text() + "\n")
        assert template_database.stamp() != before


def test_a_new_migration_and_one_that_is_gone_change_the_stamp(tree: Path) -> None:
    with mock.patch.object(template_database, "ROOT", tree):
        before = template_database.stamp()
        added = tree / "claims/migrations/9999_more.py"
        added.write_text("")
        assert template_database.stamp() != before
        added.unlink()
        assert template_database.stamp() == before


@pytest.mark.django_db
def test_the_database_of_this_test_is_what_all_migrations_make() -> None:
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert guards.faults() == {}
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert tables <= set(connection.introspection.table_names())


@pytest.mark.embedded
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file is copied on SQLite only")
def test_half_a_copy_is_never_taken_for_one(tmp_path: Path) -> None:
    store = template_database._File(connection, tmp_path)
    (tmp_path / "abc.sqlite3-part77").write_bytes(b"half")
    assert not store.holds("abc")


@pytest.mark.embedded
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file is copied on SQLite only")
def test_the_log_of_a_run_that_was_ended_is_not_played_into_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = template_database._File(connection, tmp_path)
    store._path("abc").write_bytes(b"whole")
    name = tmp_path / "test.sqlite3"
    for left in ("", "-wal", "-shm"):
        Path(f"{name}{left}").write_bytes(b"of the run before")
    monkeypatch.setattr(type(connection.creation), "_create_test_db", lambda _creation: str(name))
    with store.used("abc"):
        connection.creation._create_test_db()
    assert name.read_bytes() == b"whole"
    assert [one.name for one in tmp_path.glob("test.*")] == ["test.sqlite3"]
