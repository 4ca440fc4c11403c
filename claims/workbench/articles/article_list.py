"""Which articles does a desk have, and which of them still need somebody? A list with filters and search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims.actions.documents.rereading import read_by_older_rules
from claims.actions.indexing.reading import asked_engine, no_answer
from claims.forms.articles import AddForm
from claims.models import AnalysisRun, Appearance, Desk, Document, FinishedArticle, Outlet, User
from claims.query.build import ClaimText, question
from claims.query.types import ARCHIVE_AUDIENCE, Collection, Query
from claims.search.engine import EngineError
from claims.workbench.access import PersonRequest, open_desk, signed_in
from claims.workbench.paging import KeysetPage, page_of

Triage = Appearance.Triage
_FOUND = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice above the list: its value in the address, its word, and how many rows it has, if counted."""

    value: str
    label: str
    count: int | None = None


@signed_in
@require_GET
def articles(request: PersonRequest, slug: str) -> HttpResponse:
    """List the documents of the desk's archives, newest first; a search is ordered by fit."""
    desk = open_desk(request, slug)
    readable = Document.objects.for_desk(desk).filter(
        pk__in=Document.objects.visible_to(request.user).values("pk")
    )
    state, query = request.GET.get("state", ""), request.GET.get("q", "").strip()
    outlet = request.GET.get("outlet", "")
    problem = ""
    rows = _in_state(readable, desk, state)
    if outlet.isdecimal() and len(outlet) < 19:
        rows = rows.filter(outlet=int(outlet))
    shown = (
        rows.select_related("outlet").defer("origin_reason").annotate(finished_here=Exists(_finished(desk)))
    )
    if query:
        try:
            ids = search_articles(query, desk, request.user)
        except EngineError as trouble:
            ids, problem = [], no_answer(trouble) + " " + _("The list works without it.")
        place = {pk: at for at, pk in enumerate(ids)}
        page = KeysetPage(tuple(sorted(shown.filter(pk__in=ids), key=lambda row: place[row.pk])[:_FOUND]))
    else:
        page = page_of(shown, request)
    counted = _counted(page, desk)
    context = {
        "desk": desk,
        "page": page,
        "rows": [(row, counted.get(row.pk, {})) for row in page],
        "filters": _filters(readable, desk),
        "state": state,
        "query": query,
        "problem": problem,
        "outlet": _outlet(outlet, request.user),
        "form": AddForm(),
        "older": read_by_older_rules(desk, request.user) if not state and not query else 0,
    }
    return render(request, "claims/articles.html", context)


def _outlet(number: str, user: User) -> Outlet | None:
    if not number.isdecimal() or len(number) > 18:
        return None
    return Outlet.objects.visible_to(user).filter(pk=int(number)).first()


def _finished(desk: Desk) -> QuerySet[FinishedArticle]:
    return FinishedArticle.objects.filter(desk=desk, document=OuterRef("pk")).order_by()


def _open_ones(desk: Desk) -> Exists:
    return Exists(Appearance.objects.filter(desk=desk, document=OuterRef("pk"), triage=Triage.SUGGESTED))


def _analysed(desk: Desk) -> Exists:
    return Exists(AnalysisRun.objects.filter(desk=desk, capture__document=OuterRef("pk")))


def _in_state(rows: QuerySet[Document], desk: Desk, state: str) -> QuerySet[Document]:
    if state == "triage":
        return rows.filter(_open_ones(desk), ~Exists(_finished(desk)))
    if state == "finished":
        return rows.filter(Exists(_finished(desk)))
    if state == "background":
        return rows.exclude(_analysed(desk))
    return rows


def _filters(rows: QuerySet[Document], desk: Desk) -> list[Filter]:
    """Return the choices; only what waits is counted, an archive may hold a million documents."""
    return [
        Filter("", _("All")),
        Filter("triage", _("To triage"), _in_state(rows, desk, "triage").count()),
        Filter("finished", _("Finished")),
        Filter("background", _("Only searched")),
    ]


def _counted(page: KeysetPage[Any], desk: Desk) -> dict[int, dict[str, int]]:
    """Return how many suggestions are open and how many became claims, per document of the page."""
    rows = (
        Appearance.objects.filter(desk=desk, document__in=[row.pk for row in page])
        .order_by()
        .values("document")
        .annotate(
            open=Count("pk", filter=Q(triage=Triage.SUGGESTED) & ~Q(checkable="no")),
            accepted=Count("claim", distinct=True),
        )
    )
    return {row["document"]: {"open": row["open"], "accepted": row["accepted"]} for row in rows}


def search_articles(words: str, desk: Desk, user: User) -> list[int]:
    """Return ids of documents of the desk's archives that hold these words, best first."""
    asked = question(ClaimText(words[:1000]))
    archives = set(desk.archives.values_list("pk", flat=True)) | set(
        desk.own_archives.values_list("pk", flat=True)
    )
    if not asked.clauses or not archives:
        return []
    audiences = frozenset({ARCHIVE_AUDIENCE, f"desk:{desk.pk}", f"user:{user.pk}"})
    query = Query(
        scope=frozenset(archives), clauses=asked.clauses, collection=Collection.DOCUMENTS, audiences=audiences
    )
    answer = asked_engine().search(query, 400)
    return list(dict.fromkeys(hit.ref.id for hit in answer.hits))
