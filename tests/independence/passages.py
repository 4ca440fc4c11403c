"""Passages as the product reads them: their statements, found by splitting."""

from __future__ import annotations

from claims.actions.reliance import Told, read_told
from claims.independence.reliance import Statement


def statements_in(text: str, language: str = "en") -> tuple[Statement, ...]:
    """Return who says what in a text."""
    told = Told(text, language)
    return read_told(told).of(told)
