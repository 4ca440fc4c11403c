"""What does somebody read whose words could not be stored? That they were not, with the words, ready to be sent again.

A page for people, an error object for programs, both with the time after which to try again. Nothing here asks
the database: it may be what is missing.
"""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from claims.exports import google
from claims.models.failures import Failure, Trouble, failure_of
from claims.ops import writing
from claims.workbench.resumed_forms import kept_fields, typed_fields

log = logging.getLogger(__name__)
SAFE = ("GET", "HEAD", "OPTIONS")


def unavailable(request: HttpRequest, failure: Failure) -> HttpResponse:
    """Answer 503: nothing of this request was stored."""
    log.warning("%s %s was not done: %s", request.method, request.path, failure)
    writing.note(failure)
    response = _answer(request, failure)
    response["Retry-After"] = str(failure.trouble.retry_after)
    response["Cache-Control"] = "no-store"
    # Said above, in one line.
    response._has_been_logged = True  # type: ignore[attr-defined]  # asked by Django before it logs
    return response


def _answer(request: HttpRequest, failure: Failure) -> HttpResponse:
    sentence = _sentence(request, failure.trouble)
    if request.path.startswith("/v1alpha1/"):
        body, kind = google.render(google.error(503, sentence))
        return HttpResponse(body, status=503, content_type=kind)
    if request.path.startswith("/api/") or request.path in ("/readyz", "/metrics"):
        return JsonResponse({"detail": sentence, "reason": failure.trouble.reason}, status=503)
    writes = request.method not in SAFE
    context: dict[str, Any] = {"sentence": sentence, "writes": writes}
    if writes:
        context |= {
            "typed": typed_fields(request.POST),
            "kept": kept_fields(request.POST),
            "files": bool(request.FILES),
            "secrets": [name for name in request.POST if "password" in name],
            "action": request.get_full_path(),
            "token": get_token(request),
        }
    if getattr(request, "htmx", False) or "HX-Request" in request.headers:
        response = HttpResponse(render_to_string("claims/_unavailable.html", context), status=503)
        # The part of the page that asked stays as it is, with everything typed in it.
        response["HX-Retarget"], response["HX-Reswap"] = "#refusals", "innerHTML"
        response["HX-Reselect"] = ".refusal"
        return response
    return HttpResponse(render_to_string("claims/unavailable.html", context), status=503)


def _sentence(request: HttpRequest, trouble: Trouble) -> str:
    if trouble in (Trouble.LOCKED, Trouble.CONFLICT, Trouble.CROWDED):
        why = _("The database is busy.")
    elif trouble is Trouble.FULL:
        why = _("The disk of this installation is full; whoever runs it has to make room.")
    elif trouble is Trouble.READ_ONLY:
        why = _("The database can only be read at the moment.")
    elif trouble is Trouble.DAMAGED:
        why = _("The disk or the database of this installation is damaged; tell whoever runs it.")
    elif trouble is Trouble.FILES:
        why = _("The data folder of this installation cannot be written; tell whoever runs it.")
    else:
        why = _("The database does not answer.")
    if request.method in SAFE:
        return f"{why} {_('Try again in a moment.')}"
    return f"{why} {_('Nothing was stored. Try again in a moment.')}"


class StoredSessionMiddleware(SessionMiddleware):
    """Django's sessions, but what was done stays done where only the session could not be stored."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code == 503:
            # It has just failed; a second try would wait for the lock again.
            return response
        known = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        try:
            return super().process_response(request, response)
        except Exception as error:
            failure = failure_of(error)
            if failure is None:
                raise
            if request.session.session_key == known:
                log.warning("The session of %s %s was not stored: %s", request.method, request.path, failure)
                return response
            # Who signs in or out has done nothing else.
            return unavailable(request, failure)
