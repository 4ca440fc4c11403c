"""Column types and small building blocks that several models share."""

from __future__ import annotations

import datetime as dt
import functools
import secrets
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext, gettext_lazy, ngettext

from claims.spoken import speak_through
from claims.vocabulary import translate_labels

# Every module of models passes here before it reads a list of choices.
translate_labels(gettext_lazy)
speak_through(gettext, ngettext)

#: The hour and minute of a day that was said without an hour.
LAST_MINUTE = (23, 59)
EARLIEST = dt.date(1, 1, 1)
LATEST = dt.date(9999, 12, 31)


def row_number(typed: str) -> int | None:
    """Return the number of a row that somebody typed or an address holds; None where it can be none."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else None


def key_of(name: str) -> str:
    """Return the case-insensitive key of a name: folded in Python, so that both databases agree."""
    return " ".join(name.casefold().split())


def topic_keys(topics: Iterable[str]) -> str:
    """Return topics as one text in which each stands between bars, so that one can be looked for whole."""
    keys = [key_of(str(topic)).replace("|", " ") for topic in topics]
    return f"|{'|'.join(keys)}|" if keys else ""


def beginning(text: str, most: int) -> str:
    """Return a text of at most so many characters; what is cut off is shown by an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def public_id() -> str:
    """Return a short random string without look-alike characters, fit for an address (about 49 bits)."""
    alphabet = "23456789abcdefghjkmnpqrstuvwxyz"
    return "".join(secrets.choice(alphabet) for _ in range(10))


class Stamped(models.Model):
    """A row that knows when it was made; ``created_at`` with the id is the keyset of its lists."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field[Any, Any]) -> Any:
        """Return the word for a column's value as Django does, which translates all others for it each time."""
        value = getattr(self, field.attname)
        return force_str(words_of_choices(field).get(value, value), strings_only=True)


@functools.cache
def words_of_choices(field: models.Field[Any, Any]) -> dict[Any, Any]:
    """Return by value the words of a column's choices, in whatever language they are read."""
    return dict(field.flatchoices)


class PartialDateColumns:
    """The three columns of a partial date: the value as written and its bounds on the calendar."""

    @staticmethod
    def value(**options: Any) -> models.CharField[str, str]:
        return models.CharField(max_length=40, blank=True, default="", **options)

    @staticmethod
    def bound() -> models.DateField[Any, Any]:
        return models.DateField(null=True, blank=True)
