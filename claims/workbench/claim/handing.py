"""Handing a claim over, taking one over, and asking somebody to read."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions.base import Refused
from claims.actions.review.handing import WORDS, ask_reader, draft_at, hand_over, take_over, words_of
from claims.models import User
from claims.models.access import access_review, access_verdict
from claims.models.facts import member, review_facts
from claims.review import deciding, whose_work
from claims.vocabulary import Role
from claims.workbench.access import PersonRequest, opened, signed_in
from claims.workbench.claim.handing_parts import ask_form, hand_form
from claims.workbench.claim.views import claim_page
from claims.workbench.outcomes import attempt, done


@signed_in
@require_POST
def hand(request: PersonRequest, pk: int) -> HttpResponse:
    """Hand a claim over with its draft and a word."""
    review = opened(request, access_review, pk)
    form = hand_form(review_facts(review), request.POST)

    def act(data: dict[str, Any]) -> HttpResponse:
        to = User.objects.get(pk=data["to"])
        moved = hand_over(actor=request.user, review=review, to=to, words=data["words"])
        said = _("Handed over to %(name)s with the draft.") if moved else _("Handed over to %(name)s.")
        return done(request, said % {"name": to.display_name}, reverse("claim", args=[review.claim_id]))

    return attempt(form, act, partial(claim_page, request, review.claim, bound={"hand": form}))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: PersonRequest, pk: int) -> HttpResponse:
    """Show what another has of a claim, and ask before one goes on with it."""
    review = opened(request, access_review, pk)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            take_over(actor=request.user, review=review, with_draft=request.POST.get("draft") == "1")
            said = _("You are working on this claim.")
            return done(request, said, reverse("claim", args=[review.claim_id]) + "#verdict")
        except Refused as problem:
            refusal = problem
            review = access_review(request.user, pk)
    facts, person = review_facts(review), member(review.desk, request.user)
    holder = whose_work.holder_of(facts)
    blind = not deciding.unblinded(facts, person)
    theirs = draft_at(review, holder) if holder not in (None, request.user.pk) and not blind else None
    own = draft_at(review, request.user.pk)
    may = whose_work.may_take_over(facts, person)
    context = {
        "review": review,
        "claim": review.claim,
        "holder": facts.name_of(holder) if holder is not None else "",
        "working_until": review.lease_until if facts.lease_holder not in (None, request.user.pk) else None,
        "draft": theirs,
        "words": _labelled(words_of(theirs)),
        "own": bool(words_of(own)) or bool(own is not None and own.data.get("proposal")),
        "may": may,
        "stays": facts.assignee is not None and not person.has(Role.DESK_EDITOR),
        "refusal": str(refusal) if refusal else "",
        "now": timezone.now(),
    }
    return render(request, "claims/take_over.html", context, status=refusal.status if refusal else 200)


def _labelled(words: dict[str, str]) -> list[tuple[str, str]]:
    labels = (_("Headline"), _("Short answer"), _("Justification"), _("What was not found"))
    named = dict(zip(WORDS, labels, strict=True))
    return [(named[name], text) for name, text in words.items()]


@signed_in
@require_POST
def ask(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask somebody to read a verdict that waits for approval."""
    verdict = opened(request, access_verdict, pk)
    form = ask_form(review_facts(verdict.review), request.POST)

    def act(data: dict[str, Any]) -> HttpResponse:
        reader = User.objects.get(pk=data["to"])
        ask_reader(actor=request.user, verdict=verdict, reader=reader, words=data["words"])
        said = _("%(name)s is asked to read it.") % {"name": reader.display_name}
        return done(request, said, reverse("claim", args=[verdict.claim_id]) + "#verdict")

    return attempt(form, act, partial(claim_page, request, verdict.claim, bound={"ask_reader": form}))
