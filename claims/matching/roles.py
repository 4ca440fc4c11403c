"""Do two assertions have other actors, or the same ones in each other's place?

Tells by names in the same slot and by the order of words around a verb, a comparison or a conjunction, turned round
by a passive; it knows no syntax.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claims.matching.alignment import Aligned
from claims.matching.difference import Check, Difference
from claims.matching.profiles import BE, Profile, ReadWord
from claims.matching.word_lists import words

#: The share of content in common from which another order of the same words is certain.
_ORDER_NEAR = 0.75
_MOST_ORDERED = 40


def actors(pair: Aligned) -> Iterator[Difference]:
    """Find names in each other's place."""
    mine = [token for token in pair.mine if token.name]
    theirs = [token for token in pair.theirs if token.name]
    if not mine or not theirs or _aliases(mine, theirs):
        return
    for left, right in pair.slots:
        if left in mine and right in theirs:
            near = pair.is_near(left.root, right.root) and not _misspelt(left.root, right.root)
            yield Difference(Check.ACTOR, left.written, right.written, near)
            return
    yield Difference(Check.ACTOR, mine[0].written, theirs[0].written, certain=False)


def _misspelt(one: str, other: str) -> bool:
    """Tell whether two longer names differ in one letter that one of them has more: "Bengazi"."""
    short, long = sorted((one, other), key=len)
    return (
        len(short) > 4
        and len(long) == len(short) + 1
        and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    )


def _aliases(mine: Sequence[ReadWord], theirs: Sequence[ReadWord]) -> bool:
    """Tell whether all left-over names can be other names of one another: initials, or one part of the other."""

    def known(name: str, others: Sequence[ReadWord]) -> bool:
        initials = "".join(other.root[0] for other in others)
        return (
            any(name.startswith(o.root) or o.root.startswith(name) for o in others)
            or name.replace(".", "") == initials
        )

    return all(known(one.root, theirs) for one in mine) or all(known(one.root, mine) for one in theirs)


def order(pair: Aligned) -> Iterator[Difference]:
    """Find what stands on the two sides of a word and changes sides: "A sued B" and "B sued A"."""
    mine, theirs = _ordered(pair.one), _ordered(pair.other)
    places = {key: at for at, key in enumerate(theirs)}
    shared = [key for key in mine if key in places][:_MOST_ORDERED]
    turned = _turned([places[key] for key in shared])
    near = pair.closeness() >= _ORDER_NEAR and not all(pair.unexplained)
    agents = _agent(pair.one), _agent(pair.other)
    if turned is not None:
        if bool(agents[0]) != bool(agents[1]):
            return
        one, _middle, other = (theirs[at] for at in turned)
        one, other = _written_as(pair.one, one.split("/")[0]), _written_as(pair.one, other.split("/")[0])
        yield Difference(Check.ACTOR, f"{one} – {other}", f"{other} – {one}", near)
        return
    for (agent, verb), active in ((agents[0] or ("", ""), mine), (agents[1] or ("", ""), theirs)):
        # "A attacked B" and "A was attacked by B" have the same order and other actors.
        against = theirs if active is mine else mine
        if not agent or (agents[0] and agents[1]):
            continue
        first, second = f"{verb}/0", f"{agent}/0"
        if first in against and second in against and 0 < against.index(first) < against.index(second):
            yield Difference(Check.ACTOR, f"by {agent}", agent, near)


def _ordered(read: Profile) -> list[str]:
    """Return keys with the number of their occurrence: content without figures, and the words things turn round."""
    counted: dict[str, int] = {}
    result = []
    for token in read.tokens:
        if token.figure or not (token.root or token.word in words("pivots")):
            continue
        number = counted.get(token.key, 0)
        counted[token.key] = number + 1
        result.append(f"{token.key}/{number}")
    return result


def _turned(places: Sequence[int]) -> tuple[int, int, int] | None:
    """Return three places that follow each other in exactly the contrary order."""
    for middle in range(1, len(places) - 1):
        before = [place for place in places[:middle] if place > places[middle]]
        behind = [place for place in places[middle + 1 :] if place < places[middle]]
        if before and behind:
            return before[-1], places[middle], behind[0]
    return None


def _agent(read: Profile) -> tuple[str, str] | None:
    """Return who acts behind "by" in a passive, and the verb: "was attacked by …"."""
    seen = False
    for at, token in enumerate(read.tokens[:-1]):
        if token.word in BE:
            seen = True
        elif token.word == "by" and seen:
            follower = next((one for one in read.tokens[at + 1 :] if one.root), None)
            doing = read.tokens[at + 1].word.endswith("ing")
            if follower and not follower.figure and not doing:
                return follower.root, read.before(at)
    return None


def _written_as(read: Profile, key: str) -> str:
    return next(token.written for token in read.tokens if token.key == key)
