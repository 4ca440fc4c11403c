"""The work of searching: evidence and earlier checks for one claim."""

from __future__ import annotations

from claims.actions.evidence.search import run_search
from claims.jobs.rows import Running
from claims.tasks.base import job_task


@job_task("search", soft_time_limit=50, time_limit=60, max_retries=4)
def search(job: Running) -> None:
    """Search evidence for one claim."""
    run_search(job)
