"""Single places on the calendar, in TimeML's notation and in that of claims, and how to move one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from claims.language.dates import almanac
from claims.language.dates.model import DateExpr
from claims.language.partial_dates import PartialDate

UNRESOLVED = "unresolved"
EVENT_RELATIVE = "event-relative"


@dataclass(frozen=True, slots=True)
class Now:
    """What is known of the publication: its day, its month, its year, each None when it is not."""

    day: date | None = None
    month: tuple[int, int] | None = None
    year: int | None = None

    @classmethod
    def of(cls, published: str | None) -> Now:
        """Read a publication date, possibly partial or with a time; ValueError when it is not a date."""
        if not published:
            return cls()
        bounds = PartialDate.parse(published.split("T")[0])
        first, last = bounds.earliest, bounds.latest
        if first is None or last is None:
            return cls()
        same_month = (first.year, first.month) == (last.year, last.month)
        return cls(
            first if first == last else None,
            (first.year, first.month) if same_month else None,
            first.year if first.year == last.year else None,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A place in time in both notations; days are None where it has none on the calendar."""

    timeml: str
    value: str
    first: date | None = None
    last: date | None = None
    flags: tuple[str, ...] = ()


def nowhere(timeml: str, *flags: str) -> Place:
    return Place(timeml, UNRESOLVED, flags=flags)


def day_place(day: date | None, *flags: str) -> Place:
    if day is None:
        return nowhere("XXXX-XX-XX", "outside-calendar")
    return Place(day.isoformat(), day.isoformat(), day, day, flags)


def week_place(day: date) -> Place:
    # The calendar begins on a Monday and ends on a Friday.
    monday = day - timedelta(days=day.weekday())
    sunday = almanac.add_days(monday, 6) or date.max
    name = almanac.week_name(day)
    return Place(name, name, monday, sunday)


def month_place(year: int, month: int, *flags: str) -> Place:
    if not 1 <= year <= 9999:
        return nowhere("XXXX-XX", "outside-calendar")
    name = f"{year:04d}-{month:02d}"
    return Place(name, name, date(year, month, 1), almanac.month_end(year, month), flags)


def nth_day(month: Place, nth: int, weekday: int | None) -> Place:
    """Return the nth day or weekday (-1 the last) of a month; the month where its year is not known."""
    first, last = month.first, month.last
    if first is None or last is None:
        return month
    if weekday is None:
        day = last if nth < 0 else first.replace(day=nth)
    else:
        day = almanac.nth_weekday(first.year, first.month, weekday, nth)
    return day_place(day, *month.flags) if first <= day <= last else month


#: A stretch of so many days is a Saturday with its Sunday.
_WEEKEND_DAYS = 2


def nth_stretch(month: Place, nth: int, days: int) -> Place | None:
    """Return the nth week (7 days), fortnight (14) or weekend (2) of a month, -1 the last; None where it has none."""
    first, last = month.first, month.last
    if first is None or last is None:
        return None
    if days == _WEEKEND_DAYS:
        start = almanac.nth_weekday(first.year, first.month, 5, nth)
        end = almanac.add_days(start, 1)
    elif nth < 0:
        start, end = last.replace(day=last.day - days + 1), last
    else:
        begins = (nth - 1) * days + 1
        if begins > last.day:
            return None
        start, end = first.replace(day=begins), first.replace(day=min(nth * days, last.day))
    return span_place(start, end, *month.flags) if end is not None and start <= last else None


def span_place(first: date, last: date, *flags: str) -> Place:
    """Return the days from one to another."""
    value = f"{first.isoformat()}/{last.isoformat()}"
    return Place(value, value, first, last, flags)


def year_place(year: int, *flags: str) -> Place:
    if not 1 <= year <= 9999:
        return nowhere("XXXX", "outside-calendar")
    return Place(f"{year:04d}", f"{year:04d}", date(year, 1, 1), date(year, 12, 31), flags)


def fiscal_place(year: int) -> Place:
    """Return a fiscal year: named by the year it ends in, it ends in it or, at retailers, in the January after."""
    if not 1 <= year <= 9999:
        return nowhere("XXXX", "outside-calendar")
    wide = date(max(1, year - 1), 2, 1), date(min(9999, year + 1), 1, 31)
    return Place(f"{year:04d}", f"{year:04d}", *wide, ("fiscal-year",))


def part_place(name: str, year: int, *flags: str) -> Place:
    bounds = almanac.part_bounds(name, year) if 1 <= year <= 9999 else None
    if bounds is None:
        return nowhere(f"XXXX-{name}", "outside-calendar")
    if name[0] == "Q":
        value = f"{year:04d}-{name}"
    else:
        value = "/".join(bound.isoformat()[:7] for bound in bounds)
        if name in almanac.SEASON_MONTHS:
            flags = (*flags, "season")
    return Place(f"{year:04d}-{name}", value, *bounds, flags)


def is_day(where: Place) -> bool:
    return where.first is not None and where.first == where.last


def shifted(origin: Place, count: float, unit: str) -> Place:
    """Move a place; the result is as fine as the unit or the origin, whichever is coarser."""
    start = origin.first
    if start is None:
        return nowhere("XXXX-XX-XX")
    years = {"Y": 1, "DE": 10, "CE": 100, "ML": 1000}.get(unit)
    if years is not None:
        if count != int(count) and unit == "Y":
            return shifted(origin, round(count * 12), "M")
        if origin.timeml[5:6] == "Q" and unit == "Y":
            return part_place(origin.timeml[5:], start.year + int(count))
        return year_place(start.year + round(count * years))
    if unit in ("M", "Q"):
        months = round(count * (3 if unit == "Q" else 1))
        moved = almanac.add_months(start.replace(day=1), months)
        if moved is None:
            return nowhere("XXXX-XX", "outside-calendar")
        if unit == "Q":
            return part_place(f"Q{almanac.quarter_of(moved)}", moved.year)
        return month_place(moved.year, moved.month)
    days = {"D": 1.0, "W": 7.0, "FN": 14.0, "WE": 7.0, "TH": 1 / 24, "TM": 1 / 1440, "TS": 1 / 86400}.get(
        unit
    )
    if days is None or abs(count) > 4_000_000:
        return nowhere("XXXX-XX-XX", "outside-calendar")
    target = almanac.add_days(start, int(count * days))
    if target is None:
        return nowhere("XXXX-XX-XX", "outside-calendar")
    return week_place(target) if unit in ("W", "FN", "WE") else day_place(target)


@dataclass(frozen=True, slots=True)
class Dated:
    """One expression with its place in time, and what it was placed by.

    ``direction`` is the tense of the words around it as ``tense.read`` says it, empty where it does not matter;
    ``anchor`` the day it was counted from (of publication, of a dateline), empty where that is unknown. ``sides`` are
    start, end and place of both ends of a range.
    """

    expr: DateExpr
    where: Place
    direction: str = ""
    anchor: str = ""
    sides: tuple[tuple[int, int, Place], ...] = ()


UNKNOWN = Now()
