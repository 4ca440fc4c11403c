"""How well are check-worthy sentences told from others, on a labelled set in the layout of CheckThat! 2024?

A file of tab-separated ``Sentence_id, Text, class_label`` rows. With a training split the transparent model
(named features and n-grams, linear) is learned from it first, its threshold taken from predictions out of
fold; without one the shipped weights and threshold are measured. Nothing learned here is kept.
"""

from __future__ import annotations

import csv
import time
from pathlib import Path

import numpy as np

from claims.evaluation.types import BadData, Evaluation
from claims.language import encoder
from claims.language.parser import tag
from claims.language.tokens import tokenize
from claims.splitting.checkable import features as worth_features
from claims.splitting.checkable import worthiness as checkworthiness
from claims.splitting.checkable.training import Floats, TrainingRow, average_precision, train_large

TASK = "check-worthiness"
_COLUMNS = ("Sentence_id", "Text", "class_label")
# Sentences are numbered in the order they were spoken; a block of this many stays on one side of a fold.
_BLOCK = 400
_LEAST_BLOCKS = 24


def read(path: Path) -> list[tuple[str, str, bool]]:
    """Return (id, text, worthy) of each row; raises ``BadData`` where the layout is another one."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            table = list(csv.reader(lines, delimiter="\t"))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadData(f"{path} cannot be read as tab-separated text: {error}") from error
    if not table or tuple(table[0][:3]) != _COLUMNS:
        raise BadData(f"{path} does not begin with the columns {', '.join(_COLUMNS)}")
    rows = []
    for number, row in enumerate(table[1:], start=2):
        if len(row) < 3 or row[2] not in ("Yes", "No"):
            raise BadData(f"{path}, row {number}: expected an id, a text and Yes or No")
        rows.append((row[0], row[1], row[2] == "Yes"))
    if not rows:
        raise BadData(f"{path} holds no sentences")
    return rows


def as_rows(labelled: list[tuple[str, str, bool]]) -> list[TrainingRow]:
    """Tag labelled sentences and group neighbours by their numbers."""
    tags = tag([[token.norm for token in tokenize(text)] for _, text, _ in labelled])
    if all(identifier.isdigit() for identifier, _, _ in labelled):
        order = sorted(range(len(labelled)), key=lambda place: int(labelled[place][0]))
    else:
        order = list(range(len(labelled)))
    size = max(1, min(_BLOCK, len(labelled) // _LEAST_BLOCKS))
    block = {place: str(rank // size) for rank, place in enumerate(order)}
    return [
        TrainingRow(tagged.words, tagged.xpos, worthy, block[place])
        for place, ((_, _, worthy), tagged) in enumerate(zip(labelled, tags, strict=True))
    ]


def run(data: Path, *, train: Path | None = None, semantic: bool = False) -> Evaluation:
    """Return F1 of the worthy class and average precision over the sentences of ``data``.

    With ``semantic``, which needs a training split, sentence vectors are learned from too.
    """
    began = time.monotonic()
    labelled = read(data)
    rows = as_rows(labelled)
    if semantic and train is None:
        raise BadData("sentence vectors are of use only with a training split")
    if train is not None:
        training = read(train)
        encode = _vectors if semantic else None
        model = train_large(
            as_rows(training), vectors=None if encode is None else encode([text for _, text, _ in training])
        )
        vectors = None if encode is None else encode([text for _, text, _ in labelled])
        chances = [float(chance) for chance in model.scores(rows, vectors)]
        threshold = model.threshold
    else:
        shipped = checkworthiness.shipped()
        chances = [
            checkworthiness.logistic(shipped.log_odds(worth_features.read(row.words, row.xpos)))
            for row in rows
        ]
        threshold = shipped.threshold
    labels = [row.worthy for row in rows]
    return Evaluation(
        TASK,
        str(data),
        len(rows),
        {"f1": round(f1(chances, labels, threshold), 4), "ap": round(average_precision(chances, labels), 4)},
        round(time.monotonic() - began, 2),
    )


def _vectors(texts: list[str]) -> Floats:
    return encoder.shipped().encode(texts, layer=encoder.FOR_HEADS).astype(np.float64)


def f1(chances: list[float], labels: list[bool], threshold: float) -> float:
    """Return F1 of the worthy class at a threshold; 0 where nothing is worthy and nothing is called so."""
    called = [chance >= threshold for chance in chances]
    hits = sum(1 for mine, theirs in zip(called, labels, strict=True) if mine and theirs)
    both = sum(called) + sum(labels)
    return 2 * hits / both if both else 0.0
