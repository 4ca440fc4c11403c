"""Start the Celery worker: threads and the dispatcher on the embedded default, prefork behind Redis."""

from __future__ import annotations

import logging
import os
import sys


def main(arguments: list[str]) -> None:
    """Run until stopped; further arguments go to Celery's worker command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    import django
    from django.conf import settings

    _keep_connections(settings.DATABASES["default"])
    django.setup()
    from claims.jobs.dispatcher import Dispatcher, Greeting
    from factcheck.celery import app

    command = ["worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    if settings.REDIS_URL:
        app.steps["consumer"].add(Greeting)
    else:
        app.steps["worker"].add(Dispatcher)
        command += ["--pool", "threads", "--concurrency", "3", "--without-heartbeat"]
    # Two lines for every task tell nothing that the job rows do not tell better.
    for name in ("celery.worker.strategy", "celery.app.trace"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Celery's own habit is to close every connection, and to end the pool, before and after each task.
    app.conf["CELERY_DB_REUSE_MAX"] = 1000
    app.worker_main([*command, *arguments])


def _keep_connections(database: dict[str, object]) -> None:
    """Give each process or thread of the worker one lasting connection: a pool of many serves nobody here."""
    options = database.get("OPTIONS")
    if isinstance(options, dict):
        options.pop("pool", None)
    database["CONN_MAX_AGE"] = 600
    database["CONN_HEALTH_CHECKS"] = True


if __name__ == "__main__":
    main(sys.argv[1:])
