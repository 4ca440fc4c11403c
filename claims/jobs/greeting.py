"""What a worker behind Redis does when its connection to the broker stands: one tick finds what is due.

Whatever happened while the connection was down is made good by it, without waiting for beat.
"""

from __future__ import annotations

import logging
from typing import Any

from celery import bootsteps

log = logging.getLogger(__name__)


class Greeting(bootsteps.StartStopStep):
    """Sends one tick whenever the worker's connection to the broker stands."""

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def start(self, parent: Any) -> None:
        try:
            parent.app.send_task(parent.app.conf.beat_schedule["tick"]["task"], expires=10, retry=False)
        except Exception:
            log.warning("No tick sent: the broker does not answer.")
