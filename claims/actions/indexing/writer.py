"""The one job that writes the index: what is due at each open target, and what a target has not seen yet.

Targets do not hold each other up: what fails at one leaves the others to go on. Of a batch that is refused
as a whole the halves are tried, down to the one object that is the trouble; that one is put off where the
reason may pass, and given up, for a person to see, where it will not.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import Error as DatabaseTrouble
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from claims.actions.indexing import engines, outbox, shares, targets
from claims.actions.indexing.comparing import differences
from claims.actions.indexing.documents import gather
from claims.jobs import rows
from claims.models import IndexDue, IndexEntry, IndexTarget, Job
from claims.query.types import Collection, Ref
from claims.search.engine import (
    Done,
    Engine,
    EngineBusy,
    EngineError,
    EngineMisconfigured,
    EngineUnavailable,
    IndexDamaged,
    ItemOutcome,
    LockBusy,
    NotBuilt,
    OutOfSpace,
)

log = logging.getLogger(__name__)

BATCH = shares.SLICE
SPREAD = 1000
# Seconds before an object is tried again that failed for a passing reason; the last one is repeated.
BACK_OFF = (5, 15, 60, 300, 900, 3600)
# One object among 200 is found in 8 steps. What fails more often is put off together: a server that hangs is
# not asked hundreds of times.
SETBACKS = 10
# Where so many fail together and none gets through, it is the engine and not the objects.
FEW = 5
# What says nothing about a single object, so that there is no use in trying the halves.
_OF_ALL = (EngineBusy, EngineMisconfigured, IndexDamaged, LockBusy, NotBuilt, OutOfSpace)


def write_index(job: rows.Running) -> None:
    """Write everything due to every open target, carry rebuilds on, and finish when nothing is left."""
    if _another_writes(job):
        with job.fenced():
            job.finish({"skipped": "the index is being written already"})
        return
    try:
        writer = Writer(job, engines.writer())
        writer.run()
    except EngineError as problem:
        # Objects that are refused are noted one by one; this is about the engine as a whole.
        raise rows.MustWait(str(problem)) from problem
    if writer.problems:
        raise rows.MustWait("; ".join(dict.fromkeys(writer.problems.values())))
    with job.fenced():
        job.finish({"written": writer.written, "failed": writer.failed})
    # What other connections hold locked is looked at again a moment later, not at once.
    transaction.on_commit(lambda: outbox.queue_if_dirty(pause=1.0), robust=True)


def _another_writes(job: rows.Running) -> bool:
    """Tell whether another index job was begun before this one and still runs."""
    others = Job.objects.filter(
        kind=outbox.JOB, status=Job.Status.RUNNING, lease_until__gt=timezone.now()
    ).exclude(pk=job.row.pk)
    mine = (job.row.started_at, job.row.pk)
    return any((row.started_at, row.pk) < mine for row in others.only("started_at"))


def help_writing(job: rows.Running) -> None:
    """Write slices beside the writer until none is free; what is wrong with an index the writer finds out itself."""
    engine = engines.writer()
    if shares.writers(engine) < 2:
        with job.fenced():
            job.finish({"skipped": "one process writes this index"})
        return
    writer = Writer(job, engine)
    writer.help()
    with job.fenced():
        job.finish({"written": writer.written, "failed": writer.failed})


class Writer:
    """One run of the index job, or of one that helps it."""

    def __init__(self, job: rows.Running, engine: Engine) -> None:
        self._job = job
        self._engine = engine
        self._now = timezone.now()
        self._total = 0
        self._setbacks = 0
        self._setback = ""
        self._looked_at: set[int] = set()
        self._shared = shares.writers(engine) > 1
        self.written = 0
        self.failed = 0
        self.problems: dict[int, str] = {}

    def run(self) -> None:
        """Go round until no open target of this engine has anything left that can be done now."""
        self._spread()
        targets.tidy(self._job, self._engine)
        live: IndexTarget | None = None
        moved = True
        while moved:
            moved = self._spread()
            live = live or targets.live(self._job, self._engine)
            moved |= self._step(live)
            # Only now: whatever happens to a target under construction, the one that is read is written.
            moved |= self._build()
            live = IndexTarget.objects.filter(pk=live.pk, state=IndexTarget.State.LIVE).first()
        mine = IndexTarget.objects.of(self._engine.name).exclude(pk__in=self.problems)
        with self._job.fenced():
            mine.exclude(error="").update(error="")

    def help(self) -> None:
        """Write slices of what the open targets lack until none is free."""
        moved = True
        while moved:
            self._now = timezone.now()
            opened = IndexTarget.objects.open().of(self._engine.name).exclude(pk__in=self.problems)
            moved = False
            for target in opened.exclude(name__startswith=outbox.WANTED):
                try:
                    moved |= self._write_slice(target)
                except EngineError as problem:
                    log.warning("No more help with the index %s for now: %s", target.name, problem)
                    self.problems[target.pk] = str(problem)

    def _write_slice(self, target: IndexTarget) -> bool:
        """Write the next of what a target lacks; False where nothing of it is free."""
        batch = shares.take(target, now=self._now, leased=self._shared)
        if not batch:
            return False
        try:
            self._write(target, batch)
        except EngineError:
            if self._shared:
                shares.give_back(target, batch)
            raise
        return True

    def _build(self) -> bool:
        """Carry the target under construction on, if there is one; True where there may be more to do."""
        row = IndexTarget.objects.of(self._engine.name).filter(state=IndexTarget.State.BUILDING).first()
        if row is None or row.pk in self.problems:
            return False
        try:
            if row.pk not in self._looked_at:
                row = targets.building(self._job, self._engine) or row
                self._looked_at.add(row.pk)
            if self._step(row):
                return True
            waits = row.due.waiting().filter(try_after__lte=self._now).exists()
            if row.complete and not waits and row.pk not in self.problems:
                targets.switch(self._job, self._engine, row)
                return True
        except EngineError as problem:
            self._rest(row, problem)
        return False

    def _spread(self) -> bool:
        """Tell the open targets of all engines what has changed; rows that others hold stay pending."""
        now = timezone.now()
        with self._job.fenced():
            pending = (
                IndexEntry.objects.filter(pending=True).order_by("id").select_for_update(skip_locked=True)
            )
            entries = list(pending[:SPREAD])
            if not entries:
                return False
            IndexDue.objects.bulk_create(
                [
                    IndexDue(
                        target=target,
                        entry=entry,
                        version=entry.version,
                        since=entry.since or now,
                        try_after=now,
                    )
                    for target in IndexTarget.objects.open()
                    for entry in entries
                    # The rest is read from the rows when its turn comes.
                    if target.complete or entry.pk <= target.built_through
                ],
                update_conflicts=True,
                unique_fields=["target", "entry"],
                update_fields=["version", "try_after", "attempts", "error", "given_up"],
            )
            IndexEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(
                pending=False, since=None
            )
        self._now = now
        if len(entries) == SPREAD:
            shares.call_helpers(self._engine)
        return True

    def _step(self, target: IndexTarget) -> bool:
        """Do one piece of work for a target; True where there may be more."""
        if target.pk in self.problems:
            return False
        try:
            if target.doubtful:
                return self._compare(target)
            return self._write_slice(target) or self._sweep(target)
        except IndexDamaged as damage:
            targets.replace(self._job, self._engine, target, str(damage))
            return True
        except EngineError as problem:
            self._rest(target, problem)
            return False

    def _rest(self, target: IndexTarget, problem: EngineError) -> None:
        """Leave a target alone for the rest of this run."""
        log.warning("Nothing more is written to the index %s for now: %s", target.name, problem)
        self.problems[target.pk] = str(problem)
        with self._job.fenced():
            IndexTarget.objects.filter(pk=target.pk).update(error=str(problem)[:300])

    def _sweep(self, target: IndexTarget) -> bool:
        """Put the next entries into a target that has not seen all of them; False when it has."""
        if target.complete:
            return False
        beyond = IndexEntry.objects.filter(pk__gt=target.built_through).order_by("id").filter(deleted=False)
        if self._shared and (entries := list(beyond[:SPREAD])):
            self._hand_out(target, entries)
            return True
        batch = list(beyond[:BATCH])
        if batch:
            self._write(target, batch, through=batch[-1].pk)
            last = IndexEntry.objects.aggregate(last=Max("id"))["last"] or batch[-1].pk
            self._job.progress(batch[-1].pk, last, "entries read into the index again")
            return True
        with self._job.fenced():
            IndexTarget.objects.filter(pk=target.pk).update(complete=True, error="")
        target.refresh_from_db()
        return True

    def _hand_out(self, target: IndexTarget, entries: Sequence[IndexEntry]) -> None:
        """Make slices of the next entries that a target has not seen, for all who write it."""
        now = timezone.now()
        with self._job.fenced():
            IndexDue.objects.bulk_create(
                [
                    IndexDue(target=target, entry=entry, version=entry.version, since=now, try_after=now)
                    for entry in entries
                ],
                ignore_conflicts=True,
            )
            IndexTarget.objects.filter(pk=target.pk).update(built_through=entries[-1].pk)
        target.built_through, self._now = entries[-1].pk, now
        last = IndexEntry.objects.aggregate(last=Max("id"))["last"] or entries[-1].pk
        self._job.progress(entries[-1].pk, last, "entries read into the index again")
        shares.call_helpers(self._engine)

    def _compare(self, target: IndexTarget) -> bool:
        """Note everything that a doubtful target lacks or keeps too long; then it is trusted again."""
        with self._job.fenced():
            # Whoever writes now would look like a difference: it is compared when they are done.
            if not shares.nobody_writes(target):
                return False
        now = timezone.now()
        self._engine.refresh(target=target.name)
        lacking: list[IndexEntry] = []
        over: list[tuple[Ref, int]] = []
        for one in differences(self._engine, target=target.name):
            if one.stored is not None and one.entry is not None and one.stored.version > one.entry.version:
                raise IndexDamaged("it holds newer versions than the database")
            if one.entry is not None:
                lacking.append(one.entry)
            elif one.stored is not None:
                over.append((Ref(one.collection, one.object_id), one.stored.version))
            if len(lacking) >= SPREAD:
                self._note(target, lacking, now)
                lacking = []
        self._note(target, lacking, now)
        for start in range(0, len(over), BATCH):
            self._engine.remove(over[start : start + BATCH], target=target.name)
        with self._job.fenced():
            IndexTarget.objects.filter(pk=target.pk).update(doubtful=False)
        self._now = now
        return True

    def _note(self, target: IndexTarget, entries: Sequence[IndexEntry], now: dt.datetime) -> None:
        with self._job.fenced():
            IndexDue.objects.bulk_create(
                [
                    IndexDue(target=target, entry=entry, version=entry.version, since=now, try_after=now)
                    for entry in entries
                    if target.complete or entry.pk <= target.built_through
                ],
                ignore_conflicts=True,
            )

    def _write(self, target: IndexTarget, entries: Sequence[IndexEntry], *, through: int = 0) -> None:
        """Write entries to one target and note what became of each. Raises EngineError for all of them."""
        self._setbacks = 0
        outcomes = self._attempt(target, entries)
        if target.state == IndexTarget.State.LIVE:
            self._engine.refresh(target=target.name)
        mark = self._engine.examine(target.name)
        self._insist_same_history(entries, outcomes)
        failed = {pk: one for pk, one in outcomes.items() if one.done is Done.FAILED}
        with self._job.fenced():
            self._settle(target, entries, failed)
            now = timezone.now()
            changes: dict[str, object] = {"mark": mark, "used_at": now, "error": ""}
            if through:
                changes["built_through"] = through
            IndexTarget.objects.filter(pk=target.pk).update(**changes)
        target.mark, target.built_through = dict(mark), through or target.built_through
        self.written += len(entries) - len(failed)
        self.failed += len(failed)
        self._total = max(self._total, self.written)
        if not through:
            self._job.progress(self.written, self._total, "documents written to the index")
        if len(failed) == len(entries) >= FEW and all(one.passing for one in failed.values()):
            raise EngineUnavailable(next(iter(failed.values())).reason)

    def _insist_same_history(self, entries: Sequence[IndexEntry], outcomes: dict[int, ItemOutcome]) -> None:
        """Refuse an index that holds newer versions than the rows: it belongs to another state of them."""
        stale = [entry for entry in entries if outcomes[entry.pk].done is Done.STALE]
        now = dict(IndexEntry.objects.filter(pk__in=[row.pk for row in stale]).values_list("pk", "version"))
        if any(now.get(entry.pk) == entry.version for entry in stale):
            raise IndexDamaged("it holds newer versions than the database")

    def _settle(
        self, target: IndexTarget, entries: Sequence[IndexEntry], failed: dict[int, ItemOutcome]
    ) -> None:
        """Delete the rows of what was written; note why and until when the rest waits."""
        now = timezone.now()
        shares.settle(target, [entry for entry in entries if entry.pk not in failed])
        if not failed:
            return
        known = {row.entry_id: row for row in target.due.filter(entry__in=failed)}
        late = []
        for entry in entries:
            if entry.pk not in failed:
                continue
            one = failed[entry.pk]
            row = known.get(entry.pk) or IndexDue(target=target, entry=entry, since=now, attempts=0)
            wait = BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)]
            row.version = entry.version
            row.attempts = min(row.attempts + 1, 10_000)
            row.error = one.reason[:300] or "no reason given"
            row.given_up = not one.passing
            row.try_after = now + dt.timedelta(seconds=wait)
            row.leased_until = None
            row.pk = None
            late.append(row)
        log.warning(
            "%d objects are not in the index %s, %s first: %s",
            len(late),
            target.name,
            late[0].entry,
            late[0].error,
        )
        IndexDue.objects.bulk_create(
            late,
            update_conflicts=True,
            unique_fields=["target", "entry"],
            update_fields=["version", "attempts", "error", "given_up", "try_after", "leased_until"],
        )

    def _attempt(self, target: IndexTarget, entries: Sequence[IndexEntry]) -> dict[int, ItemOutcome]:
        """Return an outcome by entry, going down to single ones where a batch is refused as a whole."""
        if self._setbacks > SETBACKS:
            return _all_failed(entries, self._setback, passing=True)
        try:
            return _put(self._engine, entries, target)
        except (rows.LostJob, DatabaseTrouble, *_OF_ALL):
            raise
        except EngineUnavailable as problem:
            # Away for everything, or only for this? Damage is told apart from a bad moment here.
            if not self._engine.reachable():
                raise
            self._engine.examine(target.name, mend=True)
            self._setbacks += 1
            self._setback = str(problem)
            passing = True
            reason = self._setback
        except Exception as problem:
            reason, passing = f"{type(problem).__name__}: {problem}", False
        self._job.heartbeat()
        if len(entries) == 1:
            return _all_failed(entries, reason, passing=passing)
        half = len(entries) // 2
        return self._attempt(target, entries[:half]) | self._attempt(target, entries[half:])


def _all_failed(entries: Sequence[IndexEntry], reason: str, *, passing: bool) -> dict[int, ItemOutcome]:
    return {
        one.pk: ItemOutcome(_ref(one), one.version, Done.FAILED, reason, passing=passing) for one in entries
    }


def _put(engine: Engine, entries: Sequence[IndexEntry], target: IndexTarget) -> dict[int, ItemOutcome]:
    """Write entries to one target and return the outcomes by entry id."""
    documents = gather([entry for entry in entries if not entry.deleted])
    present = {document.ref for document in documents}
    by_ref = {_ref(entry): entry for entry in entries}
    gone = [(ref, entry.version) for ref, entry in by_ref.items() if ref not in present]
    outcomes: list[ItemOutcome] = []
    if documents:
        outcomes += engine.put(documents, target=target.name)
    if gone:
        outcomes += engine.remove(gone, target=target.name)
    return {by_ref[one.ref].pk: one for one in outcomes}


def _ref(entry: IndexEntry) -> Ref:
    return Ref(Collection(entry.collection), entry.object_id)
