"""Load the sample desk into an empty installation: articles, claims, evidence, verdicts and demo logins."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.management.sample.loader import CannotLoad, load
from claims.management.sample.reading import BadSample


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options: Any) -> None:
        try:
            loaded = load(self._say)
        except (CannotLoad, BadSample) as problem:
            raise CommandError(str(problem)) from problem
        self._say(
            f"The desk “{loaded.desk.name}” is ready: {loaded.documents} articles, {loaded.claims} claims, "
            f"{loaded.factchecks} fact checks ({loaded.seconds:.1f} s)."
        )

    def _say(self, sentence: str) -> None:
        self.stderr.write(sentence)
        self.stderr.flush()
