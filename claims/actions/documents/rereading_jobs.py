"""The work on a batch of readings: one article at a time, in stretches, each written in one short transaction.

Whatever ends the process, the rows say which articles are left. An article that cannot be read says why and stops
no other; one that ended its worker several times is given up.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.documents import intake_jobs
from claims.actions.documents.analysis import store_reading
from claims.actions.documents.reading_changes import compared, rows_of
from claims.actions.documents.rereading import Row, State, go_on_later
from claims.jobs.rows import JobRefused, LostJob, Running
from claims.models import Desk, Job, RereadArticle, Rereading
from claims.models.failures import failure_of
from claims.splitting.rereading import ReadingComparison, differences
from claims.splitting.types import Split

#: So long the job goes on before it lets others of the queue go first, in seconds.
STRETCH = 20.0
#: And so long it stands back where somebody waits.
STAND_BACK = dt.timedelta(seconds=2)
#: Within which time what somebody waits for is usually begun.
SERVED = dt.timedelta(seconds=30)
#: How often an article may end its worker.
TRIES = 3
#: How much of the differences of one article is kept for looking at it.
SHOWN = 200


def run_reread(job: Running) -> None:
    """Work on a batch for a stretch, and queue the next one where articles are left."""
    batch = Rereading.objects.select_related("desk", "applied_by").filter(pk=job.row.arguments["rereading"])
    found = batch.first()
    if found is None:
        raise JobRefused(_("This batch is not there any more."))
    until = time.monotonic() + STRETCH
    done, total = _progress(found)
    while (row := _next(found)) is not None:
        job.progress(done, total, "reading again")
        _step(job, found, row)
        done += 1
        waited_for = _somebody_waits()
        if waited_for or time.monotonic() >= until:
            with job.fenced():
                go_on_later(found, queue=job.row.queue, wait=STAND_BACK if waited_for else None)
                job.finish({"rereading": found.pk, "done": done, "articles": total})
            return
    with job.fenced():
        _end(found)
        job.finish({"rereading": found.pk, "done": done, "articles": total})


def _left(batch: Rereading) -> models.QuerySet[RereadArticle]:
    """Return the articles that the batch's state asks to be worked on; none where it was stopped meanwhile."""
    state = Rereading.objects.filter(pk=batch.pk).values_list("state", flat=True).first()
    wanted = {State.PREVIEWING: Row.WAITING, State.APPLYING: Row.CHOSEN}.get(State(state)) if state else None
    rows = RereadArticle.objects.filter(rereading=batch)
    return rows.filter(state=wanted) if wanted else rows.none()


def _next(batch: Rereading) -> RereadArticle | None:
    rows = _left(batch).select_related("capture__document").order_by("id")
    return rows.first()


def _progress(batch: Rereading) -> tuple[int, int]:
    left = _left(batch).count()
    total = batch.articles
    if batch.state == State.APPLYING:
        total = left + RereadArticle.objects.filter(rereading=batch, state=Row.APPLIED).count()
    return total - left, total


def _somebody_waits() -> bool:
    """Whether somebody has just begun to wait; what nobody serves for longer than that is not waiting for us."""
    now = timezone.now()
    waiting = Job.objects.filter(queue=Job.Queue.INTERACTIVE, status=Job.Status.QUEUED)
    return waiting.filter(run_after__lte=now, run_after__gt=now - SERVED).exclude(kind="reread").exists()


def _step(job: Running, batch: Rereading, row: RereadArticle) -> None:
    """Read one article and write down what came of it, if only why nothing could."""
    with job.fenced():
        begun = RereadArticle.objects.filter(pk=row.pk, state=row.state)
        if not begun.update(attempts=models.F("attempts") + 1):
            return
    try:
        if row.attempts >= TRIES:
            raise base.Refused(_("Reading it ended the worker %(n)d times.") % {"n": row.attempts})
        if row.capture.redacted_at is not None:
            raise base.Refused(_("The text is not there any more."))
        split = intake_jobs.split_capture(row.capture)
        if row.state == Row.WAITING:
            _keep_preview(job, batch, row, split)
        else:
            _take_over(job, batch, row, split)
    except (LostJob, JobRefused, SoftTimeLimitExceeded):
        raise
    except Exception as error:
        if failure_of(error) is not None:
            raise  # the machine's trouble, not the article's: the job is tried again
        said = str(error) if isinstance(error, base.Refused) else f"{type(error).__name__}: {error}"
        with job.fenced():
            RereadArticle.objects.filter(pk=row.pk, state=row.state).update(
                state=Row.FAILED, error=said[:1000]
            )


def _keep_preview(job: Running, batch: Rereading, row: RereadArticle, split: Split) -> None:
    found = _compared(batch.desk, row, split)
    with job.fenced():
        RereadArticle.objects.filter(pk=row.pk, state=Row.WAITING).update(
            state=Row.READ,
            read_by=split.analyser[:60],
            differences=differences(found, most=SHOWN),
            error="",
            **found.counts,
        )


def _compared(desk: Desk, row: RereadArticle, split: Split) -> ReadingComparison:
    published = row.capture.document.published or split.published or ""
    return compared(rows_of(desk, row.capture), split.units, published)


def _take_over(job: Running, batch: Rereading, row: RereadArticle, split: Split) -> None:
    """Store the reading, compared anew under the lock; refused where other rules would speak than were looked at."""
    if split.analyser[:60] != row.read_by:
        raise base.Refused(
            _("The rules have changed since this preview (%(old)s, now %(new)s). Preview it again.")
            % {"old": row.read_by, "new": split.analyser}
        )
    with job.fenced(), base.gesture("job"):
        # The same row tells whether somebody has stopped the batch meanwhile.
        if not RereadArticle.objects.filter(pk=row.pk, state=Row.CHOSEN).update(state=Row.APPLIED):
            return
        newest = row.capture.document.captures.order_by("-number").values_list("pk", flat=True).first()
        if newest != row.capture_id:
            raise base.Refused(_("The article has a newer text since; it was read by itself."))
        stored = store_reading(actor=batch.applied_by, desk=batch.desk, capture=row.capture, split=split)
        applied: dict[str, Any] = dict(stored.counts)
        RereadArticle.objects.filter(pk=row.pk).update(
            applied=applied, run=stored.run, event_id=stored.event, error=""
        )


def _end(batch: Rereading) -> None:
    """Say that a batch is through, unless it was stopped; called in the job's transaction."""
    rows = RereadArticle.objects.filter(rereading=batch)
    Rereading.objects.filter(pk=batch.pk, state=State.PREVIEWING).update(
        state=State.READY, ended_at=timezone.now()
    )
    left = rows.filter(state=Row.READ).exists()
    Rereading.objects.filter(pk=batch.pk, state=State.APPLYING).update(
        state=State.READY if left else State.DONE, ended_at=timezone.now()
    )
