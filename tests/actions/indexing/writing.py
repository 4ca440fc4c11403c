"""A process that runs index jobs until the file ``stop`` lies in its folder, for tests with several writers.

    python -m tests.actions.indexing.writing KIND FOLDER

Slices are small and leases short, so that many are taken and a dead writer's come back soon.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
django.setup()

from claims.actions.indexing import shares  # noqa: E402
from claims.jobs import rows  # noqa: E402
from claims.models import Job  # noqa: E402
from claims.tasks import base  # noqa: E402

SLICE, LEASE = 20, dt.timedelta(seconds=4)


def main(kind: str, folder: Path) -> None:
    shares.SLICE, shares.LEASE = SLICE, LEASE
    while not (folder / "stop").exists():
        for pk in Job.objects.filter(pk__in=rows.due(limit=100), kind=kind).values_list("pk", flat=True):
            base.run_now(pk)
        time.sleep(0.05)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
