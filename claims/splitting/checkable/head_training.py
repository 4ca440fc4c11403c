"""How is the head over the sentence encoder learned? A logistic regression, scored out of fold by document.

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
from claims.splitting import logistic
from claims.splitting.checkable.head import Case, circumstances
from claims.splitting.logistic import FOLDS, Array, Fit, folds

#: Inverse strength of the penalty, and how often a circumstance has to occur.
STRENGTH = 0.003
RARE = 5


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

    @property
    def table(self) -> Array:
        return np.concatenate([self.vectors, self.named], axis=1)

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


def fit(material: Material, chosen: NDArray[np.bool_] | None = None) -> Fit:
    """Fit on the chosen rows (all unless given): the numbers of the vector first, then the circumstances."""
    rows = np.ones(len(material.labels), dtype=bool) if chosen is None else chosen
    return logistic.fit(material.table[rows], material.labels[rows], strength=STRENGTH)


def out_of_fold(material: Material) -> Array:
    """Return for every row the chance by a head that saw none of its document."""
    fold = folds(material.documents)
    of_row = np.array([fold[document] for document in material.documents])
    chances = np.zeros(len(of_row))
    for number in range(min(FOLDS, len(fold))):
        aside = of_row == number
        chances[aside] = fit(material, ~aside).chances(material.table[aside])
    return chances


def write(fitted: Fit, names: Sequence[str], path: Path) -> None:
    """Write the weights as ``Head.load`` reads them."""
    vector, named = np.split(fitted.weights.astype(np.float32), [len(fitted.weights) - len(names)])
    np.savez(
        path,
        vector=vector,
        named=named,
        names=np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
        bias=np.float32(fitted.bias),
    )
