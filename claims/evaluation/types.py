"""The result every evaluation task returns; `manage.py evaluate --json` prints it as it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


class BadData(Exception):
    """The data at the given path is not in a layout this task reads; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Metrics by their published names, each between 0 and 1, over ``n`` scored items."""

    task: str
    data: str
    n: int
    metrics: dict[str, float]
    seconds: float
    engine: str | None = None

    def as_json(self) -> dict[str, Any]:
        row = asdict(self)
        return {key: row[key] for key in ("task", "data", "n", "metrics", "engine", "seconds")}
