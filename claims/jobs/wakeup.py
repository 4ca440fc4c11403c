"""Tells the workers that a row is due; never raises, never takes longer than 0.2 s, never carries work.

With Redis a knock is a Celery message that names the row. Without it nothing is sent: the worker's dispatcher
reads due rows every 0.2 s. A broker that does not answer is left alone for a while, and `tick` finds the row.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from claims.jobs import handover
from claims.jobs.handover import Message
from claims.models import Job

log = logging.getLogger(__name__)

TIMEOUT = 0.2
PAUSE = 10.0
# When fewer messages than this wait in a queue, who ends a job hands over the next ones.
LOW = 100
#: Set by whoever ends a job in the embedded worker: its dispatcher looks at once.
ended = threading.Event()


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
    message = handover.hand_over_one(pk)
    if message is not None:
        send([message])


def send(messages: Sequence[Message]) -> int:
    """Send one message for each row that was handed over; what could not be sent is taken back."""
    for number, message in enumerate(messages):
        try:
            _send(message)
        except Exception:
            # Any failure of a broker is the same to us: the row stands, a tick will find it.
            breaker.failed()
            log.warning("No wake-up sent for job %s: the broker does not answer.", message.pk)
            handover.take_back(one.pk for one in messages[number:])
            return number
    if messages:
        breaker.worked()
    return len(messages)


def refill(queue: str) -> int:
    """Hand over the next rows of a queue whose messages run low; called by whoever has ended a job."""
    if not settings.REDIS_URL:
        ended.set()
        return 0
    if not breaker.may_try():
        return 0
    return send(handover.hand_over(queue, limit=2 * LOW, below=LOW))


def hand_over_all() -> int:
    """Hand over every row that is due and take back what the broker has lost; returns how many went out."""
    if not settings.REDIS_URL:
        ended.set()
        return 0
    if not breaker.may_try():
        return 0
    held, reserved = _held()
    sent = 0
    for queue in Job.Queue:
        if held is not None:
            handover.recover(queue, held[queue], reserved)
        sent += send(handover.hand_over(queue, limit=2 * handover.WINDOW))
    return sent


def _held() -> tuple[dict[str, int] | None, int]:
    """Return how many messages wait in each queue, or None where the broker does not say, and how many are reserved.

    Messages that workers have not acknowledged are known only for all queues together; those of rows that run,
    and of the tick that asks, are not reserved. A killed worker's stay among them for the broker's time-out.
    """
    from kombu.exceptions import ChannelError

    try:
        channel = _connection().default_channel
        running = Job.objects.filter(status=Job.Status.RUNNING).count()
        reserved = max(0, int(channel.client.hlen(channel.unacked_key)) - running - 1)
        found = {}
        for queue in Job.Queue:
            try:
                found[str(queue)] = channel.queue_declare(str(queue), passive=True).message_count
            except ChannelError:
                found[str(queue)] = 0
    except Exception:
        _sender.connection = None
        return None, 0
    return found, reserved


def _connection() -> Any:
    from kombu import Connection

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
    return connection


def _send(message: Message) -> None:
    from factcheck.celery import app

    try:
        app.send_task(
            message.task,
            args=[message.pk],
            queue=message.queue,
            priority=message.priority,
            expires=message.expires,
            connection=_connection(),
            retry=False,
        )
    except Exception:
        _sender.connection = None
        raise
