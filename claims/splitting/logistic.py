"""How are the linear heads learned? L2 logistic regression by Newton's method, standardised, folds by document.

Used by the training commands alone; what ships are weights with the standardisation folded in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FOLDS = 8


@dataclass(frozen=True)
class Fit:
    """Weights of the plain columns, the bias, and the mean of each column in the rows learned from."""

    weights: Array
    bias: float
    means: Array

    def chances(self, table: Array) -> Array:
        made: Array = 1 / (1 + np.exp(-(table @ self.weights + self.bias)))
        return made


def fit(table: Array, labels: Array, *, strength: float, weight: Array | None = None) -> Fit:
    """Fit labels of 0 and 1; ``strength`` is the inverse of the penalty on standardised weights.

    ``weight`` says how much each row counts, 1 where it is not given.
    """
    share = np.ones(len(table)) if weight is None else weight
    means, spread = table.mean(0), table.std(0) + 0.01
    scaled = np.c_[(table - means) / spread, np.ones(len(table))]
    penalty = np.r_[np.full(table.shape[1], 1 / strength), 1e-9]
    weights = np.zeros(scaled.shape[1])
    for _round in range(50):
        chances = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (share * (chances - labels)) + penalty * weights
        bend = (scaled * (share * chances * (1 - chances))[:, None]).T @ scaled + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-7:
            break
    plain = weights[:-1] / spread
    return Fit(plain, float(weights[-1] - plain @ means), means)


def folds(documents: Sequence[str]) -> dict[str, int]:
    """Return the fold of each document, the same in every run."""
    names = sorted(set(documents))
    order = np.random.default_rng(0).permutation(len(names))
    return {names[place]: rank % FOLDS for rank, place in enumerate(order)}
