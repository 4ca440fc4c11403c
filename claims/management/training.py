"""What do the commands that learn a head share? Their arguments, how material is read, and the card of a desk's own.

With ``--desk`` the decisions of a desk are learned from too. Their figures are given before (the weights in use) and
after, out of fold by document, and a card beside the new weights says what they were learned from.
"""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class TrainingCommand(BaseCommand):
    """Reads the material to learn from and to score on only, and hands it to ``train``."""

    requires_system_checks: list[str] = []
    #: Whether only articles that were finished may teach: those in which what was not accepted is no claim.
    finished_only = False
    #: Whether what a desk decides on suggestions is material for this head.
    takes_desk = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
        parser.add_argument(
            "--score", type=Path, nargs="*", default=[], help="folders to score on, never learned"
        )
        if self.takes_desk:
            parser.add_argument("--desk", metavar="SLUG", help="learn from the decisions of this desk too")
        parser.add_argument("--output", type=Path, help="the file of weights (the shipped one)")

    def handle(self, *args: Any, folders: list[Path], score: list[Path], **options: Any) -> None:
        from claims.evaluation.types import BadData

        self.said: list[str] = []
        try:
            learned = {folder: self.rows(folder) for folder in folders}
            aside = {folder: self.rows(folder) for folder in score}
        except BadData as problem:
            raise CommandError(str(problem)) from problem
        decisions, desk = None, options.get("desk")
        if desk is not None:
            from claims.management.decided import decisions_of

            decisions = decisions_of(desk)
            name = Path(f"desk {desk}")
            learned[name] = self.decided(
                [one for one in decisions.articles if one.finished or not self.finished_only]
            )
            self.before(name, learned[name])
        path = self.train(learned, aside, options["output"])
        if decisions is not None:
            card = write_card(path, self.__module__.rsplit(".", 1)[-1], str(decisions), folders, self.said)
            self.stderr.write(f"data card: {card}")

    def say(self, line: str) -> None:
        """Give a figure to the person, and keep it for the card."""
        self.said.append(line)
        self.stderr.write(line)

    def rows(self, folder: Path) -> list[Any]:
        """Return what a folder of annotated articles holds; raises BadData where it holds none."""
        raise NotImplementedError

    def decided(self, articles: Sequence[Any]) -> list[Any]:
        """Return what the decided articles of a desk hold, as ``rows`` does."""
        raise NotImplementedError

    def before(self, name: Path, rows: list[Any]) -> None:
        """Say how good the weights in use are on a desk's rows."""
        raise NotImplementedError

    def train(
        self, learned: dict[Path, list[Any]], aside: dict[Path, list[Any]], output: Path | None
    ) -> Path:
        """Learn, write the weights to ``output`` (None: the shipped file), say how good they are, return the file."""
        raise NotImplementedError


def write_card(
    weights: Path, command: str, material: str, others: Sequence[Path], figures: Sequence[str]
) -> Path:
    """Write beside weights what they were learned from: no text, no names of articles, how much and how good."""
    card = weights.with_name(f"{weights.stem}.desk.md")
    today = dt.datetime.now(dt.UTC).date().isoformat()
    beside = ", ".join(f"`{one}`" for one in others) or "the shipped sentences"
    lines = [
        f"# `{weights.name}`: learned with a desk's decisions",
        "",
        f"By `manage.py {command} --desk`, {today}, from {beside} and from {material}.",
        "An upgrade brings the shipped weights back; run the command again then.",
        "",
        "Figures, out of fold by document where it was learned from:",
        "",
        *[f"- {line}" for line in figures],
    ]
    card.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return card
