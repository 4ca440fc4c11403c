"""The work of the index: a writer that puts in what has changed and carries a rebuild on, and those who help it."""

from __future__ import annotations

from claims.actions.evidence.new_sources import match_by_time
from claims.actions.indexing.writer import help_writing, write_index
from claims.jobs.rows import Running
from claims.tasks.base import job_task


@job_task("index", soft_time_limit=590, time_limit=600, max_retries=4)
def write(job: Running) -> None:
    """Write everything that changed to every open index, then have what is new compared with old claims."""
    write_index(job)
    match_by_time()


@job_task("index_share", soft_time_limit=590, time_limit=600, max_retries=4)
def share(job: Running) -> None:
    """Write slices of what the index lacks beside the writer, where several may."""
    help_writing(job)
