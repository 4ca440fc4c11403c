"""On which day did readers see what is dated by a moment? One rule for pages, feeds, tables and office files.

A day written with its own zone, or without any, is the day readers saw. A moment in UTC is how machines write: the
day beside it is the publisher's only where nothing else on the page or in the feed says otherwise. What says
otherwise is, in this order, a day shown to readers, another date with a zone, the publisher's zone, the address.
Refuses days that the moment cannot be anywhere on earth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

_ISO = re.compile(
    r"\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
    r"(?:[T ]\s*(\d{1,2}):?(\d{2})(?::?\d{2})?(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?(?=\D|\Z)",
    re.ASCII | re.IGNORECASE,
)
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{2}(Z|[+-]\d{4})?)?\s*\Z", re.ASCII)
_RFC822 = re.compile(r"\s*(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[\s-][A-Za-z]{3,9}\.?[\s-]\d{2,4}(?:\s|\Z)")
_RFC_YEAR = re.compile(r"\b(\d{1,2})[\s-]([A-Za-z]{3})[A-Za-z]*\.?[\s-](\d{4})\b")
# Beside -0000, names that mean UTC in mail and feeds.
_UTC_NAMES = re.compile(r"(?:\b(?:GMT|UTC|UT|Z)|[+-]00:?00)\s*\Z", re.IGNORECASE)

_MONTHS = {
    "jan": 1, "ene": 1, "feb": 2, "fev": 2, "fév": 2, "mar": 3, "mär": 3, "apr": 4, "avr": 4, "abr": 4, "may": 5,
    "mai": 5, "jun": 6, "juin": 6, "jul": 7, "juil": 7, "aug": 8, "aoû": 8, "ago": 8, "sep": 9, "oct": 10, "okt": 10,
    "nov": 11, "dec": 12, "dez": 12, "déc": 12, "dic": 12,
}  # fmt: skip
_MONTH = rf"({'|'.join(sorted(_MONTHS, key=len, reverse=True))})[a-zäéû]*\.?"
_DAY_FIRST = re.compile(
    rf"(?<![\d:])(\d{{1,2}})(?:st|nd|rd|th|er|\.)?(?:\s+(?:de|of))?[\s-]+{_MONTH}\b", re.I
)
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])", re.I)
_FIGURES = re.compile(
    r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)|(?<!\d)(\d{1,2})([./])(\d{1,2})\5(?:20)?\d{2}(?!\d)"
)

# Names that stand behind a time of day. Those of several zones (CST, IST) mean the more common one in news.
_FIXED = {
    "GMT": 0, "UTC": 0, "WET": 0, "BST": 60, "WEST": 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120, "SAST": 120,
    "EET": 120, "EEST": 180, "EAT": 180, "MSK": 180, "WAT": 60, "CAT": 120, "PKT": 300, "IST": 330, "WIB": 420,
    "ICT": 420, "HKT": 480, "SGT": 480, "PHT": 480, "AWST": 480, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660,
    "NZST": 720, "NZDT": 780, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
    "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600, "AST": -240, "ADT": -180, "NST": -210,
    "BRT": -180, "ART": -180,
}  # fmt: skip
_CIVIL = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
_ZONE_NAMED = re.compile(
    r"\d{1,2}(?:[:.h]\d{2})?(?::\d{2})?\s*(?:[ap]\.?\s?m\.?\s*)?\(?(?:Uhr\s+)?"
    rf"({'|'.join(sorted([*_FIXED, *_CIVIL], key=len, reverse=True))})\b",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(
    r"/(199\d|20\d\d)[/-](1[0-2]|0?[1-9])[/-](3[01]|[12]\d|0?[1-9])(?=[/\-_.]|\Z)",
)
_NEAREST, _FARTHEST = -12 * 60, 14 * 60


@dataclass(frozen=True, slots=True)
class Stamp:
    """A written day, with minutes after midnight and minutes east of UTC where they are written."""

    day: date
    minutes: int | None = None
    offset: int | None = None

    @property
    def in_utc(self) -> bool:
        """Whether it is a moment as machines write it, so that its day may be nobody's day."""
        return self.minutes is not None and self.offset == 0

    def day_at(self, offset: int) -> date:
        """Return the day that this moment is on, so many minutes east of UTC."""
        assert self.minutes is not None
        minutes = self.minutes - (self.offset or 0) + offset
        return self.day + timedelta(days=minutes // (24 * 60))

    def may_be(self, day: date) -> bool:
        """Whether somewhere on earth it was this day at that moment."""
        if self.minutes is None:
            return day == self.day
        return self.day_at(_NEAREST) <= day <= self.day_at(_FARTHEST)


@dataclass(frozen=True, slots=True)
class DaySign:
    """What else speaks of the day: ``days`` that are shown or written, or ``offset`` of the publisher's zone."""

    evidence: str
    days: tuple[date, ...] = ()
    offset: int | None = None


def read_stamp(value: str) -> Stamp | None:
    """Read a day as feeds, pages and tables write it (ISO 8601, RFC 822); None where it is none."""
    if match := _ISO.match(value) or _COMPACT.match(value):
        return _stamp(*match.groups())
    if _RFC822.match(value):
        return _mail_date(value)
    return None


def _stamp(
    year: str, month: str, day: str, hour: str | None, minute: str | None, zone: str | None
) -> Stamp | None:
    try:
        written = date(int(year), int(month), int(day))
    except ValueError:
        return None
    if hour is None or minute is None or int(hour) > 24 or int(minute) > 59:
        return Stamp(written)
    return Stamp(written, int(hour) * 60 + int(minute), _offset(zone))


def _offset(zone: str | None) -> int | None:
    if not zone:
        return None
    if zone.upper() in ("Z", "UTC", "GMT"):
        return 0
    sign = -1 if zone[0] == "-" else 1
    digits = zone[1:].replace(":", "")
    return sign * (int(digits[:2]) * 60 + int(digits[2:] or 0))


def _mail_date(value: str) -> Stamp | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, IndexError, TypeError, OverflowError):
        found = _RFC_YEAR.search(value)
        month = _MONTHS.get(found[2].lower()) if found else None
        return _stamp(found[3], str(month), found[1], None, None, None) if found and month else None
    if not re.search(r"\d:\d\d", value):
        return Stamp(moment.date())
    offset = moment.utcoffset()
    minutes = offset.total_seconds() / 60 if offset is not None else None
    if minutes is None and _UTC_NAMES.search(value):
        minutes = 0
    if not minutes and not _UTC_NAMES.search(value):
        # A name of a zone that mail does not know reads as UTC there.
        minutes = zone_in(value, moment.date())
    return Stamp(moment.date(), moment.hour * 60 + moment.minute, None if minutes is None else int(minutes))


def zone_in(text: str, day: date) -> int | None:
    """Return minutes east of UTC where a time of day is followed by the name of a zone, as in “9:25 p.m. EST”."""
    match = _ZONE_NAMED.search(text)
    if match is None:
        return None
    name = match[1].upper()
    if name in _FIXED:
        return _FIXED[name]
    offset = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(_CIVIL[name])).utcoffset()
    return int(offset.total_seconds() // 60) if offset is not None else None


def days_in(text: str, near: date) -> tuple[date, ...]:
    """Return which of the days around ``near`` a shown text names, in either order of day and month."""
    pairs: set[tuple[int, int]] = set()
    for found in _DAY_FIRST.finditer(text):
        pairs.add((_month(found[2]), int(found[1])))
    for found in _MONTH_FIRST.finditer(text):
        pairs.add((_month(found[1]), int(found[2])))
    for found in _FIGURES.finditer(text):
        if found[1]:
            pairs.add((int(found[2]), int(found[3])))
        else:
            pairs.add((int(found[6]), int(found[4])))
            if found[5] == "/":
                pairs.add((int(found[4]), int(found[6])))
    around = [near + timedelta(days=shift) for shift in (0, -1, 1)]
    return tuple(day for day in around if (day.month, day.day) in pairs)


def _month(name: str) -> int:
    lower = name.lower()
    return _MONTHS.get(lower[:4]) or _MONTHS[lower[:3]]


def seen_day(stamp: Stamp, shown: Iterable[DaySign]) -> tuple[date, str]:
    """Return the day readers saw, and what told it where that is not the day written.

    ``shown`` is in the order of its weight; the first that fits the moment decides.
    """
    if not stamp.in_utc:
        return stamp.day, ""
    for one in shown:
        days = one.days
        if one.offset is not None:
            # Midnight sharp is how a mere day is written.
            days = (stamp.day_at(one.offset),) if stamp.minutes else (stamp.day,)
        fitting = [day for day in days if stamp.may_be(day)]
        if stamp.day in fitting:
            return stamp.day, ""
        if fitting:
            return fitting[0], one.evidence
    return stamp.day, ""


def address_sign(url: str) -> Iterator[DaySign]:
    """Yield the day that an address names, as in ``/2026/03/03/a``."""
    if match := _IN_ADDRESS.search(url):
        stamp = read_stamp("-".join(match.groups()))
        if stamp is not None:
            yield DaySign("the date in the address", days=(stamp.day,))
