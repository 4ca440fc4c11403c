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


@dataclass(frozen=True, slots=True)
class Sensed:
    """A claim and sentences to compare it with, each with the row of its passage (0 where it has none)."""

    claim: str
    sentences: tuple[str, ...]
    passages: tuple[int, ...]


Sense = Callable[[Sequence[Sensed]], Sequence[Sequence[float]]]
"""From claims with sentences to the likeness of meaning of each sentence, -1 to 1."""


@dataclass(frozen=True, slots=True)
class FoundForClaim:
    """A claim and the passages of its answer; ``by_meaning`` says that its language is one that is read so."""

    claim: AskedClaim
    passages: Sequence[ReadPassage]
    by_meaning: bool = True


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
    return weigh_all([FoundForClaim(claim, passages)], model, sense=sense)[0]


def weigh_all(
    found: Sequence[FoundForClaim], model: RelevanceModel, *, sense: Sense | None = None
) -> list[list[Weighed]]:
    """Return for each claim its passages with their chances, likeliest first; ``sense`` is asked once for all."""
    first = [compare(one.claim, one.passages) for one in found]
    chances = [[model.words.chance(one.numbers) for one in compared] for compared in first]
    likeliest: dict[int, list[int]] = {}
    if sense is not None:
        for at, one in enumerate(found):
            if one.by_meaning and one.passages:
                likeliest[at] = _likeliest(chances[at])[:SENSED]
    told = iter(
        sense([_sensed(found[at], first[at], places) for at, places in likeliest.items()])
        if sense is not None and likeliest
        else ()
    )
    weighed = []
    for at, compared in enumerate(first):
        bar = model.words.bar
        if at in likeliest:
            read = with_sense([compared[place] for place in likeliest[at]], next(told))
            # What is not among these is not read by meaning, and is weaker than all that is.
            chances[at], bar = [0.0] * len(compared), model.sense.bar
            for place, with_meaning in zip(likeliest[at], read, strict=True):
                compared[place] = with_meaning
                chances[at][place] = model.sense.chance(with_meaning.numbers)
        weighed.append(_judged(compared, chances[at], bar))
    return weighed


def _likeliest(chances: Sequence[float]) -> list[int]:
    return sorted(range(len(chances)), key=lambda at: (-round(chances[at], 6), at))


def _sensed(found: FoundForClaim, compared: Sequence[Compared], places: Sequence[int]) -> Sensed:
    sentences = (compared[at].sentence or found.passages[at].text for at in places)
    return Sensed(
        found.claim.text,
        tuple(sentence[:SENSED_LENGTH] for sentence in sentences),
        tuple(found.passages[at].id for at in places),
    )


def _judged(compared: Sequence[Compared], chances: Sequence[float], bar: float) -> list[Weighed]:
    return [
        Weighed(at, chances[at], _reaches(compared[at], chances[at], bar), compared[at])
        for at in _likeliest(chances)
    ]


def _reaches(one: Compared, chance: float, bar: float) -> bool:
    return chance >= bar and (chance >= NAME_ALONE or not _only_a_name(one))


def _only_a_name(one: Compared) -> bool:
    """Tell whether one name is all that a passage has of the claim: who is spoken of, not what is said."""
    return [reason["name"] for reason in reasons(one)] == ["name"]


def repeats(one: Compared, others: Iterable[Compared]) -> bool:
    """Tell whether a passage has nearly the same terms as one of the others."""
    mine = one.terms
    for other in others:
        theirs = other.terms
        if len(mine & theirs) >= REPEATS * len(mine | theirs):
            return True
    return False


def reasons(
    one: Compared, *, claimant: str = "", said_on: date | None = None, published: date | None = None
) -> tuple[dict[str, Any], ...]:
    """Return what speaks for a passage, the strongest first: names of reasons, with the days between for dates."""
    found: list[dict[str, Any]] = []
    name = surname(claimant)
    if name and one.terms.intersection(terms(name, one.claim.language)):
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
