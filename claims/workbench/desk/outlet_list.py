"""Who publishes what a desk reads: outlets as a list that is narrowed, and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from claims.actions.base import Refused
from claims.filters import OutletFilter
from claims.models import Archive, Desk, Document, Outlet, User
from claims.workbench.access import PersonRequest, open_desk, signed_in
from claims.workbench.chips import FiltersAsked, asked
from claims.workbench.desk.list_files import as_file, utc

OUTLETS = ("id", "outlet", "site", "agency", "owner", "articles", "newest")


def archives(desk: Desk) -> QuerySet[Any, Any]:
    """Return the ids of the archives that a desk reads."""
    return Archive.objects.filter(Q(desk=desk) | Q(readers=desk)).values("pk")


def asked_outlets(desk: Desk, user: User, query: QueryDict) -> tuple[QuerySet[Any], FiltersAsked]:
    """Return the outlets of what a person reads at a desk as an address lets them through, and its filters in words."""
    documents = Document.objects.visible_to(user).filter(archive__in=archives(desk)).order_by()
    chosen = OutletFilter(query or None, queryset=Outlet.objects.all())
    kinds = dict(chosen.filters["kind"].extra["choices"])
    wanted = asked(query, chosen, {"kind": lambda value: str(kinds.get(value, ""))})
    rows = chosen.qs.none() if wanted.problems else chosen.qs
    counted = (
        rows.filter(documents__in=documents.values("pk"))
        .select_related("owner")
        .annotate(articles=Count("documents", distinct=True), newest=Max("documents__created_at"))
        .order_by("-articles", "name_key", "id")
    )
    return counted, wanted


@signed_in
@require_safe
def outlets_csv(request: PersonRequest, slug: str) -> HttpResponseBase:
    """Give the outlets of the list, as it is narrowed."""
    desk = open_desk(request, slug)
    rows, wanted = asked_outlets(desk, request.user, request.GET)
    if wanted.problems:
        raise Refused(" ".join(wanted.problems))
    return as_file(OUTLETS, _lines(rows), f"outlets-{desk.slug}")


def _lines(rows: QuerySet[Any]) -> Iterator[dict[str, Any]]:
    for row in rows.iterator(chunk_size=500):
        yield {
            "id": row.pk,
            "outlet": row.name,
            "site": row.site,
            "agency": "yes" if row.is_agency else "no",
            "owner": row.owner.name if row.owner else "",
            "articles": row.articles,
            "newest": utc(row.newest),
        }
