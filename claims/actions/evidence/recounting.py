"""Whom do rows of evidence rely on that nobody has read yet? The upkeep behind an update, in small transactions.

An installation that counted by older rules gets its figures anew; what is typed and decided is not touched.
"""

from __future__ import annotations

from claims.actions.origin_counts import recount_origins
from claims.actions.reliance import BEFORE, reliance_of
from claims.independence.issuers import HEAD
from claims.jobs.rows import Running
from claims.models import Evidence

BATCH = 50


def recount(job: Running) -> None:
    """Read whom unread evidence relies on, and count all claims with evidence again."""
    last, read = 0, 0
    rows = Evidence.objects.select_related("document__outlet", "capture", "claim").order_by("pk")
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        unread = [row for row in batch if not row.relies and row.kind != Evidence.Kind.CONTACT]
        for row in unread:
            text = row.capture.text if row.capture is not None else ""
            row.relies = reliance_of(
                row.quotation,
                row.claim.wording,
                document=row.document,
                head=text[:HEAD],
                before=text[max(0, row.start - BEFORE) : row.start],
                language=row.claim.language if row.document is None else "",
                outlet=row.source_title,
                title=row.source_title,
                url=row.source_url,
            ).to_json()
        with job.fenced():
            Evidence.objects.bulk_update(unread, ["relies"])
            recount_origins({row.claim_id for row in batch})
        last, read = batch[-1].pk, read + len(unread)
        job.progress(read, read + len(batch), "evidence read")
    with job.fenced():
        job.finish({"read": read})
