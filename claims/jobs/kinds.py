"""Which kind of job is which Celery task, and in which queue does it wait unless somebody says otherwise?

Task names are messages, not imports: tasks stand above everything that queues a job. Time limits, rates and
retries are declared on the tasks themselves, in ``claims/tasks/``.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.models import Job

Queue = Job.Queue


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job: the name of its task, and its queue."""

    task: str
    queue: Job.Queue


#: Looks for what is due and hands it over; it has no row.
TICK = "claims.tasks.maintenance.tick"

KINDS: dict[str, Kind] = {
    "fetch": Kind("claims.tasks.documents.fetch", Queue.INTERACTIVE),
    "read": Kind("claims.tasks.documents.read", Queue.INTERACTIVE),
    "analyse": Kind("claims.tasks.documents.analyse", Queue.BULK),
    "suggest": Kind("claims.tasks.documents.suggest", Queue.INTERACTIVE),
    "search": Kind("claims.tasks.search.search", Queue.BULK),
    "publish": Kind("claims.tasks.publishing.publish", Queue.PUBLISHING),
    "fanout": Kind("claims.tasks.publishing.fan_out", Queue.INTERACTIVE),
    "index": Kind("claims.tasks.indexing.write", Queue.INDEX),
    "purge": Kind("claims.tasks.maintenance.purge", Queue.BULK),
}


def more_urgent(one: str, other: str) -> str:
    """Return the queue of the two that is served first."""
    order = list(Queue)
    return one if order.index(Queue(one)) <= order.index(Queue(other)) else other
