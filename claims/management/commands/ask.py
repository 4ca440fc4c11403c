"""Ask the archive about a claim in one's own words, or ask a question of its log again as it was.

What is printed is what the log of the claim then holds. Works with and without a worker: what no worker takes is
done here. Without words the claim's own are asked; filters keep a question to a part of the archive.
"""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.actions import base
from claims.actions.evidence.search import search_again, search_claim
from claims.models import Claim, Job, SearchHit, SearchRun, User
from claims.models.fields import row_number
from claims.tasks.base import run_now

WRONG_USE = 2
#: How long a worker that has the question is watched before it is looked at again, in seconds.
_WATCH = 0.2


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("claim", metavar="CLAIM", help="number or public id of the claim")
        parser.add_argument(
            "words", metavar="WORDS", nargs="?", default="", help='such as: ferry "new pier" -storm'
        )
        parser.add_argument("--by", required=True, metavar="EMAIL", help="who asks: one of the desk's people")
        parser.add_argument(
            "--outlet", action="append", default=[], metavar="NAME", help="name, site or id; repeatable"
        )
        parser.add_argument("--since", default="", metavar="DAY", help="published on this day or later")
        parser.add_argument("--until", default="", metavar="DAY", help="published on this day or before")
        parser.add_argument("--language", default="", metavar="CODE", help="texts in this language alone")
        parser.add_argument(
            "--again", type=int, default=0, metavar="ID", help="a question of the claim's log"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        claim = _claim(options["claim"])
        actor = User.objects.filter(email__iexact=options["by"], is_active=True).first()
        if actor is None:
            raise CommandError(f"Nobody signs in as {options['by']}.", returncode=WRONG_USE)
        try:
            with base.gesture("command"):
                if options["again"]:
                    run = SearchRun.objects.filter(claim=claim, pk=options["again"]).first()
                    if run is None:
                        raise CommandError(
                            f"The log of this claim has no question {options['again']}.", returncode=WRONG_USE
                        )
                    job = search_again(actor=actor, run=run)
                else:
                    job = search_claim(
                        actor=actor,
                        claim=claim,
                        own_words=options["words"],
                        outlets=options["outlet"],
                        since=options["since"],
                        until=options["until"],
                        language=options["language"],
                    )
        except base.Refused as refusal:
            raise CommandError(str(refusal), returncode=WRONG_USE) from refusal
        self._tell(_done(job), options["as_json"])

    def _tell(self, run: SearchRun, as_json: bool) -> None:
        line = run.questions[0]
        hits = SearchHit.objects.filter(run=run).select_related("document__outlet", "capture")
        new = set(line.get("since", {}).get("new", ()))
        rows: list[dict[str, Any]] = [
            {
                "rank": hit.rank,
                "document": hit.document_id,
                "title": hit.document.title,
                "outlet": hit.document.outlet.name if hit.document.outlet else "",
                "published": hit.document.published,
                "start": hit.start,
                "end": hit.end,
                "text": hit.capture.text[hit.start : hit.end],
                "shown": not hit.weak,
                "new": hit.rank in new,
            }
            for hit in hits.order_by("rank", "pk")
        ]
        if as_json:
            told = {"search": run.pk, "outcome": run.outcome, "note": run.note, "searched": run.searched}
            self.stdout.write(json.dumps({**told, "question": line, "hits": rows}, ensure_ascii=False))
            return
        self.stdout.write(f"{run.get_outcome_display()}: {line['text']} ({run.searched:,} passages searched)")
        if run.note:
            self.stdout.write(run.note)
        if "since" in line:
            self.stdout.write(
                f"{len(new)} new since {line['since']['at'][:16]}, {line['since']['gone']} gone"
            )
        for row in rows:
            marks = " ".join(word for word, on in (("shown", row["shown"]), ("new", row["new"])) if on)
            self.stdout.write(
                f"{row['rank']:>3} {row['published']} {row['outlet']} {row['title'][:80]} {marks}"
            )


def _claim(named: str) -> Claim:
    rows = Claim.objects.select_related("desk", "claimant")
    number = row_number(named)
    claim = rows.filter(public_id=named).first() if number is None else rows.filter(pk=number).first()
    if claim is None:
        raise CommandError(f"There is no claim {named}.", returncode=WRONG_USE)
    return claim


def _done(job: Job) -> SearchRun:
    """Return what the job came to: done here, or by the worker that took it."""
    while True:
        run_now(job.pk)
        job.refresh_from_db()
        if job.status not in (Job.Status.QUEUED, Job.Status.RUNNING):
            break
        if job.status == Job.Status.QUEUED and job.error:
            raise CommandError(f"{job.error} The question is kept and asked as soon as it can be.")
        time.sleep(_WATCH)
    made = (job.result or {}).get("run")
    if job.status != Job.Status.DONE or made is None:
        raise CommandError(job.error or "The claim was merged into another: nothing was asked.")
    return SearchRun.objects.get(pk=made)
