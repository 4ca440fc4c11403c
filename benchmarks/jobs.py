"""How long from a commit to the start of its job, in a real worker; and what web and worker cost when idle.

``value`` is the 95th percentile in milliseconds over ``size`` searches that a person asks for, committed at
irregular moments, for a claim that is not there, so that nothing but the start is timed. With ``behind`` so many
imported articles wait to be split, and the worker is at it all the while: what is timed must not wait for them.

``raw`` with Redis is the time from pushing a word to a list until a second connection has popped it (95th
percentile); without, the dispatcher's interval, which no poll can beat.

Idle figures are taken from the kernel over ten quiet seconds, resident memory once all is up; not with ``behind``.
"""

from __future__ import annotations

import os
import random
import statistics
import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from benchmarks.processes import family, running, wait_for
from benchmarks.throwaway import installation

IDLE = 10.0


PARAGRAPH = (
    "The {} authority of {} {} raised its fees by {} percent on 2 March 2026. Minister {} {} said the {} of {} had "
    "lost {} jobs since 2024. The {} union says the new {} will close eleven {}.\n\n"
)


def run(size: int = 100, behind: int = 0) -> dict[str, Any]:
    """Return the 95th percentile of the wait in milliseconds."""
    from claims.jobs.dispatcher import EVERY

    with installation() as place:
        _import(place.desk, behind)
        with running(place.folder, place.environment) as (web, worker):
            wait_for(lambda: _start(place.desk) < 1000, "the worker starts jobs")
            if behind:
                wait_for(lambda: _left() < behind, "the imports are being worked off")
            waits = []
            for _ in range(size):
                time.sleep(random.uniform(0.02, 0.12))
                waits.append(_start(place.desk))
            left = _left()
            if behind and not left:
                raise RuntimeError("The imports were done before the measurement: ask for more of them.")
            quiet = {} if behind else _quiet(web, worker)
    waits.sort()
    raw = _redis_round_trip(size) if settings.REDIS_URL else EVERY * 1000
    value = _percentile(waits, 95)
    return {
        "name": "jobs",
        "size": size,
        "engine": "redis" if settings.REDIS_URL else "embedded",
        "value": round(value, 1),
        "unit": "ms",
        "raw": round(raw, 2),
        "ratio": round(value / raw, 2),
        **({"behind": behind, "imports_left": left} if behind else {}),
        "median": round(statistics.median(waits), 1),
        "load": round(os.getloadavg()[0], 1),
        **quiet,
    }


def _quiet(web: int, worker: int) -> dict[str, Any]:
    """Return what both cost while nothing is to be done: percent of a core, and megabytes resident."""
    time.sleep(2)
    before = {pid: _cpu(pid) for pid in family(web) + family(worker)}
    time.sleep(IDLE)
    used = {pid: _cpu(pid) - seconds for pid, seconds in before.items()}
    memory = {"web": _resident(family(web)), "worker": _resident(family(worker))}
    idle = {
        "web": sum(used[pid] for pid in family(web) if pid in used) / IDLE,
        "worker": sum(used[pid] for pid in family(worker) if pid in used) / IDLE,
    }
    return {
        "idle_cpu_percent": {name: round(share * 100, 2) for name, share in idle.items()},
        "resident_mb": {**memory, "together": round(sum(memory.values()), 1)},
    }


def _import(desk: Any, count: int) -> None:
    """Store articles as an import does: each is a row of the bulk queue.

    Before the worker starts, a hundred in a transaction: what is timed is not how fast they come in.
    """
    from claims.actions.documents.storing import store
    from claims.intake.types import Extracted

    for first in range(0, count, 100):
        with transaction.atomic():
            for number in range(first, min(first + 100, count)):
                found = Extracted(text=_article(number), title=f"Import {number}", language="en")
                store(actor=None, desk=desk, extracted=found)


def _article(number: int) -> str:
    """Return some 450 words that no other article shares: likeness is looked for when one is stored."""
    dice = random.Random(number)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "il")]

    def word() -> str:
        return "".join(dice.choices(syllables, k=3)).capitalize()

    return "".join(PARAGRAPH.format(*(word() for _ in range(PARAGRAPH.count("{}")))) for _ in range(12))


def _left() -> int:
    from claims.models import Job

    return Job.objects.filter(kind="analyse", status=Job.Status.QUEUED).count()


def _start(desk: Any) -> float:
    """Queue one job and return how many milliseconds after the commit it was started."""
    from claims.jobs import rows
    from claims.models import Job

    with transaction.atomic():
        job = rows.enqueue("search", desk=desk, arguments={"claim": 0}, queue=Job.Queue.INTERACTIVE)
    committed = timezone.now()
    until = time.monotonic() + 30
    while time.monotonic() < until:
        started = Job.objects.values_list("started_at", flat=True).get(pk=job.pk)
        if started is not None:
            return max(0.0, (started - committed).total_seconds() * 1000)
        time.sleep(0.01)
    raise RuntimeError("The worker did not start the job within half a minute.")


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pids: list[int]) -> float:
    """Return megabytes resident, summed over processes: what they share is counted for each."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def _percentile(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _redis_round_trip(size: int) -> float:
    import redis

    key = f"benchmark:{os.getpid()}"
    waits: list[float] = []
    sent: list[float] = []
    with (
        redis.Redis.from_url(settings.REDIS_URL) as pushing,
        redis.Redis.from_url(settings.REDIS_URL) as popping,
    ):

        def pop() -> None:
            for _ in range(size):
                popping.brpop([key], timeout=30)
                waits.append((time.perf_counter() - sent[-1]) * 1000)

        thread = threading.Thread(target=pop)
        thread.start()
        for _ in range(size):
            time.sleep(0.01)
            sent.append(time.perf_counter())
            pushing.lpush(key, b"1")
        thread.join()
        pushing.delete(key)
    return _percentile(sorted(waits), 95)
