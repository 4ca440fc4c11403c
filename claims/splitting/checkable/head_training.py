"""How is the head over the sentence encoder learned? L2 logistic regression, out of fold by document.

Learns from annotated articles: of every unit that the pipeline finds and that pairs with an annotated one, the
case as the pipeline sees it and the annotated check. Circumstances are standardised, rare ones left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from claims.language.encoder import FOR_HEADS, shipped
from claims.splitting.checkable.head import Case, circumstances

Array = NDArray[np.float64]

#: Inverse strength of the penalty, and how often a circumstance has to occur.
STRENGTH = 0.003
RARE = 5
FOLDS = 8


@dataclass(frozen=True, slots=True)
class Labelled:
    """One case with its annotation; ``document`` stays on one side of a fold."""

    case: Case
    is_fact: bool
    document: str


@dataclass(frozen=True)
class Material:
    """The rows as numbers: vectors, circumstances under their names, labels, documents."""

    vectors: Array
    named: Array
    names: tuple[str, ...]
    labels: Array
    documents: tuple[str, ...]

    @classmethod
    def of(cls, rows: Sequence[Labelled]) -> Material:
        found = [circumstances(row.case) for row in rows]
        counts = Counter(name for one in found for name in one)
        names = tuple(sorted(name for name, count in counts.items() if count >= RARE))
        return cls(
            shipped().encode([row.case.text for row in rows], layer=FOR_HEADS).astype(float),
            np.array([[one.get(name, 0.0) for name in names] for one in found]),
            names,
            np.array([row.is_fact for row in rows], dtype=float),
            tuple(row.document for row in rows),
        )


@dataclass(frozen=True)
class Fitted:
    """Weights with the standardisation folded in."""

    vector: Array
    named: Array
    bias: float

    def chances(self, material: Material) -> Array:
        odds = material.vectors @ self.vector + material.named @ self.named + self.bias
        return 1 / (1 + np.exp(-odds))


def fit(material: Material, chosen: NDArray[np.bool_] | None = None) -> Fitted:
    """Fit on the chosen rows (all unless given), by Newton's method."""
    rows = np.ones(len(material.labels), dtype=bool) if chosen is None else chosen
    table = np.concatenate([material.vectors, material.named], axis=1)
    centre, spread = table[rows].mean(0), table[rows].std(0) + 0.01
    scaled = np.c_[(table[rows] - centre) / spread, np.ones(rows.sum())]
    labels = material.labels[rows]
    penalty = np.r_[np.full(table.shape[1], 1 / STRENGTH), 1e-9]
    weights = np.zeros(scaled.shape[1])
    for _round in range(50):
        chances = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (chances - labels) + penalty * weights
        bend = (scaled * (chances * (1 - chances))[:, None]).T @ scaled + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-7:
            break
    plain = weights[:-1] / spread
    width = material.vectors.shape[1]
    return Fitted(plain[:width], plain[width:], float(weights[-1] - plain @ centre))


def out_of_fold(material: Material) -> Array:
    """Return for every row the chance by a head that saw none of its document."""
    documents = sorted(set(material.documents))
    order = np.random.default_rng(0).permutation(len(documents))
    fold = {documents[place]: rank % FOLDS for rank, place in enumerate(order)}
    of_row = np.array([fold[document] for document in material.documents])
    chances = np.zeros(len(of_row))
    for number in range(min(FOLDS, len(documents))):
        aside = of_row == number
        chances[aside] = fit(material, ~aside).chances(material)[aside]
    return chances


def write(fitted: Fitted, names: Sequence[str], path: Path) -> None:
    """Write the weights as ``Head.load`` reads them."""
    np.savez(
        path,
        vector=fitted.vector.astype(np.float32),
        named=fitted.named.astype(np.float32),
        names=np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
        bias=np.float32(fitted.bias),
    )
