"""What do all expressions of one text mean when they are read in order, in TimeML's notation?

Later expressions lean on earlier ones ("that year", "a year earlier", "the following month"). Claims use
``claims.splitting.unit_dates`` instead, which leaves what leans on an event to the link between units.
"""

from __future__ import annotations

from dataclasses import replace

from claims.language.dates import tense
from claims.language.dates.model import Anaphor, Calendar, DateExpr, Fiscal, Kind, Near, Offset, Part, Years
from claims.language.dates.places import Now, Place
from claims.language.dates.resolution import Context, place, place_form


def read_through(text: str, found: list[DateExpr], published: str | None) -> list[tuple[int, int, str]]:
    """Return start, end and TimeML value of every expression; a range yields both of its sides."""
    now = Now.of(published)
    anchor: Place | None = None
    quarter: Place | None = None
    rows: list[tuple[int, int, str]] = []
    for expr in found:
        guess = tense.guess(text, expr.start, expr.end, expr.before)
        context = Context(now, guess, anchor, guessed=True)
        if expr.parts:
            for start, end, form in expr.parts:
                side = place_form(form, context)
                rows.append((start, end, side.timeml))
                anchor = side if side.first is not None else anchor
            continue
        form = expr.form
        if quarter is not None and isinstance(form, Offset) and form.count == 1 and form.unit == "Y":
            # "a year ago" in a quarterly report is that quarter of the year before.
            context = replace(context, anchor=quarter)
            if form.origin != "event":
                expr = replace(expr, form=replace(form, origin="year-ago"))
        if expr.kind is Kind.REFERENCE and isinstance(expr.form, Anaphor):
            context = replace(context, anchor=_reporting(expr.form, anchor, quarter, now))
        where = place(expr, context)
        rows.append((expr.start, expr.end, where.timeml))
        if where.first is None or expr.kind in (Kind.DURATION, Kind.SET, Kind.REFERENCE, Kind.TIME):
            continue
        if isinstance(expr.form, Part) and expr.form.name[0] == "Q":
            quarter = where if expr.form.shift is None or quarter is None else quarter
        elif isinstance(expr.form, Fiscal) or (isinstance(expr.form, Near) and expr.form.name == "Y"):
            quarter = None if isinstance(expr.form, Fiscal) else quarter
        if isinstance(expr.form, Calendar | Part | Near | Years) or expr.kind is Kind.RELATIVE:
            anchor = where
    return rows


def _reporting(form: Anaphor, anchor: Place | None, quarter: Place | None, now: Now) -> Place | None:
    """Return what "the quarter" or "the full year" leans on: the last one named, else the last one ended."""
    if form.unit == "Q" and quarter is not None:
        return quarter
    if now.day is None:
        return anchor
    if form.unit == "Q":
        return place_form(Near("unit", "Q", -1), Context(now))
    return place_form(Near("unit", "Y", 0), Context(now))
