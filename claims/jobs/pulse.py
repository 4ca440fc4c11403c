"""The step of a Celery worker that says every few seconds that the worker is there."""

from __future__ import annotations

import logging
import threading
from typing import Any

from celery import bootsteps
from django.db import connection

from claims.jobs.presence import report, sign_off

log = logging.getLogger(__name__)

EVERY = 5.0


class Pulse(bootsteps.StartStopStep):
    """Reports from a thread of its own in the worker's main process, also while its pool is busy."""

    requires = {"celery.worker.components:Pool"}

    def __init__(self, parent: Any, **kwargs: object) -> None:
        super().__init__(parent, **kwargs)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._app = parent.app

    def start(self, parent: Any) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=self._loop, name="pulse", daemon=True)
        self._thread.start()

    def stop(self, parent: Any) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _loop(self) -> None:
        try:
            while True:
                try:
                    report(queues=",".join(sorted(self._app.amqp.queues.consume_from)))
                except Exception:
                    log.warning("This worker could not say that it is there; it goes on.", exc_info=True)
                    connection.close()
                if self._stop.wait(EVERY):
                    break
            sign_off()
        except Exception:
            log.warning("This worker could not say that it stops.", exc_info=True)
        finally:
            connection.close()
