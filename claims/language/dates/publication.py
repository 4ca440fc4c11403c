"""Which date does an article show as its own, and where does it show it?

Looks at label lines ("Published: 14 October 2020"), at lines that are nothing but a date or a byline with a
date, and at agency datelines ("WASHINGTON, Oct. 14 (Reuters) -"). It never takes a date out of running text
and never a copyright year; without a full year the value stays ``XXXX-10-14``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from claims.language.dates.grammar import find
from claims.language.dates.model import Calendar, DateExpr
from claims.language.dates.resolution import Context, place

_HEAD_LINES, _TAIL_LINES, _LONGEST_LINE = 30, 8, 400
_PUBLISHED = re.compile(
    r"\s*(?:first\s+)?(?:published|posted|publication date|published (?:on|at)|date(?: published)?"
    r"|issued|released|ver(?:ö|oe)ffentlicht(?: am)?|datum|erschienen(?: am)?|publié(?: le)?)\b"
    r"\s*(?:on|at|am|le)?\s*[:|–—-]?\s*",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"\s*(?:last\s+)?(?:updated|modified|update|aktualisiert|stand|last modified)\b"
    r"\s*(?:on|at|am)?\s*[:|–—-]?\s*",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"©|\(c\)\s|\bcopyright\b|all rights reserved|alle rechte vorbehalten", re.IGNORECASE)
_LEFT_OVER = re.compile(
    r"\b(?:by|von|\d{1,2}[:.]\d\d(?:[:.]\d\d)?|[ap]\.?m\b\.?|gmt|utc|bst|cet|cest|es?t|edt|[pcm][sd]t|uhr|at|on|"
    r"min(?:ute)?s? read|read|updated|published|posted|staff|writer|reporter|correspondent)\b|[^\w]+|\d+",
    re.IGNORECASE,
)
_PLACE = r"[A-ZÄÖÜ][\w.’'-]*(?:[ ,]+[A-ZÄÖÜ][\w.’'-]*){0,4}"
_DATELINE = re.compile(
    rf"\s*(?:{_PLACE})\s*[,.]\s*"
    r"(?P<date>[A-Z][a-z]+\.? \d{1,2}(?:,? \d{4})?|\d{1,2} [A-Z][a-z]+\.?(?: \d{4})?)"
    r"\s*[.,]?\s*(?:\([^)\n]{2,30}\)|/[^/\n]{2,30}/|[A-Z]{3,}\b)?\s*(?:[-–—:]{1,2}|\.)\s"
)


class VisibleDateSource(StrEnum):
    """Where a visible date was seen, strongest first."""

    LABEL = "published label"
    DATE_LINE = "date line"
    DATELINE = "dateline"
    UPDATED_LABEL = "updated label"


@dataclass(frozen=True, slots=True)
class VisibleDate:
    """A date the article shows as its own: partial value, place in the text, where it was seen."""

    value: str
    start: int
    end: int
    source: VisibleDateSource


def visible_publication_date(text: str, *, day_first: bool | None = None) -> VisibleDate | None:
    """Return the strongest visible publication date among the first and last lines, or None.

    Figures in an unknown order (05/06/2019) yield only the year unless ``day_first`` tells the order.
    """
    candidates: list[tuple[int, int, VisibleDate]] = []
    ranks = list(VisibleDateSource)
    for start, end in _lines(text):
        seen = _in_line(text, start, end, day_first)
        if seen is not None:
            candidates.append((ranks.index(seen.source), start, seen))
    return min(candidates, key=lambda row: row[:2])[2] if candidates else None


def _lines(text: str) -> list[tuple[int, int]]:
    """Return the spans of the non-empty lines at both ends of the text."""
    head: list[tuple[int, int]] = []
    position = 0
    while position < len(text) and len(head) < _HEAD_LINES:
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        if text[position:end].strip():
            head.append((position, end))
        position = end + 1
    tail: list[tuple[int, int]] = []
    end = len(text)
    while end > position and len(tail) < _TAIL_LINES:
        start = max(text.rfind("\n", position, end), position - 1) + 1
        if text[start:end].strip():
            tail.append((start, end))
        end = start - 1
    return head + tail[::-1]


def _in_line(text: str, start: int, end: int, day_first: bool | None) -> VisibleDate | None:
    line = text[start : min(end, start + _LONGEST_LINE)]
    if _COPYRIGHT.search(line):
        return None
    for label, source in ((_PUBLISHED, VisibleDateSource.LABEL), (_UPDATED, VisibleDateSource.UPDATED_LABEL)):
        match = label.match(line)
        if match is not None:
            found = _dates(text, start + match.end(), end)
            if found and found[0].start <= start + match.end() + 14:
                return _visible(found[0], text, source, day_first)
    dateline = _DATELINE.match(line)
    if dateline is not None:
        found = _dates(text, start + dateline.start("date"), start + dateline.end("date"))
        if found and isinstance(found[0].form, Calendar) and found[0].form.day is not None:
            return _visible(found[0], text, VisibleDateSource.DATELINE, day_first)
    if end - start > 120:
        return None
    found = _dates(text, start, end)
    if len(found) != 1 or not _is_line_of_its_own(text, start, end, found[0]):
        return None
    return _visible(found[0], text, VisibleDateSource.DATE_LINE, day_first)


def _dates(text: str, start: int, end: int) -> list[DateExpr]:
    dated = []
    for expr in find(text, start, end):
        form = expr.form
        if isinstance(form, Calendar) and (form.day is None or form.bce):
            continue
        if isinstance(form, Calendar) or "ambiguous-day-month" in expr.flags:
            dated.append(expr)
    return dated


def _is_line_of_its_own(text: str, start: int, end: int, expr: DateExpr) -> bool:
    """Tell whether a line holds nothing beside the date but a time, a byline or an outlet's name."""
    before, after = text[start : expr.start], text[expr.end : end]
    rest = _LEFT_OVER.sub(" ", f"{before} {after}").split()
    if not rest:
        return True
    byline = re.match(r"\s*(?:by|von)\s", before, re.IGNORECASE) is not None
    separated = re.search(r"[|•·–—,]\s*$", before) is not None or re.match(r"\s*[|•·–—]", after) is not None
    capitals = all(word[:1].isupper() for word in rest)
    return capitals and len(rest) <= 5 and (byline or separated)


def _visible(expr: DateExpr, text: str, source: VisibleDateSource, day_first: bool | None) -> VisibleDate:
    where = place(expr, Context(day_first=day_first))
    return VisibleDate(where.value, expr.start, expr.end, source)
