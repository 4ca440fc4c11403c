"""Learn from a treebank with coreference whom "he" and "she" mean, and write the weights in place."""

from __future__ import annotations

import tarfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

#: Documents that others are scored on: never learned from.
KEPT_ASIDE = ("defector", "flag", "iodine", "sensitive", "warhol")


class Command(BaseCommand):
    help = (
        "Learn whom a third-person pronoun means. TREEBANK is gum-open.conllu.tar.xz; figures out of fold, by "
        "document, go to standard error."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("treebank", metavar="TREEBANK", type=Path)
        parser.add_argument("--output", type=Path, help="the file of weights (the shipped one)")

    def handle(self, *args: Any, treebank: Path, output: Path | None, **options: Any) -> None:
        from claims.splitting.claimants import antecedent_training as training
        from claims.splitting.claimants import antecedents

        rows: list[training.PronounCase] = []
        try:
            with tarfile.open(treebank) as packed:
                for member in sorted(packed.getmembers(), key=lambda one: one.name):
                    name = Path(member.name).stem
                    stored = packed.extractfile(member)
                    if stored is None or not member.name.endswith(".conllu") or name.endswith(KEPT_ASIDE):
                        continue
                    rows += training.cases(name, stored.read().decode("utf-8"))
        except (OSError, tarfile.TarError) as problem:
            raise CommandError(f"{treebank} is no packed treebank: {problem}") from problem
        if not any(any(row.right) for row in rows):
            raise CommandError(
                "No pronoun of this treebank means somebody named before it: nothing to learn from."
            )
        judged = training.out_of_fold(rows)
        for sure in (0.5, 0.7, antecedents.SURE, 0.9):
            taken = [right for chance, right in judged if chance >= sure]
            share = sum(taken) / len(taken) if taken else 0.0
            self.stderr.write(
                f"chance of {sure}: {len(taken) / len(rows):.3f} are named, {share:.3f} of them right"
            )
        path = output or antecedents.SHIPPED
        training.write(training.learn(rows), path)
        self.stderr.write(
            f"{len(rows)} pronouns of {len({row.document for row in rows})} documents; weights: {path}"
        )
