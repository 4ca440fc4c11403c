"""Which earlier claims are compared with a suggestion, and which of those that words cannot judge deserve a look?

Candidates share rare words with it, or are alike in meaning. Whether they say the same is for ``sameness``: another
figure or a denial is as alike in meaning as the claim itself. Likeness comes from outside; nothing here makes a vector.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Iterable

from claims.matching.sameness import Comparison, Sameness

#: So many candidates a suggestion gets by words, and as many by meaning.
CANDIDATES = 12
#: So many are offered.
OFFERED = 3
#: The share of telling words in common from which an unclear pair is worth a person's look, and the likeness of
#: meaning: of what is offered as much is right as by words alone (docs/quality.md).
LOOK_FROM, ALIKE_FROM = 0.5, 0.6

_WORD = re.compile(r"[^\W_]{3,}|\d+")
#: Words are compared by their beginnings, so that "raised" and "raises" meet.
_STEM = 5


def stems(text: str) -> frozenset[str]:
    """Return the beginnings of a text's words."""
    return frozenset(word[:_STEM] for word in _WORD.findall(text.casefold()))


class ByWords:
    """Texts by the beginnings of their words, to find which of them share most with another.

    ``known`` holds each text's (``stems``); how often a word stands in them is counted once.
    """

    def __init__(self, known: Iterable[frozenset[str]]) -> None:
        self._places: dict[str, list[int]] = {}
        for at, words in enumerate(known):
            for word in words:
                self._places.setdefault(word, []).append(at)

    def nearest(self, mine: frozenset[str]) -> list[int]:
        """Return the places of the texts that share most, a rare word counting more; of equal ones the first."""
        scores: dict[int, float] = {}
        shared: Counter[int] = Counter()
        for word in sorted(mine):
            places = self._places.get(word, [])
            for at in places:
                scores[at] = scores.get(at, 0.0) + 1 / len(places)
            shared.update(places)
        found = ((-score, at) for at, score in scores.items() if shared[at] >= 2)
        return [at for _score, at in heapq.nsmallest(CANDIDATES, found)]


def least_of(likeness: float) -> float:
    """Return the overlap from which a pair of this likeness can be offered at all."""
    return 0.0 if likeness >= ALIKE_FROM else LOOK_FROM


def offered(compared: Comparison, likeness: float) -> bool:
    """Tell whether a pair is shown to a person: it says the same, or may; ``likeness`` is 0 where it is not known."""
    if compared.verdict is Sameness.UNCLEAR:
        return compared.overlap >= LOOK_FROM or likeness >= ALIKE_FROM
    return compared.verdict is Sameness.SAME


def order(compared: Comparison, likeness: float) -> tuple[bool, float]:
    """Return what offers are ordered by: what is surely the same first, then what is most alike."""
    return compared.verdict is not Sameness.SAME, -max(compared.overlap, likeness)
