"""``v1alpha1/claims:search`` as Google's Fact Check Tools answer it, so that existing clients work unchanged.

Searches live fact checks, own and imported, of every desk. The wire format is ``claims.exports.google``; what
fits is the search engine's. Keys are accepted and not asked for: what is found here is public.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from claims.actions.indexing.finding import find_factchecks
from claims.actions.indexing.reading import no_answer
from claims.actions.publishing.payload import stored_payload
from claims.exports import google
from claims.exports.payload import Payload
from claims.models import Desk, FactCheck
from claims.search.engine import EngineError

Answer = Callable[[HttpRequest], HttpResponse]


def _answers(view: Answer) -> Answer:
    """Turn errors into the API's own error object; only GET is known."""

    @csrf_exempt
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            if request.method not in ("GET", "HEAD"):
                raise google.GoogleError(404, "The requested URL was not found with this method. Use GET.")
            response = view(request)
        except google.GoogleError as problem:
            body, kind = google.render(problem.body())
            response = HttpResponse(body, status=problem.code, content_type=kind)
        response["Cache-Control"] = "private"
        response["Access-Control-Allow-Origin"] = "*"
        return response

    answer.__name__, answer.__doc__ = view.__name__, view.__doc__
    return answer


@_answers
def claims_search(request: HttpRequest) -> HttpResponse:
    """Search fact checks."""
    params = google.parse(request.GET.dict())
    now = timezone.now()
    fitting = (payload for payload in _candidates(params) if google.fits(payload, params, now=now))
    page = list(islice(fitting, params.position, params.position + params.page_size + 1))
    token = params.next_token() if len(page) > params.page_size else ""
    body, kind = google.render(google.response(page[: params.page_size], token), params)
    return HttpResponse(body, content_type=kind)


@_answers
def image_search(request: HttpRequest) -> HttpResponse:
    """Say that images cannot be searched for."""
    raise google.GoogleError(501, "Method claims:imageSearch is not implemented here.")


def _candidates(params: google.SearchParams) -> Iterator[Payload]:
    """Yield checks, best first; without words the newest first, as for a site filter alone."""
    live = FactCheck.objects.live().exclude(latest=None).select_related("latest")
    if not params.query:
        if params.max_age_days is not None:
            # The age counts from the newer of two days; what was changed before is older than both.
            since = timezone.now() - dt.timedelta(days=min(params.max_age_days, 365_000) + 1)
            live = live.filter(modified_at__gte=since)
        for check in live.order_by("-first_published_at", "-pk").iterator(chunk_size=200):
            if check.latest is not None:
                yield stored_payload(check.latest)
        return
    try:
        ids = find_factchecks(params.query, desks=Desk.objects.all())
    except EngineError as problem:
        raise google.GoogleError(503, no_answer(problem)) from problem
    for start in range(0, len(ids), 100):
        some = ids[start : start + 100]
        rows = live.in_bulk(some)
        for pk in some:
            if pk in rows and (latest := rows[pk].latest) is not None:
                yield stored_payload(latest)
