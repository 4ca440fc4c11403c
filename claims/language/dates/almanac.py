"""Calendar arithmetic: weeks, quarters, Easter, movable feasts, moving by months. No text, no clock.

Years outside 1–9999 do not exist here: functions that would leave the range return None.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta


def add_days(day: date, days: int) -> date | None:
    """Move a day, or return None when that leaves the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def add_months(day: date, months: int) -> date | None:
    """Move by calendar months; the 31st becomes the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return None
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def valid_day(year: int, month: int, day: int) -> bool:
    """Tell whether the day exists."""
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def week_name(day: date) -> str:
    """Return the ISO week of a day, ``2019-W47``."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def quarter_of(day: date) -> int:
    """Return the calendar quarter, 1–4."""
    return (day.month - 1) // 3 + 1


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (anonymous algorithm of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """Return the nth (1 first, -1 last) given weekday of a month."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    last = month_end(year, month)
    return last - timedelta(days=(last.weekday() - weekday) % 7)


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _from_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=days)


HOLIDAYS: dict[str, Callable[[int], date]] = {
    "christmas": _fixed(12, 25),
    "christmas-eve": _fixed(12, 24),
    "boxing-day": _fixed(12, 26),
    "new-year": _fixed(1, 1),
    "new-year-eve": _fixed(12, 31),
    "halloween": _fixed(10, 31),
    "independence-day": _fixed(7, 4),
    "veterans-day": _fixed(11, 11),
    "bastille-day": _fixed(7, 14),
    "valentine": _fixed(2, 14),
    "st-patrick": _fixed(3, 17),
    "earth-day": _fixed(4, 22),
    "may-day": _fixed(5, 1),
    "thanksgiving": lambda year: nth_weekday(year, 11, 3, 4),
    "black-friday": lambda year: nth_weekday(year, 11, 3, 4) + timedelta(days=1),
    "cyber-monday": lambda year: nth_weekday(year, 11, 3, 4) + timedelta(days=4),
    "presidents-day": lambda year: nth_weekday(year, 2, 0, 3),
    "labor-day": lambda year: nth_weekday(year, 9, 0, 1),
    "memorial-day": lambda year: nth_weekday(year, 5, 0, -1),
    "columbus-day": lambda year: nth_weekday(year, 10, 0, 2),
    "election-day": lambda year: nth_weekday(year, 11, 0, 1) + timedelta(days=1),
    "easter": _from_easter(0),
    "good-friday": _from_easter(-2),
    "maundy-thursday": _from_easter(-3),
    "holy-saturday": _from_easter(-1),
    "easter-monday": _from_easter(1),
    "palm-sunday": _from_easter(-7),
    "ash-wednesday": _from_easter(-46),
    "shrove-tuesday": _from_easter(-47),
    "ascension": _from_easter(39),
    "whit-sunday": _from_easter(49),
    "whit-monday": _from_easter(50),
    "corpus-christi": _from_easter(60),
    "all-saints": _fixed(11, 1),
}

SEASON_MONTHS: dict[str, tuple[int, int]] = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 2)}


def part_bounds(name: str, year: int) -> tuple[date, date] | None:
    """Return first and last day of a quarter, half or (northern) season; winter ends in the next year."""
    if name in SEASON_MONTHS:
        first, last = SEASON_MONTHS[name]
        end_year = year + (1 if last < first else 0)
        if end_year > 9999:
            return None
        return date(year, first, 1), month_end(end_year, last)
    length = 3 if name[0] == "Q" else 6
    number = int(name[1])
    return date(year, (number - 1) * length + 1, 1), month_end(year, number * length)
