"""Passages as the product reads them: their statements, found by splitting."""

from __future__ import annotations

from claims.actions.reliance import statements_of
from claims.independence.reliance import Statement


def statements_in(text: str, language: str = "en") -> tuple[Statement, ...]:
    """Return who says what in a text."""
    return statements_of(text, language)
