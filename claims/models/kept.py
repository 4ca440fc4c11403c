"""How is a question that pages ask again and again made once? Its SQL is kept, and only numbers are put into it.

What is kept is the question, never its answer. Making a question (conditions of who may see what, joins, SQL) costs
Django many times what the database takes to answer it; the page of a claim asks some forty.

A builder takes numbers, lists of numbers, moments, the person who asks, and words that tell one form of the question
from another. It is called once for each form, with numbers that no row has; wherever these stand among the parameters,
the numbers at hand are put. A question that cannot be kept in this way says so when it is first made: where it asks the
database while it is made, reads anything else of the person, or holds a moment of its own.
``tests/models/test_kept.py`` compares what is kept with what is made anew, on whole pages.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, ParamSpec, TypeAlias, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.utils.translation import get_language

P = ParamSpec("P")
T = TypeVar("T")
Statement: TypeAlias = "tuple[str, tuple[Any, ...]]"

#: So many forms of questions are kept.
FORMS = 1_000
#: The last of the numbers that no row has; within what every column of numbers takes.
_NOBODY = -(2**62)
#: The first of the moments at which nothing was.
_LONG_AGO = dt.datetime(1, 2, 3, tzinfo=dt.UTC)
#: What a parameter may be that stays as it is.
_CONSTANTS = (str, int, float, type(None))
_BUILT_IN = (int, str, dt.datetime)
#: How a database that has no type for moments is given one.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d")


class CannotBeKept(TypeError):
    """The question differs from time to time in more than its numbers."""


class AskedWords(str):
    """Words that are put into a question as numbers are, and do not tell one form of it from another."""

    __slots__ = ()


class QuestionForm:
    """One question with marks in place of its numbers, compiled for one language."""

    def __init__(
        self,
        build: Callable[..., models.QuerySet[Any, Any]],
        shape: tuple[Any, ...],
        part: _Part | None = None,
    ) -> None:
        self.build, self.shape = build, shape
        places = {at: one for at, one in enumerate(shape) if isinstance(one, _Place)}
        #: By what stands there while the question is made: the place of what is put there.
        marks: dict[Any, int] = {one.mark(at): at for at, one in places.items()}
        self.pieces: tuple[str, ...] = ()
        #: Each parameter: the place of its number among the arguments and its kind, or -1 and the value itself.
        self.parameters: tuple[tuple[int, Any], ...] = ()
        self.compiler: Any = None
        with connections[DEFAULT_DB_ALIAS].execute_wrapper(_refuse):
            self.rows: Any = build(
                *(one.marked(at) if isinstance(one, _Place) else one for at, one in enumerate(shape))
            )
            if part is not None:
                self.rows = part.of(self.rows)
            compiler = self.rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
            #: What the rows are told of who reads them, by its name.
            self.told = [(name, marks[one]) for name, one in vars(self.rows).items() if _is_mark(one, marks)]
            try:
                sql, parameters = compiler.as_sql()
            except EmptyResultSet:
                # Nothing can match, whoever asks.
                return
        self.compiler, self.pieces = compiler, tuple(sql.split("%s"))
        self.parameters = tuple(
            (marks[one], type(one)) if _is_mark(one, marks) else (-1, one) for one in parameters
        )
        self._insist(sql, marks, {at for at, one in places.items() if one.is_put_in})

    @functools.cached_property
    def converters(self) -> Any:
        """Return what turns values of the database's driver into those of the rows, looked up for each column once."""
        return self.compiler.get_converters([row[0] for row in self.compiler.select])

    def _insist(self, sql: str, marks: dict[Any, int], wanted: set[int]) -> None:
        name = self.build.__qualname__
        constants = [value for at, value in self.parameters if at < 0]
        if not {at for at, _value in self.parameters}.issuperset(wanted):
            raise CannotBeKept(f"{name} does not pass on all of its numbers as they are.")
        if any(not isinstance(one, _CONSTANTS) or _MOMENT.match(str(one)) for one in constants):
            raise CannotBeKept(f"{name} holds a moment, or what is no word or number.")
        if any(str(mark).lstrip("-") in str(text) for mark in marks for text in (sql, *constants)):
            raise CannotBeKept(f"{name} writes its numbers into words.")
        if len(self.pieces) != len(self.parameters) + 1:
            raise CannotBeKept(f"{name} writes signs of per cent before an s.")
        if self.rows._known_related_objects:
            raise CannotBeKept(f"{name} begins at a row.")

    def with_numbers(self, numbers: list[Any]) -> Statement:
        """Return the statement and its parameters."""
        parts, parameters = [self.pieces[0]], list[Any]()
        for (at, value), after in zip(self.parameters, self.pieces[1:], strict=True):
            number = value if at < 0 else numbers[at]
            if type(number) is tuple:
                parts.append(", ".join(["%s"] * len(number)))
                parameters += number if value in _BUILT_IN else map(value, number)
            else:
                parts.append("%s")
                # PostgreSQL's driver has a kind of number for each size of column.
                parameters.append(number if at < 0 or value in _BUILT_IN else value(number))
            parts.append(after)
        return "".join(parts), tuple(parameters)


class Kept(Generic[T]):
    """A question whose SQL was kept: it is read once, by itself or beside others, and looked at then."""

    __slots__ = ("_found", "form", "numbers")

    def __init__(self, form: QuestionForm, numbers: list[Any]) -> None:
        self.form, self.numbers = form, numbers
        self._found: list[T] | None = [] if form.compiler is None else None

    @property
    def is_read(self) -> bool:
        return self._found is not None

    @property
    def statement(self) -> Statement:
        return self.form.with_numbers(self.numbers)

    def read(self) -> list[T]:
        """Return the rows, and ask for them by a statement of their own where nobody has."""
        if self._found is None:
            statement = self.statement
            compiler = self._compiler()
            compiler.as_sql = lambda *args, **kwargs: statement
            self._found = self._made(compiler)
        return self._found

    def take(self, rows: list[list[Any]]) -> None:
        """Take rows as the database's driver would have given them."""
        compiler = self._compiler()
        compiler.execute_sql = lambda *args, **kwargs: [rows]
        self._found = self._made(compiler)

    def _compiler(self) -> Any:
        """Return what reads rows of this form, over the connection of this thread: one has made it for all."""
        compiler = copy(self.form.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.get_converters = lambda *args: self.form.converters
        return compiler

    def _made(self, compiler: Any) -> list[T]:
        rows: Any = self.form.rows._chain()
        rows.query.get_compiler = lambda *args, **kwargs: compiler
        for name, at in self.form.told:
            setattr(rows, name, self.numbers[at])
        rows._fetch_all()
        found: list[T] = rows._result_cache
        return found

    def first(self, most: int) -> Kept[T]:
        """Return the question for so many of the rows."""
        return self._part(_Part(most))

    def to_count(self, most: int | None) -> Kept[Any]:
        """Return the question that is counted to know how many rows there are, up to a bound if there is one."""
        return self._part(_Part(most, numbers=True))

    def _part(self, part: _Part) -> Kept[Any]:
        return Kept(_form(self.form.build, self.form.shape, get_language(), part), self.numbers)

    def __iter__(self) -> Iterator[T]:
        return iter(self.read())

    def __len__(self) -> int:
        return len(self.read())


def kept(build: Callable[P, models.QuerySet[Any, T]]) -> Callable[P, Kept[T]]:
    """Keep a builder's question in each of its forms. Arguments are given by place; raises CannotBeKept."""

    @functools.wraps(build)
    def ask(*arguments: P.args, **names: P.kwargs) -> Kept[T]:
        if names:
            raise CannotBeKept(f"{build.__qualname__} takes its arguments by place.")
        shape: list[Any] = []
        numbers: list[Any] = []
        for one in arguments:
            form, number = _taken(one)
            shape.append(form)
            numbers.append(number)
        return Kept(_form(build, tuple(shape), get_language()), numbers)

    return ask


@functools.lru_cache(FORMS)
def _form(
    build: Callable[..., models.QuerySet[Any, Any]],
    shape: tuple[Any, ...],
    language: str | None,
    part: _Part | None = None,
) -> QuestionForm:
    return QuestionForm(build, shape, part)


@dataclass(frozen=True, slots=True)
class _Part:
    """What is asked for of a question's rows: the first ones, or only their numbers."""

    most: int | None
    numbers: bool = False

    def of(self, rows: Any) -> Any:
        return rows.order_by().values("pk")[: self.most] if self.numbers else rows[: self.most]


@dataclass(frozen=True, slots=True)
class _Place:
    """The place of a number, of some numbers, of words or of a person's number in the form of a question."""

    words: bool = False
    moment: bool = False
    several: bool = False
    none: bool = False
    #: The model of people, and what a question may know of one.
    person: tuple[Any, ...] = ()

    @property
    def is_put_in(self) -> bool:
        """Tell whether it must be among the parameters: who sees everything need not be."""
        return not self.none and not (self.person and self.person[1])

    def mark(self, at: int) -> Any:
        """Return what stands among the parameters."""
        if self.moment:
            return _as_sent(_LONG_AGO + dt.timedelta(days=at))
        return f"(what is asked for, {at})" if self.words else _NOBODY - at

    def marked(self, at: int) -> Any:
        """Return what a builder is called with."""
        mark = self.mark(at)
        if self.moment:
            return _LONG_AGO + dt.timedelta(days=at)
        if self.several:
            return [] if self.none else [mark]
        if not self.person:
            return mark
        model, is_superuser, is_active = self.person
        values = {"id": mark, "is_superuser": is_superuser, "is_active": is_active}
        names = [field.attname for field in model._meta.concrete_fields if field.attname in values]
        # Whatever else is asked of them is not there, and would have to be asked for.
        return model.from_db(DEFAULT_DB_ALIAS, names, [values[name] for name in names])


_NUMBER, _WORDS, _AT = _Place(), _Place(words=True), _Place(moment=True)
_SOME, _NONE = _Place(several=True), _Place(several=True, none=True)


def _as_sent(moment: dt.datetime) -> Any:
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(moment)


def _is_mark(value: Any, marks: dict[Any, int]) -> bool:
    return isinstance(value, _BUILT_IN) and not isinstance(value, bool) and value in marks


def _taken(argument: Any) -> tuple[Any, Any]:
    """Return what an argument is in the form of a question, and its number or numbers."""
    if isinstance(argument, AskedWords):
        return _WORDS, str(argument)
    if argument is None or isinstance(argument, bool | str):
        return argument, None
    if isinstance(argument, int):
        return _NUMBER, argument
    if isinstance(argument, dt.datetime):
        return _AT, _as_sent(argument)
    if isinstance(argument, models.Model):
        known: Any = argument
        return _Place(person=(known.__class__, known.is_superuser, known.is_active)), known.pk
    some = tuple(dict.fromkeys(argument))
    return (_SOME if some else _NONE), some


def _refuse(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> NoReturn:
    raise CannotBeKept(f"It asks the database while it is made: {sql[:200]}")
