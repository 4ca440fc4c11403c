"""Opinions formed apart: asking for them, giving one's own, and reading all of them once the panel has ended."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims.actions.base import Refused
from claims.actions.review import panels as acts
from claims.forms.panels import AskPanelForm, OpinionForm
from claims.models import Opinion, Panel, Review, User
from claims.models.access import access_panel, access_review
from claims.models.facts import member, review_facts
from claims.review import panels
from claims.review.facts import ReviewFacts
from claims.workbench.access import PersonRequest, opened, signed_in
from claims.workbench.claim.panel_part import panel_part
from claims.workbench.outcomes import attempt, done


@signed_in
@require_safe
def panel(request: PersonRequest, pk: int) -> HttpResponse:
    """The opinions on one claim: who is asked, one's own, and what all said once it can be read."""
    return _page(request, opened(request, access_review, pk))


def _page(
    request: PersonRequest,
    review: Review,
    *,
    bound: dict[str, Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    bound = bound or {}
    facts, person = review_facts(review), member(review.desk, request.user)
    part = panel_part(facts, person)
    current: Panel | None = None
    own: Opinion | None = None
    if part is not None and part.panel is not None:
        current = access_panel(request.user, part.panel.id)
        mine = Opinion.objects.visible_to(request.user).filter(panel=current, reader=request.user)
        own = mine.select_related("rating").first()
    speaks = part is not None and part.panel is not None and part.panel.is_open and own is not None
    earlier = Panel.objects.visible_to(request.user).filter(review=review, closed_at__isnull=False)
    context = {
        "review": review,
        "claim": review.claim,
        "part": part,
        "current": current,
        "own": own,
        "opinion_form": bound.get("opinion")
        or (
            OpinionForm.of(own, current.scale) if speaks and own and current and not own.declined_at else None
        ),
        "ask_form": bound.get("ask") or (_ask_form(review, facts) if part and part.may_ask else None),
        "why_not": ""
        if part and (part.may_ask or part.panel)
        else panels.may_ask_panel(facts, person).sentence,
        "earlier": earlier.exclude(pk=current.pk if current else 0).select_related("rating", "asked_by"),
        "refusal": str(refusal) if refusal else "",
        "now": timezone.now(),
    }
    return render(request, "claims/panel.html", context, status=refusal.status if refusal else status)


def _ask_form(review: Review, facts: ReviewFacts, data: Any = None) -> AskPanelForm:
    read = acts.who_has_read(review)
    looked = acts.who_has_looked(review)
    people = [
        (one.id, _("%(name)s (has seen the verdict)") % {"name": one.name} if one.id in looked else one.name)
        for one in facts.members
        if panels.may_be_reader(facts, one, read=read)
    ]
    start = {"needed": max(review.desk.panel_least, min(2, len(people)))}
    return AskPanelForm(data, people=people, initial=start, auto_id="panel-%s")


def _here(review: Review) -> str:
    return reverse("panel", args=[review.pk])


@signed_in
@require_POST
def ask(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask people for opinions that they form apart."""
    review = opened(request, access_review, pk)
    form = _ask_form(review, review_facts(review), request.POST)

    def act(data: dict[str, Any]) -> HttpResponse:
        readers = User.objects.filter(pk__in=data.pop("readers"))
        acts.ask_panel(actor=request.user, review=review, readers=list(readers), **data)
        return done(request, _("They are asked, and see nobody else's opinion."), _here(review))

    return attempt(form, act, partial(_page, request, review, bound={"ask": form}))


@signed_in
@require_POST
def give(request: PersonRequest, pk: int) -> HttpResponse:
    """Give one's opinion, or change it as long as nobody could read it."""
    found = opened(request, access_panel, pk)
    form = OpinionForm(request.POST, scale=found.scale, auto_id="opinion-%s")

    def act(data: dict[str, Any]) -> HttpResponse:
        acts.give_opinion(actor=request.user, panel=found, **data)
        return done(request, _("Your opinion is given."), _here(found.review))

    return attempt(form, act, partial(_page, request, found.review, bound={"opinion": form}))


def _plainly(act: Any, said: Any) -> Any:
    """Make the view of an act that needs nothing but its panel."""

    @signed_in
    @require_POST
    def view(request: PersonRequest, pk: int) -> HttpResponse:
        found = opened(request, access_panel, pk)
        act(actor=request.user, panel=found)
        return done(request, said(), _here(found.review))

    return view


decline = _plainly(acts.decline_opinion, lambda: _("Declined. You see the verdict from now on."))
end = _plainly(acts.end_panel, lambda: _("The panel has ended, and what was said can be read."))
