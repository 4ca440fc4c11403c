"""No test asks for rows in an order that the two databases read differently.

SQLite puts rows without a value first, PostgreSQL last. Every query that is compiled while a test runs is looked
at: a key that can be empty says where the empty ones go, and an order ends with what is unique. Keys that a filter
keeps from being empty need not say it. What Django's own tables are sorted by is not judged.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from django.db.models import Count, Exists, F, Model, Value
from django.db.models.constraints import UniqueConstraint
from django.db.models.expressions import Case, Col, OrderBy, RawSQL, Ref
from django.db.models.functions import Coalesce, Random
from django.db.models.lookups import Exact, IsNull, Lookup
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.constants import LOUTER
from django.db.models.sql.query import Query
from django.db.models.sql.where import AND, WhereNode

_REAL = SQLCompiler.get_order_by
_PRODUCT = Path(__file__).parents[1] / "claims"


class DisputedOrder(AssertionError):
    """A query leaves the place of some rows to the database; the message says which, and where it was asked."""


def unsaid(query: Query, keys: list[OrderBy]) -> list[str]:
    """Return the keys of an order that can be empty and do not say where the empty ones go."""
    return [
        str(key.expression)
        for key in keys
        if not (key.nulls_first or key.nulls_last) and _can_be_empty(query, key.expression)
    ]


def undecided(query: Query, keys: list[OrderBy]) -> bool:
    """Tell whether two rows can be equal in every key."""
    model = query.model
    if model is None or query.combinator or not _of_the_product(model):
        return False
    sources = [_source(key.expression) for key in keys]
    if any(isinstance(source, Random) for source in sources):
        return False
    named = {source.target for source in sources if isinstance(source, Col)} | _pinned(query)
    if isinstance(query.group_by, tuple):
        grouped = {_source(one) for one in query.group_by}
        return not {one.target for one in grouped if isinstance(one, Col)} <= named
    if query.distinct and query.values_select:
        return False
    return not any(columns <= named for columns in _unique(model))


def _of_the_product(model: type[Model]) -> bool:
    return model._meta.app_label == "claims"


def _source(expression: Any) -> Any:
    while isinstance(expression, Ref):
        expression = expression.source
    return expression


def _can_be_empty(query: Query, expression: Any) -> bool:
    expression = _source(expression)
    if isinstance(expression, Col):
        if not _of_the_product(expression.target.model):
            return False
        outer = getattr(query.alias_map.get(expression.alias), "join_type", None) == LOUTER
        return (expression.target.null or outer) and not _kept_full(query.where, expression)
    if isinstance(expression, Count | Exists | Random | RawSQL):
        return False
    if isinstance(expression, Value):
        return expression.value is None
    sources = [one for one in expression.get_source_expressions() if one is not None]
    if isinstance(expression, Coalesce):
        return all(_can_be_empty(query, one) for one in sources)
    if isinstance(expression, Case):
        results = [*(case.result for case in expression.cases), expression.default]
        return any(_can_be_empty(query, one) for one in results)
    if isinstance(expression, Query | F) or not sources:
        return True
    return getattr(expression, "contains_aggregate", False) or any(
        _can_be_empty(query, one) for one in sources
    )


def _kept_full(where: WhereNode, column: Col) -> bool:
    """Tell whether a filter lets no row pass in which the column is empty."""
    if where.connector != AND:
        return False
    for child in where.children:
        if isinstance(child, WhereNode):
            if child.negated:
                only = child.children[0] if len(child.children) == 1 else None
                if isinstance(only, IsNull) and only.rhs and _is(only.lhs, column):
                    return True
            elif _kept_full(child, column):
                return True
        elif isinstance(child, Lookup) and not where.negated and _is(child.lhs, column):
            return not isinstance(child, IsNull) or not child.rhs
    return False


def _is(expression: Any, column: Col) -> bool:
    return (
        isinstance(expression, Col)
        and expression.alias == column.alias
        and expression.target == column.target
    )


def _pinned(query: Query) -> set[Any]:
    """Return the columns of which a filter lets pass one value only."""
    found: set[Any] = set()
    nodes = [query.where]
    while nodes:
        node = nodes.pop()
        if node.negated or node.connector != AND:
            continue
        for child in node.children:
            if isinstance(child, WhereNode):
                nodes.append(child)
            elif isinstance(child, Exact) and isinstance(child.lhs, Col):
                found.add(child.lhs.target)
    return found


def _unique(model: type[Model]) -> Iterator[set[Any]]:
    for field in model._meta.concrete_fields:
        if field.unique:
            yield {field}
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.fields and constraint.condition is None:
            yield {model._meta.get_field(name) for name in constraint.fields}


def _asked_from() -> str:
    """Return the line of the product that asked, or nothing where a test asked by itself."""
    # A queryset of the product that does more as it reads its rows asks for nobody but its reader; room for frames is
    # below every test.
    own = [
        one
        for one in traceback.extract_stack()
        if Path(one.filename).is_relative_to(_PRODUCT) and one.name not in ("_fetch_all", "call_with_room")
    ]
    return f"{Path(own[-1].filename).relative_to(_PRODUCT.parent)}:{own[-1].lineno}" if own else ""


def disputed(query: Query, keys: list[OrderBy]) -> list[str]:
    """Return what an order leaves to the database, in words."""
    found = [f"{name} can be empty, and where the empty ones go is not said" for name in unsaid(query, keys)]
    if undecided(query, keys):
        names = ", ".join(str(_source(key.expression)) for key in keys)
        found.append(f"two rows of {query.model.__name__} can be equal in {names}")  # type: ignore[union-attr]
    return found


@contextmanager
def orders_are_said() -> Iterator[None]:
    """Collect what is in dispute and raise at the end, so that no handler of errors hides it."""
    found: set[str] = set()

    def watched(compiler: SQLCompiler) -> Any:
        answer = _REAL(compiler)
        words = disputed(compiler.query, [key for key, _sql in answer]) if answer else []
        if words and (asker := _asked_from()):
            found.update(f"{asker}: {one}" for one in words)
        return answer

    with mock.patch.object(SQLCompiler, "get_order_by", watched):
        yield
    if found:
        raise DisputedOrder("\n".join(sorted(found)))
