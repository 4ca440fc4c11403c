"""How is the ranker of claimants learned? L2 logistic regression over candidates, out of fold by document."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from claims.splitting import logistic
from claims.splitting.claimants.rank_features import ClaimantCase
from claims.splitting.claimants.ranker import Ranker

#: Inverse strength of the penalty, and how often a circumstance has to occur.
STRENGTH = 0.01
RARE = 5


@dataclass(frozen=True, slots=True)
class LabelledCase:
    """One case with, for each candidate, whether the annotation means the same; a document is on one side of a fold."""

    case: ClaimantCase
    right: tuple[bool, ...]
    document: str
    nobody: bool = False

    def is_right(self, taken: int) -> bool:
        """Tell whether a candidate taken, or nobody (-1), is what the annotation says."""
        return self.nobody if taken < 0 else self.right[taken]


def fit(rows: Sequence[LabelledCase]) -> Ranker:
    """Fit the ranker; standardisation is folded into the weights."""
    candidates = [one for row in rows for one in row.case.candidates]
    counts = Counter(name for one in candidates for name in one.circumstances)
    names = sorted(name for name, count in counts.items() if count >= RARE)
    table = np.array([[one.circumstances.get(name, 0.0) for name in names] for one in candidates])
    labels = np.array([right for row in rows for right in row.right], dtype=float)
    fitted = logistic.fit(table, labels, strength=STRENGTH)
    return Ranker(dict(zip(names, fitted.weights.tolist(), strict=True)), fitted.bias)


def out_of_fold(rows: Sequence[LabelledCase]) -> list[int]:
    """Return for every case which candidate a ranker takes that saw none of its document."""
    fold = logistic.folds([row.document for row in rows])
    taken = [0] * len(rows)
    for number in sorted(set(fold.values())):
        ranker = fit([row for row in rows if fold[row.document] != number])
        for at, row in enumerate(rows):
            if fold[row.document] == number:
                taken[at] = ranker.take(row.case)
    return taken


def write(ranker: Ranker, path: Path) -> None:
    """Write the weights as ``Ranker.load`` reads them."""
    weights = {name: round(weight, 4) for name, weight in sorted(ranker.weights.items())}
    text = json.dumps({"bias": round(ranker.bias, 4), "weights": weights}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
