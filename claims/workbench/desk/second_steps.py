"""The second step of signing in, and setting a second factor up or taking it off.

Reached only where the extra ``auth`` is installed; answers 404 where it is not switched on.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, TypedDict

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions.base import Refused
from claims.actions.desk import factor_rules, second_factors, signing_in
from claims.models import User
from claims.workbench.access import PersonRequest, SeeOther, open_desk, signed_in
from claims.workbench.desk.accounts import go_where_wanted
from claims.workbench.desk.people import person_here
from claims.workbench.middleware import told_when
from claims.workbench.outcomes import done


def _insist_it_is_on() -> None:
    if not settings.SECOND_FACTOR:
        raise Http404


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponseBase:
    """Ask for the second factor of somebody whose password was right, and open the session."""
    _insist_it_is_on()
    wanted, carried = signing_in.wanted(request)
    if request.user.is_authenticated:
        return go_where_wanted(request, "")
    person = signing_in.waiting(request)
    if person is None:
        return SeeOther(resolve_url("login"))
    if request.method != "POST":
        return _step(request, person)
    try:
        if request.POST.get("passkey"):
            second_factors.check_passkey(request=request, person=person, response=request.POST["passkey"])
        else:
            second_factors.check_code(request=request, person=person, code=request.POST.get("code", ""))
    except Refused as refusal:
        return _step(request, person, refusal)
    signing_in.finish(request, person)
    return go_where_wanted(request, carried, wanted)


def _step(request: HttpRequest, person: User, refusal: Refused | None = None) -> HttpResponse:
    options = second_factors.begin_check(request, person)
    context = {
        "person": person,
        "carried": bool(signing_in.wanted(request)[1]),
        "options": json.dumps(_plain(options)) if options else "",
        "refusal": str(refusal) if refusal else "",
    }
    status = refusal.status if refusal else 200
    return told_when(render(request, "claims/second_step.html", context, status=status), refusal)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD"])
def second_factor(request: PersonRequest) -> HttpResponse:
    """Show what is set up, and let one add to it or take it off."""
    _insist_it_is_on()
    return _page(request)


def _page(
    request: PersonRequest, *, refusal: Refused | None = None, codes: list[str] | None = None
) -> HttpResponse:
    user = request.user
    held = second_factors.set_up_of(user)
    secret, picture = second_factors.begin_app(request) if held.app is None else ("", "")
    context: dict[str, Any] = {
        "held": held,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "picture": picture,
        "options": json.dumps(_plain(second_factors.begin_passkey(request))),
        "codes": codes or [],
        "refusal": str(refusal) if refusal else "",
        "has_password": user.has_usable_password(),
        "overdue": factor_rules.overdue_desk(user),
    }
    status = refusal.status if refusal else 200
    return told_when(render(request, "claims/second_factor.html", context, status=status), refusal)


def _plain(options: Any) -> Any:
    """Return options of WebAuthn as plain values that JSON can hold."""
    return json.loads(json.dumps(options, default=dict))


class Own(TypedDict):
    """What every act on one's own factors is given: who, in which session, and their password once more."""

    actor: User
    request: HttpRequest
    password: str


def _own_act(act: Callable[..., tuple[list[str], str]]) -> Callable[..., HttpResponseBase]:
    """Return the view of an act on one's own factors, which answers with new codes or with a sentence.

    A refusal stands on the page; codes are shown this once, so not on the page after a redirect.
    """

    @signed_in
    @never_cache
    @sensitive_post_parameters()
    @require_POST
    @wraps(act)
    def view(request: PersonRequest, **address: int) -> HttpResponse:
        _insist_it_is_on()
        password = request.POST.get("current_password", "")
        try:
            codes, sentence = act(Own(actor=request.user, request=request, password=password), **address)
        except Refused as refusal:
            return _page(request, refusal=refusal)
        if codes:
            return _page(request, codes=codes)
        return done(request, sentence, resolve_url("second-factor"))

    return view


@_own_act
def app(own: Own) -> tuple[list[str], str]:
    """Set up codes of an app."""
    codes = second_factors.add_app(**own, code=own["request"].POST.get("code", ""))
    return codes, _("Codes of your app are asked for from now on.")


@_own_act
def passkey(own: Own) -> tuple[list[str], str]:
    """Add a passkey that the browser has made."""
    sent = own["request"].POST
    codes = second_factors.add_passkey(**own, name=sent.get("name", ""), credential=sent.get("passkey", ""))
    return codes, _("The passkey is added.")


@_own_act
def codes(own: Own) -> tuple[list[str], str]:
    """Make new emergency codes, and show them, this once."""
    return second_factors.new_codes(**own), ""


@_own_act
def take_off(own: Own, pk: int) -> tuple[list[str], str]:
    """Take off an app or a passkey of one's own."""
    second_factors.remove(**own, factor=pk)
    return [], _("It is taken off.")


@signed_in
@require_POST
def reset(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Take the second factor off a colleague who has lost it."""
    _insist_it_is_on()
    desk = open_desk(request, slug)
    person: User = person_here(desk, pk)
    second_factors.take_off(actor=request.user, desk=desk, user=person)
    sentence = _("%(name)s has no second factor now, and signs in with the password alone.")
    return done(request, sentence % {"name": person.display_name}, resolve_url("people", slug))
