"""Which kind of job is which Celery task, and in which queue does it wait unless somebody says otherwise?

Task names are messages, not imports: tasks stand above everything that queues a job. Time limits, rates and
retries are declared on the tasks themselves, in ``claims/tasks/``.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.models import Job

Queue = Job.Queue


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of job: the name of its task, and its queue."""

    task: str
    queue: Job.Queue


#: Looks for what is due and hands it over; it has no row.
TICK = "claims.tasks.maintenance.tick"

KINDS: dict[str, JobKind] = {
    "fetch": JobKind("claims.tasks.documents.fetch", Queue.INTERACTIVE),
    "read": JobKind("claims.tasks.documents.read", Queue.INTERACTIVE),
    "analyse": JobKind("claims.tasks.documents.analyse", Queue.BULK),
    "reread": JobKind("claims.tasks.documents.reread", Queue.BULK),
    "suggest": JobKind("claims.tasks.documents.suggest", Queue.INTERACTIVE),
    "search": JobKind("claims.tasks.search.search", Queue.BULK),
    "searches": JobKind("claims.tasks.search.search_many", Queue.BULK),
    "standing": JobKind("claims.tasks.search.match_new", Queue.BULK),
    "publish": JobKind("claims.tasks.publishing.publish", Queue.PUBLISHING),
    "fanout": JobKind("claims.tasks.publishing.fan_out", Queue.INTERACTIVE),
    "index": JobKind("claims.tasks.indexing.write", Queue.INDEX),
    "index_share": JobKind("claims.tasks.indexing.share", Queue.INDEX),
    "bulk": JobKind("claims.tasks.bulk.bulk", Queue.INTERACTIVE),
    "mail": JobKind("claims.tasks.mail.mail", Queue.BULK),
    "recount": JobKind("claims.tasks.maintenance.recount", Queue.BULK),
    "import": JobKind("claims.tasks.publishing.take_in_file", Queue.INTERACTIVE),
    "poll": JobKind("claims.tasks.feeds.poll", Queue.BULK),
    "compare": JobKind("claims.tasks.maintenance.compare", Queue.BULK),
    "purge": JobKind("claims.tasks.maintenance.purge", Queue.BULK),
    "account_mail": JobKind("claims.tasks.mail.account_mail", Queue.INTERACTIVE),
    "embed": JobKind("claims.tasks.maintenance.embed", Queue.BULK),
    "read_ahead": JobKind("claims.tasks.maintenance.read_ahead", Queue.BULK),
    "meaning": JobKind("claims.tasks.maintenance.meaning", Queue.BULK),
    "resemble": JobKind("claims.tasks.maintenance.resemble", Queue.BULK),
    "regroup": JobKind("claims.tasks.maintenance.regroup", Queue.BULK),
}


def more_urgent(one: str, other: str) -> str:
    """Return the queue of the two that is served first."""
    order = list(Queue)
    return one if order.index(Queue(one)) <= order.index(Queue(other)) else other
