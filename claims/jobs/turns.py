"""Whose turn is it within a queue? Desks take turns, whatever the number of their rows.

Each row gets a number when it is queued: one more than its desk's last waiting row, and at least that of the row
which is next now. Served by number, a desk with ten thousand rows and a desk with ten alternate, and who comes
later begins where the queue stands (start-time fair queueing with equal weights). What a person asked for by
itself is served before all that, in the order of asking.
"""

from __future__ import annotations

from django.db.models import Max, Min

from claims.models import Job

ASKED = -1


def next_turn(queue: str, desk_id: int | None, *, follows: bool = False) -> int:
    """Return the number of a row that is queued now; two at once may get the same, which only the id decides."""
    if queue == Job.Queue.INTERACTIVE and not follows:
        return ASKED
    if queue not in (Job.Queue.INTERACTIVE, Job.Queue.BULK):
        return 0  # publications are few and timed, the index has one writer: the oldest is first
    waiting = Job.objects.filter(queue=queue, status=Job.Status.QUEUED)
    mine = waiting.filter(desk=None) if desk_id is None else waiting.filter(desk_id=desk_id)
    last = mine.aggregate(last=Max("turn"))["last"]
    first = waiting.aggregate(first=Min("turn"))["first"]
    return max(0 if last is None else last + 1, first or 0, 0)
