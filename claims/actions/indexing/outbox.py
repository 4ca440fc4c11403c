"""The outbox of the index and its one writer.

An action that changes something searchable calls ``touch_index`` in its transaction. One leased job puts
what is dirty into every open target; a rebuild is a phase of the same job. The index is a cache: whatever
it lost comes back from the rows.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from claims.actions import base
from claims.actions.indexing import engines
from claims.actions.indexing.documents import gather
from claims.jobs import rows
from claims.jobs.handlers import handles
from claims.models import IndexEntry, IndexTarget, Job, Membership, User
from claims.query.types import Collection, Ref
from claims.search.engine import Done, Engine, ItemOutcome
from claims.vocabulary import Role

log = logging.getLogger(__name__)

BATCH = 200
JOB = "index"


def touch_index(collection: str, object_id: int, *, deleted: bool = False) -> None:
    """Say that the index must catch up with one object; call it in the transaction of the change."""
    changed = IndexEntry.objects.filter(collection=collection, object_id=object_id).update(
        version=F("version") + 1, deleted=deleted
    )
    if not changed:
        entry, made = IndexEntry.objects.get_or_create(
            collection=collection, object_id=object_id, defaults={"deleted": deleted}
        )
        if not made:
            IndexEntry.objects.filter(pk=entry.pk).update(version=F("version") + 1, deleted=deleted)
    # Queued after the commit, so that many changes at once do not wait for each other's job row; a process
    # that dies in between is made good by the next tick.
    transaction.on_commit(queue_if_dirty, robust=True)


def dirty() -> bool:
    return (
        IndexEntry.objects.filter(indexed__lt=F("version")).exists()
        or IndexTarget.objects.filter(state=IndexTarget.State.BUILDING).exists()
    )


def queue_if_dirty(*, now: dt.datetime | None = None) -> Job | None:
    """Queue the index job where there is something to write and none waits; after a failure, later."""
    now = now or timezone.now()
    if not dirty():
        return None
    last = Job.objects.filter(kind=JOB).order_by("-id").values("status", "finished_at").first()
    failed = last is not None and last["status"] == Job.Status.FAILED
    wait = dt.timedelta(seconds=60) if failed else dt.timedelta()
    return rows.enqueue(JOB, desk=None, subject="index", dedupe_key="index", run_after=now + wait, now=now)


@transaction.atomic
def request_rebuild(*, actor: User | None, now: dt.datetime | None = None) -> IndexTarget:
    """Start building a fresh index beside the one that is read; a build under way is returned instead."""
    now = now or timezone.now()
    # One index serves every desk; who administers one of them may have it built anew.
    administers = Membership.objects.filter(user=actor, role=Role.ADMINISTRATOR)
    if actor is not None and not actor.is_superuser and not administers.exists():
        raise base.NotAllowed("Only an administrator of a desk may rebuild the index.")
    building = IndexTarget.objects.filter(state=IndexTarget.State.BUILDING).first()
    if building is None:
        name = f"wanted-{now:%Y%m%d%H%M%S%f}"
        building = IndexTarget.objects.create(
            engine=engines.reader().name,
            name=name,
            stamp="",
            state=IndexTarget.State.BUILDING,
            created_at=now,
        )
        base.audit("index.rebuild_requested", building, actor=actor, desk=None, now=now)
    transaction.on_commit(queue_if_dirty, robust=True)
    return building


@handles(JOB)
def write_index(job: rows.Running) -> None:
    """Write everything dirty to every open target, carry a rebuild on, and finish when both are done."""
    engine = engines.writer()
    live = _live_target(job, engine)
    total = IndexEntry.objects.filter(indexed__lt=F("version")).count()
    done = 0
    while True:
        building = IndexTarget.objects.filter(engine=engine.name, state=IndexTarget.State.BUILDING).first()
        if building is not None and building.name.startswith("wanted-"):
            building = _open_building(job, engine, building)
        batch = list(IndexEntry.objects.filter(indexed__lt=F("version")).order_by("id")[:BATCH])
        if batch:
            _write(job, engine, batch, [live, *([building] if building else [])])
            done += len(batch)
            job.progress(done, max(total, done), "documents written to the index")
            continue
        if building is not None:
            if _sweep(job, engine, building):
                live = _switch(job, engine, building)
            continue
        break
    with job.fenced():
        job.finish({"written": done})
    transaction.on_commit(queue_if_dirty, robust=True)


def _live_target(job: rows.Running, engine: Engine) -> IndexTarget:
    """Return the row of the index that is read; where the engine holds another one, everything is dirty."""
    name = engine.ensure()
    row = IndexTarget.objects.filter(engine=engine.name, state=IndexTarget.State.LIVE).first()
    if row is not None and row.name == name:
        if (
            engine.status().outdated
            and not IndexTarget.objects.filter(state=IndexTarget.State.BUILDING).exists()
        ):
            request_rebuild(actor=None)
        return row
    with job.fenced():
        IndexTarget.objects.filter(engine=engine.name, state=IndexTarget.State.LIVE).update(
            state=IndexTarget.State.RETIRED
        )
        row, _ = IndexTarget.objects.update_or_create(
            engine=engine.name,
            name=name,
            defaults={"state": IndexTarget.State.LIVE, "stamp": name.partition("-")[0]},
        )
        IndexEntry.objects.filter(deleted=False).update(indexed=0)
    return row


def _open_building(job: rows.Running, engine: Engine, wanted: IndexTarget) -> IndexTarget:
    name = engine.open_target()
    with job.fenced():
        IndexTarget.objects.filter(pk=wanted.pk).update(
            name=name, stamp=name.partition("-")[0], built_through=0
        )
    wanted.refresh_from_db()
    return wanted


def _put(engine: Engine, entries: Sequence[IndexEntry], target: IndexTarget) -> dict[int, str]:
    """Write entries to one target and return the errors by entry id."""
    name = None if target.state == IndexTarget.State.LIVE else target.name
    documents = gather([entry for entry in entries if not entry.deleted])
    present = {document.ref for document in documents}
    by_ref = {_ref(entry): entry for entry in entries}
    gone = [(ref, entry.version) for ref, entry in by_ref.items() if ref not in present]
    outcomes: list[ItemOutcome] = []
    if documents:
        outcomes += engine.put(documents, target=name)
    if gone:
        outcomes += engine.remove(gone, target=name)
    return {by_ref[one.ref].pk: one.reason for one in outcomes if one.done == Done.FAILED}


def _write(
    job: rows.Running, engine: Engine, batch: Sequence[IndexEntry], targets: Iterable[IndexTarget]
) -> None:
    errors: dict[int, str] = {}
    for target in targets:
        errors |= _put(engine, batch, target)
        if target.state == IndexTarget.State.LIVE:
            engine.refresh()
        job.heartbeat()
    with job.fenced():
        for entry in batch:
            # Where the object changed meanwhile the version moved on, and the entry stays dirty.
            IndexEntry.objects.filter(pk=entry.pk, indexed__lt=entry.version).update(
                indexed=entry.version, error=errors.get(entry.pk, "")[:300]
            )


def _sweep(job: rows.Running, engine: Engine, building: IndexTarget) -> bool:
    """Put the next batch of clean entries into the target under construction; True when all are in."""
    batch = list(
        IndexEntry.objects.filter(pk__gt=building.built_through, deleted=False).order_by("id")[:BATCH]
    )
    if not batch:
        return True
    _put(engine, batch, building)
    through = batch[-1].pk
    with job.fenced():
        IndexTarget.objects.filter(pk=building.pk).update(built_through=through)
    last = IndexEntry.objects.aggregate(last=Max("id"))["last"] or through
    job.progress(through, last, "entries rebuilt")
    return False


def _switch(job: rows.Running, engine: Engine, building: IndexTarget) -> IndexTarget:
    old = engine.current()
    engine.refresh(target=building.name)
    engine.switch(building.name)
    with job.fenced():
        IndexTarget.objects.filter(engine=engine.name, state=IndexTarget.State.LIVE).update(
            state=IndexTarget.State.RETIRED
        )
        IndexTarget.objects.filter(pk=building.pk).update(state=IndexTarget.State.LIVE)
    if old and old != building.name:
        engine.drop(old)
    building.refresh_from_db()
    return building


def _ref(entry: IndexEntry) -> Ref:
    return Ref(Collection(entry.collection), entry.object_id)


def compare() -> dict[str, list[str]]:
    """Walk ids and versions on both sides; return what the index lacks, mixed up or kept too long."""
    engine = engines.reader()
    found: dict[str, list[str]] = {"missing": [], "stale": [], "broken": [], "left_over": []}
    for collection in Collection:
        stored = {one.ref.id: one for one in engine.versions(collection)}
        entries = IndexEntry.objects.filter(collection=collection.value).order_by("object_id")
        for entry in entries.iterator():
            one = stored.pop(entry.object_id, None)
            label = f"{collection.value}:{entry.object_id}"
            if entry.deleted:
                if one is not None:
                    found["left_over"].append(label)
            elif one is None:
                # An object without words (an empty page) is rightly absent.
                if gather([entry]):
                    found["missing"].append(label)
            elif one.version != entry.version:
                found["stale"].append(label)
            elif not one.whole:
                found["broken"].append(label)
        found["left_over"] += [f"{collection.value}:{pk}" for pk in stored]
    return found
