"""Which of many claims could a new passage bear on? An index of the claims, asked with each passage.

A search turns a claim into a question to an index of passages; here it is the other way round. It only chooses which
claims are worth a search: a claim is named where the passage with its title holds a share of the weight of the claim's
words. Nothing that reaches the share is missed: a claim is entered under so many of its rarest words that what is left
could not reach it. Whether the passage bears on the claim, the search then says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from claims.query.analysis import function_words
from claims.query.build import idf
from claims.query.types import Frequencies

#: Share of the weight of a claim's words that a passage has to hold.
SHARE = 0.4
#: A claim of fewer words of content is not watched: one word is a topic.
LEAST_WORDS = 2


@dataclass(frozen=True, slots=True)
class PossibleBearing:
    """A claim that a passage could bear on, by their keys; ``share`` of the claim's weight is in the passage."""

    claim: int
    passage: int
    share: float


@dataclass(frozen=True, slots=True)
class _Entry:
    """A claim with the weights of its words; ``rest`` is what the words weigh that it is not entered under."""

    claim: int
    weights: Mapping[str, float]
    content: frozenset[str]
    needed: float
    rest: float


class ClaimIndex:
    """Claims by their rarest words. Made once for a batch of passages, or for many."""

    def __init__(self, frequencies: Frequencies, *, share: float = SHARE) -> None:
        self._frequencies = frequencies
        self._share = share
        self._idf: dict[str, float] = {}
        self._entries: list[_Entry] = []
        self._under: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, claim: int, words: Mapping[str, float], language: str = "en") -> bool:
        """Enter a claim with its words and their weights; False where it has too few to be told from a topic."""
        light = function_words(language)
        content = frozenset(word for word in words if word not in light)
        if len(content) < LEAST_WORDS:
            return False
        weights = {word: weight * self._rarity(word) for word, weight in words.items()}
        total = sum(weights.values())
        needed, rest = self._share * total, total
        at = len(self._entries)
        for word, weight in sorted(weights.items(), key=lambda one: (-one[1], one[0])):
            if rest < needed:
                break
            self._under[word].append((at, weight))
            rest -= weight
        self._entries.append(_Entry(claim, weights, content, needed, max(rest, 0.0)))
        return True

    def _rarity(self, word: str) -> float:
        known = self._idf.get(word)
        if known is None:
            known = self._idf[word] = idf(word, self._frequencies)
        return known

    def match(self, passages: Iterable[tuple[int, Sequence[str]]]) -> list[PossibleBearing]:
        """Return which claims each passage could bear on: passages as (key, terms), in their order."""
        under, entries = self._under, self._entries
        found = []
        for key, terms in passages:
            held = frozenset(terms)
            sums: defaultdict[int, float] = defaultdict(float)
            for word in held & under.keys():
                for at, weight in under[word]:
                    sums[at] += weight
            for at, reached in sums.items():
                entry = entries[at]
                if reached + entry.rest < entry.needed:
                    continue
                whole = sum(weight for word, weight in entry.weights.items() if word in held)
                if whole >= entry.needed and len(entry.content & held) >= LEAST_WORDS:
                    total = entry.needed / self._share
                    found.append(PossibleBearing(entry.claim, key, whole / total if total else 0.0))
        return found
