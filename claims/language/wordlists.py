"""Where the word lists of this package are read from.

A list is a text file beside the code: words separated by white space, ``#`` begins a comment.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "data"


@cache
def load_words(name: str) -> frozenset[str]:
    """Return the words of the list ``name`` as they are written there."""
    return frozenset(load_lines(name, split=True))


@cache
def load_lines(name: str, *, split: bool = False) -> tuple[str, ...]:
    """Return the entries of the list ``name`` in order: one a line, or with ``split`` one a word."""
    entries: list[str] = []
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        content = line.split("#", 1)[0].strip()
        if content:
            entries.extend(content.split() if split else [content])
    return tuple(entries)
