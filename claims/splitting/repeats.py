"""Which units of an article say what an earlier one says?

Compares the self-contained wordings with the checks of ``claims.matching.sameness``; a unit inside another, or of the
same sentence, repeats nothing. Linear in practice: only units that share two rarer words are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from claims.matching.sameness import SAME_FROM, Assertion, Profile, Sameness, compare, profile
from claims.splitting.types import Unit

_LEAST_WORDS = 3
_MOST_UNITS = 1_500
_COMMON = 30
_CANDIDATES = 8


def mark(units: Sequence[Unit]) -> list[Unit]:
    """Return the units, each with the id of the first earlier unit that says the same."""
    if len(units) < 2 or len(units) > _MOST_UNITS:
        return list(units)
    read = [
        profile(
            Assertion(
                unit.wording.text or unit.text,
                tuple(date.value for date in unit.dates),
                unit.claimant,
            )
        )
        for unit in units
    ]
    holders: dict[str, list[int]] = {}
    result: list[Unit] = []
    for at, unit in enumerate(units):
        content = read[at].content
        shared: Counter[int] = Counter()
        for word in content:
            listed = holders.setdefault(word, [])
            # A word of many units ends its list: it tells none of them from another.
            if len(listed) <= _COMMON:
                shared.update(listed)
                listed.append(at)
        earlier = _repeated(at, units, read, shared)
        if earlier is not None:
            # A chain of repeats points to its first member, which stands in the result already.
            unit = replace(unit, repeats=result[earlier].repeats or units[earlier].id)
        result.append(unit)
    return result


def _repeated(at: int, units: Sequence[Unit], read: Sequence[Profile], shared: Counter[int]) -> int | None:
    """Return the place of the first unit that says the same."""
    if len(read[at].content) < _LEAST_WORDS:
        return None
    ranked = sorted(shared.items(), key=lambda pair: (-pair[1], pair[0]))[:_CANDIDATES]
    for place, count in sorted(ranked):
        if (
            count < 2
            or units[place].sentence == units[at].sentence
            or len(read[place].content) < _LEAST_WORDS
        ):
            continue
        # Most pairs fall short in words alone: nothing else needs to be asked of them.
        short = 2 * count < SAME_FROM * (len(read[place].content) + len(read[at].content))
        if not short and compare(read[place], read[at]).verdict is Sameness.SAME:
            return place
    return None
