"""When are the expressions of one text, read in order? The one way from words to days.

Splitting, dates that are resolved again and the evaluation all come through ``read``: it finds the
expressions, reads the tense around each from its sentence, and places it against the publication date and
against what was named before. Which unit a date belongs to is no question here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from claims.language.dates import german, grammar, tense
from claims.language.dates.model import (
    Anaphor,
    Calendar,
    DateExpr,
    Fiscal,
    Form,
    FormRange,
    Holiday,
    Kind,
    Near,
    Offset,
    YearPart,
    Years,
)
from claims.language.dates.places import Now, Place
from claims.language.dates.resolution import Context, place, place_form
from claims.language.dates.story_days import StoryDays

_PACKS = {"en": grammar.find, "de": german.find}
#: A text with more is a table; what stands behind them has no dates.
_MOST = 20_000


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


def find(text: str, start: int = 0, end: int | None = None, *, language: str = "en") -> list[DateExpr]:
    """Return the date expressions between two offsets, in order; none for a language without a pack."""
    pack = _PACKS.get(language.split("-")[0].lower())
    return pack(text, start, end) if pack is not None else []


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
    return rows


def _turns(form: Form) -> bool:
    """Tell whether a direction can change what a form means; only then the words around it are read."""
    if isinstance(form, Calendar | Holiday):
        return form.year is None
    if isinstance(form, YearPart):
        return form.year is None and form.shift is None
    if isinstance(form, Near):
        return form.what in ("weekday", "season", "holiday") or form.name == "WE"
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
