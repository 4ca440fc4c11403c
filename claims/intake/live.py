"""When was each entry of a live page written? Its day and time get a line of their own above it.

Only pages that call themselves live are touched, in their structured data or by how their entries are named: comments
and lists of other articles carry times, too.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from datetime import date
from typing import Any

import lxml.html  # type: ignore[import-untyped]

from claims.intake.shown_day import Stamp, days_in, read_stamp

_LIVE = re.compile(
    r"\blive(?:-?blog|-?entry|-?update|-?post|-?ticker)?\b|live-?blog|\blx-|ticker|timeline", re.IGNORECASE
)
_TIME_NAMED = re.compile(r"time|date|stamp", re.IGNORECASE)
_CLOCK = re.compile(r"\b(\d{1,2})[:.h](\d{2})\b\s*(?:([ap])\.?m\b\.?)?", re.IGNORECASE)
_FEWEST_ENTRIES = 2
_FEWEST_WORDS = 8
_LONGEST = 80
#: How many elements may show one and the same time.
_MOST_TIMES = 3


def stamp_entries(tree: Any, source: str) -> bool:
    """Put the day and time of every entry above it; say whether there was any. Changes the tree."""
    declared = "LiveBlogPosting" in source
    if not declared and not _LIVE.search(source):
        return False
    found: list[tuple[Any, Any]] = []
    makes: Counter[tuple[Any, str, str]] = Counter()
    within: dict[Any, list[Any]] = {}
    for one in tree.iter("time", "span", "div", "p", "a"):
        if _is_time(one):
            for parent in one.iterancestors("article", "div", "li", "section"):
                times = within.setdefault(parent, [])
                if len(times) > _MOST_TIMES:
                    # What is around it holds as many.
                    break
                times.append(one)
    for node, times in within.items():
        if node.get("class") is None and node.tag != "article":
            continue
        time = _own_time(times)
        if time is not None and (declared or _named_live(node)):
            found.append((node, time))
            makes[_make(node)] += 1
    entries = [(node, time) for node, time in found if makes[_make(node)] >= _FEWEST_ENTRIES]
    # An entry's wrappers hold the same time: the outermost that repeats is the entry.
    inside = {id(node) for node, _ in entries}
    stamped = False
    for node, time in entries:
        if any(id(parent) in inside for parent in node.iterancestors()):
            continue
        line = _line(time)
        first = _first_prose(node)
        if line and first is not None:
            made = lxml.html.Element("p")
            made.text = line
            before = first.getprevious()
            heading = before is not None and before.tag in ("h2", "h3", "h4")
            (before if heading else first).addprevious(made)
            stamped = True
    return stamped


def _make(node: Any) -> tuple[Any, str, str]:
    return node.getparent(), node.tag, re.sub(r"\d+", "", node.get("class", ""))


def _named_live(node: Any) -> bool:
    for one in (node, *node.iterancestors()):
        if one.tag in ("body", "html"):
            break
        if _LIVE.search(f"{one.get('class', '')} {one.get('id', '')}"):
            return True
    return False


def _own_time(times: list[Any]) -> Any:
    """Return the time of an element that holds exactly one, shown and written for machines."""
    distinct = {" ".join(one.text_content().split()) + one.get("datetime", "") for one in times}
    if len(distinct - {""}) > 2 or len(times) > _MOST_TIMES:
        return None
    return next((one for one in times if one.get("datetime")), times[0])


def _is_time(node: Any) -> bool:
    if node.tag == "time":
        return True
    if not _TIME_NAMED.search(node.get("class", "")) or len(node) > 2:
        return False
    text = " ".join(node.text_content().split())
    return 0 < len(text) <= _LONGEST and _CLOCK.search(text) is not None


def _first_prose(node: Any) -> Any:
    for one in node.iter("p", "blockquote", "ul"):
        if len(one.text_content().split()) >= _FEWEST_WORDS:
            return one
    return None


def _line(time: Any) -> str:
    """Return the line above an entry: day and time as its readers saw them; the shown words where no day is known."""
    text = " ".join(time.text_content().split())
    stamp = read_stamp(time.get("datetime") or time.get("data-timestamp-iso") or "")
    clock = _CLOCK.search(text)
    if stamp is None:
        return text if clock is not None and len(text) <= _LONGEST else ""
    day = _day(stamp, text, clock)
    if clock is not None:
        shown = clock.group().strip()
    elif stamp.minutes is not None:
        shown = f"{stamp.minutes // 60:02d}:{stamp.minutes % 60:02d}"
    else:
        return ""
    return f"{calendar.month_name[day.month]} {day.day}, {day.year}, {shown}"


def _day(stamp: Stamp, text: str, clock: re.Match[str] | None) -> date:
    if not stamp.in_utc:
        return stamp.day
    if named := days_in(text, stamp.day):
        return named[0]
    if clock is None or stamp.minutes is None:
        return stamp.day
    hour = int(clock[1]) % 12 + 12 * (clock[3].lower() == "p") if clock[3] else int(clock[1])
    offset = (hour * 60 + int(clock[2]) - stamp.minutes) % (24 * 60)
    return stamp.day_at(offset if offset <= 14 * 60 else offset - 24 * 60)
