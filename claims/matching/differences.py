"""In what do two assertions differ, and is it certain that the difference makes another assertion?

Certain is a difference in the same place of what is otherwise nearly the same; the same words far apart, in long
texts that share little, are a doubt for a person. What one side leaves out is never certain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from claims.matching.alignment import Aligned
from claims.matching.difference import Check, Difference
from claims.matching.figures import dates, numbers
from claims.matching.profiles import Profile, ReadWord
from claims.matching.roles import actors, order
from claims.matching.small_words import links, modality, quantifiers, relations, speakers
from claims.matching.word_lists import opposite, other_kind, words


def each_difference(pair: Aligned) -> Iterator[Difference]:
    """Yield every difference and doubt."""
    for check in _CHECKS:
        yield from check(pair)


def _poles(pair: Aligned) -> tuple[ReadWord, ReadWord] | None:
    """Return a word of one whose contrary stands in the other, where neither has both."""
    for left in pair.one.tokens:
        if left.key in pair.other.keys:
            continue
        for right in pair.other.tokens:
            if right.key not in pair.one.keys and opposite(left.key, right.key):
                return left, right
    return None


def _negation(pair: Aligned) -> Iterator[Difference]:
    one, other = pair.one, pair.other
    if len(one.denials) % 2 == len(other.denials) % 2:
        return
    denying, plain = (one, other) if len(one.denials) > len(other.denials) else (other, one)
    # The denial has to reach a word that both have: "I can't believe it" beside a claim denies nothing of it.
    touches = any(
        head in plain.keys
        for at in denying.denials
        for head in (denying.head(at), "" if denying.head(at) else denying.before(at))
        if head
    )
    poles = _poles(pair)
    if poles is not None and _cancelled(denying, poles):
        return
    aside = _roots(denying)
    if poles is not None and {token.key for token in poles} & set(aside):
        # "rejected" beside "approved": the denial is the pole.
        touches, aside, poles = True, (*aside, *(token.root for token in poles)), None
    certain = touches and poles is None and pair.is_near(*aside)
    yield Difference(Check.NEGATION, _denial(one), _denial(other), certain)


def _cancelled(denying: Profile, poles: tuple[ReadWord, ReadWord]) -> bool:
    """Tell whether "not safe" stands beside "unsafe": a prefix that denies, and the denial before the bare word."""
    left, right = (token.key for token in poles)
    return left.endswith(right) != right.endswith(left) and min(left, right, key=len) in (
        denying.head(at) for at in denying.denials
    )


def _roots(read: Profile) -> tuple[str, ...]:
    return tuple(read.tokens[at].key for at in read.denials)


def _denial(read: Profile) -> str:
    """Return the words that deny; the first of a pair without one is empty."""
    return " ".join(read.tokens[at].written for at in read.denials)


def _antonyms(pair: Aligned) -> Iterator[Difference]:
    """A denied opposite ("did not fall" beside "rose") is no contradiction by its words."""
    if len(pair.one.denials) % 2 != len(pair.other.denials) % 2:
        return
    poles = _poles(pair)
    if poles is not None:
        left, right = poles
        near = pair.is_near(left.root, right.root)
        if not left.root or not right.root:
            # "for" and "against", "up" and "down" count where they belong to the same word.
            at, place = pair.one.tokens.index(left), pair.other.tokens.index(right)
            near = near and (
                pair.one.head(at) == pair.other.head(place) or pair.one.before(at) == pair.other.before(place)
            )
        yield Difference(Check.ANTONYM, left.written, right.written, near)


def _kinds(pair: Aligned) -> Iterator[Difference]:
    """Find kinds of one thing in each other's place, and words that nothing is known of."""
    dated = bool(pair.one.assertion.dates and pair.other.assertion.dates)
    for left in pair.mine:
        for right in pair.theirs:
            if other_kind(left.key, right.key):
                # Known dates decide themselves: "on Tuesday" can be "on 5 May".
                near = pair.is_near(left.root, right.root) and not dated
                yield Difference(Check.KIND, left.written, right.written, near)
                return


def _left_over(pair: Aligned) -> Iterator[Difference]:
    """Find words that may make one of the two an assertion about something else, or about a part only."""
    mine, theirs = (
        [token for token in tokens if not _added(read, against, token)]
        for read, against, tokens in zip(
            (pair.one, pair.other), (pair.other, pair.one), pair.unexplained, strict=True
        )
    )
    if mine or theirs:
        yield Difference(Check.WORDS, _written(mine), _written(theirs), certain=False)
    for read, tokens in ((pair.one, pair.mine), (pair.other, pair.theirs)):
        for token in tokens:
            at = read.tokens.index(token) + 1
            if token.figure and at < len(read.tokens) and read.tokens[at].word == "of":
                # "Half of the schools" beside "the schools".
                part = f"{token.written} of"
                mine_has = read is pair.one
                yield Difference(
                    Check.WORDS, part if mine_has else "", "" if mine_has else part, certain=False
                )


def _added(read: Profile, against: Profile, token: ReadWord) -> bool:
    """Tell whether a word stands in an addition at the end, behind a comma or a dash."""
    shared = [one.start for one in read.tokens if one.root and one.root in against.keys]
    if not shared or token.start < shared[-1]:
        return False
    between = read.text[shared[-1] : token.start]
    parts = [one.word for one in read.tokens if shared[-1] < one.start <= token.start]
    return ("," in between or " - " in between or "–" in between) and not words("parts") & set(parts)


def _written(tokens: Sequence[ReadWord]) -> str:
    return " ".join(token.written for token in tokens[:4])


_CHECKS: tuple[Callable[[Aligned], Iterator[Difference]], ...] = (
    numbers,
    _negation,
    _antonyms,
    actors,
    order,
    dates,
    modality,
    quantifiers,
    links,
    relations,
    speakers,
    _kinds,
    _left_over,
)
