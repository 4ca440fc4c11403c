"""From which day does each part of a text count? From its dateline's, in a live page from its entry's.

A release that is taken in months later says "today" and means the day of its dateline; an entry of a live page counts
from its own day. Everything else counts from the day of publication. A day that does not fit the publication is none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date, timedelta

from claims.language.block_lines import dateline
from claims.language.dates import grammar
from claims.language.dates.model import Calendar
from claims.language.dates.places import Now
from claims.language.normalise import shadow

_LOOKED_AT_LINES = 4_000
_HEAD_LINES = 12
_LONGEST_STAMP = 70
_CLOCK = re.compile(r"\b\d{1,2}(?:[:.h]\d{2}){1,2}\b|\b\d{1,2}\s*[ap]\.?m\b\.?", re.IGNORECASE)
_BESIDE_A_DAY = re.compile(
    r"\b(?:at|on|um|uhr|[ap]\.?m|gmt|utc|bst|cest|cet|msk|[ecmp][sd]?t|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b\.?|[\W\d_]+",
    re.IGNORECASE,
)
_RELEASE = re.compile(r"\bfor (?:immediate )?release\b|\bpress release\b|\bpressemitteilung\b", re.IGNORECASE)
#: A figure with a mark that ends a dateline behind it or before it.
_HINT = re.compile(r"\d[^\n]*?(?:[-—:|/)]|\.\s)|[-—(][^\n]*?\d")
_MONTH_OR_YEAR = re.compile(r"[^\W\d_]{3}|\d{4}")
#: How long after its dateline a text may come out: with a year, and where the year has to be guessed.
_LATEST, _LATEST_WITHOUT_YEAR = 366, 7
#: How many days a live page may go on.
_LONGEST_LIVE = 60


class StoryDays:
    """The days from which the parts of one text count."""

    def __init__(self, text: str, published: str | None) -> None:
        text = shadow(text)
        self._published = published
        self._starts: list[int] = []
        self._days: list[date] = []
        now = Now.of(published)
        stamps: list[tuple[int, date]] = []
        lines = _lines(text)
        for number, (start, end) in enumerate(lines):
            day = _by_dateline(text, start, end, now)
            if day is None and number < _HEAD_LINES and _RELEASE.search(text, 0, start):
                day = _by_stamp(text, start, end, now, clock=False)
            if day is not None:
                self._starts.append(start)
                self._days.append(day)
            elif (stamped := _by_stamp(text, start, end, now, clock=True)) is not None:
                stamps.append((start, stamped))
        # One line with day and time is the page's own; several are the entries of a live page.
        if not self._starts and len({day for _, day in stamps}) > 1:
            self._starts, self._days = [start for start, _ in stamps], [day for _, day in stamps]

    @property
    def first(self) -> str | None:
        """The first day that the text itself gives."""
        return self._days[0].isoformat() if self._days else None

    def at(self, place: int) -> str | None:
        """Return the day that the words at an offset count from."""
        before = bisect_right(self._starts, place) - 1
        return self._days[before].isoformat() if before >= 0 else self._published


def _lines(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(text) and len(spans) < _LOOKED_AT_LINES:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        start = at + len(text[at:end]) - len(text[at:end].lstrip())
        if start < end:
            spans.append((start, end))
        at = end + 1
    return spans


def _by_dateline(text: str, start: int, end: int, now: Now) -> date | None:
    if not _HINT.search(text, start, min(end, start + 140)):
        return None
    found = dateline(text, text, start, end)
    if found is None or not found.date:
        return None
    # A day alone on its line belongs to the block that follows; one in front of words, to these.
    return _day(found.date, now)


def _by_stamp(text: str, start: int, end: int, now: Now, *, clock: bool) -> date | None:
    """Return the day of a line that is nothing but a day, with a time of day where ``clock`` asks for it."""
    line = text[start:end].rstrip()
    if len(line) > _LONGEST_STAMP or not any(map(str.isdigit, line)) or not _MONTH_OR_YEAR.search(line):
        return None
    if clock and not _CLOCK.search(line):
        return None
    for expr in grammar.find(line):
        if isinstance(expr.form, Calendar) and expr.form.day is not None:
            rest = _BESIDE_A_DAY.sub("", line[: expr.start] + " " + line[expr.end :])
            # A live page goes on after the day it was opened.
            return (
                _day(line[expr.start : expr.end], now, ahead=_LONGEST_LIVE if clock else 1)
                if not rest
                else None
            )
    return None


def _day(words: str, now: Now, *, ahead: int = 1) -> date | None:
    """Return the day of a dateline; without a year the last such day before the publication.

    ``ahead`` is how many days after the publication it may lie: one, where the world is a day further.
    """
    forms = [expr.form for expr in grammar.find(words)]
    form = next((one for one in forms if isinstance(one, Calendar) and one.month and one.day), None)
    if form is None or form.month is None or form.day is None:
        return None
    years = [form.year] if form.year else [now.day.year, now.day.year - 1] if now.day is not None else []
    for year in years:
        try:
            day = date(year, form.month, form.day)
        except ValueError:
            continue
        if now.day is None:
            return day if now.year is None or day.year == now.year else None
        latest = _LATEST if form.year else _LATEST_WITHOUT_YEAR
        if -timedelta(days=ahead) <= now.day - day <= timedelta(days=latest):
            return day
    return None
