"""Pages for what no view answers: no such address, not allowed, too large, broken. No query is made here."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from claims.models.failures import failure_of
from claims.workbench.unavailable import unavailable


def _page(status: int, title: str, text: str) -> HttpResponse:
    return HttpResponse(render_to_string("claims/error.html", {"title": title, "text": text}), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _page(413, _("Too large"), _("What was sent is larger than this installation accepts."))
    return _page(400, _("Not understood"), _("The request could not be read. Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(403, _("Not allowed"), str(exception or "") or _("You may not do this."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # What the doors say is for people; a resolver's exception holds a list of all addresses instead.
    said = exception.args[0] if exception and exception.args and isinstance(exception.args[0], str) else ""
    return _page(404, _("Not found"), said or _("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    # Django calls this while it handles the exception: also of middleware, which no other hook sees.
    failure = failure_of(sys.exc_info()[1])
    if failure is not None:
        return unavailable(request, failure)
    return _page(
        500, _("Something broke"), _("The error has been logged. Nothing half-done was stored; try again.")
    )
