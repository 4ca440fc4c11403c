"""Which units of an article say what an earlier one says?

Compares the self-contained wordings with the checks of ``claims.matching.sameness``; only what is certainly the same
is joined, anything unclear stays a claim of its own. A unit inside another, or of the
same sentence, repeats nothing. Linear in practice: only units that share two rarer words are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from claims.matching.profiles import content_of
from claims.matching.sameness import Assertion, Profile, is_same, profile
from claims.splitting.types import Unit, with_changes

_LEAST_WORDS = 3
_MOST_UNITS = 1_500
_COMMON = 30
_CANDIDATES = 8
#: Nobody says so much twice in other words; a longer unit is a sentence that nothing could cut.
_LONGEST = 1_000
#: The share of words in common from which two units are worth a comparison.
_WORTH = 0.5


def mark(units: Sequence[Unit]) -> list[Unit]:
    """Return the units, each with the id of the first earlier unit that says the same."""
    if len(units) < 2 or len(units) > _MOST_UNITS:
        return list(units)
    contents = [content_of(unit.wording.text or unit.text) for unit in units]
    read = _Profiles(units)
    holders: dict[str, list[int]] = {}
    result: list[Unit] = []
    for at, unit in enumerate(units):
        sharing: list[int] = []
        for word in contents[at]:
            listed = holders.get(word)
            if listed is None:
                holders[word] = [at]
            elif len(listed) <= _COMMON:
                # A word of many units ends its list: it tells none of them from another.
                sharing += listed
                listed.append(at)
        earlier = _repeated(at, units, contents, read, sharing)
        if earlier is not None:
            # A chain of repeats points to its first member, which stands in the result already.
            unit = with_changes(unit, repeats=result[earlier].repeats or units[earlier].id)
        result.append(unit)
    return result


class _Profiles(dict[int, Profile]):
    """The units read for comparison, each when it is first asked for: most never are."""

    def __init__(self, units: Sequence[Unit]) -> None:
        super().__init__()
        self.units = units

    def __missing__(self, at: int) -> Profile:
        unit = self.units[at]
        dates = tuple(date.value for date in unit.dates)
        self[at] = profile(Assertion(unit.wording.text or unit.text, dates, unit.claimant))
        return self[at]


def _repeated(
    at: int,
    units: Sequence[Unit],
    contents: Sequence[frozenset[str]],
    read: _Profiles,
    sharing: Sequence[int],
) -> int | None:
    """Return the place of the first unit that says the same; ``sharing`` holds a place once for each common word."""
    if len(contents[at]) < _LEAST_WORDS:
        return None
    several = [(-count, place) for place, count in Counter(sharing).items() if count > 1]
    for place, less in sorted([(place, less) for less, place in sorted(several)[:_CANDIDATES]]):
        count = -less
        if units[place].sentence == units[at].sentence or len(contents[place]) < _LEAST_WORDS:
            continue
        # Most pairs fall short in words alone: nothing else needs to be asked of them.
        if len(units[place].text) > _LONGEST or len(units[at].text) > _LONGEST:
            continue
        short = 2 * count < _WORTH * (len(contents[place]) + len(contents[at]))
        if not short and is_same(read[place], read[at]):
            return place
    return None
