"""Which rows does a message go out for, and when may a second one?

A row that was handed over says until when its message is good; nobody hands it over again before. Desks take
turns, and no desk has more than a window of messages under way, so that a queue of the broker stays short
whatever the backlog; a worker that ends a job hands over the next ones. What a broker lost is found by counting.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone

from claims.jobs.kinds import KINDS
from claims.models import Job

Queue = Job.Queue
#: How many messages of one desk may wait in one queue of the broker.
WINDOW = 500
#: How long a message is good. A short queue that is not served by then has lost it.
LIFETIME = {
    Queue.PUBLISHING: dt.timedelta(seconds=30),
    Queue.INTERACTIVE: dt.timedelta(seconds=30),
    Queue.INDEX: dt.timedelta(seconds=30),
    Queue.BULK: dt.timedelta(seconds=300),
}
# A message that was sent a moment ago may not be counted by the broker yet.
_SETTLED = dt.timedelta(seconds=5)
# So long a worker may sit on a message that nobody else can have; a broker cannot tell it from a dead worker's.
_RESERVED = dt.timedelta(seconds=20)
# The broker serves small numbers first: who has few messages under way is not behind who has many.
_PRIORITIES = ((10, 0), (100, 3), (300, 6))


@dataclass(frozen=True, slots=True)
class Message:
    """One row that was handed over: what Celery is told about it."""

    pk: int
    task: str
    queue: str
    expires: float
    priority: int = 0


def hand_over(
    queue: str,
    *,
    limit: int,
    below: int | None = None,
    lifetime: dt.timedelta | None = None,
    now: dt.datetime | None = None,
) -> list[Message]:
    """Mark due rows of a queue as handed over, in the order of turns; whoever comes second gets others.

    None at all while ``below`` messages of the queue, or more, are under way.
    """
    now = now or timezone.now()
    waiting = _not_handed(now).filter(queue=queue)
    if limit <= 0 or not waiting.exists():
        return []
    under_way = _under_way(queue, now)
    if below is not None and sum(under_way.values()) >= below:
        return []
    full = [desk for desk, count in under_way.items() if count >= WINDOW]
    if full:
        named = [desk for desk in full if desk is not None]
        waiting = waiting.exclude(desk__in=named)
        if None in full:
            waiting = waiting.exclude(desk=None)
    with transaction.atomic():
        chosen = []
        for row in (
            waiting.order_by("turn", "run_after", "id")
            .select_for_update(skip_locked=True)
            .only("pk", "kind", "desk_id", "queue", "turn")[:limit]
        ):
            if under_way[row.desk_id] < WINDOW:
                under_way[row.desk_id] += 1
                chosen.append((row, under_way[row.desk_id]))
        return _marked(chosen, queue, lifetime, now)


def hand_over_one(pk: int, *, now: dt.datetime | None = None) -> Message | None:
    """Mark one row as handed over; None where it is not due, is handed over already, or its desk has many."""
    now = now or timezone.now()
    row = _not_handed(now).filter(pk=pk).only("pk", "kind", "desk_id", "queue", "turn").first()
    if row is None or row.kind not in KINDS:
        return None  # what this installation does not know is said by the next tick
    under_way = _under_way(row.queue, now)[row.desk_id]
    if under_way >= WINDOW:
        return None
    until = now + LIFETIME[Queue(row.queue)]
    if not _not_handed(now).filter(pk=pk).update(handed_until=until):
        return None
    return _message(row, under_way, until - now)


def take_back(pks: Iterable[int]) -> int:
    """Forget that rows were handed over: their messages did not go out."""
    return Job.objects.filter(pk__in=list(pks), status=Job.Status.QUEUED).update(handed_until=None)


def recover(queue: str, waiting: int, reserved: int = 0, *, now: dt.datetime | None = None) -> int:
    """Take back what was lost on the way, where the broker holds fewer messages than rows were handed over.

    ``waiting`` of them lie in this queue, ``reserved`` went to workers, dead ones among them, that have not
    acknowledged them. Which were lost cannot be known; where none waits, all that were handed over a while ago
    are taken back. A message too many does no harm: whoever comes second does nothing. Returns how many rows.
    """
    now = now or timezone.now()
    handed = Job.objects.filter(queue=queue, status=Job.Status.QUEUED, handed_until__gt=now)
    good_until = now + LIFETIME[Queue(queue)]
    settled = handed.filter(handed_until__lt=good_until - _SETTLED)
    if settled.count() > waiting + reserved:
        return settled.update(handed_until=None)
    if not waiting and reserved:
        return handed.filter(handed_until__lt=good_until - _RESERVED).update(handed_until=None)
    return 0


def _not_handed(now: dt.datetime) -> models.QuerySet[Job]:
    return Job.objects.filter(
        models.Q(handed_until=None) | models.Q(handed_until__lte=now),
        status=Job.Status.QUEUED,
        run_after__lte=now,
    )


def _under_way(queue: str, now: dt.datetime) -> Counter[int | None]:
    counted = (
        Job.objects.filter(queue=queue, status=Job.Status.QUEUED, handed_until__gt=now)
        .order_by()
        .values("desk")
        .annotate(n=models.Count("pk"))
        .values_list("desk", "n")
    )
    return Counter(dict(counted))


def _marked(
    chosen: list[tuple[Job, int]], queue: str, lifetime: dt.timedelta | None, now: dt.datetime
) -> list[Message]:
    good = lifetime or LIFETIME[Queue(queue)]
    known = [(row, number) for row, number in chosen if row.kind in KINDS]
    for row, _number in chosen:
        if row.kind not in KINDS:
            Job.objects.filter(pk=row.pk, status=Job.Status.QUEUED).update(
                status=Job.Status.FAILED,
                finished_at=now,
                error=f"This installation knows no job of the kind “{row.kind}”.",
            )
    Job.objects.filter(pk__in=[row.pk for row, _number in known]).update(handed_until=now + good)
    return [_message(row, number, good) for row, number in known]


def _message(row: Job, number: int, good: dt.timedelta) -> Message:
    priority = 0
    if row.queue == Queue.INTERACTIVE:
        priority = 0 if row.turn < 0 else 3
    elif row.queue == Queue.BULK:
        priority = next((level for below, level in _PRIORITIES if number < below), 9)
    return Message(row.pk, KINDS[row.kind].task, row.queue, good.total_seconds(), priority)
