"""What happens to words that were typed while the session ended? They wait, signed, behind the sign-in form.

A form that arrives without a session, or with a token of an earlier one, is put into the sign-in form and sent
to its own address once the person is in. Only forms that came from our own pages are carried: a form of another
site stays refused.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

_SALT = "claims.carried-form"
_LIFETIME = 24 * 60 * 60
_NOT_CARRIED = ("csrfmiddlewaretoken", "password")


class Lost(Exception):
    """What was carried is too old or damaged."""


def from_here(request: HttpRequest) -> bool:
    """Say whether a form was sent by one of our own pages, as browsers tell: Origin, else Referer."""
    stated = request.headers.get("Origin") or request.headers.get("Referer", "")
    if not stated or stated == "null":
        return False
    host = urlsplit(stated).netloc
    return (
        host == request.get_host() or f"{urlsplit(stated).scheme}://{host}" in settings.CSRF_TRUSTED_ORIGINS
    )


def pack(request: HttpRequest) -> str:
    """Return the fields of a form and its address, signed; passwords and tokens are not among them."""
    fields = kept_fields(request.POST)
    return signing.dumps([request.get_full_path(), fields], salt=_SALT, compress=True)


def unpack(carried: str) -> tuple[str, QueryDict]:
    """Return the address and the fields of a carried form; raises Lost."""
    try:
        path, fields = signing.loads(carried, salt=_SALT, max_age=_LIFETIME)
    except (signing.BadSignature, ValueError) as error:
        raise Lost from error
    typed = QueryDict(mutable=True)
    for name, value in fields:
        typed.appendlist(name, value)
    return path, typed


def kept_fields(fields: QueryDict) -> list[tuple[str, str]]:
    """Return what a form holds, to be sent once more: all but tokens and passwords."""
    return [
        (name, value)
        for name in fields
        if not any(part in name for part in _NOT_CARRIED)
        for value in fields.getlist(name)
    ]


def typed_fields(fields: QueryDict) -> list[tuple[str, str]]:
    """Return what a person wrote, for showing: no tokens, no passwords, nothing empty or hidden."""
    hidden = {"expected_version", "next", "start", "end", "gesture", "carried", "focus"}
    return [
        (name.replace("_", " "), value)
        for name in fields
        if name not in hidden and not any(part in name for part in _NOT_CARRIED)
        for value in fields.getlist(name)
        if value.strip()
    ]


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Answer a visitor's form with the sign-in form that carries it; a reading request with the form alone."""
    from claims.forms.accounts import SignInForm

    carries = request.method == "POST" and from_here(request)
    context: dict[str, Any] = {
        "form": SignInForm(),
        "ended": True,
        "carried": pack(request) if carries else "",
        "next": "" if carries else _page_behind(request),
        "typed": typed_fields(request.POST) if carries else [],
        "files": bool(request.FILES),
    }
    if getattr(request, "htmx", False):
        response = render(request, "claims/_sign_in.html", context, status=401)
        response["HX-Retarget"], response["HX-Reswap"], response["HX-Reselect"] = (
            "#refusals",
            "innerHTML",
            ".notice",
        )
        return response
    return render(request, "claims/login.html", context, status=401)


def send_again(request: HttpRequest) -> HttpResponse:
    """Answer a form with a stale token of somebody who is signed in: shown once more, with a button."""
    context = {
        "carried": pack(request),
        "typed": typed_fields(request.POST),
        "files": bool(request.FILES),
        "next": request.get_full_path(),
    }
    if getattr(request, "htmx", False):
        response = render(request, "claims/_send_again.html", context, status=403)
        response["HX-Retarget"], response["HX-Reswap"], response["HX-Reselect"] = (
            "#refusals",
            "innerHTML",
            ".notice",
        )
        return response
    return render(request, "claims/send_again.html", context, status=403)


def go_on(request: HttpRequest, carried: str) -> HttpResponseBase:
    """Do what a carried form asked for, as the person who has just signed in; raises Lost.

    The view runs as if the form had arrived now: permissions, versions and refusals included.
    """
    path, fields = unpack(carried)
    address = urlsplit(path)
    try:
        match = resolve(address.path)
    except Resolver404 as error:
        raise Lost from error
    if not getattr(match.func, "needs_person", False):
        raise Lost
    request.path = request.path_info = address.path
    request.META["QUERY_STRING"] = address.query
    request.GET = QueryDict(address.query)
    fields._mutable = False
    request.POST = fields  # type: ignore[assignment]  # made immutable above
    request.resolver_match = match
    for header in ("HTTP_HX_REQUEST", "HTTP_HX_TARGET"):
        request.META.pop(header, None)
    return match.func(request, *match.args, **match.kwargs)


def _page_behind(request: HttpRequest) -> str:
    """Return the page to come back to: the one that asked for a part, else the address itself."""
    htmx: Any = getattr(request, "htmx", None)
    if htmx and htmx.current_url_abs_path:
        return str(htmx.current_url_abs_path)
    return request.get_full_path() if request.method in ("GET", "HEAD") else ""


def lost_sentence() -> str:
    return _(
        "What you had typed could not be carried over: it is more than a day old. Please enter it again."
    )
