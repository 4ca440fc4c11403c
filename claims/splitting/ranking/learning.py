"""How is the ranker of an article's units learned? Two logistic regressions, scored out of fold by document.

Rows are units with what an editor said of them: took it or not. Read by commands only.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from claims.splitting import logistic
from claims.splitting.logistic import FOLDS, Array, folds
from claims.splitting.ranking.head import AdditiveModel, EditorRanker

#: Inverse strength of the penalties, found out of fold: with vectors a stronger one.
PLAIN_STRENGTH = 0.01
FULL_STRENGTH = 0.002
#: How often a circumstance has to occur.
RARE = 8


@dataclass(frozen=True, slots=True)
class RankLesson:
    """One judged unit: its circumstances, its sentence vector, whether an editor took it, and its document."""

    found: dict[str, float]
    vector: Array
    taken: bool
    document: str


def learn(rows: Sequence[RankLesson]) -> EditorRanker:
    """Learn both models; raises ValueError where all rows say the same."""
    labels = np.array([row.taken for row in rows], dtype=float)
    if not 0 < labels.sum() < len(rows):
        raise ValueError("training needs units that were taken and units that were not")
    counts = Counter(name for row in rows for name in row.found)
    names = tuple(sorted(name for name, count in counts.items() if count >= RARE))
    table = np.array([[row.found.get(name, 0.0) for name in names] for row in rows])
    vectors = np.array([row.vector for row in rows])
    plain = logistic.fit(table, labels, strength=PLAIN_STRENGTH)
    full = logistic.fit(np.concatenate([table, vectors], axis=1), labels, strength=FULL_STRENGTH)
    return EditorRanker(_model(plain, names), _model(full, names))


def _model(fit: logistic.Fit, names: Sequence[str]) -> AdditiveModel:
    named, vector = fit.weights[: len(names)], fit.weights[len(names) :]
    means = fit.means[: len(names)]
    return AdditiveModel(
        {name: float(weight) for name, weight in zip(names, named, strict=True)},
        {name: float(mean) for name, mean in zip(names, means, strict=True)},
        fit.bias,
        tuple(float(weight) for weight in vector),
        float(vector @ fit.means[len(names) :]),
    )


def by_fold(rows: Sequence[RankLesson]) -> dict[str, EditorRanker]:
    """Return for each document the ranker that saw none of it."""
    fold = folds([row.document for row in rows])
    found: dict[str, EditorRanker] = {}
    for number in range(min(FOLDS, len(fold))):
        ranker = learn([row for row in rows if fold[row.document] != number])
        found |= {document: ranker for document, at in fold.items() if at == number}
    return found


def write(ranker: EditorRanker, path: Path) -> None:
    """Write both models as ``EditorRanker.load`` reads them."""
    stored = {"plain": _stored(ranker.plain), "full": _stored(ranker.full)}
    path.write_text(json.dumps(stored, indent=0, sort_keys=True) + "\n", encoding="utf-8")


def _stored(model: AdditiveModel) -> dict[str, Any]:
    def rounded(numbers: dict[str, float]) -> dict[str, float]:
        return {name: round(number, 5) for name, number in numbers.items()}

    return {
        "weights": rounded(model.weights),
        "means": rounded(model.means),
        "bias": round(model.bias, 5),
        "vector": [round(weight, 5) for weight in model.vector],
        "meaning": round(model.meaning, 5),
    }
