"""When are the expressions of a text, as claims have them? The one reading that dates units and dates them again.

What ``timeline`` reads by the words alone, and what only claims need: no full stop of the sentence, "three hours and
eight minutes" as one length, "In thirty years we will be …" as the year that it is, and the times of ``together``.
Which unit a date belongs to is no question here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from claims.language.dates import measures
from claims.language.dates.model import Kind, Length, Offset
from claims.language.dates.places import Dated, Now
from claims.language.dates.resolution import Context, place_form
from claims.language.dates.timeline import read
from claims.language.dates.together import put_together

_COARSE_TO_FINE = ("Y", "M", "W", "D", "TH", "TM", "TS")
#: "In ten years the glacier will be gone" lies ahead; "will be built in ten years" lasts.
_OPENS_WITH_IN = re.compile(r"(?:\A|[.!?]\s+|[\n“\"‘]\s*)In \Z")
_WILL = re.compile(r"\A,?(?: [\w’'-]+){0,6}?(?: will| won['’]t|['’]ll)\b")


def read_claimed(
    text: str,
    *,
    published: str | None = None,
    language: str = "en",
    day_first: bool | None = None,
    directions: Mapping[int, str] | None = None,
) -> list[Dated]:
    """Find and place every expression of a text, in order; raises ValueError as ``timeline.read`` does."""
    rows = read(text, published=published, language=language, day_first=day_first, directions=directions)
    claimed = [replace(one, expr=measures.as_claimed(one.expr, text)) for one in rows]
    told = [_ahead(one, text) for one in claimed]
    return _lengths_joined(put_together(told, text), text)


def _lengths_joined(rows: list[Dated], text: str) -> list[Dated]:
    """Join "three hours and eight minutes" to one length."""
    kept: list[Dated] = []
    for one in rows:
        before = kept[-1] if kept else None
        if before is None or not _goes_on(before, one, text):
            kept.append(one)
            continue
        days, _, hours = before.where.value[1:].partition("T")
        more_days, _, more_hours = one.where.value[1:].partition("T")
        time = hours + more_hours
        value = f"P{days}{more_days}" + (f"T{time}" if time else "")
        expr = replace(before.expr, end=one.expr.end, tail=max(before.expr.tail, one.expr.tail))
        kept[-1] = replace(before, expr=expr, where=replace(before.where, value=value))
    return kept


def _goes_on(before: Dated, one: Dated, text: str) -> bool:
    """Tell "eight minutes" behind "three hours and": a smaller unit, right behind it."""
    if (before.expr.kind, one.expr.kind) != (Kind.DURATION, Kind.DURATION):
        return False
    first, second = before.expr.form, one.expr.form
    if not (isinstance(first, Length) and isinstance(second, Length)) or first.window or second.window:
        return False
    if first.unit not in _COARSE_TO_FINE or second.unit not in _COARSE_TO_FINE:
        return False
    if not (first.count and second.count):
        return False
    finer = _COARSE_TO_FINE.index(first.unit) < _COARSE_TO_FINE.index(second.unit)
    return finer and text[before.expr.end : one.expr.start] in (" and ", ", ", " ")


def _ahead(one: Dated, text: str) -> Dated:
    """Place "In thirty years we will be a hiking club", where it begins its sentence, as what lies ahead."""
    form = one.expr.form
    if one.expr.kind is not Kind.DURATION or not isinstance(form, Length) or form.window or not form.count:
        return one
    opens = _OPENS_WITH_IN.search(text[max(0, one.expr.start - 12) : one.expr.start])
    if opens is None or not _WILL.match(text[one.expr.end : one.expr.end + 80]):
        return one
    ahead = Offset(form.count, form.unit, 1, "publication")
    return replace(
        one,
        expr=replace(one.expr, kind=Kind.RELATIVE, form=ahead),
        where=place_form(ahead, Context(Now.of(one.anchor))),
    )
