"""Which words around an expression make one time with it, as claims have it?

"The first week of June", "in the year to March", "a year ago this week", "next Thursday and Friday", "the Easter
weekend", "in two weeks' time": TimeML has two expressions or a shorter one, a claim has one time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from claims.language.dates import almanac
from claims.language.dates import english as en
from claims.language.dates.durations import duration_value
from claims.language.dates.model import Calendar, DayShift, Holiday, Kind, Length, Near, Offset
from claims.language.dates.places import (
    Dated,
    Now,
    Place,
    day_place,
    month_place,
    nth_stretch,
    part_place,
    span_place,
    week_place,
    year_place,
)
from claims.language.dates.resolution import Context, place_form

_COUNTS = {**{word: count for word, count in en.SMALL.items() if 1 < count < 19}, "eighteen": 18}
#: How far in front of an expression its words are looked for.
_LEFT = 64
_PERIOD = re.compile(
    r"(?:\b(?P<in>in|over|for|during|of|on|within|from)\s)?(?P<whole>\b(?:the|its|their|a)\s"
    r"(?:full |first |last |past |latest |fiscal |financial |tax |business )?"
    rf"(?:(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)})[ -])?(?P<unit>week|month|quarter|half|year|decade)(?P<plural>s?)"
    r"\s(?P<joint>to|through|up to|ended|ending|that ended)(?:\s(?:in|on))?(?:\sthe end of|\slate)?\s)\Z",
    re.IGNORECASE,
)
_GERMAN_PERIOD = re.compile(
    r"\b(?P<in>[Ii]n|[Ff]ür|[Üü]ber)\s(?P<whole>d(?:en|ie|as|er)\s(?:letzten\s|vergangenen\s)?"
    r"(?P<count>\d{1,2}|zwei|drei|vier|sechs|neun|zehn|zwölf)\s(?P<unit>Wochen|Monaten?|Jahren?)\s(?P<joint>bis)\s"
    r"(?:Ende\s)?(?P<plural>))\Z"
)
_GERMAN_UNITS = {"Wochen": "week", "Monaten": "month", "Monate": "month", "Jahren": "year", "Jahre": "year"}
_GERMAN_COUNTS = {"zwei": 2, "drei": 3, "vier": 4, "sechs": 6, "neun": 9, "zehn": 10, "zwölf": 12}
_MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_WEEK_OF = re.compile(
    r"\b(?:(?:the|its|their)\s)?(?P<nth>first|second|third|fourth|last|final|opening|closing)\s(?:full\s)?"
    r"(?P<unit>week|weekend|fortnight)\s(?:of|in)\s\Z",
    re.IGNORECASE,
)
_NTH = {
    "first": 1,
    "opening": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "last": -1,
    "final": -1,
    "closing": -1,
}
_STRETCHES = {"week": 7, "fortnight": 14, "weekend": 2}
_AND = re.compile(r",? (?:and|or|to|und|oder)(?: on)? \Z")
_WEEKEND = re.compile(r"\s(?:bank holiday\s)?weekend\b", re.IGNORECASE)
_TIME = re.compile(r"['’]s? time\b")
_THIS_TIME = re.compile(r"\b[Tt]his time \Z")
_AS_MANY = re.compile(
    rf"\b(?P<count>\d{{1,3}}(?:st|nd|rd|th)?|{'|'.join((*_COUNTS, *en.ORDINALS))})(?:[ -][^\W\d_][\w’'-]*){{1,4}}"
    r" in as \Z",
    re.IGNORECASE,
)
#: Between two months: another sentence or speaker, or a comparison.
_OTHER_STORY = re.compile(
    r"[?!;:\n“”\"]|\b(?:to|from|than|against|versus|compared|but|while|whereas|now|since|said"
    r"|auf|von|als|gegenüber|aber|doch|während|seit|bis|sagte)\b"
)
_PUT_OFF = re.compile(
    r"^[^.!?\n]*\b(?:postponed|delayed|put off|put back|pushed back|deferred|adjourned) (?:to|until) \Z"
)
_BEFORE_IT = re.compile(r"\b(?:after|following|nach)\b|\bhad (?:\w+ ){1,3}(?:in|on) \Z")
_OF_THAT_YEAR = re.compile(r",? (?:of )?(?:that|the same) year\b")
_AND_THEN = re.compile(r",? (?:and (?!in\b)[a-z]+|\w+ und )")
_END = re.compile(r"\.\s+")
_GOES_ON = re.compile(
    r"(?:He|She|They|It|Then|Later|The same|Er|Sie|Es|Dann)\b|\w+ (?:days|weeks|months|years) later\b"
)
#: Kinds that say no place on the calendar of their own.
_UNPLACED = (Kind.EVENT_RELATIVE, Kind.DURATION, Kind.TIME, Kind.SET, Kind.REFERENCE)
_LONGEST_STORY = 240
_LENGTH_OF_A_WEEK = 7


def put_together(rows: Sequence[Dated], text: str) -> list[Dated]:
    """Return expressions in order, those that make one time as one."""
    kept: list[Dated] = []
    for one in rows:
        before = kept[-1] if kept else None
        whole = _period(one, text) or _week_of_a_month(one, text)
        if whole is not None and (before is None or before.expr.end <= one.expr.start):
            # What was read of the words in front says less: "the last week", "12 months".
            inside = [row for row in kept[-3:] if row.expr.end > whole.expr.start]
            if all(row.expr.start >= whole.expr.start for row in inside):
                del kept[len(kept) - len(inside) :]
                kept.append(whole)
                continue
        told = None
        if before is not None:
            told = _counted_back(before, one, text) or _back_from(before, one, text)
            told = told or _day_of_a_near_year(before, one, text)
        if told is not None:
            kept[-1] = told
            continue
        beside = None
        if before is not None:
            beside = _weekday_beside(before, one, text) or _postponed_to(before, one, text)
            beside = beside or _month_of_the_story(kept, one, text)
            kept[-1] = _in_order(before, one, text) or before
        alone = _holiday_weekend(one, text) or _in_some_time(one, text) or _this_time(one, text)
        kept.append(beside or alone or _as_many(one, text) or one)
    return kept


def _with(one: Dated, where: Place, start: int, end: int, kind: Kind) -> Dated:
    expr = replace(one.expr, start=start, end=end, tail=end, kind=kind, mod="", part="")
    return replace(one, expr=expr, where=replace(where, timeml=one.where.timeml))


def _period(one: Dated, text: str) -> Dated | None:
    """Read "(in) the year to March", "the three months ended June 30" as the months or weeks they are."""
    form, where = one.expr.form, one.where
    if not isinstance(form, Calendar):
        return None
    base = max(0, one.expr.start - _LEFT)
    end = one.expr.start + (len("Ende ") if text.startswith("Ende ", one.expr.start) else 0)
    found = _PERIOD.search(text[base:end]) or _GERMAN_PERIOD.search(text[base:end])
    if found is None or (found["in"] is None and found["joint"].lower() in ("to", "through", "up to")):
        return None
    if found["plural"] and found["count"] is None:
        # "in each of the fiscal years through August 2017"
        return None
    start = base + found.start("whole")
    if where.first is None or where.last is None:
        return _with(one, where, start, one.expr.end, Kind.RANGE)
    unit, count = _GERMAN_UNITS.get(found["unit"], found["unit"].lower()), (found["count"] or "1").lower()
    number = _COUNTS.get(count) or _GERMAN_COUNTS.get(count) or int(count)
    if form.month is None:
        place = _years_to(where.last.year, number, unit)
    else:
        place = _ending_at(where.last, number, unit) if unit != "decade" else None
    if place is None:
        return None
    return _with(one, replace(place, flags=where.flags), start, one.expr.end, Kind.RANGE)


def _years_to(last: int, count: int, unit: str) -> Place | None:
    """Return "the decade to 2020" and "the five years to 2020"."""
    years = {"year": count, "decade": 10 * count}.get(unit, 0)
    first = last - years + 1
    if years < 2 or first < 1:
        return None
    return Place(f"{first:04d}", f"{first:04d}/{last:04d}", date(first, 1, 1), date(last, 12, 31))


def _ending_at(last: date, count: int, unit: str) -> Place | None:
    if unit == "week":
        first = almanac.add_days(last, 1 - _LENGTH_OF_A_WEEK * count)
        return span_place(first, last) if first is not None else None
    months = _MONTHS_OF[unit] * count
    if last != almanac.month_end(last.year, last.month):
        before = almanac.add_months(last, -months)
        first = almanac.add_days(before, 1) if before is not None else None
        return span_place(first, last) if first is not None else None
    first = almanac.add_months(last.replace(day=1), 1 - months)
    if first is None:
        return None
    if months == 1:
        return month_place(last.year, last.month)
    if months == 12 and last.month == 12:
        return year_place(last.year)
    if months == 3 and last.month % 3 == 0:
        return part_place(f"Q{almanac.quarter_of(last)}", last.year)
    value = f"{first.isoformat()[:7]}/{last.isoformat()[:7]}"
    return Place(value, value, first, last)


def _week_of_a_month(one: Dated, text: str) -> Dated | None:
    """Read "the first week of June" as seven days, "the last weekend in May" as two."""
    form, month = one.expr.form, one.where
    if not isinstance(form, Calendar | Near) or (isinstance(form, Near) and form.what != "month"):
        return None
    if isinstance(form, Calendar) and (form.month is None or form.day is not None):
        return None
    base = max(0, one.expr.start - _LEFT)
    found = _WEEK_OF.search(text[base : one.expr.start])
    if found is None:
        return None
    nth, unit = _NTH[found["nth"].lower()], found["unit"].lower()
    where = nth_stretch(month, nth, _STRETCHES[unit]) if month.first is not None else month
    return _with(one, where, base + found.start(), one.expr.end, Kind.DATE) if where is not None else None


def _counted_back(before: Dated, one: Dated, text: str) -> Dated | None:
    """Read "a year ago this week", "a month ago today", "two weeks ago on Friday" as the one time they say."""
    back, form = before.expr.form, one.expr.form
    if not isinstance(back, Offset) or back.origin != "publication" or back.direction > 0 or not back.count:
        return None
    if text[before.expr.end : one.expr.start] not in (" ", " on ", ", on "):
        return None
    day = one.where.first
    this = isinstance(form, DayShift) or (isinstance(form, Near) and form.what == "unit" and form.which == 0)
    weekday = isinstance(form, Near) and form.what == "weekday" and form.which is None and form.pinned is None
    if not (this or weekday):
        return None
    if day is None or before.where.first is None:
        return _with(one, before.where, before.expr.start, one.expr.end, Kind.RELATIVE)
    months = {"Y": 12, "DE": 120, "M": 1}.get(back.unit)
    moved = almanac.add_months(day, -round(months * back.count)) if months else None
    if back.unit == "W":
        monday = before.where.first if weekday else None
        moved = (
            almanac.add_days(monday, day.weekday())
            if monday is not None
            else almanac.add_days(day, -_LENGTH_OF_A_WEEK * round(back.count))
        )
    if moved is None or (weekday and back.unit == "M"):
        return None
    where: Place | None = day_place(moved)
    if isinstance(form, Near) and not weekday:
        where = {"W": week_place(moved), "M": month_place(moved.year, moved.month)}.get(str(form.name))
    if where is None:
        return None
    return _with(one, where, before.expr.start, one.expr.end, Kind.RELATIVE)


def _back_from(before: Dated, one: Dated, text: str) -> Dated | None:
    """Read "heute vor zehn Jahren", "im April vor zwei Jahren" as the one time they say."""
    back, form, now = one.expr.form, before.expr.form, Now.of(one.anchor)
    if not isinstance(back, Offset) or back.origin != "publication" or back.direction > 0 or back.unit != "Y":
        return None
    if text[before.expr.end : one.expr.start] != " " or not back.count or back.count != int(back.count):
        return None
    where: Place | None = None
    if form == DayShift(0) and now.day is not None:
        moved = almanac.add_months(now.day, -12 * int(back.count))
        where = day_place(moved) if moved is not None else None
    elif isinstance(form, Calendar) and form.month is not None and form.year is None and now.year is not None:
        where = place_form(replace(form, year=now.year - int(back.count)), Context(now))
    return _with(one, where, before.expr.start, one.expr.end, Kind.RELATIVE) if where is not None else None


def _day_of_a_near_year(before: Dated, one: Dated, text: str) -> Dated | None:
    """Read "6 May last year", "on Jan. 5 of this year" as the day of that year."""
    form, year = before.expr.form, one.expr.form
    near = isinstance(year, Near) and (year.what, year.name) == ("unit", "Y") and year.which is not None
    if (
        not near
        or one.where.first is None
        or text[before.expr.end : one.expr.start] not in (" ", ", ", " of ")
    ):
        return None
    if not isinstance(form, Calendar) or form.day is None or form.month is None or form.year is not None:
        return None
    if not almanac.valid_day(one.where.first.year, form.month, form.day):
        return None
    day = date(one.where.first.year, form.month, form.day)
    return replace(
        _with(before, day_place(day), before.expr.start, one.expr.end, Kind.DATE), anchor=one.anchor
    )


def _postponed_to(before: Dated, one: Dated, text: str) -> Dated | None:
    """Place the second day of "set for Monday was postponed to Thursday" behind the first."""
    start, end = before.where.first, one.where.first
    if _two_weekdays(before, one) is None or start is None or end is None or end > start:
        return None
    if not _PUT_OFF.search(text[before.expr.end : one.expr.start]):
        return None
    return _moved(one, end, _LENGTH_OF_A_WEEK * (1 + (start - end).days // _LENGTH_OF_A_WEEK))


def _weekday_beside(before: Dated, one: Dated, text: str) -> Dated | None:
    """Place the second day of "next Thursday and Friday": the first one behind the first."""
    two, day = _two_weekdays(before, one), before.where.first
    if two is None or day is None:
        return None
    first, second = two
    loose = first.which is None and first.pinned is None
    if loose or not _AND.match(text[before.expr.end : one.expr.start]):
        return None
    return _moved(one, day, (int(second.name) - int(first.name)) % 7)


def _two_weekdays(before: Dated, one: Dated) -> tuple[Near, Near] | None:
    """Return two days of the week, of which the second has no "next" or week of its own."""
    first, second = before.expr.form, one.expr.form
    if not (isinstance(first, Near) and isinstance(second, Near)):
        return None
    bare = second.which is None and second.pinned is None
    return (first, second) if bare and first.what == second.what == "weekday" else None


def _moved(one: Dated, day: date, days: int) -> Dated | None:
    """Return an expression as the day so many days behind another."""
    moved = almanac.add_days(day, days)
    return (
        replace(one, where=replace(day_place(moved), timeml=one.where.timeml)) if moved is not None else None
    )


def _holiday_weekend(one: Dated, text: str) -> Dated | None:
    """Read "the Easter weekend" as Good Friday to Monday, "Labor Day weekend" as Saturday to Monday."""
    form, day = one.expr.form, one.where.first
    named = isinstance(form, Holiday) or (isinstance(form, Near) and form.what == "holiday")
    behind = _WEEKEND.match(text, one.expr.end)
    if not named or day is None or behind is None:
        return None
    easter = str(getattr(form, "name", "")) == "easter"
    around = {0: (-2, 0), 3: (0, 3), 4: (0, 2), 5: (0, 1), 6: (-2, 1) if easter else (-1, 0)}.get(
        day.weekday()
    )
    if around is None:
        return None
    first, last = (almanac.add_days(day, days) for days in around)
    if first is None or last is None:
        return None
    return _with(one, span_place(first, last), one.expr.start, behind.end(), Kind.RELATIVE)


def _in_some_time(one: Dated, text: str) -> Dated | None:
    """Read "in two weeks' time" as the week it is."""
    form = one.expr.form
    behind = _TIME.match(text, one.expr.end)
    if not isinstance(form, Length) or form.window or not form.count or behind is None:
        return None
    if text[max(0, one.expr.start - 3) : one.expr.start].lower() != "in ":
        return None
    ahead = Offset(form.count, form.unit, 1, "publication")
    where = place_form(ahead, Context(Now.of(one.anchor)))
    told = _with(one, where, one.expr.start, behind.end(), Kind.RELATIVE)
    return replace(told, expr=replace(told.expr, form=ahead))


def _this_time(one: Dated, text: str) -> Dated | None:
    """Read "this time last year" as the month that it is."""
    form, now = one.expr.form, Now.of(one.anchor).month
    if now is None or not isinstance(form, Near) or (form.what, form.name) != ("unit", "Y"):
        return None
    base = max(0, one.expr.start - len("this time "))
    found = _THIS_TIME.search(text[base : one.expr.start])
    if found is None:
        return None
    where = month_place(now[0] + (form.which or 0), now[1])
    return _with(one, where, base + found.start(), one.expr.end, Kind.RELATIVE)


def _as_many(one: Dated, text: str) -> Dated | None:
    """Read "the fourth crash in as many weeks" as four weeks."""
    form = one.expr.form
    if not isinstance(form, Length) or form.count is not None:
        return None
    found = _AS_MANY.search(text[max(0, one.expr.start - 2 * _LEFT) : one.expr.start])
    if found is None:
        return None
    said = found["count"].lower()
    count = en.ORDINALS.get(said) or en.SMALL.get(said) or int(re.sub(r"\D", "", said) or 0)
    if not count:
        return None
    length = Length(count, form.unit)
    value = duration_value(count, form.unit)
    return replace(one, expr=replace(one.expr, form=length), where=replace(one.where, value=value))


def _month_of_the_story(kept: list[Dated], one: Dated, text: str) -> Dated | None:
    """Read "convicted in May 2021 and freed in August": the next August of the story, not the last of all.

    In "resigned in June 2022 after an audit in April" it is the April before. Where two figures or states are
    compared ("from 2 percent in May 2021 to 4 percent in August"), and where it lasted "until August", the month may
    be of today, and stays.
    """
    before = next((row for row in reversed(kept[-5:]) if row.expr.kind not in _UNPLACED), None)
    form = one.expr.form
    if before is None or not isinstance(form, Calendar) or form.year is not None or form.month is None:
        return None
    told = before.expr.form
    if (
        not isinstance(told, Calendar)
        or told.year is None
        or told.month is None
        or before.where.first is None
    ):
        return None
    between = text[before.expr.end : one.expr.start]
    if (
        one.direction != "past"
        or one.expr.before in ("until", "till", "since")
        or not _goes_on_telling(between)
    ):
        return None
    earlier = _BEFORE_IT.search(between) is not None
    other = (form.month < told.month) if not earlier else (form.month > told.month)
    other = other and _OF_THAT_YEAR.match(text, one.expr.end) is None
    year = told.year + ((-1 if earlier else 1) if other else 0)
    where = month_place(year, form.month)
    if form.day is not None and almanac.valid_day(year, form.month, form.day):
        where = day_place(date(year, form.month, form.day))
    today = Now.of(one.anchor).day
    if where.first is None or (today is not None and where.first > today):
        return None
    return replace(one, where=replace(where, timeml=one.where.timeml))


def _goes_on_telling(between: str) -> bool:
    """Tell whether the words between two months tell one story: one clause, or sentences that begin with a pronoun."""
    if len(between) > _LONGEST_STORY or _OTHER_STORY.search(between):
        return False
    sentences = _END.split(between)
    return len(sentences) <= 3 and all(_GOES_ON.match(sentence) for sentence in sentences[1:])


def _in_order(before: Dated, one: Dated, text: str) -> Dated | None:
    """Place the first month of "arrested in June and freed in July" in front of the second, a year back."""
    first, second = before.expr.form, one.expr.form
    if not (isinstance(first, Calendar) and isinstance(second, Calendar)):
        return None
    bare = first.year is second.year is None and first.day is second.day is None
    if not bare or first.month is None or before.where.first is None or one.where.first is None:
        return None
    between = text[before.expr.end : one.expr.start]
    told = before.direction == one.direction == "past" and _AND_THEN.match(between) is not None
    if not told or not _goes_on_telling(between) or one.where.first > before.where.first:
        return None
    where = month_place(before.where.first.year - 1, first.month, "ambiguous-year")
    return replace(before, where=replace(where, timeml=before.where.timeml))
