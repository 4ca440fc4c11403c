"""Pages about the workbench itself: its keys, and the parts its pages are made of."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from claims import vocabulary
from claims.actions.desk.preferences import put_away, show_again
from claims.models import Evidence, Job, SearchRun
from claims.ratings import DEFAULT_SCALE
from claims.workbench.access import PersonRequest, SeeOther, safe_address, signed_in
from claims.workbench.keyboard import by_group


@signed_in
@require_GET
def keys(request: PersonRequest) -> HttpResponse:
    """List all keys."""
    return render(request, "claims/keys.html", {"groups": list(by_group())})


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """Say what the workbench is, to anybody."""
    return render(request, "claims/help.html", {"roles": vocabulary.Role})


@signed_in
@require_POST
def hints(request: PersonRequest) -> HttpResponse:
    """Put a hint away, all of them, or the first steps of a desk; or bring everything back."""
    if "again" in request.POST:
        show_again(actor=request.user)
    else:
        put_away(actor=request.user, name=request.POST.get("away", ""))
    return SeeOther(safe_address(request, request.POST.get("next", ""), "desk-home"))


@signed_in
@require_GET
def design(request: PersonRequest) -> HttpResponse:
    """Show every part of the pages in every state, drawn by the styles and tags that all pages use."""
    context = {
        "colours": ("paper", "pane", "line", "ink", "quiet", "accent", "mark", "good", "warn", "bad"),
        "labels": DEFAULT_SCALE.labels,
        "findings": vocabulary.Finding.choices,
        "lists": [
            (_("States of a review"), vocabulary.ReviewState.choices),
            (_("A claim in its article"), vocabulary.Triage.choices),
            (_("A published check"), vocabulary.CheckStatus.choices),
            (_("What a search came to"), SearchRun.Outcome.choices),
            (_("States of a job"), Job.Status.choices),
        ],
        "stances": Evidence.Stance.choices,
        "dates": ("2026-05-12", "2026-05", "2026", "2021/2026", "XXXX-10-10", "P5Y"),
        "now": timezone.now(),
    }
    return render(request, "claims/design.html", context)
