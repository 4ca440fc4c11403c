"""Which workers are there? Each says so every few seconds, so that one that died idle is noticed.

A row of the database, because web, workers and probes may run on several machines. What a worker is doing is
told by its jobs; this is about workers that have nothing to do.
"""

from __future__ import annotations

import datetime as dt
import os
import socket

from django.utils import timezone

from claims.jobs import workers
from claims.models import Worker

# A worker that has not been seen for so long is dead or hangs.
SILENT = dt.timedelta(seconds=30)
# What is left of workers that ended suddenly is shown for a day.
KEPT = dt.timedelta(days=1)


def report(*, queues: str = "", now: dt.datetime | None = None) -> None:
    """Say that this process takes jobs."""
    now = now or timezone.now()
    Worker.objects.update_or_create(
        name=workers.my_name(),
        defaults={"seen_at": now, "queues": queues[:200]},
        create_defaults={
            "host": socket.gethostname()[:100],
            "pid": os.getpid(),
            "queues": queues[:200],
            "started_at": now,
            "seen_at": now,
        },
    )
    Worker.objects.filter(seen_at__lt=now - KEPT).delete()


def sign_off() -> None:
    """Say that this process stops taking jobs."""
    Worker.objects.filter(name=workers.my_name()).delete()
