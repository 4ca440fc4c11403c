"""Build a fresh search index beside the one that is read, and switch to it when it holds everything."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from claims.actions.indexing import engines, outbox
from claims.models import IndexTarget, Job
from claims.search.engine import EngineError
from claims.tasks.base import run_now


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--wait", action="store_true", help="Do the work here instead of leaving it to the worker."
        )
        parser.add_argument(
            "--failed",
            action="store_true",
            help="Build nothing anew: try again what could not be written.",
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, wait: bool, failed: bool, as_json: bool, **options: Any) -> None:
        if failed:
            self.stderr.write(f"Trying {outbox.try_again(actor=None)} objects again …")
        else:
            outbox.request_rebuild(actor=None)
        if wait:
            self._work()
        try:
            status = engines.reader().status()
        except EngineError as error:
            raise CommandError(str(error)) from error
        finally:
            engines.close_all()
        targets = IndexTarget.objects.open().of(engines.name())
        # A fresh one is shown while it is built, then the one that is read.
        target = targets.order_by("state", "-id").first()
        row = {
            "engine": engines.name(),
            "target": target.name if target else "",
            "state": target.state if target else "missing",
            "given_up": outbox.standing().given_up,
            "passages": {collection.value: count for collection, count in status.passages.items()},
        }
        self.stdout.write(
            json.dumps(row) if as_json else f"{row['engine']}: {row['target']} is {row['state']}."
        )

    def _work(self) -> None:
        self.stderr.write("Writing the index …")
        now = timezone.now()
        outbox.hasten(now=now)
        job = outbox.queue_if_dirty(now=now)
        if job is not None and not run_now(job.pk):
            raise CommandError("A worker is writing the index right now: its progress is on the page Jobs.")
        if job is not None:
            job.refresh_from_db()
            if job.status != Job.Status.DONE:
                raise CommandError(f"The index was not written to its end: {job.error}")
