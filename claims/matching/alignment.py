"""Which words of two assertions answer each other, and what is left over on either side?

A word left over on one side only is *harmless* where it is a figure, a name, a title, somebody's saying so, or an
addition behind a comma; anything else may make the assertion one about a part only. It judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, cached_property

from claims.matching.profiles import Profile, ReadWord
from claims.matching.word_lists import words

#: The share of content in common, the difference itself left out, from which a difference is certain.
_NEAR = 0.7
#: As long as one side has no more other words than this.
_OTHER_WORDS = 1


@dataclass(frozen=True)
class Aligned:
    """Two assertions beside each other: what of each is not in the other, and what stands in the same slot."""

    one: Profile
    other: Profile
    mine: tuple[ReadWord, ...]
    theirs: tuple[ReadWord, ...]

    def closeness(self, *without: str) -> float:
        """Return the share of content in common (Dice), words named and harmless additions left out."""
        shared = len((self.one.content & self.other.content).difference(without))
        rest = len({t.root for side in self.unexplained for t in side}.difference(without))
        return 2 * shared / (2 * shared + rest) if shared or rest else 1.0

    def is_near(self, *without: str) -> bool:
        """Tell whether nearly everything else is the same, so that a difference in these words is certain."""
        shared = len((self.one.content & self.other.content).difference(without))
        rest = len({t.root for t in (*self.mine, *self.theirs) if not t.figure}.difference(without))
        if self.closeness(*without) < _NEAR or 2 * shared < rest:
            return False
        # With other words on both sides the two are told too differently for one word to decide.
        mine, theirs = self.unexplained
        return min(len({t.root for t in side}.difference(without)) for side in (mine, theirs)) <= _OTHER_WORDS

    @cached_property
    def slots(self) -> tuple[tuple[ReadWord, ReadWord], ...]:
        """Words of content that stand for each other between the same words."""
        return tuple(_slots(self.one, self.other))

    @cached_property
    def unexplained(self) -> tuple[tuple[ReadWord, ...], tuple[ReadWord, ...]]:
        """What is left over on each side and not harmless."""
        return (
            tuple(token for token in self.mine if not harmless(self.one, token)),
            tuple(token for token in self.theirs if not harmless(self.other, token)),
        )


def align(one: Profile, other: Profile) -> Aligned:
    """Lay two assertions beside each other."""
    return Aligned(one, other, _left(one, other), _left(other, one))


def _left(one: Profile, other: Profile) -> tuple[ReadWord, ...]:
    return tuple(token for token in one.tokens if token.root and token.root not in other.keys)


def _slots(one: Profile, other: Profile) -> Iterator[tuple[ReadWord, ReadWord]]:
    mine = [token for token in one.tokens if token.root]
    theirs = [token for token in other.tokens if token.root]
    matcher = SequenceMatcher(None, [t.root for t in mine], [t.root for t in theirs], autojunk=False)
    for kind, start, end, begin, stop in matcher.get_opcodes():
        if kind == "replace" and end - start <= 3 and stop - begin <= 3:
            yield from ((left, right) for left in mine[start:end] for right in theirs[begin:stop])


def harmless(read: Profile, token: ReadWord) -> bool:
    """Tell whether a word that only one side has leaves open nothing that matters."""
    if token.figure or token.name or token.word in _harmless_words():
        return True
    return _brings_speech(read, token)


@cache
def _harmless_words() -> frozenset[str]:
    return words("free") | words("titles") | words("reporting")


def _brings_speech(read: Profile, token: ReadWord) -> bool:
    """Tell whether a word belongs to "officials at the port say that …" or "…, the minister says"."""
    if not read.reports:
        return False
    at = read.tokens.index(token)
    first, last = read.reports[0], read.reports[-1]
    if read.tokens[first].word == "according":
        comma = read.text.find(",", read.tokens[first].start)
        return comma > token.start >= read.tokens[first].start or (comma < 0 and at > first > 0)
    if at < first <= 8:
        return True
    comma = read.text.rfind(",", 0, read.tokens[last].start)
    return 0 < comma < token.start and at < last and len(read.tokens) - last <= 4
