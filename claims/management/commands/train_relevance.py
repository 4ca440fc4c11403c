"""Learn how likely a found passage bears on a claim, and write the two sets of weights in place."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from numpy.typing import NDArray

#: From which chance a passage is shown: chosen on every second claim of AVeriTeC's training set, which teaches nothing.
BARS = {"words": 0.05, "sense": 0.03}
STRENGTH = 1.0
#: Of so many of the best passages is learned.
DEPTH = 20


@dataclass(frozen=True)
class Row:
    """One passage that was found for a claim."""

    numbers: dict[str, float]
    right: bool
    group: str


class Command(BaseCommand):
    help = (
        "Learn the model of relevance. SET holds claims with the texts that bear on them, as `evaluate evidence` reads "
        "them; of every third claim these texts are hidden, so that it is learned what finding nothing looks like."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sets", metavar="SET", nargs="+", type=Path)
        parser.add_argument(
            "--among", type=Path, nargs="*", default=[], help="folders of texts about other things"
        )
        parser.add_argument("--claims", type=int, default=200, help="so many claims of each set")
        parser.add_argument("--output", type=Path, help="the file of weights (the shipped one)")

    def handle(self, *args: Any, sets: list[Path], among: list[Path], claims: int, **options: Any) -> None:
        from claims.evaluation.types import BadData
        from claims.relevance.features import SIGNS, WORDS
        from claims.relevance.model import SHIPPED

        try:
            rows = material(sets, among, claims, self.stderr.write)
        except BadData as problem:
            raise CommandError(str(problem)) from problem
        learned = {
            "words": self._learn(rows, WORDS, "words"),
            "sense": self._learn(rows, tuple(SIGNS), "sense"),
        }
        path = options["output"] or SHIPPED
        path.write_text(json.dumps(learned, indent=1) + "\n", "utf-8")
        self.stderr.write(
            f"{len(rows)} passages, {sum(row.right for row in rows)} of them right; weights: {path}"
        )

    def _learn(self, rows: Sequence[Row], names: Sequence[str], what: str) -> dict[str, Any]:
        from claims.splitting.logistic import FOLDS, folds

        labels = np.array([float(row.right) for row in rows])
        fold = folds([row.group for row in rows])
        places = np.array([fold[row.group] for row in rows])
        chances = np.zeros(len(rows))
        for one in range(FOLDS):
            inside = places == one
            if inside.any():
                held, made = _signed(rows, names, ~inside)
                chances[inside] = made.chances(_table(rows, held)[inside])
        over = chances >= BARS[what]
        self.stderr.write(
            f"{what}: expected calibration error {calibration_error(chances, labels):.3f}, "
            f"precision {labels[over].mean() if over.any() else 0:.3f} and recall "
            f"{labels[over].sum() / max(labels.sum(), 1):.3f} at {BARS[what]}, out of fold"
        )
        held, made = _signed(rows, names, np.ones(len(rows), dtype=bool))
        weights = {name: round(float(weight), 4) for name, weight in zip(held, made.weights, strict=True)}
        return {"weights": weights, "bias": round(made.bias, 4), "bar": BARS[what]}


def _table(rows: Sequence[Row], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[row.numbers[name] for name in names] for row in rows])


def _signed(rows: Sequence[Row], names: Sequence[str], chosen: NDArray[np.bool_]) -> tuple[list[str], Any]:
    """Fit on the chosen rows without the numbers that would get a weight of the wrong sign; the worst goes first."""
    from claims.relevance.features import SIGNS
    from claims.splitting.logistic import fit

    labels = np.array([float(row.right) for row in rows])[chosen]
    held = list(names)
    while True:
        table = _table(rows, held)[chosen]
        made = fit(table, labels, strength=STRENGTH)
        wrong = {
            name: abs(float(weight)) * float(spread)
            for name, weight, spread in zip(held, made.weights, table.std(0), strict=True)
            if weight * SIGNS[name] < 0
        }
        if not wrong:
            return held, made
        held.remove(max(wrong, key=lambda name: wrong[name]))


def calibration_error(chances: NDArray[np.float64], labels: NDArray[np.float64], bins: int = 10) -> float:
    """Return the expected calibration error over equal-width bins (Naeini et al. 2015)."""
    places = np.minimum((chances * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(chances[places == one].mean() - labels[places == one].mean()) * (places == one).mean()
            for one in range(bins)
            if (places == one).any()
        )
    )


def material(sets: Sequence[Path], among: Sequence[Path], claims: int, say: Any) -> list[Row]:
    """Return the best passages for claims of every set, asked in one archive of all texts."""
    from claims.evaluation.claim_units import read_articles
    from claims.evaluation.evidence import load
    from claims.evaluation.evidence_rows import Shelf
    from claims.evaluation.ranking import SCOPE, archive
    from claims.language.likeness import likeness
    from claims.query.build import ClaimText
    from claims.query.types import Query
    from claims.relevance.features import AskedClaim, ReadPassage, compare, with_sense
    from claims.relevance.weighing import SENSED_LENGTH
    from claims.search.asking import ask

    shelf = Shelf()
    asked: list[tuple[str, str, frozenset[int]]] = []
    chooser = np.random.default_rng(0)
    for path in sets:
        loaded = load(path)
        numbers = {id: shelf.add(title, text) for id, (title, text) in loaded.texts.items()}
        ids = sorted(loaded.right)
        for at in sorted(chooser.permutation(len(ids))[:claims]):
            right = sorted(loaded.right[ids[at]])
            asked.append(
                (loaded.claims[ids[at]], f"{path.name} {right[0]}", frozenset(numbers[one] for one in right))
            )
    for folder in among:
        for article in read_articles(folder):
            shelf.add(article.text.partition("\n")[0][:150], article.text)
    rows: list[Row] = []
    with archive(shelf.documents, "embedded") as engine:
        for count, (claim, group, gold) in enumerate(asked):
            hidden = gold if count % 3 == 0 else frozenset[int]()
            answer = ask(
                engine,
                ClaimText(claim),
                Query(SCOPE, excluded=hidden),
                limit=100,
                texts=lambda passages: {passage: shelf.texts[passage] for passage in passages},
            )
            about = AskedClaim(claim, answer.question.words, answer.frequencies)
            hits = answer.found[:DEPTH]
            compared = compare(
                about,
                [
                    ReadPassage(text, title, rank)
                    for rank, hit in enumerate(hits)
                    for title, text in (shelf.texts[hit.hit.passage],)
                ],
            )
            sentences = [(one.sentence or one.passage.text)[:SENSED_LENGTH] for one in compared]
            seen: set[int] = set()
            for hit, one in zip(hits, with_sense(compared, likeness(claim, sentences)), strict=True):
                document = hit.hit.ref.id
                if document in gold and document in seen:
                    # The sets name documents: of a right one only the best passage is sure to be meant.
                    continue
                seen.add(document)
                rows.append(Row(dict(one.numbers), document in gold, group))
            if count % 50 == 0:
                say(f"{count} of {len(asked)} claims")
    return rows
