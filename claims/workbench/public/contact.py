"""How does a reader reach the desk? Its own words, and a form that needs no account, no script and no cookie."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from claims.actions.base import Refused
from claims.actions.publishing.payload import stored_payload
from claims.actions.reader_messages.receiving import receive_message
from claims.api.throttle import MessageThrottle, seconds_to_wait
from claims.exports import markdown
from claims.forms.reader_messages import ContactForm
from claims.models import Desk, FactCheck, ReaderMessage
from claims.workbench.access import SeeOther
from claims.workbench.public.frame import desk_of, frame


# It acts for nobody: a message from elsewhere does no more than one typed here, and readers get no cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Show how to reach the desk; a POST stores a message."""
    desk = desk_of(request)
    if request.method != "POST":
        return _page(request, desk, _first(request, desk), sent="sent" in request.GET)
    form = ContactForm(request.POST, auto_id="contact-%s")
    if not form.is_valid():
        return _page(request, desk, form, status=422)
    thanks = reverse("public-contact") + "?sent=1" + ("" if desk.is_default else f"&desk={desk.slug}")
    if form.by_machine:
        # It is not told what gave it away.
        return SeeOther(thanks)
    seconds = seconds_to_wait(request, MessageThrottle)
    if seconds:
        minutes = max(1, round(seconds / 60))
        form.add_error(
            None,
            _("Several messages came from your network. Please send this one in %(n)d minutes.")
            % {"n": minutes},
        )
        answer = _page(request, desk, form, status=429)
        answer["Retry-After"] = str(seconds)
        return answer
    try:
        receive_message(desk=desk, **form.message)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, desk, form, status=refusal.status)
    return SeeOther(thanks)


def _first(request: HttpRequest, desk: Desk) -> ContactForm:
    check = request.GET.get("check", "")
    kind = ReaderMessage.Kind.COMPLAINT if check else request.GET.get("kind", "")
    known = kind if kind in ReaderMessage.Kind.values else ReaderMessage.Kind.SUGGESTION
    return ContactForm(initial={"kind": known, "check": check[:12]}, auto_id="contact-%s")


def _page(
    request: HttpRequest, desk: Desk, form: ContactForm, *, sent: bool = False, status: int = 200
) -> HttpResponse:
    about = _about(desk, str(form["check"].value() or ""))
    context = {
        **frame(desk),
        "text": markdown.render(desk.contact),
        "form": form,
        "sent": sent,
        "about": stored_payload(about.latest) if about is not None and about.latest is not None else None,
    }
    response = render(request, "claims/public/contact.html", context, status=status)
    response["Cache-Control"] = "no-store" if status != 200 else "public, no-cache"
    return response


def _about(desk: Desk, public_id: str) -> FactCheck | None:
    if not public_id:
        return None
    rows = FactCheck.objects.published().select_related("latest")
    return rows.filter(desk=desk, public_id=public_id[:12]).order_by().first()
