"""By which numbers is a text found again among a million? The keys a document keeps, and those it asks for.

Four kinds: a sample of its own wording, a sample of what it quotes, pairs of the words it is most about, with the
week, and its outlet with each of these words. The first two find copies and shared quotations at any time, the
third finds rewrites of the same days, the fourth is asked for by whoever credits that outlet.
Keys only find candidates; how much two texts share is measured on the texts. A key that many hold says nothing:
the caller stops keeping it, and so bounds what one question brings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from claims.independence.credits import place_key
from claims.independence.pairs import ComparedText
from claims.independence.shingles import SIZE, shingles_of, stable_key

#: Raised when other keys are made of the same text: documents with keys of an older edition are keyed anew.
EDITION = 1
#: One in so many pieces of wording is kept, at least and at most so many; four times as many are asked for, because
#: a cut holds few of those its whole keeps.
_RATE, _LEAST, _MOST, _ASKED = 16, 12, 48, 4
_QUOTATIONS, _OF_QUOTATION = 10, 2
_TERMS = 7
_PLACES = 3
_WEEK = 7
_SIGN, _ALL = 1 << 63, 1 << 64


@dataclass(frozen=True, slots=True)
class LookupKeys:
    """Signed 64-bit numbers; one of ``credited`` in common is enough for a comparison.

    ``told`` are those of what a text is about: whoever shares only these may tell another story.
    """

    kept: tuple[int, ...]
    asked: tuple[int, ...]
    credited: frozenset[int]
    told: frozenset[int]


def lookup_keys(one: ComparedText, day: int, outlet: str = "") -> LookupKeys:
    """Return the keys of an outlet's text of a day, as an ordinal; undated ones are of the day they came."""
    count = min(_MOST, max(_LEAST, len(one.shingles) // _RATE))
    wording = sorted(one.shingles)[: count * _ASKED]
    quoted: list[int] = []
    for words in one.quotations[:_QUOTATIONS]:
        if len(words) >= SIZE:
            quoted += sorted(_apart("quoted", shingles_of(words)))[:_OF_QUOTATION]
    week = day // _WEEK
    pairs = [" ".join(sorted(pair)) for pair in combinations(one.terms[:_TERMS], 2)]
    now = [stable_key("story", str(week), pair) for pair in pairs]
    around = [stable_key("story", str(other), pair) for other in (week - 1, week + 1) for pair in pairs]
    own = place_key(outlet)
    named = sorted(one.places, key=lambda place: (-one.places[place], place))[:_PLACES]
    terms = one.terms[:_TERMS]
    reported = [stable_key("outlet", own, str(week), term) for term in terms] if own else []
    credited = [
        stable_key("outlet", place, str(week + step), term)
        for place in named
        if place != own
        for step in (-1, 0, 1)
        for term in terms
    ]
    return LookupKeys(
        _signed({*wording[:count], *quoted, *now, *reported}),
        _signed({*wording, *quoted, *now, *around, *credited}),
        frozenset(_signed(credited)),
        frozenset(_signed([*now, *around])),
    )


def _apart(kind: str, numbers: Iterable[int]) -> list[int]:
    """Return other numbers for the same words in another place: what is quoted is not own wording."""
    salt = stable_key(kind)
    return [number ^ salt for number in numbers]


def _signed(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted([number - _ALL if number >= _SIGN else number for number in numbers]))
