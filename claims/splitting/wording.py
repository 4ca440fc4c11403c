"""Which self-contained sentence says what a unit asserts?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claims.splitting.attributed import Attributed
from claims.splitting.claimants import Claimant
from claims.splitting.reading import Reading
from claims.splitting.types import Unit, Wording


def worded(
    units: Sequence[Unit],
    reading: Reading,
    rows: Sequence[Attributed],
    people: Sequence[Claimant],
    published: str | None,
) -> tuple[Unit, ...]:
    """Return the units with their wording."""
    return tuple(replace(unit, wording=Wording(" ".join(unit.text.split()))) for unit in units)
