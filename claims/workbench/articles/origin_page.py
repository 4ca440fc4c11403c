"""What does an article rest on, which other articles rest on the same, and who says so? Split, join, undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from claims.actions.base import Refused
from claims.actions.documents import origin_decisions
from claims.actions.documents.coming import address_key
from claims.actions.documents.fetching import FetchRefused, known_address
from claims.forms.articles import JoinForm, SplitOffForm
from claims.models import AuditDetail, Desk, Document, Origin
from claims.models.access import access_document
from claims.workbench.access import PersonRequest, SeeOther, desk_of_document, signed_in

#: So many articles of one origin are listed.
_SHOWN = 50


@signed_in
@require_GET
def origin(request: PersonRequest, pk: int) -> HttpResponse:
    """Show the articles of one origin, each with why it belongs there."""
    return _page(request, access_document(request.user, pk))


@signed_in
@require_POST
def split(request: PersonRequest, pk: int) -> HttpResponse:
    """Give an article an origin of its own."""
    found = access_document(request.user, pk)
    form = SplitOffForm(request.POST, auto_id="split_%s")
    if not form.is_valid():
        return _page(request, found, {"split": form}, 422)
    try:
        origin_decisions.split_off(actor=request.user, document=found, **form.cleaned_data)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, found, {"split": form}, refusal.status)
    messages.success(request, _("It counts as an origin of its own now."))
    return SeeOther(resolve_url("document-origin", pk))


@signed_in
@require_POST
def join(request: PersonRequest, pk: int) -> HttpResponse:
    """Make the origins of two articles one."""
    found = access_document(request.user, pk)
    form = JoinForm(request.POST, auto_id="join_%s")
    if not form.is_valid():
        return _page(request, found, {"join": form}, 422)
    other = _other(request, desk_of_document(request, found), form.cleaned_data["other"])
    if other is None:
        form.add_error("other", _("There is no article with this address or number that you may read."))
        return _page(request, found, {"join": form}, 422)
    try:
        origin_decisions.join(
            actor=request.user, document=found, other=other, reason=form.cleaned_data["reason"]
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, found, {"join": form}, refusal.status)
    messages.success(request, _("Both count as one origin now."))
    return SeeOther(resolve_url("document-origin", pk))


@signed_in
@require_POST
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back the last decision on an article's origin."""
    found = access_document(request.user, pk)
    try:
        count = origin_decisions.undo_origin(actor=request.user, document=found)
    except Refused as refusal:
        return _page(request, found, {"refusal": str(refusal)}, refusal.status)
    done = ngettext(
        "Undone: %(n)d article is where it was.", "Undone: %(n)d articles are where they were.", count
    )
    messages.success(request, done % {"n": count})
    return SeeOther(resolve_url("document-origin", pk))


def _page(
    request: PersonRequest, found: Document, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    found.refresh_from_db()
    desk = desk_of_document(request, found)
    readable = Document.objects.for_desk(desk).filter(
        pk__in=Document.objects.visible_to(request.user).values("pk")
    )
    same: list[Document] = []
    if found.origin_id:
        others = readable.filter(origin=found.origin_id).exclude(pk=found.pk)
        same = list(others.select_related("outlet", "origin_by").order_by("pk")[:_SHOWN])
    last = origin_decisions.last_decision(found)
    context = {
        "document": found,
        "desk": desk,
        "same": same,
        # A reason names other documents of the origin.
        "may_read_origin": Origin.objects.visible_to(request.user).filter(documents=found).exists(),
        "last": last,
        "last_detail": AuditDetail.objects.visible_to(request.user).filter(event=last).first()
        if last
        else None,
        "split": SplitOffForm(auto_id="split_%s", initial={"expected_version": found.version}),
        "join": JoinForm(auto_id="join_%s"),
        **(forms or {}),
    }
    return render(request, "claims/origin.html", context, status=status)


def _other(request: PersonRequest, desk: Desk, said: str) -> Document | None:
    """Return the article somebody means by an address or a number, if they may read it."""
    readable = Document.objects.for_desk(desk).filter(
        pk__in=Document.objects.visible_to(request.user).values("pk")
    )
    said = said.strip()
    number = said.rstrip("/").rpartition("/")[2]
    if said.isdecimal() or "/documents/" in said:
        return readable.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    try:
        key = address_key(known_address(said))
    except FetchRefused:
        return None
    return readable.filter(address_key=key).order_by("pk").first()
