"""The shapes of a stretch of text: code points, start inclusive, end exclusive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of the stored text; ``text[start:end]`` is what it covers."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of spoken words with the seconds between which they are heard; 0 and 0 without time codes."""

    start: int
    end: int
    since: float
    until: float
