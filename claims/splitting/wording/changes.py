"""How does a stretch of the text become other words? Changes by place, applied in order, each with its question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from claims.language.spans import Span
from claims.splitting.types import Unresolved
from claims.splitting.wording.clean import one_line


class WordChange(NamedTuple):
    """``text[start:end]`` becomes ``words``; with ``why`` it needs a person."""

    start: int
    end: int
    words: str
    why: str = ""


def applied(text: str, parts: Sequence[Span], changes: Sequence[WordChange]) -> tuple[str, list[Unresolved]]:
    """Return the words of the parts with the changes made, and the places that need a person.

    ``text`` is the visible one; of two changes that overlap the first stands.
    """
    made = ""
    unresolved: list[Unresolved] = []
    ordered = sorted(changes, key=lambda change: (change.start, -change.end))
    for start, end in parts:
        at = start
        made += " " if made and not made.endswith(" ") else ""
        for change in ordered:
            if change.start < at or change.end > end:
                continue
            made = _joined(made, text[at : change.start])
            if change.why:
                begin = len(made)
                unresolved.append(Unresolved(begin, begin + len(change.words), change.why))
            made += change.words
            at = change.end
        made = _joined(made, text[at:end])
    return made.rstrip(), unresolved


def _joined(made: str, more: str) -> str:
    """Append words with single spaces, none at the beginning."""
    folded = one_line(more)
    if not made or made.endswith(" "):
        folded = folded.lstrip(" ")
    return made + folded
