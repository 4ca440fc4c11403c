"""What is on the screen as a file: the claims, articles and published checks that an address lets through.

All of them and not only one page, in the order of the list, with the same filters and the same refusals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.actions.base import Refused
from claims.actions.indexing.finding import find_claims
from claims.actions.publishing.payload import absolute, check_path
from claims.actions.review import bulk as reports
from claims.actions.review.selections import chunks
from claims.exports.listfile import CONTENT_TYPE, lines
from claims.models import (
    ClaimTag,
    Desk,
    Document,
    DocumentTag,
    FactCheck,
    FinishedArticle,
    Tag,
    User,
)
from claims.models.together import answered
from claims.search.engine import EngineError
from claims.workbench.access import PersonRequest, open_desk, signed_in
from claims.workbench.articles.article_list import appearance_counts, search_articles
from claims.workbench.articles.asked_articles import asked_articles
from claims.workbench.desk.matching import matching, words_of
from claims.workbench.desk.published import asked_checks
from claims.workbench.desk.queue import in_order

ARTICLES = (
    "id", "title", "url", "outlet", "authors", "language", "published", "published_source", "added_at",
    "to_triage", "claims", "finished_at", "tags", "address",
)  # fmt: skip
CHECKS = (
    "id", "public_id", "claim", "claimant", "rating", "finding", "status", "imported", "publisher",
    "first_published_at", "modified_at", "release", "tags", "url",
)  # fmt: skip


def as_file(columns: Sequence[str], rows: Iterator[dict[str, Any]], name: str) -> StreamingHttpResponse:
    """Return a CSV file that is sent as it is made."""
    return StreamingHttpResponse(
        lines(columns, rows),
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def utc(value: dt.datetime | None) -> str:
    """Return a time as files write it."""
    return value.astimezone(dt.UTC).isoformat(timespec="seconds") if value else ""


def _no_search(trouble: EngineError) -> Refused:
    return Refused(_("The search does not answer for these words now. Take the words out, or try it again."))


@signed_in
@require_safe
def queue_csv(request: PersonRequest, slug: str) -> HttpResponseBase:
    """Give the claims of the queue, as it is filtered and ordered."""
    desk = open_desk(request, slug)
    words = words_of(request.GET)
    try:
        rows = matching(desk, request.user, request.GET)
        found = find_claims(words, desk=desk, user=request.user) if words else []
    except EngineError as trouble:
        raise _no_search(trouble) from trouble
    rows, _name, columns = in_order(rows, request.GET.get("sort", ""), request.user)
    ids = list(rows.order_by(*columns).values_list("pk", flat=True))
    if words:
        place = {pk: at for at, pk in enumerate(found)}
        ids.sort(key=lambda pk: place.get(pk, len(place)))
    return as_file(reports.EXPORTED, _claims(request.user, ids), f"claims-{desk.slug}")


def _claims(user: User, ids: list[int]) -> Iterator[dict[str, Any]]:
    for part in chunks(ids):
        yield from reports.export_rows(actor=user, claims=part)


@signed_in
@require_safe
def articles_csv(request: PersonRequest, slug: str) -> HttpResponseBase:
    """Give the articles of the list, as it is filtered."""
    desk = open_desk(request, slug)
    rows, wanted = asked_articles(desk, request.user, request.GET)
    if wanted.problems:
        raise Refused(" ".join(wanted.problems))
    ids = list(rows.order_by("-created_at", "-id").values_list("pk", flat=True))
    words = request.GET.get("q", "").strip()
    if words:
        try:
            found = search_articles(words, desk, request.user)
        except EngineError as trouble:
            raise _no_search(trouble) from trouble
        known = set(ids)
        ids = [pk for pk in found if pk in known]
    return as_file(ARTICLES, _articles(desk, ids), f"articles-{desk.slug}")


def _names(tags: Iterable[Tag]) -> str:
    return "; ".join(tag.name for tag in tags)


def _articles(desk: Desk, ids: list[int]) -> Iterator[dict[str, Any]]:
    for part in chunks(ids):
        rows = Document.objects.select_related("outlet").defer("origin_reason").in_bulk(part)
        counted = answered(appearance_counts(desk, part))
        ended = dict(
            FinishedArticle.objects.filter(desk=desk, document__in=part)
            .order_by("pk")
            .values_list("document_id", "created_at")
        )
        tags = DocumentTag.objects.on(part, desk).gathered()
        for pk in part:
            row = rows[pk]
            yield {
                "id": pk,
                "title": row.title,
                "url": row.url,
                "outlet": row.outlet.name if row.outlet else "",
                "authors": row.authors,
                "language": row.language,
                "published": row.published,
                "published_source": row.published_source,
                "added_at": utc(row.created_at),
                "to_triage": counted.get(pk, {}).get("open", 0),
                "claims": counted.get(pk, {}).get("accepted", 0),
                "finished_at": utc(ended.get(pk)),
                "tags": _names(tags.get(pk, ())),
                "address": absolute(f"/documents/{pk}/"),
            }


@signed_in
@require_safe
def checks_csv(request: PersonRequest, slug: str) -> HttpResponseBase:
    """Give the published checks of the list, as it is filtered."""
    desk = open_desk(request, slug)
    rows, wanted = asked_checks(desk, request.user, request.GET)
    if wanted.problems:
        raise Refused(" ".join(wanted.problems))
    ids = list(rows.order_by("-modified_at", "-id").values_list("pk", flat=True))
    return as_file(CHECKS, _checks(request.user, ids), f"checks-{desk.slug}")


def _checks(user: User, ids: list[int]) -> Iterator[dict[str, Any]]:
    for part in chunks(ids):
        rows = FactCheck.objects.select_related("latest").defer("raw", "latest__payload").in_bulk(part)
        held = ClaimTag.objects.not_kept_from(user)
        tags = held.on(row.claim_id for row in rows.values() if row.claim_id).gathered()
        for row in (rows[pk] for pk in part):
            yield {
                "id": row.pk,
                "public_id": row.public_id,
                "claim": row.claim_text,
                "claimant": row.claimant_name,
                "rating": row.rating_label,
                "finding": row.finding,
                "status": row.status,
                "imported": "yes" if row.imported else "no",
                "publisher": row.publisher,
                "first_published_at": utc(row.first_published_at),
                "modified_at": utc(row.modified_at),
                "release": row.latest.number if row.latest else None,
                "tags": _names(tags.get(row.claim_id or 0, ())),
                "url": row.url if row.imported else absolute(check_path(row.public_id)),
            }
