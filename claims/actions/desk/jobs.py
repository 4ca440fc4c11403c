"""What people do about jobs: put a failed one back into the queue, cancel one that waits."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.jobs import rows
from claims.models import Job, User


@transaction.atomic
def retry_job(*, actor: User, job: Job, now: dt.datetime | None = None) -> Job:
    """Queue a failed job again with fresh attempts; raise Stale where it is not failed any more."""
    now = now or timezone.now()
    _may_decide(actor, job)
    if not rows.retry(job, now=now):
        job.refresh_from_db()
        if job.status == Job.Status.FAILED:
            raise base.Stale(_("An equal job is waiting already; it does the same work."))
        raise base.Stale(
            _("This job is %(status)s now; there is nothing to retry.") % {"status": job.get_status_display()}
        )
    base.audit("job.retried", job, actor=actor, desk=job.desk, before="failed", after="queued", now=now)
    job.refresh_from_db()
    return job


@transaction.atomic
def cancel_job(*, actor: User, job: Job, now: dt.datetime | None = None) -> Job:
    """Take a job that waits out of its queue; raise Stale where it has begun or ended meanwhile."""
    now = now or timezone.now()
    _may_decide(actor, job)
    if not rows.cancel(job, now=now):
        job.refresh_from_db()
        raise base.Stale(
            _("This job is %(status)s now; only what waits can be cancelled.")
            % {"status": job.get_status_display()}
        )
    base.audit("job.cancelled", job, actor=actor, desk=job.desk, before="queued", after="cancelled", now=now)
    job.refresh_from_db()
    return job


def _may_decide(actor: User, job: Job) -> None:
    if job.desk is not None:
        base.require(actor, job.desk, *base.WORKERS, what=_("retry and cancel jobs"))
    elif not actor.is_superuser:
        raise base.NotAllowed(_("Only an administrator of the installation may decide about its own upkeep."))
