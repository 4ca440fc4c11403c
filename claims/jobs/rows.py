"""The job row's life: enqueue, claim, heartbeat, fence, finish, fail, retry.

The row is the job. Whoever updates it from queued to running, checked by the row count, owns it for the
length of its lease; every write of a handler happens inside ``fenced()``, whose first statement proves
that the lease is still ours. Brokers only wake somebody up. A row whose process has ended goes back to the
queue when a worker starts and with every tick; where that cannot be known, when its lease runs out. No lease
outlives the time limit that the run was taken with.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connections, models, transaction
from django.db.models.sql import UpdateQuery
from django.utils import timezone

from claims.jobs import wakeup, workers
from claims.jobs.kinds import KINDS, more_urgent
from claims.jobs.turns import next_turn
from claims.models import Desk, Job

log = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=60)
MAX_ATTEMPTS = 5
#: A worker that ended says little about the job, which may be met by several restarts: so many times more attempts.
ENDED = 3
BACK_OFF = (2, 10, 60, 300)  # seconds before attempt 2, 3, 4, 5
# Seconds before a job looks again for what it needs; the last one is repeated.
WAITS = (5, 10, 20, 40, 60)
# A service that broke on Friday evening is mended on Monday.
PATIENCE = dt.timedelta(hours=72)
# A run without a limit of its own; and how long after its limit a run is given up by others.
LIMIT = dt.timedelta(minutes=10)
GRACE = dt.timedelta(seconds=5)


class LostJob(Exception):
    """The lease ran out and somebody else owns the job now: abort without a trace."""


class JobRefused(Exception):
    """The job can never succeed; the message is what the person reads. No retry by itself."""


class MustWait(Exception):
    """Something the job needs is away or not set up; the message names it. No attempt is used up."""


def enqueue(
    kind: str,
    *,
    desk: Desk | None,
    subject: str = "",
    arguments: dict[str, Any] | None = None,
    dedupe_key: str = "",
    queue: str = "",
    follows: bool = False,
    run_after: dt.datetime | None = None,
    now: dt.datetime | None = None,
) -> Job:
    """Add one due row and knock after commit; an equal queued job is returned instead.

    ``dedupe_key`` is unique among queued rows only: an edit during a run queues the next run. ``queue`` says who
    asked, where it is not what the kind says, and ``follows`` that it was not asked for by itself; an equal job
    that waits in a slower queue, or further behind, moves up.
    """
    now = now or timezone.now()
    queue = queue or (KINDS[kind].queue if kind in KINDS else Job.Queue.BULK)
    row = Job(
        kind=kind,
        desk=desk,
        queue=queue,
        turn=next_turn(queue, desk.pk if desk else None, follows=follows),
        subject=subject,
        arguments=arguments or {},
        dedupe_key=dedupe_key,
        run_after=run_after or now,
        created_at=now,
    )
    if dedupe_key:
        standing = _join_waiting(row)
        if standing is not None:
            return standing
    else:
        row.save(force_insert=True)
    if row.run_after <= now:
        pk = row.pk
        transaction.on_commit(lambda: wakeup.knock(pk), robust=True)
    return row


def _join_waiting(row: Job) -> Job | None:
    """Return the queued job with this key, or save ``row`` and return None.

    The waiting row is written in our transaction: it cannot start before what we changed is committed.
    """
    for _attempt in range(5):
        waiting = Job.objects.filter(dedupe_key=row.dedupe_key, status=Job.Status.QUEUED).first()
        if waiting is not None:
            if _pull_forward(waiting, row):
                return waiting
            continue
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            continue
        return None
    raise RuntimeError(f"The job {row.dedupe_key} was queued and taken five times while it was being queued.")


def _pull_forward(waiting: Job, row: Job) -> bool:
    """Let the waiting row be as early and as urgent as the new one; False where somebody has just taken it."""
    changes: dict[str, Any] = {"run_after": min(waiting.run_after, row.run_after)}
    sooner = row.queue == waiting.queue and row.turn < 0 <= waiting.turn
    if sooner or more_urgent(row.queue, waiting.queue) != waiting.queue:
        changes |= {"queue": row.queue, "turn": row.turn, "handed_until": None}
    if not Job.objects.filter(pk=waiting.pk, status=Job.Status.QUEUED).update(**changes):
        return False
    if "queue" in changes and changes["run_after"] <= row.created_at:
        pk = waiting.pk
        transaction.on_commit(lambda: wakeup.knock(pk), robust=True)
    return True


def hasten(pk: int, *, now: dt.datetime | None = None) -> bool:
    """Let a row that waits among imports be served as what somebody waits for; only ever sooner, never later.

    False where it does not wait there any more.
    """
    now = now or timezone.now()
    row = Job.objects.filter(pk=pk, status=Job.Status.QUEUED, queue=Job.Queue.BULK).first()
    if row is None:
        return False
    raised = Job.objects.filter(pk=pk, status=Job.Status.QUEUED, queue=Job.Queue.BULK).update(
        queue=Job.Queue.INTERACTIVE, turn=next_turn(Job.Queue.INTERACTIVE, row.desk_id), handed_until=None
    )
    if raised and row.run_after <= now:
        transaction.on_commit(lambda: wakeup.knock(pk), robust=True)
    return bool(raised)


def due(*, now: dt.datetime | None = None, limit: int = 20) -> list[int]:
    """Return ids of rows to start, oldest first: queued and due, or running with a lease that ran out."""
    now = now or timezone.now()
    ready = Job.objects.filter(status=Job.Status.QUEUED, run_after__lte=now).order_by("run_after", "id")
    lost = Job.objects.filter(status=Job.Status.RUNNING, lease_until__lt=now).order_by("lease_until", "id")
    ids = list(ready.values_list("pk", flat=True)[:limit])
    return ids + list(lost.values_list("pk", flat=True)[: max(0, limit - len(ids))])


def release_ended(*, now: dt.datetime | None = None) -> int:
    """Queue again what processes left behind that have ended; returns how many rows.

    The attempt counts: a job that ends its process each time must stop some day. Its next start waits a
    little longer each time, so that a job which cannot live does not keep the others from working.
    """
    now = now or timezone.now()
    running = Job.objects.filter(status=Job.Status.RUNNING)
    names = {token[: workers.NAME_LENGTH] for token in running.values_list("token", flat=True)}
    ended = {name for name in names if name and workers.has_ended(name)}
    freed = 0
    for name in sorted(ended):
        for row in running.filter(token__startswith=name).only("pk", "token", "attempts", "max_attempts"):
            why = "Its worker ended before the work was done."
            freed += _release(row, now, why, most=row.max_attempts * ENDED)
    if freed:
        log.warning("%d jobs of workers that ended are queued again.", freed)
    workers.clear(keep=names - ended)
    return freed


def release_lost(*, now: dt.datetime | None = None) -> list[int]:
    """Queue again what ran over its limit, or whose worker gave no sign of life; returns the ids.

    The row says why. Where its attempts are used up it is failed, for a person to see.
    """
    now = now or timezone.now()
    over = models.Q(stop_at__lt=now - GRACE) | models.Q(lease_until__lt=now)
    freed = []
    for row in Job.objects.filter(over, status=Job.Status.RUNNING).order_by("id")[:200]:
        if row.stop_at is not None and row.stop_at < now - GRACE:
            limit = (row.stop_at - (row.started_at or row.stop_at)).total_seconds()
            why = stopped_after(limit)
        else:
            why = "Its worker gave no sign of life any more."
        if _release(row, now, why):
            freed.append(row.pk)
    if freed:
        log.warning("%d jobs were stopped at their limit or lost; they are queued again.", len(freed))
    return freed


def stop(pk: int, seconds: float, *, now: dt.datetime | None = None) -> bool:
    """Say on a row that its run was ended from outside at its limit, and queue it again.

    Only a run that is as old as the limit is meant: another may have begun meanwhile.
    """
    now = now or timezone.now()
    begun = now - dt.timedelta(seconds=seconds) + dt.timedelta(seconds=1)
    row = Job.objects.filter(pk=pk, status=Job.Status.RUNNING, started_at__lte=begun).first()
    return row is not None and bool(_release(row, now, stopped_after(seconds)))


def stopped_after(seconds: float) -> str:
    return f"Stopped after {seconds:.0f} s."


def _release(row: Job, now: dt.datetime, why: str, *, most: int | None = None) -> int:
    mine = Job.objects.filter(pk=row.pk, token=row.token, status=Job.Status.RUNNING)
    left: dict[str, Any] = {
        "lease_until": None,
        "stop_at": None,
        "token": "",
        "handed_until": None,
        "error": why,
    }
    if row.attempts >= (row.max_attempts if most is None else most):
        words = f"{why} {row.attempts} attempts were made."
        return mine.update(**left | {"error": words}, status=Job.Status.FAILED, finished_at=now)
    wait = dt.timedelta(seconds=min((row.attempts - 1) ** 2, 16))
    try:
        with transaction.atomic():
            return mine.update(**left, status=Job.Status.QUEUED, run_after=now + wait)
    except IntegrityError:
        # An equal job was queued while this one ran: that one does the work.
        return mine.update(**left, status=Job.Status.CANCELLED, finished_at=now)


def claim(
    pk: int,
    *,
    limit: dt.timedelta = LIMIT,
    max_attempts: int = MAX_ATTEMPTS,
    now: dt.datetime | None = None,
) -> Running | None:
    """Take one job for at most ``limit``; None where it is somebody else's, not due, or tried too often."""
    now = now or timezone.now()
    token = workers.my_name() + secrets.token_hex(10)
    takeable = models.Q(status=Job.Status.QUEUED, run_after__lte=now) | models.Q(
        status=Job.Status.RUNNING, lease_until__lt=now
    )
    # Only ended workers queue a row that often; one whose lease ran out has the attempts of its kind.
    used_up = models.Q(attempts__gte=max_attempts * ENDED) | models.Q(
        status=Job.Status.RUNNING, attempts__gte=max_attempts
    )
    taken = _update_returning(
        Job.objects.filter(takeable, ~used_up, pk=pk),
        status=Job.Status.RUNNING,
        token=token,
        lease_until=min(now + LEASE, now + limit + GRACE),
        stop_at=now + limit,
        attempts=models.F("attempts") + 1,
        max_attempts=max_attempts,
        handed_until=None,
        started_at=now,
        finished_at=None,
        error="",
    )
    for row in taken:
        return Running(row, token, others_wait=bool(row.others_wait))
    Job.objects.filter(takeable, used_up, pk=pk).update(
        status=Job.Status.FAILED,
        finished_at=now,
        token="",
        lease_until=None,
        handed_until=None,
        error="Stopped without an answer; its attempts are used up.",
    )
    return None


def _update_returning(jobs: models.QuerySet[Job], **values: Any) -> list[Any]:
    """Update jobs and return them as they are now, with whether others of their kind wait: in one statement."""
    query: UpdateQuery = jobs.query.chain(UpdateQuery)  # type: ignore[assignment]
    query.add_update_values(values)
    update, parameters = query.get_compiler(jobs.db).as_sql()
    name = connections[jobs.db].ops.quote_name
    table, other = name(Job._meta.db_table), name("other")
    columns = ", ".join(f"{table}.{name(str(field.column))}" for field in Job._meta.concrete_fields)
    waits = (
        f"EXISTS(SELECT 1 FROM {table} {other} WHERE {other}.kind = {table}.kind AND {other}.status = %s"  # noqa: S608
        f" AND {other}.waiting_since IS NOT NULL) AS others_wait"
    )
    return list(
        Job.objects.using(jobs.db).raw(
            f"{update} RETURNING {columns}, {waits}",  # our own table and columns
            [*parameters, Job.Status.QUEUED.value],
        )
    )


class Running:
    """A job that this process owns until its lease runs out."""

    def __init__(self, row: Job, token: str, *, others_wait: bool = False) -> None:
        self.row = row
        self.token = token
        self._ended = False
        #: Whether jobs of the kind waited for something when this one was taken.
        self.others_wait = others_wait

    def _mine(self) -> models.QuerySet[Job]:
        return Job.objects.filter(pk=self.row.pk, token=self.token, status=Job.Status.RUNNING)

    def heartbeat(self, *, now: dt.datetime | None = None) -> None:
        """Extend the lease; raise LostJob where it is no longer ours."""
        if not self._mine().update(lease_until=self._lease(now or timezone.now())):
            raise LostJob(self.row.pk)

    def _lease(self, now: dt.datetime) -> dt.datetime:
        """Return until when the job is ours: never long after the moment at which it is stopped."""
        until = now + LEASE
        return min(until, self.row.stop_at + GRACE) if self.row.stop_at else until

    def seconds_left(self, *, now: dt.datetime | None = None) -> float:
        """Return how long this run may still take; negative where it should have ended."""
        if self.row.stop_at is None:
            return LIMIT.total_seconds()
        return (self.row.stop_at - (now or timezone.now())).total_seconds()

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Show how far the job is; extends the lease as well."""
        changed = self._mine().update(
            progress_done=done,
            progress_total=total,
            progress_note=note[:200],
            lease_until=self._lease(timezone.now()),
        )
        if not changed:
            raise LostJob(self.row.pk)

    @contextmanager
    def fenced(self) -> Iterator[None]:
        """Open the transaction for a handler's writes; its first statement proves that the job is ours.

        No network and no index I/O inside. Raises LostJob, and then nothing inside is written.
        """
        with transaction.atomic():
            self.heartbeat()
            yield

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Open the transaction of a handler that writes once and then finishes: that proves that the job is ours.

        One statement less than ``fenced()``, for what is written in a moment. Raises LostJob, and then nothing inside
        is written; RuntimeError where ``finish`` was not called inside.
        """
        with transaction.atomic():
            yield
            if not self._ended:
                raise RuntimeError("What ends a job has to finish it.")

    def finish(self, result: Any = None, *, holding: models.QuerySet[Any] | None = None) -> None:
        """Mark the job done; call it inside ``fenced()`` or ``ending()`` together with the last write.

        ``holding`` is one row that is locked by the same statement, for what is read and written after it in the
        transaction; without that row the job is not ended (LostJob).
        """
        mine = self._mine()
        if holding is not None and connections[mine.db].features.has_select_for_update:
            mine = mine.filter(models.Exists(holding.select_for_update()))
        changed = mine.update(
            status=Job.Status.DONE,
            finished_at=timezone.now(),
            lease_until=None,
            stop_at=None,
            token="",
            result=result,
            waits=0,
            waiting_since=None,
        )
        if not changed:
            raise LostJob(self.row.pk)
        self._ended = True

    def fail(self, error: str, *, final: bool) -> None:
        """Queue the next attempt with jittered back-off, or mark the job failed for a person to see."""
        now = timezone.now()
        if final or self.row.attempts >= self.row.max_attempts:
            self._give_up(error, now)
            return
        wait = BACK_OFF[min(self.row.attempts, len(BACK_OFF)) - 1] * (0.75 + random.random() / 2)  # noqa: S311
        self._queue_again(now + dt.timedelta(seconds=wait), error, now, waits=0, waiting_since=None)

    def wait(self, reason: str, *, now: dt.datetime | None = None) -> None:
        """Queue the job for later, as often as it takes, until what it needs is there or patience ends.

        The others of its kind that wait look no sooner than this one: a service that hangs is asked by one
        job at a time, whatever their number.
        """
        now = now or timezone.now()
        since = self.row.waiting_since or now
        if now - since >= PATIENCE:
            hours = int(PATIENCE.total_seconds() // 3600)
            self._give_up(f"Given up after {hours} hours of waiting: {reason}", now)
            return
        wait = WAITS[min(self.row.waits, len(WAITS) - 1)]
        until = now + dt.timedelta(seconds=wait)
        # Counted again when it is really tried; the limit of attempts is for jobs that break by themselves.
        spent = max(self.row.attempts - 1, 0)
        waits = min(self.row.waits + 1, 1000)
        self._queue_again(until, reason, now, attempts=spent, waits=waits, waiting_since=since)
        _set_due(_waiting(self.row.kind).filter(run_after__lt=until), until)

    def let_others_go_on(self) -> int:
        """Make due what waited, when this job was taken, for what it has just found; returns how many."""
        return stop_waiting(self.row.kind) if self.others_wait else 0

    def _give_up(self, error: str, now: dt.datetime) -> None:
        left = {"lease_until": None, "stop_at": None, "token": "", "error": error[:2000]}
        self._mine().update(status=Job.Status.FAILED, finished_at=now, **left)

    def _queue_again(self, due: dt.datetime, error: str, now: dt.datetime, **changes: Any) -> None:
        left = {
            "lease_until": None,
            "stop_at": None,
            "handed_until": None,
            "token": "",
            "error": error[:2000],
        }
        try:
            with transaction.atomic():
                self._mine().update(status=Job.Status.QUEUED, run_after=due, **left, **changes)
        except IntegrityError:
            # An equal job was queued while this one ran: that one does the work.
            self._mine().update(status=Job.Status.CANCELLED, finished_at=now, **left)


def _waiting(kind: str | models.OuterRef) -> models.QuerySet[Job]:
    return Job.objects.filter(kind=kind, status=Job.Status.QUEUED, waiting_since__isnull=False)


def _set_due(rows: models.QuerySet[Job], due: dt.datetime) -> int:
    """Move the due time of queued rows, but of those that somebody takes or moves right now."""
    if not rows.exists():
        return 0
    with transaction.atomic():
        ids = list(rows.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True))
        return Job.objects.filter(pk__in=ids, status=Job.Status.QUEUED).update(run_after=due) if ids else 0


def stop_waiting(kind: str, *, now: dt.datetime | None = None) -> int:
    """Make all jobs of a kind due that waited for what one of them has just found; returns how many."""
    now = now or timezone.now()
    return _set_due(_waiting(kind).filter(run_after__gt=now), now)


def retry(job: Job, *, now: dt.datetime | None = None) -> bool:
    """Queue a failed job again with fresh attempts, as the act of a person who waits for it.

    False where it is not failed or an equal one waits.
    """
    now = now or timezone.now()
    try:
        with transaction.atomic():
            changed = Job.objects.filter(pk=job.pk, status=Job.Status.FAILED).update(
                status=Job.Status.QUEUED,
                queue=more_urgent(job.queue, Job.Queue.INTERACTIVE),
                turn=next_turn(Job.Queue.INTERACTIVE, job.desk_id),
                handed_until=None,
                run_after=now,
                attempts=0,
                waits=0,
                waiting_since=None,
                error="",
                finished_at=None,
            )
    except IntegrityError:
        return False
    if changed:
        transaction.on_commit(lambda: wakeup.knock(job.pk), robust=True)
    return bool(changed)


def cancel(job: Job, *, now: dt.datetime | None = None) -> bool:
    """Take a queued job out of its queue; False where it is not queued any more."""
    now = now or timezone.now()
    queued = Job.objects.filter(pk=job.pk, status=Job.Status.QUEUED)
    return bool(queued.update(status=Job.Status.CANCELLED, finished_at=now, handed_until=None))
