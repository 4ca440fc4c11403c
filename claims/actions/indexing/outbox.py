"""The outbox of the index: what has to be written, to which target, and when it is tried.

An action that changes something searchable calls ``touch_index`` in its transaction; that marks the entry and
nothing else. The one job of ``writer`` does the rest. The index is a cache: whatever it lost comes back from
the rows.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.indexing import engines
from claims.jobs import rows
from claims.models import IndexDue, IndexEntry, IndexTarget, Job, Membership, User
from claims.models.together import Asking, answered, at_once, figures_of, these
from claims.search.engine import EngineError, EngineUnavailable, replaced, went_back
from claims.vocabulary import Role

log = logging.getLogger(__name__)

JOB = "index"
WANTED = "wanted-"
# How often one process looks whether the index that is read is still whole.
LOOK_EVERY = 30.0
_looked_at = 0.0
_knocked: ContextVar[bool] = ContextVar("knocked", default=False)


@contextmanager
def one_knock() -> Iterator[None]:
    """Queue the index job once for all that is touched inside, after the commit; for use within a transaction."""
    transaction.on_commit(queue_if_dirty, robust=True)
    token = _knocked.set(True)
    try:
        yield
    finally:
        _knocked.reset(token)


def touch_index(collection: str, object_id: int, *, deleted: bool = False, new: bool = False) -> None:
    """Say that the index must catch up with one object; call it in the transaction of the change.

    ``new`` says that the object was made in this transaction, so that nothing knows it yet.
    """
    if new:
        IndexEntry.objects.create(collection=collection, object_id=object_id, deleted=deleted)
        _knock()
        return
    entries = IndexEntry.objects.filter(collection=collection, object_id=object_id)
    changes = {
        "version": F("version") + 1,
        "deleted": deleted,
        "pending": True,
        "since": Coalesce(F("since"), Value(timezone.now())),
    }
    if not entries.update(**changes):
        _, made = IndexEntry.objects.get_or_create(
            collection=collection, object_id=object_id, defaults={"deleted": deleted}
        )
        if not made:
            entries.update(**changes)
    _knock()


def touch_new(collection: str, object_ids: Sequence[int]) -> None:
    """Say that the index must catch up with objects that were made in this transaction, in one statement."""
    IndexEntry.objects.bulk_create(IndexEntry(collection=collection, object_id=pk) for pk in object_ids)
    _knock()


def _knock() -> None:
    # Queued after the commit, so that many changes at once do not wait for each other's job row; a process
    # that dies in between is made good by the next tick.
    if not _knocked.get():
        transaction.on_commit(queue_if_dirty, robust=True)


def touch_all(collection: str, object_ids: Iterable[int]) -> None:
    """Say that the index must catch up with many objects; call it in the transaction of their change."""
    wanted = set(object_ids)
    entries = IndexEntry.objects.filter(collection=collection, object_id__in=wanted)
    known = set(entries.values_list("object_id", flat=True))
    entries.update(
        version=F("version") + 1,
        deleted=False,
        pending=True,
        since=Coalesce(F("since"), Value(timezone.now())),
    )
    with one_knock():
        for object_id in sorted(wanted - known):
            touch_index(collection, object_id)


def due_at(*, now: dt.datetime) -> dt.datetime | None:
    """Return when the writer has something to do for the engine in use; None where it has nothing."""
    if IndexEntry.objects.filter(pending=True).exists():
        return now
    open_ones = IndexTarget.objects.open().of(engines.name())
    unfinished = Q(complete=False) | Q(doubtful=True) | Q(state=IndexTarget.State.BUILDING)
    if open_ones.filter(unfinished).exists():
        return now
    if not open_ones.exists():
        return now if IndexEntry.objects.exists() else None
    due = IndexDue.objects.waiting().filter(target__in=open_ones)
    return due.aggregate(first=Min("try_after"))["first"]


def queue_if_dirty(*, now: dt.datetime | None = None, pause: float = 0.0) -> Job | None:
    """Queue the index job where there is something to write and none waits; after a failure, later."""
    now = now or timezone.now()
    wanted = due_at(now=now)
    return None if wanted is None else queue(now=now, due=max(wanted, now + dt.timedelta(seconds=pause)))


def queue(*, now: dt.datetime, due: dt.datetime) -> Job:
    """Queue the index job, whether there is something to write or not."""
    # A job that waits for its engine keeps its own time: it is not asked every few seconds.
    waiting = Job.objects.filter(
        dedupe_key=JOB, status=Job.Status.QUEUED, waiting_since__isnull=False
    ).first()
    if waiting is not None:
        return waiting
    last = Job.objects.filter(kind=JOB).order_by("-id").values("status").first()
    if last is not None and last["status"] == Job.Status.FAILED:
        due = max(due, now + dt.timedelta(seconds=60))
    return rows.enqueue(JOB, desk=None, subject="index", dedupe_key=JOB, run_after=due, now=now)


def keep_up(*, now: dt.datetime | None = None) -> None:
    """Queue the index job where something waits, or where the index that is read is no longer what it was.

    For the clock; looks at the index itself no more than every 30 seconds and never raises for its engine.
    """
    global _looked_at
    now = now or timezone.now()
    if queue_if_dirty(now=now) is not None or time.monotonic() - _looked_at < LOOK_EVERY:
        return
    _looked_at = time.monotonic()
    trouble = trouble_of_live()
    if trouble:
        log.warning("The index is looked over: %s", trouble)
        queue(now=now, due=now)


def trouble_of_live() -> str:
    """Return what is wrong with the index that is read, in one sentence; empty where nothing is.

    Mends nothing. An engine that does not answer is no trouble of the index: that is asked elsewhere.
    """
    live = IndexTarget.objects.of(engines.name()).filter(state=IndexTarget.State.LIVE).first()
    if live is None:
        return ""
    try:
        engine = engines.reader()
        if not engine.reachable():
            return ""
        if engine.current() != live.name:
            return "the pointer to the index in use is missing or names another one"
        mark = engine.examine(live.name)
    except EngineUnavailable as problem:
        return str(problem)
    except EngineError as problem:
        log.warning("The index could not be looked over: %s", problem)
        return ""
    if replaced(live.mark, mark):
        return "somebody made the index anew"
    if went_back(live.mark, mark):
        return "an older state of the index came back"
    return ""


@transaction.atomic
def request_rebuild(*, actor: User | None, now: dt.datetime | None = None) -> IndexTarget:
    """Start building a fresh index beside the one that is read; a build under way is returned instead."""
    now = now or timezone.now()
    _administers(actor, _("rebuild the index"))
    building = IndexTarget.objects.of(engines.name()).filter(state=IndexTarget.State.BUILDING).first()
    if building is None:
        building = IndexTarget.objects.create(
            engine=engines.name(),
            name=f"{WANTED}{now:%Y%m%d%H%M%S%f}",
            stamp="",
            state=IndexTarget.State.BUILDING,
            created_at=now,
        )
        base.audit("index.rebuild_requested", building, actor=actor, desk=None, now=now)
    transaction.on_commit(queue_if_dirty, robust=True)
    return building


@transaction.atomic
def try_again(*, actor: User | None, now: dt.datetime | None = None) -> int:
    """Have everything tried now that failed for good or waits for its next attempt; returns how many."""
    now = now or timezone.now()
    _administers(actor, _("have objects indexed again"))
    failed = IndexDue.objects.filter(Q(given_up=True) | Q(attempts__gt=0))
    count = failed.update(given_up=False, attempts=0, try_after=now)
    target = IndexTarget.objects.of(engines.name()).filter(state=IndexTarget.State.LIVE).first()
    if count and target is not None:
        base.audit("index.tried_again", target, actor=actor, desk=None, after=str(count), now=now)
    hasten(now=now)
    transaction.on_commit(queue_if_dirty, robust=True)
    return count


def hasten(*, now: dt.datetime) -> None:
    """Let the index job that waits for its time start now: somebody asks for it."""
    Job.objects.filter(dedupe_key=JOB, status=Job.Status.QUEUED, run_after__gt=now).update(run_after=now)


def _administers(actor: User | None, what: str) -> None:
    # One index serves every desk; whoever administers one of them may act on it.
    if actor is None or actor.is_superuser:
        return
    if not Membership.objects.filter(user=actor, role=Role.ADMINISTRATOR).exists():
        raise base.NotAllowed(_("Only an administrator of a desk may %(what)s.") % {"what": what})


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the index of the engine in use has caught up with the rows."""

    waiting: int
    oldest: dt.datetime | None
    given_up: int
    built: int | None
    trouble: str = ""


def standing() -> Standing:
    """Return what waits, since when, what failed for good and how far a rebuild of the live index is."""
    return answered(ask_standing())


def ask_standing() -> Asking[Standing]:
    """Ask for what waits, since when, what failed for good and how far a rebuild of the live index is."""
    engine = engines.name()
    due = IndexDue.objects.of(engine)
    targets = IndexTarget.objects.open().of(engine).order_by("-id")
    entry = Count("entry", distinct=True)
    waiting, pending, failed, _rows = yield from at_once(
        figures_of(due.waiting(), n=entry, oldest=Min("since")),
        figures_of(IndexEntry.objects.filter(pending=True), n=Count("pk"), oldest=Min("since")),
        figures_of(due.given_up(), n=entry),
        these(targets),
    )
    ages = [found["oldest"] for found in (waiting, pending)]
    live = next((one for one in targets if one.state == IndexTarget.State.LIVE), None)
    return Standing(
        waiting=waiting["n"] + pending["n"],
        oldest=min((age for age in ages if age is not None), default=None),
        given_up=failed["n"],
        built=percent_of(live) if live is not None else None,
        trouble=next((one.error for one in targets if one.error), ""),
    )


def percent_of(target: IndexTarget) -> int | None:
    """Return how much of an index is filled, in percent, while it is being filled; None once it is.

    By the place in the row of entries, which costs one look at each end of it.
    """
    if target.complete:
        return None
    last = IndexEntry.objects.aggregate(last=Max("id"))["last"] or 0
    return min(99, target.built_through * 100 // last) if last else None
