"""Which pieces of a BERT vocabulary make up a text? As the uncased WordPiece tokenizer of BERT cuts it.

Refuses nothing: what the vocabulary cannot spell is one unknown piece.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

_LONGEST_WORD = 100
# Ideographs are words of their own: the blocks that BERT's own tokenizer names.
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class WordPieces:
    """Cuts text into pieces, lower-cased and without accents, at most ``longest`` of them."""

    def __init__(self, vocabulary: Sequence[str], *, longest: int) -> None:
        self._ids = {piece: place for place, piece in enumerate(vocabulary)}
        self._unknown = self._ids["[UNK]"]
        self._room = longest - 2
        self._word = lru_cache(maxsize=20_000)(self._pieces)

    def ids(self, text: str) -> list[int]:
        """Return the piece numbers of a text, with the marks for its begin and end."""
        pieces: list[int] = []
        for word in _words(text):
            pieces.extend(self._word(word))
            if len(pieces) >= self._room:
                break
        return [self._ids["[CLS]"], *pieces[: self._room], self._ids["[SEP]"]]

    def _pieces(self, word: str) -> tuple[int, ...]:
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        found: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                number = self._ids.get(("##" if start else "") + word[start:end])
                if number is not None:
                    found.append(number)
                    start = end
                    break
            else:
                return (self._unknown,)
        return tuple(found)


def _words(text: str) -> Iterator[str]:
    """Yield words and single marks: white space parts words, punctuation and ideographs stand alone."""
    word: list[str] = []
    for char in unicodedata.normalize("NFD", text.lower()):
        kind = _kind(char)
        if kind == "letter":
            word.append(char)
        elif kind != "nothing":
            if word:
                yield "".join(word)
                word = []
            if kind == "mark":
                yield char
    if word:
        yield "".join(word)


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    code, category = ord(char), unicodedata.category(char)
    if char.isspace():
        return "space"
    if category == "Mn" or category in ("Cc", "Cf", "Cs", "Co") or code in (0, 0xFFFD):
        return "nothing"
    ascii_mark = 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126
    if ascii_mark or category.startswith("P") or any(low <= code <= high for low, high in _IDEOGRAPHS):
        return "mark"
    return "letter"
