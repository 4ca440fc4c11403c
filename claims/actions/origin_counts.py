"""What does the evidence of a claim come to? The figures kept on the claim, for lists and filters.

Counted again, by the one rule of ``claims.review.standing``, by whoever changes what it is made of: evidence added,
moved, judged or set aside, a claim's claimant, dates and places, and documents that change their origin or their date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from claims.actions.reliance import reliance_of
from claims.models import Appearance, Capture, Claim, Desk, Document, Evidence
from claims.models.standing import KEPT, ClaimEvidence, evidence_of
from claims.net.addresses import page_identity


def recount_origins(claims: Iterable[int]) -> None:
    """Count anew, in the caller's transaction, in as many statements for many claims as for one."""
    ids = sorted(set(claims))
    if not ids:
        return
    found = new_counts(evidence_of(ids))
    changed = [Claim(pk=pk, **figures) for pk, figures in found.items() if figures]
    if changed:
        Claim.objects.bulk_update(changed, KEPT, batch_size=200)


def new_counts(found: Mapping[int, ClaimEvidence]) -> dict[int, dict[str, int]]:
    """Return by claim the figures to be kept of its evidence; none where the same are kept, or the claim is gone."""
    wanted = {}
    for pk, one in sorted(found.items()):
        now = one.standing
        figures = (now.articles, now.origins, now.primary, now.in_time)
        wanted[pk] = dict(zip(KEPT, figures, strict=True)) if one.kept and figures != one.kept else {}
    return wanted


def recount_origins_of_documents(documents: Iterable[int]) -> None:
    """Count anew for every claim with evidence from these documents, or that was made in them."""
    ids = list(documents)
    claims = set(Evidence.objects.filter(document__in=ids).order_by().values_list("claim_id", flat=True))
    made = Appearance.objects.filter(document__in=ids, claim__isnull=False).order_by()
    claims |= {claim for claim in made.values_list("claim_id", flat=True) if claim is not None}
    recount_origins(claims)


def pages_awaited(desk: Desk) -> bool:
    """Say whether evidence of this desk was added by an address whose page is not in the archive yet."""
    return Evidence.objects.filter(desk=desk, kind=Evidence.Kind.URL, document=None).exists()


def link_pages(*, desk: Desk, document: Document, capture: Capture, addresses: Iterable[str]) -> None:
    """Give evidence that was added by address the page that has come into the archive, in the caller's transaction.

    ``addresses`` are all that lead to the page. Where the quotation stands in it, its place is kept.
    """
    waiting = Evidence.objects.filter(desk=desk, kind=Evidence.Kind.URL, document=None)
    listed = list(waiting.order_by().values_list("pk", "source_url"))
    if not listed:
        return
    pages = {page_identity(address) for address in addresses if address}
    wanted = [pk for pk, url in listed if page_identity(url) in pages]
    claims = []
    for row in waiting.filter(pk__in=wanted).select_related("claim").order_by("pk"):
        start = max(capture.text.find(row.quotation), 0)
        row.document, row.capture = document, capture
        row.start, row.end = start, start + len(row.quotation) if row.quotation in capture.text else start
        row.relies = reliance_of(
            row.quotation,
            row.claim.wording,
            document=document,
            head=capture.text,
            before=capture.text[:start],
        ).to_json()
        row.is_public = row.is_public and document.visibility == Document.Visibility.ARCHIVE
        row.save(update_fields=["document", "capture", "start", "end", "relies", "is_public"])
        claims.append(row.claim_id)
    recount_origins(claims)


def read_again(rows: Iterable[Evidence]) -> None:
    """Set anew whom evidence relies on, from its own words and its document as they are now; stores nothing.

    The rows bring claim, capture and document with its outlet. A contact note relies on who was asked.
    """
    for row in rows:
        if row.kind == Evidence.Kind.CONTACT:
            continue
        text = row.capture.text if row.capture is not None else ""
        row.relies = reliance_of(
            "\n\n".join([row.quotation, *(str(one["quotation"]) for one in row.further)]),
            row.claim.wording,
            document=row.document,
            head=text,
            before=text[: row.start],
            language="" if row.document is not None else row.claim.language,
            outlet=row.source_title,
            title=row.source_title,
            url=row.source_url,
        ).to_json()


def read_document_again(document: Document) -> None:
    """Read and count the evidence from a document whose outlet, title or language is another one now."""
    rows = list(
        Evidence.objects.filter(document=document)
        .select_related("document__outlet", "capture", "claim")
        .order_by("pk")
    )
    read_again(rows)
    Evidence.objects.bulk_update(rows, ["relies"])
    recount_origins({row.claim_id for row in rows})
