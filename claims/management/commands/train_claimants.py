"""Learn from annotated articles who of those named speaks, and write the ranker in place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from claims.management.training import TrainingCommand


class Command(TrainingCommand):
    help = (
        "Learn the ranker that says who speaks where the rules leave a choice. FOLDER holds articles as "
        "`evaluate claim-units` reads them; figures out of fold, by document, go to standard error."
    )

    def rows(self, folder: Path) -> list[Any]:
        from claims.evaluation.claim_units import read_articles

        return labelled(read_articles(folder))

    def decided(self, articles: Sequence[Any]) -> list[Any]:
        return labelled([one.article for one in articles])

    def before(self, name: Path, rows: list[Any]) -> None:
        from claims.splitting.claimants import ranker

        self._figure(name, "before", rows, [ranker.shipped().take(row.case) for row in rows])

    def train(
        self, learned: dict[Path, list[Any]], aside: dict[Path, list[Any]], output: Path | None
    ) -> Path:
        from claims.splitting.claimants import rank_training, ranker

        rows = [row for found in learned.values() for row in found]
        if not rows:
            raise CommandError(
                "No unit of these articles leaves a choice of speakers: nothing to learn from."
            )
        taken = rank_training.out_of_fold(rows)
        begin = 0
        for folder, found in learned.items():
            self._figure(folder, "out of fold", found, taken[begin : begin + len(found)])
            begin += len(found)
        fitted = rank_training.fit(rows)
        path = output or ranker.SHIPPED
        rank_training.write(fitted, path)
        trained = ranker.Ranker.load(path)
        for folder, found in aside.items():
            self._figure(folder, "kept aside", found, [trained.take(row.case) for row in found])
        self.stderr.write(
            f"{len(rows)} units of {len({row.document for row in rows})} articles; weights: {path}"
        )
        return path

    def _figure(self, folder: Path, how: str, rows: list[Any], taken: list[int]) -> None:
        n = max(len(rows), 1)
        ours = sum(row.is_right(at) for row, at in zip(rows, taken, strict=True))
        rules = sum(row.is_right(0 if row.case.has_rules_choice else -1) for row in rows)
        held = sum(any(row.right) or row.nobody for row in rows)
        self.say(
            f"{folder.name}, {how}: {ours / n:.3f} ({len(rows)} units with a choice; the rules {rules / n:.3f}, "
            f"the candidates hold {held / n:.3f})"
        )


def labelled(articles: Sequence[Any]) -> list[Any]:
    """Return the cases of annotated articles that pair with an annotated unit."""
    from claims.evaluation.claim_units import compare
    from claims.matching.claimant_names import same_claimant
    from claims.splitting import split
    from claims.splitting.claimants.rank_training import LabelledCase
    from claims.splitting.claimants.ranker import ClaimantDecision

    rows: list[Any] = []
    for article in articles:
        seen: dict[tuple[int, int], Any] = {}

        def note(cases: Any, seen: dict[tuple[int, int], Any] = seen) -> list[ClaimantDecision]:
            seen.update({(case.start, case.end): case for case in cases})
            return [ClaimantDecision(case.candidates[0].claimant, 1.0) for case in cases]

        found = split(article.text, published=article.published, judge=None, chooser=note)
        people = frozenset(unit.claimant for unit in article.units)
        for pair in compare(article, found.units).pairs:
            case = seen.get((pair.unit.start, pair.unit.end))
            if case is None:
                continue
            right = tuple(
                same_claimant(pair.gold.claimant, one.claimant.name, people=people) for one in case.candidates
            )
            rows.append(LabelledCase(case, right, article.name, nobody=not pair.gold.claimant))
    return rows
