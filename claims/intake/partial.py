"""Which days a partial date may mean: ``2020``, ``2020-10``, ``2020-10-14``, or an interval of two of them.

Refuses everything that is not such a value: guessing day/month orders is not done here.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from claims.intake.types import IntakeError

_PART = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A stored publication date: the value as written, and the first and last day it may mean."""

    value: str
    earliest: date
    latest: date


def parse_partial(value: str, *, today: date | None = None) -> PartialDate:
    """Read a partial date or an interval.

    Raises IntakeError ``bad_date`` for anything else, and ``future_date`` where ``today`` is given and the
    value begins after it.
    """
    value = value.strip()
    first, slash, second = value.partition("/")
    earliest, latest = _bounds(first, value)
    if slash:
        start, latest = _bounds(second, value)
        if start < earliest:
            raise IntakeError("bad_date", f"“{value}” ends before it begins. Write the earlier date first.")
    if today is not None and earliest > today:
        raise IntakeError(
            "future_date",
            f"{value} lies in the future. Enter the day the text was published, or leave the date empty.",
        )
    return PartialDate(value, earliest, latest)


def _bounds(part: str, whole: str) -> tuple[date, date]:
    match = _PART.match(part)
    try:
        if match is None:
            raise ValueError
        year = int(match[1])
        month = int(match[2]) if match[2] else None
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if match[3]:
            day = date(year, month, int(match[3]))
            return day, day
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    except ValueError:
        raise IntakeError(
            "bad_date",
            f"“{whole}” is not a date this desk reads. Write 2020, 2020-10, 2020-10-14 or"
            f" 2020-10-12/2020-10-14.",
        ) from None
