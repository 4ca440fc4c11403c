"""Learn the weights of check-worthiness and checkability from our own sentences; write them in place."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """``manage.py train_worthiness [--sentences TSV] [--output JSON]``."""

    help = (
        "Learn the weights of check-worthiness and checkability from labelled sentences (by default our own)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sentences", type=Path, help="rows of label, type, kind, sentence below a header"
        )
        parser.add_argument("--units", type=Path, help="rows of check, attribution, cue, unit below a header")
        parser.add_argument("--output", type=Path, help="folder for worthiness.json and checkable.json")

    def handle(self, *args: Any, **options: Any) -> None:
        # numpy and the training code stay out of every other process.
        from claims.splitting.checkable import classes as checkable
        from claims.splitting.checkable import worthiness as checkworthiness
        from claims.splitting.checkable.labelled import (
            SENTENCES,
            BadSentences,
            read_sentences,
            read_units,
            tagged_rows,
            unit_rows,
        )
        from claims.splitting.checkable.training import train, train_units

        try:
            sentences = read_sentences(options["sentences"] or SENTENCES)
            units = read_units(options["units"] or checkable.UNITS)
            worthiness = train(tagged_rows(sentences)).as_json()
            checkability = train_units(unit_rows(units, sentences))
        except (BadSentences, OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        folder: Path = options["output"] or checkworthiness.SHIPPED.parent
        for name, model in (
            (checkworthiness.SHIPPED.name, worthiness),
            (checkable.SHIPPED.name, checkability),
        ):
            stored = json.dumps(model, indent=0, sort_keys=True) + "\n"
            (folder / name).write_text(stored, encoding="utf-8")
        self.stderr.write(
            f"{len(sentences)} sentences and {len(units)} units read, weights written to {folder}"
        )
