"""Made-up passages for the search benchmarks: 97 words each, words spread as in texts, no text of anyone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

from claims.query.types import Collection, Ref
from claims.search.engine import IndexedDocument, IndexedPassage

WORDS = 97
PER_DOCUMENT = 5
VOCABULARY = 60_000

_SYLLABLE_TEXT = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dri fro gru sta ple"
_SYLLABLES = _SYLLABLE_TEXT.split()
_COMMON_TEXT = "the of and to in a is was for that on with by it as at from his her said who after all more"
_COMMON = _COMMON_TEXT.split()


class Words:
    """Draws words by rank: the hundredth word comes a hundredth as often as the first."""

    def __init__(self, seed: int) -> None:
        dice = random.Random(seed)
        made: dict[str, None] = dict.fromkeys(_COMMON)
        while len(made) < VOCABULARY:
            made["".join(dice.choice(_SYLLABLES) for _ in range(dice.randint(2, 5)))] = None
        self._words = list(made)
        self._weights = list(accumulate(1 / (rank + 10) for rank in range(VOCABULARY)))
        self._dice = dice

    def some(self, count: int) -> list[str]:
        return self._dice.choices(self._words, cum_weights=self._weights, k=count)


def documents(passages: int, *, seed: int = 1) -> Iterator[IndexedDocument]:
    """Yield documents of five passages each."""
    words = Words(seed)
    day = date(2020, 1, 1)
    for id in range(1, passages // PER_DOCUMENT + 1):
        texts = tuple(
            IndexedPassage(id * PER_DOCUMENT + place, " ".join(words.some(WORDS)))
            for place in range(PER_DOCUMENT)
        )
        on = day + timedelta(days=id % 2000)
        title = " ".join(words.some(8))
        yield IndexedDocument(
            Ref(Collection.DOCUMENTS, id), 1, 1, title, texts, outlet=id % 50, earliest=on, latest=on
        )


def claims(count: int, *, seed: int = 2) -> list[str]:
    """Return sentences of 18 words."""
    words = Words(1)
    words._dice.seed(seed)
    return [" ".join(words.some(18)) for _ in range(count)]
