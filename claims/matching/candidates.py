"""Which earlier claims are compared with a suggestion, and which of those that words cannot judge deserve a look?

Candidates share rare words with it, or are alike in meaning. Whether they say the same is for ``sameness``: another
figure or a denial is as alike in meaning as the claim itself. Likeness comes from outside; nothing here makes a vector.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

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


def by_words(mine: frozenset[str], known: Sequence[frozenset[str]], spread: Counter[str]) -> list[int]:
    """Return the places of the texts that share most, a rare word counting more; of equal ones the first."""
    scored = [
        (-sum(1 / spread[word] for word in shared), at)
        for at, words in enumerate(known)
        if len(shared := mine & words) >= 2
    ]
    return [at for _score, at in sorted(scored)[:CANDIDATES]]


def offered(compared: Comparison, likeness: float) -> bool:
    """Tell whether a pair is shown to a person: it says the same, or may; ``likeness`` is 0 where it is not known."""
    if compared.verdict is Sameness.UNCLEAR:
        return compared.overlap >= LOOK_FROM or likeness >= ALIKE_FROM
    return compared.verdict is Sameness.SAME


def order(compared: Comparison, likeness: float) -> tuple[bool, float]:
    """Return what offers are ordered by: what is surely the same first, then what is most alike."""
    return compared.verdict is not Sameness.SAME, -max(compared.overlap, likeness)
