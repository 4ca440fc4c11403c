"""Start the Celery worker: threads and the dispatcher on the embedded default, prefork behind Redis."""

from __future__ import annotations

import os
import sys


def main(arguments: list[str]) -> None:
    """Run until stopped; further arguments go to Celery's worker command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    import django
    from django.conf import settings

    django.setup()
    from factcheck.celery import app

    command = ["worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    if not settings.REDIS_URL:
        from claims.jobs.dispatcher import Dispatcher

        app.steps["worker"].add(Dispatcher)
        command += ["--pool", "threads", "--concurrency", "3", "--without-heartbeat"]
    app.worker_main([*command, *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
