"""What does an assertion consist of, read once for many comparisons?

Words with their keys and places, figures, names, and to which word of content each small word belongs. English only;
it knows no syntax beyond "the next word of content".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from claims.language.numbers import Quantity, QuantityKind, quantities
from claims.matching.posts import plain, shouted
from claims.matching.word_lists import categories, irregular, key, phrases, root, words

LONGEST = 2_000
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")
_DIGIT = re.compile(r"\d")
_SPACED = re.compile(r"(?<![\d.,])(\d{1,3})[\u00a0\u202f ](?=000\b)")
YEAR = re.compile(r"(?:1[5-9]|20)\d\ds?")
#: A small word belongs to a word of content this near.
_REACH = 6
#: The forms of "be".
BE = frozenset({"is", "are", "am", "was", "were", "be", "been", "being"})
_WHOLE = frozenset({QuantityKind.PERCENT, QuantityKind.POINTS, QuantityKind.MONEY})


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
class ReadWord:
    """A word: as written, as read, its key (empty for a stop word), and what is to be known of it."""

    written: str
    word: str
    root: str
    start: int
    name: bool = False
    figure: bool = False

    @property
    def key(self) -> str:
        """The key of any word, stop words included."""
        return self.root or key(self.word)


@dataclass(frozen=True)
class Profile:
    """An assertion read once: make it with :func:`profile` to compare it many times."""

    assertion: Assertion
    text: str
    tokens: tuple[ReadWord, ...]
    numbers: tuple[Quantity, ...]
    content: frozenset[str]

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of all words."""
        return frozenset(token.key for token in self.tokens)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The keys of names, in order."""
        return tuple(token.root for token in self.tokens if token.name)

    @cached_property
    def reports(self) -> tuple[int, ...]:
        """The places of words of saying; one that is a name says nothing."""
        return tuple(
            at for at, token in enumerate(self.tokens) if token.word in words("reporting") and not token.name
        )

    @cached_property
    def denials(self) -> tuple[int, ...]:
        """The places of words that deny."""
        return tuple(at for at, token in enumerate(self.tokens) if token.word in words("denials"))

    def head(self, at: int) -> str:
        """Return the key of the word of content that the small word at this place belongs to; else nothing."""
        return next((token.root for token in self.tokens[at + 1 : at + 1 + _REACH] if token.root), "")

    def before(self, at: int) -> str:
        """Return the key of the last word of content before this place."""
        return next((token.root for token in reversed(self.tokens[:at]) if token.root), "")

    def marked(self, section: str) -> Iterator[tuple[int, str, str]]:
        """Yield (place, category, head) of each word of a section of the grammar."""
        known = categories(section)
        for at, token in enumerate(self.tokens):
            if token.word in known:
                yield at, known[token.word], self.head(at)


def content_of(text: str) -> frozenset[str]:
    """Return the roots of the words as they are written: quick, to find what is worth comparing."""
    found = set(map(root, set(_WORD.findall(text[:LONGEST].lower()))))
    found.discard("")
    return frozenset(found)


def profile(assertion: Assertion) -> Profile:
    """Read an assertion for comparison; only its first 2,000 characters count."""
    text = _SPACED.sub(r"\1,", plain(assertion.text[:LONGEST]))
    found = list(_WORD.finditer(text))
    numbers = quantities(text)
    tokens = tuple(_tokens(text, found, numbers))
    return Profile(
        assertion, text, tokens, tuple(numbers), frozenset(token.root for token in tokens if token.root)
    )


def _tokens(text: str, found: Sequence[re.Match[str]], numbers: Sequence[Quantity]) -> Iterator[ReadWord]:
    figures = _figures(found, numbers)
    capitals = _names(found, shouted(text))
    low = [_contracted(match.group().lower().replace("’", "'")) for match in found]
    for at, match in enumerate(found[1:], 1):
        if match.group() == "May":
            low[at] = "may-month"
    at = 0
    while at < len(found):
        match = found[at]
        if at in figures:
            if figures[at]:
                yield ReadWord(match.group(), figures[at], figures[at], match.start(), figure=True)
            at += 1
            continue
        taken, read = _phrase(low, at)
        for word in read:
            for part in word.split():
                # A year is a figure for which dates have a check of their own.
                content = root(part)
                figure = bool(YEAR.fullmatch(part)) or part.isdigit()
                yield ReadWord(
                    match.group(), part, content, match.start(), at in capitals and bool(content), figure
                )
        at += taken


def _contracted(word: str) -> str:
    """Return "is not" for "isn't" and "will" for "'ll"; the written forms without a mark are in the phrases."""
    if word.endswith("n't") and word not in ("can't", "won't"):
        base = word[:-3]
        return "not" if base in ("do", "does") else f"{base} not"
    if word.endswith("'ll"):
        return word[:-3] + " will"
    return word.removesuffix("'re").removesuffix("'ve").removesuffix("'s")


def _phrase(low: Sequence[str], at: int) -> tuple[int, tuple[str, ...]]:
    """Return how many words are read as one phrase from here, and as what."""
    for written, read in phrases().get(low[at], ()):
        if tuple(low[at : at + len(written)]) == written:
            return len(written), read
    return 1, (low[at],)


def _figures(found: Sequence[re.Match[str]], numbers: Sequence[Quantity]) -> dict[int, str]:
    """Return what stands for each word of a figure: the value for its first word, nothing for the others."""
    result: dict[int, str] = {}
    at = 0
    for number in numbers:
        value = f"={number.value:.3g}"
        while at < len(found) and found[at].end() <= number.start:
            at += 1
        inside = at
        while inside < len(found) and found[inside].start() < number.end:
            low = found[inside].group().lower()
            whole = number.kind in _WHOLE or all(
                _DIGIT.search(part) or part in words("numbers") for part in low.split("-")
            )
            if whole or ("-" in low and _DIGIT.match(low)):
                result[inside] = value
                value = ""
            inside += 1
    return result


def _names(found: Sequence[re.Match[str]], silent: bool) -> frozenset[int]:
    """Return the places of capitalised words; the first word only where it is no common word."""
    names: set[int] = set()
    if silent:
        return frozenset()
    common = _no_names()
    for at, match in enumerate(found):
        low = match.group().lower()
        if not match.group()[0].isupper() or low in common:
            continue
        if at == 0 and len(found) > 1 and not (found[1].group()[0].isupper() or _verb_follows(found)):
            continue
        names.add(at)
    return frozenset(names)


@cache
def _no_names() -> frozenset[str]:
    return words("stop") | words("openers") | words("titles")


def _verb_follows(found: Sequence[re.Match[str]]) -> bool:
    """Tell whether the second word can be a verb or an auxiliary: then the first is a name ("Armenia resumed")."""
    word = found[1].group().lower()
    return word in words("auxiliaries") or word.endswith(("ed", "s")) or word in irregular()
