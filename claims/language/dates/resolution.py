"""Where does an expression lie on the calendar, given the publication date and the tense of its clause?

``place`` answers twice: in TimeML's notation (for the evaluation) and in the notation of the annotation
guidelines (for claims). It never fills in a publication date that is not there: "Yesterday" stays
unresolved, "October 10" stays ``XXXX-10-10``. The publication date itself may be partial.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from claims.language.dates import almanac
from claims.language.dates.durations import duration_value
from claims.language.dates.ends import joined
from claims.language.dates.model import (
    Anaphor,
    Calendar,
    Clock,
    DateExpr,
    DayBeside,
    DayShift,
    EitherOrder,
    Fiscal,
    Form,
    FormRange,
    Holiday,
    Length,
    Near,
    NthDay,
    Offset,
    Reference,
    Repeating,
    YearPart,
    Years,
)
from claims.language.dates.places import (
    EVENT_RELATIVE,
    UNKNOWN,
    UNRESOLVED,
    Now,
    Place,
    day_place,
    fiscal_place,
    is_day,
    month_place,
    nowhere,
    nth_day,
    nth_stretch,
    part_place,
    shifted,
    week_place,
    year_place,
)

_AHEAD = ("future", "planned")


@dataclass(frozen=True, slots=True)
class Context:
    """What the words are read against: publication, tense of the clause (as ``tense.read`` says it), the last
    place named before."""

    now: Now = UNKNOWN
    tense: str | None = None
    anchor: Place | None = None
    day_first: bool | None = None


def place(expr: DateExpr, context: Context) -> Place:
    """Return the place of an expression; the part of the day is in the TimeML value only."""
    where = place_form(expr.form, context, expr.before)
    if "week-of" in expr.flags and where.first is not None:
        where = week_place(where.first)
    if isinstance(expr.form, Clock):
        base = context.anchor if context.anchor is not None and is_day(context.anchor) else None
        day = (
            base.timeml[:10] if base is not None else (context.now.day.isoformat() if context.now.day else "")
        )
        return Place(f"{day or 'XXXX-XX-XX'}{expr.part}", UNRESOLVED)
    if expr.part and (is_day(where) or where.timeml.startswith("XXXX-")):
        where = replace(where, timeml=where.timeml + expr.part)
    return where


def place_form(form: Form, context: Context, before: str = "") -> Place:
    """Return the place of a bare form."""
    now = context.now
    if isinstance(form, Calendar):
        return _calendar(form, context)
    if isinstance(form, Near):
        return _near(form, context)
    if isinstance(form, DayShift):
        if now.day is None:
            return nowhere("XXXX-XX-XX", "publication-date-unknown")
        return day_place(almanac.add_days(now.day, form.days))
    if isinstance(form, Offset):
        return _offset(form, context)
    if isinstance(form, Length):
        return _length(form, context)
    if isinstance(form, YearPart):
        return _part(form, context, before)
    if isinstance(form, Years):
        return _years(form)
    if isinstance(form, Fiscal):
        return fiscal_place(form.year)
    if isinstance(form, EitherOrder):
        return _either(form, context)
    if isinstance(form, Holiday):
        return _holiday(form, context)
    if isinstance(form, FormRange):
        return joined(form, place_form(form.first, context), place_form(form.last, context))
    if isinstance(form, Anaphor):
        return _anaphor(form, context)
    if isinstance(form, NthDay):
        month = _calendar(form.month, context)
        if form.days > 1:
            return nth_stretch(month, form.nth, form.days) or month
        return nth_day(month, form.nth, form.weekday)
    if isinstance(form, DayBeside):
        day = place_form(form.day, context)
        return day_place(almanac.add_days(day.first, form.days)) if day.first and is_day(day) else day
    if isinstance(form, Repeating | Reference):
        return Place(form.value, UNRESOLVED)
    return Place("XXXX-XX-XX", UNRESOLVED)


# --- calendar ---------------------------------------------------------------------------------------------


def _calendar(form: Calendar, context: Context) -> Place:
    if form.bce:
        name = f"BC{form.year or 0:04d}"
        return Place(name, f"-{max(0, (form.year or 1) - 1):04d}", flags=("before-christ",))
    if form.year is not None:
        if form.month is None:
            return year_place(form.year)
        if form.day is None or not almanac.valid_day(form.year, form.month, form.day):
            return month_place(form.year, form.month)
        day = date(form.year, form.month, form.day)
        mismatch = form.weekday is not None and day.weekday() != form.weekday
        return day_place(day, *(("weekday-mismatch",) if mismatch else ()))
    if form.month is None:
        return nowhere("XXXX-XX-XX")
    return _yearless(form.month, form.day, form.weekday, context)


def _yearless(month: int, day: int | None, weekday: int | None, context: Context) -> Place:
    if day is not None and not almanac.valid_day(2000, month, day):
        day = None
    blank = f"XXXX-{month:02d}" + (f"-{day:02d}" if day is not None else "")
    now = context.now
    reference = now.day
    if reference is None and now.month is not None:
        reference = date(*now.month, 15)
    if reference is None:
        return Place(blank, blank, flags=("year-unknown",))
    if day is not None and weekday is not None:
        fitting = [
            candidate
            for year in (reference.year, reference.year - 1, reference.year + 1)
            if almanac.valid_day(year, month, day)
            and (candidate := date(year, month, day)).weekday() == weekday
        ]
        if fitting:
            return day_place(min(fitting, key=lambda candidate: abs((candidate - reference).days)))
    year, flags = _choose_year(month, day, reference, context.tense)
    if day is None:
        return month_place(year, month, *flags)
    if not almanac.valid_day(year, month, day):
        # 29 February: the nearest year that has it on the chosen side.
        step = 1 if context.tense in _AHEAD else -1
        while not almanac.valid_day(year, month, day):
            year += step
            if not 1 <= year <= 9999:
                return Place(blank, blank, flags=("year-unknown",))
    return day_place(date(year, month, day), *flags)


def _choose_year(month: int, day: int | None, today: date, tense: str | None) -> tuple[int, tuple[str, ...]]:
    """Choose between the last and the next such day or month; say when another year is as likely."""
    here = (month, day or 0)
    this = (today.month, today.day if day is not None else 0)
    past = today.year if here <= this else today.year - 1
    ahead = today.year if here >= this else today.year + 1
    if past == ahead:
        return past, ()

    def distance(year: int) -> int:
        return abs(
            (year - today.year) * 365
            + (month - today.month) * 30
            + ((day or 15) - (today.day if day else 15))
        )

    nearest = min((past, ahead), key=lambda candidate: (distance(candidate), candidate))
    if day is not None and tense not in ("past", "future") and distance(nearest) <= 110:
        return nearest, ()
    if day is None and tense not in _AHEAD and not (tense != "past" and distance(nearest) <= 100):
        return past, ()
    scheduled = tense in _AHEAD or (tense == "present" and day is not None)
    if scheduled:
        flags = ("ambiguous-year",) if ahead != today.year and distance(ahead) > 200 else ()
        return ahead, flags
    if tense == "past":
        flags = ("ambiguous-year",) if past != today.year and distance(past) > 100 else ()
        return past, flags
    return nearest, (() if distance(nearest) <= 45 else ("ambiguous-year",))


def _either(form: EitherOrder, context: Context) -> Place:
    month_first = date(form.year, form.first, form.second)
    day_first = date(form.year, form.second, form.first)
    if context.day_first is not None:
        return day_place(day_first if context.day_first else month_first)
    low, high = sorted((month_first, day_first))
    return Place(month_first.isoformat(), f"{form.year:04d}", low, high, ("ambiguous-day-month",))


def _holiday(form: Holiday, context: Context) -> Place:
    reckon = almanac.HOLIDAYS[form.name]
    if form.year is not None:
        return day_place(reckon(form.year))
    today = context.now.day
    if today is None:
        return nowhere("XXXX-XX-XX", "publication-date-unknown")
    years = [year for year in (today.year - 1, today.year, today.year + 1) if 1 < year < 9999]
    days = [reckon(year) for year in years]
    if context.tense in (*_AHEAD, "present"):
        return day_place(next((day for day in days if day >= today), days[-1]))
    if context.tense == "past":
        return day_place(max((day for day in days if day <= today), default=days[0]))
    return day_place(min(days, key=lambda day: abs((day - today).days)))


# --- last, this, next -------------------------------------------------------------------------------------


def _near(form: Near, context: Context) -> Place:
    now, which = context.now, form.which
    if form.what == "month" and isinstance(form.name, int):
        return _near_month(form.name, which, form.pinned, context)
    if form.what == "unit" and form.name in ("Y", "YEND", "M", "Q", "DE", "CE"):
        return _near_unit(str(form.name), which or 0, context)
    today = now.day
    if today is None:
        return nowhere("XXXX-WXX" if form.name == "W" else "XXXX-XX-XX", "publication-date-unknown")
    if form.what == "weekday" and isinstance(form.name, int):
        return _near_weekday(form.name, form, today, context)
    if form.what == "unit":
        return _near_week(str(form.name), which, today, context)
    if form.what == "season":
        return _near_season(str(form.name), which, today, context)
    if form.what == "holiday":
        reckon = almanac.HOLIDAYS[str(form.name)]
        years = [today.year + (form.pinned or 0)]
        if form.pinned is None and which:
            years = [today.year - 1, today.year, today.year + 1]
        days = [reckon(year) for year in years if 1 <= year <= 9999]
        if which == -1 and form.pinned is None:
            return day_place(max((day for day in days if day < today), default=None))
        if which == 1 and form.pinned is None:
            return day_place(min((day for day in days if day > today), default=None))
        return day_place(days[0] if days else None)
    return nowhere("XXXX-XX-XX")


def _near_weekday(weekday: int, form: Near, today: date, context: Context) -> Place:
    if form.pinned is not None:
        monday = almanac.add_days(today, -today.weekday() + 7 * form.pinned)
        return day_place(almanac.add_days(monday, weekday) if monday is not None else None)
    origin = today
    if form.relative_to == "event" and context.anchor is not None and context.anchor.first is not None:
        origin = context.anchor.first
    back = (origin.weekday() - weekday) % 7
    if form.which is not None and form.which < 0:
        return day_place(almanac.add_days(origin, -(back or 7) + 7 * (form.which + 1)))
    if form.which is not None and form.which > 0:
        return day_place(almanac.add_days(origin, (7 - back or 7) + 7 * (form.which - 1)))
    if form.which == 0:
        ahead = (7 - back) % 7
        return day_place(almanac.add_days(origin, -back if context.tense == "past" else ahead))
    if context.tense in (*_AHEAD, "present"):
        return day_place(almanac.add_days(today, (7 - back) % 7))
    return day_place(almanac.add_days(today, -back))


def _near_month(month: int, which: int | None, pinned: int | None, context: Context) -> Place:
    now = context.now
    if pinned is not None and now.year is not None:
        return month_place(now.year + pinned, month)
    if now.month is None:
        if which == 0 and now.year is not None:
            return month_place(now.year, month)
        return Place(f"XXXX-{month:02d}", f"XXXX-{month:02d}", flags=("year-unknown",))
    year, current = now.month
    if which == -1:
        return month_place(year if month < current else year - 1, month)
    if which == 1:
        return month_place(year if month > current else year + 1, month)
    return month_place(year, month)


def _near_unit(unit: str, which: int, context: Context) -> Place:
    now = context.now
    if now.year is None:
        return nowhere("XXXX", "publication-date-unknown")
    if unit in ("Y", "YEND"):
        return year_place(now.year + which)
    if unit == "DE":
        first = now.year - now.year % 10 + 10 * which
        return _years(Years(first, first + 9, "decade"))
    if unit == "CE":
        number = (now.year - 1) // 100 + which
        return _years(Years(100 * number + 1, 100 * number + 100, "century"))
    if now.month is None:
        return nowhere("XXXX-XX", "publication-date-unknown")
    year, month = now.month
    step = 1 if unit == "M" else 3
    index = year * 12 + month - 1 + which * step
    if unit == "M":
        return month_place(index // 12, index % 12 + 1)
    return part_place(f"Q{index % 12 // 3 + 1}", index // 12)


def _near_week(unit: str, which: int | None, today: date, context: Context) -> Place:
    if unit == "D":
        return day_place(almanac.add_days(today, which or 0))
    if unit in ("W", "FN"):
        moved = almanac.add_days(today, 7 * (which or 0))
        return week_place(moved) if moved is not None else nowhere("XXXX-WXX", "outside-calendar")
    if unit == "WE":
        shift = which or 0
        if (
            (which is None and context.tense not in _AHEAD and today.weekday() < 5)
            or (which == -1 and today.weekday() >= 5)
            or (which == 0 and context.tense == "past" and today.weekday() < 3)
        ):
            shift = -1
        saturday = almanac.add_days(today, 5 - today.weekday() + 7 * shift)
        sunday = almanac.add_days(saturday, 1) if saturday is not None else None
        if saturday is None or sunday is None:
            return nowhere("XXXX-WXX-WE", "outside-calendar")
        value = f"{saturday.isoformat()}/{sunday.isoformat()}"
        return Place(f"{almanac.week_name(saturday)}-WE", value, saturday, sunday)
    return nowhere("XXXX-XX-XX")


def _near_season(season: str, which: int | None, today: date, context: Context) -> Place:
    starts = []
    for year in (today.year - 1, today.year, today.year + 1):
        bounds = almanac.part_bounds(season, year) if 1 <= year < 9999 else None
        if bounds is not None:
            starts.append((year, bounds))
    if which == -1:
        ended = [year for year, (_, last) in starts if last < today]
        return part_place(season, ended[-1] if ended else today.year - 1)
    if which == 1 or (which is None and context.tense in _AHEAD):
        coming = [year for year, (first, last) in starts if (first if which == 1 else last) > today]
        return part_place(season, coming[0] if coming else today.year + 1)
    if which == 0:
        return part_place(season, today.year)
    begun = [year for year, (first, _) in starts if first <= today]
    return part_place(season, begun[-1] if begun else today.year)


# --- distances and lengths --------------------------------------------------------------------------------


def _offset(form: Offset, context: Context) -> Place:
    if form.count is None and form.origin == "event":
        return Place(duration_value(None, form.unit), EVENT_RELATIVE)
    if form.count is None:
        return Place("PAST_REF" if form.direction < 0 else "FUTURE_REF", UNRESOLVED)
    if form.origin == "year-ago":
        return _year_ago(form, context)
    if form.origin == "event":
        if context.anchor is None or context.anchor.first is None or form.unit[0] in "TDWM":
            # TimeML's annotators write the distance of days, weeks and months as a duration.
            return Place(duration_value(form.count, form.unit), EVENT_RELATIVE)
        return shifted(context.anchor, form.count * form.direction, form.unit)
    now = context.now
    if now.day is not None:
        return shifted(day_place(now.day), form.count * form.direction, form.unit)
    if form.unit in ("Y", "DE", "CE", "ML") and now.year is not None and form.count == int(form.count):
        return shifted(year_place(now.year), form.count * form.direction, form.unit)
    if form.unit in ("M", "Q") and now.month is not None:
        return shifted(month_place(*now.month), form.count * form.direction, form.unit)
    return nowhere(duration_value(form.count, form.unit), "publication-date-unknown")


def _year_ago(form: Offset, context: Context) -> Place:
    if context.anchor is not None and context.anchor.timeml[5:6] == "Q" and context.anchor.first is not None:
        return part_place(context.anchor.timeml[5:], context.anchor.first.year - 1)
    if context.now.year is None:
        return nowhere("XXXX", "publication-date-unknown")
    return year_place(context.now.year - 1)


def _length(form: Length, context: Context) -> Place:
    length = timeml = duration_value(form.count, form.unit)
    if form.count is None:
        if form.window < 0 and form.unit == "Y":
            timeml = "PAST_REF"
        return Place(timeml, UNRESOLVED)
    if form.count == 1 and form.unit == "Y" and form.window < 0 and context.now.year is not None:
        # TimeML's annotators give "the past year" the name of the year before; claims need its length.
        timeml = f"{context.now.year - 1:04d}"
    today = context.now.day
    if today is not None and form.window:
        other = shifted(day_place(today), form.count * form.window, form.unit)
        edges = [edge for edge in (other.first, today) if edge is not None]
        return Place(timeml, length, min(edges), max(edges))
    return Place(timeml, length)


# --- parts of years, years, spans, anaphors ---------------------------------------------------------------


def _part(form: YearPart, context: Context, before: str) -> Place:
    flags = ("fiscal-year",) if form.fiscal else ()
    if form.year is not None:
        return part_place(form.name, form.year, *flags)
    now = context.now
    if form.shift is not None and now.year is not None:
        return part_place(form.name, now.year + form.shift, *flags)
    today = now.day or (date(*now.month, 15) if now.month is not None else None)
    if today is None:
        blank = f"XXXX-{form.name}"
        value = blank if form.name[0] in "QH" else UNRESOLVED
        return Place(blank, value, flags=(*flags, "year-unknown"))
    bounds = almanac.part_bounds(form.name, today.year)
    if bounds is None:
        return nowhere(f"XXXX-{form.name}")
    year = today.year
    # "will be booked in the second quarter" lies ahead, "will report second-quarter earnings" does not.
    named = form.name[0] == "Q" and not before.startswith(("in", "for", "by", "during", "until", "from"))
    if context.tense in _AHEAD and not named:
        year += bounds[1] < today
    else:
        year -= bounds[0] > today
    return part_place(form.name, year, *flags)


def _years(form: Years) -> Place:
    if not (1 <= form.first <= 9999 and 1 <= form.last <= 9999):
        return nowhere("XXXX", "outside-calendar")
    bounds = date(form.first, 1, 1), date(form.last, 12, 31)
    value = f"{form.first:04d}/{form.last:04d}"
    timeml = f"{form.first:04d}"
    if form.label == "decade":
        timeml = f"{form.first // 10:03d}X"
    elif form.label == "century":
        timeml = f"{form.last // 100 - 1:02d}"
    return Place(timeml, value, *bounds)


def _anaphor(form: Anaphor, context: Context) -> Place:
    anchor = context.anchor
    blanks = {"D": "XXXX-XX-XX", "W": "XXXX-WXX", "M": "XXXX-XX", "Q": "XXXX-QX"}
    if anchor is None or anchor.first is None:
        return Place(blanks.get(form.unit, "XXXX"), EVENT_RELATIVE)
    start = anchor.first
    if form.unit == "D":
        if not is_day(anchor):
            return Place("XXXX-XX-XX", EVENT_RELATIVE)
        return day_place(almanac.add_days(start, form.shift))
    if form.unit == "Y":
        return year_place(start.year + form.shift)
    if form.unit in ("M", "Q"):
        moved = almanac.add_months(start.replace(day=1), form.shift * (3 if form.unit == "Q" else 1))
        if moved is None:
            return nowhere("XXXX-XX", "outside-calendar")
        if form.unit == "Q":
            return part_place(f"Q{almanac.quarter_of(moved)}", moved.year)
        return month_place(moved.year, moved.month)
    if form.unit == "W":
        week = almanac.add_days(start, 7 * form.shift)
        return week_place(week) if week is not None else nowhere("XXXX-WXX")
    return Place("XXXX", EVENT_RELATIVE)
