"""Passages that say what a claim says in other words: found by vectors, joined with what was found by words.

Answers: the nearest of many vectors, all of them looked at; and one order of both answers, b/Z plus what likeness adds.
Reciprocal ranks join worse (1 to 5 points on evidence): they throw away that nothing matched well. Used where evidence
is measured (``evaluate evidence --semantic``); searches of desks do not ask it yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from claims.query.types import Collection, Ref
from claims.search.asking import Answer, Scored
from claims.search.engine import Hit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: What full likeness adds to b/Z where a passage has one vector; flat between .6 and 1.2.
LIKENESS = 0.8
#: So many of either answer are joined.
JOINED = 200
#: So many vectors are multiplied out at once: 12 MB as float32.
CHUNK = 8_192


@dataclass(frozen=True, slots=True)
class NearPassage:
    """A passage, the document it belongs to, and how alike it is, -1 to 1."""

    passage: int
    document: int
    likeness: float


class Vectors:
    """Vectors of length one in the order of their passages; ``rows`` may lie in a file that is mapped into memory."""

    def __init__(self, rows: NDArray[np.float16], passages: Sequence[int], documents: Sequence[int]) -> None:
        self._rows = rows
        self._passages = passages
        self._documents = documents
        self._place = {passage: at for at, passage in enumerate(passages)}

    def nearest(self, vector: NDArray[np.float32], limit: int = JOINED) -> list[NearPassage]:
        """Return the nearest, best first, ties by passage; every vector is looked at."""
        import numpy as np

        every = self._likeness(vector)
        if len(every) > limit:
            lowest = np.partition(every, len(every) - limit)[len(every) - limit]
            places = np.flatnonzero(every >= lowest)
        else:
            places = np.arange(len(every))
        best = sorted(map(int, places), key=lambda at: (-round(float(every[at]), 6), self._passages[at]))[
            :limit
        ]
        return [NearPassage(self._passages[at], self._documents[at], float(every[at])) for at in best]

    def of(self, vector: NDArray[np.float32], passages: Sequence[int]) -> dict[int, float]:
        """Return how alike these passages are; what has no vector is left out."""
        import numpy as np

        known = [one for one in passages if one in self._place]
        if not known:
            return {}
        rows = self._rows[[self._place[one] for one in known]].astype(np.float32)
        return dict(zip(known, map(float, rows @ vector), strict=True))

    def _likeness(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        import numpy as np

        parts = [
            self._rows[at : at + CHUNK].astype(np.float32) @ vector for at in range(0, len(self._rows), CHUNK)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def joined(answer: Answer, near: Sequence[NearPassage], likeness: Mapping[int, float]) -> Answer:
    """Return one answer of what words and vectors found; ``likeness`` knows that of what words found.

    What only vectors found is worth as many words as the last that words found.
    """
    by_words = answer.found[:JOINED]
    lowest = by_words[-1].score if by_words else 0.0
    found = [replace(one, score=one.score + _worth(likeness.get(one.hit.passage, 0.0))) for one in by_words]
    known = {one.hit.passage for one in by_words}
    for one in near:
        if one.passage not in known:
            hit = Hit(Ref(Collection.DOCUMENTS, one.document), one.passage, 0.0)
            found.append(Scored(hit, lowest + _worth(one.likeness)))
    found.sort(key=lambda one: (-round(one.score, 6), one.hit.ref.id, one.hit.passage))
    told = {one.hit.passage for one in found}
    rest = (one for one in answer.found[JOINED:] if one.hit.passage not in told)
    return replace(answer, found=(*found, *rest))


def _worth(likeness: float) -> float:
    return LIKENESS * max(0.0, likeness)
