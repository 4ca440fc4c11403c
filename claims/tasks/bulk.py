"""The work of acts on many claims."""

from __future__ import annotations

from claims.actions.review import bulk_jobs
from claims.jobs.rows import Running
from claims.tasks.base import job_task


@job_task("bulk", soft_time_limit=110, time_limit=120, max_retries=4)
def bulk(job: Running) -> None:
    """Do an act on many claims, or take one back, for a stretch."""
    bulk_jobs.run_bulk(job)
