"""How is the ranker of missed units learned? A logistic regression over candidates of annotated articles.

A candidate is right when its words are those (F1 of 0.6) of an annotated unit that the rules miss. All candidates
teach, also the noun phrases that are never offered. Folds go by document.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from claims.splitting import logistic
from claims.splitting.logistic import Array
from claims.splitting.missed.ranker import MissedRanker, Thresholds

#: Inverse strength of the penalty: whether it is a unit, and whether it is a premise.
STRENGTH = 0.003
PREMISE_STRENGTH = 0.02
#: A candidate is right when it shares so much with a missed unit.
RIGHT = 0.6
#: Offers are made above these chances, see the data card.
THRESHOLDS = Thresholds(clause=0.45, phrase=0.33)
_DIGITS = 4


@dataclass(frozen=True)
class Lesson:
    """What one article teaches: the columns of its candidates, which are right, and which of those premises."""

    document: str
    names: tuple[str, ...]
    table: Array
    right: Array
    premise: Array


def learn(lessons: Sequence[Lesson]) -> MissedRanker:
    """Fit the ranker on all lessons; raises ValueError where nothing in them is right."""
    table = np.concatenate([one.table for one in lessons])
    right = np.concatenate([one.right for one in lessons])
    if not right.any():
        raise ValueError("no candidate of these articles is a unit that the rules miss")
    found = logistic.fit(table, right, strength=STRENGTH)
    told = np.concatenate([one.premise for one in lessons])[right > 0]
    premise = logistic.fit(table[right > 0], told, strength=PREMISE_STRENGTH)
    return MissedRanker(
        lessons[0].names,
        found.weights.astype(np.float32),
        found.means.astype(np.float32),
        found.bias,
        premise.weights.astype(np.float32),
        premise.bias,
        THRESHOLDS,
    )


def by_fold(lessons: Sequence[Lesson]) -> dict[str, MissedRanker]:
    """Return for every document a ranker that saw none of it."""
    fold = logistic.folds([one.document for one in lessons])
    learned = {
        number: learn([one for one in lessons if fold[one.document] != number])
        for number in sorted(set(fold.values()))
    }
    return {document: learned[number] for document, number in fold.items()}


def write(ranker: MissedRanker, path: Path) -> None:
    """Write the weights as ``MissedRanker.load`` reads them; what never occurred is left out."""
    rows = zip(
        ranker.names, ranker.weights.tolist(), ranker.means.tolist(), ranker.premise.tolist(), strict=True
    )
    kept = {name: [round(value, _DIGITS) for value in values] for name, *values in rows if values[0]}
    weights = ",\n".join(f"{json.dumps(name, ensure_ascii=False)}: {values}" for name, values in kept.items())
    path.write_text(
        f'{{"bias": {ranker.bias:.4f}, "premise_bias": {ranker.premise_bias:.4f}, '
        f'"thresholds": {json.dumps(asdict(ranker.thresholds))},\n"weights": {{\n{weights}\n}}}}\n',
        encoding="utf-8",
    )
