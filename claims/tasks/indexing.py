"""The work of the index: one writer that puts in what has changed, and carries a rebuild on."""

from __future__ import annotations

from claims.actions.evidence.new_sources import match_by_time
from claims.actions.indexing.writer import write_index
from claims.jobs.rows import Running
from claims.tasks.base import job_task


@job_task("index", soft_time_limit=590, time_limit=600, max_retries=4)
def write(job: Running) -> None:
    """Write everything that changed to every open index, then have what is new compared with old claims."""
    write_index(job)
    match_by_time()
