"""What people do on an article page: accept, dismiss, change words, cut, merge, add, finish, undo.

Each view binds a form, calls one action and leads back to the article, with the next claim in focus.
"""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from claims.actions.base import Refused, Stale
from claims.actions.documents import analysis
from claims.actions.evidence.search import search_article
from claims.actions.triage import batch, spans, suggestions
from claims.actions.triage import decisions as triage
from claims.actions.triage import undo as undo_actions
from claims.forms.articles import WHY, AcceptForm, CutForm, DismissForm, SpanForm
from claims.models import AnalysisRun, Appearance, Capture, Desk, Document
from claims.models.access import access_appearance, access_capture, access_claim, access_document
from claims.workbench.access import PersonRequest, SeeOther, desk_of_document, opened, signed_in
from claims.workbench.articles.article_page import focus_of, page_context, undo_button
from claims.workbench.articles.claim_list import list_of
from claims.workbench.articles.claims_beside import Card, cards_of, in_order


def _valid(form: forms.Form) -> dict[str, Any]:
    """Return the cleaned fields, or refuse with the first thing that is wrong."""
    if not form.is_valid():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    return form.cleaned_data


def _row(request: PersonRequest, pk: int) -> Appearance:
    row = opened(request, access_appearance, pk)
    if row.document_id is None:
        raise Http404(_("There is nothing here that you may see."))
    access_document(request.user, row.document_id)
    return row


def _back(request: PersonRequest, document_id: int, focus: int | None) -> HttpResponse:
    address = resolve_url("document", document_id)
    return SeeOther(f"{address}?focus={focus}#a{focus}" if focus else address)


def _onward(request: PersonRequest, row: Appearance) -> HttpResponse:
    """Lead back with the next claim that waits in focus, in the order the person reads them."""
    assert row.document_id is not None
    if request.headers.get("X-Acts-Waiting"):
        return _brief(request, access_document(request.user, row.document_id), row.desk, [row.pk])
    if row.capture is None:
        return _back(request, row.document_id, None)
    shown = list_of(request)
    # What kind a claim is shows only when it is described.
    cards = in_order(cards_of(row.desk, row.capture, request.user, described=bool(shown.only)), shown.order)
    kept = [card for card in cards if not shown.only or card.row.pk == row.pk or shown.only in card.kinds]
    return _back(request, row.document_id, shown.next_open(kept, row.pk) or row.pk)


def _brief(request: PersonRequest, found: Document, desk: Desk, rows: list[int]) -> HttpResponse:
    """Answer an act that has others behind it: what changed, and how it is taken back; the page comes with the last."""
    changed = Appearance.objects.visible_to(request.user).filter(desk=desk, document=found)
    context = {
        "document": found,
        "cards": [Card(row, 0) for row in changed.filter(Q(pk__in=rows) | Q(repeats__in=rows))],
        "undo": undo_button(undo_actions.last_gesture(actor=request.user, desk=desk, document=found)),
    }
    return render(request, "claims/_acts_brief.html", context)


@signed_in
@require_POST
def accept(request: PersonRequest, pk: int) -> HttpResponse:
    """Make a claim of a suggestion, or an appearance of one that is there."""
    row = _row(request, pk)
    data = _valid(AcceptForm(request.POST))
    claim = access_claim(request.user, data["claim"]) if data["claim"] else None
    wording = data["wording"].strip()
    made = triage.accept(
        actor=request.user,
        appearance=row,
        why=str(dict(WHY)[data["why"]]) if data["why"] else "",
        # Only words that a person changed, or that had nothing left to resolve, count as confirmed.
        wording=wording if wording and wording != row.wording.strip() else None,
        claimant=data["claimant"].strip() or None,
        checks=data["checks"] or None,
        claim=claim,
        expected_version=data["expected_version"],
    )
    text = _("Another appearance of “%(claim)s”.") if claim else _("Accepted: “%(claim)s”.")
    messages.success(request, text % {"claim": made.wording[:100]})
    if request.POST.get("then") == "claim":
        return SeeOther(resolve_url("claim", made.pk))
    return _onward(request, row)


@signed_in
@require_POST
def dismiss(request: PersonRequest, pk: int) -> HttpResponse:
    """Put a suggestion aside."""
    row = _row(request, pk)
    data = _valid(DismissForm(request.POST))
    triage.dismiss(
        actor=request.user, appearance=row, reason=data["reason"], expected_version=data["expected_version"]
    )
    messages.success(request, _("Dismissed."))
    return _onward(request, row)


@signed_in
@require_POST
def reopen(request: PersonRequest, pk: int) -> HttpResponse:
    """Put a dismissed suggestion back."""
    row = _row(request, pk)
    data = _valid(DismissForm(request.POST))
    triage.reopen(actor=request.user, appearance=row, expected_version=data["expected_version"])
    messages.success(request, _("Open again."))
    return _back(request, _document_id(row), row.pk)


@signed_in
@require_POST
def span(request: PersonRequest, pk: int) -> HttpResponse:
    """Change which words are the claim."""
    row = _row(request, pk)
    form = SpanForm(request.POST)
    data = _valid(form)
    start, end = _place(form, row.capture.text if row.capture else "", row.start)
    spans.edit_span(
        actor=request.user, appearance=row, start=start, end=end, expected_version=data["expected_version"]
    )
    messages.success(request, _("The claim is now: “%(words)s”.") % {"words": row.quotation[:120]})
    return _back(request, _document_id(row), row.pk)


def _place(form: SpanForm, text: str, near: int) -> tuple[int, int]:
    try:
        return form.place(text, near)
    except forms.ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


@signed_in
@require_POST
def split(request: PersonRequest, pk: int) -> HttpResponse:
    """Cut a suggestion in two."""
    row = _row(request, pk)
    form = CutForm(request.POST)
    data = _valid(form)
    try:
        at = form.at(row)
    except forms.ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    spans.split_span(actor=request.user, appearance=row, at=at, expected_version=data["expected_version"])
    messages.success(request, _("Two claims now."))
    return _back(request, _document_id(row), row.pk)


def _ticked(request: PersonRequest, found: Document, limit: int) -> tuple[list[Appearance], dict[int, int]]:
    """Return the ticked rows of an article and the version a person saw of each; ticks are ``pk`` or ``pk.version``."""
    seen: dict[int, int] = {}
    ids: list[int] = []
    for value in request.POST.getlist("appearance")[: limit + 1]:
        pk, _dot, version = value.partition(".")
        if pk.isdecimal() and len(pk) < 19:
            ids.append(int(pk))
            if version.isdecimal() and len(version) < 10:
                seen[int(pk)] = int(version)
    rows = (
        Appearance.objects.visible_to(request.user)
        .filter(desk=desk_of_document(request, found), document=found, pk__in=ids)
        .select_related("capture", "document", "desk", "claim")
    )
    return list(rows.order_by("pk")), seen


@signed_in
@require_POST
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Accept or dismiss the ticked suggestions together."""
    found = access_document(request.user, pk)
    rows, seen = _ticked(request, found, batch.LIMIT)
    dismissing = request.POST.get("act") == "dismiss"
    outcomes = batch.decide(
        actor=request.user, appearances=rows, act="dismiss" if dismissing else "accept", expected=seen
    )
    done = sum(1 for one in outcomes if not one.refused)
    text = (
        ngettext("%d suggestion dismissed.", "%d suggestions dismissed.", done)
        if dismissing
        else ngettext("%d claim accepted.", "%d claims accepted.", done)
    )
    messages.success(request, text % done)
    for one in outcomes:
        if one.refused:
            left = _("Left as it is: “%(words)s”. %(why)s")
            messages.warning(request, left % {"words": one.row.quotation[:80], "why": one.refused})
    return _onward(request, rows[-1])


@signed_in
@require_POST
def merge(request: PersonRequest, pk: int) -> HttpResponse:
    """Show what the ticked neighbours would be as one claim, and join them when that is confirmed."""
    found = access_document(request.user, pk)
    desk = desk_of_document(request, found)
    rows, seen = _ticked(request, found, 50)
    if request.POST.get("confirmed") != "1":
        words = spans.joined_words(actor=request.user, appearances=rows)
        ticks = [f"{row.pk}.{seen.get(row.pk, row.version)}" for row in rows]
        forms = {"joining": {"words": words, "ticks": ticks}}
        return render(request, "claims/document.html", page_context(request, found, desk, forms=forms))
    if any(row.version != seen.get(row.pk, row.version) for row in rows):
        raise Stale(_("Somebody else changed this; look at it again."))
    joined = spans.merge(actor=request.user, appearances=rows)
    messages.success(request, _("One claim now: “%(words)s”.") % {"words": joined.quotation[:120]})
    return _back(request, pk, joined.pk)


@signed_in
@require_POST
def select(request: PersonRequest, pk: int) -> HttpResponse:
    """Suggest the selected words."""
    found = access_document(request.user, pk)
    desk = desk_of_document(request, found)
    form = SpanForm(request.POST)
    data = _valid(form)
    capture = access_capture(request.user, data["capture"] or 0)
    start, end = _place(form, capture.text, 0)
    row = spans.add_from_selection(
        actor=request.user, document=found, capture=capture, start=start, end=end, desk=desk
    )
    messages.success(
        request, _("Added: “%(words)s”. Accept it to make it a claim.") % {"words": row.quotation[:120]}
    )
    return _back(request, pk, row.pk)


@signed_in
@require_POST
def finish(request: PersonRequest, pk: int) -> HttpResponse:
    """Say that the rest of an article is not selected."""
    found = access_document(request.user, pk)
    desk = desk_of_document(request, found)
    rest = triage.finish_article(actor=request.user, document=found, desk=desk)
    text = ngettext(
        "Finished. %d suggestion was not selected.", "Finished. %d suggestions were not selected.", rest
    )
    messages.success(request, text % rest)
    return _back(request, pk, None)


@signed_in
@require_POST
def search(request: PersonRequest, pk: int) -> HttpResponse:
    """Search the archive for all claims of an article, in one piece of work."""
    found = access_document(request.user, pk)
    desk = desk_of_document(request, found)
    search_article(actor=request.user, desk=desk, document=found)
    messages.success(request, _("All claims of this article are being searched. You may leave this page."))
    return _back(request, pk, None)


@signed_in
@require_POST
def reopen_article(request: PersonRequest, pk: int) -> HttpResponse:
    """Open a finished article again."""
    found = access_document(request.user, pk)
    desk = desk_of_document(request, found)
    triage.reopen_article(actor=request.user, document=found, desk=desk)
    messages.success(request, _("The article is open again."))
    return _back(request, pk, None)


@signed_in
@require_POST
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back the last act of this person on this article."""
    found = access_document(request.user, pk)
    desk = desk_of_document(request, found)
    gesture = _gesture(request)
    if gesture is None:
        last = undo_actions.last_gesture(actor=request.user, desk=desk, document=found)
        if last is None:
            raise Refused(_("There is nothing of yours to undo on this article."))
        gesture = last[0]
    rows = undo_actions.rows_of(gesture)
    messages.success(request, undo_actions.undo(actor=request.user, gesture=gesture))
    if request.headers.get("X-Acts-Waiting"):
        return _brief(request, found, desk, rows)
    # Back to what was undone; what undoing removed is not there to go back to.
    there = set(Appearance.objects.visible_to(request.user).filter(pk__in=rows).values_list("pk", flat=True))
    return _back(request, pk, next((row for row in rows if row in there), None) or focus_of(request))


def _gesture(request: PersonRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("gesture", ""))
    except ValueError:
        return None


def _newest_capture(found: Document) -> Capture:
    """Return the text that is read now; refused where there is none."""
    capture = found.captures.order_by("-number").first()
    if capture is None:
        raise Refused(_("This document has no text."))
    return capture


@signed_in
@require_POST
def reanalyse(request: PersonRequest, pk: int) -> HttpResponse:
    """Look for claims again, with today's analyser and date."""
    found = access_document(request.user, pk)
    desk = desk_of_document(request, found)
    capture = _newest_capture(found)
    analysis.reanalyse(actor=request.user, capture=capture, desk=desk)
    return _back(request, pk, None)


@signed_in
@require_POST
def suggest(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask the configured language model for claims beside those of the rules."""
    found = access_document(request.user, pk)
    desk = desk_of_document(request, found)
    capture = _newest_capture(found)
    suggestions.suggest(actor=request.user, capture=capture, desk=desk)
    return _back(request, pk, None)


@signed_in
@require_POST
def proposal(request: PersonRequest, pk: int) -> HttpResponse:
    """Take over, or put aside, one thing that a newer analysis would change."""
    found = access_document(request.user, pk)
    desk = desk_of_document(request, found)
    number, run_id = request.POST.get("number", ""), request.POST.get("run", "")
    run = (
        AnalysisRun.objects.filter(desk=desk, capture__document=found, pk=int(run_id)).first()
        if run_id.isdecimal() and len(run_id) < 19
        else None
    )
    if run is None or not number.isdecimal():
        raise Refused(_("This proposal is not there any more."))
    taken = request.POST.get("take") == "1"
    row = analysis.apply_proposal(actor=request.user, run=run, number=int(number), accept=taken)
    messages.success(request, _("Taken over.") if taken else _("Left as it was."))
    return _back(request, pk, row.pk if row else None)


def _document_id(row: Appearance) -> int:
    assert row.document_id is not None
    return row.document_id
