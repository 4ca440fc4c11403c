"""How is the head over the sentence encoder learned? A logistic regression, scored out of fold by document.

Learns from annotated articles: of every unit that the pipeline finds and that pairs with an annotated one, the
case as the pipeline sees it and the annotated check. Units that were written as examples (``checkable.tsv``) are
learned from beside them, with less weight, and never scored. Circumstances are standardised, rare ones left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from claims.language.encoder import FOR_HEADS, shipped
from claims.language.parser import tag
from claims.language.tokens import tokenize
from claims.splitting import logistic
from claims.splitting.checkable import classes
from claims.splitting.checkable.head import Case, circumstances
from claims.splitting.logistic import FOLDS, Array, Fit, folds
from claims.vocabulary import Attribution, Checkable

#: Inverse strength of the penalty, and how often a circumstance has to occur.
STRENGTH = 0.006
RARE = 5
#: How much a written example counts, and a unit whose check a word settles: the head is not asked about those.
WRITTEN, SETTLED = 0.3, 0.3
_EXAMPLES = ""


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
    weight: Array

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
            np.array([_weight(row) for row in rows]),
        )


def examples(path: Path = classes.UNITS) -> list[Labelled]:
    """Return the written units of a file: check, attribution, cue and unit in columns."""
    lines = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:])
    kept = [row for row in lines if row[0] in (Checkable.FACT, Checkable.SAID)]
    words = [[token.norm for token in tokenize(row[3])] for row in kept]
    found = []
    for (check, attribution, cue, text), one, tags in zip(kept, words, tag(words), strict=True):
        by = Attribution(attribution)
        ruled = classes.classify(one, tags.xpos, attribution=by, cue=cue)
        case = Case(text, tuple(one), tuple(tags.xpos), by, ruled.checkable, ruled.rules)
        found.append(Labelled(case, check == Checkable.FACT, _EXAMPLES))
    return found


def _weight(row: Labelled) -> float:
    return WRITTEN if row.document == _EXAMPLES else SETTLED if row.case.is_settled else 1.0


def fit(material: Material, chosen: NDArray[np.bool_] | None = None) -> Fit:
    """Fit on the chosen rows (all unless given): the numbers of the vector first, then the circumstances."""
    rows = np.ones(len(material.labels), dtype=bool) if chosen is None else chosen
    return logistic.fit(
        material.table[rows], material.labels[rows], strength=STRENGTH, weight=material.weight[rows]
    )


def out_of_fold(material: Material) -> Array:
    """Return for every row the chance by a head that saw none of its document."""
    fold = folds([document for document in material.documents if document != _EXAMPLES])
    of_row = np.array([fold.get(document, FOLDS) for document in material.documents])
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
