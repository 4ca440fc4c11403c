"""How is a condition that stands in many questions of one page made once? Its SQL is kept, by whom it is about.

What is kept is the question, never its answer: a membership that ends is gone with the next statement.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan

#: For so many people each condition is kept.
PEOPLE = 1_000


def prepared(rows: QuerySet[Any, Any], *, few: bool = False) -> RawSQL:
    """Compile a question of one column that refers to nothing outside itself, to stand behind ``__in``.

    Django copies, renames and compiles a queryset anew wherever it stands in another; this stands there as it is.
    ``few`` says that its answer is short, however large the tables are: PostgreSQL takes it for ten rows and looks
    them up, where it took it for half of all rows and read whole tables.
    """
    compiler = rows.order_by().query.get_compiler(connection=connections[DEFAULT_DB_ALIAS])
    sql, parameters = compiler.as_sql()
    if few and compiler.connection.vendor == "postgresql":
        sql = f"SELECT unnest(ARRAY({sql}))"
    return RawSQL(sql, parameters)  # noqa: S611  # compiled by Django, parameters apart


def there_is(rows: QuerySet[Any, Any]) -> GreaterThan:
    """Say whether there is such a row, looked up at each row of an outer question that is looked at.

    PostgreSQL turns ``EXISTS`` into a join, for which it may read all rows there are of either. It takes a comparison
    for true of a third of the rows, so it follows the order of a list; ``IS NULL`` it takes for true of hardly any.
    """
    return GreaterThan(Coalesce(Subquery(rows.order_by().values("pk")[:1]), 0), 0)
