"""Gives tables and columns their names in words, once, when the admin is made.

Only what shows them is told: a name set this way is none of the table's definition, so no migration knows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from claims.admin.column_words import COLUMNS
from claims.admin.kind_words import KINDS


def name_in_words(models: Iterable[type[Model]]) -> None:
    """Name these tables and their columns, but for those that say it themselves."""
    for model in models:
        options: Any = model._meta
        told = options.original_attrs
        if model.__name__ in KINDS and "verbose_name" not in told:
            options.verbose_name, options.verbose_name_plural = KINDS[model.__name__]
        for column in options.get_fields():
            if not getattr(column, "concrete", False) or getattr(column, "_verbose_name", None) is not None:
                continue
            column.verbose_name = COLUMNS.get(str(column.verbose_name), column.verbose_name)
