"""Which expressions take their day or year from another one of the same story, and which day or year is that?

The second time of a comparison ("3.1 percent in March, down from 4.4 percent a year earlier") is counted from the
first, a time of day ("In the evening it turned back") takes the day named in its sentence or in the one before, and
"today" in somebody's own words is the day they spoke ("said on Monday"), not the day of publication. What finds nothing
to lean on stays as it was: event-relative, or a time without a day.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from claims.language.dates import almanac
from claims.language.dates.model import (
    ATTRIBUTIVE,
    Anaphor,
    Calendar,
    Clock,
    DateExpr,
    DayShift,
    Kind,
    Length,
    Near,
    Offset,
)
from claims.language.dates.places import (
    Dated,
    Now,
    Place,
    day_place,
    fiscal_place,
    is_day,
    month_place,
    part_place,
    week_place,
    year_place,
)
from claims.language.dates.tense import sentence_ends

#: Flags of a date that was counted from, or has the day of, another one of the story.
COMPARED, TIME_OF_DAY = "compared", "time-of-day"
#: Flag of a part of what stands behind it: "the first nine months of 2023".
PART_OF = "part-of"
#: Flag of a comparison whose first time nobody can place as long as the day of publication is not known.
COMPARES = "compares"

_COMPARED = re.compile(
    r"(?:\bsame \w+|\bcorresponding \w+|\b(?:from|than|against|versus|with|to|on|over|of|in|that|for|nach|gegen|als"
    r"|gegenüber|von)|\d[\d,.]*|%|\bper ?cent|\bpercent|\bprozent|\beuro|\bpoints?|hundred|thousand|million|billion"
    r"|trillion|\d\s+[a-z]+|\d (?:million|billion) [a-z]+|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|twelve|half|double|twice))(?:,?\s+(?:recorded|reported|seen|in))?\s+\Z"
)
#: "in the same month last year": the year is that of the month named before.
_SAME = re.compile(
    r"\b(?:same|corresponding|comparable|equivalent) (?:period|month|quarter|week|day|time|stage)(?: of| in)?\s+\Z"
)
#: How far back a quotation may have been opened, and how many days ago its day may be.
_LONGEST_QUOTE, _LATELY = 1_500, 3
_FIRST = re.compile(r"(?:the )?(first|last) ", re.IGNORECASE)
_MONTHS = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}
_DAYS = {"D": 1, "W": 7, "FN": 14}
_TIMES = (
    "ago",
    "earlier",
    "before",
    "previous",
    "prior",
    "preceding",
    "same",
    "previously",
    "zuvor",
    "vorher",
    "früher",
)


def settle(rows: Sequence[Dated], text: str) -> list[Dated]:
    """Place what leans on another expression of its story."""
    quotations = _Quotations(text)
    if not any(_leans(one, text, quotations) for one in rows):
        return list(rows)
    ends = sentence_ends(text)
    settled = list(rows)
    for at, one in enumerate(rows):
        if _is_comparison(one.expr, text) or _same_part(one, text):
            _compare(settled, at, text, ends)
        elif isinstance(one.expr.form, DayShift) and quotations.hold(one.expr.start):
            spoken = _day_of_speech(settled, at, text, quotations)
            moved = almanac.add_days(spoken, one.expr.form.days) if spoken is not None else None
            if spoken is not None and moved is not None:
                where = replace(day_place(moved), timeml=one.where.timeml)
                settled[at] = replace(one, where=where, anchor=spoken.isoformat())
        elif isinstance(one.expr.form, Length):
            part = _part_of_the_next(settled, at, text)
            if part is not None:
                whole = settled[at + 1]
                expr = replace(
                    _flagged(one.expr, PART_OF, kind=Kind.RELATIVE),
                    tail=whole.expr.end - text.startswith(".", whole.expr.end - 1),
                )
                settled[at] = replace(one, expr=expr, where=part)
                settled[at + 1] = replace(whole, expr=_flagged(whole.expr, ATTRIBUTIVE, kind=whole.expr.kind))
        elif _is_time_of_day(one.expr):
            day = _story_day(settled, at, ends)
            if day is not None:
                expr = _flagged(one.expr, TIME_OF_DAY, kind=Kind.RELATIVE)
                settled[at] = replace(one, expr=expr, where=replace(day, timeml=one.where.timeml, flags=()))
    return settled


def _part_of_the_next(settled: list[Dated], at: int, text: str) -> Place | None:
    """Return "the first nine months of 2023" and "the last two weeks of May" as the days they are."""
    one = settled[at]
    form, said = one.expr.form, _FIRST.match(text, one.expr.start, one.expr.end)
    if (
        said is None
        or at + 1 >= len(settled)
        or not isinstance(form, Length)
        or form.window > 0
        or not form.count
    ):
        return None
    whole = settled[at + 1]
    first, last = whole.where.first, whole.where.last
    between = text[one.expr.end : whole.expr.start].lower()
    if first is None or last is None or between not in (" of ", " in ") or form.count != int(form.count):
        return None
    count = int(form.count)
    year = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year
    month = first.day == 1 and last == almanac.month_end(first.year, first.month)
    start = said[1].lower() == "first"
    if form.unit == "M" and year and count < 12:
        low, high = (1, count) if start else (13 - count, 12)
        value = f"{first.year:04d}-{low:02d}/{first.year:04d}-{high:02d}"
        bounds = date(first.year, low, 1), almanac.month_end(first.year, high)
    elif form.unit in ("D", "W") and month and count * _DAYS[form.unit] < last.day:
        days = count * _DAYS[form.unit]
        bounds = (first, first.replace(day=days)) if start else (last.replace(day=last.day - days + 1), last)
        value = f"{bounds[0]}/{bounds[1]}"
    else:
        return None
    return Place(one.where.timeml, value, *bounds)


def _compare(settled: list[Dated], at: int, text: str, ends: list[int]) -> None:
    """Count the second time of a comparison from the first, or note that the first cannot be placed yet."""
    one = settled[at]
    same = _same_part(one, text)
    origin = _beside(settled, at, ends, spans=same)
    where = None
    if origin is not None:
        where = _in_year(origin, one.where) if same else _counted(origin, one.expr)
    if where is not None:
        expr = _flagged(one.expr, COMPARED, kind=Kind.RELATIVE)
        settled[at] = replace(one, expr=expr, where=replace(where, timeml=one.where.timeml))
        before = settled[at - 1] if at else None
        if before is not None and _leads_into(before.expr, one.expr):
            settled[at - 1] = replace(before, expr=_flagged(before.expr, ATTRIBUTIVE, kind=before.expr.kind))
    elif not same and _any_beside(settled, at, ends):
        settled[at] = replace(one, expr=_flagged(one.expr, COMPARES, kind=one.expr.kind))


def _flagged(expr: DateExpr, flag: str, *, kind: Kind) -> DateExpr:
    return replace(expr, kind=kind, flags=(*expr.flags, flag))


def _leans(one: Dated, text: str, quotations: _Quotations) -> bool:
    if isinstance(one.expr.form, DayShift):
        return quotations.hold(one.expr.start)
    if isinstance(one.expr.form, Length) and _FIRST.match(text, one.expr.start, one.expr.end):
        return True
    return _is_time_of_day(one.expr) or _is_comparison(one.expr, text) or _same_part(one, text)


def _same_part(one: Dated, text: str) -> bool:
    """Tell the year of "the same month last year"."""
    first, last = one.where.first, one.where.last
    if first is None or last is None or one.expr.kind not in (Kind.DATE, Kind.RELATIVE):
        return False
    whole = (first.month, first.day, last.month, last.day, first.year) == (1, 1, 12, 31, last.year)
    return whole and bool(_SAME.search(text[max(0, one.expr.start - 40) : one.expr.start].lower()))


def _leads_into(part: DateExpr, year: DateExpr) -> bool:
    """Tell "the same month" right before "last year": what it says is in the place of the year now."""
    return isinstance(part.form, Anaphor) and year.start - part.end <= len(" of ")


def _in_year(origin: Place, year: Place) -> Place | None:
    """Return the same part of another year."""
    if origin.first is None or origin.last is None or year.first is None:
        return None
    months = 12 * (year.first.year - origin.first.year)
    return _months_away(origin.first, origin.last, months, "Y") if months else None


def _is_time_of_day(expr: DateExpr) -> bool:
    """Tell "at 6am" and "that night": a part of some day, unlike "the next morning"."""
    if expr.kind is Kind.TIME:
        return isinstance(expr.form, Clock)
    return (
        isinstance(expr.form, Anaphor) and expr.form.unit == "D" and not expr.form.shift and bool(expr.part)
    )


def _is_comparison(expr: DateExpr, text: str) -> bool:
    """Tell "down from 4.4 percent a year earlier", "fewer than the year before": the second time of a comparison."""
    form = expr.form
    if not isinstance(form, Offset | Anaphor | Length) or form.unit not in (*_MONTHS, *_DAYS):
        return False
    if isinstance(form, Offset) and (
        form.origin == "publication" or form.direction > 0 or form.count is None
    ):
        return False
    if isinstance(form, Anaphor) and (form.shift > 0 or expr.kind is Kind.REFERENCE or not form.shift):
        return False
    if isinstance(form, Length) and not (form.anchored and expr.tail > expr.end):
        return False
    words = text[expr.start : max(expr.end, expr.tail)].lower()
    left = text[max(0, expr.start - 40) : expr.start].lower()
    return any(word in words for word in _TIMES) and bool(_COMPARED.search(left))


def _beside(rows: Sequence[Dated], at: int, ends: list[int], *, spans: bool = False) -> Place | None:
    """Return the place that a comparison counts from: the nearest before it in its sentence, else after it.

    ``spans``: it may be a span of months, as in "between January and April … than in the same period last year".
    """
    low, high = _sentence(rows[at].expr.start, ends)
    on = _on_calendar_or_span if spans else _on_calendar
    before = [one.where for one in rows[max(0, at - 12) : at] if one.expr.start >= low and on(one)]
    after = [one.where for one in rows[at + 1 : at + 6] if one.expr.start < high and on(one)]
    return before[-1] if before else after[0] if after else None


def _any_beside(rows: Sequence[Dated], at: int, ends: list[int]) -> bool:
    """Tell whether a comparison has a first time at all, placed or not."""
    low, high = _sentence(rows[at].expr.start, ends)
    near = (*rows[max(0, at - 6) : at], *rows[at + 1 : at + 6])
    return any(low <= one.expr.start < high and one.expr.kind in (Kind.DATE, Kind.RELATIVE) for one in near)


def _story_day(rows: Sequence[Dated], at: int, ends: list[int]) -> Place | None:
    """Return the day that a time of day belongs to: of its sentence, else of the one before."""
    start = rows[at].expr.start
    low, high = _sentence(start, ends)
    previous, _ = _sentence(low - 1, ends) if low else (low, low)
    before = [one.where for one in rows[max(0, at - 12) : at] if one.expr.start >= low and _names_a_day(one)]
    after = [one.where for one in rows[at + 1 : at + 6] if one.expr.start < high and _names_a_day(one)]
    earlier = [
        one.where
        for one in rows[max(0, at - 12) : at]
        if previous <= one.expr.start < low and _names_a_day(one)
    ]
    for days in (before[-1:], after[:1], earlier[-1:]):
        if days:
            return days[0]
    return None


class _Quotations:
    """Which places of a text stand inside a quotation of their paragraph? Each is looked at once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[int, bool] = {}

    def hold(self, place: int) -> bool:
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = self._opened_before(place)
        return known

    def _opened_before(self, place: int) -> bool:
        text = self._text
        first = max(0, place - _LONGEST_QUOTE)
        first = max(first, text.rfind("\n", first, place) + 1)
        return (
            text.count('"', first, place) % 2 == 1
            or text.count("“", first, place) > text.count("”", first, place)
            or text.count("``", first, place) > text.count("''", first, place)
        )


def _day_of_speech(rows: Sequence[Dated], at: int, text: str, quotations: _Quotations) -> date | None:
    """Return the day that a speaker's "today" is: of the frame behind or in front, else the last day of the story.

    Nothing when the writer speaks of the day of publication, or when the days named are too long ago.
    """
    one = rows[at]
    today = Now.of(one.anchor).day
    if today is None:
        return None
    near = one.expr.end + _LONGEST_QUOTE
    end = text.find("\n", one.expr.end, near)
    # Another "today" behind it is the writer's own and says nothing of the speaker.
    behind = [
        row
        for row in rows[at + 1 : at + 4]
        if row.expr.start < (end if end >= 0 else near) and row.expr.form != DayShift(0)
    ]
    for row in (*behind, *reversed(rows[max(0, at - 20) : at])):
        day = row.where.first
        if day is None or not is_day(row.where) or row.expr.kind not in (Kind.DATE, Kind.RELATIVE):
            continue
        if 0 <= (today - day).days <= _LATELY and not quotations.hold(row.expr.start):
            return day if day < today else None
    return None


def _sentence(offset: int, ends: list[int]) -> tuple[int, int]:
    """Return where the sentence around an offset begins and ends."""
    at = bisect_right(ends, offset)
    return (ends[at - 1] if at else 0), (ends[at] if at < len(ends) else 10**9)


def _on_calendar(one: Dated) -> bool:
    return (
        one.where.first is not None
        and one.expr.kind in (Kind.DATE, Kind.RELATIVE)
        and ("/" not in one.where.value.replace("W", "") or PART_OF in one.expr.flags)
        and COMPARED not in one.expr.flags
        and ATTRIBUTIVE not in one.expr.flags
    )


def _on_calendar_or_span(one: Dated) -> bool:
    return _on_calendar(one) or (one.expr.kind is Kind.RANGE and one.where.first is not None)


def _names_a_day(one: Dated) -> bool:
    """Tell a day, also one that nobody can place without the day of publication."""
    form = one.expr.form
    if one.expr.kind not in (Kind.DATE, Kind.RELATIVE) or TIME_OF_DAY in one.expr.flags:
        return False
    weekday = isinstance(form, Near) and form.what == "weekday"
    return (
        is_day(one.where)
        or weekday
        or isinstance(form, DayShift)
        or (isinstance(form, Calendar) and form.day is not None)
    )


def _counted(origin: Place, expr: DateExpr) -> Place | None:
    """Count "a year earlier" from its origin: from March it is March of the year before."""
    form = expr.form
    unit = getattr(form, "unit", "")
    if isinstance(form, Offset):
        steps = (form.count or 0) * form.direction
    elif isinstance(form, Length):
        steps = -(form.count or 0)
    else:
        steps = float(getattr(form, "shift", 0))
    first, last = origin.first, origin.last
    if first is None or last is None or not steps:
        return None
    if "fiscal-year" in origin.flags and origin.value.isdecimal():
        return fiscal_place(int(origin.value) + round(steps)) if unit == "Y" else None
    if unit in _DAYS:
        moved = almanac.add_days(first, round(steps * _DAYS[unit]))
        if moved is None:
            return None
        return day_place(moved) if first == last else week_place(moved) if (last - first).days == 6 else None
    return _months_away(first, last, round(steps * _MONTHS[unit]), unit)


def _months_away(first: date, last: date, months: int, unit: str) -> Place | None:
    """Move a day, month, quarter or year by whole months; it stays as fine as it was."""
    moved = almanac.add_months(first.replace(day=1), months)
    if moved is None:
        return None
    if first == last:
        if unit in ("Y", "M", "Q"):
            day = min(first.day, almanac.month_end(moved.year, moved.month).day)
            return day_place(moved.replace(day=day))
        return year_place(moved.year)
    length = (last.year - first.year) * 12 + last.month - first.month + 1
    if first.day == 1 and length == 1:
        return month_place(moved.year, moved.month)
    if first.day == 1 and length == 3 and first.month % 3 == 1:
        return part_place(f"Q{almanac.quarter_of(moved)}", moved.year)
    if length == 12 and first.month == 1 and unit in ("Y", "DE", "CE"):
        return year_place(moved.year)
    if first.day == 1 and unit == "Y" and last == almanac.month_end(last.year, last.month):
        # "the first nine months": the same ones of another year.
        end = almanac.add_months(last.replace(day=1), months)
        if end is not None:
            value = f"{moved.isoformat()[:7]}/{end.isoformat()[:7]}"
            return Place(value, value, moved, almanac.month_end(end.year, end.month))
    return None
