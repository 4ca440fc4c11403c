"""Build a fresh search index beside the one that is read, and switch to it when it holds everything."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.actions.indexing import engines, outbox
from claims.jobs import handlers
from claims.models import IndexTarget, Job
from claims.search.engine import EngineError


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--wait", action="store_true", help="Do the work here instead of leaving it to the worker."
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, wait: bool, as_json: bool, **options: Any) -> None:
        target = outbox.request_rebuild(actor=None)
        if wait:
            self.stderr.write("Rebuilding the index …")
            job = outbox.queue_if_dirty()
            if job is not None and not handlers.run(job.pk):
                raise CommandError(
                    "A worker is rebuilding the index right now: its progress is on the page Jobs."
                )
            if job is not None and Job.objects.get(pk=job.pk).status != Job.Status.DONE:
                raise CommandError(f"The index was not rebuilt: {Job.objects.get(pk=job.pk).error}")
            target.refresh_from_db()
        try:
            status = engines.reader().status()
        except EngineError as error:
            raise CommandError(str(error)) from error
        finally:
            engines.close_all()
        row = {
            "engine": target.engine,
            "target": target.name,
            "state": IndexTarget.objects.get(pk=target.pk).state,
            "passages": {collection.value: count for collection, count in status.passages.items()},
        }
        self.stdout.write(
            json.dumps(row) if as_json else f"{row['engine']}: {row['target']} is {row['state']}."
        )
