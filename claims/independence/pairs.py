"""What tells that two texts rest on one report? Traits of a text, and the twelve signs of a pair.

Words, names, figures and quotations are compared as they stand, so texts of one language are compared with each
other; a script without spaces is read by its characters. Knows neither dates nor outlets: those are rules of
``origins``. The signs are numbers for a model; what they mean for a person is said in words by ``said``.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise
from pathlib import Path
from typing import Any

from claims.independence.credits import named_places
from claims.independence.shingles import (
    Grams,
    own_words,
    quotations,
    shingles_of,
    short_grams,
    short_keys,
    stable_key,
    words_of,
)

#: Quotations of fewer words are a title or a scare quote.
_QUOTED = 3
#: So many four-word pieces of quotations say something about whose quotations they are.
_PIECES = 3
#: What stands for the share of quotations where neither text quotes.
_NO_QUOTATIONS = 0.3
_FIGURE = re.compile(r"\d[\d.,:]*\d|\d")
#: A word written large after another word, so not at the beginning of a sentence.
_NAME = re.compile(r"(?<=[\w,;)’'/-] )[A-ZÀ-ÖØ-ÞΑ-ΩЀ-Я][^\W_]*(?:['’-][^\W_]+)*")
_IDEOGRAPH = re.compile(r"[\u3040-\u9fff]")
_GENITIVE = re.compile(r"['’]s\Z")
_ENDINGS = ("'s", "ing", "edly", "ed", "ies", "es", "s")
#: Words, names and quotations are read of so many characters; wording of all.
_LONG = 20_000
#: So many texts are kept as read: those of one story come near each other. About 100 kB each.
KEPT = 256


@dataclass(frozen=True, slots=True)
class Traits:
    """What one text is compared by, without its words; ``denials`` counts words of denial in a hundred, at most one.

    Of a quotation all its pieces of four words are there, of one of three words itself. ``figures`` have two signs
    and more; ``place`` is the place the text names most as where its news comes from, 0 for none.
    """

    shingles: Grams
    threes: Grams
    fours: Grams
    quotations: tuple[Grams, ...]
    short_quotations: tuple[Grams, ...]
    words: Grams
    figures: Grams
    names: Grams
    place: int
    denials: float

    @property
    def quoted(self) -> Grams:
        return frozenset().union(*self.quotations)


@dataclass(frozen=True, slots=True)
class ComparedText:
    """A text as it was read: its traits, and the words by which it is looked up."""

    traits: Traits
    shingles: frozenset[int]
    quotations: tuple[tuple[str, ...], ...]
    places: dict[str, int]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of one pair, in the order the model reads them; none depends on which text comes first.

    Shares are square roots, so that a little shared wording counts; counts are logarithms.
    """

    own_of_shorter: float
    own_of_longer: float
    threes_of_shorter: float
    words_of_longer: float
    quotations_shared: float
    quotations_apart: float
    figures_shared: float
    names_apart: float
    one_source: float
    two_sources: float
    one_denies: float
    both_deny: float

    def row(self) -> list[float]:
        return [getattr(self, field.name) for field in fields(self)]


def sign_names() -> tuple[str, ...]:
    return tuple(field.name for field in fields(Signs))


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Words of four letters and more that every story has."""
    path = Path(__file__).with_name("common_words.txt")
    return frozenset(path.read_text(encoding="utf-8").split())


@lru_cache(maxsize=1)
def _denial() -> re.Pattern[str]:
    path = Path(__file__).with_name("denials.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    # Of small letters: one that ignores case takes three times as long.
    return re.compile(rf"\b(?:{'|'.join(line for line in lines if line and not line.startswith('#'))})\b")


def traits(text: str) -> Traits:
    """Return what a text is compared by."""
    return read(text).traits


def read(text: str) -> ComparedText:
    """Read a text for comparing; what was read last is kept, but for very long texts."""
    return _kept(text) if len(text) <= _LONG else _read(text)


@lru_cache(maxsize=KEPT)
def _kept(text: str) -> ComparedText:
    return _read(text)


def _read(text: str) -> ComparedText:
    parts = own_words(text)
    own = frozenset().union(*map(shingles_of, parts))
    if len(text) > _LONG:
        text = text[:_LONG]
        parts = own_words(text)
    written = [word for part in parts for word in part]
    tokens = words_of(text)
    common = common_words()
    telling = {word: _stem(word) for word in set(written) if word not in common and _tells(word)}
    content = [telling[word] for word in written if word in telling]
    if _IDEOGRAPH.search(text):
        content = _paired(content)
    quoted = tuple(tuple(one) for one in map(words_of, quotations(text)) if len(one) >= _QUOTED)
    figures = frozenset(found.strip(".,:").replace(",", "") for found in _FIGURE.findall(text))
    names = _names(text, common)
    places = dict(named_places(text))
    found = Traits(
        shingles=frozenset([number & 0xFFFFFFFF for number in own]),
        threes=_grams(written, 3),
        fours=_grams(tokens, 4),
        quotations=tuple(_grams(one, 4) for one in quoted if len(one) > _QUOTED),
        short_quotations=tuple(_grams(one, _QUOTED) for one in quoted if len(one) == _QUOTED),
        words=short_keys(content),
        figures=short_keys(one for one in figures if len(one) > 1),
        names=short_keys(names),
        place=max(1, stable_key(_first_place(places)) & 0xFFFFFFFF) if places else 0,
        denials=min(1.0, 100 * len(_denial().findall(text.lower())) / max(1, len(tokens))),
    )
    return ComparedText(found, own, quoted, places, _terms(content, names, figures))


def signs(a: Traits, b: Traits) -> Signs:
    """Compare two texts."""
    mine, theirs = a.quoted, b.quoted
    found = (_quotations_found(mine, b), _quotations_found(theirs, a))
    shares = [share for share in found if share is not None]
    quoted = max(shares, default=_NO_QUOTATIONS)
    if not a.shingles & b.shingles:
        # Two reporters who heard one speaker share what he said and not a line of their own.
        quoted = min(quoted, _NO_QUOTATIONS)
    both = bool(a.place and b.place)
    return Signs(
        own_of_shorter=math.sqrt(_least(a.shingles, b.shingles)),
        own_of_longer=math.sqrt(_most(a.shingles, b.shingles)),
        threes_of_shorter=math.sqrt(_least(a.threes, b.threes)),
        words_of_longer=_most(a.words, b.words),
        quotations_shared=quoted,
        quotations_apart=min(math.log1p(len(mine - b.fours)), math.log1p(len(theirs - a.fours))),
        figures_shared=math.log1p(shared_figures(a, b)),
        names_apart=math.log1p(min(len(a.names - b.names), len(b.names - a.names))),
        one_source=float(both and a.place == b.place),
        two_sources=float(both and a.place != b.place),
        one_denies=abs(a.denials - b.denials),
        both_deny=min(a.denials, b.denials),
    )


def shared_quotations(a: Traits, b: Traits) -> int:
    """Count the quotations of one text of which most words stand in the other as well."""
    return sum(2 * len(one & b.fours) > len(one) for one in a.quotations) + sum(
        one <= b.threes for one in a.short_quotations
    )


def shared_names(a: Traits, b: Traits) -> int:
    return len(a.names & b.names)


def shared_figures(a: Traits, b: Traits) -> int:
    return len(a.figures & b.figures)


def shared_words(a: Traits, b: Traits) -> float:
    """Return the share of the rarer words of the shorter text that stand in the other."""
    return _least(a.words, b.words)


def _share(a: AbstractSet[Any], b: AbstractSet[Any], size: int) -> float:
    return len(a & b) / size if size else 0.0


def _least(a: AbstractSet[Any], b: AbstractSet[Any]) -> float:
    """Return the share of the smaller set that is in the larger."""
    return _share(a, b, min(len(a), len(b)))


def _most(a: AbstractSet[Any], b: AbstractSet[Any]) -> float:
    """Return the share of the larger set that is in the smaller."""
    return _share(a, b, max(len(a), len(b)))


def _quotations_found(quoted: Grams, other: Traits) -> float | None:
    return len(quoted & other.fours) / len(quoted) if len(quoted) >= _PIECES else None


def _first_place(places: dict[str, int]) -> str:
    """Return the place that a text names most as where its news comes from, the first of equals."""
    return max(places, key=lambda key: places[key])


def _grams(words: Sequence[str], size: int) -> Grams:
    return frozenset(short_grams(words, size))


def _tells(word: str) -> bool:
    """Say whether a word is long enough to tell what a text is about; a character that is a word always is."""
    size = len(word)
    return size >= 4 or (size >= 2 and word.isdigit()) or (size == 1 and _IDEOGRAPH.match(word) is not None)


def _paired(words: list[str]) -> list[str]:
    """Join neighbouring characters of a script without spaces: one character alone says little."""
    single = [len(word) == 1 for word in words]
    whole = [word for word, alone in zip(words, single, strict=True) if not alone]
    pairs = zip(pairwise(words), pairwise(single), strict=True)
    return whole + [a + b for (a, b), (one, other) in pairs if one and other]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _names(text: str, common: frozenset[str]) -> frozenset[str]:
    """Return words that are written large inside a sentence."""
    found = {_GENITIVE.sub("", name.casefold()) for name in _NAME.findall(text)}
    return frozenset(word for word in found - common if len(word) >= 3)


def _terms(content: list[str], names: frozenset[str], figures: frozenset[str]) -> tuple[str, ...]:
    """Return the eight words a text is most about: often said, said early, names and figures first."""
    counts = Counter(content)
    early = set(content[:40])
    stems = {_stem(name) for name in names}

    def weight(word: str) -> tuple[float, str]:
        return counts[word] * (2.0 if word in stems or word in figures else 1.0) + 2 * (word in early), word

    return tuple(nlargest(8, counts, key=weight))
