"""Which clauses and premises did the rules miss? A linear ranker over all clauses and noun phrases of the trees.

Rules find what they know; of units on real news they miss one in four, nearly all of which a tree holds. The ranker
looks at every stretch that no unit covers, and offers those that are likelier than its threshold, the likeliest first,
no two of them over each other. Each offer says in words what spoke for it and against it. Weights, data and figures:
``data/missed.md``. It never changes or removes what the rules found.
"""

from __future__ import annotations

import json
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from claims.language.document import Reading
from claims.language.quotes import QuoteKind
from claims.splitting.attribution.results import Attributed
from claims.splitting.clauses.premises import Premise, PremiseKind
from claims.splitting.missed.candidates import Candidates, candidates, with_a_clause
from claims.splitting.missed.features import Floats, RuleUnits, Table, holds_premise, likeness, table
from claims.splitting.missed.words import NAMED, ArticleWords, Ints
from claims.splitting.types import OFFERED
from claims.splitting.units import UnitDraft

SHIPPED = Path(__file__).parent.parent / "data" / "missed.json"
#: A stretch so like a unit of the rules is that unit.
COVERED = 0.6
#: A noun phrase can be most of a short sentence, and still a premise inside its unit.
SAME = 0.93
#: Of two offers over each other the likelier is kept.
OVERLAP = 0.5
#: A noun phrase without a verb in it holds at least so many words.
SHORTEST_PHRASE = 4
_QUOTED = 0.85
_MARKS = frozenset('"“”')
# What moved the odds less is not told.
_TOLD = 0.12
SAID: dict[str, str] = NAMED["said"]


@dataclass(frozen=True)
class Looked:
    """The candidates of an article that no unit covers, with their named numbers."""

    words: ArticleWords
    some: Candidates
    table: Table

    @cached_property
    def matrix(self) -> Floats:
        return self.table.matrix()

    def spans(self) -> list[tuple[int, int]]:
        """Return the candidates as stretches of the text."""
        starts, ends = self.words.start[self.some.first], self.words.end[self.some.last]
        return list(zip(starts.tolist(), ends.tolist(), strict=True))


def look(
    reading: Reading,
    rows: Sequence[Attributed],
    found: Sequence[UnitDraft],
    skip: Container[int] = (),
    *,
    whole: bool = False,
) -> Looked | None:
    """Return what the ranker would rank; None where there is nothing to look at.

    Short noun phrases without a verb in them are more than half of the candidates and never offered: they are
    learned from (``whole``), not ranked.
    """
    words = ArticleWords(reading, skip)
    if not words.n:
        return None
    some = candidates(words)
    units = _units(words, rows, found)
    if not whole:
        some = some.only(with_a_clause(words, some) | (words.count(some.first, some.last) >= SHORTEST_PHRASE))
    like = likeness(words, some, units)
    some = some.only((like < COVERED) | (~some.is_clause & (like < SAME)))
    some = some.only(some.is_clause | ~holds_premise(words, some, units))
    # "…, compared with 8.3 at the beginning" stays with the figure that it is compared with.
    some = some.only(~words.known("compares")[some.first])
    return Looked(words, some, table(words, some, units)) if len(some) else None


def _units(words: ArticleWords, rows: Sequence[Attributed], found: Sequence[UnitDraft]) -> RuleUnits:
    known = {sentence.index for sentence in words.sentences}
    kept = [draft for draft in found if draft.sentence in known]
    first, last = words.places([draft.start for draft in kept], [draft.end for draft in kept])
    return RuleUnits(
        first,
        np.maximum(last, first),
        np.array([draft.row is not None for draft in kept], dtype=np.bool_),
        np.array([draft.quoted for draft in kept], dtype=np.bool_),
        np.array([draft.premise is not None for draft in kept], dtype=np.bool_),
        words.inside([row.cue for row in rows]),
        words.inside([frame for row in rows for frame in row.frames]),
    )


@dataclass(frozen=True)
class Thresholds:
    """The chance above which a clause and a noun phrase is offered."""

    clause: float
    phrase: float


@dataclass(frozen=True)
class MissedRanker:
    """The weights by the names of the circumstances, and the mean of each, from which reasons are counted.

    ``premise`` are the weights of a second question: is what is offered a premise, or told outright?
    """

    names: tuple[str, ...]
    weights: Floats
    means: Floats
    bias: float
    premise: Floats
    premise_bias: float
    thresholds: Thresholds

    @classmethod
    def load(cls, path: Path = SHIPPED) -> MissedRanker:
        """Read what ``train_units`` wrote."""
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        rows = np.array(list(stored["weights"].values()), dtype=np.float32)
        return cls(
            tuple(stored["weights"]),
            rows[:, 0],
            rows[:, 1],
            float(stored["bias"]),
            rows[:, 2],
            float(stored["premise_bias"]),
            Thresholds(**stored["thresholds"]),
        )

    def chances(self, seen: Looked) -> Floats:
        """Return for each candidate how likely it is a unit that the rules missed."""
        return self._chances(seen, self._aligned(seen.table.names)[0])

    def _chances(self, seen: Looked, weights: Floats) -> Floats:
        made: Floats = 1 / (1 + np.exp(-(seen.matrix @ weights + self.bias)))
        return made

    def offer(
        self,
        reading: Reading,
        rows: Sequence[Attributed],
        found: Sequence[UnitDraft],
        skip: Container[int] = (),
    ) -> list[UnitDraft]:
        """Return drafts of what the rules missed, the likeliest first."""
        seen = look(reading, rows, found, skip)
        if seen is None:
            return []
        weights, means, premise_weights = self._aligned(seen.table.names)
        chances = self._chances(seen, weights)
        taken = chosen(seen, chances, self.thresholds)
        if not taken:
            return []
        by_sentence: dict[int, list[UnitDraft]] = {}
        for draft in found:
            by_sentence.setdefault(draft.sentence, []).append(draft)
        full = frozenset(quote.id for quote in reading.quotes if quote.kind is QuoteKind.FULL)
        reasons = _reasons(seen, taken, weights, means)
        premise = seen.matrix[taken] @ premise_weights + self.premise_bias > 0
        return [
            _draft(seen, at, rows, by_sentence, full, why, is_premise=bool(told))
            for at, why, told in zip(taken, reasons, premise, strict=True)
        ]

    def _aligned(self, names: Sequence[str]) -> tuple[Floats, Floats, Floats]:
        """Return weights and means in the order of a table's columns; a column not learned weighs nothing."""
        columns = (self.weights, self.means, self.premise)
        if tuple(names) == self.names:
            return columns
        place = {name: at for at, name in enumerate(self.names)}
        order = [place.get(name, -1) for name in names]
        first, second, third = (np.append(column, 0)[order].astype(np.float32) for column in columns)
        return first, second, third


def _reasons(seen: Looked, taken: Sequence[int], weights: Floats, means: Floats) -> list[str]:
    rows = seen.matrix[taken]
    parts = (rows - means) * weights
    # What is absent moved the odds too, but says nothing to a person.
    parts[rows == 0] = 0
    said = [SAID.get(name, "") for name in seen.table.names]
    return [_because(said, row) for row in parts]


def _because(said: Sequence[str], parts: Floats) -> str:
    """Return in words what spoke most for an offer, and what against it, where there are words for it."""
    order = [at for at in parts.argsort().tolist() if said[at]]
    spoke_for = dict.fromkeys(said[at] for at in reversed(order) if parts[at] > _TOLD)
    against = next((said[at] for at in order if parts[at] < -_TOLD), "")
    why = "; ".join(list(spoke_for)[:2]) or "many small things"
    return f"{why}; against it: {against}" if against else why


def chosen(seen: Looked, chances: Floats, thresholds: Thresholds) -> list[int]:
    """Return the candidates above their threshold, the likeliest first, none much over one taken before.

    Of a clause and a noun phrase the likelier is the one further above its threshold, in odds.
    """
    bar = np.where(seen.some.is_clause, _odds(thresholds.clause), _odds(thresholds.phrase))
    above = np.log(chances / (1 - chances)) - bar
    order = np.argsort(-above, kind="stable")
    taken: list[int] = []
    words, some = seen.words, seen.some
    sizes = words.count(some.first, some.last)
    by_sentence: dict[int, list[int]] = {}
    for at in order[: int((above > 0).sum())].tolist():
        beside = by_sentence.setdefault(int(words.sentence[some.first[at]]), [])
        if all(_likeness(seen, sizes, at, other) <= OVERLAP for other in beside):
            beside.append(at)
            taken.append(at)
    return taken


def _odds(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))


def _likeness(seen: Looked, sizes: Ints, one: int, other: int) -> float:
    some = seen.some
    first, last = max(some.first[one], some.first[other]), min(some.last[one], some.last[other])
    shared = int(seen.words.count(first, last)) if first <= last else 0
    return 2 * shared / int(sizes[one] + sizes[other])


def _draft(
    seen: Looked,
    at: int,
    rows: Sequence[Attributed],
    by_sentence: dict[int, list[UnitDraft]],
    full: frozenset[int],
    why: str,
    *,
    is_premise: bool,
) -> UnitDraft:
    words, some = seen.words, seen.some
    first, last = _balanced(words, int(some.first[at]), int(some.last[at]))
    start, end = int(words.start[first]), int(words.end[last])
    sentence = words.sentences[int(words.sentence[first])]
    beside = by_sentence.get(sentence.index, [])
    around = [draft for draft in beside if draft.start <= start and end <= draft.end]
    holder = min(around, key=lambda draft: draft.end - draft.start, default=None)
    row = holder.row if holder is not None else _speaking(int(words.start[some.head[at]]), beside, rows)
    begin = first - int(words.begin[first])
    places = [
        place for place in range(begin, begin + last - first + 1) if words.is_word[first - begin + place]
    ]
    inside = sum(sentence.quoted[place] in full for place in places)
    premise = Premise(start, end, PremiseKind.CARRIED, "ranked") if is_premise else None
    quoted = inside > 0 if premise is not None else inside >= _QUOTED * len(places)
    quoted = quoted or (holder is not None and holder.quoted)
    return UnitDraft(
        start,
        end,
        sentence.index,
        row,
        quoted,
        "ranked",
        ("ranked",),
        holder.frame if holder is not None else None,
        premise,
        (f"{OFFERED}{why}",),
    )


def _balanced(words: ArticleWords, first: int, last: int) -> tuple[int, int]:
    """Take in the other mark of a quotation that stands right beside a stretch with one of them."""
    begin = int(words.begin[first])
    marks = sum(word in _MARKS for word in words.low[first : last + 1])
    if marks % 2 and last + 1 < begin + int(words.size[first]) and words.low[last + 1] in _MARKS:
        return first, last + 1
    if marks % 2 and first > begin and words.low[first - 1] in _MARKS:
        return first - 1, last
    return first, last


def _speaking(place: int, beside: Sequence[UnitDraft], rows: Sequence[Attributed]) -> int | None:
    """Return the innermost frame of the sentence whose content holds a place."""
    parts = [
        (span.end - span.start, draft.row)
        for draft in beside
        if draft.row is not None
        for span in rows[draft.row].content
        if span.start <= place < span.end
    ]
    return min(parts)[1] if parts else None


@lru_cache(maxsize=1)
def shipped() -> MissedRanker:
    """Return the ranker that comes with the project, loaded once in a process."""
    return MissedRanker.load()
