"""How likely does a passage bear on a claim? A logistic regression over a dozen named numbers, calibrated.

Two sets of weights: with likeness of meaning and without it. What they were learned from, and how well they do,
stands in ``data/relevance.md``; they are learned by ``manage.py train_relevance``. Refuses nothing: a low chance
is for the caller to fold.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).with_name("data") / "relevance.json"


@dataclass(frozen=True, slots=True)
class RelevanceWeights:
    """Weights by the name of the number; ``bar`` is the chance from which a passage is shown."""

    weights: Mapping[str, float]
    bias: float
    bar: float

    def chance(self, numbers: Mapping[str, float]) -> float:
        """Return the chance, 0 to 1, that a passage with these numbers bears on the claim."""
        made = self.bias + sum(weight * numbers[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, made))))


@dataclass(frozen=True, slots=True)
class RelevanceModel:
    """``sense`` is used where the likeness of meaning is known, ``words`` elsewhere."""

    words: RelevanceWeights
    sense: RelevanceWeights

    @classmethod
    def load(cls, path: Path) -> RelevanceModel:
        stored = json.loads(path.read_text("utf-8"))
        return cls(words=_weights(stored["words"]), sense=_weights(stored["sense"]))


def _weights(part: Mapping[str, Any]) -> RelevanceWeights:
    return RelevanceWeights(part["weights"], part["bias"], part["bar"])


@lru_cache(maxsize=1)
def shipped() -> RelevanceModel:
    """Return the model in the box."""
    return RelevanceModel.load(SHIPPED)
