"""The work on documents: fetch an address, read a file, find the claims of a text, ask a language model.

What can hang on what others wrote (fetching, reading, splitting) runs in a child process with limits of its own,
shorter than those of its task, so that the row says what was stopped.
"""

from __future__ import annotations

from claims.actions.documents import intake_jobs, rereading_jobs
from claims.actions.evidence.decisions import evidence_of_file
from claims.actions.triage import suggestions
from claims.jobs.rows import Running
from claims.tasks.base import job_task


@job_task("fetch", soft_time_limit=110, time_limit=120, max_retries=4)
def fetch(job: Running) -> None:
    """Fetch one address into the archive."""
    intake_jobs.fetch_address(job)


@job_task("read", soft_time_limit=110, time_limit=120, max_retries=2)
def read(job: Running) -> None:
    """Read one uploaded file into the archive."""
    intake_jobs.read_file(job, as_evidence=evidence_of_file)


@job_task("analyse", soft_time_limit=170, time_limit=180, max_retries=2)
def analyse(job: Running) -> None:
    """Find the claims of one text."""
    intake_jobs.analyse_capture(job)


@job_task("reread", soft_time_limit=590, time_limit=600, max_retries=4)
def reread(job: Running) -> None:
    """Read old articles again by newer rules, for a stretch."""
    rereading_jobs.run_reread(job)


@job_task("suggest", soft_time_limit=590, time_limit=600, max_retries=2)
def suggest(job: Running) -> None:
    """Ask the configured language model about one text."""
    suggestions.run_suggest(job)
