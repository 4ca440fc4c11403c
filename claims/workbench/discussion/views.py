"""Writing to the desk about a claim, a passage or an article, and changing or withdrawing what one wrote."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions.base import Refused
from claims.actions.desk.inbox_lines import place_of
from claims.actions.discussion.notes import edit_note, people_of, withdraw_note, write_note
from claims.forms.notes import DiscussionForm
from claims.models import Desk
from claims.models.access import access_claim, access_document, access_evidence, access_note
from claims.workbench.access import PersonRequest, desk_of_document, opened, signed_in
from claims.workbench.articles.article_page import page_context
from claims.workbench.claim.views import claim_page
from claims.workbench.discussion.panel import shown
from claims.workbench.outcomes import attempt, done


def _form(request: PersonRequest, desk: Desk) -> DiscussionForm:
    others = [one for one in people_of(desk) if one[0] != request.user.pk]
    return DiscussionForm(request.POST, people=others, auto_id="note-%s")


def _sent(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("text", "quotation", "tell")}


@signed_in
@require_POST
def claim_note(request: PersonRequest, pk: int) -> HttpResponse:
    """Say something about a claim."""
    found = opened(request, access_claim, pk)
    form = _form(request, found.desk)

    def act(data: dict[str, Any]) -> HttpResponse:
        note = write_note(actor=request.user, claim=found, **_sent(data))
        return done(request, _("Sent."), place_of(note))

    return attempt(form, act, partial(claim_page, request, found, bound={"note": form}))


@signed_in
@require_POST
def evidence_note(request: PersonRequest, pk: int) -> HttpResponse:
    """Say something about a passage of a claim's evidence."""
    row = opened(request, access_evidence, pk)
    form = _form(request, row.desk)

    def act(data: dict[str, Any]) -> HttpResponse:
        note = write_note(actor=request.user, evidence=row, **_sent(data))
        return done(request, _("Sent."), place_of(note))

    found = access_claim(request.user, row.claim_id)
    return attempt(form, act, partial(claim_page, request, found, bound={"note": form}, beside=row.pk))


@signed_in
@require_POST
def document_note(request: PersonRequest, pk: int) -> HttpResponse:
    """Say something about an article to one's desk."""
    found = access_document(request.user, pk)
    desk = desk_of_document(request, found)
    form = _form(request, desk)
    status = 422
    if form.is_valid():
        try:
            note = write_note(actor=request.user, document=found, desk=desk, **_sent(form.cleaned_data))
            return done(request, _("Sent."), place_of(note))
        except Refused as refusal:
            form.refuse(refusal)
            status = refusal.status
    context = page_context(request, found, desk, forms={"note": form})
    return render(request, "claims/document.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: PersonRequest, pk: int) -> HttpResponse:
    """One note with what it said before; its author can change it here."""
    found = opened(request, access_note, pk)
    others = [one for one in people_of(found.desk) if one[0] != request.user.pk]
    start = {"text": found.text, "tell": found.told, "expected_version": found.version}
    form = DiscussionForm(request.POST or None, people=others, initial=start, auto_id="note-%s")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                edit_note(
                    actor=request.user,
                    note=found,
                    text=data["text"],
                    tell=data["tell"],
                    expected_version=data["expected_version"],
                )
                return done(request, _("Changed. What it said before is kept."), place_of(found))
            except Refused as refusal:
                form.refuse(refusal)
                status = refusal.status
                found = access_note(request.user, pk)
    context = {"one": shown([found], request.user)[0], "form": form, "place": place_of(found)}
    return render(request, "claims/note.html", context, status=status)


@signed_in
@require_POST
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take one's own note back."""
    found = opened(request, access_note, pk)
    withdraw_note(actor=request.user, note=found)
    return done(request, _("Withdrawn."), place_of(found))
