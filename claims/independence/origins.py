"""Which documents rest on one report or statement? Groups them, and gives the reason for every tie.

Joined are identical texts, copies and cuts (shingle containment), texts that name the same agency and tell one
report, and a text that credits another document's outlet with the one report of that outlet it can rest on: not
later, at most a week older, and the nearest in content. Rewrites without such a tie are joined by the learned
model of ``joining``, on the mean over all pairs of two groups; texts of other weeks never are. Weaker signs become
hints for a person. Shared quotations of one speaker alone never join.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from claims.independence.credits import Credit, CreditKind, credits_among, name_key
from claims.independence.fingerprint import Fingerprint, fingerprint
from claims.independence.joining import LEAST_WORDS, SAME_SUBJECT, Model, join_closest, shipped
from claims.independence.pairs import (
    Traits,
    shared_figures,
    shared_names,
    shared_quotations,
    shared_words,
    signs,
)
from claims.independence.shingles import SUSPECT, Grams, Overlap, overlap, short_keys
from claims.language.partial_dates import PartialDate

#: Which share of content words makes two texts one report beside an agency's line or a credit; less is enough
#: where a figure is the same in both. The day before's report on the same people shares up to .49 of its words
#: with a rewrite, but no figure; rewrites share from .47 with figures, from .50 without.
SAME_STORY = 0.5
SAME_STORY_WITH_FIGURE = 0.4
#: A report is rewritten within days; later texts with the same credit rest on a later report.
CREDIT_DAYS = 7
_AGENCY_WORDING = 0.05
#: Of fewer shared words the beginning of a text says that it tells another story.
OPEN = 0.25
_REPEATED = 3


class Tie(StrEnum):
    """Why two documents belong together."""

    IDENTICAL = "identical"
    COPY = "copy"
    AGENCY = "agency"
    CREDIT = "credit"
    REWRITE = "rewrite"


@dataclass(frozen=True, slots=True)
class Text:
    """One document as independence sees it; ``published`` is a partial date, ``key`` the caller's id.

    Where its fingerprint is given as ``read``, nothing is read of the text.
    """

    key: str
    text: str = ""
    outlet: str = ""
    title: str = ""
    published: str = ""
    read: Fingerprint | None = None


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


def group(
    documents: Sequence[Text],
    *,
    together: Iterable[Collection[str]] = (),
    apart: Collection[frozenset[str]] = (),
    model: Model | None = None,
) -> Grouping:
    """Group documents by origin. Keys must be unique.

    The result depends on the texts and not on their order. ``together`` are groups that stand already: they may
    grow, never fall apart. ``apart`` are pairs of keys that must not end in one group. ``model`` takes the place of
    the shipped one; a threshold above 1 leaves the rules alone.
    """
    known = {row.key: row for row in documents}
    if len(known) != len(documents):
        raise ValueError("two documents have the same key")
    model = model or shipped()
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

    def forbidden(one: Iterable[str], other: Iterable[str]) -> bool:
        right = set(other)
        return bool(apart) and any(frozenset((a, b)) in apart for a in one for b in right)

    made = _by_rules(list(known), links, [list(keys) for keys in together], forbidden)
    chances: dict[tuple[str, str], float] = {}

    def chance(a: str, b: str) -> float:
        if (a, b) not in chances:
            chances[a, b] = chances[b, a] = _chance(prepared[a], prepared[b], model)
        return chances[a, b]

    def two_reports(one: Iterable[str], other: Iterable[str]) -> bool:
        # Two reports of one outlet from different days: what rests on the one does not rest on the other.
        days = {prepared[key].outlet: prepared[key].days for key in one if prepared[key].outlet}
        return any(
            (row := prepared[key]).outlet in days and row.days != days[row.outlet] for key in other
        ) or forbidden(one, other)

    joined = join_closest(made, chance, threshold=model.threshold, apart=two_reports)
    links = [*links, *_rewrites(made, joined, chance, prepared)]
    place = {key: number for number, keys in enumerate(joined) for key in keys}
    order = {key: number for number, key in enumerate(known)}
    groups = []
    for keys in sorted(joined, key=lambda keys: min(map(order.__getitem__, keys))):
        inside = tuple(link for link in links if link.first in keys and link.second in keys)
        ordered = sorted(keys, key=lambda key: (known[key].published or "9999", order[key]))
        groups.append(OriginGroup(tuple(ordered), inside, _name([prepared[key] for key in ordered])))
    between = tuple(hint for hint in hints if place[hint.first] != place[hint.second])
    return Grouping(tuple(groups), between)


def copies(documents: Sequence[Text], of: Collection[str]) -> frozenset[str]:
    """Return the keys of what is the same text as those of ``of``, copied, cut or sent out by one agency.

    By rule alone: what a model takes for a rewrite is another text, with words of its own.
    """
    rules = replace(shipped(), threshold=2.0)
    wanted = set(of)
    found = [one.keys for one in group(documents, model=rules).groups if wanted.intersection(one.keys)]
    return frozenset(key for keys in found for key in keys) - wanted


def _by_rules(
    keys: Sequence[str],
    links: Iterable[Link],
    together: Iterable[Sequence[str]],
    forbidden: Callable[[Iterable[str], Iterable[str]], bool],
) -> list[list[str]]:
    """Return the groups that ties and what stands already make, in the order of the keys."""
    of = {key: [key] for key in keys}

    def unite(a: str, b: str) -> None:
        one, other = of[a], of[b]
        if one is other:
            return
        one.extend(other)
        for key in other:
            of[key] = one

    for group_ in together:
        for key in group_[1:]:
            unite(group_[0], key)
    for link in sorted(links, key=lambda link: -link.strength):
        if not forbidden(of[link.first], of[link.second]):
            unite(link.first, link.second)
    return list({id(members): members for members in of.values()}.values())


def may_tell_one_story(one: Fingerprint, other: Fingerprint) -> bool:
    """Say whether the beginning of another text leaves it open that the two rest on one report.

    For sorting out before anything is compared: of texts of one report that share no line, 3 in 100 are lost; of
    texts that only come from the same days, 97 are sorted out.
    """
    mine, theirs = one.content, other.opening
    return len(mine & theirs) >= OPEN * min(len(mine), len(theirs))


def may_be_rewrites(one: Text, other: Text) -> bool:
    """Say whether the model has a say: texts long enough, of one week, on one subject, not of one outlet.

    An outlet does not rewrite itself: what it tells again it copies, or it has a new report.
    """
    prepared = _prepare([replace(one, key="one"), replace(other, key="other")])
    return _comparable(prepared["one"], prepared["other"])


def _comparable(a: _Prepared, b: _Prepared) -> bool:
    if _gap(a, b) is None and _gap(b, a) is None:
        return False
    if a.outlet and a.outlet == b.outlet:
        return False
    return (
        min(len(a.traits.words), len(b.traits.words)) >= LEAST_WORDS
        and shared_words(a.traits, b.traits) >= SAME_SUBJECT
    )


def _chance(a: _Prepared, b: _Prepared, model: Model) -> float:
    if not _comparable(a, b):
        return 0.0
    days = min(gap for gap in (_gap(a, b), _gap(b, a)) if gap is not None)
    return model.chance(signs(a.traits, b.traits), days)


def _rewrites(
    before: Sequence[Sequence[str]],
    after: Sequence[Sequence[str]],
    chance: Callable[[str, str], float],
    prepared: dict[str, _Prepared],
) -> list[Link]:
    """Return, for every group that grew, the likeliest pair of each part with another part."""
    part = {key: number for number, keys in enumerate(before) for key in keys}
    found: dict[frozenset[str], Link] = {}
    for keys in after:
        for number in sorted({part[key] for key in keys}):
            inside = [key for key in keys if part[key] == number]
            outside = [key for key in keys if part[key] != number]
            if not outside:
                continue
            a, b = max(((a, b) for a in inside for b in outside), key=lambda pair: (chance(*pair), pair))
            sentence = likeness(prepared[a].traits, prepared[b].traits)
            found.setdefault(frozenset((a, b)), Link(a, b, Tie.REWRITE, round(chance(a, b), 3), sentence))
    return list(found.values())


def likeness(a: Traits, b: Traits) -> str:
    """Say in words what two texts have in common that makes one a rewrite of the other."""
    parts = []
    if count := shared_quotations(a, b):
        parts.append("1 quotation" if count == 1 else f"{count} quotations")
    if count := shared_figures(a, b):
        parts.append("1 figure" if count == 1 else f"{count} figures")
    if count := shared_names(a, b):
        parts.append("1 name" if count == 1 else f"{count} names")
    parts.append(f"{round(100 * shared_words(a, b))} % of the rarer words of the shorter")
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"The texts share {listed}."


@dataclass(frozen=True, slots=True)
class _Prepared:
    row: Text
    folded: int
    shingles: Grams
    read: Fingerprint
    days: tuple[int, int] | None
    credits: tuple[Credit, ...]
    outlet: str
    traits: Traits

    @property
    def words(self) -> Grams:
        return self.read.content

    @property
    def figures(self) -> Grams:
        """Return the figures of a text but the year it is of."""
        return self.read.figures - short_keys([self.row.published[:4]])


def _prepare(documents: Sequence[Text]) -> dict[str, _Prepared]:
    outlets = sorted({row.outlet for row in documents if row.outlet})
    read = {row.key: row.read or fingerprint(row.text) for row in documents}
    repeated = _repeated_lines(documents, read)
    prepared = {}
    for row in documents:
        own = name_key(row.outlet)
        drop = repeated.get(own, frozenset())
        print_ = read[row.key]
        wording = print_.traits.shingles
        if drop:
            wording = wording.difference(*(pieces for line, pieces in print_.lines if line in drop))
        prepared[row.key] = _Prepared(
            row=row,
            folded=print_.folded,
            shingles=wording,
            read=print_,
            days=_days(row.published),
            credits=tuple(c for c in credits_among(print_.named, outlets=outlets) if c.key != own),
            outlet=own,
            traits=replace(print_.traits, shingles=wording) if drop else print_.traits,
        )
    return prepared


def _repeated_lines(documents: Iterable[Text], read: Mapping[str, Fingerprint]) -> dict[str, frozenset[int]]:
    """Return the lines that one outlet sets under several different articles."""
    different: dict[str, dict[int, Fingerprint]] = defaultdict(dict)
    for row in documents:
        # Versions of one article repeat everything; only different articles show what is boilerplate.
        if outlet := name_key(row.outlet):
            different[outlet].setdefault(read[row.key].begun, read[row.key])
    found = {}
    for outlet, articles in different.items():
        if len(articles) >= _REPEATED:
            counted = Counter(line for one in articles.values() for line in {line for line, _ in one.lines})
            found[outlet] = frozenset(line for line, count in counted.items() if count >= _REPEATED)
    return found


def _pairs(prepared: dict[str, _Prepared]) -> list[tuple[str, str]]:
    """Return the pairs worth comparing: they share a shingle, a text or a place that is named."""
    rows = [
        (key, row, {credit.key for credit in row.credits} | ({row.outlet} if row.outlet else set()))
        for key, row in prepared.items()
    ]
    return [
        (one, other)
        for at, (one, a, places) in enumerate(rows)
        for other, b, others in rows[at + 1 :]
        if a.folded == b.folded or not places.isdisjoint(others) or not a.shingles.isdisjoint(b.shingles)
    ]


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


def _days(published: str) -> tuple[int, int] | None:
    """Return the first and last day a date can mean, as ordinals; None for an unknown or unreadable one."""
    try:
        value = PartialDate.parse(published)
    except ValueError:
        return None
    if value.earliest is None or value.latest is None:
        return None
    return value.earliest.toordinal(), value.latest.toordinal()
