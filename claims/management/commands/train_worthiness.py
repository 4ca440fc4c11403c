"""Learn the weights of check-worthiness and checkability from our own sentences; write them in place."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """``manage.py train_worthiness [--sentences TSV] [--units TSV] [--desk SLUG] [--output FOLDER]``."""

    help = (
        "Learn the weights of check-worthiness and checkability from labelled sentences (by default our own)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sentences", type=Path, help="rows of label, type, kind, sentence below a header"
        )
        parser.add_argument("--units", type=Path, help="rows of check, attribution, cue, unit below a header")
        parser.add_argument("--desk", metavar="SLUG", help="learn from the decisions of this desk too")
        parser.add_argument("--output", type=Path, help="folder for worthiness.json and checkable.json")

    def handle(self, *args: Any, **options: Any) -> None:
        # numpy and the training code stay out of every other process.
        from claims.management.decided import decisions_of
        from claims.management.training import write_card
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
            own = tagged_rows(sentences)
            decided: list[Any] = []
            if options["desk"]:
                decisions = decisions_of(options["desk"])
                decided = decided_rows(decisions)
                figures = [f"desk {options['desk']}, {line}" for line in average_precisions(own, decided)]
                for line in figures:
                    self.stderr.write(line)
            worthiness = train([*own, *decided]).as_json()
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
        if options["desk"]:
            path = folder / checkworthiness.SHIPPED.name
            others = [options["sentences"]] if options["sentences"] else []
            card = write_card(path, "train_worthiness", str(decisions), others, figures)
            self.stderr.write(f"data card: {card}")
        self.stderr.write(
            f"{len(sentences)} sentences and {len(units)} units read, weights written to {folder}"
        )


def decided_rows(decisions: Any) -> list[Any]:
    """Return the decided claims of a desk as labelled sentences; those of one article stay together."""
    from claims.language.parser import tag
    from claims.language.tokens import tokenize
    from claims.splitting.checkable.training import TrainingRow

    found = [
        (one.article.name, one.article.text[stretch.start : stretch.end], stretch.taken)
        for one in decisions.articles
        for stretch in one.judged
    ]
    tags = tag([[token.norm for token in tokenize(text)] for _name, text, _taken in found])
    return [
        TrainingRow(read.words, read.xpos, taken, name)
        for (name, _text, taken), read in zip(found, tags, strict=True)
    ]


def average_precisions(own: list[Any], decided: list[Any]) -> list[str]:
    """Return how well a desk's decisions are ranked by the weights in use, and out of fold by new ones."""
    from claims.splitting.checkable.training import average_precision, folds, train
    from claims.splitting.checkable.worthiness import score, shipped

    fold_of = folds([row.group for row in decided])
    after = [0.0] * len(decided)
    for fold in set(fold_of.tolist()):
        model = train([*own, *(row for row, at in zip(decided, fold_of, strict=True) if at != fold)])
        for place, row in enumerate(decided):
            if fold_of[place] == fold:
                after[place] = score(row.words, row.xpos, model)
    before = [score(row.words, row.xpos, shipped()) for row in decided]
    taken = [row.worthy for row in decided]
    return [
        f"before: average precision {average_precision(before, taken):.3f}",
        f"out of fold: average precision {average_precision(after, taken):.3f} ({len(decided)} decisions)",
    ]
