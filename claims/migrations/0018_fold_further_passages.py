"""Give each document one row among the evidence of a claim, for rows from before.

Of several passages of one document that nobody touched the best stays, the others are put beside it and folded;
so is what lies beyond the twelve best documents. Nothing is deleted, and nothing moves that a person decided
about, added or cites in a draft.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Any

from django.db import migrations

SHOWN, BESIDE = 12, 3
_CITED = re.compile(r"\be:(\d{1,18})")


def forwards(apps: Any, schema_editor: Any) -> None:
    def model(name: str) -> Any:
        return apps.get_model("claims", name)

    Evidence = model("Evidence")
    touchable = Evidence.objects.filter(
        kind="passage", run__isnull=False, document__isnull=False, added_by=None, decided_by=None,
        stance="", cited=False, rejected=False,
    )  # fmt: skip
    claims = touchable.order_by("claim_id").values_list("claim_id", flat=True).distinct()
    for claim in list(claims):
        texts = model("VerdictDraft").objects.filter(review__claim=claim).values_list("data", flat=True)
        cited = {int(pk) for text in texts for pk in _CITED.findall(json.dumps(text))}
        rows = list(Evidence.objects.filter(claim=claim, document__isnull=False).order_by("rank", "pk"))
        free = set(touchable.filter(claim=claim).values_list("pk", flat=True)) - cited
        if _fold(rows, free):
            Evidence.objects.bulk_update(rows, ["further", "folded"])
            _recount(model, claim)


def _fold(rows: list[Any], free: set[int]) -> bool:
    """Mark what is folded; tells whether anything is."""
    by_document: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_document[row.document_id].append(row)
    shown = 0
    for found in by_document.values():
        # Rows come best first, documents in the order of their best.
        best = next((row for row in found if row.pk not in free), found[0])
        if best.pk in free:
            shown += 1
            best.folded = shown > SHOWN
        for row in found:
            if row.pk == best.pk or row.pk not in free:
                continue
            row.folded = True
            if row.capture_id and len(best.further) < BESIDE:
                best.further = [*best.further, {
                    "capture": row.capture_id, "start": row.start, "end": row.end,
                    "quotation": row.quotation, "matched": row.matched,
                }]  # fmt: skip
    return any(row.folded for row in rows)


def _recount(model: Any, claim: int) -> None:
    """Count the origins of what is left to see."""
    rows = model("Evidence").objects.filter(claim=claim, rejected=False, folded=False)
    found = {
        ("origin", origin) if origin else ("document", document) if document else ("evidence", pk)
        for pk, document, origin in rows.values_list("pk", "document_id", "document__origin_id")
    }
    model("Claim").objects.filter(pk=claim).update(origins_found=len(found))


def backwards(apps: Any, schema_editor: Any) -> None:
    """Nothing to take back: the columns go with the migration before, the rows are all there."""


class Migration(migrations.Migration):
    dependencies = [("claims", "0017_evidence_rows_per_document")]
    operations = [migrations.RunPython(forwards, backwards)]
