"""How much of one text stands word for word in another?

Five-word shingles of the texts' own words: quotations are left out, because two reporters who heard one
speaker share the quotation without depending on each other, and so is boilerplate. Containment is measured on
the shorter side: a copy cut to half is still all copy. Says nothing about rewrites, which share almost no
shingle.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

SIZE = 5
#: At least this share of the shorter text in the other means a copy (measured: precision 0.89 within
#: stories).
COPY = 0.35
#: From here on a person should look.
SUSPECT = 0.2
#: Fewer own shingles than this say nothing.
LEAST = 12

#: A word; in a script without spaces, a character.
TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:['’][^\W_\u3040-\u30ff\u3400-\u9fff]+)*"
)
#: A sequence is the value of a polynomial in its words, modulo 2 to the 64th.
_BASE = 0x9E3779B97F4A7C15
#: Words and sequences of words by 32 bits of their numbers: enough to compare a few texts, and half the room.
Grams = frozenset[int]
Numbers: TypeAlias = "np.ndarray[Any, np.dtype[np.uint64]]"
_OPEN_CLOSE = (("“", "”"), ("„", "“”"), ("«", "»"), ("»", "«"), ('"', '"'))
_LONGEST_QUOTATION = 1_500
#: Stands where a quotation was; no text contains it, because it counts as a space to every tokenizer.
_BREAK = "\x1e"
_BOILERPLATE = re.compile(
    r"^\s*(?:©|\(c\)|copyright\b|all rights reserved|"
    r"read (?:more|also|next)\b|see also\b|also read\b|related:|"
    r"share (?:this|on)\b|follow us\b|sign up\b|subscribe\b|click here\b|advertisement\b|sponsored\b|"
    r"(?:photo|image|picture|video|credit)s?:|photograph by\b|comments? (?:\(\d+\)|are closed)|"
    r"join (?:us|our)\b|download our\b|get the latest\b|this (?:story|article) (?:was|has been|is) )",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Shared shingles and the share they make of the shorter text."""

    shared: int
    containment: float

    @property
    def is_copy(self) -> bool:
        return self.containment >= COPY and self.shared >= LEAST // 2


def own_text(text: str, *, drop_lines: AbstractSet[str] = frozenset()) -> str:
    """Return the text without quotations and boilerplate, a break in the place of each quotation.

    ``drop_lines`` are folded lines (see ``fold_line``) that an outlet repeats under its articles.
    """
    kept = [
        line
        for line in text.splitlines()
        if not _BOILERPLATE.match(line) and (not drop_lines or fold_line(line) not in drop_lines)
    ]
    return _without_quotations("\n".join(kept))


def fold_line(line: str) -> str:
    """Fold a line for comparison: words only, lower case."""
    return " ".join(words_of(line))


def _without_quotations(text: str) -> str:
    """Blank out what stands in double quotation marks.

    A mark without its partner in the paragraph stays text.
    """
    out: list[str] = []
    at = 0
    for start, end in _quotation_spans(text):
        if len(TOKEN.findall(text[start + 1 : end - 1])) < SIZE:
            continue  # a title or a scare quote is the writer's own wording
        out.append(text[at:start])
        out.append(_BREAK)
        at = end
    out.append(text[at:])
    return "".join(out)


def quotations(text: str) -> list[str]:
    """Return what stands in double quotation marks, without them, in order."""
    return [text[start + 1 : end - 1] for start, end in _quotation_spans(text)]


def _quotation_spans(text: str) -> Iterator[tuple[int, int]]:
    """Give the spans of the outermost quotations, marks included."""
    at = 0
    openers = dict(_OPEN_CLOSE)
    for match in re.finditer(r"[“„«»\"]", text):
        if match.start() < at:
            continue
        closers = openers[match[0]]
        # A quotation opens after a space or bracket, else this is a closing mark or an inch.
        before = text[match.start() - 1] if match.start() else " "
        if not (before.isspace() or before in "([-–—:,‘'"):
            continue
        limit = min(len(text), match.end() + _LONGEST_QUOTATION)
        ends = [found for closer in closers if (found := text.find(closer, match.end(), limit)) >= 0]
        end = min(ends, default=-1)
        if end < 0 or "\n\n" in text[match.end() : end]:
            continue
        yield match.start(), end + 1
        at = end + 1


def shingles(text: str, *, drop_lines: AbstractSet[str] = frozenset()) -> frozenset[int]:
    """Return the 64-bit hashes of the text's own five-word shingles.

    None crosses a quotation; lines and paragraphs are no borders, since a copy may be wrapped or set anew.
    """
    return frozenset().union(*map(shingles_of, own_words(text, drop_lines=drop_lines)))


def own_words(text: str, *, drop_lines: AbstractSet[str] = frozenset()) -> list[list[str]]:
    """Return the text's own words as they are compared, a list for each stretch between two quotations."""
    return [words_of(part) for part in own_text(text, drop_lines=drop_lines).split(_BREAK)]


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared: small letters, one apostrophe."""
    return TOKEN.findall(text.casefold().replace("’", "'"))


def shingles_of(words: Sequence[str]) -> set[int]:
    """Return the 64-bit hashes of every five words in a row."""
    return set(grams(numbers_of(words), SIZE).tolist())


def short_grams(words: Sequence[str], size: int) -> list[int]:
    """Return 32-bit numbers of every so many words in a row, in their order."""
    import numpy as np

    return (grams(numbers_of(words), size) & np.uint64(0xFFFFFFFF)).tolist()


def numbers_of(words: Sequence[str]) -> Numbers:
    """Return a 64-bit number for each word: the same in every process and on every machine."""
    import numpy as np

    return np.fromiter(map(_number, words), dtype=np.uint64, count=len(words))


def grams(numbers: Numbers, size: int) -> Numbers:
    """Return the 64-bit hashes of every so many words in a row, by the numbers of the words, in their order."""
    import numpy as np  # not before a text is compared: a web process seldom does

    count = max(0, len(numbers) - size + 1)
    base, half = np.uint64(_BASE), np.uint64(33)
    found = numbers[:count].copy()
    for step in range(1, size):
        found = found * base + numbers[step : step + count]
    # The bits are spread, so that the smallest numbers are a sample of all (the finish of MurmurHash3).
    found = (found ^ (found >> half)) * np.uint64(0xFF51AFD7ED558CCD)
    found = (found ^ (found >> half)) * np.uint64(0xC4CEB9FE1A85EC53)
    return found ^ (found >> half)


def _hashed(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "big")


#: Words come again; what is hashed once (lines, keys of a week) must not push them out.
_number = lru_cache(maxsize=100_000)(_hashed)


def short_keys(words: Iterable[str]) -> Grams:
    """Return words as 32-bit numbers, the same in every process and on every machine."""
    return frozenset([_number(word) & 0xFFFFFFFF for word in words])


def stable_key(*parts: str) -> int:
    """Return the 64-bit number of some words: the same in every process and on every machine."""
    return _hashed("\x1f".join(parts))


def overlap(a: AbstractSet[int], b: AbstractSet[int]) -> Overlap:
    """Compare two shingle sets; a side with too few shingles gives no containment."""
    least = min(len(a), len(b))
    shared = len(a & b)
    return Overlap(shared, shared / least if least >= LEAST else 0.0)
