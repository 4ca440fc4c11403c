"""What is deleted because it has grown old? Finished jobs, ended sessions, traces of signing in and of readers.

Old previews and stored bytes that nothing names go as well. How long each is kept is a setting. What people
decided, and who did what, is never among it: audit rows, releases, verdicts and documents stay.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from claims.actions.desk.open_sessions import purge_open_sessions
from claims.actions.desk.sent_forms import purge_sent_forms
from claims.actions.desk.sign_in_gate import purge_sign_in_attempts
from claims.actions.documents import blobs
from claims.actions.reader_messages.settling import forget_readers
from claims.actions.review import selections
from claims.jobs import rows
from claims.jobs.rows import Running
from claims.models import Capture, Job, RereadArticle, Rereading

JOB = "purge"
EVERY = dt.timedelta(hours=24)
BATCH = 500


def purge_by_time(*, now: dt.datetime | None = None) -> Job | None:
    """Queue a purge where the last one is a day old; None where it is not."""
    now = now or timezone.now()
    if Job.objects.filter(kind=JOB, created_at__gt=now - EVERY).exists():
        return None
    return rows.enqueue(JOB, desk=None, subject="purge", dedupe_key=JOB, now=now)


def purge(job: Running, *, now: dt.datetime | None = None) -> None:
    """Delete in small transactions, so that nobody waits long for one."""
    now = now or timezone.now()
    gone = {
        "jobs": _jobs(job, now),
        "sessions": _sessions(now),
        "open_sessions": purge_open_sessions(now=now),
        "forms": purge_sent_forms(now=now),
        "attempts": purge_sign_in_attempts(now=now),
        "blobs": _blobs(now),
        "differences": _differences(now),
        "readers": forget_readers(now=now),
        "selections": selections.forget_old(now=now),
    }
    with job.fenced():
        job.finish(gone)


def _jobs(job: Running, now: dt.datetime) -> int:
    """Delete what ended long ago; a failed job is kept longer, since somebody may still want to look at it."""
    ended = now - dt.timedelta(days=settings.KEEP_JOBS_DAYS)
    failed = now - dt.timedelta(days=settings.KEEP_FAILED_JOBS_DAYS)
    old = Job.objects.filter(
        status__in=[Job.Status.DONE, Job.Status.CANCELLED], finished_at__lt=ended
    ) | Job.objects.filter(status=Job.Status.FAILED, finished_at__lt=failed)
    gone = 0
    while ids := list(old.order_by("id").values_list("pk", flat=True)[:BATCH]):
        with job.fenced():
            gone += (
                Job.objects.filter(pk__in=ids)
                .exclude(status__in=[Job.Status.QUEUED, Job.Status.RUNNING])
                .delete()[0]
            )
        job.progress(gone, gone + len(ids), "jobs deleted")
    return gone


def _sessions(now: dt.datetime) -> int:
    return Session.objects.filter(expire_date__lt=now).delete()[0]


def _differences(now: dt.datetime) -> int:
    """Forget what old previews of newer rules showed, article by article; their counts and outcomes stay."""
    old = now - dt.timedelta(days=settings.KEEP_FAILED_JOBS_DAYS)
    batches = Rereading.objects.filter(ended_at__lt=old).exclude(state__in=Rereading.ACTIVE)
    rows = RereadArticle.objects.filter(rereading__in=batches.order_by().values("pk"))
    gone = 0
    while ids := list(rows.exclude(differences=[]).order_by("id").values_list("pk", flat=True)[:BATCH]):
        gone += RereadArticle.objects.filter(pk__in=ids).update(differences=[])
    return gone


def _blobs(now: dt.datetime) -> int:
    """Delete files that no capture and no waiting job names: what was refused, or never became a document."""
    gone = 0
    before = now - dt.timedelta(days=settings.KEEP_JOBS_DAYS)
    for name in blobs.older_than(before):
        if Capture.objects.filter(blob=name).exists() or Job.objects.filter(arguments__blob=name).exists():
            continue
        gone += blobs.remove(name, before=before)
    return gone
