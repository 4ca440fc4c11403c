"""Texts that benchmarks split: of about 800 words each, made of our own annotated articles."""

from __future__ import annotations

from pathlib import Path

ARTICLES = Path(__file__).resolve().parent.parent / "tests" / "splitting" / "claim_units"


def articles(count: int) -> list[str]:
    """Return texts of about 800 words, each three of our own annotated articles."""
    own = [path.read_bytes().decode("utf-8") for path in sorted(ARTICLES.glob("*.txt"))]
    return ["\n\n".join(own[(3 * at + step) % len(own)] for step in range(3)) for at in range(count)]
