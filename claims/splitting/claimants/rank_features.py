"""Who could be meant by the speaker of a unit, and what speaks for each of them?

Candidates are the claimant of the rules, the people and bodies named near or often, and who speaks in the units beside.
Every circumstance has the name that people read. Cases that leave no choice, one name as the whole source, are not
made: there the rules stand.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from claims.language.document import Reading
from claims.splitting.attribution.results import Attributed
from claims.splitting.claimants.named import NamedClaimant
from claims.splitting.claimants.resolver import Resolver
from claims.splitting.claimants.speakers import can_speak
from claims.splitting.types import ClaimantKind
from claims.splitting.units import UnitDraft

_NEAR = 8
_OFTEN = 3
_MOST = 8
_BODIES = frozenset({ClaimantKind.ORGANISATION, ClaimantKind.GOVERNMENT})
_HE, _THEY, _I = "“he” or “she”", "“they” or “it”", "“I” or “we”"
_PRONOUNS = (
    dict.fromkeys(("he", "she", "his", "her"), _HE)
    | dict.fromkeys(("they", "it", "their", "its"), _THEY)
    | dict.fromkeys(("i", "we", "my", "our"), _I)
)


class Candidate(NamedTuple):
    """Somebody who could be the speaker, with the named circumstances that bear on it."""

    claimant: NamedClaimant
    circumstances: dict[str, float]


@dataclass(frozen=True, slots=True)
class ClaimantCase:
    """One unit whose speaker has to be chosen; the first candidate is that of the rules, where they name one."""

    start: int
    end: int
    candidates: tuple[Candidate, ...]

    @property
    def has_rules_choice(self) -> bool:
        """Whether the rules name anybody at all."""
        return "the rules' choice" in self.candidates[0].circumstances


@dataclass(slots=True)
class _Named:
    """One entity of the article with the places it is named at: start, sentence."""

    claimant: NamedClaimant
    starts: list[int]
    sentences: list[int]


class Cases:
    """Makes the cases of one article."""

    def __init__(
        self,
        reading: Reading,
        rows: Sequence[Attributed],
        resolver: Resolver,
        drafts: Sequence[UnitDraft],
        ruled: Sequence[NamedClaimant | None],
    ) -> None:
        self._reading = reading
        self._rows = rows
        self._drafts = drafts
        self._ruled = ruled
        self._entities: dict[str, _Named] = {}
        self._mentions = [(mention.start, mention.entity.name) for mention in resolver.recall.mentions]
        self._named_in: dict[int, set[str]] = {}
        for mention in resolver.recall.mentions:
            self._named_in.setdefault(mention.sentence, set()).add(mention.entity.name)
            named = self._entities.setdefault(
                mention.entity.name,
                _Named(NamedClaimant(mention.entity.name, mention.entity.kind, None), [], []),
            )
            named.starts.append(mention.start)
            named.sentences.append(mention.sentence)
        self._often = {name for name, named in self._entities.items() if len(named.starts) >= _OFTEN}

    def of(self, at: int) -> ClaimantCase | None:
        """Return the case of a draft; None where the writer speaks or nobody but one is named as the source."""
        draft, ruled = self._drafts[at], self._ruled[at]
        if draft.premise is not None or (draft.row is None and not draft.quoted):
            return None
        row = self._rows[draft.row] if draft.row is not None else None
        if row is not None and (row.lemma in (":", "hear") or row.source is None):
            return None
        source = self._reading.view[row.source.start : row.source.end] if row and row.source else ""
        pronoun = _PRONOUNS.get(source.lower().strip(), "")
        inside = self._inside(row)
        if ruled is not None and ruled.name and not pronoun and len(inside) < 2 and not ruled.flags:
            return None
        names = self._candidates(at, ruled, inside)
        if len(names) < 1 + bool(ruled is not None and ruled.name in names):
            return None
        persons = [
            name
            for name in names
            if name in self._entities and self._entities[name].claimant.kind is ClaimantKind.PERSON
        ]
        persons.sort(key=lambda name: -self._last(name, draft.start))
        found = tuple(
            Candidate(
                self._claimant(name, ruled),
                self._circumstances(name, at, ruled, pronoun, inside, persons),
            )
            for name in names
        )
        return ClaimantCase(draft.start, draft.end, found)

    def _claimant(self, name: str, ruled: NamedClaimant | None) -> NamedClaimant:
        if ruled is not None and ruled.name == name:
            return ruled
        if name in self._entities:
            return self._entities[name].claimant
        return next(one for one in self._ruled if one is not None and one.name == name)

    def _inside(self, row: Attributed | None) -> list[str]:
        """Return the names in the source of a frame, in order."""
        if row is None or row.source is None:
            return []
        first = bisect_left(self._mentions, (row.source.start, ""))
        last = bisect_left(self._mentions, (row.source.end, ""))
        return list(dict.fromkeys(name for _, name in self._mentions[first:last]))

    def _candidates(self, at: int, ruled: NamedClaimant | None, inside: list[str]) -> list[str]:
        """Return the names to choose from, that of the rules first, then the nearest."""
        draft = self._drafts[at]
        names = [ruled.name] if ruled is not None and ruled.name else []
        names += inside
        for beside in (at - 1, at + 1):
            other = self._ruled[beside] if 0 <= beside < len(self._ruled) else None
            if other is not None and other.name and abs(self._drafts[beside].sentence - draft.sentence) <= 1:
                names.append(other.name)
        near = []
        around = range(draft.sentence - _NEAR, draft.sentence + _NEAR + 1)
        beside_it: set[str] = set().union(*(self._named_in.get(sentence, ()) for sentence in around))
        for name in beside_it if len(beside_it) >= 2 * _MOST else beside_it | self._often:
            named = self._entities[name]
            far = self._distance(named, draft.sentence, draft.start)
            if far <= _NEAR or len(named.starts) >= _OFTEN:
                near.append((far, name))
        names += [name for _, name in sorted(near)[:_MOST]]
        return [
            name
            for name in dict.fromkeys(names)
            if (ruled is not None and name == ruled.name) or can_speak(name, self._kind(name))
        ]

    def _kind(self, name: str) -> ClaimantKind:
        named = self._entities.get(name)
        return named.claimant.kind if named is not None else ClaimantKind.PERSON

    def _distance(self, named: _Named, sentence: int, place: int) -> int:
        before = bisect_left(named.starts, place)
        if before:
            return sentence - named.sentences[before - 1]
        return named.sentences[0] - sentence + _NEAR // 2 if named.sentences else 99

    def _last(self, name: str, place: int) -> int:
        named = self._entities[name]
        before = bisect_left(named.starts, place)
        return named.starts[before - 1] if before else -1

    def _circumstances(
        self,
        name: str,
        at: int,
        ruled: NamedClaimant | None,
        pronoun: str,
        inside: list[str],
        persons: list[str],
    ) -> dict[str, float]:
        draft = self._drafts[at]
        claimant = self._claimant(name, ruled)
        named = self._entities.get(name)
        sentence = self._reading.sentences[draft.sentence]
        person = claimant.kind is ClaimantKind.PERSON
        kind = "a person" if person else "a body" if claimant.kind in _BODIES else "a group"
        found: dict[str, float] = {kind: 1, f"{kind}, {'quoted' if draft.quoted else 'reported'}": 1}
        if ruled is not None and name == ruled.name:
            found["the rules' choice"] = 1
            found[f"the rules' choice, {kind}"] = 1
            found |= {f"the rules' choice, {flag}": 1 for flag in ruled.flags}
            if pronoun:
                found[f"the rules' choice for {pronoun}"] = 1
        words = name.split()
        found["one word"] = len(words) == 1
        found["more than five words"] = len(words) > 5
        found["no name, a description"] = named is None and not name[:1].isupper()
        if draft.row is None:
            found[f"{kind}, no frame"] = 1
        if name in inside:
            found["in the source"] = 1
            found["in the source, a person"] = person
            found["first in the source"] = inside[0] == name
            found["last in the source"] = inside[-1] == name
            found["a body beside a person in the source"] = not person and any(
                self._entities[other].claimant.kind is ClaimantKind.PERSON for other in inside
            )
        for step, where in ((-1, "before"), (1, "behind")):
            other = self._ruled[at + step] if 0 <= at + step < len(self._ruled) else None
            if other is None or other.name != name:
                continue
            beside = self._drafts[at + step]
            same = self._reading.sentences[beside.sentence].block == sentence.block
            found[f"speaks in the unit {where}"] = 1
            found[f"speaks in the unit {where}, same paragraph"] = same
            found[f"speaks in the unit {where}, quoted"] = beside.quoted and draft.quoted
        if name in persons:
            among = persons.index(name)
            found["the person named last"] = among == 0
            found[f"the person named last, for {pronoun or 'no pronoun'}"] = among == 0
            found["the person before"] = among == 1
        elif named is not None and pronoun:
            found[f"a body for {pronoun}"] = 1
        before = bisect_left(named.starts, draft.start) if named is not None else 0
        if named is not None and before:
            found["distance in sentences"] = min(_NEAR, draft.sentence - named.sentences[before - 1]) / _NEAR
        return {key: float(value) for key, value in found.items() if value}
