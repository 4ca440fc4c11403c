"""What happens to words that were typed while the session ended? They wait, signed, behind the sign-in form.

A form that arrives without a session, or with a token of an earlier one, is put into the sign-in form, with who
typed it where that is known. Once that same person is in, it is sent to its own address. If it is not known, or
somebody else signs in, the act is shown in words and asked about first: nobody does by signing in what another
had typed. A form is sent once. Only forms that came from our own pages are carried: a form of another site stays
refused.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _

from claims.actions.desk.sent_forms import send_once, take_back_sending
from claims.forms.accounts import SignInForm
from claims.models import Desk, User
from claims.workbench.act_words import act_in_words
from claims.workbench.typist import Typist

_SALT = "claims.carried-form"
_LIFETIME = 24 * 60 * 60
#: A field by which the script says for whom its page was made.
MADE_FOR = "made_for"
_NOT_CARRIED = ("csrfmiddlewaretoken", "password", MADE_FOR)


class Lost(Exception):
    """What was carried is too old or damaged."""


@dataclass(frozen=True)
class Carried:
    """A form on its way: address, fields, who typed it at which desk, and the mark by which it is sent once."""

    path: str
    fields: QueryDict
    typist: Typist
    mark: str


def from_here(request: HttpRequest) -> bool:
    """Say whether a form was sent by one of our own pages, as browsers tell: Origin, else Referer."""
    stated = request.headers.get("Origin") or request.headers.get("Referer", "")
    if not stated or stated == "null":
        return False
    host = urlsplit(stated).netloc
    return (
        host == request.get_host() or f"{urlsplit(stated).scheme}://{host}" in settings.CSRF_TRUSTED_ORIGINS
    )


def pack(request: HttpRequest, typist: Typist) -> str:
    """Return the fields of a form, its address and who typed it, signed; passwords and tokens are not among them."""
    fields = kept_fields(request.POST)
    return _signed(request.get_full_path(), fields, typist, secrets.token_urlsafe(16))


def _signed(path: str, fields: list[tuple[str, str]], typist: Typist, mark: str) -> str:
    return signing.dumps([path, fields, typist.person, typist.desk, mark], salt=_SALT, compress=True)


def unpack(carried: str) -> Carried:
    """Return a carried form; raises Lost."""
    try:
        path, fields, person, desk, mark = signing.loads(carried, salt=_SALT, max_age=_LIFETIME)
    except (signing.BadSignature, ValueError) as error:
        raise Lost from error
    typed = QueryDict(mutable=True)
    for name, value in fields:
        typed.appendlist(name, value)
    return Carried(path, typed, Typist(person, desk), mark)


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


def sign_in_again(request: HttpRequest, typist: Typist) -> HttpResponse:
    """Answer a visitor's form with the sign-in form that carries it; a reading request with the form alone."""
    carries = request.method == "POST" and from_here(request)
    context: dict[str, Any] = {
        "form": SignInForm(),
        "ended": True,
        "carried": pack(request, typist) if carries else "",
        "next": "" if carries else _page_behind(request),
        "typed": typed_fields(request.POST) if carries else [],
        "files": bool(request.FILES),
    }
    if getattr(request, "htmx", False):
        return _beside(render(request, "claims/_sign_in.html", context, status=401))
    return render(request, "claims/login.html", context, status=401)


def send_again(request: HttpRequest) -> HttpResponse:
    """Answer a form with a stale token of somebody who is signed in: shown in words, with a button.

    The page was made before the last sign-in in this browser, perhaps for somebody else.
    """
    assert isinstance(request.user, User)
    carried = unpack(pack(request, Typist(request.user.pk, str(request.session.get("desk", "")))))
    context = {**_question(request.user, carried), "files": bool(request.FILES), "stale": True}
    if getattr(request, "htmx", False):
        return _beside(render(request, "claims/_send_again.html", context, status=403))
    return render(request, "claims/send_again.html", context, status=403)


def _beside(response: HttpResponse) -> HttpResponse:
    """Let htmx show an answer above the page, which stays as it is with everything typed in it."""
    response["HX-Retarget"], response["HX-Reswap"], response["HX-Reselect"] = (
        "#refusals",
        "innerHTML",
        ".notice",
    )
    return response


def _question(person: User, carried: Carried) -> dict[str, Any]:
    """Return what the page says that asks whether this person wants to do what the form says."""
    address = urlsplit(carried.path)
    match = _place(address.path)
    slug = str(match.kwargs.get("slug", "")) or carried.typist.desk
    desks = Desk.objects.for_user(person)
    fields = [(name, value) for name in carried.fields for value in carried.fields.getlist(name)]
    return {
        "act": act_in_words(match),
        "where": carried.path,
        "act_desk": desks.filter(slug=slug).first() if slug else None,
        # Which desk was meant is not known: whoever works at several says so.
        "act_desks": list(desks.order_by("name", "id")) if not slug and desks.count() > 1 else [],
        "typed": typed_fields(carried.fields),
        # From here on it is this person's, who sees the question.
        "carried": _signed(carried.path, fields, Typist(person.pk, carried.typist.desk), carried.mark),
    }


def go_on(request: HttpRequest, carried: str) -> HttpResponseBase:
    """Do what a carried form asked for, if the person who is signed in typed it; else ask them. Raises Lost.

    The view runs as if the form had arrived now: permissions, versions and refusals included. A form that was
    sent before is not sent again.
    """
    assert isinstance(request.user, User)
    form = unpack(carried)
    match = _place(urlsplit(form.path).path)
    if form.typist.person != request.user.pk:
        context = {**_question(request.user, form), "other": form.typist.person is not None}
        return render(request, "claims/send_again.html", context, status=409)
    if not send_once(mark=form.mark):
        messages.info(request, _("This form was sent already; it is not sent a second time."))
        answer = HttpResponseRedirect(resolve_url("desk-home"))
        answer.status_code = 303
        return answer
    try:
        response = _run(request, form, match)
    except Exception:
        # Where the database is what broke, the mark stays, and the answer holds the form to send itself.
        with suppress(DatabaseError):
            take_back_sending(mark=form.mark)
        raise
    if response.status_code >= 400:
        take_back_sending(mark=form.mark)
    return response


def _run(request: HttpRequest, form: Carried, match: ResolverMatch) -> HttpResponseBase:
    address = urlsplit(form.path)
    slug = request.POST.get("act_desk") or form.typist.desk
    if slug and Desk.objects.for_user(request.user).filter(slug=slug).exists():  # type: ignore[arg-type]
        request.session["desk"] = slug
    request.path = request.path_info = address.path
    request.META["QUERY_STRING"] = address.query
    request.GET = QueryDict(address.query)
    form.fields._mutable = False
    request.POST = form.fields  # type: ignore[assignment]  # made immutable above
    request.resolver_match = match
    for header in ("HTTP_HX_REQUEST", "HTTP_HX_TARGET"):
        request.META.pop(header, None)
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return response


def _place(path: str) -> ResolverMatch:
    try:
        match = resolve(path)
    except Resolver404 as error:
        raise Lost from error
    if not getattr(match.func, "needs_person", False):
        raise Lost
    return match


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
