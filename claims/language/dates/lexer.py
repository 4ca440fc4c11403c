"""Cut a text into lower-case words, numbers and marks with their offsets, and say where a date could be.

A blank line is a token of its own so that no expression runs over it.
"""

from __future__ import annotations

import re

from claims.language.dates import english

_TOKEN = re.compile(r"[^\W\d_]+|\d+|\n[ \t\r\f\v\u00a0]*\n|[^\w\s]|_")
_AROUND = 24


def shadow(text: str) -> str:
    """Return the text in lower case with unchanged offsets (some letters grow when lowered)."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return low


class Words(list[str]):
    """The tokens of one stretch of text in lower case; looking a few places outside it yields the empty string."""

    __slots__ = ("size", "spans", "text", "triggers")

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        self.text = text
        matches = list(_TOKEN.finditer(shadow(text), start, len(text) if end is None else end))
        low = [match.group() for match in matches]
        self.spans = [match.span() for match in matches]
        self.size = len(low)
        triggers = english.TRIGGERS
        self.triggers = [
            index
            for index, word in enumerate(low)
            if word in triggers
            or (word < ":" and len(word) in (1, 2, 4) and word.isdecimal() and _dated(word, low, index))
        ]
        # Padding lets the grammar look at neighbours without a bounds check at each step: behind the last token, and
        # by a negative index before the first.
        low.extend([""] * _AROUND)
        super().__init__(low)

    def glued(self, index: int) -> bool:
        """Tell whether the token touches the one after it."""
        if index < 0 or index + 1 >= self.size:
            return False
        return self.spans[index][1] == self.spans[index + 1][0]

    def capital(self, index: int) -> bool:
        """Tell whether the token starts with a capital letter in the text."""
        return 0 <= index < self.size and self.text[self.spans[index][0]].isupper()

    def number(self, index: int, longest: int = 4) -> int | None:
        """Return the plain number at a token, or None."""
        word = self[index]
        if word and len(word) <= longest and word.isdecimal() and word.isascii():
            return int(word)
        return None


def _dated(word: str, low: list[str], index: int) -> bool:
    if len(word) == 4:
        return "1000" <= word <= "2199" or (index + 1 < len(low) and low[index + 1] in "-/.")
    following = low[index + 1] if index + 1 < len(low) else ""
    if len(word) == 2 and index and low[index - 1] in ("'", "’", "‘", "`"):
        return True
    return following in ("/", ".", "-", ":") or (following == "s" and len(word) == 2)
