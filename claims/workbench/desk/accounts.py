"""Signing in and out, a person's own profile, and picking up what they were writing when the session ended."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions.base import Refused
from claims.actions.desk import signing_in
from claims.actions.desk.accounts import person_of_link, set_preferences
from claims.actions.desk.sign_in_gate import TooManyAttempts
from claims.forms.accounts import ProfileForm, SignInForm, time_zones
from claims.models import User
from claims.workbench import resumed_forms
from claims.workbench.access import PersonRequest, SeeOther, safe_address, signed_in
from claims.workbench.typist import NOBODY, typist_of


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Sign in with e-mail address and password, then go where the person was going."""
    # A form that waited for a second step which came to nothing waits on.
    carried = request.POST.get("carried", "") or signing_in.wanted(request)[1]
    if request.user.is_authenticated:
        return go_where_wanted(request, carried)
    form = SignInForm(request.POST if "email" in request.POST else None)
    status, wait = 200, 0
    if form.is_bound and form.is_valid():
        try:
            person = authenticate(
                request, username=form.cleaned_data["email"].strip(), password=form.cleaned_data["password"]
            )
        except Refused as refusal:
            form.refuse(refusal)
            status = refusal.status
            wait = refusal.seconds if isinstance(refusal, TooManyAttempts) else 0
        else:
            if person is not None:
                assert isinstance(person, User)
                wanted = request.POST.get("next", "")
                if signing_in.sign_in(request, person, onward=wanted, carried=carried):
                    return go_where_wanted(request, carried)
                return SeeOther(resolve_url("second-step"))
            form.add_error(
                None, _("E-mail address and password do not match. Check both, or ask for a login link.")
            )
    if form.is_bound and status == 200:
        status = 422
    response = render(request, "claims/login.html", _context(request, form, carried), status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _context(request: HttpRequest, form: SignInForm, carried: str) -> dict[str, Any]:
    typed: list[tuple[str, str]] = []
    if carried:
        try:
            typed = resumed_forms.typed_fields(resumed_forms.unpack(carried).fields)
        except resumed_forms.Lost:
            carried = ""
            form.is_bound and form.add_error(None, resumed_forms.lost_sentence())
    return {
        "form": form,
        "carried": carried,
        "typed": typed,
        "next": request.POST.get("next", request.GET.get("next", "")),
        "mail": settings.MAIL,
        "sso": settings.SSO_NAME if settings.SSO else "",
    }


def go_where_wanted(request: HttpRequest, carried: str, wanted: str = "") -> HttpResponseBase:
    """Do what a carried form asked for, or go to the page the person wanted."""
    if carried:
        try:
            return resumed_forms.go_on(request, carried)
        except resumed_forms.Lost:
            messages.error(request, resumed_forms.lost_sentence())
    wanted = wanted or request.POST.get("next", request.GET.get("next", ""))
    return SeeOther(safe_address(request, wanted, "desk-home"))


@never_cache
@require_http_methods(["GET", "POST"])
def login_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Ask once, then sign in: programs that look at links in mails must not spend them."""
    try:
        person = person_of_link(token)
    except Refused as refusal:
        return render(request, "claims/login_link.html", {"refusal": refusal}, status=410)
    if request.method == "POST":
        complete = signing_in.sign_in(request, person)
        return SeeOther(resolve_url("desk-home" if complete else "second-step"))
    return render(request, "claims/login_link.html", {"person": person})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    messages.success(request, _("You are signed out."))
    return SeeOther(resolve_url("login"))


@signed_in
@require_http_methods(["GET", "POST"])
def profile(request: PersonRequest) -> HttpResponse:
    """Show and change how one is named and how the pages behave."""
    user = request.user
    names = ("display_name", "public_name", "time_zone", "language", "theme", "single_keys")
    form = ProfileForm(request.POST or None, initial={name: getattr(user, name) for name in names})
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                set_preferences(actor=user, **form.cleaned_data)
            except Refused as refusal:
                form.refuse(refusal)
                user.refresh_from_db()
            else:
                # Said on the next page, which speaks the language chosen now.
                with translation.override(user.language or translation.get_language()):
                    messages.success(request, _("Stored."))
                return SeeOther(resolve_url("profile"))
    context = {"form": form, "time_zones": time_zones(), "second_factor": settings.SECOND_FACTOR}
    return render(request, "claims/profile.html", context, status=status)


@signed_in
@require_POST
def switch(request: PersonRequest) -> HttpResponse:
    """Change colours, keys or language from the menu, and stay on the page."""
    user = request.user
    theme = request.POST.get("theme", user.theme)
    keys = {"on": True, "off": False}.get(request.POST.get("single_keys", ""), user.single_keys)
    set_preferences(
        actor=user,
        display_name=user.display_name,
        public_name=user.public_name,
        time_zone=user.time_zone,
        theme=theme,
        single_keys=keys,
        language=request.POST.get("language", user.language),
    )
    return SeeOther(safe_address(request, request.POST.get("next", ""), "desk-home"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form with an old token: carried on if it came from our own pages, refused otherwise.

    The token changes with every sign-in, so a page that was open before, in this tab or another, has an old one.
    """
    if not resumed_forms.from_here(request):
        context = {"refusal": _("This form did not come from a page of this site, so it was not accepted.")}
        return render(request, "claims/refusal.html", context, status=403)
    if request.user.is_authenticated:
        return resumed_forms.send_again(request)
    if request.path == resolve_url("login"):
        # The sign-in form itself lay open for too long, or in two tabs.
        form = SignInForm(initial={"email": request.POST.get("email", "")})
        context = _context(request, form, request.POST.get("carried", ""))
        return render(request, "claims/login.html", {**context, "stale": True}, status=403)
    # A stale token proves nothing about who typed; the admin asks with a good one, and no reason.
    return resumed_forms.sign_in_again(request, NOBODY if reason else typist_of(request))
