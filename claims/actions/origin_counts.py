"""How many independent origins does the evidence of a claim have? Kept on the claim, for lists and filters.

Counted again by whoever changes what it is made of: evidence added, moved, used or set aside, and documents
that change their origin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from claims.models import Claim, Evidence


def recount_origins(claims: Iterable[int]) -> None:
    """Count anew, in the caller's transaction. Evidence without a document is one origin of its own."""
    ids = sorted(set(claims))
    origins: dict[int, set[tuple[str, int]]] = {pk: set() for pk in ids}
    rows = Evidence.objects.shown().filter(claim__in=ids, rejected=False)
    for pk, claim, document, origin in rows.values_list(
        "pk", "claim_id", "document_id", "document__origin_id"
    ):
        one = ("origin", origin) if origin else ("document", document) if document else ("evidence", pk)
        origins[claim].add(one)
    counted: dict[int, list[int]] = defaultdict(list)
    for claim, found in origins.items():
        counted[len(found)].append(claim)
    for count, some in counted.items():
        Claim.objects.filter(pk__in=some).exclude(origins_found=count).update(origins_found=count)


def recount_origins_of_documents(documents: Iterable[int]) -> None:
    """Count anew for every claim with evidence from these documents."""
    found = Evidence.objects.filter(document__in=list(documents), rejected=False)
    recount_origins(found.order_by().values_list("claim_id", flat=True).distinct())
