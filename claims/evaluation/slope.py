"""Do the figures hold outside the articles they were made on? One table over several sets, with intervals.

Reads a list of sets (``name``, ``folder`` and, where only some articles count, ``only``; tab-separated, folders
from the list's own place). The intervals are 95 % of 1,000 drawings of whole articles with a fixed seed: units of
one article err together, so single units say too little about the next article.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from claims.evaluation.types import BadData

DRAWINGS = 1_000
_SEED = 20_261_129
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One row of the list."""

    name: str
    folder: Path
    only: str | None


def read_sets(path: Path) -> list[LabelledSet]:
    """Return the sets of a list; raises BadData where a row has another shape or its folder is not there."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    if not rows or not {"name", "folder"} <= set(rows[0]):
        raise BadData(f"{path} is no list of sets: expected the columns name, folder and only")
    sets = [
        LabelledSet(row["name"], (path.parent / row["folder"]).resolve(), row.get("only") or None)
        for row in rows
    ]
    for one in sets:
        if not one.folder.is_dir():
            raise BadData(f"{path} names {one.folder}, which is not there")
    return sets


def interval(
    items: Sequence[_Item], measure: Callable[[Sequence[_Item]], dict[str, float]]
) -> dict[str, tuple[float, float]]:
    """Return the interval of each figure of ``measure`` over drawings of the items with replacement."""
    rng = random.Random(_SEED)  # noqa: S311  # a drawing that can be drawn again, no secret
    drawn: dict[str, list[float]] = {}
    for _ in range(DRAWINGS):
        for name, value in measure(rng.choices(items, k=len(items))).items():
            drawn.setdefault(name, []).append(value)
    # A drawing without any premise has no figure for them: the interval is that of the others.
    return {name: _middle(sorted(values)) for name, values in drawn.items()}


def _middle(values: list[float]) -> tuple[float, float]:
    return values[round(0.025 * len(values))], values[max(0, round(0.975 * len(values)) - 1)]


def table(
    figures: dict[str, dict[str, float]], intervals: dict[str, dict[str, tuple[float, float]]]
) -> list[str]:
    """Return the lines of the table: one row a figure, one column a set."""
    names = list(figures)
    lines = ["== slope".ljust(24) + "".join(name.rjust(22) for name in names)]
    for figure in figures[names[0]]:
        cells = []
        for name in names:
            if figure not in figures[name]:
                cells.append("–".rjust(22))
                continue
            low, high = intervals[name][figure]
            cells.append(f"{figures[name][figure]:.3f} ({low:.3f}–{high:.3f})".rjust(22))
        lines.append(f"  {figure}".ljust(24) + "".join(cells))
    return lines
