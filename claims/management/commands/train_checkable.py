"""Learn from annotated articles whether the content of a unit can be checked, and write the head in place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from claims.management.training import TrainingCommand


class Command(TrainingCommand):
    help = (
        "Learn the head that says whether a unit's content can be checked. FOLDER holds articles as "
        "`evaluate claim-units` reads them; figures out of fold, by document, go to standard error."
    )

    def rows(self, folder: Path) -> list[Any]:
        from claims.evaluation.claim_units import read_articles

        return labelled(read_articles(folder))

    def decided(self, articles: Sequence[Any]) -> list[Any]:
        return labelled([one.article for one in articles])

    def before(self, name: Path, rows: list[Any]) -> None:
        from claims.splitting.checkable import head
        from claims.vocabulary import Checkable

        decided = head.shipped().decide([row.case for row in rows])
        self._figure(name, "before", rows, [one.checkable is Checkable.FACT for one in decided])

    def train(
        self, learned: dict[Path, list[Any]], aside: dict[Path, list[Any]], output: Path | None
    ) -> Path:
        from claims.splitting.checkable import head, head_training
        from claims.vocabulary import Checkable

        rows = [row for found in learned.values() for row in found]
        if not rows:
            raise CommandError(
                "No unit of these articles pairs with an annotated one: nothing to learn from."
            )
        material = head_training.Material.of([*rows, *head_training.examples()])
        chances = head_training.out_of_fold(material)
        begin = 0
        for folder, found in learned.items():
            part = chances[begin : begin + len(found)]
            begin += len(found)
            facts = [
                row.case.checkable is Checkable.FACT if row.case.is_settled else bool(chance >= 0.5)
                for row, chance in zip(found, part, strict=True)
            ]
            self._figure(folder, "out of fold", found, facts)
        fitted = head_training.fit(material)
        path = output or head.SHIPPED
        head_training.write(fitted, material.names, path)
        trained = head.Head.load(path)
        for folder, found in aside.items():
            decided = trained.decide([row.case for row in found])
            facts = [one.checkable is Checkable.FACT for one in decided]
            self._figure(folder, "kept aside", found, facts)
        self.stderr.write(
            f"{len(rows)} units of {len({row.document for row in rows})} articles; weights: {path}"
        )
        return path

    def _figure(self, folder: Path, how: str, rows: list[Any], facts: list[bool]) -> None:
        from claims.vocabulary import Checkable

        ours = sum(fact == row.is_fact for fact, row in zip(facts, rows, strict=True))
        rules = sum((row.case.checkable is Checkable.FACT) == row.is_fact for row in rows)
        n = max(len(rows), 1)
        self.say(f"{folder.name}, {how}: {ours / n:.3f} ({len(rows)} units; the rules {rules / n:.3f})")


def labelled(articles: Sequence[Any]) -> list[Any]:
    """Return the cases of annotated articles that pair with a unit annotated as fact or said."""
    from claims.evaluation.claim_units import compare
    from claims.splitting import split
    from claims.splitting.checkable.head import Case, HeadDecision
    from claims.splitting.checkable.head_training import Labelled

    rows: list[Any] = []
    for article in articles:
        seen: dict[str, Case] = {}

        def note(cases: Any, seen: dict[str, Case] = seen) -> list[HeadDecision]:
            seen.update({case.text: case for case in cases})
            return [HeadDecision(case.checkable, 1.0) for case in cases]

        found = split(article.text, published=article.published, judge=note)
        for pair in compare(article, found.units).pairs:
            if pair.gold.check in ("fact", "said") and pair.unit.text in seen:
                rows.append(Labelled(seen[pair.unit.text], pair.gold.check == "fact", article.name))
    return rows
