"""Which articles does a desk have, and which of them still need somebody? A list with filters and search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims.actions.documents.rereading import read_by_older_rules
from claims.actions.indexing.finding import find_passages
from claims.actions.indexing.reading import no_answer
from claims.forms.articles import AddForm
from claims.models import (
    Appearance,
    Desk,
    DocumentTag,
    SavedView,
    User,
)
from claims.models.together import Asking, answered, at_once, by_name, figures_of, these
from claims.search.engine import EngineError
from claims.workbench.access import PersonRequest, open_desk, signed_in
from claims.workbench.articles.asked_articles import (
    Filter,
    asked_articles,
    finished,
    in_state,
    readable_articles,
    states,
)
from claims.workbench.desk.view_list import view_list
from claims.workbench.paging import KeysetPage, page_of

Triage = Appearance.Triage
_FOUND = 50


@signed_in
@require_GET
def articles(request: PersonRequest, slug: str) -> HttpResponse:
    """List the documents of the desk's archives, newest first; a search is ordered by fit."""
    desk = open_desk(request, slug)
    views = view_list(request, desk, SavedView.Of.ARTICLES)
    if views.opening:
        return redirect(views.opening)
    readable = readable_articles(desk, request.user)
    state, query = request.GET.get("state", ""), request.GET.get("q", "").strip()
    problem = ""
    rows, wanted = asked_articles(desk, request.user, request.GET)
    shown = (
        rows.select_related("outlet").defer("origin_reason").annotate(finished_here=Exists(finished(desk)))
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
    waiting = in_state(readable, desk, "triage")
    asked: dict[str, Asking[Any]] = {
        "counted": _counted(page, desk),
        "waiting": figures_of(waiting, n=Count("pk")),
    }
    if not state and not query:
        asked["older"] = read_by_older_rules(desk, request.user)
    parts = answered(by_name(**asked))
    counted = parts["counted"]
    context = {
        "desk": desk,
        "views": views,
        "page": page,
        "rows": [(row, counted.get(row.pk, {})) for row in page],
        "filters": _filters(parts["waiting"]["n"]),
        "state": state,
        "query": query,
        "problem": problem,
        "asked": wanted,
        "kept_filters": [
            (name, value)
            for name in ("tag", "outlet", "since", "until")
            for value in request.GET.getlist(name)[:5]
        ],
        "form": AddForm(),
        "older": parts.get("older", 0),
    }
    return render(request, "claims/articles.html", context)


def _filters(waiting: int) -> list[Filter]:
    """Return the choices; only what waits is counted, an archive may hold a million documents."""
    return [Filter(one.value, one.label, waiting if one.value == "triage" else None) for one in states()]


def appearance_counts(desk: Desk, documents: Sequence[int]) -> Asking[dict[int, dict[str, Any]]]:
    """Ask how many suggestions of these documents are open, and how many became claims."""
    rows = (
        Appearance.objects.filter(desk=desk, document__in=documents)
        .order_by()
        .values("document")
        .annotate(
            open=Count("pk", filter=Q(triage=Triage.SUGGESTED) & ~Q(checkable="no")),
            accepted=Count("claim", distinct=True),
        )
    )
    yield [rows]
    return {row["document"]: {"open": row["open"], "accepted": row["accepted"]} for row in rows}


def _counted(page: KeysetPage[Any], desk: Desk) -> Asking[dict[int, dict[str, Any]]]:
    """Ask the same, with the desk's tags, per document of the page."""
    ids = [row.pk for row in page]
    tagged = DocumentTag.objects.on(ids, desk)
    found, _rows = yield from at_once(appearance_counts(desk, ids), these(tagged))
    for pk, tags in tagged.gathered().items():
        found.setdefault(pk, {})["tags"] = tags
    return found


def search_articles(words: str, desk: Desk, user: User) -> list[int]:
    """Return ids of documents of the desk's archives that hold these words, best first."""
    hits = find_passages(words, desk=desk, user=user)
    return list(dict.fromkeys(hit.ref.id for hit in hits))
