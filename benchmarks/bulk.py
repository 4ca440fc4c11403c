"""How fast does a bulk act go through ``size`` selected claims, beside one plain UPDATE for each of them?

Assigning is measured: a permission, a lock, a write and an audit row for every claim, a report at the end.
``value`` is claims a second, ``raw`` single-row updates a second, each in a transaction of its own as the act
does it; a smaller ratio is what the audit and the report cost. Beside it: the dry run and the export.
"""

from __future__ import annotations

import time
from typing import Any

from django.db import connection, transaction

from benchmarks.throwaway import claims, installation


def run(size: int = 500) -> dict[str, Any]:
    """Return claims assigned a second."""
    from claims.actions.review import bulk
    from claims.models import Review

    with installation() as place:
        made = [claim.pk for claim in claims(place, size)]
        begun = time.perf_counter()
        dry = bulk.assign_many(actor=place.person, claims=made, to=place.person, dry_run=True)
        dry_seconds = time.perf_counter() - begun
        begun = time.perf_counter()
        report = bulk.assign_many(actor=place.person, claims=made, to=place.person)
        seconds = time.perf_counter() - begun
        if report.count("done") != size or dry.count("done") != size:
            raise RuntimeError(f"Only {report.count('done')} of {size} claims were assigned.")
        begun = time.perf_counter()
        for pk in made:
            with transaction.atomic():
                Review.objects.filter(claim_id=pk).update(assignee=None)
        alone = time.perf_counter() - begun
        begun = time.perf_counter()
        table = bulk.export_csv(actor=place.person, claims=made)
        export_seconds = time.perf_counter() - begun
    return {
        "name": "bulk",
        "size": size,
        "engine": connection.vendor,
        "value": round(size / seconds),
        "unit": "claims/s",
        "raw": round(size / alone),
        "ratio": round(alone / seconds, 2),
        "dry_run_per_second": round(size / dry_seconds),
        "export_per_second": round(size / export_seconds),
        "export_kilobytes": round(len(table) / 1000, 1),
    }
