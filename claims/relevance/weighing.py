"""Which of the passages found for a claim bear on it, and what speaks for each?

All are measured by their words; the best of them also by meaning, where a function that knows it is given. One
document is one thing: its best passage first, and what nearly repeats a better passage is set aside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from claims.query.analysis import terms
from claims.query.build import surname
from claims.relevance.features import AskedClaim, Compared, ReadPassage, compare, with_sense
from claims.relevance.model import RelevanceModel

#: So many passages are compared by meaning; encoding a sentence takes about 10 ms.
SENSED = 40
#: Of a sentence so much is encoded.
SENSED_LENGTH = 300
#: From so many terms in common (Jaccard) a passage repeats another.
REPEATS = 0.8
#: Likeness and coverage from which they are named as reasons.
ALIKE, SAME_WORDING, MOST_WORDS = 0.6, 0.5, 0.7
#: What only one name speaks for must be so likely at least.
NAME_ALONE = 0.05
#: A day this near to the claim's own is a reason.
NEAR_DAYS = 31

Sense = Callable[[str, Sequence[str]], Sequence[float]]
"""From a claim and sentences to the likeness of meaning of each, -1 to 1."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """One passage with its chance; ``place`` is its place in the list that was given."""

    place: int
    chance: float
    shown: bool
    compared: Compared


def weigh(
    claim: AskedClaim, passages: Sequence[ReadPassage], model: RelevanceModel, *, sense: Sense | None = None
) -> list[Weighed]:
    """Return every passage with its chance, likeliest first."""
    compared = compare(claim, passages)
    chances = [model.words.chance(one.numbers) for one in compared]
    bar = model.words.bar
    if sense is not None and passages:
        likeliest = sorted(range(len(passages)), key=lambda at: (-round(chances[at], 6), at))[:SENSED]
        sentences = [(compared[at].sentence or passages[at].text)[:SENSED_LENGTH] for at in likeliest]
        read = with_sense([compared[at] for at in likeliest], sense(claim.text, sentences))
        # What is not among these is not read by meaning, and is weaker than all that is.
        chances, bar = [0.0] * len(passages), model.sense.bar
        for at, one in zip(likeliest, read, strict=True):
            compared[at], chances[at] = one, model.sense.chance(one.numbers)
    order = sorted(range(len(passages)), key=lambda at: (-round(chances[at], 6), at))
    bars = [max(bar, NAME_ALONE) if _only_a_name(one) else bar for one in compared]
    return [Weighed(at, chances[at], chances[at] >= bars[at], compared[at]) for at in order]


def _only_a_name(one: Compared) -> bool:
    """Tell whether one name is all that a passage has of the claim: who is spoken of, not what is said."""
    return [reason["name"] for reason in reasons(one)] == ["name"]


def repeats(one: Compared, others: Iterable[Compared]) -> bool:
    """Tell whether a passage has nearly the same terms as one of the others."""
    mine = frozenset(terms(one.passage.text, one.claim.language))
    for other in others:
        theirs = frozenset(terms(other.passage.text, other.claim.language))
        if len(mine & theirs) >= REPEATS * len(mine | theirs):
            return True
    return False


def reasons(
    one: Compared, *, claimant: str = "", said_on: date | None = None, published: date | None = None
) -> tuple[dict[str, Any], ...]:
    """Return what speaks for a passage, the strongest first: names of reasons, with the days between for dates."""
    found: list[dict[str, Any]] = []
    name = surname(claimant)
    if name and set(terms(name, one.claim.language)) & set(terms(one.passage.text, one.claim.language)):
        found.append({"name": "person"})
    if one.names:
        found.append({"name": "name" if len(one.names) == 1 else "names"})
    if one.figures:
        found.append({"name": "figure" if len(one.figures) == 1 else "figures"})
    if one.years:
        found.append({"name": "date"})
    if said_on and published and abs((published - said_on).days) <= NEAR_DAYS:
        days = (published - said_on).days
        kind = "later" if days > 0 else "earlier"
        found.append({"name": kind, "days": abs(days)} if days else {"name": "same_day"})
    if one.numbers.get("sense", 0.0) >= ALIKE:
        found.append({"name": "sense"})
    if one.numbers["cover_pairs"] >= SAME_WORDING:
        found.append({"name": "wording"})
    if one.numbers["cover"] >= MOST_WORDS:
        found.append({"name": "words"})
    return tuple(found) or ({"name": "some_words"},)
