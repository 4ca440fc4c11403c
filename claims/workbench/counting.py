"""How many rows are there, up to where it matters? Counting stops at a bound, several counts in one statement."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

#: Counting stops there, and says so.
COUNTED = 999


class HowMany(Subquery):
    """How many rows a question finds, all of them counted."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        super().__init__(rows.order_by().values("pk"))


class UpTo(Subquery):
    """How many rows a sliced question finds: counting stops where the slice ends."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) upto)"
    output_field = IntegerField()
