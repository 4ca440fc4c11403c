"""Do two assertions say the same, do they differ in something that matters, or can words not tell?

Similar words are no sameness: "doubled" and "halved", swapped actors, another figure, a negation, another date, "may"
beside "did" or "some" beside "all" make different claims. The comparison names each difference; a person decides. It
refuses to judge truth, and what it cannot tell it calls unclear: too few words in common, a word in the place of an
unknown one, a part beside the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from claims.matching.alignment import align
from claims.matching.difference import Check, Difference
from claims.matching.differences import each_difference
from claims.matching.profiles import Assertion, Profile, profile

__all__ = [
    "SAME_FROM",
    "Assertion",
    "Check",
    "Comparison",
    "Difference",
    "Profile",
    "Sameness",
    "compare",
    "is_same",
    "profile",
]

# Share of content words (Dice) from which two assertions without a difference say the same.
SAME_FROM = 0.66
# Below it they are about different things, and differences mean nothing.
RELATED_FROM = 0.34


class Sameness(StrEnum):
    """SAME assertion, DIFFERENT one on the same matter, UNCLEAR where words cannot tell."""

    SAME = "same"
    DIFFERENT = "different"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict, the share of content words in common (0–1), each difference, and what leaves it unclear."""

    verdict: Sameness
    overlap: float
    differences: tuple[Difference, ...] = ()
    doubts: tuple[Difference, ...] = ()


def compare(one: Assertion | Profile, other: Assertion | Profile, least: float = 0.0) -> Comparison:
    """Compare two assertions; what shares less than ``least`` is unclear without being looked into."""
    first = one if isinstance(one, Profile) else profile(one)
    second = other if isinstance(other, Profile) else profile(other)
    if not first.content or not second.content:
        return Comparison(Sameness.UNCLEAR, 0.0)
    pair = align(first, second)
    overlap = pair.closeness()
    if overlap < least:
        return Comparison(Sameness.UNCLEAR, overlap)
    if max(overlap, _dice(first.content, second.content)) < RELATED_FROM:
        return Comparison(Sameness.UNCLEAR, overlap)
    found = tuple(each_difference(pair))
    certain = tuple(one for one in found if one.certain)
    doubts = tuple(one for one in found if not one.certain)
    if certain:
        return Comparison(Sameness.DIFFERENT, overlap, certain, doubts)
    same = overlap >= SAME_FROM and not doubts
    return Comparison(Sameness.SAME if same else Sameness.UNCLEAR, overlap, (), doubts)


def is_same(one: Profile, other: Profile) -> bool:
    """Tell whether ``compare`` would find two assertions the same; stops at the first difference."""
    if not one.content or not other.content:
        return False
    pair = align(one, other)
    return pair.closeness() >= SAME_FROM and next(each_difference(pair), None) is None


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))
