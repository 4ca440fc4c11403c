"""Per-request ground: the person's time zone and language, and refusals of actions as pages."""

from __future__ import annotations

import logging
import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from claims.actions.base import Refused
from claims.actions.desk import known_devices, open_sessions
from claims.actions.desk.sign_in_gate import TooManyAttempts
from claims.models import User
from claims.models.access import NotVisible
from claims.models.failures import failure_of
from claims.ops import writing
from claims.workbench import typist
from claims.workbench.errors import not_found
from claims.workbench.languages import is_for_programs
from claims.workbench.resumed_forms import MADE_FOR, send_again
from claims.workbench.unavailable import unavailable

log = logging.getLogger(__name__)


class PersonMiddleware:
    """Shows times in the person's zone and pages in their language; marks pages of a session private."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.time_zone:
            timezone.activate(zoneinfo.ZoneInfo(user.time_zone))
        else:
            timezone.deactivate()
        if user.is_authenticated and user.language and not is_for_programs(request.path_info):
            translation.activate(user.language)
        response = self.get_response(request)
        caching = response.get("Cache-Control", "no-store")
        # Asked again: the view may have signed somebody in or out. What others may keep carries no mark.
        if request.user.is_authenticated and "no-store" in caching:
            typist.mark(request, response)
            _know_device(request, response)
            if response.status_code < 500:
                _note_session(request)
        if user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        if getattr(request, "htmx", False) or "HX-Request" in request.headers:
            response["Vary"] = ", ".join(filter(None, [response.get("Vary", ""), "HX-Request"]))
        return response


def _know_device(request: HttpRequest, response: HttpResponse) -> None:
    """Let the browser of somebody who is signed in count as theirs when a password is asked for again."""
    assert isinstance(request.user, User)
    value = known_devices.with_person(request.COOKIES.get(known_devices.COOKIE, ""), request.user)
    if value:
        response.set_cookie(
            known_devices.COOKIE,
            value,
            max_age=known_devices.LIFETIME,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _note_session(request: HttpRequest) -> None:
    """Keep the list of where somebody is signed in; what was done stays done where that cannot be written."""
    try:
        open_sessions.note(request)
    except Exception as error:
        if failure_of(error) is None:
            raise
        log.warning(
            "The session of %s %s was not listed: %s", request.method, request.path, failure_of(error)
        )


class SamePersonMiddleware:
    """Refuses what a page sends for somebody else than who is signed in now; nothing of it is lost.

    Pages name the person they were made for in ``X-Person``, and keep what was refused; a form that leaves the page
    says it in a field, and is shown in words with a button. Whoever signs in in another tab must not do by that
    what was pressed for another person before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        made_for = request.headers.get("X-Person", "")
        if not made_for or not request.user.is_authenticated or made_for == str(request.user.pk):
            return self.get_response(request)
        sentence = _("Somebody else is signed in in this browser now. Nothing was changed.")
        response = render(request, "claims/_refusal.html", {"refusal": sentence}, status=409)
        response["X-Person-Differs"] = "1"
        response["HX-Retarget"], response["HX-Reswap"] = "#refusals", "innerHTML"
        response["HX-Reselect"] = ".refusal"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Ask about a form of a page that was made for somebody else; its token has been looked at by now."""
        if request.method != "POST" or not request.user.is_authenticated:
            return None
        made_for = request.POST.get(MADE_FOR, "")
        if not made_for or made_for == str(request.user.pk) or not getattr(view, "needs_person", False):
            return None
        return send_again(request)


class RefusalMiddleware:
    """Turns a refusal that no view caught into a page that says why, with what was typed.

    What a person may not see is answered like what does not exist; what could not be stored, with 503.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < 400:
            writing.forget()
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotVisible):
            return not_found(request, error)
        failure = failure_of(error)
        if failure is not None:
            return unavailable(request, failure)
        if not isinstance(error, Refused):
            return None
        return refusal_page(request, error)


def refusal_page(request: HttpRequest, error: Refused) -> HttpResponse:
    """Answer a refusal with a page, or with the part of one, that says why and keeps what was typed."""
    from claims.workbench.resumed_forms import from_here, typed_fields

    context = {"refusal": str(error), "typed": typed_fields(request.POST)}
    if getattr(request, "htmx", False):
        response = render(request, "claims/_refusal.html", context, status=error.status)
        # The part of the page that asked stays as it is, with everything typed in it.
        response["HX-Retarget"], response["HX-Reswap"] = "#refusals", "innerHTML"
        response["HX-Reselect"] = ".refusal"
        return told_when(response, error)
    back = request.headers.get("Referer", "") if from_here(request) else ""
    response = render(request, "claims/refusal.html", {**context, "back": back}, status=error.status)
    return told_when(response, error)


def told_when(response: HttpResponse, error: Refused | None) -> HttpResponse:
    """Say to programs too when to come again."""
    if isinstance(error, TooManyAttempts):
        response["Retry-After"] = str(error.seconds)
    return response
