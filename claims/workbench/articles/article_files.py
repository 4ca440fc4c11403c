"""The claims of one article as a file: each unit with its place in the text, who says it, and what became of it.

Offsets count code points of the capture's text, from 0, the end not included; in JSON that text is in the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.http import Http404, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.actions.publishing.payload import absolute
from claims.actions.review.drafts import base_verdicts
from claims.models import Appearance, Capture, Desk, Document, Review, User
from claims.models.access import access_document
from claims.workbench.access import PersonRequest, desk_of_document, signed_in
from claims.workbench.desk.list_files import as_file

COLUMNS = (
    "id", "start", "end", "quotation", "sentence_start", "sentence_end", "paragraph_start", "paragraph_end",
    "attribution", "claimant", "claimant_kind", "relay", "negated", "checkable", "claim_type", "score", "triage",
    "dismiss_reason", "repeats", "wording", "claim", "claim_wording", "claim_claimant", "state", "rating", "finding",
    "url",
)  # fmt: skip


def units(desk: Desk, capture: Capture, user: User) -> Iterator[dict[str, Any]]:
    """Yield the units of one state of an article in the order of the text, in three statements for all."""
    rows = list(
        Appearance.objects.visible_to(user)
        .filter(desk=desk, capture=capture)
        .exclude(triage=Appearance.Triage.SUPERSEDED)
        .select_related("claim__claimant")
        .order_by("start", "-end", "id")
    )
    claims = {row.claim_id for row in rows if row.claim_id}
    reviews = {
        row.claim_id: row
        for row in Review.objects.visible_to(user).filter(claim__in=claims).order_by("claim_id", "number")
    }
    verdicts = base_verdicts(reviews.values(), reader=user)
    for row in rows:
        review = reviews.get(row.claim_id or 0)
        verdict = verdicts.get(review.pk) if review is not None else None
        # A claim that is hidden from this person has no review they see: its words are not told either.
        claim = row.claim if review is not None else None
        yield {
            "id": row.pk,
            "start": row.start,
            "end": row.end,
            "quotation": row.quotation,
            "sentence_start": row.sentence_start,
            "sentence_end": row.sentence_end,
            "paragraph_start": row.paragraph_start,
            "paragraph_end": row.paragraph_end,
            "attribution": row.attribution,
            "claimant": row.claimant_text,
            "claimant_kind": row.claimant_kind,
            "relay": row.relay,
            "negated": row.negated,
            "checkable": row.checkable,
            "claim_type": row.claim_type,
            "score": round(row.score, 4),
            "triage": row.triage,
            "dismiss_reason": row.dismiss_reason,
            "repeats": row.repeats_id,
            "wording": row.wording,
            "claim": claim.pk if claim else None,
            "claim_wording": claim.wording if claim else "",
            "claim_claimant": claim.claimant.name if claim and claim.claimant else "",
            "state": review.state if review is not None else "",
            "rating": verdict.rating.label if verdict else "",
            "finding": verdict.rating.finding if verdict else "",
            "url": absolute(f"/claims/{claim.pk}/") if claim else "",
        }


def _asked(request: PersonRequest, pk: int) -> tuple[Document, Desk, Capture]:
    document = access_document(request.user, pk)
    desk = desk_of_document(request, document)
    number = request.GET.get("capture", "")
    rows = document.captures.order_by("-number")
    if number:
        known = number.isascii() and number.isdecimal() and len(number) < 9
        rows = rows.filter(number=int(number)) if known else rows.none()
    capture = rows.first()
    if capture is None:
        raise Http404(_("There is no such capture."))
    return document, desk, capture


@signed_in
@require_safe
def units_csv(request: PersonRequest, pk: int) -> HttpResponseBase:
    """Give the units of an article as CSV."""
    _document, desk, capture = _asked(request, pk)
    return as_file(COLUMNS, units(desk, capture, request.user), f"article-{pk}-claims")


@signed_in
@require_safe
def units_json(request: PersonRequest, pk: int) -> HttpResponseBase:
    """Give the units of an article with the text that their offsets count in."""
    document, desk, capture = _asked(request, pk)
    body = {
        "article": {
            "id": document.pk,
            "title": document.title,
            "url": document.url,
            "outlet": document.outlet.name if document.outlet else "",
            "authors": document.authors,
            "language": document.language,
            "published": document.published,
            "address": absolute(f"/documents/{document.pk}/"),
        },
        "capture": {
            "number": capture.number,
            "made_at": capture.created_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
            "text_hash": capture.text_hash,
            "text": capture.text,
        },
        "desk": desk.slug,
        "offsets": "code points of capture.text, from 0, end not included",
        "exported_at": timezone.now().astimezone(dt.UTC).isoformat(timespec="seconds"),
        "units": list(units(desk, capture, request.user)),
    }
    return JsonResponse(
        body,
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Disposition": f'attachment; filename="article-{pk}-claims.json"'},
    )
