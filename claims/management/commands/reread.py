"""Read old articles again by newer rules: preview what would come, go or change, then apply it.

Without --apply nothing is changed. A batch that was stopped, by whatever, goes on with --batch. Works with and
without a worker: what no worker takes is done here.
"""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Q, Sum
from django.utils import timezone

from claims.actions import base
from claims.actions.documents import rereading as actions
from claims.actions.documents.rereading import Scope
from claims.models import Archive, Desk, Job, RereadArticle, Rereading
from claims.tasks.base import run_now

Row = RereadArticle.State
#: How long a worker that has a batch is watched before it is looked at again, in seconds.
_WATCH = 0.5


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--desk", default="", help="short name of the desk; the default desk without it")
        parser.add_argument(
            "--archive", default="", help="short name of one archive; all of the desk's without it"
        )
        parser.add_argument(
            "--since", default="", metavar="DAY", help="added on this day or later (2026-03-18)"
        )
        parser.add_argument("--until", default="", metavar="DAY", help="added on this day or before")
        parser.add_argument(
            "--older-than-current", action="store_true", help="only what other rules than today's have read"
        )
        parser.add_argument("--unfinished", action="store_true", help="only articles that are not finished")
        parser.add_argument(
            "--document",
            type=int,
            action="append",
            default=[],
            metavar="ID",
            help="only this one; repeatable",
        )
        parser.add_argument("--batch", type=int, default=0, metavar="ID", help="go on with this batch")
        parser.add_argument(
            "--preview", action="store_true", help="read and count; change nothing (the default)"
        )
        parser.add_argument("--apply", action="store_true", help="take over what was read")
        parser.add_argument("--undo", action="store_true", help="take back what a batch took over")
        parser.add_argument("--cancel", action="store_true", help="stop a batch")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the outcome as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Preview, apply, go on, stop or take back; progress goes to standard error."""
        acts = [name for name in ("preview", "apply", "undo", "cancel") if options[name]]
        if len(acts) > 1:
            raise CommandError(f"Choose one of --{' and --'.join(acts)}.", returncode=2)
        act = acts[0] if acts else "preview"
        try:
            batch = self._batch(act, options)
            kept = self._do(act, batch, options)
        except base.Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(Rereading.objects.get(pk=batch.pk), options, kept)

    def _batch(self, act: str, options: dict[str, Any]) -> Rereading:
        if options["batch"]:
            found = Rereading.objects.select_related("desk").filter(pk=options["batch"]).first()
            if found is None:
                raise CommandError(f"There is no batch {options['batch']}.", returncode=2)
            return found
        if act in ("undo", "cancel"):
            raise CommandError(f"--{act} needs --batch with the number of a batch.", returncode=2)
        try:
            scope = self._scope(options)
        except base.Refused as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        batch = actions.preview(
            actor=None, desk=self._desk(options["desk"]), scope=scope, queue=Job.Queue.BULK
        )
        self.stderr.write(f"Batch {batch.pk}: {batch.articles} articles.")
        return batch

    def _scope(self, options: dict[str, Any]) -> Scope:
        archive = None
        if options["archive"]:
            archive = Archive.objects.filter(slug=options["archive"]).values_list("pk", flat=True).first()
            if archive is None:
                raise base.Refused(f"There is no archive “{options['archive']}”.")
        for name in ("since", "until"):
            if options[name]:
                actions.midnight(options[name])
        return Scope(
            archive=archive,
            since=options["since"],
            until=options["until"],
            older=options["older_than_current"],
            unfinished=options["unfinished"],
            documents=tuple(options["document"]),
        )

    def _desk(self, slug: str) -> Desk:
        found = Desk.objects.filter(slug=slug) if slug else Desk.objects.filter(is_default=True)
        desk = found.first()
        if desk is None:
            raise CommandError(
                f"There is no desk “{slug}”." if slug else "There is no default desk.", returncode=2
            )
        return desk

    def _do(self, act: str, batch: Rereading, options: dict[str, Any]) -> int:
        picked = options["document"] or None
        if act == "cancel":
            actions.cancel(actor=None, batch=batch)
            return 0
        if act == "undo":
            back, kept = actions.undo_picked(actor=None, batch=batch, documents=picked)
            self.stderr.write(f"Taken back in {back} articles; {kept} stay: somebody has decided since.")
            return kept
        if batch.state == Rereading.State.CANCELLED and self._rows(batch).filter(state=Row.WAITING).exists():
            actions.go_on(actor=None, batch=batch)
        self._work(batch)
        if act == "apply" and self._rows(batch).filter(state=Row.READ).exists():
            # Of a batch that was just made, the scope has picked the articles.
            actions.apply(actor=None, batch=batch, documents=picked if options["batch"] else None)
            self._work(batch)
        return 0

    def _rows(self, batch: Rereading) -> Any:
        return RereadArticle.objects.filter(rereading=batch)

    def _work(self, batch: Rereading) -> None:
        """Do what no worker takes, and watch what one does, until nothing of the batch is under way."""
        shown, resumed = "", False
        while True:
            batch.refresh_from_db(fields=["state"])
            if not batch.is_active:
                return
            job = actions.work_of(batch)
            if job is None or job.status not in (Job.Status.QUEUED, Job.Status.RUNNING):
                if resumed:
                    why = job.error if job is not None else ""
                    raise base.Refused(f"The work stopped. {why} Go on with --batch {batch.pk}.")
                actions.go_on(actor=None, batch=batch)
                resumed = True
                continue
            resumed = True
            due = job.status == Job.Status.QUEUED and job.run_after <= timezone.now()
            if not due or not run_now(job.pk):
                time.sleep(_WATCH)
            counts = self._counts(batch)
            line = f"{counts['looked']} of {batch.articles} read, {counts['applied']} taken over"
            if line != shown:
                self.stderr.write(line)
                shown = line

    def _counts(self, batch: Rereading) -> dict[str, int]:
        counted: dict[str, int] = self._rows(batch).aggregate(
            looked=Count("pk", filter=~Q(state=Row.WAITING)),
            differing=Count("pk", filter=Q(new__gt=0) | Q(gone__gt=0) | Q(changed__gt=0)),
            applied=Count("pk", filter=Q(state=Row.APPLIED)),
            undone=Count("pk", filter=Q(state=Row.UNDONE)),
            failed=Count("pk", filter=Q(state=Row.FAILED)),
            new=Sum("new", default=0),
            gone=Sum("gone", default=0),
            changed=Sum("changed", default=0),
            held=Sum("held", default=0),
        )
        return counted

    def _tell(self, batch: Rereading, options: dict[str, Any], kept: int) -> None:
        counts = self._counts(batch)
        broken = list(self._rows(batch).filter(state=Row.FAILED).order_by("id").values("document", "error"))
        for row in broken:
            self.stderr.write(f"Document {row['document']}: {row['error']}")
        if options["as_json"]:
            told = {"batch": batch.pk, "state": batch.state, "analyser": batch.analyser}
            rows = self._rows(batch).filter(Q(new__gt=0) | Q(gone__gt=0) | Q(changed__gt=0)).order_by("id")
            columns = ("document", "state", "new", "gone", "changed", "held", "differences", "applied")
            listed = list(rows.values(*columns))
            told |= {"articles": batch.articles, **counts, "kept": kept, "differing_articles": listed}
            self.stdout.write(json.dumps({**told, "problems": broken}, ensure_ascii=False))
        else:
            self.stdout.write(
                f"Batch {batch.pk} is {batch.get_state_display()}: {counts['looked']} of {batch.articles} read; "
                f"{counts['new']} new, {counts['gone']} gone, {counts['changed']} changed, {counts['held']} not "
                f"offered because decided; {counts['applied']} articles taken over."
            )
        if broken:
            raise CommandError(f"{len(broken)} articles could not be read; the others are as said.")
