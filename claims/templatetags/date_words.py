"""How does a page say a partial date, an interval or a length of time? In words, never in the notation of the data."""

from __future__ import annotations

import datetime as dt
import re

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

_LENGTH = re.compile(
    r"P(?:(?P<Y>[\d.]+)Y)?(?:(?P<M>[\d.]+)M)?(?:(?P<W>[\d.]+)W)?(?:(?P<D>[\d.]+)D)?"
    r"(?:T(?:(?P<h>[\d.]+)H)?(?:(?P<m>[\d.]+)M)?(?:(?P<s>[\d.]+)S)?)?\Z"
)
_PART = re.compile(r"(\d{4})-([QH]\d)\Z")
_WEEK = re.compile(r"(\d{4})-W(\d\d)\Z")
_FIRST_CENTURIES = re.compile(r"0(\d{3})\Z")
_PARTS = {
    "Q1": gettext_lazy("first quarter"),
    "Q2": gettext_lazy("second quarter"),
    "Q3": gettext_lazy("third quarter"),
    "Q4": gettext_lazy("fourth quarter"),
    "H1": gettext_lazy("first half"),
    "H2": gettext_lazy("second half"),
}
_BEFORE_CHRIST = re.compile(r"-(\d{4})\Z")


def in_words(value: str) -> str:
    """Return a date value as people write it; what is no value comes back as it is.

    2020-10 → October 2020, XXXX-10-10 → 10 October, year not known, 2020-W47 → week of 16 November 2020,
    P2500Y → 2,500 years, 2020-10-10/2020-10-12 → 10 October 2020 to 12 October 2020.
    """
    value = value or ""
    if "/" in value:
        first, _slash, last = value.partition("/")
        sides = _yearless(first), _yearless(last)
        if all(sides):
            # The year is said once: "10 October to 12 October, year not known".
            span = _("%(first)s to %(last)s") % dict(zip(("first", "last"), sides, strict=True))
            return _("%(day)s, year not known") % {"day": span}
        return _("%(first)s to %(last)s") % {"first": in_words(first), "last": in_words(last)}
    fixed = {"event-relative": _("counted from an event"), "unresolved": _("not known when")}
    if value in fixed:
        return str(fixed[value])
    try:
        if yearless := _yearless(value):
            return _("%(day)s, year not known") % {"day": yearless}
        return _length(value) or _part(value) or _week(value) or _day(value) or value
    except ValueError:
        return value


def moment_in_words(value: dt.datetime) -> str:
    """Return a moment by the clock of who looks, with the zone of that clock."""
    local = timezone.localtime(value)
    return f"{date_format(local, 'DATETIME_FORMAT')} {date_format(local, 'T')}"


def _day(value: str) -> str:
    if found := _BEFORE_CHRIST.match(value):
        return _("%(year)d BC") % {"year": int(found[1]) + 1}
    if found := _FIRST_CENTURIES.match(value):
        return _("AD %(year)d") % {"year": int(found[1])}
    parts = value.split("-")
    if not 2 <= len(parts) <= 3 or any("X" in part for part in parts):
        return ""
    numbers = [int(part) for part in parts]
    whole = len(numbers) == 3
    day = dt.date(numbers[0], numbers[1], numbers[2] if whole else 1)
    return str(date_format(day, "DATE_FORMAT" if whole else "YEAR_MONTH_FORMAT"))


def _yearless(value: str) -> str:
    """Return "10 October", "October" or "third quarter" for a value without its year, nothing for another."""
    year, _dash, rest = value.partition("-")
    if year != "XXXX":
        return ""
    if rest in _PARTS:
        return str(_PARTS[rest])
    try:
        numbers = [int(part) for part in rest.split("-", 1)]
        # 2000 was a leap year: 29 February of an unknown year has its day.
        day = dt.date(2000, numbers[0], numbers[1] if len(numbers) == 2 else 1)
    except ValueError:
        return ""
    return str(date_format(day, "MONTH_DAY_FORMAT" if len(numbers) == 2 else "F"))


def _part(value: str) -> str:
    found = _PART.match(value)
    if found is None:
        return ""
    name = _PARTS.get(found[2])
    return _("%(part)s of %(year)s") % {"part": name, "year": found[1]} if name is not None else ""


def _week(value: str) -> str:
    found = _WEEK.match(value)
    if found is None:
        return ""
    monday = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)
    return _("week of %(day)s") % {"day": date_format(monday, "DATE_FORMAT")}


def _length(value: str) -> str:
    found = _LENGTH.match(value)
    if found is None or not any(found.groups()):
        return ""
    said = []
    for unit, number in found.groupdict().items():
        if number is not None:
            count = float(number)
            shown = number_format(
                int(count) if count == int(count) else count, use_l10n=True, force_grouping=True
            )
            said.append(_counted(unit, 1 if count == 1 else 2) % {"n": shown})
    return " ".join(said)


def _counted(unit: str, count: int) -> str:
    return {
        "Y": ngettext("%(n)s year", "%(n)s years", count),
        "M": ngettext("%(n)s month", "%(n)s months", count),
        "W": ngettext("%(n)s week", "%(n)s weeks", count),
        "D": ngettext("%(n)s day", "%(n)s days", count),
        "h": ngettext("%(n)s hour", "%(n)s hours", count),
        "m": ngettext("%(n)s minute", "%(n)s minutes", count),
        "s": ngettext("%(n)s second", "%(n)s seconds", count),
    }[unit]
