"""The queue of a desk: its claims by filter, search and order, and one act on many of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from claims.actions.base import Refused
from claims.actions.indexing.finding import find_claims
from claims.actions.indexing.reading import no_answer
from claims.actions.review import bulk as bulk_actions
from claims.filters import ClaimFilter, current_reviews
from claims.forms.bulk import BulkAction, BulkForm
from claims.models import Claim, Desk, Review, User, Verdict
from claims.search.engine import EngineRefused, EngineUnavailable
from claims.workbench.access import PersonRequest, open_desk, signed_in
from claims.workbench.outcomes import back, insist_valid
from claims.workbench.paging import SIZE, KeysetPage, page_of

ORDERS = {
    "newest": (("-created_at", "-id"), gettext_lazy("newest first")),
    "oldest": (("created_at", "id"), gettext_lazy("oldest first")),
    "score": (("-score", "-id"), gettext_lazy("most check-worthy first")),
    "origins": (("-origins_found", "-id"), gettext_lazy("most origins first")),
}


@signed_in
@require_safe
def queue(request: PersonRequest, slug: str) -> HttpResponse:
    """The table of claims."""
    desk = open_desk(request, slug)
    rows = Claim.objects.visible_to(request.user).filter(desk=desk, merged_into=None)
    rows = rows.select_related("claimant", "factcheck")
    chosen = ClaimFilter(request.GET or None, queryset=rows, request=request, desk=desk, user=request.user)
    rows = chosen.qs
    order = request.GET.get("sort", "")
    order = order if order in ORDERS else "newest"
    words = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:300]
    problem, page = "", None
    if words:
        try:
            page = _searched(rows, words, desk, request)
        except EngineUnavailable as trouble:
            problem = no_answer(trouble) + " " + _("This is the list without your words.")
        except EngineRefused as refusal:
            problem = _("The search engine refused these words: %(why)s") % {"why": refusal}
    if page is None:
        page = page_of(rows, request, order=ORDERS[order][0])
    context = {
        "page": page,
        "rows": with_reviews(page.rows),
        "filter": chosen,
        "states": _states(desk, request),
        "people": chosen_people(desk, request),
        "orders": [(name, label, name == order) for name, (_columns, label) in ORDERS.items()],
        "words": words,
        "problem": problem,
        "bulk": BulkForm(desk=desk, user=request.user),
        "filtered": any(request.GET.get(name) for name in (*chosen.filters, "q")),
        "empty": not page.rows,
    }
    return render(request, "claims/queue.html", context)


def with_reviews(claims: Iterable[Claim]) -> list[dict[str, Any]]:
    """Return the claims with their newest review and verdict, in two queries for all of them."""
    claims = list(claims)
    ids = [claim.pk for claim in claims]
    reviews = {
        row.claim_id: row
        for row in Review.objects.filter(claim__in=ids)
        .select_related("assignee")
        .order_by("claim_id", "number")
    }
    verdicts = {
        row.claim_id: row
        for row in Verdict.objects.filter(claim__in=ids)
        .select_related("rating")
        .defer("justification", "short_answer")
        .order_by("claim_id", "review__number", "number", "pk")
    }
    return [
        {"claim": claim, "review": reviews.get(claim.pk), "verdict": verdicts.get(claim.pk)}
        for claim in claims
    ]


def _searched(rows: QuerySet[Claim], words: str, desk: Desk, request: PersonRequest) -> KeysetPage[Claim]:
    """Return one page of what the engine finds, best first, as far as the filters let it through."""
    ids = find_claims(words, desk=desk, user=request.user)
    let_through = set(rows.filter(pk__in=ids).values_list("pk", flat=True))
    ids = [pk for pk in ids if pk in let_through]
    mark = request.GET.get("after", "")
    start = min(int(mark), len(ids)) if mark.isdecimal() and len(mark) < 6 else 0
    here = ids[start : start + SIZE]
    found = rows.in_bulk(here)
    return KeysetPage(
        tuple(found[pk] for pk in here if pk in found),
        next=str(start + SIZE) if start + SIZE < len(ids) else "",
    )


def _states(desk: Desk, request: PersonRequest) -> list[dict[str, Any]]:
    """Return the states with how many claims stand there."""
    counted = dict(
        current_reviews()
        .filter(pk__in=Review.objects.visible_to(request.user).order_by().values("pk"))
        .filter(desk=desk, claim__merged_into=None)
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    chosen = request.GET.get("state", "")
    done = (Review.State.PUBLISHED, Review.State.CLOSED)
    still_open = sum(n for state, n in counted.items() if state not in done)
    choices: list[tuple[str, Any, int]] = [
        ("", _("all"), sum(counted.values())),
        ("open", _("open"), still_open),
        *((value, label, counted.get(value, 0)) for value, label in Review.State.choices),
    ]
    return [{"value": v, "label": label, "count": n, "chosen": v == chosen} for v, label, n in choices]


def chosen_people(desk: Desk, request: PersonRequest) -> list[tuple[str, str, bool]]:
    """Return who the list can be narrowed to: me, nobody, and the people of the desk."""
    chosen = request.GET.get("assignee", "")
    people: Any = BulkForm(desk=desk, user=request.user).fields["to"]
    rows = [("", _("anybody")), ("me", _("me")), ("nobody", _("nobody"))]
    rows += [(str(person.pk), person.display_name) for person in people.queryset]
    return [(value, label, value == chosen) for value, label in rows]


@signed_in
@require_POST
def bulk(request: PersonRequest, slug: str) -> HttpResponse:
    """One act on many claims: first what would happen to each, then, when confirmed, what happened."""
    desk = open_desk(request, slug)
    form = BulkForm(request.POST, desk=desk, user=request.user)
    if not form.is_valid():
        insist_valid(form)
    data = form.cleaned_data
    confirmed = request.POST.get("confirmed") == "yes"
    action = BulkAction(data["action"])
    if action == BulkAction.EXPORT:
        return HttpResponse(
            bulk_actions.export_csv(actor=request.user, claims=list(data["claims"])),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="claims-{desk.slug}.csv"'},
        )
    report = run_bulk(request.user, action, data, desk=desk, dry_run=not confirmed)
    counts = {outcome.value: report.count(outcome) for outcome in bulk_actions.RowOutcome}
    context = {
        "action": action,
        "form": form,
        "report": report,
        "confirmed": confirmed,
        "counts": counts,
        "sent": [(k, v) for k in request.POST for v in request.POST.getlist(k) if k != "csrfmiddlewaretoken"],
        "back": back(request, reverse("queue", args=[desk.slug])),
        "can": counts["done"] + counts["warned"],
    }
    return render(request, "claims/bulk.html", context)


def run_bulk(
    actor: User, action: BulkAction, data: dict[str, Any], *, desk: Desk, dry_run: bool
) -> bulk_actions.BulkReport:
    """Hand one act over to its action; shared with the admin."""
    claims = list(data["claims"])
    if action == BulkAction.ASSIGN:
        return bulk_actions.assign_many(actor=actor, claims=claims, to=data["to"], dry_run=dry_run)
    if action == BulkAction.DISMISS:
        return bulk_actions.dismiss_many(
            actor=actor, claims=claims, reason=data["reason"], note=data["note"], dry_run=dry_run
        )
    if action == BulkAction.SEARCH:
        return bulk_actions.search_many(actor=actor, claims=claims, dry_run=dry_run)
    if action == BulkAction.APPROVE:
        return bulk_actions.approve_many(actor=actor, claims=claims, comment=data["comment"], dry_run=dry_run)
    seen = Claim.objects.visible_to(actor).select_related("claimant", "desk")
    lead = seen.filter(pk=data["lead"], desk=desk).first()
    if lead is None:
        raise Refused(_("Your desk has no claim with the number %(n)d.") % {"n": data["lead"]})
    return bulk_actions.assign_verdict_many(
        actor=actor, claims=claims, lead=lead, skip_warned=data["skip_warned"], dry_run=dry_run
    )
