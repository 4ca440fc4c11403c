"""The claim page and the acts on a claim and on the work on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims.actions.base import NotAllowed, Refused, Stale
from claims.actions.claims import changes as actions
from claims.actions.claims.due import set_due
from claims.actions.claims.topics import set_topics
from claims.actions.review.panels import note_look
from claims.forms.claims import (
    AssignForm,
    ChecksForm,
    ClaimantForm,
    CloseForm,
    DatesForm,
    DueForm,
    MergeForm,
    TopicsForm,
    VersionForm,
    WordingForm,
)
from claims.models import Claim, Review
from claims.models.access import access_claim, access_review
from claims.models.facts import member, review_facts
from claims.review.whose_work import is_others
from claims.workbench.access import PersonRequest, SeeOther, enter, opened, signed_in
from claims.workbench.claim.board_filters import BoardFilters
from claims.workbench.claim.page import claim_context
from claims.workbench.doors import stands_at
from claims.workbench.outcomes import attempt, done, insist_valid
from claims.workbench.resumed_forms import typed_fields


@signed_in
@require_safe
def claim(request: PersonRequest, pk: int) -> HttpResponse:
    """One claim with its evidence, its verdict and its history; a merged one leads on."""
    found = access_claim(request.user, pk)
    if found.merged_into_id is not None:
        return redirect("claim", found.merged_into_id)
    enter(request, found.desk)
    return claim_page(request, found, looking=True)


def claim_page(
    request: PersonRequest,
    found: Claim,
    *,
    bound: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
    beside: int = 0,
    looking: bool = False,
) -> HttpResponse:
    """Render the claim page; a refusal keeps what was typed beside the newer state.

    ``looking`` keeps who was shown what a verdict says, where the desk asks people for opinions formed apart.
    In the admin's frame where it was asked for there, or the form that was refused stood there.
    """
    if refusal is not None:
        found = access_claim(request.user, found.pk)
        status = refusal.status
    asked = request.GET.get("beside", "")
    context = claim_context(
        found,
        request.user,
        bound=bound,
        narrowed=BoardFilters.of(request.GET),
        beside=beside or (int(asked) if asked.isdecimal() and len(asked) < 19 else 0),
    )
    context["refusal"] = str(refusal) if refusal else ""
    context["typed"] = typed_fields(request.POST) if refusal else []
    context["stale"] = isinstance(refusal, Stale)
    if looking and context.get("panel") is not None and context["verdict"] is not None:
        note_look(actor=request.user, review=context["review"])
    context["stays_at"] = _in_admin(request, found)
    frame = "admin/claims/claim/work.html" if context["stays_at"] else "claims/claim.html"
    return render(request, frame, context, status=status)


def _in_admin(request: PersonRequest, found: Claim) -> str:
    """Return the address of the claim's page in the admin, where the person is there now."""
    there = reverse("admin:claims_claim_change", args=[found.pk])
    return there if there == stands_at(request) else ""


Act = Callable[[PersonRequest, Claim, dict[str, Any]], object]


def _edit(
    name: str, form_class: type[forms.Form], act: Act, said: Callable[[], str]
) -> Callable[..., HttpResponseBase]:
    """Make the view of one part of the claim's head: bind, act, or show what was typed beside the refusal."""

    @signed_in
    @require_POST
    def view(request: PersonRequest, pk: int) -> HttpResponse:
        found = opened(request, access_claim, pk)
        form = form_class(request.POST, auto_id=f"{name}-%s")

        def do(data: dict[str, Any]) -> HttpResponse:
            act(request, found, data)
            return done(request, said(), reverse("claim", args=[pk]))

        return attempt(form, do, partial(claim_page, request, found, bound={name: form}))

    return view


def _expected(data: dict[str, Any]) -> dict[str, Any]:
    return {"expected_version": data["expected_version"]}


wording = _edit(
    "wording",
    WordingForm,
    lambda request, found, data: actions.edit_wording(
        actor=request.user, claim=found, wording=data["wording"], **_expected(data)
    ),
    lambda: _("The wording is confirmed."),
)
claimant = _edit(
    "claimant",
    ClaimantForm,
    lambda request, found, data: actions.set_claimant(
        actor=request.user, claim=found, name=data["name"], kind=data["kind"], **_expected(data)
    ),
    lambda: _("It is noted who made the claim."),
)
checks = _edit(
    "checks",
    ChecksForm,
    lambda request, found, data: actions.set_checks(
        actor=request.user, claim=found, checks=data["checks"], **_expected(data)
    ),
    lambda: _("It is noted what is checked."),
)
dates = _edit(
    "dates",
    DatesForm,
    lambda request, found, data: actions.set_dates(
        actor=request.user, claim=found, made_on=data["made_on"], about=data["about"], **_expected(data)
    ),
    lambda: _("The dates are noted."),
)
article_dates = _edit(
    "article-dates",
    VersionForm,
    lambda request, found, data: actions.follow_article(actor=request.user, claim=found, **_expected(data)),
    lambda: _("The dates are those of the article."),
)
topics = _edit(
    "topics",
    TopicsForm,
    lambda request, found, data: set_topics(
        actor=request.user, claim=found, typed=data["topics"], **_expected(data)
    ),
    lambda: _("It is noted what the claim is about."),
)
due = _edit(
    "due",
    DueForm,
    lambda request, found, data: set_due(actor=request.user, claim=found, due_at=data["due_at"]),
    lambda: _("Stored."),
)


@signed_in
@require_POST
def merge(request: PersonRequest, pk: int) -> HttpResponse:
    """Say that this claim is another one of the desk."""
    found = opened(request, access_claim, pk)
    data = insist_valid(MergeForm(request.POST))
    into = Claim.objects.visible_to(request.user).filter(pk=data["into"], desk=found.desk).first()
    if into is None:
        raise Refused(_("Your desk has no claim with the number %(n)d.") % {"n": data["into"]})
    actions.merge_claims(actor=request.user, claim=found, into=into)
    return done(request, _("Merged. Work goes on here."), reverse("claim", args=[into.pk]))


def _claim_of(review: Review) -> str:
    return reverse("claim", args=[review.claim_id])


@signed_in
@require_POST
def take(request: PersonRequest, pk: int) -> HttpResponse:
    """Start or go on working on a claim; what another has is asked about first."""
    review = opened(request, access_review, pk)
    try:
        actions.take_lease(actor=request.user, review=review)
    except (NotAllowed, Stale):
        raise
    except Refused:
        if not is_others(review_facts(review), member(review.desk, request.user)):
            raise
        return SeeOther(reverse("review-take-over", args=[pk]))
    return done(request, _("You are working on this claim."), _claim_of(review))


@signed_in
@require_POST
def put_down(request: PersonRequest, pk: int) -> HttpResponse:
    """Stop working on a claim for now; it stays assigned."""
    review = opened(request, access_review, pk)
    actions.drop_lease(actor=request.user, review=review)
    return done(request, _("Others can work on this claim now."), _claim_of(review))


@signed_in
@require_POST
def put_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Return a claim to the queue."""
    review = opened(request, access_review, pk)
    actions.put_back(actor=request.user, review=review)
    return done(request, _("Back in the queue."), _claim_of(review))


@signed_in
@require_POST
def assign(request: PersonRequest, pk: int) -> HttpResponse:
    """Give a claim to somebody; ``to=me`` takes it oneself."""
    review = opened(request, access_review, pk)
    if request.POST.get("to") == "me":
        actions.assign(actor=request.user, review=review, to=request.user)
        return done(request, _("The claim is assigned to you."), _claim_of(review))
    data = insist_valid(AssignForm(request.POST, desk=review.desk))
    actions.assign(actor=request.user, review=review, to=data["to"])
    name = data["to"].display_name if data["to"] else _("nobody")
    return done(request, _("Assigned to %(name)s.") % {"name": name}, _claim_of(review))


@signed_in
@require_POST
def close(request: PersonRequest, pk: int) -> HttpResponse:
    """End the work on a claim without a publication."""
    review = opened(request, access_review, pk)
    form = CloseForm(request.POST, auto_id="close-%s")

    def act(data: dict[str, Any]) -> HttpResponse:
        actions.close(actor=request.user, review=review, **data)
        return done(request, _("The review is closed. It can be reopened."), _claim_of(review))

    return attempt(form, act, partial(claim_page, request, review.claim, bound={"close": form}))


@signed_in
@require_POST
def reopen(request: PersonRequest, pk: int) -> HttpResponse:
    """Put a closed review back into the queue."""
    review = opened(request, access_review, pk)
    actions.reopen(actor=request.user, review=review)
    return done(request, _("The review is open again."), _claim_of(review))
