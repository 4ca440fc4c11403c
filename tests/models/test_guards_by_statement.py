"""Every guarded table against every form of statement that writes: what comes of it, on both databases.

The expectation is written down once: nothing changes and the database says so, but for the columns of
``MAY_CHANGE``. A column that is added to a guarded table is frozen until somebody writes it down here.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from claims.models import (
    Approval,
    AuditDetail,
    AuditEvent,
    Capture,
    FactCheck,
    Point,
    Release,
    Review,
    Verdict,
    VerdictAuthor,
    guard_rules,
    guards,
)
from tests.builders import article, moment
from tests.checks_made import corrected, published
from tests.people import Cast, make_cast

MODELS: dict[str, type[models.Model]] = {
    model._meta.db_table: model
    for model in (
        Approval,
        AuditDetail,
        AuditEvent,
        Capture,
        FactCheck,
        Point,
        Release,
        Review,
        Verdict,
        VerdictAuthor,
    )
}
#: The columns that an UPDATE may set to anything; every other one of a guarded table is frozen.
MAY_CHANGE: dict[str, set[str]] = {
    "claims_factcheck": {
        "publisher", "url", "raw", "claim_text", "claimant_name", "rating_label", "finding", "language",
        "made_on", "made_on_earliest", "site", "language_key", "claimant_key", "topic_keys", "newest_on",
        "first_published_at", "modified_at", "version", "foreign_label_id", "changed_there_at",
    },
    "claims_review": {
        "created_at", "state", "closed_reason", "closed_note", "assignee_id", "lease_user_id", "lease_until",
        "release_kind", "public_note", "publish_at", "held", "returned_note", "state_at", "version",
    },
}  # fmt: skip
SQLITE = pytest.mark.embedded
TABLES = sorted(MODELS)


def postgresql(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test of a statement that only PostgreSQL knows."""
    elsewhere = connection.vendor != "postgresql"
    return pytest.mark.postgresql(pytest.mark.skipif(elsewhere, reason="needs PostgreSQL")(test))


@dataclass(frozen=True)
class Scene:
    """Two published checks, one of them corrected; for each guarded table a row, and another one."""

    cast: Cast
    row: Mapping[str, models.Model]
    other: Mapping[str, models.Model]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    with django_db_blocker.unblock(), transaction.atomic():
        cast = make_cast()
        points = (("How many cars?", "412 cars.", "Refuted"), ("Who counted?", "The road office.", ""))
        first, second = published(cast, points=points), published(cast, points=points)
        corrected(cast, first, moment(1))
        article(cast)
        article(cast, "A second text of another day, with words of its own.")
        checks = {"claims_factcheck": (first, second)}
        rows = {
            table: tuple(checks.get(table) or model._base_manager.order_by("pk")[:2])
            for table, model in MODELS.items()
        }
        connection.check_constraints()
        yield Scene(
            cast, {table: one for table, (one, _) in rows.items()}, {t: two for t, (_, two) in rows.items()}
        )
        transaction.set_rollback(True)


def execute(sql: str, values: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def held(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id")
        return cursor.fetchall()


def refused(table: str, act: Callable[[], object]) -> str:
    """Insist that the database refuses an act and keeps every row as it was; return what it says."""
    before = held(table)
    with transaction.atomic():
        said = ""
        try:
            with transaction.atomic():
                act()
                # Foreign keys are looked at now and not at the end.
                connection.check_constraints()
        except DatabaseError as refusal:
            said = str(refusal)
        after = held(table)
        transaction.set_rollback(True)
    assert after == before, f"{table} was changed"
    assert said, f"{table} was not changed, and nothing was said"
    return said


def stored(row: models.Model) -> dict[str, Any]:
    """Return a row as its database holds it, by column."""
    return {
        field.column: field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in row._meta.concrete_fields
    }


def other_value(row: models.Model, column: str) -> tuple[models.Field[Any, Any], Any]:
    """Return the field of a column, and a value that it could hold and does not."""
    field = next(one for one in row._meta.concrete_fields if one.column == column)
    now = getattr(row, field.attname)
    kind = field.get_internal_type()
    plain = {
        "BooleanField": not now,
        "JSONField": {"other": 1},
        "DateTimeField": timezone.now() - dt.timedelta(days=400),
        "DateField": dt.date(2025, 1, 1),
        "UUIDField": uuid.UUID(int=1),
    }
    if field.remote_field is not None or "Integer" in kind or kind == "BigAutoField":
        return field, (now or 0) + 1000
    return field, plain.get(kind, "other")


def another(row: models.Model, column: str) -> Any:
    """Return a value for a statement that this column could hold and does not."""
    field, value = other_value(row, column)
    return field.get_db_prep_save(value, connection)


def words_of(table: str) -> list[str]:
    """Return the columns in which a rewritten row would tell something else."""
    frozen = [
        f.column for f in MODELS[table]._meta.concrete_fields if f.column not in MAY_CHANGE.get(table, ())
    ]
    unique = {name for key in guard_rules.KEYS[table] for name in key}
    return [name for name in frozen if name != "id" and name not in unique]


def columns(table: str) -> list[str]:
    return [field.column for field in MODELS[table]._meta.concrete_fields]


def insert(verb: str, values: Mapping[str, Any], tail: str = "") -> tuple[str, list[Any]]:
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(["%s"] * len(values))
    return f"{verb} INTO {{table}} ({names}) VALUES ({marks}) {tail}", list(values.values())


def put(table: str, verb: str, values: Mapping[str, Any], tail: str = "") -> None:
    sql, given = insert(verb, values, tail)
    execute(sql.format(table=table), given)


def rewritten(scene: Scene, table: str) -> dict[str, Any]:
    """Return the row with other words, under its own id and keys."""
    row = scene.row[table]
    changes = words_of(table)[-3:] or columns(table)[-1:]
    return stored(row) | {name: another(row, name) for name in changes}


def test_the_table_of_expectations_covers_what_is_guarded() -> None:
    assert set(MODELS) == set(guard_rules.KEYS) == {g.table for g in guards.GUARDS if g.event == "INSERT"}
    for table, free in MAY_CHANGE.items():
        assert free < set(columns(table))


@pytest.mark.parametrize("table", TABLES)
def test_every_key_of_a_guarded_table_is_known_to_the_guards(table: str) -> None:
    options = MODELS[table]._meta
    whole = {(field.column,) for field in options.concrete_fields if field.unique and not field.primary_key}
    partial = set()
    for rule in options.constraints:
        if isinstance(rule, models.UniqueConstraint):
            key = tuple(options.get_field(name).column for name in rule.fields)  # type: ignore[union-attr]
            (partial if rule.condition else whole).add(key)
    assert set(guard_rules.KEYS[table]) == whole
    assert {key for key, _rows in guard_rules.PARTIAL_KEYS.get(table, ())} == partial


def test_every_table_that_a_guarded_row_points_at_is_held() -> None:
    wanted: dict[str, set[tuple[str, str]]] = {}
    for table in TABLES:
        for field in MODELS[table]._meta.concrete_fields:
            if field.remote_field is not None:
                parent = field.remote_field.model._meta.db_table
                wanted.setdefault(parent, set()).add((table, field.column))
    # Never deleted at all, so that nothing needs to hold them; and what a review may let go of.
    wanted = {
        parent: {pair for pair in pairs if pair[0] != "claims_review" or pair[1] == "claim_id"}
        for parent, pairs in wanted.items()
        if parent not in MODELS or parent == "claims_review"
    }
    assert {parent: set(children) for parent, children in guard_rules.PARENTS.items()} == wanted


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
class TestOneStatement:
    def test_insert_of_a_row_that_is_there(self, scene: Scene, table: str) -> None:
        refused(table, lambda: put(table, "INSERT", rewritten(scene, table)))

    @SQLITE
    @pytest.mark.parametrize("verb", ["REPLACE", "INSERT OR REPLACE"])
    def test_replace_under_its_id(self, scene: Scene, table: str, verb: str) -> None:
        refused(table, lambda: put(table, verb, rewritten(scene, table)))

    @SQLITE
    @pytest.mark.parametrize("verb", ["REPLACE", "INSERT OR REPLACE"])
    def test_replace_under_its_other_keys(self, scene: Scene, table: str, verb: str) -> None:
        for key in guard_rules.KEYS[table]:
            values = rewritten(scene, table)
            for other in guard_rules.KEYS[table]:
                if other != key:
                    values |= {name: another(scene.row[table], name) for name in other if name not in key}
            for new in ({"id": 9_000_001}, {"id": None}):
                refused(table, lambda values=values, new=new: put(table, "REPLACE", values | new))

    @SQLITE
    @pytest.mark.parametrize("verb", ["INSERT OR IGNORE", "INSERT OR FAIL"])
    def test_insert_with_another_way_out(self, scene: Scene, table: str, verb: str) -> None:
        refused(table, lambda: put(table, verb, rewritten(scene, table)))

    def test_upsert(self, scene: Scene, table: str) -> None:
        values = rewritten(scene, table)
        for name in words_of(table) or ["id"]:
            value = another(scene.row[table], name)
            targets = [("id",), *guard_rules.KEYS[table]]
            for key in targets:
                tail = f'ON CONFLICT ({", ".join(key)}) DO UPDATE SET "{name}" = %s'
                sql, given = insert("INSERT", values, tail)
                refused(table, lambda sql=sql, given=given, value=value: execute(
                    sql.format(table=table), [*given, value]
                ))  # fmt: skip

    def test_update_of_each_column(self, scene: Scene, table: str) -> None:
        self._update("UPDATE", scene, table)

    @SQLITE
    def test_update_or_replace_of_each_column(self, scene: Scene, table: str) -> None:
        self._update("UPDATE OR REPLACE", scene, table)
        for key in guard_rules.KEYS[table]:
            taken = stored(scene.row[table])
            sets = ", ".join(f'"{name}" = %s' for name in key)
            sql = f"UPDATE OR REPLACE {table} SET {sets} WHERE id = %s"
            given = [*(taken[name] for name in key), scene.other[table].pk]
            refused(table, lambda sql=sql, given=given: execute(sql, given))

    def _update(self, verb: str, scene: Scene, table: str) -> None:
        row = scene.row[table]
        for name in columns(table):
            sql = f'{verb} {table} SET "{name}" = %s WHERE id = %s'
            values = [another(row, name), row.pk]
            if name not in MAY_CHANGE.get(table, ()):
                assert refused(table, lambda sql=sql, values=values: execute(sql, values))
            elif not name.endswith("_id"):
                with transaction.atomic():
                    execute(sql, values)
                    transaction.set_rollback(True)

    @pytest.mark.parametrize("verb", ["UPDATE", pytest.param("UPDATE OR REPLACE", marks=SQLITE)])
    def test_update_of_the_id(self, scene: Scene, table: str, verb: str) -> None:
        row, other = scene.row[table], scene.other[table]
        for new in (other.pk, 9_000_001):
            refused(
                table, lambda new=new: execute(f"{verb} {table} SET id = %s WHERE id = %s", [new, row.pk])
            )

    def test_delete(self, scene: Scene, table: str) -> None:
        refused(table, lambda: execute(f"DELETE FROM {table} WHERE id = %s", [scene.row[table].pk]))
        refused(table, lambda: execute(f"DELETE FROM {table}"))

    def test_delete_through_the_models(self, scene: Scene, table: str) -> None:
        rows = MODELS[table]._base_manager.filter(pk=scene.row[table].pk)
        refused(table, lambda: rows._raw_delete("default"))

    @postgresql
    @pytest.mark.parametrize("tail", ["", "CASCADE", "RESTART IDENTITY CASCADE"])
    def test_truncate(self, scene: Scene, table: str, tail: str) -> None:
        assert refused(table, lambda: execute(f"TRUNCATE {table} {tail}"))

    def test_save_and_bulk_update(self, scene: Scene, table: str) -> None:
        for name in words_of(table):
            row = MODELS[table]._base_manager.get(pk=scene.row[table].pk)
            field, value = other_value(row, name)
            setattr(row, field.attname, value)
            refused(table, lambda row=row, field=field: row.save(update_fields=[field.name]))


def _parents() -> list[str]:
    """Return every table that a guarded one hangs on, at whatever distance."""
    found = set(TABLES)
    for _ in range(10):
        found |= {
            field.remote_field.model._meta.db_table
            for model in apps.get_app_config("claims").get_models()
            if model._meta.db_table in found
            for field in model._meta.concrete_fields
            if field.remote_field is not None
        }
    return sorted(found - set(TABLES))


@pytest.mark.django_db
class TestParents:
    """What hangs on a parent does not go with it."""

    @postgresql
    @pytest.mark.parametrize("parent", _parents())
    def test_truncate_cascade(self, scene: Scene, parent: str) -> None:
        assert "cannot be deleted" in refused(
            "claims_release", lambda: execute(f"TRUNCATE {parent} RESTART IDENTITY CASCADE")
        )

    @pytest.mark.parametrize("parent", sorted(guard_rules.PARENTS))
    def test_delete(self, scene: Scene, parent: str) -> None:
        for child, column in guard_rules.PARENTS[parent]:
            pointed = MODELS[child]._base_manager.exclude(**{column: None}).values_list(column, flat=True)
            for pk in set(pointed):
                said = refused(child, lambda pk=pk: execute(f"DELETE FROM {parent} WHERE id = %s", [pk]))
                # On SQLite foreign keys are a switch of the connection: the guard is not.
                assert connection.vendor != "sqlite" or "points at it" in said
                refused(child, lambda pk=pk: execute(f"UPDATE {parent} SET id = 9000001 WHERE id = %s", [pk]))

    def test_deleting_through_the_models_takes_nothing_along(self, scene: Scene) -> None:
        for table, row in scene.row.items():
            before = len(held("claims_passage"))
            refused(table, lambda row=row: type(row)._base_manager.get(pk=row.pk).delete())
            assert len(held("claims_passage")) == before > 0


WORDS = [
    (table, column)
    for table, stones in guard_rules.TOMBSTONES.items()
    for column in (*stones.body, *stones.beside)
]


def blank(table: str) -> dict[str, Any]:
    stones = guard_rules.TOMBSTONES[table]
    return {**stones.body, **stones.beside, "redacted_at": stamp()}


def stamp() -> Any:
    field = Release._meta.get_field("redacted_at")
    return field.get_db_prep_save(timezone.now(), connection)  # type: ignore[union-attr]


def update(table: str, pk: int, values: Mapping[str, Any]) -> None:
    sets = ", ".join(f'"{name}" = %s' for name in values)
    execute(f"UPDATE {table} SET {sets} WHERE id = %s", [*values.values(), pk])


@pytest.mark.django_db
class TestRedaction:
    """Words become their tombstone, once; nothing else is let in with them."""

    @pytest.mark.parametrize("table", sorted(guard_rules.TOMBSTONES))
    def test_is_taken_once_and_not_back(self, scene: Scene, table: str) -> None:
        row = scene.row[table]
        with transaction.atomic():
            update(table, row.pk, blank(table))
            kept = MODELS[table]._base_manager.get(pk=row.pk)
            assert kept.redacted_at is not None  # type: ignore[attr-defined]
            refused(table, lambda: update(table, row.pk, {"redacted_at": None}))
            refused(table, lambda: update(table, row.pk, blank(table)))
            refused(table, lambda: update(table, row.pk, {**stored(row), "redacted_at": None}))
            for word in (name for of, name in WORDS if of == table):
                refused(table, lambda word=word: update(table, row.pk, {word: another(row, word)}))
            refused(table, lambda: execute(f"DELETE FROM {table} WHERE id = %s", [row.pk]))
            transaction.set_rollback(True)

    @pytest.mark.parametrize(("table", "column"), WORDS)
    def test_lets_no_new_words_in(self, scene: Scene, table: str, column: str) -> None:
        row = scene.row[table]
        field, _value = other_value(row, column)
        for words in (
            ('["other"]', '{"a": 1}') if field.get_internal_type() == "JSONField" else ("other", " ")
        ):
            refused(table, lambda words=words: update(table, row.pk, {**blank(table), column: words}))
            refused(
                table,
                lambda words=words: update(table, row.pk, {column: words, "redacted_at": stamp()}),
            )

    @pytest.mark.parametrize("table", sorted(guard_rules.TOMBSTONES))
    def test_touches_nothing_else(self, scene: Scene, table: str) -> None:
        row, words = scene.row[table], blank(table)
        for column in columns(table):
            if column not in words:
                changes = {**words, column: another(row, column)}
                refused(table, lambda changes=changes: update(table, row.pk, changes))

    @pytest.mark.parametrize("table", sorted(guard_rules.TOMBSTONES))
    def test_is_no_mere_mark(self, scene: Scene, table: str) -> None:
        row = scene.row[table]
        refused(table, lambda: update(table, row.pk, {"redacted_at": stamp()}))
        beside = guard_rules.TOMBSTONES[table].beside
        refused(table, lambda: update(table, row.pk, {**beside, "redacted_at": stamp()}))

    @pytest.mark.parametrize("table", sorted(guard_rules.TOMBSTONES))
    def test_marks_what_it_blanks(self, scene: Scene, table: str) -> None:
        words = {name: value for name, value in blank(table).items() if name != "redacted_at"}
        refused(table, lambda: update(table, scene.row[table].pk, words))

    def test_of_a_version_reaches_its_points(self, scene: Scene) -> None:
        point = scene.row["claims_point"]
        verdict_id = point.verdict_id  # type: ignore[attr-defined]
        empty = {"question": "", "answer": ""}
        refused("claims_point", lambda: update("claims_point", point.pk, empty))
        with transaction.atomic():
            update("claims_verdict", verdict_id, blank("claims_verdict"))
            refused("claims_point", lambda: update("claims_point", point.pk, {"answer": "Other words."}))
            refused("claims_point", lambda: update("claims_point", point.pk, {"question": ""}))
            refused("claims_point", lambda: update("claims_point", point.pk, {**empty, "number": 9}))
            update("claims_point", point.pk, empty)
            assert Point.objects.get(pk=point.pk).answer == ""
            transaction.set_rollback(True)
