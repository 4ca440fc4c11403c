"""Which publication dates may a file, a table or a person give? A year, a month, a day, or an interval of two.

Refuses everything else: what has no place on the calendar is no publication date, and day/month orders are not
guessed here.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from claims.intake.shown_day import read_stamp
from claims.intake.types import IntakeError
from claims.language.dates.written_day import written_day
from claims.language.partial_dates import PartialDate
from claims.spoken import gettext as _

_PART = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
#: Seconds since 1970, or thousandths of them: from 2001 on they have so many figures.
_SECONDS = re.compile(r"1\d{9}(?:\d{3})?", re.ASCII)
_VALUE = re.compile(rf"{_PART}(?:/{_PART})?", re.ASCII)


def day_written(value: str) -> str:
    """Return the ISO day of a date as files write it: with a time of day, as in mail, or in words.

    Anything else is returned as it is: ``04/03/2026`` has two readings.
    """
    value = value.strip()
    stamp = None if _VALUE.fullmatch(value) else read_stamp(value)
    if stamp is not None:
        return stamp.day.isoformat()
    if _SECONDS.fullmatch(value):
        return datetime.fromtimestamp(int(value[:10]), UTC).date().isoformat()
    day = written_day(value)
    return value if day is None else day.isoformat()


def parse_partial(value: str, *, today: date | None = None) -> PartialDate:
    """Read a partial date or an interval; both bounds are set.

    Raises IntakeError ``bad_date`` for anything else, and ``future_date`` where ``today`` is given and the
    value begins after it.
    """
    value = value.strip()
    if not _VALUE.fullmatch(value):
        raise IntakeError(
            "bad_date",
            _(
                "“%(kind)s” is not a date this desk reads. Write 2020, 2020-10, 2020-10-14 or "
                "2020-10-12/2020-10-14."
            )
            % {"kind": value},
        )
    try:
        found = PartialDate.parse(value)
    except ValueError as problem:
        raise IntakeError(
            "bad_date", _("%(problem)s Write 2020, 2020-10 or 2020-10-14.") % {"problem": problem}
        ) from problem
    if today is not None and found.earliest is not None and found.earliest > today:
        raise IntakeError(
            "future_date",
            _("%(kind)s lies in the future. Enter the day the text was published, or leave the date empty.")
            % {"kind": value},
        )
    return found
