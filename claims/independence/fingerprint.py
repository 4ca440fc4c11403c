"""What is kept of a text so that others can be compared with it, without its words and without reading it again?

Sets of 32-bit numbers of words and sequences of words, the names that stand where a credit would, and which wording
stands on which line: all that ``origins`` compares. ``pack`` makes one row of bytes of it, about twice as long as the
text; of its words only those names can be read in it. Refuses bytes of another layout with ValueError.
"""

from __future__ import annotations

import json
import re
import struct
import sys
from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from claims.independence.credits import Credit, CreditKind, named_sources
from claims.independence.pairs import KEPT, Traits, common_words, traits
from claims.independence.shingles import SIZE, Grams, short_grams, short_keys, stable_key, words_of

#: Raised whenever other numbers come of the same text: rows of an older edition are made anew.
EDITION = 1
#: So many characters of a text are kept; the beginning tells what it is.
READ = 40_000
#: So many tell whether it may be the same story at all.
_BEGUN = 3_000
#: So many characters are the beginning by which versions of one article are known.
_HEAD = 300
#: Shorter lines are no boilerplate that an outlet repeats.
_LINE = 20
#: Credits are looked for in so many characters.
_CREDITED = 200_000
#: Numbers of two digits and more, and times.
_FIGURE = re.compile(r"\d[\d.,:]*\d")
_CONTENT = re.compile(r"[^\W_]{4,}|\d{2,}")
_HEADER = struct.Struct("<QIId13I")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One text for comparing.

    ``folded`` is of all its words, 0 where it has none; ``begun`` of its beginning; ``content`` of the words by which
    two stories are compared and ``opening`` of those at its beginning; ``lines`` are its longer lines, each with
    the text's own wording that touches it.
    """

    traits: Traits
    folded: int
    begun: int
    content: Grams
    opening: Grams
    figures: Grams
    named: tuple[Credit, ...]
    lines: tuple[tuple[int, tuple[int, ...]], ...]


@lru_cache(maxsize=KEPT)
def fingerprint(text: str) -> Fingerprint:
    """Read a text; what was read last is kept."""
    found = traits(text)
    content = content_words(text)
    words = [words_of(line) for line in text.splitlines()]
    return Fingerprint(
        traits=found,
        folded=stable_key(*all_words) if (all_words := [word for line in words for word in line]) else 0,
        begun=stable_key(*words_of(text[:_HEAD])) & 0xFFFFFFFF,
        content=short_keys(content),
        # The cut may have left a piece of a word.
        opening=short_keys(content & content_words(text[:_BEGUN])),
        figures=short_keys(_FIGURE.findall(text)),
        named=named_sources(text[:_CREDITED]),
        lines=tuple(_lines(text, words, found.shingles)),
    )


def content_words(text: str) -> frozenset[str]:
    """Return the words by which two stories are compared: four letters or two digits and more, common ones not."""
    return frozenset(_CONTENT.findall(text.casefold())) - common_words()


def _lines(text: str, words: list[list[str]], own: Grams) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield the longer lines, each with the text's own wording that touches it."""
    every = short_grams([word for line in words for word in line], SIZE)
    wording = [one if one in own else None for one in every]
    begin = 0
    for line, its in zip(text.splitlines(), words, strict=True):
        end = begin + len(its)
        if len(line) > _LINE and its:
            touching = wording[max(0, begin - SIZE + 1) : end]
            yield stable_key(*its) & 0xFFFFFFFF, tuple(one for one in touching if one is not None)
        begin = end


def pack(one: Fingerprint) -> bytes:
    """Return a fingerprint as bytes."""
    has, lines = one.traits, one.lines
    on_lines = [number for _, wording in lines for number in wording]
    sets: list[Collection[int]] = [
        [key for key, _ in lines],
        [len(wording) for _, wording in lines],
        on_lines,
        has.shingles.difference(on_lines),
        has.threes,
        has.fours,
        [len(pieces) for pieces in has.quotations],
        [number for pieces in has.quotations for number in pieces],
        [number for pieces in has.short_quotations for number in pieces],
        [number for part in (has.words, has.figures, has.names) for number in part],
        one.content - one.opening,
        one.opening,
        one.figures,
    ]
    numbers = [number for one_set in sets for number in one_set]
    told = [[row.kind, row.key, row.name, row.start] for row in one.named]
    few = (len(has.words), len(has.figures))
    return b"".join(
        (
            _HEADER.pack(one.folded, one.begun, has.place, has.denials, *map(len, sets)),
            struct.pack("<II", *few),
            struct.pack(f"<{len(numbers)}I", *numbers),
            json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(),
        )
    )


def unpack(data: bytes) -> Fingerprint:
    """Open bytes that ``pack`` made; raises ValueError where they are others. A set is made when it is asked for."""
    try:
        folded, begun, place, denials, *counts = _HEADER.unpack_from(data)
        few = struct.unpack_from("<II", data, _HEADER.size)
        at = _HEADER.size + 8
        end = at + 4 * sum(counts)
        numbers = array("I", data[at:end])
        if len(numbers) < sum(counts):
            raise ValueError
        told = json.loads(data[end:])
        named = tuple(
            Credit(CreditKind(kind), key, name, start, start + len(name)) for kind, key, name, start in told
        )
    except (struct.error, TypeError, ValueError) as error:
        raise ValueError("these bytes are no fingerprint of this edition") from error
    if sys.byteorder == "big":
        numbers.byteswap()
    parts, begin = [], 0
    for count in counts:
        parts.append(memoryview(numbers)[begin : begin + count])
        begin += count
    traits_ = _KeptTraits.__new__(_KeptTraits)
    made = _KeptFingerprint.__new__(_KeptFingerprint)
    known = {"traits": traits_, "folded": folded, "begun": begun, "named": named, "_kept": parts}
    for one, values in (
        (made, known),
        (traits_, {"place": place, "denials": denials, "_kept": (parts, few)}),
    ):
        for name, value in values.items():
            object.__setattr__(one, name, value)
    return made


class _KeptFingerprint(Fingerprint):
    """One that was kept: of most that a text is compared with only a few sets are ever asked for."""

    __slots__ = ("_kept",)
    _kept: list[memoryview]

    def __getattr__(self, name: str) -> Any:
        lines, sizes, on_lines = self._kept[:3]
        made: Any
        if name == "opening":
            made = frozenset(self._kept[11])
        elif name == "content":
            made = self.opening.union(self._kept[10])
        elif name == "figures":
            made = frozenset(self._kept[12])
        elif name == "lines":
            made = tuple(zip(lines, map(tuple, _cut(on_lines, sizes)), strict=True))
        else:
            raise AttributeError(name)
        object.__setattr__(self, name, made)
        return made


class _KeptTraits(Traits):
    """The same for traits; the counts are of words and of figures among what words, figures and names are."""

    __slots__ = ("_kept",)
    _kept: tuple[list[memoryview], tuple[int, int]]

    def __getattr__(self, name: str) -> Any:
        parts, (words, figures) = self._kept
        few = parts[9]
        made: Any
        if name == "shingles":
            made = frozenset(parts[2]).union(parts[3])
        elif name == "threes":
            made = frozenset(parts[4])
        elif name == "fours":
            made = frozenset(parts[5])
        elif name == "quotations":
            made = tuple(map(frozenset, _cut(parts[7], parts[6])))
        elif name == "short_quotations":
            made = tuple(frozenset((one,)) for one in parts[8])
        elif name == "words":
            made = frozenset(few[:words])
        elif name == "figures":
            made = frozenset(few[words : words + figures])
        elif name == "names":
            made = frozenset(few[words + figures :])
        else:
            raise AttributeError(name)
        object.__setattr__(self, name, made)
        return made


def _cut(numbers: memoryview, lengths: memoryview) -> Iterator[memoryview]:
    begin = 0
    for length in lengths:
        yield numbers[begin : begin + length]
        begin += length
