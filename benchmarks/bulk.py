"""How fast does a bulk act go through ``size`` selected claims, beside one plain UPDATE for each of them?

Assigning is measured as people do it: a stored selection, the preview of every row, the act in batches with an
audit row for each claim, and the undo. ``value`` is claims a second of the act, ``raw`` single-row updates a
second, each in a transaction of its own. ``longest_batch`` is how long, in seconds, anybody may have waited for the
act's locks.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.throwaway import Installation, installation


def run(size: int = 10_000) -> dict[str, Any]:
    """Return claims assigned a second."""
    from claims.actions.review import bulk, bulk_acts, bulk_undo, selections
    from claims.models import BulkActRow, Review

    with installation() as place:
        made = _claims(place, size)
        begun = time.perf_counter()
        kept = selections.select(actor=place.person, desk=place.desk, claims=made)
        select_seconds = time.perf_counter() - begun
        begun = time.perf_counter()
        act = bulk_acts.preview(actor=place.person, selection=kept, action="assign", to=place.person)
        preview_seconds = time.perf_counter() - begun
        locked: list[float] = []

        @contextmanager
        def fence() -> Iterator[None]:
            with transaction.atomic():
                began = time.perf_counter()
                yield
            locked.append(time.perf_counter() - began)

        begun = time.perf_counter()
        bulk_acts.start(actor=place.person, act=act)
        bulk_acts.carry_on(act, fence=fence)
        seconds = time.perf_counter() - begun
        act.refresh_from_db()
        done = BulkActRow.objects.filter(act=act, outcome="done").count()
        if done != size:
            raise RuntimeError(f"Only {done} of {size} claims were assigned.")
        longest = max(locked)
        begun = time.perf_counter()
        bulk_undo.undo(actor=place.person, act=act)
        bulk_undo.carry_back(act, fence=fence)
        undo_seconds = time.perf_counter() - begun
        if Review.objects.filter(assignee=place.person).exists():
            raise RuntimeError("Some claims were not taken back.")
        some = made[:1_000]
        begun = time.perf_counter()
        for pk in some:
            with transaction.atomic():
                Review.objects.filter(claim_id=pk).update(assignee=None)
        alone = (time.perf_counter() - begun) / len(some)
        begun = time.perf_counter()
        table = bulk.export_csv(actor=place.person, claims=made)
        export_seconds = time.perf_counter() - begun
    return {
        "name": "bulk",
        "size": size,
        "engine": connection.vendor,
        "value": round(size / seconds),
        "unit": "claims/s",
        "raw": round(1 / alone),
        "ratio": round(alone * size / seconds, 2),
        "select_seconds": round(select_seconds, 2),
        "preview_seconds": round(preview_seconds, 2),
        "act_seconds": round(seconds, 2),
        "longest_batch": round(longest, 3),
        "undo_seconds": round(undo_seconds, 2),
        "export_per_second": round(size / export_seconds),
        "export_kilobytes": round(len(table) / 1000, 1),
    }


def _claims(place: Installation, count: int) -> list[int]:
    """Make queued claims in the index's outbox, without the acts that lead to one."""
    from claims.models import Claim, IndexEntry, Review

    now = timezone.now()
    with transaction.atomic():
        rows = Claim.objects.bulk_create(
            [
                Claim(
                    desk=place.desk,
                    wording=f"Bridge number {number} of Lenna carries {number * 37 + 1000} cars a day.",
                    added_by=place.person,
                    updated_at=now,
                )
                for number in range(count)
            ],
            batch_size=500,
        )
        Review.objects.bulk_create(
            [Review(desk=place.desk, claim=row, state_at=now) for row in rows], batch_size=500
        )
        IndexEntry.objects.bulk_create(
            [IndexEntry(collection="claims", object_id=row.pk) for row in rows], batch_size=500
        )
    return [row.pk for row in rows]
