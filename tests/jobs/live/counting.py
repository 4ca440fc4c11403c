"""Jobs whose effects can be counted, and the fifty kills that must not change the count."""

from __future__ import annotations

import random
import time
from collections import Counter

from django.db import transaction

from claims.jobs import rows
from claims.models import AuditEvent, Job
from tests.jobs.live.processes import Processes, wait_until

KILLS = 50
JOBS = 200


def add(count: int = 1, seconds: float = 0.0, **arguments: object) -> list[int]:
    """Queue jobs that count, each in a transaction of its own as a page would."""
    made = []
    for _ in range(count):
        with transaction.atomic():
            made.append(rows.enqueue("live-count", desk=None, arguments={"seconds": seconds, **arguments}).pk)
    return made


def status(pk: int) -> str:
    return Job.objects.values_list("status", flat=True).get(pk=pk)


def all_done() -> bool:
    return not Job.objects.filter(kind="live-count").exclude(status=Job.Status.DONE).exists()


def standing() -> str:
    """Say in one line how the jobs stand, for a test that waits in vain."""
    rows_ = Job.objects.exclude(status=Job.Status.DONE).values_list(
        "pk", "status", "attempts", "error", "run_after", "token"
    )
    return "; ".join(" ".join(str(one) for one in row) for row in rows_[:10]) or "all done"


def effects() -> Counter[int]:
    """Return how often each job left its effect."""
    return Counter(AuditEvent.objects.filter(verb="live.counted").values_list("object_id", flat=True))


def kill_while_they_run(processes: Processes, seed: int) -> int:
    """Kill fifty workers at random moments while 200 jobs come in and run; returns how many jobs were hit.

    Every fifth dies while it starts; the others once they have begun to work, whenever that is.
    """
    dice = random.Random(seed)
    hit = 0
    for left in range(KILLS, 0, -1):
        begun = set(_begun())
        pid = processes.fork_worker()
        missing = JOBS - Job.objects.filter(kind="live-count").count()
        for _ in range(missing // left):
            add(seconds=dice.uniform(0.05, 0.15))
        if left % 5:
            wait_until(lambda seen=begun: bool(set(_begun()) - seen), "the worker works")
        time.sleep(dice.uniform(0.0, 0.3))
        processes.kill(pid)
        hit += Job.objects.filter(kind="live-count", status=Job.Status.RUNNING).count()
    processes.fork_worker()
    wait_until(all_done, "every job that was queued is done")
    return hit


def _begun() -> list[tuple[int, int]]:
    return list(Job.objects.filter(kind="live-count", attempts__gt=0).values_list("pk", "attempts"))
