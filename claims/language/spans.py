"""The shapes of a stretch of text: code points, start inclusive, end exclusive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of the stored text; ``text[start:end]`` is what it covers."""

    start: int
    end: int


def line_spans(text: str) -> list[tuple[int, int]]:
    """Return where each line of a text begins and ends, its break left out."""
    spans = []
    at = 0
    for line in text.split("\n"):
        spans.append((at, at + len(line)))
        at += len(line) + 1
    return spans


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of spoken words with the seconds between which they are heard; 0 and 0 without time codes."""

    start: int
    end: int
    since: float
    until: float
