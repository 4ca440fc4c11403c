"""Which day does a short text name, as files and publishers write it? One full date in words, and no figures beside.

Months are known by name in some twenty languages. Refuses what has two readings (``04/03/2026``), a month or year
alone, and texts that hold more than a date and a time of day.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import cache

from claims.language.dates import german, grammar
from claims.language.dates.model import Calendar
from claims.language.wordlists import load_lines

_LONGEST = 60
_TIME_OF_DAY = re.compile(r"\b\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\b|\b\d{1,2}\s*[ap]\.?m\b", re.IGNORECASE)
#: Day, month by its name, year: ``3 de enero de 2024``, ``03-Jan-24``; and the month first, as in ``Enero 3, 2024``.
_NAME = r"(?P<name>[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0903\u093a-\u094f])+)\.?"
_BEFORE = r"\A(?:[^\W\d_]{2,20}\.?,?\s+)??(?:(?:le|el|il|den|de|em|on)\s+)?"
_NAMED = (
    re.compile(
        rf"{_BEFORE}(?P<day>\d{{1,2}})(?:er|º|ª|°|st|nd|rd|th)?[.,]?[\s/-]*(?:d[aei]l?\s+|d’|d')?{_NAME}[,\s/-]*"
        r"(?:d[ei]l?\s+)?(?P<year>\d{4}|’?\d{2})\b(?P<rest>.*)\Z",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(
        rf"{_BEFORE}{_NAME}[\s/-]+(?P<day>\d{{1,2}})(?:er|º|st|nd|rd|th)?[,.]?[\s/-]+(?P<year>\d{{4}})\b(?P<rest>.*)\Z",
        re.IGNORECASE | re.DOTALL,
    ),
)
_SIGNED = re.compile(r"(\d{4})[年년]\s*(\d{1,2})[月월]\s*(\d{1,2})[日일号號]")
_FIGURES = re.compile(r"(\d{1,2}([-/])\d{1,2}\2(?:\d{4}|\d{2}))(?:[ ,T]+\d{1,2}[:.]\d{2}.{0,20})?", re.ASCII)
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ ,T]+\d{1,2}[:.]\d{2}.{0,20})?", re.ASCII)
_ZONE = re.compile(r"(?:\b(?:GMT|UTC)\s*)?[+-]\d{1,2}:?\d{2}\b", re.IGNORECASE)


def written_day(text: str) -> date | None:
    """Return the day that ``text`` names with day, month and year, or nothing."""
    text = in_ascii(text.strip())
    if (day := _FIGURES.fullmatch(text)) is not None and (found := day_in_figures(day[1])):
        return date.fromisoformat(found)
    if (day := _ISO.fullmatch(text)) is not None:
        try:
            return date(int(day[1]), int(day[2]), int(day[3]))
        except ValueError:
            return None
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
    return _by_name(text)


def day_in_figures(text: str, *, day_first: bool | None = None) -> str:
    """Return the ISO day of ``13/1/2024`` or ``13-1-24``, nothing where it has two readings or none.

    ``day_first`` is what the other days of the same list say, None where they say nothing.
    """
    match = re.match(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)", text, re.ASCII)
    if match is None:
        return ""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    year += 2000 if year < 100 else 0
    readings = (
        {(first, second), (second, first)}
        if day_first is None
        else {(first, second)[:: 1 if day_first else -1]}
    )
    days = set()
    for day, month in readings:
        try:
            days.add(date(year, month, day))
        except ValueError:
            continue
    return days.pop().isoformat() if len(days) == 1 else ""


def in_ascii(text: str) -> str:
    """Return a date with the figures of other scripts, and the signs of year, month and day, as they are read here."""
    if text.isascii():
        return text
    text = _SIGNED.sub(r"\1-\2-\3", text)
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def _by_name(text: str) -> date | None:
    """Return the day whose month stands in it by its name, in whichever language."""
    for pattern in _NAMED:
        match = pattern.match(text)
        month = _months().get(_folded(match["name"])) if match else None
        if match is None or month is None:
            continue
        rest = _TIME_OF_DAY.sub(" ", _ZONE.sub(" ", match["rest"]))
        if re.search(r"\d", rest):
            continue
        year = int(match["year"].lstrip("’"))
        try:
            return date(year if year > 99 else 2000 + year, month, int(match["day"]))
        except ValueError:
            return None
    return None


@cache
def _months() -> dict[str, int]:
    lines = load_lines("months.txt")
    return {_folded(name): month for month, line in enumerate(lines, start=1) for name in line.split()}


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKD", name).casefold().replace("ı", "i")
    return "".join(
        sign for sign in text if unicodedata.category(sign) != "Mn" or "\u0900" <= sign <= "\u097f"
    )
