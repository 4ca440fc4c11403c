"""The embedded worker's clock: a thread that hands due rows to Celery's own threads every 0.2 s.

It lives inside the worker process beside the in-memory broker, so nothing but the database connects it
with the web process.
"""

from __future__ import annotations

import logging
import threading
import time

from celery import bootsteps
from django.db import close_old_connections

from claims.jobs import rows

log = logging.getLogger(__name__)

EVERY = 0.2
TICK_EVERY = 10.0


class Dispatcher(bootsteps.StartStopStep):
    """Starts with the worker's consumer and stops with it."""

    requires = {"celery.worker.components:Pool"}

    def __init__(self, parent: object, **kwargs: object) -> None:
        super().__init__(parent, **kwargs)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, parent: object) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=self._loop, name="dispatcher", daemon=True)
        self._thread.start()

    def stop(self, parent: object) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _loop(self) -> None:
        from claims.tasks import run_job, tick

        sent: dict[int, float] = {}
        next_tick = 0.0
        while not self._stop.wait(EVERY):
            now = time.monotonic()
            try:
                if now >= next_tick:
                    next_tick = now + TICK_EVERY
                    tick.delay()
                # A row already handed over and still waiting for a thread is not handed over again.
                sent = {pk: at for pk, at in sent.items() if now - at < 5}
                for pk in rows.due():
                    if pk not in sent:
                        sent[pk] = now
                        run_job.delay(pk)
            except Exception:
                log.exception("The dispatcher could not read due jobs; it goes on.")
            finally:
                close_old_connections()
