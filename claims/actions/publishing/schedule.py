"""What has become due by time alone? Publications whose hour has come, and an index that lags behind."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from claims.actions.indexing.outbox import keep_up
from claims.jobs import rows
from claims.models import Job, Review

LIMIT = 200


def due_by_time(now: dt.datetime | None = None) -> int:
    """Queue a job for everything due; returns how many publications. Safe to call from several processes."""
    now = now or timezone.now()
    count = 0
    due = Review.objects.filter(state=Review.State.APPROVED, held=False, publish_at__lte=now)
    for review in due.select_related("desk").order_by("publish_at", "id")[:LIMIT]:
        subject = f"review:{review.pk}"
        if Job.objects.filter(kind="publish", subject=subject, status=Job.Status.RUNNING).exists():
            continue
        rows.enqueue(
            "publish",
            desk=review.desk,
            subject=subject,
            arguments={"review": review.pk},
            dedupe_key=f"publish:{review.pk}",
            now=now,
        )
        count += 1
    keep_up(now=now)
    return count
