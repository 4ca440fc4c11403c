"""Passages that say what a claim says in other words: found by vectors, joined with what was found by words.

Answers: one order of both answers, b/Z plus what likeness of meaning adds, for either engine. Reciprocal ranks join
worse (1 to 5 points on evidence): they throw away that nothing matched well. Decides nothing about what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from claims.query.build import MatchReason
from claims.query.types import Query
from claims.search.asking import Answer, Scored
from claims.search.engine import Engine, Hit, NearPassage

#: What full likeness adds to b/Z where a passage has one vector; flat between .6 and 1.2.
LIKENESS = 0.8
#: So many of either answer are joined.
JOINED = 200
#: So much of a passage is read; the encoder cuts it at 128 word pieces.
READ = 1_500
#: The reason of what no word found.
BY_MEANING = "meaning"


def said_in(title: str, text: str) -> str:
    """Return what of a passage is read for its meaning: the title of its text, and the passage."""
    return f"{title} \n {text}".strip()[:READ]


def with_near(
    engine: Engine, answers: Sequence[Answer], withins: Sequence[Query], vectors: Sequence[Sequence[float]]
) -> list[Answer]:
    """Return answers joined with what the vectors of their claims find, in two calls for all of them.

    The queries carry scope and filters, as for ``ask_many``; all ask one collection. Raises EngineUnavailable.
    """
    if not answers:
        return []
    asked = [
        replace(within, clauses=(), vector=tuple(vector))
        for within, vector in zip(withins, vectors, strict=True)
    ]
    near = engine.nearest(asked, JOINED)
    by_words = [[one.hit.passage for one in answer.found[:JOINED]] for answer in answers]
    likeness = engine.alike(list(zip(vectors, by_words, strict=True)), withins[0].collection)
    return [joined(*one) for one in zip(answers, near, likeness, strict=True)]


def joined(answer: Answer, near: Sequence[NearPassage], likeness: Mapping[int, float]) -> Answer:
    """Return one answer of what words and vectors found; ``likeness`` knows that of what words found.

    What only vectors found is worth as many words as the last that words found. What words found and nobody has read
    by meaning yet is as alike as the others on average: it keeps its place among them.
    """
    if not near and not likeness:
        return answer
    by_words = answer.found[:JOINED]
    lowest = by_words[-1].score if by_words else 0.0
    known = [_worth(likeness[one.hit.passage]) for one in by_words if one.hit.passage in likeness]
    usual = sum(known) / len(known) if known else 0.0
    found = []
    for one in by_words:
        alike = likeness.get(one.hit.passage)
        found.append(replace(one, score=one.score + (usual if alike is None else _worth(alike))))
    mine = {one.hit.passage for one in by_words}
    for other in near:
        if other.passage not in mine:
            worth = _worth(other.likeness)
            reason = MatchReason(BY_MEANING, worth)
            found.append(Scored(Hit(other.ref, other.passage, 0.0), lowest + worth, (reason,)))
    found.sort(key=lambda one: (-round(one.score, 6), one.hit.ref.id, one.hit.passage))
    told = {one.hit.passage for one in found}
    rest = (one for one in answer.found[JOINED:] if one.hit.passage not in told)
    return replace(answer, found=(*found, *rest))


def _worth(likeness: float) -> float:
    return LIKENESS * max(0.0, likeness)
