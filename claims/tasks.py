"""The two Celery tasks: run one job row, and look for what is due."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from claims.jobs import handlers, rows


@shared_task(name="claims.tasks.run_job", ignore_result=True)
def run_job(pk: int) -> None:
    """Run one job row; whoever comes second does nothing."""
    close_old_connections()
    handlers.run(pk)


@shared_task(name="claims.tasks.tick", ignore_result=True)
def tick() -> None:
    """Free what ended workers left behind, queue what has become due by time, hand over every due row."""
    from claims.actions.publishing.schedule import due_by_time

    close_old_connections()
    rows.release_ended()
    due_by_time()
    for pk in rows.due(limit=100):
        run_job.delay(pk)
