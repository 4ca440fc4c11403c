"""The work of publication: what is due by time, and what follows from a release."""

from __future__ import annotations

from claims.actions.publishing import import_files, publish_jobs
from claims.jobs.rows import Running
from claims.tasks.base import job_task


@job_task("publish", soft_time_limit=50, time_limit=60, max_retries=4)
def publish(job: Running) -> None:
    """Publish one approved review whose time has come."""
    publish_jobs.publish_due(job)


@job_task("fanout", soft_time_limit=110, time_limit=120, max_retries=4)
def fan_out(job: Running) -> None:
    """Tell what depends on a release that it is there."""
    publish_jobs.fan_out(job)


@job_task("import", soft_time_limit=590, time_limit=600, max_retries=2)
def take_in_file(job: Running) -> None:
    """Take in the fact checks of one uploaded file."""
    import_files.run_import(job)
