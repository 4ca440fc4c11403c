"""The embedded worker's clock: a thread that hands due rows to Celery's own threads, each queue its share.

It lives inside the worker process beside the in-memory broker, so nothing but the database connects it with the
web process. A queue has slots: imports never take the thread that a person's act or a publication needs. It looks
every 0.2 s, and at once when a job has ended. Threads cannot be stopped; where one is still at work after its
limit, its row is given back, another thread takes its place, and the process starts anew as soon as it is quiet.
"""

from __future__ import annotations

import datetime as dt
import faulthandler
import logging
import os
import sys
import threading
import time
from typing import Any

from celery import bootsteps
from django.db import connection
from django.utils import timezone

from claims.jobs import handover, rows, wakeup, workers
from claims.jobs.kinds import TICK
from claims.models import Job

log = logging.getLogger(__name__)

Queue = Job.Queue
EVERY = 0.2
TICK_EVERY = 10.0
# A thread takes a message in milliseconds; what it has not taken by then goes out again.
_TAKEN = 5
# A process that cannot even come round here in this time (a call into C that never lets go) is ended; whoever
# started it starts it again, and the rows come back.
_DEAD = 120
# How long stuck threads may wait for the others to become quiet before the process starts anew all the same.
_QUIET = 60.0


def slots(concurrency: int) -> dict[str, int]:
    """Return how many jobs of each queue may run at a time, for so many jobs of people at a time."""
    return {
        Queue.PUBLISHING: 1,
        Queue.INTERACTIVE: concurrency,
        Queue.INDEX: 1,
        Queue.BULK: max(1, concurrency - 1),
    }


class Dispatcher(bootsteps.StartStopStep):
    """Starts with the worker's pool and stops with it."""

    requires = {"celery.worker.components:Pool"}

    def __init__(self, parent: Any, **kwargs: object) -> None:
        super().__init__(parent, **kwargs)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._app = parent.app
        self._slots: dict[str, int] = self._app.conf["factcheck_dispatcher"]
        self._stuck: set[int] = set()
        self._stuck_since = 0.0
        self._pool: Any = None

    def start(self, parent: Any) -> None:
        self._pool = parent.pool
        self._stop.clear()
        self._thread = threading.Thread(target=self._loop, name="dispatcher", daemon=True)
        self._thread.start()

    def stop(self, parent: Any) -> None:
        self._stop.set()
        wakeup.ended.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
        faulthandler.cancel_dump_traceback_later()

    def _loop(self) -> None:
        next_tick = next_look = 0.0
        sight = _Sight()
        try:
            while not self._stop.is_set():
                called = wakeup.ended.wait(EVERY)
                wakeup.ended.clear()
                now = time.monotonic()
                faulthandler.dump_traceback_later(_DEAD, exit=True, file=2)
                try:
                    if now >= next_tick:
                        next_tick = now + TICK_EVERY
                        self._app.send_task(TICK, expires=TICK_EVERY)
                    if now >= next_look:
                        next_look = now + 1.0
                        self._look_for_stuck(now)
                    if called or sight.worth_a_look(now):
                        self._hand_over()
                except Exception:
                    log.exception("The dispatcher could not read due jobs; it goes on.")
                    connection.close()
        finally:
            connection.close()

    def _hand_over(self) -> None:
        """Fill the free slots of each queue."""
        busy = _busy()
        for queue, most in self._slots.items():
            lifetime = dt.timedelta(seconds=_TAKEN)
            for message in handover.hand_over(queue, limit=most - busy.get(queue, 0), lifetime=lifetime):
                self._app.send_task(message.task, args=[message.pk], queue=queue, expires=message.expires)

    def _look_for_stuck(self, now: float) -> None:
        """Give back rows whose runs are over their limit; a thread of ours that is, is replaced."""
        mine = set(_mine().values_list("pk", flat=True))
        stuck = mine & set(rows.release_lost())
        if stuck:
            self._stuck_since = self._stuck_since or now
            self._stuck |= stuck
            # The thread is lost until the process ends: one more keeps the slots what they are.
            self._pool.executor._max_workers += len(stuck)
        if self._stuck and (len(mine - stuck) == 0 or now - self._stuck_since > _QUIET):
            log.error("Jobs %s do not end; the worker starts anew.", sorted(self._stuck))
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves again


def _mine() -> Any:
    return Job.objects.filter(status=Job.Status.RUNNING, token__startswith=workers.my_name())


def _busy() -> dict[str, int]:
    """Return by queue how many jobs run in this process or have just been handed to it."""
    handed = Job.objects.filter(status=Job.Status.QUEUED, handed_until__gt=timezone.now())
    busy: dict[str, int] = {}
    for queue in [*_mine().values_list("queue", flat=True), *handed.values_list("queue", flat=True)]:
        busy[queue] = busy.get(queue, 0) + 1
    return busy


class _Sight:
    """Says whether rows may have become due since the last look, so that idling costs next to nothing.

    SQLite counts the commits of other connections; time alone makes rows due as well, hence a look a second.
    Other databases are asked every time.
    """

    def __init__(self) -> None:
        self._version = -1
        self._looked = 0.0

    def worth_a_look(self, now: float) -> bool:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                version = cursor.execute("PRAGMA data_version").fetchone()[0]
            if version == self._version and now - self._looked < 1.0:
                return False
            self._version = version
        self._looked = now
        return True
