"""What a worker does besides running tasks: look for due rows by itself, and look once when it (re)connects.

``Dispatcher`` is the embedded worker's clock: a thread that hands due rows to Celery's own threads every
0.2 s. It lives inside the worker process beside the in-memory broker, so nothing but the database connects
it with the web process. ``Greeting`` is for a broker between processes: whatever happened while the
connection was down, one tick after it stands again finds what is due.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from celery import bootsteps
from django.db import connection

from claims.jobs import rows

log = logging.getLogger(__name__)

EVERY = 0.2
# Named, not imported: tasks stand above jobs.
TICK = "claims.tasks.tick"
RUN_JOB = "claims.tasks.run_job"
TICK_EVERY = 10.0
HAND_OVER_AGAIN = 5.0


class Dispatcher(bootsteps.StartStopStep):
    """Starts with the worker's pool and stops with it."""

    requires = {"celery.worker.components:Pool"}

    def __init__(self, parent: Any, **kwargs: object) -> None:
        super().__init__(parent, **kwargs)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._app = parent.app

    def start(self, parent: Any) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=self._loop, name="dispatcher", daemon=True)
        self._thread.start()

    def stop(self, parent: Any) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _loop(self) -> None:
        sent: dict[int, float] = {}
        next_tick = 0.0
        sight = _Sight()
        try:
            while not self._stop.wait(EVERY):
                now = time.monotonic()
                try:
                    if now >= next_tick:
                        next_tick = now + TICK_EVERY
                        self._app.send_task(TICK)
                    if not sight.worth_a_look(now):
                        continue
                    due = rows.due()
                    # A row handed over and still waiting for a thread is not handed over again; one that
                    # was started since, and is due once more, is.
                    sent = {pk: sent[pk] for pk in due if pk in sent and now - sent[pk] < HAND_OVER_AGAIN}
                    for pk in due:
                        if pk not in sent:
                            sent[pk] = now
                            self._app.send_task(RUN_JOB, args=[pk])
                except Exception:
                    log.exception("The dispatcher could not read due jobs; it goes on.")
                    connection.close()
        finally:
            connection.close()


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


class Greeting(bootsteps.StartStopStep):
    """Sends one tick whenever the worker's connection to the broker stands."""

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def start(self, parent: Any) -> None:
        try:
            parent.app.send_task(TICK, expires=10, retry=False)
        except Exception:
            log.warning("No tick sent: the broker does not answer.")
