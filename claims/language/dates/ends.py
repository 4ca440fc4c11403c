"""From one place in time to another: how two placed ends become one span that never runs backwards."""

from __future__ import annotations

from datetime import date

from claims.language.dates import almanac
from claims.language.dates.model import Calendar, Form, FormRange, Near
from claims.language.dates.places import UNRESOLVED, Place, day_place, month_place, nowhere


def joined(form: FormRange, first: Place, last: Place) -> Place:
    """Return the span between the places of both ends; the first alone where it would run backwards."""
    if UNRESOLVED in (first.value, last.value) or "/" in first.value + last.value:
        if first.first is None or last.last is None:
            return nowhere(first.timeml, *first.flags)
        if last.last < first.first:
            return first
        return Place(first.timeml, f"{first.first}/{last.last}", first.first, last.last, first.flags)
    if first.first is not None and last.first is not None and last.first < first.first:
        # Sides without a year were placed apart: the end belongs to the start.
        last = _not_before(last, form.last, first.first)
        if last.first is None or last.first < first.first:
            # It would lie behind the last year of the calendar, or runs backwards.
            return first
    if _ends_before_christ(form):
        return first
    # One end in a year that is not known, before Christ or off the calendar leaves no days to search by.
    known = first.first is not None and last.last is not None
    bounds = (first.first, last.last) if known else (None, None)
    return Place(first.timeml, f"{first.value}/{last.value}", *bounds, first.flags)


def _ends_before_christ(form: FormRange) -> bool:
    """Tell "2020 to 44 BC" and "31 to 44 BC", which run backwards, from "44 BC to 31 BC"."""
    first, last = form.first, form.last
    if not isinstance(last, Calendar) or not last.bce:
        return False
    return not (isinstance(first, Calendar) and first.bce and (first.year or 0) >= (last.year or 0))


def _not_before(last: Place, form: Form, start: date) -> Place:
    if isinstance(form, Calendar) and form.year is None and form.month is not None:
        year = start.year + ((form.month, form.day or 0) < (start.month, start.day if form.day else 0))
        if form.day is None:
            return month_place(year, form.month)
        if almanac.valid_day(year, form.month, form.day):
            return day_place(date(year, form.month, form.day))
    if isinstance(form, Near) and form.what == "weekday" and last.first is not None:
        return day_place(almanac.add_days(last.first, 7 * ((start - last.first).days // 7 + 1)))
    return last
