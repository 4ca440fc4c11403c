"""Start the Celery worker: threads and the dispatcher on the embedded default, prefork behind Redis.

    python -m factcheck.worker [--concurrency N]

Celery's own command line is not used: what it imports takes a third of the start and ten megabytes.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from typing import Any


def main(arguments: list[str]) -> int:
    """Run until stopped; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m factcheck.worker", description="Runs the jobs.")
    parser.add_argument(
        "--concurrency", type=int, help="Jobs at a time (3 threads, or 2 processes with Redis)."
    )
    chosen = parser.parse_args(arguments).concurrency
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    import django
    from django.conf import settings

    _keep_connections(settings.DATABASES["default"])
    django.setup()
    from claims.jobs.dispatcher import Dispatcher, Greeting
    from claims.jobs.pulse import Pulse
    from factcheck.celery import app

    app.steps["worker"].add(Pulse)
    if settings.REDIS_URL:
        app.steps["consumer"].add(Greeting)
        options: dict[str, Any] = {"pool": "prefork", "concurrency": chosen or 2}
    else:
        app.steps["worker"].add(Dispatcher)
        options = {"pool": "threads", "concurrency": chosen or 3, "without_heartbeat": True}
    # Two lines for every task tell nothing that the job rows do not tell better.
    for name in ("celery.worker.strategy", "celery.app.trace"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Celery's own habit is to close every connection, and to end the pool, before and after each task.
    app.conf["CELERY_DB_REUSE_MAX"] = 1000
    worker = app.Worker(loglevel="INFO", without_gossip=True, without_mingle=True, **options)
    worker.start()
    return int(worker.exitcode or 0)


def _keep_connections(database: dict[str, object]) -> None:
    """Give each process or thread of the worker one lasting connection: a pool of many serves nobody here."""
    options = database.get("OPTIONS")
    if isinstance(options, dict):
        options.pop("pool", None)
    database["CONN_MAX_AGE"] = 600
    database["CONN_HEALTH_CHECKS"] = True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
