"""What becomes of a file of fact checks that a person uploads? A job reads it, in a child with limits.

Where nobody but a person can name the columns of a table, the job ends with the question, and the answer is a job
of its own on the same bytes.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.documents import blobs
from claims.actions.documents.coming import digest_of
from claims.actions.publishing.check_sources import read_apart
from claims.actions.publishing.import_runs import Part, Tally, take_parts
from claims.intake.checks.tables import FIELDS
from claims.intake.checks.types import CheckFile, UnknownColumns
from claims.intake.types import IntakeError
from claims.jobs import rows
from claims.jobs.rows import JobRefused, Running
from claims.models import Desk, Job, User

JOB = "import"


@transaction.atomic
def import_file(*, actor: User, desk: Desk, name: str, data: bytes, now: dt.datetime | None = None) -> Job:
    """Keep an uploaded file and queue the import of the fact checks in it."""
    base.require(actor, desk, *base.WORKERS, what=_("import fact checks"))
    if not data:
        raise base.Refused(_("The file is empty. Choose another one."))
    if len(data) > settings.BLOB_LIMIT:
        raise base.Refused(
            _(
                "The file is larger than %(size)d MB. Pack it, or import it with the command import_factchecks."
            )
            % {"size": settings.BLOB_LIMIT // 1024**2}
        )
    return _queued(actor, desk, name[-200:], blobs.put(data), {}, now)


@transaction.atomic
def import_again(*, actor: User, job: Job, columns: Mapping[str, str], now: dt.datetime | None = None) -> Job:
    """Import a file again with the columns as a person names them, by field."""
    assert job.desk is not None
    base.require(actor, job.desk, *base.WORKERS, what=_("import fact checks"))
    blob = job.arguments.get("blob", "")
    if job.kind != JOB or not blob:
        raise base.Refused(_("This job imported no file."))
    wrong = [field for field in columns if field not in FIELDS]
    if wrong:
        raise base.Refused(_("“%(field)s” is no field of a fact check.") % {"field": wrong[0]})
    return _queued(actor, job.desk, job.arguments["name"], blob, dict(columns), now)


def _queued(
    actor: User, desk: Desk, name: str, blob: str, columns: dict[str, str], now: dt.datetime | None
) -> Job:
    known = {"name": name, "blob": blob, "desk": desk.pk, "actor": actor.pk, "columns": columns}
    return rows.enqueue(
        JOB,
        desk=desk,
        subject=f"file {name}"[:60],
        arguments=known,
        dedupe_key=f"import:{desk.pk}:{digest_of(json.dumps(known, sort_keys=True))}",
        queue=Job.Queue.INTERACTIVE,
        now=now,
    )


def run_import(job: Running) -> None:
    """Read the file and take in what it holds; what it is, and what was passed over, is the job's result."""
    arguments, now = job.row.arguments, timezone.now()
    desk = Desk.objects.get(pk=arguments["desk"])
    actor = User.objects.get(pk=arguments["actor"])
    job.progress(0, 2, "reading the file")
    try:
        body = blobs.read(arguments["blob"])
        found = read_apart(arguments["name"], body, columns=arguments["columns"], now=now)
    except IntakeError as error:
        raise JobRefused(error.sentence) from error
    job.progress(1, 2, "storing")
    tally, parts, shapes = Tally(), [], []
    result: dict[str, Any] = {}
    for name, read in found:
        if isinstance(read, UnknownColumns):
            result["columns"] = _asked(read)
        if isinstance(read, CheckFile):
            shapes.append(read.shape)
            parts.append(Part(name if len(found) > 1 else "", read.found, read.shape != "Google's API"))
            tally.notes.update(read.notes)
            if read.links:
                tally.pass_over(_("page named by a feed; add the feed's address instead"), len(read.links))
        elif len(found) == 1 and not isinstance(read, UnknownColumns):
            raise JobRefused(read.sentence)
        else:
            tally.refuse(name, 0, read.sentence)
    try:
        take_parts(actor=actor, desk=desk, parts=parts, tally=tally, now=now, within=job.fenced)
    except base.NotAllowed as refused:
        raise JobRefused(str(refused)) from refused
    with job.fenced():
        job.finish({**result, **tally.as_json(), "shapes": shapes})


def _asked(problem: UnknownColumns) -> dict[str, Any]:
    columns = problem.columns
    return {
        "names": list(columns.names),
        "fields": list(columns.fields),
        "sample": [list(row) for row in columns.sample],
        "missing": list(columns.missing),
    }
