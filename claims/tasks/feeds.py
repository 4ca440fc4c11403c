"""The work on feeds: ask one address that a desk asks again and again."""

from __future__ import annotations

from claims.actions.feeds import polling
from claims.jobs.rows import Running
from claims.tasks.base import job_task


@job_task("poll", soft_time_limit=590, time_limit=600, max_retries=2)
def poll(job: Running) -> None:
    """Ask one feed and take in what it brings."""
    polling.run_poll(job)
