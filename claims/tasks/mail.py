"""The work of sending mail: slow and refused mail servers are met here, and tried again."""

from __future__ import annotations

from claims.actions.desk import account_mails
from claims.actions.desk import mail as sending
from claims.jobs.rows import Running
from claims.tasks.base import job_task


@job_task("account_mail", soft_time_limit=80, time_limit=90, max_retries=4)
def account_mail(job: Running) -> None:
    """Tell a person by mail about their own account."""
    account_mails.send(job)


@job_task("mail", soft_time_limit=80, time_limit=90, max_retries=4)
def mail(job: Running) -> None:
    """Send one person what is in their inbox."""
    sending.run_mail(job)
