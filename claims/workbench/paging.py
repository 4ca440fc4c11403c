"""Which rows come after these? Keyset paging: every page costs the same, and no row is skipped or seen twice.

The columns must be NOT NULL and end with the id. Totals are not counted here.
"""

from __future__ import annotations

import datetime as dt
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField, Model, Q, QuerySet
from django.http import HttpRequest

_Row = TypeVar("_Row", bound=Model)
SIZE = 50


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[_Row]):
    """Rows in the order asked for, and the marks of the pages on both sides (empty where there is none)."""

    rows: tuple[_Row, ...]
    previous: str = ""
    next: str = ""

    def __iter__(self) -> Iterator[_Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(
    rows: QuerySet[_Row],
    request: HttpRequest,
    *,
    order: Sequence[str] = ("-created_at", "-id"),
    size: int = SIZE,
) -> KeysetPage[_Row]:
    """Return the page that ``?after=`` or ``?before=`` asks for; a damaged mark gives the first page.

    ``order`` names columns of one table, all NOT NULL, the last one unique; a leading ``-`` is descending.
    """
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    backwards = bool(before)
    values = _read(before or after, rows.model, order)
    ordered = rows.order_by(*(_turned(name) if backwards else name for name in order))
    if values is not None:
        ordered = ordered.filter(_beyond(order, values, backwards))
    found = list(ordered[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    if not found:
        return KeysetPage(())
    has_previous = more if backwards else values is not None
    has_next = values is not None if backwards else more
    return KeysetPage(
        tuple(found),
        previous=_mark(found[0], order) if has_previous else "",
        next=_mark(found[-1], order) if has_next else "",
    )


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], values: Sequence[Any], backwards: bool) -> Q:
    """Return the rows behind the mark: (a, b) > (x, y) written out column by column."""
    found, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        column = name.lstrip("-")
        descending = name.startswith("-") != backwards
        found |= equal & Q(**{f"{column}__{'lt' if descending else 'gt'}": value})
        equal &= Q(**{column: value})
    return found


def _mark(row: Model, order: Sequence[str]) -> str:
    values = []
    for name in order:
        value: Any = row
        for part in name.lstrip("-").split("__"):
            value = getattr(value, part)
        values.append(value.isoformat() if isinstance(value, dt.date) else value)
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _read(mark: str, model: type[Model], order: Sequence[str]) -> list[Any] | None:
    if not mark or len(mark) > 500:
        return None
    try:
        values = json.loads(urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        if not isinstance(values, list) or len(values) != len(order):
            return None
        return [_typed(model, name, value) for name, value in zip(order, values, strict=True)]
    except (ValueError, TypeError, FieldDoesNotExist):
        return None


def _typed(model: type[Model], name: str, value: Any) -> Any:
    column: Any = None
    for part in name.lstrip("-").split("__"):
        column = model._meta.get_field("id" if part == "pk" else part)
        if column.is_relation:
            model = column.related_model
    if isinstance(column, DateTimeField):
        return dt.datetime.fromisoformat(value)
    if isinstance(column, DateField):
        return dt.date.fromisoformat(value)
    return column.to_python(value)
