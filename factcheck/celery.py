"""The Celery application: queues, routes and limits. The job rows in the database carry the work.

With REDIS_URL a broker connects web, workers and beat:

    celery -A factcheck worker -Q publishing,interactive
    celery -A factcheck worker -Q index,bulk
    celery -A factcheck beat

Without it the broker lives in the memory of the one worker process, ``python -m factcheck.worker``, whose
dispatcher thread reads due rows and hands them to the same tasks. docs/reference/celery.md has the tables.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

app = Celery("factcheck")

#: In the order in which a worker that serves several looks into them.
QUEUES = ("publishing", "interactive", "index", "bulk")
EMBEDDED = (
    "This installation has no REDIS_URL, so its jobs live in one worker process: "
    "start it with “python -m factcheck.worker” (or everything with “./run”), not with “celery worker” or “beat”."
)


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
            # Queues in the order given, and in each the messages of desks with few of them first.
            "queue_order_strategy": "priority",
            "priority_steps": [0, 3, 6, 9],
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
        worker_send_task_events=not embedded,
        worker_enable_remote_control=not embedded,
        # A pool process that has grown is replaced after its job (kilobytes).
        worker_max_memory_per_child=400_000,
        timezone="UTC",
        enable_utc=True,
        task_queues=[Queue(name, Exchange(""), routing_key=name) for name in QUEUES],
        task_default_queue="bulk",
        task_default_exchange="",
        task_default_routing_key="bulk",
        task_create_missing_queues=False,
        # Where a task goes that is sent by hand. A job row's message goes to the queue its row names.
        task_routes={
            "claims.tasks.documents.*": {"queue": "bulk"},
            "claims.tasks.feeds.*": {"queue": "bulk"},
            "claims.tasks.search.*": {"queue": "interactive"},
            "claims.tasks.bulk.*": {"queue": "interactive"},
            "claims.tasks.mail.*": {"queue": "interactive"},
            "claims.tasks.publishing.take_in_file": {"queue": "interactive"},
            "claims.tasks.publishing.*": {"queue": "publishing"},
            "claims.tasks.indexing.*": {"queue": "index"},
            # What makes publication timely must not wait either.
            "claims.tasks.maintenance.tick": {"queue": "publishing"},
            "claims.tasks.maintenance.*": {"queue": "bulk"},
        },
        # Per worker: politeness towards other people's servers.
        task_annotations={
            "claims.tasks.documents.fetch": {"rate_limit": "240/m"},
            "claims.tasks.documents.suggest": {"rate_limit": "60/m"},
            "claims.tasks.feeds.poll": {"rate_limit": "120/m"},
        },
        # Beat only knocks; what is due is decided by the rows. Nothing is lost when beat is down for a while.
        beat_schedule={
            "tick": {"task": "claims.tasks.maintenance.tick", "schedule": 10.0, "options": {"expires": 10}}
        },
        beat_scheduler="celery.beat:Scheduler",
        imports=["claims.tasks"],
    )
    # Celery's own habit is to close every connection, and to end the pool, before and after each task.
    app.conf["CELERY_DB_REUSE_MAX"] = 1000


@celeryd_init.connect
def _prepare_worker(conf: Any = None, **kwargs: object) -> None:
    """Refuse a worker that would have nothing to do; let the others say that they are there."""
    from django.conf import settings

    if not settings.REDIS_URL and not app.conf.get("factcheck_dispatcher"):
        raise SystemExit(EMBEDDED)
    keep_connections()
    from claims.jobs.greeting import Greeting
    from claims.jobs.pulse import Pulse

    app.steps["worker"].add(Pulse)
    if settings.REDIS_URL:
        app.steps["consumer"].add(Greeting)
    # Two lines for every task tell nothing that the job rows do not tell better.
    for name in ("celery.worker.strategy", "celery.app.trace"):
        logging.getLogger(name).setLevel(logging.WARNING)
    from factcheck.settled import leave_alone

    # Code and tasks are loaded: one look through them took as long as half a search.
    leave_alone()


@beat_init.connect
def _prepare_beat(**kwargs: object) -> None:
    from django.conf import settings

    if not settings.REDIS_URL:
        raise SystemExit(EMBEDDED)


def keep_connections() -> None:
    """Give each process or thread one lasting connection: a pool of many serves nobody in a worker."""
    from django.db import connections

    database = connections.settings["default"]
    options = database.get("OPTIONS")
    if isinstance(options, dict) and options.get("pool"):
        # What a pool has opened by now nobody would close: it is known by its option.
        link = connections["default"]
        link.close()
        link.close_pool()  # type: ignore[attr-defined]
        options.pop("pool")
    database["CONN_MAX_AGE"] = 600
    database["CONN_HEALTH_CHECKS"] = True


configure()
