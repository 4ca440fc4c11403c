"""Do two assertions say the same, do they differ in something that matters, or can words not tell?

Similar words are no sameness: "doubled" and "halved", swapped actors, another figure, a negation or another date make
different claims. The comparison names each difference; a person decides. It refuses to judge truth, and what has too
few words in common it calls unclear rather than different.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from pathlib import Path

from claims.language.numbers import Quantity, QuantityKind, quantities
from claims.language.partial_dates import PartialDate

DATA = Path(__file__).with_name("data")
# Share of content words (Dice) from which two assertions without a difference say the same.
SAME_FROM = 0.66
# Below it they are about different things, and differences mean nothing.
RELATED_FROM = 0.34
_LONGEST = 2_000
_TOLERANCE = 0.005
_HEDGED_TOLERANCE = 0.05

_WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*")
_NUMBER = re.compile(r"\d")


class Sameness(StrEnum):
    """SAME assertion, DIFFERENT one on the same matter, UNCLEAR where words cannot tell."""

    SAME = "same"
    DIFFERENT = "different"
    UNCLEAR = "unclear"


class Check(StrEnum):
    """What two assertions differ in."""

    NUMBER = "number"
    NEGATION = "negation"
    ANTONYM = "antonym"
    ACTOR = "actor"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Assertion:
    """What is compared: the words, and what is known of them besides.

    ``text`` is best a self-contained wording. ``dates`` are values as ``DateMention.value``; ``claimant`` is who
    "we" and "I" are.
    """

    text: str
    dates: tuple[str, ...] = ()
    claimant: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference, in words for a person: what each of the two has."""

    check: Check
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict, the share of content words in common (0–1), and each difference found."""

    verdict: Sameness
    overlap: float
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Profile:
    """An assertion read once: make it with :func:`profile` to compare it many times."""

    assertion: Assertion
    found: tuple[re.Match[str], ...]
    content: frozenset[str]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All words, in lower case."""
        return tuple(match.group().lower().replace("’", "'") for match in self.found)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The stems of capitalised words, in order."""
        return _names(self.found)

    @cached_property
    def numbers(self) -> tuple[Quantity, ...]:
        """The quantities."""
        return tuple(quantities(self.assertion.text[:_LONGEST]))

    @cached_property
    def denials(self) -> int:
        """How many words deny."""
        return sum(word in _words("denials") or word.endswith("n't") for word in self.words)


@cache
def _list(section: str) -> tuple[tuple[str, ...], ...]:
    rows: list[tuple[str, ...]] = []
    current = ""
    for line in (DATA / "sameness_en.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            current = line.strip("[] ")
        elif current == section:
            rows.append(tuple(line.split()))
    return tuple(rows)


@cache
def _words(section: str) -> frozenset[str]:
    return frozenset(word for row in _list(section) for word in row)


@cache
def _opposites() -> dict[str, frozenset[str]]:
    """Return the words that say the contrary of each stem."""
    found: dict[str, set[str]] = {}
    for row in _list("antonyms"):
        left, right = " ".join(row).split("|")
        one, other = {stem(word) for word in left.split()}, {stem(word) for word in right.split()}
        for word in one:
            found.setdefault(word, set()).update(other)
        for word in other:
            found.setdefault(word, set()).update(one)
    return {word: frozenset(others) for word, others in found.items()}


@cache
def _groups() -> dict[str, str]:
    """Return the word that stands for each group of equal meaning."""
    return {stem(word): stem(row[0]) for row in _list("synonyms") for word in row}


_IRREGULAR = re.compile(r"(?:ies|sses|ches|shes|xes|zes)\Z")


@cache
def _irregular() -> dict[str, str]:
    return {form: row[0] for row in _list("irregular") for form in row[1:]}


def stem(word: str) -> str:
    """Return what the forms of a word share: a rough cut of endings, and a table of irregular forms."""
    low = word.lower().replace("’", "'").removesuffix("'s").rstrip("'")
    low = _irregular().get(low, low)
    if len(low) < 4 or _NUMBER.search(low):
        return low
    if low.endswith(("ies", "ied")) and len(low) > 4:
        return low[:-3] + "y"
    for ending in ("ingly", "edly", "ings", "ing", "ed", "es", "s"):
        if low.endswith(ending) and len(low) - len(ending) >= 3 and not low.endswith(("ss", "us", "is")):
            low = low[: -len(ending)]
            break
    if len(low) > 3 and low[-1] == low[-2] and low[-1] not in "lsz":
        low = low[:-1]
    return low[:-1] if low.endswith("e") and len(low) > 3 else low


def profile(assertion: Assertion) -> Profile:
    """Read an assertion for comparison; only its first 2,000 characters count."""
    found = tuple(_WORD.finditer(assertion.text[:_LONGEST]))
    roots = {_root(match.group().lower()) for match in found}
    roots.discard("")
    return Profile(assertion, found, frozenset(roots))


@lru_cache(maxsize=20_000)
def _root(word: str) -> str:
    """Return the stem of a word, or of the group of words it means the same as; nothing for a stop word."""
    if word.replace("’", "'") in _words("stop"):
        return ""
    root = stem(word)
    return _groups().get(root, root)


def _names(found: Sequence[re.Match[str]]) -> tuple[str, ...]:
    """Return capitalised words in order; the first word only where it is no common word."""
    names: list[str] = []
    for at, match in enumerate(found):
        word = match.group()
        if not word[0].isupper() or word.lower() in _words("stop") or word.lower() in _words("openers"):
            continue
        if at == 0 and len(found) > 1 and not (found[1].group()[0].isupper() or _verb_follows(found)):
            continue
        names.append(stem(word))
    return tuple(names)


def _verb_follows(found: Sequence[re.Match[str]]) -> bool:
    """Tell whether the second word can be a verb or an auxiliary: then the first is a name ("Armenia resumed")."""
    word = found[1].group().lower()
    return word in _words("auxiliaries") or word.endswith(("ed", "s")) or word in _irregular()


def compare(one: Assertion | Profile, other: Assertion | Profile) -> Comparison:
    """Compare two assertions."""
    first = one if isinstance(one, Profile) else profile(one)
    second = other if isinstance(other, Profile) else profile(other)
    overlap = _dice(first.content, second.content)
    if not first.content or not second.content:
        return Comparison(Sameness.UNCLEAR, 0.0)
    differences = tuple(
        difference
        for check in (_numbers, _negation, _antonyms, _actors, _dates)
        for difference in check(first, second)
    )
    if overlap < RELATED_FROM:
        return Comparison(Sameness.UNCLEAR, overlap)
    if differences:
        return Comparison(Sameness.DIFFERENT, overlap, differences)
    return Comparison(Sameness.SAME if overlap >= SAME_FROM else Sameness.UNCLEAR, overlap)


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


# --- checks ---------------------------------------------------------------------------------------------------


def _numbers(one: Profile, other: Profile) -> Iterable[Difference]:
    """Compare figures of one kind and unit: other figures differ, a figure more or fewer does not."""
    mine, theirs = _by_unit(one.numbers), _by_unit(other.numbers)
    for unit in sorted(mine.keys() & theirs.keys()):
        left = [q for q in mine[unit] if not any(_close(q, p) for p in theirs[unit])]
        right = [q for q in theirs[unit] if not any(_close(q, p) for p in mine[unit])]
        if left and right:
            yield Difference(
                Check.NUMBER,
                one.assertion.text[left[0].start : left[0].end],
                other.assertion.text[right[0].start : right[0].end],
            )


def _by_unit(numbers: Iterable[Quantity]) -> dict[tuple[str, str], list[Quantity]]:
    found: dict[tuple[str, str], list[Quantity]] = {}
    for number in numbers:
        kind = "points" if number.kind is QuantityKind.POINTS else number.kind.value
        found.setdefault((kind, number.unit if kind != "count" else ""), []).append(number)
    return found


def _close(one: Quantity, other: Quantity) -> bool:
    """Tell whether two figures agree; "about 5 million" and "5.1 million" do."""
    loose = _HEDGED_TOLERANCE if one.hedge or other.hedge else _TOLERANCE
    low, high = sorted((one.value, one.upper if one.upper is not None else one.value))
    least, most = sorted((other.value, other.upper if other.upper is not None else other.value))
    margin = loose * max(abs(high), abs(most))
    return low <= most + margin and least <= high + margin


def _negation(one: Profile, other: Profile) -> Iterable[Difference]:
    if one.denials % 2 != other.denials % 2:
        yield Difference(Check.NEGATION, _denial(one), _denial(other))


def _denial(read: Profile) -> str:
    found = [word for word in read.words if word in _words("denials") or word.endswith("n't")]
    return " ".join(found) or "no denial"


def _antonyms(one: Profile, other: Profile) -> Iterable[Difference]:
    """Find a word of one whose opposite stands in the other, where neither has both."""
    opposites = _opposites()
    mine = {stem(word): word for word in one.words}
    theirs = {stem(word): word for word in other.words}
    for root, word in mine.items():
        if root in theirs:
            continue
        contrary = opposites.get(root, frozenset()) & theirs.keys() - mine.keys()
        if contrary and _same_side(one, other, root):
            yield Difference(Check.ANTONYM, word, theirs[min(contrary)])
            return


def _same_side(one: Profile, other: Profile, root: str) -> bool:
    """A denied opposite ("did not fall" beside "rose") is no contradiction by its words."""
    return one.denials % 2 == other.denials % 2


def _actors(one: Profile, other: Profile) -> Iterable[Difference]:
    """Find names that replace each other, and names that swap places."""
    mine = [name for name in one.names if name not in _shared(other)]
    theirs = [name for name in other.names if name not in _shared(one)]
    if mine and theirs and not _aliases(mine, theirs):
        yield Difference(Check.ACTOR, mine[0], theirs[0])
        return
    left = [name for name in dict.fromkeys(one.names) if name in other.names]
    right = [name for name in dict.fromkeys(other.names) if name in one.names]
    if left != right and len(left) > 1 and not (_passive(one) ^ _passive(other)):
        yield Difference(Check.ACTOR, " – ".join(left[:2]), " – ".join(right[:2]))
    elif left == right and len(left) > 1 and (_passive(one) ^ _passive(other)):
        # "A attacked B" and "A was attacked by B" have the same order and other actors.
        yield Difference(Check.ACTOR, " – ".join(left[:2]), " – ".join(reversed(right[:2])))


def _shared(read: Profile) -> frozenset[str]:
    return frozenset(read.names) | read.content


def _aliases(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Tell whether all left-over names can be other names of one another: initials, or one part of the other."""

    def known(name: str, others: Sequence[str]) -> bool:
        initials = "".join(other[0] for other in others)
        return (
            any(name.startswith(o) or o.startswith(name) for o in others) or name.replace(".", "") == initials
        )

    return all(known(name, theirs) for name in mine) or all(known(name, mine) for name in theirs)


def _passive(read: Profile) -> bool:
    """Tell whether somebody acts behind "by": "was attacked by"."""
    words = read.words
    return "by" in words and any(
        word in ("is", "are", "was", "were", "been", "be") for word in words[: words.index("by")]
    )


def _dates(one: Profile, other: Profile) -> Iterable[Difference]:
    """Find dates of which none can be the same time."""
    mine, theirs = _bounds(one.assertion.dates), _bounds(other.assertion.dates)
    if not mine or not theirs:
        return
    apart = [
        (value, against)
        for value, first, last in mine
        for against, start, end in theirs
        if last < start or end < first
    ]
    if len(apart) == len(mine) * len(theirs):
        yield Difference(Check.DATE, *apart[0])


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
