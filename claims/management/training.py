"""What do the commands that learn a head from annotated articles share? Their arguments, and how folders are read."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class TrainingCommand(BaseCommand):
    """Reads the folders to learn from and those to score on only, and hands them to ``train``."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
        parser.add_argument(
            "--score", type=Path, nargs="*", default=[], help="folders to score on, never learned"
        )
        parser.add_argument("--output", type=Path, help="the file of weights (the shipped one)")

    def handle(self, *args: Any, folders: list[Path], score: list[Path], **options: Any) -> None:
        from claims.evaluation.types import BadData

        try:
            learned = {folder: self.rows(folder) for folder in folders}
            aside = {folder: self.rows(folder) for folder in score}
        except BadData as problem:
            raise CommandError(str(problem)) from problem
        self.train(learned, aside, options["output"])

    def rows(self, folder: Path) -> list[Any]:
        """Return what a folder of annotated articles holds; raises BadData where it holds none."""
        raise NotImplementedError

    def train(
        self, learned: dict[Path, list[Any]], aside: dict[Path, list[Any]], output: Path | None
    ) -> None:
        """Learn, write the weights to ``output`` (the shipped file where it is None), and say how good they are."""
        raise NotImplementedError
