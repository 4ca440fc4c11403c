"""The work of sending mail: slow and refused mail servers are met here, and tried again."""

from __future__ import annotations

from claims.actions.desk import account_mails
from claims.jobs.rows import Running
from claims.tasks.base import job_task


@job_task("account_mail", soft_time_limit=80, time_limit=90, max_retries=4)
def account_mail(job: Running) -> None:
    """Tell a person by mail about their own account."""
    account_mails.send(job)
