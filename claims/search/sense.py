"""Earlier checks by what they say, beside the words they share with a claim.

Answers: the same answer in another order, each check with how much its meaning adds. Only the best of the answer by
words are looked at: a vector of its own for every text, searched as a whole, found no more of them
(docs/quality.md). Meaning never finds what no word found, and never takes a check out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from claims.query.build import MatchReason
from claims.search.asking import Answer

#: What full likeness of meaning adds to b/Z; anything from .4 to .8 does as well on tweets.
SENSE = 0.5
#: So many of the answer are looked at.
LOOKED_AT = 50

#: So much of a headline and a claim is read.
READ = 500

Alike = Callable[[Sequence[int]], Mapping[int, float]]
"""From passage ids to likeness of meaning, -1 to 1; what is not known is left out."""


def by_sense(answer: Answer, alike: Alike) -> Answer:
    """Return the answer with its best put in order by words and meaning; without likeness it stays as it is."""
    best = answer.found[:LOOKED_AT]
    known = alike([one.hit.passage for one in best])
    if not known:
        return answer
    weighed = []
    for one in best:
        value = SENSE * max(0.0, known.get(one.hit.passage, 0.0))
        reason = MatchReason("sense", value)
        weighed.append(replace(one, score=one.score + value, reasons=(*one.reasons, reason)))
    weighed.sort(key=lambda one: (-round(one.score, 6), one.hit.ref.id, one.hit.passage))
    return replace(answer, found=(*weighed, *answer.found[LOOKED_AT:]))


def said_of(headline: str, claim: str) -> str:
    """Return what of a check is read for its meaning: its headline and the claim it is about."""
    return f"{headline} \n {claim}".strip()[:READ]
