"""The only analyser: which terms a text consists of, for indexing, asking and marking alike.

Answers: the terms of a text in reading order, and where in the text each of them stands. Both engines index
and are asked with what comes out of here, joined by spaces, so a text has the same terms everywhere.
Refuses to guess a language: the caller names it, an unknown one is read without stemming.

Any change to what comes out must raise ANALYSER_VERSION: it is part of every index's stamp.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, filterfalse, islice, pairwise
from pathlib import Path

import regex
import Stemmer

ANALYSER_VERSION = 1

SENTINEL = "_"
"""Stands in an empty field: without it the engines count differently how many records have the field."""

MAX_TERM = 64
"""Longer terms are cut: Elasticsearch's whitespace tokenizer splits at 255 characters, tantivy does not."""

MAX_PAIRED = 400
"""Only so many content words of a field are paired."""

# Lucene's English stop words.
_STOP_WORDS = (
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these "
    "they this to was will with"
)
STOP_WORDS = frozenset(_STOP_WORDS.split())

# ISO 639-1 codes whose Snowball stemmer is used; English is Porter2.
STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# Where 1.234,5 is what English writes 1,234.5.
_DECIMAL_COMMA = "ca da de el es eu fi fr hu hy id it lt nb nl no pt ro ru sr sv tr"
DECIMAL_COMMA = frozenset(_DECIMAL_COMMA.split())

_URL = regex.compile(r"(?:https?://|www\.|pic\.twitter\.com)\S+", regex.IGNORECASE)
_URL_HINT = regex.compile(r"https?:|www\.|pic\.twitter", regex.IGNORECASE)
# Marks belong to the letter they stand on; without them most Indic words would fall apart.
_TOKEN = regex.compile(
    r"\d+(?:[.,]\d+)*%?"
    r"|(?:\p{L}\.){2,}"
    r"|[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’-][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*"
)
_NUMBER = regex.compile(r"\d[\d.,]*%?")
_PARTS = regex.compile(r"\p{N}+|\p{Lu}+(?!\p{Ll})|\p{Lu}?[^\p{Lu}\p{N}]+|\p{Lu}+")
_MIXED = regex.compile(r"\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}|\p{L}\p{N}|\p{N}\p{L}")


#: So many words are kept with their terms, with the signs that stand beside them, but none longer than this.
_KEPT, _LONGEST_KEPT = 200_000, 40


@dataclass(frozen=True, slots=True)
class TermPlace:
    """A stretch of the text and the terms it gave, start inclusive, end exclusive, in code points."""

    start: int
    end: int
    terms: tuple[str, ...]


def terms(text: str, language: str = "en") -> list[str]:
    """Return the terms of a text in order; stop words are gone, parts of mixed words follow their word."""
    return list(chain.from_iterable(map(_words(language).__getitem__, text.split())))


def places(text: str, language: str = "en") -> Iterator[TermPlace]:
    """Yield each word that gives terms, with its offsets in the text as given."""
    if has_address(text):
        text = _URL.sub(lambda found: " " * len(found.group()), text)
    known = _words(language)
    for found in _TOKEN.finditer(text):
        given = known[found.group()]
        if given:
            yield TermPlace(found.start(), found.end(), given)


def has_address(text: str) -> bool:
    """Tell whether a text may hold an address of the web, whose words are no terms."""
    # Nearly no text has one of these, and a search without regard to case costs a tenth of all the rest.
    small = text.lower()
    if "://" not in small and "www." not in small and ".com" not in small:
        return False
    return _URL_HINT.search(text) is not None


def pairs(words: Sequence[str], language: str = "en") -> list[str]:
    """Return neighbouring content words as ``a_b``; other function words are passed over first."""
    light = function_words(language)
    content = islice(filterfalse(light.__contains__, words), MAX_PAIRED)
    return list(map("_".join, pairwise(content)))


def distinct(words: list[str]) -> list[str]:
    """Return each word once, in the order of its first appearance."""
    return list(dict.fromkeys(words))


@lru_cache(maxsize=64)
def function_words(language: str = "en") -> frozenset[str]:
    """Return the further function words of a language as terms; only English has a list."""
    if base_language(language) != "en":
        return frozenset()
    lines = (Path(__file__).parent / "data" / "function_words_en.txt").read_text("utf-8").splitlines()
    words = " ".join(line for line in lines if not line.startswith("#"))
    return frozenset(terms(words, language))


def base_language(language: str) -> str:
    """Return the two-letter code: ``pt-BR`` is read as ``pt``, nothing as English."""
    return (language or "en").replace("_", "-").split("-")[0].lower()


class _Known(dict[str, tuple[str, ...]]):
    """The terms of what stands between two spaces, analysed when they are first asked for.

    No word and no address reaches beyond a space. What it gives is kept, because texts repeat their words: this is what
    makes indexing and comparing fast. The store is emptied when it is full, which costs less than remembering the order
    of use.
    """

    def __init__(self, analyse: Callable[[str], Iterable[str]]) -> None:
        super().__init__()
        self._analyse = analyse

    def __missing__(self, piece: str) -> tuple[str, ...]:
        words = _TOKEN.findall(_URL.sub(" ", piece))
        if words == [piece]:
            given = tuple(self._analyse(piece))
        elif len(words) == 1:
            given = self[words[0]]
        else:
            given = tuple(chain.from_iterable(map(self.__getitem__, words)))
        if len(piece) <= _LONGEST_KEPT:
            if len(self) > _KEPT:
                self.clear()
            self[piece] = given
        return given


@lru_cache(maxsize=64)
def _words(language: str) -> _Known:
    """Return what gives the terms of a piece of text without spaces.

    A stemmer may not be used by two threads at once, so it is asked under a lock.
    """
    code = base_language(language)
    lock = threading.Lock()
    stemmer = Stemmer.Stemmer(STEMMERS[code]) if code in STEMMERS else None
    stopped = STOP_WORDS if code == "en" else frozenset[str]()
    swap = code in DECIMAL_COMMA

    def one(word: str) -> Iterator[str]:
        lowered = word.lower()[:MAX_TERM]
        if lowered and lowered not in stopped:
            if stemmer is None:
                yield lowered
            else:
                with lock:
                    yield stemmer.stemWord(lowered)

    def analyse(word: str) -> Iterator[str]:
        if word.isascii() and word.isalpha() and (word.islower() or word.istitle()):
            # Nearly every word: one piece, nothing to fold, no parts.
            yield from one(word)
            return
        word = unicodedata.normalize("NFKC", word).replace("’", "'")
        if _NUMBER.fullmatch(word):
            yield _number(word, swap)[:MAX_TERM]
            return
        if "." in word:
            word = word.replace(".", "")
        for piece in word.split("-"):
            if code == "en" and piece[-2:] in ("'s", "'S"):
                piece = piece[:-2]
            if piece.isdecimal():
                yield piece[:MAX_TERM]
                continue
            yield from one(piece)
            if _MIXED.search(piece):
                for part in _PARTS.findall(piece):
                    if part.isdecimal():
                        yield part[:MAX_TERM]
                    else:
                        yield from one(part)

    return _Known(analyse)


def _number(word: str, swap: bool) -> str:
    """Return a number without its thousands separators and without a per cent sign."""
    word = word.rstrip("%").rstrip(".,")
    return word.replace(".", "").replace(",", ".") if swap else word.replace(",", "")
