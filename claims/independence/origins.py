"""Which documents rest on one report or statement? Groups them, and gives the reason for every tie.

Joined are identical texts, copies and cuts (shingle containment), texts that carry the same agency's line and
share wording, and a text that credits another document's outlet and tells the same story. Weaker signs become
hints for a person. Shared quotations of one speaker never join. Rewrites without a credit are not found.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from claims.independence.credits import Credit, CreditKind, credits, name_key
from claims.independence.shingles import COPY, SUSPECT, Overlap, fold_line, overlap, shingles

#: What two texts must share beside an agency's line or a credit, before they are joined.
SAME_STORY = 0.25
_AGENCY_WORDING = 0.05
_REPEATED = 3


class Tie(StrEnum):
    """Why two documents belong together."""

    IDENTICAL = "identical"
    COPY = "copy"
    AGENCY = "agency"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Text:
    """One document as independence sees it; ``published`` is a partial date, ``key`` the caller's id."""

    key: str
    text: str
    outlet: str = ""
    title: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A tie between two documents, how strong (0 to 1) and in words; ``joined`` is False for a mere hint."""

    first: str
    second: str
    tie: Tie
    strength: float
    sentence: str
    joined: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """Documents of one origin, earliest first; ``name`` is the agency or outlet they go back to, if known."""

    keys: tuple[str, ...]
    links: tuple[Link, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Grouping:
    """All groups in the order of their first document as given, and the hints between groups."""

    groups: tuple[Group, ...]
    hints: tuple[Link, ...] = ()


def group(documents: Sequence[Text]) -> Grouping:
    """Group documents by origin. Keys must be unique.

    The result depends on the texts and not on their order.
    """
    known = {row.key: row for row in documents}
    if len(known) != len(documents):
        raise ValueError("two documents have the same key")
    prepared = _prepare(documents)
    links: list[Link] = []
    hints: list[Link] = []
    for a, b in _pairs(prepared):
        link = _tie(prepared[a], prepared[b])
        if link is not None:
            (links if link.joined else hints).append(link)
    parent = {row.key: row.key for row in documents}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for link in links:
        parent[root(link.first)] = root(link.second)
    members: dict[str, list[str]] = defaultdict(list)
    for row in documents:
        members[root(row.key)].append(row.key)
    groups = []
    for keys in members.values():
        inside = tuple(link for link in links if link.first in keys)
        ordered = sorted(keys, key=lambda key: (known[key].published or "9999", keys.index(key)))
        groups.append(Group(tuple(ordered), inside, _name([prepared[key] for key in ordered])))
    between = tuple(hint for hint in hints if root(hint.first) != root(hint.second))
    return Grouping(tuple(groups), between)


@dataclass(frozen=True, slots=True)
class _Prepared:
    row: Text
    folded: str
    shingles: frozenset[int]
    words: frozenset[str]
    credits: tuple[Credit, ...]
    outlet: str


def _prepare(documents: Sequence[Text]) -> dict[str, _Prepared]:
    outlets = sorted({row.outlet for row in documents if row.outlet})
    repeated = _repeated_lines(documents)
    prepared = {}
    for row in documents:
        drop = repeated.get(name_key(row.outlet), frozenset())
        own = name_key(row.outlet)
        prepared[row.key] = _Prepared(
            row=row,
            folded=fold_line(row.text.replace("\n", " ")),
            shingles=shingles(row.text, drop_lines=drop),
            words=_content_words(row.text),
            credits=tuple(c for c in credits(row.text, outlets=outlets) if c.key != own),
            outlet=own,
        )
    return prepared


def _repeated_lines(documents: Iterable[Text]) -> dict[str, frozenset[str]]:
    """Return the lines that one outlet sets under several different articles."""
    lines: dict[str, Counter[str]] = defaultdict(Counter)
    beginnings: dict[str, set[str]] = defaultdict(set)
    for row in documents:
        outlet = name_key(row.outlet)
        begin = fold_line(row.text[:300])
        # Versions of one article repeat everything; only different articles show what is boilerplate.
        if not outlet or begin in beginnings[outlet]:
            continue
        beginnings[outlet].add(begin)
        lines[outlet].update({fold_line(line) for line in row.text.splitlines() if len(line) > 20})
    return {
        outlet: frozenset(line for line, count in counter.items() if count >= _REPEATED and line)
        for outlet, counter in lines.items()
    }


def _pairs(prepared: dict[str, _Prepared]) -> list[tuple[str, str]]:
    """Return the pairs worth comparing: they share a shingle, a text or a place that is named."""
    keys = list(prepared)
    order = {key: n for n, key in enumerate(keys)}
    holders: dict[int | str, list[str]] = defaultdict(list)
    for key, row in prepared.items():
        for shingle in row.shingles:
            holders[shingle].append(key)
        holders[f"text {row.folded}"].append(key)
        for place in {c.key for c in row.credits} | ({row.outlet} if row.outlet else set()):
            holders[f"place {place}"].append(key)
    pairs = set()
    for held in holders.values():
        for i, a in enumerate(held):
            for b in held[i + 1 :]:
                pairs.add((a, b) if order[a] < order[b] else (b, a))
    return sorted(pairs, key=lambda pair: (order[pair[0]], order[pair[1]]))


def _tie(a: _Prepared, b: _Prepared) -> Link | None:
    """Return the strongest tie of two documents, a hint, or nothing."""
    if a.folded and a.folded == b.folded:
        return Link(a.row.key, b.row.key, Tie.IDENTICAL, 1.0, "The texts are the same, word for word.")
    shared = overlap(a.shingles, b.shingles)
    if shared.is_copy:
        percent = round(100 * shared.containment)
        sentence = f"{percent} % of the shorter text stands word for word in the other, quotations left out."
        return Link(a.row.key, b.row.key, Tie.COPY, shared.containment, sentence)
    story = _same_story(a, b)
    return _credited(a, b, story) or _same_agency(a, b, shared, story) or _suspect(a, b, shared)


def _credited(a: _Prepared, b: _Prepared, story: float) -> Link | None:
    """Tie a document to the one whose outlet it names; a report cannot rest on one that came days later."""
    for one, other in ((a, b), (b, a)):
        credit = next((c for c in one.credits if other.outlet and c.key == other.outlet), None)
        if credit is None or _day(other.row.published) > _day(one.row.published, late=True):
            continue
        joined = story >= SAME_STORY
        sentence = f"{one.row.outlet or 'One text'} names {credit.name} as its source" + (
            ", and both tell the same story." if joined else "; whether for this story, a person should see."
        )
        return Link(one.row.key, other.row.key, Tie.CREDIT, round(story, 3), sentence, joined)
    return None


def _same_agency(a: _Prepared, b: _Prepared, shared: Overlap, story: float) -> Link | None:
    theirs = {c.key: c for c in b.credits}
    for credit in a.credits:
        other = theirs.get(credit.key)
        if other is None:
            continue
        whole = credit.covers_text and other.covers_text
        joined = story >= SAME_STORY and (whole or shared.containment >= _AGENCY_WORDING)
        manner = "carry the line of" if whole else "name"
        sentence = f"Both texts {manner} {credit.name}" + (
            " and tell the same story." if joined else "; whether for the same report, a person should see."
        )
        return Link(a.row.key, b.row.key, Tie.AGENCY, round(story, 3), sentence, joined)
    return None


def _suspect(a: _Prepared, b: _Prepared, shared: Overlap) -> Link | None:
    if shared.containment < SUSPECT:
        return None
    sentence = f"{round(100 * shared.containment)} % of the shorter text stands word for word in the other."
    return Link(a.row.key, b.row.key, Tie.COPY, shared.containment, sentence, joined=False)


def _name(rows: Sequence[_Prepared]) -> str:
    """Return whom the group goes back to: whom most of it credits, else the outlet of its earliest text."""
    covering = Counter(c.key for row in rows for c in row.credits if c.kind is CreditKind.AGENCY_LINE)
    if covering:
        key, count = covering.most_common(1)[0]
        if 2 * count >= len(rows):
            return next(c.name for row in rows for c in row.credits if c.key == key)
    named = Counter(c.key for row in rows for c in row.credits)
    if len(rows) > 1 and named and (top := named.most_common(1)[0])[1] * 2 >= len(rows):
        return next(c.name for row in rows for c in row.credits if c.key == top[0])
    return rows[0].row.outlet


def _same_story(a: _Prepared, b: _Prepared) -> float:
    """Return the share of the shorter text's content words that the other has as well."""
    least = min(len(a.words), len(b.words))
    return len(a.words & b.words) / least if least >= 10 else 0.0


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Words of four letters and more that every story has."""
    path = Path(__file__).with_name("common_words.txt")
    return frozenset(path.read_text(encoding="utf-8").split())


def _content_words(text: str) -> frozenset[str]:
    common = _common()
    words = re.findall(r"[^\W_]{4,}|\d{2,}", text.casefold())
    return frozenset(word for word in words if word not in common)


def _day(published: str, *, late: bool = False) -> str:
    """Return a comparable day: an unknown one never excludes."""
    if not published:
        return "9999" if late else "0000"
    first, _, last = published.partition("/")
    return ((last or first) + "-99-99")[:10] if late else (first + "-00-00")[:10]


__all__ = ["COPY", "Group", "Grouping", "Link", "Text", "Tie", "group"]
