"""Which units of an article say what an earlier one says?"""

from __future__ import annotations

from claims.splitting.types import Unit


def mark(units: list[Unit]) -> list[Unit]:
    """Return the units, with the id of the earlier unit that each repeats."""
    return units
