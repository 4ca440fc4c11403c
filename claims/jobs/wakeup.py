"""Tells the workers that a row is due; never raises, never takes longer than 0.2 s, never carries work.

With Redis a knock is a Celery message. Without it nothing is sent: the worker's dispatcher reads due rows
every 0.2 s. A broker that does not answer is left alone for a while, and `tick` finds the row anyway.
"""

from __future__ import annotations

import logging
import threading
import time

from django.conf import settings

log = logging.getLogger(__name__)

TIMEOUT = 0.2
PAUSE = 10.0


class Breaker:
    """Stops asking a broker for a while after it failed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed_until = 0.0

    def may_try(self) -> bool:
        with self._lock:
            return time.monotonic() >= self._closed_until

    def failed(self) -> None:
        with self._lock:
            self._closed_until = time.monotonic() + PAUSE

    def worked(self) -> None:
        with self._lock:
            self._closed_until = 0.0


breaker = Breaker()
_sender = threading.local()


def knock(pk: int) -> None:
    """Send one wake-up for one job row where a broker connects the processes."""
    if not settings.REDIS_URL or not breaker.may_try():
        return
    try:
        _send(pk)
    except Exception:
        # Any failure of a broker is the same to us: the row stands, a tick will find it.
        breaker.failed()
        log.warning("No wake-up sent for job %s: the broker does not answer.", pk)
    else:
        breaker.worked()


def _send(pk: int) -> None:
    from kombu import Connection

    from factcheck.celery import app

    connection = getattr(_sender, "connection", None)
    if connection is None:
        connection = Connection(
            settings.REDIS_URL,
            connect_timeout=TIMEOUT,
            transport_options={
                "socket_connect_timeout": TIMEOUT,
                "socket_timeout": TIMEOUT,
                "max_retries": 0,
                "retry_on_timeout": False,
            },
        )
        _sender.connection = connection
    try:
        app.send_task("claims.tasks.run_job", args=[pk], connection=connection, retry=False, expires=60)
    except Exception:
        _sender.connection = None
        raise
