"""What every public page needs around it: the desk of the address, and how its links name that desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from claims.forms.published import BadFilter, PublishedFilter
from claims.models import Desk, FactCheck
from claims.workbench.public.unchanged import mark_of

Page = Callable[..., HttpResponse]


def public(view: Page) -> Page:
    """Mark a page as public; caches ask every time, so that a suspension is seen at once.

    Where nothing has changed since they asked last, that is all they are told. What an index finds may change by
    itself, so a page of words that are searched for is always made.
    """

    @require_safe
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # While somebody works on the software, templates change under a running server.
        mark = "" if request.GET.get("q") or settings.DEBUG else mark_of(request)
        response: HttpResponse | None = None
        if "If-None-Match" in request.headers and mark:
            response = get_conditional_response(request, etag=mark)
        if response is None:
            response = view(request, *args, **kwargs)
        if mark and response.status_code in (200, 304):
            response["ETag"] = mark
        response["Cache-Control"] = "public, no-cache"
        return response

    return shown


def frame(desk: Desk | None) -> dict[str, Any]:
    """Return what the frame of every public page needs."""
    return {
        "desk": desk,
        "desk_query": "" if desk is None or desk.is_default else f"?desk={desk.slug}",
        "desk_too": "" if desk is None or desk.is_default else f"&desk={desk.slug}",
    }


def published_check(public_id: str) -> FactCheck:
    """Return an own fact check that has a public page, with its newest release and its desk; raises Http404."""
    rows = FactCheck.objects.published().select_related("latest", "desk")
    return get_object_or_404(rows, public_id=public_id)


def desk_of(request: HttpRequest) -> Desk:
    """Return the desk that ``?desk=`` names, else the default one; raises Http404."""
    try:
        return PublishedFilter.read({"desk": request.GET.get("desk", "")}).desk
    except BadFilter as problem:
        raise Http404(str(problem)) from problem
