"""Which documents rest on one report or statement? Groups them, and gives the reason for every tie.

Joined are identical texts, copies and cuts (shingle containment), texts that name the same agency and tell one
report, and a text that credits another document's outlet with the one report of that outlet it can rest on: not
later, at most a week older, and the nearest in content. Weaker signs become hints for a person. Shared
quotations of one speaker never join. Rewrites without a credit are not found.
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
from claims.language.partial_dates import PartialDate

#: Which share of content words makes two texts one report beside an agency's line or a credit; less is enough
#: where a figure is the same in both. The day before's report on the same people shares up to .49 of its words
#: with a rewrite, but no figure; rewrites share from .47 with figures, from .50 without.
SAME_STORY = 0.5
SAME_STORY_WITH_FIGURE = 0.4
#: A report is rewritten within days; later texts with the same credit rest on a later report.
CREDIT_DAYS = 7
_AGENCY_WORDING = 0.05
_REPEATED = 3
#: Numbers of two digits and more, and times; the year of publication is left out.
_FIGURE = re.compile(r"\d[\d.,:]*\d")


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
class OriginGroup:
    """Documents of one origin, earliest first; ``name`` is the agency or outlet they go back to, if known."""

    keys: tuple[str, ...]
    links: tuple[Link, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Grouping:
    """All groups in the order of their first document as given, and the hints between groups."""

    groups: tuple[OriginGroup, ...]
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
    pairs = _pairs(prepared)
    tied: dict[frozenset[str], Link] = {}
    for a, b in pairs:
        link = _tie(prepared[a], prepared[b])
        if link is not None:
            tied[frozenset((a, b))] = link
    for link in _credited(prepared, pairs, tied):
        tied[frozenset((link.first, link.second))] = link
    for a, b in pairs:
        found = tied.get(frozenset((a, b)))
        if found is not None:
            (links if found.joined else hints).append(found)
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
        groups.append(OriginGroup(tuple(ordered), inside, _name([prepared[key] for key in ordered])))
    between = tuple(hint for hint in hints if root(hint.first) != root(hint.second))
    return Grouping(tuple(groups), between)


@dataclass(frozen=True, slots=True)
class _Prepared:
    row: Text
    folded: str
    shingles: frozenset[int]
    words: frozenset[str]
    figures: frozenset[str]
    days: tuple[int, int] | None
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
            words=content_words(row.text),
            figures=frozenset(_FIGURE.findall(row.text)) - {row.published[:4]},
            days=_days(row.published),
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
    return _same_agency(a, b, shared) or _suspect(a, b, shared)


def _credited(
    prepared: dict[str, _Prepared], pairs: Sequence[tuple[str, str]], tied: dict[frozenset[str], Link]
) -> list[Link]:
    """Tie each text to the one report of every outlet it names; a hint where that one is too far from it.

    Whoever copied a report of the outlet has its source already; a report cannot rest on one that came later.
    """
    named: dict[tuple[str, str], list[_Prepared]] = defaultdict(list)
    settled: set[tuple[str, str]] = set()
    for a, b in pairs:
        for one, other in ((prepared[a], prepared[b]), (prepared[b], prepared[a])):
            if not other.outlet or all(credit.key != other.outlet for credit in one.credits):
                continue
            link = tied.get(frozenset((a, b)))
            if link is not None and link.joined and link.tie in (Tie.IDENTICAL, Tie.COPY):
                settled.add((one.row.key, other.outlet))
            elif _gap(other, one) is not None:
                named[one.row.key, other.outlet].append(other)
    found = []
    for (key, outlet), others in named.items():
        if (key, outlet) in settled:
            continue
        one = prepared[key]
        other = max(others, key=lambda row: (*_nearness(one, row), row.row.key))
        known = tied.get(frozenset((key, other.row.key)))
        if known is not None and known.joined:
            continue
        credit = next(credit for credit in one.credits if credit.key == outlet)
        joined = _same_report(one, other)
        sentence = f"{one.row.outlet or 'One text'} names {credit.name} as its source" + (
            ", and both tell the same story." if joined else "; whether for this story, a person should see."
        )
        story = round(_same_story(one, other), 3)
        found.append(Link(key, other.row.key, Tie.CREDIT, story, sentence, joined))
    return found


def _nearness(one: _Prepared, other: _Prepared) -> tuple[bool, float, int, float]:
    """Order the reports of a credited outlet: by content in tenths, then by nearness in time."""
    story = _same_story(one, other)
    return _same_report(one, other), round(story, 1), -(_gap(other, one) or 0), story


def _gap(earlier: _Prepared, later: _Prepared) -> int | None:
    """Return the days from one text to another, 0 where a date is unknown; None if too many or backwards."""
    if earlier.days is None or later.days is None:
        return 0
    if earlier.days[0] > later.days[1]:
        return None
    days = max(0, later.days[0] - earlier.days[1])
    return days if days <= CREDIT_DAYS else None


def _same_report(a: _Prepared, b: _Prepared) -> bool:
    """Say whether two texts tell so much the same that one report stands behind them."""
    story = _same_story(a, b)
    return story >= SAME_STORY or (story >= SAME_STORY_WITH_FIGURE and bool(a.figures & b.figures))


def _same_agency(a: _Prepared, b: _Prepared, shared: Overlap) -> Link | None:
    near = _gap(a, b) is not None or _gap(b, a) is not None
    theirs = {c.key: c for c in b.credits}
    for credit in a.credits:
        other = theirs.get(credit.key)
        if other is None or not near:
            continue
        whole = credit.covers_text and other.covers_text
        joined = _same_report(a, b) and (whole or shared.containment >= _AGENCY_WORDING)
        manner = "carry the line of" if whole else "name"
        sentence = f"Both texts {manner} {credit.name}" + (
            " and tell the same story." if joined else "; whether for the same report, a person should see."
        )
        return Link(a.row.key, b.row.key, Tie.AGENCY, round(_same_story(a, b), 3), sentence, joined)
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


def content_words(text: str) -> frozenset[str]:
    """Return the words by which two stories are compared: four letters or two digits and more."""
    common = _common()
    words = re.findall(r"[^\W_]{4,}|\d{2,}", text.casefold())
    return frozenset(word for word in words if word not in common)


def _days(published: str) -> tuple[int, int] | None:
    """Return the first and last day a date can mean, as ordinals; None for an unknown or unreadable one."""
    try:
        value = PartialDate.parse(published)
    except ValueError:
        return None
    if value.earliest is None or value.latest is None:
        return None
    return value.earliest.toordinal(), value.latest.toordinal()


__all__ = ["COPY", "CREDIT_DAYS", "Grouping", "Link", "OriginGroup", "Text", "Tie", "content_words", "group"]
