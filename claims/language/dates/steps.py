"""Read days counted from another day: "the day after Christmas", "the week after next", "a week on Tuesday"."""

from __future__ import annotations

from claims.language.dates import english as en
from claims.language.dates.absolute import absolute
from claims.language.dates.lexer import Words
from claims.language.dates.model import Calendar, DayBeside, Holiday, Kind, Near, NthDay
from claims.language.dates.reader import DateReading, month_name, year_number

_SIDES = {"before": -1, "after": 1}


def stepped(words: Words, index: int) -> DateReading | None:
    """Read an expression that steps from another one, starting at a token."""
    if words[index] == "a":
        return _week_from_a_day(words, index)
    position = index + (words[index] == "the")
    nth = _nth_of_a_month(words, position) if words[position + 3] in en.MONTHS else None
    if nth is not None:
        return nth
    side = _SIDES.get(words[position + 1])
    if side is None:
        return None
    if (words[position + 1], words[position + 2]) in (("before", "last"), ("after", "next")):
        return _two_away(words, position, 2 * side)
    return _beside_a_day(words, position, side) if words[position] == "day" else None


def _nth_of_a_month(words: Words, position: int) -> DateReading | None:
    """Read "first day of May", "last Sunday in May 2019"."""
    nth = -1 if words[position] in ("last", "final") else en.ORDINALS.get(words[position], 0)
    weekday = en.WEEKDAYS.get(words[position + 1])
    plain = words[position + 1] == "day" and nth in (1, -1)
    if (
        not (plain or (weekday is not None and -1 <= nth <= 5))
        or not nth
        or words[position + 2] not in ("of", "in")
    ):
        return None
    month = month_name(words, position + 3)
    if month is None:
        return None
    number, end = month
    year = year_number(words, end)
    form = Calendar(year[0] if year is not None else None, number)
    return DateReading(year[1] if year is not None else end, Kind.DATE, NthDay(form, nth, weekday))


def _two_away(words: Words, position: int, which: int) -> DateReading | None:
    """Read "the week after next", "the Monday before last"."""
    if words[position + 3] in en.UNITS:
        return None
    weekday = en.WEEKDAYS.get(words[position])
    if weekday is not None and words.capital(position):
        return DateReading(position + 3, Kind.RELATIVE, Near("weekday", weekday, which))
    unit = en.UNITS.get(words[position])
    if unit not in ("W", "M", "Y", "WE") or words[position] in en.PLURAL_UNITS:
        return None
    return DateReading(position + 3, Kind.RELATIVE, Near("unit", unit, which))


def _beside_a_day(words: Words, position: int, side: int) -> DateReading | None:
    """Read "the day after Christmas", "the day before Tuesday's vote"."""
    inner = absolute(words, position + 2)
    if inner is None or inner.kind not in (Kind.DATE, Kind.RELATIVE):
        return None
    form = inner.form
    day = (
        isinstance(form, Holiday)
        or (isinstance(form, Calendar) and form.day is not None)
        or (isinstance(form, Near) and form.what == "weekday")
    )
    return DateReading(inner.end, Kind.RELATIVE, DayBeside(form, side)) if day else None


def _week_from_a_day(words: Words, index: int) -> DateReading | None:
    """Read "a week on Tuesday", "a week from Tuesday", "a week ago Tuesday", "a week last Tuesday"."""
    which = {"on": 2, "from": 2, "ago": -2, "last": -2}.get(words[index + 2])
    weekday = en.WEEKDAYS.get(words[index + 3])
    if words[index + 1] != "week" or which is None or weekday is None or not words.capital(index + 3):
        return None
    return DateReading(index + 4, Kind.RELATIVE, Near("weekday", weekday, which))
