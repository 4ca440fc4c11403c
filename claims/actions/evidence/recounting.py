"""Whom do rows of evidence rely on that nobody has read yet? The upkeep behind an update, in small transactions.

An installation that counted by older rules gets its figures anew; what is typed and decided is not touched.
"""

from __future__ import annotations

from claims.actions.origin_counts import read_again, recount_origins
from claims.jobs.rows import Running
from claims.models import Evidence

BATCH = 50


def recount(job: Running) -> None:
    """Read whom unread evidence relies on, and count all claims with evidence again."""
    last, read = 0, 0
    rows = Evidence.objects.select_related("document__outlet", "capture", "claim").order_by("pk")
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        unread = [row for row in batch if not row.relies]
        read_again(unread)
        with job.fenced():
            Evidence.objects.bulk_update(unread, ["relies"])
            recount_origins({row.claim_id for row in batch})
        last, read = batch[-1].pk, read + len(unread)
        job.progress(read, read + len(batch), "evidence read")
    with job.fenced():
        job.finish({"read": read})
