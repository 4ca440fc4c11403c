"""How do recorders and their people write who speaks when? The time codes and names at the beginnings of lines.

Knows what Whisper, Zoom, Otter, Rev, Teams and YouTube write: a time before or after the name, in brackets or not, a
name and its time on a line of their own, a time alone above the words. A single time makes no recording, and times of
day that go backwards are a live page's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from claims.language.spans import line_spans

_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_RANGE = rf"(?P<time>{_CLOCK})(?:\s*(?:-->|->|-|—|to)\s*{_CLOCK})?"
_OPEN, _SHUT = r"[\[(<{]", r"[\])>}]"
_WORD = r"[^\W\d_a-zß-ÿ][\w.'’-]*"
_NAME = (
    rf"(?:(?:Unknown\s+)?(?:SPEAKER|Speaker|Sprecher(?:in)?|Hablante|Intervenant|spk)(?:[ _]?\d{{1,2}})?"
    rf"|{_WORD}(?:[ ]+(?:{_WORD}|&|de|del|la|van|von|der|den|bin|al|of|the|and)){{0,5}})"
)
_ROLE = r"(?:[ ]?[(\[][^()\[\]\n\d]{1,40}[)\]])?(?:,[ ][^,:;.!?\n\d()\[\]]{2,60})?"
_BOLD = r"(?:\*\*|__)?"
_LEAD = re.compile(rf"\s*(?:{_OPEN}\s*{_RANGE}\s*{_SHUT}|(?P<bare>{_CLOCK})(?![\d%]))\s*(?:[-—|:](?=\s))?\s*")
_ALONE = re.compile(rf"\s*{_BOLD}[\[(]?(?P<name>{_NAME})[\])]?{_ROLE}{_BOLD}\s*:?{_BOLD}\s*")
_NAME_TIME = re.compile(
    rf"\s*{_BOLD}\[?(?P<name>{_WORD},[ ]{_WORD}(?=[ ]{{2,}}\d)|{_NAME})\]?{_ROLE}{_BOLD}:?{_BOLD}"
    rf"\s*[-—|,·•]?\s*(?:{_OPEN}\s*{_RANGE}\s*{_SHUT}|(?P<bare>{_CLOCK}))"
    rf"{_BOLD}\s*(?P<mark>:?){_BOLD}\s*"
)
# Sonix writes two spaces behind the name, a chat to whom a line goes.
_NAME_APART = re.compile(rf"(?P<name>{_NAME})(?:[ ]{{2,}}|\t+)(?=\S)")
_CHAT = re.compile(rf"(?:From|Von|De)[ ]+(?P<name>{_NAME})[ ]+(?:[Tt]o|an|[àa]|para)[ ]+[^:\n]{{1,60}}:\s*")
_FOOTER = re.compile(r"\s*Transcribed by https?://\S+\s*")
_BOLD_ALONE = re.compile(rf"\s*(?P<bold>\*\*|__)(?P<name>{_NAME}){_ROLE}:?(?P=bold):?\s*")
_SECONDS_WRITTEN = re.compile(r"\d+:\d{2}:\d{2}|[.,]\d{3}")
_FEWEST = 2
_LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True)
class LineHead:
    """What a line begins with: its time in seconds, its speaker's name, and where its words begin."""

    start: int
    end: int
    body: int
    since: float | None = None
    name: tuple[int, int] | None = None


def is_recording(seen: str) -> bool:
    """Tell whether the beginning of a shadow is what a recorder writes."""
    return bool(_believed(seen, _heads(seen[:_LOOKED_AT])))


def line_heads(seen: str) -> tuple[LineHead, ...]:
    """Return the heads of all visible lines of a recording's shadow; empty where it is none."""
    return _believed(seen, _heads(seen))


def _heads(seen: str) -> list[LineHead]:
    return [_head(seen, start, end) for start, end in line_spans(seen) if seen[start:end].strip()]


def _head(seen: str, start: int, end: int) -> LineHead:
    stop = min(end, start + 200)
    lead = _LEAD.match(seen, start, stop)
    if lead is not None:
        since = _in_seconds(lead["time"] or lead["bare"])
        alone = _ALONE.fullmatch(seen, lead.end(), end) if lead.end() < end <= stop else None
        if alone is not None:
            return LineHead(start, end, end, since, alone.span("name"))
        named = _CHAT.match(seen, lead.end(), stop) or _NAME_APART.match(seen, lead.end(), stop)
        if named is not None:
            return LineHead(start, end, named.end(), since, named.span("name"))
        return LineHead(start, end, lead.end(), since)
    if _FOOTER.fullmatch(seen, start, end):
        return LineHead(start, end, end)
    named = _NAME_TIME.match(seen, start, stop)
    if named is not None and (named.end() >= end or named["mark"] or named["time"]):
        return LineHead(
            start, end, named.end(), _in_seconds(named["time"] or named["bare"]), named.span("name")
        )
    bold = _BOLD_ALONE.fullmatch(seen, start, end) if end <= stop else None
    if bold is not None:
        return LineHead(start, end, end, name=bold.span("name"))
    return LineHead(start, end, start)


def cue_names(seen: str, firsts: Sequence[tuple[int, int]]) -> dict[int, tuple[int, int]]:
    """Return which first lines of cues are a speaker's name, by their starts: names that come back in most cues."""
    alone = {start: _ALONE.fullmatch(seen, start, min(end, start + 200)) for start, end in firsts}
    names = Counter(match["name"] for match in alone.values() if match is not None)
    # Where every cue begins with a line of its own that could be a name, once is enough.
    least = 1 if len(firsts) > 1 and all(alone.values()) else 2
    found = {
        start: match.span("name") for start, match in alone.items() if match and names[match["name"]] >= least
    }
    return found if 2 * len(found) > len(firsts) else {}


def _believed(seen: str, heads: Sequence[LineHead]) -> tuple[LineHead, ...]:
    """Return the heads where there are enough of them and their times run forward, else nothing."""
    timed = [head for head in heads if head.since is not None]
    if len(timed) < _FEWEST or len(timed) * 6 < len(heads):
        bold = [seen[head.name[0] : head.name[1]] for head in heads if head.name and head.since is None]
        # Names in bold above what was said, without times: they come back.
        return tuple(heads) if len(bold) > len(set(bold)) and len(bold) * 4 >= len(heads) else ()
    times = [head.since or 0.0 for head in timed]
    backwards = sum(after < before for before, after in pairwise(times))
    if backwards * 5 > len(times):
        return ()
    shown = [seen[head.start : head.start + 40] for head in timed]
    names = Counter(seen[head.name[0] : head.name[1]] for head in timed if head.name)
    # “14:05” above a paragraph is a live page's time of day, and “9:00 Opening” a programme's, unless the recording
    # began at nought or names come back.
    sure = any(_SECONDS_WRITTEN.search(one) or re.match(r"\s*[\[(<{]", one) for one in shown)
    if not sure and times[0] >= 60 and max(names.values(), default=0) < 2:
        return ()
    many = 2 * sum(names.values()) >= len(timed)
    return tuple(
        head if head.name is None or many or names[seen[head.name[0] : head.name[1]]] > 1 else _as_words(head)
        for head in heads
    )


def _as_words(head: LineHead) -> LineHead:
    """Return a head whose name was words after all: “0:04 Thank You”."""
    assert head.name is not None
    return replace(head, body=min(head.name[0], head.body), name=None)


def _in_seconds(clock: str) -> float:
    total = 0.0
    for part in clock.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total
