"""What is public, was public and will be: fact checks with their versions, and publications that wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims.actions.base import Refused
from claims.actions.publishing import publish
from claims.actions.publishing.payload import check_path
from claims.filters import TAGS, FactCheckFilter, Shown
from claims.forms.approval import CorrectionForm, NoteForm
from claims.models import Desk, FactCheck, Release, Review, SavedView, User, Verdict
from claims.models.access import access_factcheck
from claims.models.facts import member, review_facts, with_people
from claims.models.fields import key_of
from claims.models.reviews import OPEN_STATES
from claims.models.seen import seen_at
from claims.models.together import read
from claims.review import after_publication, deciding
from claims.workbench.access import PersonRequest, open_desk, opened, signed_in
from claims.workbench.chips import FiltersAsked, asked, day_words
from claims.workbench.desk.view_list import view_list
from claims.workbench.outcomes import done
from claims.workbench.paging import page_of
from claims.workbench.resumed_forms import typed_fields


@signed_in
@require_safe
def published(request: PersonRequest, slug: str) -> HttpResponse:
    """The fact checks of the desk, own and imported, and what is approved and waits."""
    desk = open_desk(request, slug)
    views = view_list(request, desk, SavedView.Of.CHECKS)
    if views.opening:
        return redirect(views.opening)
    shown = request.GET.get("show", "")
    listed, wanted = asked_checks(desk, request.user, request.GET)
    listed = listed.select_related("latest", "claim").defer("raw", "latest__payload")
    page = page_of(listed, request, order=("-modified_at", "-id"))
    # What is not out yet stands above the first page.
    waiting, revisions = ([], []) if request.GET.get("after") else _not_out_yet(desk, request.user)
    context = {
        "views": views,
        "page": page,
        "rows": [{"check": check, "path": check_path(check.public_id)} for check in page.rows],
        "parts": _parts(desk, shown),
        "asked": wanted,
        "kept_filters": [
            (name, value)
            for name in ("show", "rating", "claimant", "change", "tag")
            for value in request.GET.getlist(name)[:TAGS]
            if value
        ],
        "waiting": waiting,
        "revisions": revisions,
    }
    return render(request, "claims/published.html", context)


def asked_checks(desk: Desk, user: User, query: QueryDict) -> tuple[QuerySet[FactCheck], FiltersAsked]:
    """Return the fact checks that an address lets through, own ones unless it says so, and its filters in words."""
    rows = FactCheck.objects.filter(desk=desk)
    chosen = FactCheckFilter(query or None, queryset=rows, desk=desk, user=user)

    def rating(value: str) -> str:
        known = rows.filter(rating_label=value).order_by().exists()
        return value if known else ""

    def claimant(value: str) -> str:
        names = rows.filter(claimant_key=key_of(value)).order_by().values_list("claimant_name", flat=True)
        return names.first() or ""

    def choice(name: str) -> Callable[[str], str]:
        return lambda value: str(dict(chosen.filters[name].extra["choices"]).get(value, ""))

    wanted = asked(
        query,
        chosen,
        {
            "show": choice("show"),
            "change": choice("change"),
            "rating": rating,
            "claimant": claimant,
            "since": day_words,
            "until": day_words,
        },
    )
    if wanted.problems:
        return rows.none(), wanted
    return (chosen.qs if query.get("show") else chosen.qs.filter(imported=False)), wanted


def _parts(desk: Desk, shown: str) -> list[dict[str, Any]]:
    own = Q(imported=False)
    told = Q(releases__kind__in=["clarification", "correction", "update"])
    counts = FactCheck.objects.filter(desk=desk).aggregate(
        all=Count("pk", filter=own, distinct=True),
        live=Count("pk", filter=own & Q(status="live"), distinct=True),
        suspended=Count("pk", filter=own & Q(status="suspended"), distinct=True),
        withdrawn=Count("pk", filter=own & Q(status="withdrawn"), distinct=True),
        corrected=Count("pk", filter=own & told, distinct=True),
        imported=Count("pk", filter=Q(imported=True), distinct=True),
    )
    rows: list[tuple[str, Any]] = [("", _("all own")), *Shown.choices]
    return [
        {"value": value, "label": label, "count": counts[value or "all"], "chosen": value == shown}
        for value, label in rows
    ]


def _not_out_yet(desk: Desk, user: User) -> tuple[list[dict[str, Any]], list[Review]]:
    """Return approved reviews that are scheduled or held, the next one first, and revisions in the works."""
    seen = seen_at(desk, user)[1].select_related("claim", "assignee")
    approved = seen.filter(state=Review.State.APPROVED)
    reviews = approved.order_by("held", F("publish_at").asc(nulls_last=True), "id")[:100]
    states = [state for state in OPEN_STATES if state != Review.State.APPROVED]
    revisions = seen.filter(state__in=states).exclude(release_kind=Release.Kind.FIRST).order_by("-id")[:50]
    read(reviews, revisions)
    verdicts = {
        row.review_id: row
        for row in Verdict.objects.not_kept_from(user)
        .filter(review__in=list(reviews))
        .select_related("rating")
        .order_by("review_id", "number")
    }
    waiting = [{"review": review, "verdict": verdicts.get(review.pk)} for review in reviews]
    return waiting, list(revisions)


@signed_in
@require_safe
def factcheck(request: PersonRequest, pk: int) -> HttpResponse:
    """One fact check for work on it: its versions, and how it can be suspended, corrected or withdrawn."""
    found = opened(request, access_factcheck, pk)
    return _page(request, found)


def _page(
    request: PersonRequest,
    found: FactCheck,
    *,
    bound: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    bound = bound or {}
    if refusal is not None:
        found = access_factcheck(request.user, found.pk)
    may: dict[str, deciding.Decision] = {}
    open_review = None
    if found.claim_id is not None:
        reviews = list(
            Review.objects.filter(claim=found.claim_id).select_related("claim", "desk").order_by("-number")
        )
        open_review = next((row for row in reviews if row.state not in ("published", "closed")), None)
        last = next((row for row in reviews if row.state == Review.State.PUBLISHED), None)
        if last is not None:
            last.desk = with_people(found.desk)
            facts = review_facts(last)
            person = member(found.desk, request.user)
            may = {
                "suspend": after_publication.may_suspend(facts, person),
                "reinstate": after_publication.may_reinstate(facts, person),
                "withdraw": after_publication.may_withdraw(facts, person),
                "revise": after_publication.may_revise(facts, person),
            }
    context = {
        "check": found,
        "releases": list(
            Release.objects.filter(factcheck=found)
            .select_related("by", "verdict")
            .defer("payload")
            .order_by("-number")
        ),
        "public": check_path(found.public_id) if not found.imported else "",
        "may": may,
        "open_review": open_review,
        "suspend_form": bound.get("suspend") or NoteForm(auto_id="suspend-%s"),
        "reinstate_form": bound.get("reinstate") or NoteForm(auto_id="reinstate-%s"),
        "withdraw_form": bound.get("withdraw") or NoteForm(auto_id="withdraw-%s"),
        "correct_form": bound.get("correct")
        or CorrectionForm(auto_id="correct-%s", initial={"kind": "correction"}),
        "bound": set(bound),
        "refusal": str(refusal) if refusal else "",
        "typed": typed_fields(request.POST) if refusal else [],
    }
    return render(request, "claims/factcheck.html", context, status=refusal.status if refusal else status)


def _restating(
    name: str, act: Callable[..., Release], said: Callable[[], str]
) -> Callable[..., HttpResponseBase]:
    """Make the view of an act that needs only a public note."""

    @signed_in
    @require_POST
    def view(request: PersonRequest, pk: int) -> HttpResponse:
        found = opened(request, access_factcheck, pk)
        form = NoteForm(request.POST, auto_id=f"{name}-%s")
        if not form.is_valid():
            return _page(request, found, bound={name: form}, status=422)
        try:
            act(actor=request.user, factcheck=found, note=form.cleaned_data["note"])
        except Refused as refusal:
            return _page(request, found, bound={name: form}, refusal=refusal)
        return done(request, said(), reverse("factcheck", args=[pk]))

    return view


suspend = _restating(
    "suspend", publish.suspend, lambda: _("Suspended: readers see a notice in its place from now on.")
)
reinstate = _restating("reinstate", publish.reinstate, lambda: _("Reinstated: readers see the check again."))
withdraw = _restating("withdraw", publish.withdraw, lambda: _("Withdrawn. Its address stays and says so."))


@signed_in
@require_POST
def correct(request: PersonRequest, pk: int) -> HttpResponse:
    """Open a new version; what is public stays until the new version is approved."""
    found = opened(request, access_factcheck, pk)
    form: forms.Form = CorrectionForm(request.POST, auto_id="correct-%s")
    if not form.is_valid():
        return _page(request, found, bound={"correct": form}, status=422)
    try:
        review = publish.start_correction(actor=request.user, factcheck=found, **form.cleaned_data)
    except Refused as refusal:
        return _page(request, found, bound={"correct": form}, refusal=refusal)
    said = _("A new version is open. What is public stays until it is approved.")
    return done(request, said, reverse("claim", args=[review.claim_id]) + "#verdict")
