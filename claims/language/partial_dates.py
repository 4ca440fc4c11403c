"""What does a partial date value mean, and which days can it be at the earliest and at the latest?

Reads the values of the annotation guidelines and of the publication-date field: ``2020``, ``2020-10``,
``2020-10-14``, ``2020-Q3``, ``2020-H1``, ``2020-W47``, ``XXXX-10-10`` (year unknown), ``XXXX-10``,
``XXXX-Q3``, ``P2Y`` (a length of time) and intervals of two dates: ``2008/2016``, ``2020-10-10/2020-10-12``.
It refuses free wording: finding dates in sentences is the business of ``claims.language.dates``.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_YEAR = re.compile(r"(\d{4})\Z", re.ASCII)
_MONTH = re.compile(r"(\d{4}|XXXX)-(\d\d)\Z", re.ASCII)
_DAY = re.compile(r"(\d{4}|XXXX)-(\d\d)-(\d\d)\Z", re.ASCII)
_PART = re.compile(r"(\d{4}|XXXX)-([QH])(\d)\Z", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(\d\d)\Z", re.ASCII)
_DURATION = re.compile(
    r"P(?=\d|T\d)(?:\d+(?:\.\d+)?Y)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?W)?(?:\d+(?:\.\d+)?D)?"
    r"(?:T(?=\d)(?:\d+(?:\.\d+)?H)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?S)?)?\Z",
    re.ASCII,
)
_EXPECTED = "expected a value such as 2020, 2020-10, 2020-10-14, 2020-Q3, 2020-W47, 2008/2016 or XXXX-10-10"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A value with the first and last day it can mean; both None where it has no place on the calendar."""

    value: str
    earliest: date | None
    latest: date | None

    @classmethod
    def parse(cls, value: str) -> PartialDate:
        """Read one value.

        Raises ValueError with a sentence fit for a form field when the value is not in one of the formats,
        names a day that does not exist, or is an interval that ends before it starts.
        """
        text = value.strip()
        if not text:
            raise ValueError(f"The date is empty; {_EXPECTED}.")
        if len(text) > 60:
            raise ValueError(f"The date is too long; {_EXPECTED}.")
        if "/" in text:
            return _interval(text)
        earliest, latest = _bounds(text)
        return cls(text, earliest, latest)

    @property
    def is_day(self) -> bool:
        """Tell whether the value names exactly one calendar day."""
        return self.earliest is not None and self.earliest == self.latest

    def __str__(self) -> str:
        return self.value


def month_bounds(year: int, month: int) -> tuple[date, date]:
    """Return the first and last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _interval(text: str) -> PartialDate:
    sides = text.split("/")
    if len(sides) != 2 or not all(sides):
        raise ValueError(f"“{text}” is not an interval of two dates; {_EXPECTED}.")
    if any(side.startswith("P") for side in sides):
        raise ValueError(f"“{text}” mixes a date with a duration; {_EXPECTED}.")
    first, second = (_bounds(side) for side in sides)
    if first[0] is not None and second[1] is not None and second[1] < first[0]:
        raise ValueError(f"The interval “{text}” ends before it starts.")
    if first[0] is None or second[1] is None:
        return PartialDate(text, first[0], second[1])
    return PartialDate(text, first[0], second[1])


def _bounds(text: str) -> tuple[date | None, date | None]:
    if match := _YEAR.match(text):
        year = _year(match[1], text)
        return date(year, 1, 1), date(year, 12, 31)
    if match := _DAY.match(text):
        return _day_bounds(match, text)
    if match := _MONTH.match(text):
        month = int(match[2])
        if not 1 <= month <= 12:
            raise ValueError(f"“{text}” has no month {month:02d}; months run from 01 to 12.")
        return (None, None) if match[1] == "XXXX" else month_bounds(_year(match[1], text), month)
    if match := _PART.match(text):
        length = 3 if match[2] == "Q" else 6
        number = int(match[3])
        if not 1 <= number <= 12 // length:
            kind = "quarters run from Q1 to Q4" if length == 3 else "halves are H1 and H2"
            raise ValueError(f"“{text}” does not exist; {kind}.")
        if match[1] == "XXXX":
            return None, None
        year = _year(match[1], text)
        return date(year, (number - 1) * length + 1, 1), month_bounds(year, number * length)[1]
    if match := _WEEK.match(text):
        year = _year(match[1], text)
        try:
            monday = date.fromisocalendar(year, int(match[2]), 1)
        except ValueError:
            raise ValueError(f"The year {year} has no week {match[2]}.") from None
        # The calendar ends on a Friday.
        return monday, date.fromordinal(min(monday.toordinal() + 6, date.max.toordinal()))
    if _DURATION.match(text):
        return None, None
    raise ValueError(f"“{text}” is not a date; {_EXPECTED}.")


def _day_bounds(match: re.Match[str], text: str) -> tuple[date | None, date | None]:
    # An unknown year may be a leap year: 29 February is then possible.
    year = 2000 if match[1] == "XXXX" else _year(match[1], text)
    try:
        day = date(year, int(match[2]), int(match[3]))
    except ValueError:
        raise ValueError(f"The day “{text}” does not exist.") from None
    return (None, None) if match[1] == "XXXX" else (day, day)


def _year(digits: str, text: str) -> int:
    year = int(digits)
    if year < 1:
        raise ValueError(f"“{text}” has the year 0000; years run from 0001 to 9999.")
    return year
