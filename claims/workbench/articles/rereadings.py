"""Old articles and newer rules: what would change, for many articles or for one; taken over, stopped, taken back.

Nothing changes before somebody takes it over. Each person sees, and takes over, what stands in articles that they
may read; totals count these alone.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.actions.base import EDITORS, WORKERS, Refused
from claims.actions.documents import rereading as actions
from claims.actions.documents.rereading import Scope
from claims.forms.rereading import ScopeForm
from claims.models import AnalysisRun, Desk, Job, RereadArticle, Rereading, User
from claims.models.access import access_document, access_rereading
from claims.models.together import answered
from claims.splitting import ANALYSER
from claims.workbench.access import PersonRequest, desk_of_document, open_desk, opened, signed_in
from claims.workbench.articles.difference_words import said
from claims.workbench.outcomes import done
from claims.workbench.paging import page_of

Row = RereadArticle.State
#: Articles on one page of a batch: each may hold a list.
_SHOWN = 20


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def rereadings(request: PersonRequest, slug: str) -> HttpResponse:
    """List the batches of a desk; a POST asks for a new one."""
    desk = open_desk(request, slug)
    if request.method != "POST":
        return _list(request, desk)
    form = ScopeForm(desk, request.POST, auto_id="scope-%s")
    if not form.is_valid():
        return _list(request, desk, form=form, status=422)
    try:
        batch = actions.preview(actor=request.user, desk=desk, scope=Scope(**form.conditions()))
    except Refused as refusal:
        return _list(request, desk, form=form, refusal=refusal)
    return done(request, "", reverse("rereading", args=[batch.pk]))


def _list(
    request: PersonRequest,
    desk: Desk,
    *,
    form: ScopeForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = Rereading.objects.visible_to(request.user).filter(desk=desk).select_related("asked_by")
    page = page_of(rows, request)
    context = {
        "desk": desk,
        "older": answered(actions.read_by_older_rules(desk, request.user)),
        "analyser": ANALYSER,
        "may_ask": not desk.roles_of(request.user).isdisjoint(EDITORS),
        "form": form or ScopeForm(desk, initial={"older": True, "unfinished": True}, auto_id="scope-%s"),
        "page": page,
        "batches": [(row, actions.scope_in_words(row.scope)) for row in page],
        "refusal": str(refusal) if refusal else "",
    }
    return render(request, "claims/rereadings.html", context, status=refusal.status if refusal else status)


@signed_in
@require_safe
def rereading(request: PersonRequest, pk: int) -> HttpResponse:
    """Show a batch: how far it is, what it would change in all, and article by article."""
    batch = opened(request, access_rereading, pk)
    theirs = RereadArticle.objects.visible_to(request.user).filter(rereading=batch)
    show = request.GET.get("show", "")
    rows = theirs.select_related("document")
    if show != "all":
        rows = rows.filter(_worth_a_look())
    page = page_of(rows, request, order=("id",), size=_SHOWN)
    job = actions.work_of(batch) if batch.is_active else None
    context = {
        "desk": batch.desk,
        "batch": batch,
        "scope": actions.scope_in_words(batch.scope),
        "totals": _totals(theirs),
        "show": show,
        "page": page,
        "articles": [(row, [said(one) for one in row.differences]) for row in page],
        "may_decide": _may_decide(request.user, batch),
        "stopped": batch.is_active and (job is None or job.status not in _WORKING),
        "why_stopped": job.error if job is not None else "",
    }
    return render(request, "claims/rereading.html", context)


_WORKING = (Job.Status.QUEUED, Job.Status.RUNNING)


def _worth_a_look() -> Q:
    return Q(new__gt=0) | Q(gone__gt=0) | Q(changed__gt=0) | Q(state=Row.FAILED)


def _may_decide(user: User, batch: Rereading) -> bool:
    roles = WORKERS if batch.is_single else EDITORS
    return not batch.desk.roles_of(user).isdisjoint(roles)


def _totals(rows: QuerySet[RereadArticle]) -> dict[str, int]:
    """Count the articles by state, and all that would change in them, in one question to the database."""
    totals = rows.aggregate(
        articles=Count("pk"),
        differing=Count("pk", filter=Q(new__gt=0) | Q(gone__gt=0) | Q(changed__gt=0)),
        **{str(state.value): Count("pk", filter=Q(state=state)) for state in Row},
        # Last: from here on these names mean the sums.
        **{name: Sum(name, default=0) for name in ("new", "gone", "changed", "held")},
    )
    return {**totals, "looked": totals["articles"] - totals["waiting"]}


def _picked(request: PersonRequest) -> list[int] | None:
    """Return the ticked articles, or None where all are meant."""
    if request.POST.get("which") == "all":
        return None
    return [int(value) for value in request.POST.getlist("document") if value.isdecimal() and len(value) < 19]


@signed_in
@require_POST
def apply(request: PersonRequest, pk: int) -> HttpResponse:
    """Take over what a batch would change in the ticked articles, or in all."""
    batch = opened(request, access_rereading, pk)
    count = actions.apply(actor=request.user, batch=batch, documents=_picked(request))
    text = ngettext("%d article is being taken over.", "%d articles are being taken over.", count)
    return done(request, text % count, reverse("rereading", args=[pk]))


@signed_in
@require_POST
def cancel(request: PersonRequest, pk: int) -> HttpResponse:
    """Stop a batch after the article it is at."""
    actions.cancel(actor=request.user, batch=opened(request, access_rereading, pk))
    return done(request, _("Stopped. What was done stays."), reverse("rereading", args=[pk]))


@signed_in
@require_POST
def go_on(request: PersonRequest, pk: int) -> HttpResponse:
    """Go on with what a batch has left."""
    count = actions.go_on(actor=request.user, batch=opened(request, access_rereading, pk))
    text = ngettext("Going on with %d article.", "Going on with %d articles.", count)
    return done(request, text % count, reverse("rereading", args=[pk]))


@signed_in
@require_POST
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back what was taken over of the ticked articles."""
    batch = opened(request, access_rereading, pk)
    back, kept = actions.undo_picked(actor=request.user, batch=batch, documents=_picked(request))
    if not back and not kept:
        raise Refused(_("Choose at least one article that was taken over."))
    text = ngettext("Taken back in %d article.", "Taken back in %d articles.", back) % back
    if kept:
        text += (
            " "
            + ngettext(
                "%d stays as it is: somebody has decided about it since.",
                "%d stay as they are: somebody has decided about them since.",
                kept,
            )
            % kept
        )
    return done(request, text, reverse("rereading", args=[pk]))


@signed_in
@require_POST
def reread_document(request: PersonRequest, pk: int) -> HttpResponse:
    """Look what newer rules would change in one article."""
    found = access_document(request.user, pk)
    desk = desk_of_document(request, found)
    batch = actions.preview(actor=request.user, desk=desk, scope=Scope(documents=(found.pk,)))
    return done(request, "", reverse("rereading", args=[batch.pk]))


def on_article(run: AnalysisRun | None, last: RereadArticle | None) -> dict[str, Any] | None:
    """Return what the article's own page says about newer rules; None where there is nothing to say.

    ``last`` is the newest batch's row of the article.
    """
    if run is None:
        return None
    if last is not None and last.state == Row.APPLIED and last.run_id == run.pk:
        return {"what": "applied", "row": last} if any(last.applied.values()) else None
    if run.analyser == ANALYSER:
        return None
    if last is not None and last.state in (Row.WAITING, Row.CHOSEN) and last.rereading.is_active:
        return {"what": "working", "row": last}
    if last is not None and last.state == Row.READ and last.read_by == ANALYSER:
        return {"what": "offered", "row": last}
    return {"what": "older", "row": None}
