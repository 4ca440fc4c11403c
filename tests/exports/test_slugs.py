"""Slugs are readable and never needed."""

from __future__ import annotations

import pytest

from claims.exports.slugs import slug


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("No, the weir didn’t burst!", "no-the-weir-didnt-burst"),
        ("Größe & Maß", "grosse-mass"),
        ("Çà va? São Łódź", "ca-va-sao-lodz"),
        ("  ", ""),
        ("Плотина", "плотина"),
        ("word " * 40, "word-word-word-word-word-word-word-word-word-word-word-word"),
        ("x" * 100, "x" * 60),
    ],
)
def test_a_headline_becomes_a_slug(headline: str, expected: str) -> None:
    assert slug(headline) == expected
