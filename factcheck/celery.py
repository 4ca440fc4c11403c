"""The Celery application: it carries wake-ups, the job rows in the database carry the work.

With REDIS_URL a broker connects web, worker and beat. Without it the broker lives in the memory of the
worker process, whose dispatcher thread reads due rows and hands them to the same tasks.
"""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

app = Celery("factcheck")


def configure() -> None:
    """Bind the application to the settings; called once on import."""
    from django.conf import settings

    embedded = not settings.REDIS_URL
    app.conf.update(
        broker_url="memory://localhost/" if embedded else settings.REDIS_URL,
        broker_transport_options={"polling_interval": 0.05}
        if embedded
        else {
            "socket_connect_timeout": 2,
            "socket_timeout": 5,
            "socket_keepalive": True,
            "visibility_timeout": 3600,
        },
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=2,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        # With a limit, the in-memory broker stops handing out messages for good once threads acknowledge many
        # at a time (seen with 60 due rows). The dispatcher is the limit there.
        worker_prefetch_multiplier=0 if embedded else 1,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        worker_enable_remote_control=not embedded,
        timezone="UTC",
        enable_utc=True,
        task_default_queue="factcheck",
        # Beat only knocks; what is due is decided by the rows. Nothing is lost when beat is down for a while.
        beat_schedule={"tick": {"task": "claims.tasks.tick", "schedule": 10.0, "options": {"expires": 10}}},
        beat_scheduler="celery.beat:Scheduler",
        imports=["claims.tasks"],
    )


configure()
