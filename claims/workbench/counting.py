"""How many rows are there, up to where it matters? Counting stops at a bound, several counts in one statement."""

from __future__ import annotations

from django.db.models import IntegerField, Subquery

#: Counting stops there, and says so.
COUNTED = 999


class UpTo(Subquery):
    """How many rows a sliced question finds: counting stops where the slice ends."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) upto)"
    output_field = IntegerField()
