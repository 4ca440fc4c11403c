"""Writing many small rows from plain values: no object of the model for each, no number back.

For rows that nobody looks at before the next question, such as the log of an answer, forty for a claim: making objects
of them takes several times as long as writing them. Goes through the columns' own fields, so that either database gets
what it would get otherwise. Nothing of a model runs: no defaults, no validation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections, models, router


def insert_plain(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows in the caller's transaction, values in the order of ``names``, which are all columns but the key.

    Raises IntegrityError.
    """
    link = connections[router.db_for_write(model)]
    table, columns = _named(link, model, names)
    marks = ", ".join(["%s"] * len(names))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  # own columns
    _each(link, statement, _prepared(link, model, names, rows))


def update_plain(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Update rows in the caller's transaction: values in the order of ``names``, then the primary key."""
    link = connections[router.db_for_write(model)]
    table, (key, *columns) = _named(link, model, ["pk", *names])
    changes = ", ".join(f"{column} = %s" for column in columns)
    statement = f"UPDATE {table} SET {changes} WHERE {key} = %s"  # noqa: S608  # own columns
    _each(link, statement, _prepared(link, model, [*names, "pk"], rows))


def _named(link: Any, model: type[models.Model], names: Sequence[str]) -> tuple[str, list[str]]:
    quoted = link.ops.quote_name
    return quoted(model._meta.db_table), [quoted(_field(model, name).column) for name in names]


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _prepared(
    link: Any, model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> list[Sequence[Any]]:
    """Return the values as the database takes them; numbers and yes or no are that already."""
    turned = [
        (at, field)
        for at, field in enumerate(_field(model, name) for name in names)
        if not isinstance(field, (models.ForeignKey, models.IntegerField, models.BooleanField))
    ]
    found: list[Sequence[Any]] = []
    for row in rows:
        values = list(row)
        for at, field in turned:
            values[at] = field.get_db_prep_save(values[at], link)
        found.append(values)
    return found


def _each(link: Any, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    if rows:
        with link.cursor() as cursor:
            cursor.executemany(statement, rows)
