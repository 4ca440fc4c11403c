"""When are the expressions of one text, read in order? The one way from words to days.

Splitting, dates that are resolved again and the evaluation all come through ``read``: it finds the
expressions, reads the tense around each from its sentence, and places it against the publication date and
against what was named before. Which unit a date belongs to is no question here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from claims.language.dates import events, german, grammar, leaning, tense
from claims.language.dates.model import (
    STORY,
    Anaphor,
    Calendar,
    DateExpr,
    DayBeside,
    Fiscal,
    Form,
    FormRange,
    Holiday,
    Kind,
    Near,
    NthDay,
    Offset,
    YearPart,
    Years,
)
from claims.language.dates.places import Dated, Now, Place
from claims.language.dates.resolution import Context, place, place_form
from claims.language.dates.story_days import StoryDays

_PACKS = {"en": grammar.find, "de": german.find}
_EVENTS = {"en": events.find}
#: A text with more is a table; what stands behind them has no dates.
_MOST = 20_000


def find(text: str, start: int = 0, end: int | None = None, *, language: str = "en") -> list[DateExpr]:
    """Return the date expressions between two offsets, in order; none for a language without a pack."""
    code = language.split("-")[0].lower()
    pack, told = _PACKS.get(code), _EVENTS.get(code)
    found = pack(text, start, end) if pack is not None else []
    if told is not None:
        found = _joined(found, told(text, [one for one in found if not _yields(one)], start, end))
    return found


def _yields(expr: DateExpr) -> bool:
    """Tell what may be part of an event: "four months" of "at the age of four months", "then" of "by then"."""
    return expr.kind is Kind.REFERENCE or (expr.kind is Kind.DURATION and expr.tail == expr.end)


def _joined(found: list[DateExpr], told: list[DateExpr]) -> list[DateExpr]:
    """Return both lists in order, without what lies inside an event."""
    if not told:
        return found
    rows = sorted([*found, *told], key=lambda expr: (expr.start, -expr.end))
    kept: list[DateExpr] = []
    for row in rows:
        if kept and row.start < kept[-1].end:
            if STORY in kept[-1].flags or STORY not in row.flags:
                continue
            # An event begins inside a length or reference that it holds to its end.
            if row.end < kept[-1].end:
                continue
            kept.pop()
        kept.append(row)
    return kept


def read(
    text: str,
    *,
    published: str | None = None,
    language: str = "en",
    day_first: bool | None = None,
    directions: Mapping[int, str] | None = None,
) -> list[Dated]:
    """Find and place every expression of a text, in order.

    Words below a dateline count from its day, those of a live page from their entry's. ``directions`` are directions
    known from before, by the start of the expression: they stand in for the tense of the words. ``day_first`` is the
    outlet's habit for ``05/06/2019``; without it the value stays as wide as the figures allow. Raises ValueError when
    ``published`` is not a (partial) date.
    """
    found = find(text, language=language)[:_MOST]
    days = StoryDays(text, published)
    known = directions or {}
    last = _Named()
    rows: list[Dated] = []
    for expr in found:
        direction = known.get(expr.start)
        if direction is None:
            direction = tense.read(text, expr, language=language) if _turns(expr.form) else ""
        own = days.at(expr.start)
        context = Context(Now.of(own), direction or None, last.anchor, day_first=day_first)
        rows.append(last.placed(expr, context, own or ""))
    return leaning.settle(rows, text)


def _turns(form: Form) -> bool:
    """Tell whether a direction can change what a form means; only then the words around it are read."""
    if isinstance(form, Calendar | Holiday):
        return form.year is None
    if isinstance(form, YearPart):
        return form.year is None and form.shift is None
    if isinstance(form, Near):
        return form.what in ("weekday", "season", "holiday") or form.name == "WE"
    if isinstance(form, DayBeside):
        return _turns(form.day)
    if isinstance(form, NthDay):
        return form.month.year is None
    return isinstance(form, FormRange) and (_turns(form.first) or _turns(form.last))


class _Named:
    """What was named before: the last place, and the quarter that a company's report is about."""

    def __init__(self) -> None:
        self.anchor: Place | None = None
        self.quarter: Place | None = None

    def placed(self, expr: DateExpr, context: Context, published: str) -> Dated:
        """Place one expression, and remember what later ones can lean on."""
        direction = context.tense or ""
        if expr.parts:
            sides = tuple((start, end, place_form(form, context)) for start, end, form in expr.parts)
            where = place(expr, context)
            self.anchor = next((side for *_, side in reversed(sides) if side.first is not None), self.anchor)
            return Dated(expr, where, direction, published, sides)
        form = expr.form
        if self.quarter is not None and isinstance(form, Offset) and form.count == 1 and form.unit == "Y":
            # "a year ago" in a quarterly report is that quarter of the year before.
            context = replace(context, anchor=self.quarter)
            if form.origin != "event":
                form = replace(form, origin="year-ago")
                expr = replace(expr, form=form)
        if expr.kind is Kind.REFERENCE and isinstance(form, Anaphor):
            context = replace(context, anchor=self._reporting(form, context.now))
        where = place(expr, context)
        if where.first is not None and expr.kind not in (
            Kind.DURATION,
            Kind.SET,
            Kind.REFERENCE,
            Kind.TIME,
        ):
            self._remember(expr, where)
        return Dated(expr, where, direction, published)

    def _remember(self, expr: DateExpr, where: Place) -> None:
        form = expr.form
        if isinstance(form, YearPart) and form.name[0] == "Q":
            self.quarter = where if form.shift is None or self.quarter is None else self.quarter
        elif isinstance(form, Fiscal):
            self.quarter = None
        if isinstance(form, Calendar | YearPart | Near | Years) or expr.kind is Kind.RELATIVE:
            self.anchor = where

    def _reporting(self, form: Anaphor, now: Now) -> Place | None:
        """Return what "the quarter" or "the full year" leans on: the last one named, else the last ended."""
        if form.unit == "Q" and self.quarter is not None:
            return self.quarter
        if now.day is None:
            return self.anchor
        if form.unit == "Q":
            return place_form(Near("unit", "Q", -1), Context(now))
        return place_form(Near("unit", "Y", 0), Context(now))
