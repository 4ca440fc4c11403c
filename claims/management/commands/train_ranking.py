"""Learn from what an editor took which claims of an article come first, and write the ranker in place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from claims.management.training import TrainingCommand


class Command(TrainingCommand):
    help = (
        "Learn the ranker of an article's claims. FOLDER is a list of judged sets as `evaluate editor-top` reads them; "
        "only sets marked as learned are learned from. Figures out of fold, by document, go to standard error."
    )

    def rows(self, folder: Path) -> list[Any]:
        from claims.evaluation.editor_top import ranked, read_sets

        return [
            ranked(article, one.judged.get(article.name, ()))
            for one in read_sets(folder)
            if one.learned
            for article in one.articles
        ]

    def decided(self, articles: Sequence[Any]) -> list[Any]:
        from claims.evaluation.editor_top import ranked

        return [ranked(one.article, one.judged) for one in articles]

    def before(self, name: Path, rows: list[Any]) -> None:
        from claims.splitting.ranking import head

        self._figures(name, "before", rows, [head.shipped()] * len(rows))

    def train(
        self, learned: dict[Path, list[Any]], aside: dict[Path, list[Any]], output: Path | None
    ) -> Path:
        from claims.splitting.ranking import head, learning

        articles = [article for found in learned.values() for article in found]
        lessons = [lesson for article in articles for lesson in article.lessons()]
        try:
            rankers = learning.by_fold(lessons)
            fitted = learning.learn(lessons)
        except ValueError as problem:
            raise CommandError(f"Nothing to learn from: {problem}.") from problem
        for folder, found in learned.items():
            self._figures(folder, "out of fold", found, [rankers[article.name] for article in found])
        path = output or head.SHIPPED
        learning.write(fitted, path)
        trained = head.EditorRanker.load(path)
        for folder, found in aside.items():
            self._figures(folder, "kept aside", found, [trained] * len(found))
        self.stderr.write(f"{len(lessons)} units of {len(articles)} articles; weights: {path}")
        return path

    def _figures(self, folder: Path, how: str, articles: list[Any], rankers: list[Any]) -> None:
        from claims.evaluation.editor_top import by_ranker, by_sentence, figures_of, summed

        orders = {"by the sentence alone": [figures_of(one, by_sentence(one)) for one in articles]}
        for name, vectors in (("by words", False), ("with vectors", True)):
            orders[name] = [
                figures_of(one, by_ranker(ranker, vectors=vectors)(one))
                for one, ranker in zip(articles, rankers, strict=True)
            ]
        parts = ", ".join(f"{name} {summed(counts)['top']:.3f}" for name, counts in orders.items())
        self.say(f"{folder.name}, {how}, taken of the top five: {parts}")
