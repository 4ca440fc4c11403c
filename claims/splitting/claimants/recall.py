"""Whom does a pronoun mean: which people and bodies did the article name before, and who spoke last?"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right, insort
from typing import NamedTuple

from claims.language.document import Reading, Sentence
from claims.language.spans import Span
from claims.splitting.claimants.entities import Entity, Register
from claims.splitting.claimants.mentions import subject
from claims.splitting.claimants.name_runs import NameRun
from claims.splitting.claimants.named import NamedClaimant
from claims.splitting.types import ClaimantKind
from claims.splitting.word_lists import roles, states

SINGULAR = {
    "he": "m",
    "his": "m",
    "him": "m",
    "himself": "m",
    "she": "f",
    "her": "f",
    "hers": "f",
    "herself": "f",
}
_NEAR = 4
"""Sentences that "it" and "they" look back; "he" and "she" look back further."""
_FAR = 12
_CLOSE = 0.5
_END = sys.maxsize
_DEEPEST = 8


class NameMention(NamedTuple):
    """A person or body named at a place, as a candidate for a pronoun."""

    start: int
    sentence: int
    entity: Entity
    subject: bool


class Recall:
    """What an article named before a place, and who spoke before it."""

    def __init__(self, reading: Reading, register: Register) -> None:
        self.reading = reading
        self.register = register
        self._starts = [sentence.start for sentence in reading.sentences]
        self.mentions: list[NameMention] = []
        self._last: list[tuple[int, NamedClaimant]] = []
        self._last_starts: list[int] = []
        self._own: list[tuple[int, int, str]] = []
        for sentence in reading.sentences:
            for run in register.runs(sentence):
                entity, _ = self.entity(run)
                if entity is not None:
                    self.mentions.append(
                        NameMention(run.start, sentence.index, entity, subject(sentence, run))
                    )
        self._places = [mention.start for mention in self.mentions]

    def own_words(self, span: Span, speaker: str) -> None:
        """Note that a stretch is somebody's own words: no "he" or "she" in it is that person."""
        insort(self._own, (span.start, span.end, speaker))

    def _speaker_at(self, place: int) -> str:
        """Return in whose own words a place stands, the innermost; empty outside any."""
        last = bisect_right(self._own, (place, _END, ""))
        near = self._own[max(0, last - _DEEPEST) : last]
        around = [(end - start, speaker) for start, end, speaker in near if place < end]
        return min(around)[1] if around else ""

    def remember(self, place: int, claimant: NamedClaimant) -> None:
        """Note who spoke at a place."""
        at = bisect_right(self._last_starts, place)
        self._last_starts.insert(at, place)
        self._last.insert(at, (place, claimant))

    def before(self, place: int, sentence: Sentence, reach: int) -> list[NameMention]:
        """Return the mentions before a place, at most ``reach`` sentences back, in order."""
        end = bisect_left(self._places, place)
        start = end
        while start > 0 and sentence.index - self.mentions[start - 1].sentence <= reach:
            start -= 1
        return self.mentions[start:end]

    def entity(self, run: NameRun) -> tuple[Entity | None, tuple[str, ...]]:
        """Return the entity that a name means: a person of that surname before the state."""
        table = states()
        low = " ".join(run.words).lower()
        if (low in table.names or low in table.seats) and not self.register.by_surname(low):
            state = table.names.get(low) or table.seats[low]
            return Entity(government_of(state), ClaimantKind.GOVERNMENT), ()
        return self.register.find(run.words)

    def sentence_at(self, place: int) -> Sentence | None:
        """Return the sentence that holds a place of the text."""
        at = bisect_right(self._starts, place) - 1
        return self.reading.sentences[at] if at >= 0 else None

    def person(self, span: Span, text: str, gender: str, sentence: Sentence) -> NamedClaimant:
        """Resolve "he" and "she"."""
        speaker = self._speaker_at(span.start)
        fitting: dict[str, tuple[float, Entity]] = {}
        at = bisect_left(self._last_starts, span.start)
        last = self._last[at - 1][1] if at else None
        for mention in self.before(span.start, sentence, _FAR):
            entity = mention.entity
            distance = sentence.index - mention.sentence
            if entity.kind is not ClaimantKind.PERSON or entity.gender not in ("", gender):
                continue
            if speaker and entity.name == speaker:
                continue
            score = -float(distance)
            score += 1.2 if mention.subject else 0.0
            score += 1.5 if entity.gender == gender else 0.0
            score += 1.0 if last is not None and last.name == entity.name else 0.0
            before = fitting.get(entity.name)
            if before is None or before[0] <= score:
                fitting[entity.name] = (score, entity)
        if (
            last is not None
            and last.kind is ClaimantKind.PERSON
            and last.name not in fitting
            and last.name != speaker
            and not self._gender_differs(last.name, gender)
        ):
            holder = self.sentence_at(self._last[at - 1][0])
            distance = sentence.index - (holder.index if holder else 0)
            if distance <= _NEAR:
                fitting[last.name] = (1.0 - distance, Entity(last.name, last.kind))
        if not fitting:
            return NamedClaimant(text, ClaimantKind.PERSON, span, ("pronoun-unresolved",))
        ranked = sorted(fitting.values(), key=lambda pair: -pair[0])
        close = len(ranked) > 1 and (speaker != "" or ranked[0][0] - ranked[1][0] < _CLOSE)
        return NamedClaimant(
            ranked[0][1].name, ClaimantKind.PERSON, span, ("pronoun-ambiguous",) if close else ()
        )

    def _gender_differs(self, name: str, gender: str) -> bool:
        words = name.lower().split()
        lists = roles()
        other = lists["female"] if gender == "m" else lists["male"]
        return any(word in other for word in words)

    def thing(self, span: Span, text: str, sentence: Sentence) -> NamedClaimant:
        """Resolve "they" and "it": the last speaker that is no single person, else the last body named."""
        kinds = (ClaimantKind.ORGANISATION, ClaimantKind.GOVERNMENT, ClaimantKind.GROUP)
        best: tuple[float, str, ClaimantKind] | None = None
        at = bisect_left(self._last_starts, span.start)
        for start, claimant in self._last[max(0, at - 12) : at]:
            holder = self.sentence_at(start)
            if (
                start < span.start
                and holder is not None
                and claimant.kind in kinds
                and sentence.index - holder.index <= _NEAR
            ):
                score = 1.0 - (sentence.index - holder.index)
                if best is None or score >= best[0]:
                    best = (score, claimant.name, claimant.kind)
        for mention in self.before(span.start, sentence, _NEAR):
            if mention.entity.kind in kinds and sentence.index - mention.sentence <= _NEAR:
                score = mention.sentence - sentence.index + (0.8 if mention.subject else 0.0)
                if best is None or score >= best[0]:
                    best = (score, mention.entity.name, mention.entity.kind)
        if best is None:
            return NamedClaimant(text, ClaimantKind.VAGUE, span, ("pronoun-unresolved",))
        return NamedClaimant(best[1], best[2], span)


_WITH_ARTICLE = frozenset(
    ("united", "netherlands", "philippines", "czech", "bahamas", "gambia", "maldives", "european", "central")
)


def government_of(state: str) -> str:
    """Return the claimant that a state is: "government of the Netherlands"."""
    first = state.split()[0].lower()
    article = "the " if first in _WITH_ARTICLE or "republic" in state.lower().split() else ""
    return f"government of {article}{state}"
