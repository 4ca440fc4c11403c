"""Which rows are behind the numbers that an engine found? Those a person may see, in the order of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet

_Row = TypeVar("_Row", bound=Model)


def in_order_found(rows: QuerySet[_Row], ids: Sequence[int], *, read: int, most: int) -> list[_Row]:
    """Return the first ``most`` of ``rows`` by the order of ``ids``, of which ``read`` are looked at: one statement."""
    known = rows.in_bulk(ids[:read])
    return [known[pk] for pk in dict.fromkeys(ids[:read]) if pk in known][:most]
