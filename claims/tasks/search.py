"""The work of searching: evidence and earlier checks for one claim, and new sources for claims searched before."""

from __future__ import annotations

from claims.actions.evidence import new_sources
from claims.actions.evidence.search import run_search, run_searches
from claims.jobs.rows import Running
from claims.tasks.base import job_task


@job_task("search", soft_time_limit=50, time_limit=60, max_retries=4)
def search(job: Running) -> None:
    """Search evidence for one claim."""
    run_search(job)


@job_task("searches", soft_time_limit=590, time_limit=600, max_retries=4)
def search_many(job: Running) -> None:
    """Search evidence for many claims: those of an article, or of a selection."""
    run_searches(job)


@job_task("standing", soft_time_limit=590, time_limit=600, max_retries=4)
def match_new(job: Running) -> None:
    """Compare texts that have come in with the claims that are watched."""
    new_sources.match_new(job)
