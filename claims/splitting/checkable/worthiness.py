"""How much does a sentence deserve checking, by itself?

A linear model over the named features of ``worth_features``: the score is the logistic function of a sum of
weights, added within a family for those who weigh it further (``ranking``, which knows the article). Weights are JSON
(``data/worthiness.json``, learned from our own sentences by ``manage.py train_worthiness``). It refuses to decide what
is true, and to call a sentence not worth checking: it ranks.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import compress
from operator import mul
from pathlib import Path
from typing import Any, NamedTuple

from claims.splitting.checkable import features as worth_features
from claims.splitting.checkable.features import DATA, Features
from claims.splitting.types import Reason

SHIPPED = DATA / "worthiness.json"
SCHEMA = 1
_Table = tuple[float, ...]
# What the family of a feature is called among circumstances, the weight and the place of the feature.
_Amount = tuple[str, float, int]


@lru_cache(maxsize=64)
def set_bytes(bits: int) -> tuple[tuple[int, int], ...]:
    """Return place and value of each byte of the bits that is not zero; kept, as several models ask for the same."""
    raw = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    return tuple(compress(enumerate(raw), raw))


class BadWeights(Exception):
    """A file of weights that cannot be used; the message says why."""


@dataclass(frozen=True)
class Weights:
    """A model: one weight a feature name, a bias, and the score from which a sentence counts as worthy."""

    weights: dict[str, float]
    bias: float
    threshold: float
    trained_on: dict[str, int] = field(default_factory=dict)

    @cached_property
    def _bytes(self) -> tuple[_Table, ...]:
        """For every byte of the bits of ``Features``: the sum of weights for each of its 256 values."""
        flags = worth_features.names()[: -len(worth_features.FRACTIONS)]
        tables = []
        for start in range(0, len(flags), 8):
            eight = [self.weights.get(feature.name, 0.0) for feature in flags[start : start + 8]]
            sums = [0.0]
            for value in eight:
                sums += [value + known for known in sums]
            tables.append(tuple(sums))
        return tuple(tables)

    @cached_property
    def _fractions(self) -> tuple[float, ...]:
        return tuple(self.weights.get(name, 0.0) for name, _, _ in worth_features.FRACTIONS)

    def log_odds(self, features: Features) -> float:
        """Return the sum of weights of a sentence's features."""
        tables = self._bytes
        total = sum([tables[place][value] for place, value in set_bytes(features.bits)], self.bias)
        return sum(map(mul, self._fractions, features.fractions), total)

    @cached_property
    def _listed(self) -> dict[tuple[int, int], tuple[_Amount, ...]]:
        return {}

    def amounts(self, bits: int) -> list[_Amount]:
        """Return what the family is called, weight and place of each weighed feature among ``bits``, by place."""
        known = self._listed
        found: list[_Amount] = []
        for pair in set_bytes(bits):
            rows = known.get(pair)
            if rows is None:
                rows = known[pair] = self._of_byte(*pair)
            found += rows
        return found

    def _of_byte(self, byte: int, value: int) -> tuple[_Amount, ...]:
        listed = worth_features.names()
        found = []
        for place in range(8 * byte, 8 * byte + 8):
            weight = self.weights.get(listed[place].name) if value >> place % 8 & 1 else None
            if weight:
                found.append((f"family {listed[place].family}", weight, place))
        return tuple(found)

    def as_json(self) -> dict[str, Any]:
        """Return the model as it is stored: weights rounded, features without weight left out."""
        kept = {name: round(weight, 3) for name, weight in self.weights.items() if abs(weight) >= 0.001}
        return {
            "schema": SCHEMA,
            "bias": round(self.bias, 4),
            "threshold": round(self.threshold, 4),
            "trained_on": self.trained_on,
            "weights": kept,
        }


def load(path: Path) -> Weights:
    """Read a model; raises ``BadWeights`` when the file is another thing or names unknown features."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        weights = {str(name): float(value) for name, value in stored["weights"].items()}
        bias, threshold, schema = float(stored["bias"]), float(stored["threshold"]), stored["schema"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadWeights(f"{path.name} holds no weights of check-worthiness") from error
    if schema != SCHEMA:
        raise BadWeights(f"{path.name} has schema {schema}, this version reads {SCHEMA}")
    unknown = weights.keys() - {feature.name for feature in worth_features.names()}
    if unknown:
        raise BadWeights(f"{path.name} weighs unknown features: {', '.join(sorted(unknown)[:5])}")
    return Weights(weights, bias, threshold, dict(stored.get("trained_on", {})))


@cache
def shipped() -> Weights:
    """Return the model that comes with the project."""
    return load(SHIPPED)


class Worth(NamedTuple):
    """A score between 0 and 1 and the reasons for it, those for it first."""

    score: float
    reasons: tuple[Reason, ...]


def score(words: Sequence[str], xpos: Sequence[str], weights: Weights | None = None) -> float:
    """Score a sentence by itself from its words and Penn tags, with the shipped weights unless given."""
    model = weights if weights is not None else shipped()
    return logistic(model.log_odds(worth_features.read(words, xpos)))


def logistic(log_odds: float) -> float:
    """Return the chance that belongs to log-odds."""
    if log_odds < -60:
        return 0.0
    return 1 / (1 + math.exp(-log_odds))
