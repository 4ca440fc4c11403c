"""Which day does a short text name, as files and publishers write it? One full date in words, and no figures beside.

Refuses what has two readings (``04/03/2026``), a month or year alone, and texts that hold more than a date and a
time of day.
"""

from __future__ import annotations

import re
from datetime import date

from claims.language.dates import german, grammar
from claims.language.dates.model import Calendar

_LONGEST = 60
_TIME_OF_DAY = re.compile(r"\b\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\b|\b\d{1,2}\s*[ap]\.?m\b", re.IGNORECASE)
_ZONE = re.compile(r"(?:\b(?:GMT|UTC)\s*)?[+-]\d{1,2}:?\d{2}\b", re.IGNORECASE)


def written_day(text: str) -> date | None:
    """Return the day that ``text`` names with day, month and year, or nothing."""
    text = text.strip()
    if not re.search(r"[^\W\d_]{3}|\.", text) or len(text) > _LONGEST:
        return None
    for expr in (*grammar.find(text), *german.find(text)):
        form = expr.form
        rest = _TIME_OF_DAY.sub(" ", _ZONE.sub(" ", text[: expr.start] + " " + text[expr.end :]))
        if (
            isinstance(form, Calendar)
            and form.year
            and form.month
            and form.day
            and not re.search(r"\d", rest)
        ):
            try:
                return date(form.year, form.month, form.day)
            except ValueError:
                return None
    return None
