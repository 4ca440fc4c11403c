"""Compare the search index with the database, version by version; exit status 1 where they differ."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.actions.indexing import comparing, engines, repairing
from claims.search.engine import EngineError


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="Have the writer of the index put right what differs."
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, repair: bool, as_json: bool, **options: Any) -> None:
        try:
            found = comparing.compare()
            if repair and any(found.values()):
                repairing.doubt(found)
        except EngineError as error:
            raise CommandError(str(error)) from error
        finally:
            engines.close_all()
        if as_json:
            self.stdout.write(json.dumps(found))
        else:
            for kind, labels in found.items():
                shown = ", ".join(labels[:20]) + (" …" if len(labels) > 20 else "")
                self.stdout.write(f"{kind.replace('_', ' ')}: {len(labels)} {shown}".rstrip())
        if repair and any(found.values()):
            self.stderr.write("The worker puts it right.")
        elif any(found.values()):
            raise CommandError(
                "The index differs from the database: run it with --repair, or manage.py reindex."
            )
