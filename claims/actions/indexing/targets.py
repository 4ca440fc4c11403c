"""Opening, mending, replacing and dropping the physical indices of one engine, by the one index job.

The rows say which targets there are and which one is read; what the engine holds is made to fit. A damaged
target is set aside for a person to look at and a fresh one is filled from the rows by itself.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import models
from django.utils import timezone

from claims.actions import base
from claims.actions.indexing import shares
from claims.actions.indexing.outbox import WANTED, request_rebuild
from claims.jobs.rows import Running
from claims.models import IndexEntry, IndexTarget
from claims.query.types import Collection
from claims.search.engine import Engine, IndexDamaged, replaced, went_back
from claims.search.targets import new_target_name

log = logging.getLogger(__name__)

# A target of an engine that was not used for so long is forgotten: it would be built anew.
UNUSED = dt.timedelta(days=30)


def tidy(job: Running, engine: Engine) -> None:
    """Drop what was retired, forget what has not been used for long, set aside what no row knows."""
    unused = IndexTarget.objects.exclude(engine=engine.name).filter(used_at__lt=timezone.now() - UNUSED)
    mine = IndexTarget.objects.of(engine.name)
    with job.fenced():
        # What somebody still writes is dropped the next time.
        retired = [one for one in mine.filter(state=IndexTarget.State.RETIRED) if shares.nobody_writes(one)]
    there = set(engine.targets())
    for target in retired:
        if target.name in there and target.name != engine.current():
            engine.drop(target.name)
    with job.fenced():
        unused.delete()
        mine.filter(pk__in=[target.pk for target in retired]).delete()
    known = set(mine.values_list("name", flat=True))
    for name in sorted(there - known - {target.name for target in retired}):
        log.warning("The index %s belongs to no row of this database; it is set aside.", name)
        engine.set_aside(name)


def live(job: Running, engine: Engine) -> IndexTarget:
    """Return the target that is read, sound and pointed to; a fresh one where there is none any more."""
    row = IndexTarget.objects.of(engine.name).filter(state=IndexTarget.State.LIVE).first()
    if row is None:
        return _open_live(job, engine)
    try:
        sound(job, engine, row)
        if engine.current() != row.name:
            engine.switch(row.name)
    except IndexDamaged as damage:
        return replace(job, engine, row, str(damage))
    if engine.status().outdated and not _building(engine).exists():
        request_rebuild(actor=None)
    return row


def building(job: Running, engine: Engine) -> IndexTarget | None:
    """Return the target under construction, sound; opened where it is only wished for so far."""
    row = _building(engine).first()
    if row is None:
        return None
    if row.name.startswith(WANTED):
        return _open(job, engine, row)
    try:
        sound(job, engine, row)
    except IndexDamaged as damage:
        return replace(job, engine, row, str(damage))
    return row


def sound(job: Running, engine: Engine, row: IndexTarget) -> None:
    """Look a target over; where an older state of it came back, note that it is doubtful.

    That may be another index under the same name, restored from a snapshot. Raises IndexDamaged, also for one that
    somebody made anew and that holds nothing.
    """
    mark = engine.examine(row.name, mend=True)
    another = replaced(row.mark, mark)
    if another and not _holds_anything(engine, row.name):
        raise IndexDamaged("somebody made the index anew under the same name")
    if another or went_back(row.mark, mark):
        log.warning("An older state of the index %s came back; it is compared with the rows.", row.name)
        with job.fenced():
            IndexTarget.objects.filter(pk=row.pk).update(doubtful=True, mark={})
        row.refresh_from_db()


def _holds_anything(engine: Engine, target: str) -> bool:
    return any(True for collection in Collection for _one in engine.versions(collection, target=target))


def replace(job: Running, engine: Engine, row: IndexTarget, why: str) -> IndexTarget:
    """Set a damaged target aside and return a fresh one in its place.

    Where another one is under construction already, that one is read from now on.
    """
    log.error("The index %s is set aside and built anew from the rows: %s", row.name, why)
    engine.set_aside(row.name)
    with job.fenced():
        base.audit(
            "index.set_aside", row, actor=None, desk=None, before=row.state, after=row.name, why=why[:300]
        )
        IndexTarget.objects.filter(pk=row.pk).delete()
    if row.state == IndexTarget.State.LIVE:
        return _open_live(job, engine)
    with job.fenced():
        wanted = IndexTarget.objects.create(
            engine=engine.name, name=f"{WANTED}{row.pk}", stamp="", state=IndexTarget.State.BUILDING
        )
    return _open(job, engine, wanted)


def switch(job: Running, engine: Engine, built: IndexTarget) -> None:
    """Let a finished target be the one that is read; the old one is retired and dropped."""
    old = IndexTarget.objects.of(engine.name).filter(state=IndexTarget.State.LIVE).first()
    engine.refresh(target=built.name)
    engine.switch(built.name)
    with job.fenced():
        if old is not None:
            IndexTarget.objects.filter(pk=old.pk).update(state=IndexTarget.State.RETIRED)
        IndexTarget.objects.filter(pk=built.pk).update(state=IndexTarget.State.LIVE)
    tidy(job, engine)


def _building(engine: Engine) -> models.QuerySet[IndexTarget]:
    return IndexTarget.objects.of(engine.name).filter(state=IndexTarget.State.BUILDING)


def _open_live(job: Running, engine: Engine) -> IndexTarget:
    begun = _building(engine).first()
    if begun is not None:
        row = building(job, engine)
        assert row is not None
        with job.fenced():
            IndexTarget.objects.filter(pk=row.pk).update(state=IndexTarget.State.LIVE)
        row.refresh_from_db()
    else:
        name = new_target_name()
        with job.fenced():
            row = IndexTarget.objects.create(
                engine=engine.name,
                name=name,
                stamp=_stamp(name),
                state=IndexTarget.State.LIVE,
                complete=not IndexEntry.objects.exists(),
            )
        engine.open_target(name)
    engine.switch(row.name)
    return row


def _open(job: Running, engine: Engine, wanted: IndexTarget) -> IndexTarget:
    """Give a wished-for target its name first, then its index: what a sudden end leaves has a row."""
    name = new_target_name()
    with job.fenced():
        IndexTarget.objects.filter(pk=wanted.pk).update(
            name=name, stamp=_stamp(name), built_through=0, complete=False
        )
    engine.open_target(name)
    wanted.refresh_from_db()
    return wanted


def _stamp(name: str) -> str:
    return name.partition("-")[0]
