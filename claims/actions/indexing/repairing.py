"""Does the index still hold what the rows say? Looked at once a night; where it does not, it is put right.

What waits to be written anyway is no difference. The walk writes nothing: it marks the index as doubtful, and the
one writer of the index compares it again, writes what it lacks and removes what it keeps too long.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from claims.actions import base
from claims.actions.indexing import engines, outbox
from claims.actions.indexing.comparing import compare
from claims.jobs import rows
from claims.jobs.rows import Running
from claims.models import IndexDue, IndexEntry, IndexTarget, Job
from claims.search.engine import EngineError

log = logging.getLogger(__name__)

JOB = "compare"
#: The hour of the installation's day from which it is due: when desks are quiet.
HOUR = 3
_LOOK = 500


def compare_by_time(*, now: dt.datetime | None = None) -> Job | None:
    """Queue tonight's comparison where there was none since the hour; None where there was, or nothing to compare."""
    now = now or timezone.now()
    local = timezone.localtime(now, timezone.get_default_timezone())
    due = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if local < due:
        due -= dt.timedelta(days=1)
    if Job.objects.filter(kind=JOB, created_at__gte=due).exists() or _live() is None:
        return None
    return rows.enqueue(JOB, desk=None, subject="index", dedupe_key=JOB, now=now)


def compare_and_repair(job: Running) -> None:
    """Count what differs, and have it put right."""
    try:
        found = settled_differences()
    except EngineError as problem:
        raise rows.MustWait(str(problem)) from problem
    with job.fenced():
        if any(found.values()):
            doubt(found)
        job.finish({kind: len(labels) for kind, labels in found.items()})


def settled_differences() -> dict[str, list[str]]:
    """Return what the index that is read lacks, mixed up or keeps too long, but for what is about to be written."""
    found = compare()
    labels = [label for kind in found for label in found[kind]]
    waiting = {label for at in range(0, len(labels), _LOOK) for label in _waiting(labels[at : at + _LOOK])}
    return {kind: [label for label in found[kind] if label not in waiting] for kind in found}


@transaction.atomic
def doubt(found: dict[str, list[str]]) -> None:
    """Let the writer compare the index that is read with the rows and put right what differs."""
    target = _live()
    if target is None:
        return
    told = ", ".join(f"{len(labels)} {kind.replace('_', ' ')}" for kind, labels in found.items() if labels)
    log.warning("The index %s differs from the rows (%s); it is put right.", target.name, told)
    IndexTarget.objects.filter(pk=target.pk).update(doubtful=True)
    base.audit("index.differed", target, actor=None, desk=None, after=told[:40])
    transaction.on_commit(outbox.queue_if_dirty, robust=True)


def _live() -> IndexTarget | None:
    return IndexTarget.objects.of(engines.name()).filter(state=IndexTarget.State.LIVE).first()


def _waiting(labels: list[str]) -> set[str]:
    """Return those of these objects that the writer has not got round to yet."""
    ids = {int(label.rpartition(":")[2]) for label in labels}
    due = IndexDue.objects.filter(entry=OuterRef("pk")).order_by()
    entries = IndexEntry.objects.filter(object_id__in=ids).filter(Q(pending=True) | Exists(due))
    return {
        f"{collection}:{pk}" for collection, pk in entries.order_by().values_list("collection", "object_id")
    }
