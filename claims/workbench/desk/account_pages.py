"""A person's own account: another password, where they are signed in, and a new password by a mailed link."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.actions.base import Refused
from claims.actions.desk import open_sessions, passwords, reset_links
from claims.forms.accounts import AskForLinkForm, ChangePasswordForm, NewPasswordForm
from claims.models.access import access_own_session
from claims.workbench.access import PersonRequest, signed_in
from claims.workbench.middleware import told_when
from claims.workbench.outcomes import done


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _refused(
    request: HttpRequest, template: str, context: Mapping[str, object], refusal: Refused
) -> HttpResponse:
    return told_when(render(request, template, context, status=refusal.status), refusal)


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: PersonRequest) -> HttpResponse:
    """Change one's own password."""
    form = ChangePasswordForm(_sent(request), has_password=request.user.has_usable_password())
    context = {"form": form}
    if not form.is_bound:
        return render(request, "claims/password.html", context)
    if not form.is_valid():
        return render(request, "claims/password.html", context, status=422)
    try:
        passwords.change(
            actor=request.user,
            request=request,
            current=form.cleaned_data.get("current_password", ""),
            new=form.cleaned_data["new_password"],
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _refused(request, "claims/password.html", context, refusal)
    sentence = _("Your password is changed. You are signed out everywhere else.")
    return done(request, sentence, resolve_url("profile"))


@signed_in
@never_cache
@require_safe
def sessions(request: PersonRequest) -> HttpResponse:
    """Show where one is signed in, and let one end what should not be."""
    open_sessions.note(request)
    rows = open_sessions.open_sessions(request.user)
    context = {"rows": rows, "this": request.session.session_key}
    return render(request, "claims/sessions.html", context)


@signed_in
@require_POST
def session_end(request: PersonRequest, pk: int) -> HttpResponse:
    """End one session."""
    row = access_own_session(request.user, pk)
    if row.session_key == request.session.session_key:
        raise Refused(_("This is where you are now: sign out instead."))
    open_sessions.end(actor=request.user, session=row)
    return done(request, _("Signed out there."), resolve_url("sessions"))


@signed_in
@require_POST
def sessions_end(request: PersonRequest) -> HttpResponse:
    """End all sessions but this one, and all login links."""
    count = open_sessions.end_others(actor=request.user, request=request)
    sentence = ngettext("Signed out in %(n)d other place.", "Signed out in %(n)d other places.", count) % {
        "n": count
    }
    return done(request, sentence, resolve_url("sessions"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponseBase:
    """Have a link mailed for setting a new password; says the same whether the address is known or not."""
    form = AskForLinkForm(_sent(request))
    context = {"form": form, "mail": settings.MAIL, "asked": False}
    if not form.is_bound:
        return render(request, "claims/forgotten.html", context)
    if not form.is_valid():
        return render(request, "claims/forgotten.html", context, status=422)
    try:
        passwords.ask_for_link(request=request, email=form.cleaned_data["email"])
    except Refused as refusal:
        form.refuse(refusal)
        return _refused(request, "claims/forgotten.html", context, refusal)
    return render(request, "claims/forgotten.html", {**context, "asked": True})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, person: str, token: str) -> HttpResponseBase:
    """Set a new password by a mailed link. Signs nobody in: that is done with the new password."""
    form = NewPasswordForm(_sent(request))
    try:
        whose = reset_links.person_of(person, token)
    except Refused as refusal:
        return render(request, "claims/reset.html", {"refusal": refusal, "mail": settings.MAIL}, status=410)
    context = {"form": form, "person": whose}
    if not form.is_bound:
        return render(request, "claims/reset.html", context)
    if not form.is_valid():
        return render(request, "claims/reset.html", context, status=422)
    try:
        passwords.reset(person=person, token=token, new=form.cleaned_data["new_password"])
    except Refused as refusal:
        form.refuse(refusal)
        return render(request, "claims/reset.html", context, status=refusal.status)
    return done(request, _("Your password is set. Sign in with it."), resolve_url("login"))
