"""What did readers write to the desk? The list, one message, and what becomes of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims.actions.base import WORKERS, Refused
from claims.actions.publishing.payload import check_path
from claims.actions.reader_messages import settling
from claims.forms.articles import NewClaimForm
from claims.forms.reader_messages import SettleForm
from claims.models import ReaderMessage
from claims.models.access import access_reader_message
from claims.workbench.access import PersonRequest, open_desk, opened, signed_in
from claims.workbench.outcomes import attempt, done
from claims.workbench.paging import page_of


@signed_in
@require_safe
def reader_messages(request: PersonRequest, slug: str) -> HttpResponse:
    """List what readers wrote, newest first: what is open, or all of it."""
    desk = open_desk(request, slug)
    rows = ReaderMessage.objects.visible_to(request.user).filter(desk=desk)
    waiting = rows.open().count()
    everything = request.GET.get("show") == "all"
    context = {
        "page": page_of(rows if everything else rows.open(), request),
        "everything": everything,
        "waiting": waiting,
        "now": timezone.now(),
    }
    return render(request, "claims/reader_messages.html", context)


@signed_in
@require_safe
def reader_message(request: PersonRequest, pk: int) -> HttpResponse:
    """One message, with what can be made of it."""
    return _page(request, opened(request, access_reader_message, pk))


@signed_in
@require_POST
def settle(request: PersonRequest, pk: int) -> HttpResponse:
    """Say that a message was answered, or put it aside."""
    message = opened(request, access_reader_message, pk)
    form = SettleForm(request.POST, auto_id="settle-%s")

    def act(values: dict[str, Any]) -> HttpResponse:
        version = values.pop("version")
        settling.settle(actor=request.user, message=message, expected_version=version, **values)
        return done(
            request, _("The message is settled."), reverse("reader-messages", args=[message.desk.slug])
        )

    return attempt(form, act, lambda **how: _page(request, message, settle_form=form, **how))


@signed_in
@require_POST
def claim(request: PersonRequest, pk: int) -> HttpResponse:
    """Make a claim of what a reader suggests."""
    message = opened(request, access_reader_message, pk)
    form = NewClaimForm(request.POST, request.FILES, auto_id="claim-%s")

    def act(values: dict[str, Any]) -> HttpResponse:
        file = values.pop("file")
        made = settling.make_claim(
            actor=request.user, message=message, file=(file.name, file.read()) if file else None, **values
        )
        return done(
            request,
            _("The claim is in the queue, and a search for evidence has begun."),
            reverse("claim", args=[made.pk]),
        )

    return attempt(form, act, lambda **how: _page(request, message, claim_form=form, **how))


@signed_in
@require_POST
def reopen(request: PersonRequest, pk: int) -> HttpResponse:
    """Open a settled message again."""
    message = opened(request, access_reader_message, pk)
    settling.reopen(actor=request.user, message=message)
    return done(request, _("The message is open again."), reverse("reader-message", args=[pk]))


def _page(
    request: PersonRequest,
    message: ReaderMessage,
    *,
    settle_form: SettleForm | None = None,
    claim_form: NewClaimForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    if refusal is not None:
        status = refusal.status
        message = access_reader_message(request.user, message.pk)
    if claim_form is None:
        first = {"quotation": message.words, "url": message.url, "why": _("A reader asked.")}
        claim_form = NewClaimForm(initial=first, auto_id="claim-%s")
    context = {
        "message": message,
        "refusal": refusal,
        "settle_form": settle_form
        or SettleForm(initial={"version": message.version, "note": message.note}, auto_id="settle-%s"),
        "claim_form": claim_form,
        "check_path": check_path(message.factcheck.public_id) if message.factcheck else "",
        "works": not message.desk.roles_of(request.user).isdisjoint(WORKERS),
        "now": timezone.now(),
    }
    return render(request, "claims/reader_message.html", context, status=status)
