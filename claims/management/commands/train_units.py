"""Learn from annotated articles which clauses and premises the rules miss, and write the ranker in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from claims.management.training import TrainingCommand


class Command(TrainingCommand):
    help = (
        "Learn the ranker that offers clauses and premises the rules miss. FOLDER holds articles as "
        "`evaluate claim-units` reads them; figures out of fold, by document, go to standard error."
    )

    finished_only = True

    def rows(self, folder: Path) -> list[Any]:
        from claims.evaluation.claim_units import read_articles

        return read_articles(folder)

    def decided(self, articles: Sequence[Any]) -> list[Any]:
        return [one.article for one in articles]

    def before(self, name: Path, rows: list[Any]) -> None:
        from claims.splitting.missed import ranker

        self._figures(name, "before", [(one, ranker.shipped()) for one in rows])

    def train(
        self, learned: dict[Path, list[Any]], aside: dict[Path, list[Any]], output: Path | None
    ) -> Path:
        from claims.splitting.missed import ranker, training

        lessons = [one for rows in learned.values() for article in rows for one in lesson(article)]
        if not any(one.right.any() for one in lessons):
            raise CommandError(
                "No clause or noun phrase of these articles is a unit that the rules miss: nothing to learn from."
            )
        rankers = training.by_fold(lessons)
        for folder, articles in learned.items():
            rows = [(one, rankers.get(one.name)) for one in articles]
            self._figures(folder, "out of fold", rows)
        path = output or ranker.SHIPPED
        training.write(training.learn(lessons), path)
        trained = ranker.MissedRanker.load(path)
        for folder, articles in aside.items():
            self._figures(folder, "kept aside", [(one, trained) for one in articles])
        right = sum(int(one.right.sum()) for one in lessons)
        count = sum(len(one.right) for one in lessons)
        self.stderr.write(
            f"{count} candidates of {len(lessons)} articles, {right} of them missed units; weights: {path}"
        )
        return path

    def _figures(self, folder: Path, how: str, rows: list[tuple[Any, Any]]) -> None:
        """Say what rules alone find and what the ranker adds, for each document and for all."""
        from claims.evaluation.claim_units import figures

        totals: tuple[list[Counter[str]], list[Counter[str]]] = ([], [])
        for article, ranker in rows:
            for total, offer in zip(
                totals, (None, ranker.offer if ranker is not None else None), strict=True
            ):
                total.append(counted(article, offer))
            self.stderr.write(f"  {article.name}: {_line(*(figures(total[-1:]) for total in totals))}")
        self.say(f"{folder.name}, {how}: {_line(*map(figures, totals))}")


def _line(before: dict[str, float], after: dict[str, float]) -> str:
    shown = ("recall", "precision", "recall_premises", "recall_others", "class", "checkable")
    parts = [
        f"{name.replace('_', ' of ')} {before.get(name, 0):.3f} → {after.get(name, 0):.3f}" for name in shown
    ]
    return ", ".join(parts)


def counted(article: Any, offer: Any) -> Counter[str]:
    """Return what is counted of one article when ``offer`` adds to the rules."""
    from claims.evaluation.claim_units import compare, counts
    from claims.splitting import split

    found = split(article.text, published=article.published, judge=None, offer=offer)
    return counts(compare(article, found.units))


def lesson(article: Any) -> list[Any]:
    """Return what an article teaches; nothing where it holds no candidate."""
    import numpy as np

    from claims.evaluation.claim_units import compare, covered, token_f1, token_spans
    from claims.splitting import split
    from claims.splitting.missed.ranker import Looked, look
    from claims.splitting.missed.training import RIGHT, Lesson

    seen: list[Looked] = []

    def note(*asked: Any) -> list[Any]:
        looked = look(*asked, whole=True)
        if looked is not None:
            seen.append(looked)
        return []

    found = split(article.text, published=article.published, judge=None, offer=note)
    if not seen:
        return []
    (looked,) = seen
    tokens = token_spans(article.text)
    missed = [
        (covered(tokens, gold.start, gold.end), gold.attribution == "premise")
        for gold in compare(article, found.units).missed
    ]
    spans = [covered(tokens, *span) for span in looked.spans()]
    best = [
        max(((token_f1(gold, one), told) for gold, told in missed), default=(0.0, False)) for one in spans
    ]
    right = np.array([likeness >= RIGHT for likeness, _told in best], dtype=float)
    premise = np.array([told for _likeness, told in best], dtype=float)
    names = tuple(looked.table.names)
    return [Lesson(article.name, names, looked.matrix.astype(float), right, premise)]
