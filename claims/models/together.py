"""How do several parts of a page ask the database at once? One statement for all questions that are known by now.

A part is a generator: it yields the querysets that it needs, finds them read when it goes on, and returns what it
made of them. Parts that run side by side have whatever they yielded at the same time read by one statement, so a page
takes as many statements as its longest part has questions that rest on one another, however many parts there are.

The statement has one column for each question: its rows as JSON, in their order. Values are read back as the
database's own driver would have given them and go through the converters of their fields; what JSON cannot hold
(bytes, decimals, durations) is read by a statement of its own. It rests on the compiler of Django's querysets;
``tests/models/test_together.py`` compares every kind of question with a plain reading.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Generator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar, overload

from django.core.exceptions import EmptyResultSet, FieldError
from django.db import DEFAULT_DB_ALIAS, connections, models

from claims.models.kept import FORMS, Kept, QuestionForm

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
#: A part of a page: yields what it asks for, returns what it made of the answers.
Asking: TypeAlias = Generator[Sequence["Question"], None, T]
#: What can be read beside others.
Question: TypeAlias = "models.QuerySet[Any, Any] | Kept[Any] | HowMany"

#: Both databases bound how many arguments a function takes: a hundred in PostgreSQL, 127 in SQLite before 3.48.
_PIECE = 90
_CANNOT = (models.BinaryField, models.DecimalField, models.DurationField)


class HowMany:
    """How many rows a question finds, to be asked beside others; with ``most``, counted no further than that."""

    def __init__(self, rows: models.QuerySet[Any, Any] | Kept[Any], most: int | None = None) -> None:
        self.rows: Any = (
            rows.to_count(most) if isinstance(rows, Kept) else rows.order_by().values("pk")[:most]
        )
        #: None until it is read.
        self.n: int | None = None

    @property
    def statement(self) -> tuple[str, Sequence[Any]]:
        """Return the compiled question; raises EmptyResultSet where nothing can match."""
        if not isinstance(self.rows, Kept):
            compiled: tuple[str, Sequence[Any]] = self.rows.query.get_compiler(using=self.rows.db).as_sql()
            return compiled
        if self.rows.is_read:
            raise EmptyResultSet
        return self.rows.statement

    def __int__(self) -> int:
        if self.n is None:
            read(self)
        return self.n or 0


def answered(part: Asking[T]) -> T:
    """Run one part to its end and return what it made."""
    try:
        while True:
            read(*next(part))
    except StopIteration as end:
        return end.value


def these(*questions: Question) -> Asking[None]:
    """Ask for rows that are looked at elsewhere, beside other parts."""
    yield questions


def figures_of(rows: models.QuerySet[Any, Any], **asked: models.Aggregate) -> Asking[dict[str, Any]]:
    """Ask for figures of rows beside other parts, and return them as ``aggregate`` does."""
    one = rows.order_by().annotate(whole=models.Value(1)).values("whole")
    question = one.annotate(**{f"n_{name}": figure for name, figure in asked.items()})
    yield [question]
    row: dict[str, Any] = next(iter(question), {})
    # What cannot match anything is not asked for.
    return {name: row.get(f"n_{name}", figure.empty_result_set_value) for name, figure in asked.items()}


def by_name(**parts: Asking[Any]) -> Asking[dict[str, Any]]:
    """Run parts side by side; what each returns comes back under its name."""
    found: dict[str, Any] = {}
    running = dict(parts)
    while running:
        asked: list[Question] = []
        for name, part in list(running.items()):
            try:
                asked += next(part)
            except StopIteration as end:
                found[name] = end.value
                del running[name]
        if asked:
            yield asked
    return found


@overload
def at_once(first: Asking[A], second: Asking[B], /) -> Asking[tuple[A, B]]: ...
@overload
def at_once(first: Asking[A], second: Asking[B], third: Asking[C], /) -> Asking[tuple[A, B, C]]: ...
@overload
def at_once(
    first: Asking[A], second: Asking[B], third: Asking[C], fourth: Asking[D], /
) -> Asking[tuple[A, B, C, D]]: ...
def at_once(*parts: Asking[Any]) -> Asking[Any]:
    """Run parts side by side and return what they made, in their order."""
    found = yield from by_name(**{f"p{at}": part for at, part in enumerate(parts)})
    return tuple(found[f"p{at}"] for at in range(len(parts)))


def read(*questions: Question) -> None:
    """Read questions by one statement; each holds its answer afterwards, and asks for nothing any more.

    What was read before is left alone, what cannot match anything is empty without being asked. What is to be
    counted twice is counted once.
    """
    waiting = list({id(one): one for one in questions if not _is_read(one)}.values())
    counted = [one for one in waiting if isinstance(one, HowMany)]
    prepared = [
        found for one in waiting if not isinstance(one, HowMany) and (found := _Question.of(one)) is not None
    ]
    if len(prepared) == 1 and not counted:
        prepared[0].read_alone()
        return
    if not waiting:
        return
    first = waiting[0]
    using = first.db if isinstance(first, models.QuerySet) else DEFAULT_DB_ALIAS
    parts: list[str] = []
    columns: list[str] = []
    parameters: list[Any] = []
    for at, question in enumerate(prepared):
        parts.append(f"q{at} ({question.columns.names}) AS ({question.sql})")
        columns.append(f"(SELECT {question.columns.as_json} FROM q{at})")  # noqa: S608  # own names
        parameters += question.parameters
    places: dict[tuple[str, tuple[Any, ...]], list[HowMany]] = {}
    for one in counted:
        try:
            sql, values = one.statement
        except EmptyResultSet:
            one.n = 0
            continue
        places.setdefault((sql, tuple(values)), []).append(one)
    for at, (sql, values) in enumerate(places):
        columns.append(f"(SELECT COUNT(*) FROM ({sql}) k{at})")  # noqa: S608  # compiled
        parameters += values
    if not columns:
        return
    with connections[using].cursor() as cursor:
        before = f"WITH {', '.join(parts)} " if parts else ""
        cursor.execute(f"{before}SELECT {', '.join(columns)}", parameters)  # compiled
        (answers,) = cursor.fetchall()
    for question, answer in zip(prepared, answers[: len(prepared)], strict=True):
        question.fill(json.loads(answer) if answer else [])
    for same, answer in zip(places.values(), answers[len(prepared) :], strict=True):
        for one in same:
            one.n = answer


def _is_read(one: Question) -> bool:
    if isinstance(one, Kept):
        return one.is_read
    return one.n is not None if isinstance(one, HowMany) else one._result_cache is not None


class _Columns:
    """How the rows of a compiled question go into JSON and back."""

    def __init__(self, compiler: Any) -> None:
        on_sqlite = compiler.connection.vendor == "sqlite"
        fields = [row[0].output_field for row in compiler.select]
        self.width = len(fields)
        self.names = ", ".join(f"c{number}" for number in range(self.width))
        shown = _SHOWN_BY_SQLITE if on_sqlite else _SHOWN_BY_POSTGRESQL
        row = [_by_kind(shown, field, "{}").format(f"c{at}") for at, field in enumerate(fields)]
        # Longer rows than a function takes arguments go in pieces.
        array = "json_array" if on_sqlite else "json_build_array"
        pieces = [f"{array}({', '.join(row[at : at + _PIECE])})" for at in range(0, len(row), _PIECE)]
        whole = f"{array}({', '.join(pieces)})"
        self.as_json = f"json_group_array({whole})" if on_sqlite else f"json_agg({whole})::text"
        back = _BACK_FROM_SQLITE if on_sqlite else _BACK_FROM_POSTGRESQL
        self.back = [
            (at, turned) for at, field in enumerate(fields) if (turned := _by_kind(back, field, None))
        ]

    def rows(self, answer: list[Any]) -> list[list[Any]]:
        """Return rows as the database's own driver would have given them."""
        rows = [row[0] if len(row) == 1 else [value for piece in row for value in piece] for row in answer]
        for at, turned in self.back:
            for row in rows:
                if row[at] is not None:
                    row[at] = turned(row[at])
        return rows


@lru_cache(FORMS)
def _columns_of(form: QuestionForm) -> _Columns | None:
    """Return how the rows of a kept question go; None where JSON cannot hold them."""
    return _Columns(form.compiler) if _can_be_held(form.compiler) else None


def _can_be_held(compiler: Any) -> bool:
    try:
        fields = [row[0].output_field for row in compiler.select]
    except FieldError:
        return False
    return (
        bool(fields) and not compiler.has_extra_select and not any(isinstance(one, _CANNOT) for one in fields)
    )


class _Question:
    """One queryset or kept question, compiled, and what is done with its answer."""

    def __init__(
        self, rows: Any, columns: _Columns, sql: str, parameters: Sequence[Any], compiler: Any = None
    ) -> None:
        self.rows, self.columns, self.sql, self.parameters = rows, columns, sql, parameters
        self.compiler = compiler

    @classmethod
    def of(cls, rows: Any) -> _Question | None:
        """Compile a queryset; None where it is read already: it matches nothing, or JSON cannot hold it."""
        if isinstance(rows, Kept):
            columns = _columns_of(rows.form)
            if columns is None:
                rows.read()
                return None
            return cls(rows, columns, *rows.statement)
        compiler = rows.query.get_compiler(using=rows.db)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            rows._result_cache = []
            return None
        if not _can_be_held(compiler):
            rows._fetch_all()
            return None
        return cls(rows, _Columns(compiler), sql, parameters, compiler)

    def read_alone(self) -> None:
        """Ask as if there were nothing to be asked beside it."""
        if isinstance(self.rows, Kept):
            self.rows.read()
        else:
            self.rows._fetch_all()

    def fill(self, answer: list[Any]) -> None:
        """Give the question its rows, as if it had asked for them by itself."""
        rows = self.columns.rows(answer)
        if isinstance(self.rows, Kept):
            self.rows.take(rows)
            return
        compiler, query = self.compiler, self.rows.query
        compiler.execute_sql = lambda *args, **kwargs: [rows]
        query.get_compiler = lambda *args, **kwargs: compiler
        try:
            self.rows._fetch_all()
        finally:
            del query.get_compiler


_Kinds: TypeAlias = "Sequence[tuple[type[models.Field[Any, Any]], T]]"


def _by_kind(kinds: _Kinds[T], field: models.Field[Any, Any], otherwise: T) -> T:
    return next((found for kind, found in kinds if isinstance(field, kind)), otherwise)


# SQLite writes fifteen digits of a number into JSON; what is JSON already would become a part of it.
_SHOWN_BY_SQLITE: _Kinds[str] = (
    (models.FloatField, "CASE WHEN {0} IS NOT NULL THEN printf('%%!.17g', {0}) END"),
    (models.JSONField, "CAST({0} AS TEXT)"),
)
_BACK_FROM_SQLITE: _Kinds[Callable[[Any], Any] | None] = ((models.FloatField, float),)
_SHOWN_BY_POSTGRESQL: _Kinds[str] = ((models.JSONField, "{0}::text"),)
_BACK_FROM_POSTGRESQL: _Kinds[Callable[[Any], Any] | None] = (
    (models.FloatField, float),
    (models.DateTimeField, dt.datetime.fromisoformat),
    (models.DateField, dt.date.fromisoformat),
    (models.TimeField, dt.time.fromisoformat),
    (models.UUIDField, uuid.UUID),
)
