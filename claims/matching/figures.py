"""Do two assertions state other figures or other times?

Other figures of one unit differ, a figure more or fewer does not; the change, the result and the start of one
movement are three figures, as are percent and percentage points, euros and dollars, at least and at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from claims.language.numbers import Quantity, QuantityKind
from claims.language.partial_dates import PartialDate
from claims.matching.alignment import Aligned
from claims.matching.difference import Check, Difference
from claims.matching.profiles import YEAR, Profile, ReadWord
from claims.matching.word_lists import words

_TOLERANCE = 0.005
_HEDGED_TOLERANCE = 0.05
_POINTED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}\.\d{3}(?![\d.,])")
#: A list of more figures is no assertion: the rest is not compared.
_MOST = 30
_UNITS = frozenset(
    {
        QuantityKind.PERCENT,
        QuantityKind.POINTS,
        QuantityKind.MONEY,
        QuantityKind.MEASURE,
        QuantityKind.DURATION,
    }
)
_MORE, _LESS = frozenset({"over", "at least"}), frozenset({"under", "at most", "up to"})


def numbers(pair: Aligned) -> Iterator[Difference]:
    """Compare figures of one kind and unit: other figures differ, a figure more or fewer does not."""
    one, other = pair.one, pair.other
    near = pair.is_near()
    mine, theirs = _by_unit(one.numbers[:_MOST]), _by_unit(other.numbers[:_MOST])
    for unit in sorted(mine.keys() & theirs.keys()):
        left = [q for q in mine[unit] if not any(_close(q, p) for p in theirs[unit])]
        right = [q for q in theirs[unit] if not any(_close(q, p) for p in mine[unit])]
        if left and right:
            mine_says, theirs_say = _span(one, left[0]), _span(other, right[0])
            # "10.000" may be ten thousand as other languages write it.
            read_otherwise = any(_POINTED.search(says) for says in (mine_says, theirs_say))
            yield Difference(Check.NUMBER, mine_says, theirs_say, near and not read_otherwise)
    for q in one.numbers[:_MOST]:
        for p in other.numbers[:_MOST]:
            if abs(q.value - p.value) > 1e-9:
                continue
            if {q.kind, p.kind} <= _UNITS and (q.kind, q.unit) != (p.kind, p.unit):
                yield Difference(Check.NUMBER, _span(one, q), _span(other, p), near)
            elif (q.hedge in _MORE and p.hedge in _LESS) or (q.hedge in _LESS and p.hedge in _MORE):
                yield Difference(
                    Check.NUMBER, f"{q.hedge} {_span(one, q)}", f"{p.hedge} {_span(other, p)}", near
                )
            else:
                yield from _measure(pair, q, p, near)


def _measure(pair: Aligned, q: Quantity, p: Quantity, near: bool) -> Iterator[Difference]:
    """Compare "by half a point" with "to half a point": the change, the result and the start are three figures."""
    left, right = _preposition(pair.one, q), _preposition(pair.other, p)
    if left != right and ((left and right) or {left, right} & {"to", "from"}):
        certain = near and bool((left and right) or "to" in (left, right))
        yield Difference(
            Check.NUMBER,
            f"{left} {_span(pair.one, q)}".strip(),
            f"{right} {_span(pair.other, p)}".strip(),
            certain,
        )


def _preposition(read: Profile, quantity: Quantity) -> str:
    for token in reversed([token for token in read.tokens if token.start < quantity.start][-4:]):
        if token.word in words("measures"):
            return token.word
        if token.root and token.word not in ("about", "nearly", "almost", "roughly", "around"):
            break
    return ""


def _span(read: Profile, quantity: Quantity) -> str:
    return read.text[quantity.start : quantity.end]


def _by_unit(numbers: Iterable[Quantity]) -> dict[tuple[str, str], list[Quantity]]:
    found: dict[tuple[str, str], list[Quantity]] = {}
    for number in numbers:
        kind = number.kind.value
        found.setdefault((kind, number.unit if kind != "count" else ""), []).append(number)
    return found


def _close(one: Quantity, other: Quantity) -> bool:
    """Tell whether two figures agree; "about 5 million" and "5.1 million" do."""
    loose = _HEDGED_TOLERANCE if one.hedge or other.hedge else _TOLERANCE
    low, high = sorted((one.value, one.upper if one.upper is not None else one.value))
    least, most = sorted((other.value, other.upper if other.upper is not None else other.value))
    margin = loose * max(abs(high), abs(most))
    return low <= most + margin and least <= high + margin


def dates(pair: Aligned) -> Iterator[Difference]:
    """Find dates of which none can be the same time; without known dates, other years in the words."""
    mine, theirs = _bounds(pair.one.assertion.dates), _bounds(pair.other.assertion.dates)
    if mine and theirs:
        apart = [
            (value, against)
            for value, first, last in mine
            for against, start, end in theirs
            if last < start or end < first
        ]
        if len(apart) == len(mine) * len(theirs):
            yield Difference(Check.DATE, *apart[0])
        return
    left = [token for token in pair.mine if _is_year(token)]
    right = [token for token in pair.theirs if _is_year(token)]
    if left and right:
        yield Difference(Check.DATE, left[0].word, right[0].word, pair.is_near())


def _is_year(token: ReadWord) -> bool:
    return token.figure and bool(YEAR.fullmatch(token.word))


def _bounds(values: Iterable[str]) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for value in values:
        try:
            date = PartialDate.parse(value)
        except ValueError:
            continue
        if date.earliest is not None and date.latest is not None:
            found.append((value, date.earliest.isoformat(), date.latest.isoformat()))
    return found
