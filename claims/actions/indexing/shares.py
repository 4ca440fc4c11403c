"""Who of several writers writes what? Slices of what one index lacks, each leased to one writer for a while.

Only for engines that several may write (``ELASTICSEARCH_WRITERS``); an index in files has one writer. One job spreads
what has changed, opens, compares and switches indices; jobs that help it write slices and do nothing else. A writer
that dies loses its slice to another when the lease ends. The engine refuses older versions, so what two have written
is there once, in its newest version.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from claims.jobs import rows
from claims.models import IndexDue, IndexEntry, IndexTarget
from claims.models.indexing import IndexTargetQuerySet
from claims.search.engine import Engine

#: Engines whose index several processes may write at once.
SHARED = frozenset({"elasticsearch"})
#: The job that helps the writer.
JOB = "index_share"
#: So many entries are a slice, leased for so long: a hundred times what writing it takes.
SLICE = 200
LEASE = dt.timedelta(seconds=120)


def writers(engine: Engine) -> int:
    """Return how many may write at once."""
    return max(1, settings.ELASTICSEARCH_WRITERS) if engine.name in SHARED else 1


def call_helpers(engine: Engine) -> None:
    """Queue the jobs that help, where several may write; those that wait or run already are enough."""
    for number in range(1, writers(engine)):
        rows.enqueue(JOB, desk=None, subject="index", dedupe_key=f"{JOB}-{number}")


def take(target: IndexTarget, *, now: dt.datetime, leased: bool) -> list[IndexEntry]:
    """Return the next slice of what an index lacks, oldest first; with ``leased`` nobody else gets it meanwhile.

    Nothing of an index that is to be compared, where what is written would look like a difference, and nothing of
    one that is not written any more.
    """
    due = target.due.waiting().filter(try_after__lte=now).select_related("entry").order_by("try_after", "id")
    if not leased:
        return [row.entry for row in due[:SLICE]]
    with transaction.atomic():
        # One takes at a time, and none while the writer looks whether somebody has a slice.
        if not list(_locked(target).open().filter(doubtful=False).values_list("pk")):
            return []
        moment = timezone.now()
        slice_ = list(due.filter(Q(leased_until=None) | Q(leased_until__lt=moment))[:SLICE])
        IndexDue.objects.filter(pk__in=[row.pk for row in slice_]).update(leased_until=moment + LEASE)
    return [row.entry for row in slice_]


def give_back(target: IndexTarget, entries: Sequence[IndexEntry]) -> None:
    """Let others take what could not be written."""
    target.due.filter(entry__in=[entry.pk for entry in entries]).update(leased_until=None)


def settle(target: IndexTarget, written: Sequence[IndexEntry]) -> None:
    """Delete the rows of what was written, but for what has changed since: that is free again."""
    versions: dict[int, list[int]] = {}
    for entry in written:
        versions.setdefault(entry.version, []).append(entry.pk)
    for version, entries in versions.items():
        target.due.filter(entry__in=entries, version__lte=version).delete()
    give_back(target, written)


def nobody_writes(target: IndexTarget) -> bool:
    """Tell whether nobody has a slice of this index; in a transaction, whose end others wait for to take one."""
    # Not exists(): a lock is taken of rows that are read.
    list(_locked(target).values_list("pk"))
    return not target.due.filter(leased_until__gt=timezone.now()).exists()


def _locked(target: IndexTarget) -> IndexTargetQuerySet:
    return IndexTarget.objects.select_for_update(no_key=True).filter(pk=target.pk)
