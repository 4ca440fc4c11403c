"""``v1alpha1/claims:search`` as Google's Fact Check Tools answer it, so that existing clients work unchanged.

Searches live fact checks, own and imported, of every desk. The wire format is ``claims.exports.google``; what
fits is the search engine's. Keys are accepted and not asked for: what is found here is public. Who
sends none is answered so many times a minute.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from claims.actions.indexing.finding import find_factchecks
from claims.actions.indexing.reading import no_answer
from claims.actions.publishing.payload import stored_payload
from claims.api.throttle import seconds_to_wait
from claims.exports import google
from claims.exports.payload import Payload
from claims.models import Desk, FactCheck
from claims.search.engine import EngineError

Answer = Callable[[HttpRequest], HttpResponse]


class _TooOften(google.GoogleError):
    """One network asks more often than the installation answers strangers."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            429,
            f"Too many searches from your network. Ask again in {seconds} seconds, or send an API key of this"
            " installation, which is not limited.",
        )
        self.seconds = seconds


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
            if isinstance(problem, _TooOften):
                response["Retry-After"] = str(problem.seconds)
        response["Cache-Control"] = "private"
        response["Access-Control-Allow-Origin"] = "*"
        return response

    answer.__name__, answer.__doc__ = view.__name__, view.__doc__
    return answer


@_answers
def claims_search(request: HttpRequest) -> HttpResponse:
    """Search fact checks."""
    seconds = seconds_to_wait(request)
    if seconds:
        raise _TooOften(seconds)
    params = google.parse(request.GET.dict())
    page = _page(params, today=timezone.now().astimezone(dt.UTC).date())
    token = params.next_token() if len(page) > params.page_size else ""
    body, kind = google.render(google.response(page[: params.page_size], token), params)
    return HttpResponse(body, content_type=kind)


@_answers
def image_search(request: HttpRequest) -> HttpResponse:
    """Say that images cannot be searched for."""
    raise google.GoogleError(501, "Method claims:imageSearch is not implemented here.")


def _page(params: google.SearchParams, *, today: dt.date) -> list[Payload]:
    """Return one page and one check more, best first; without words the newest first."""
    live = FactCheck.objects.live().exclude(latest=None)
    if params.site:
        live = live.filter(site=params.site)
    if params.language:
        live = live.filter(language_key=params.language)
    if params.max_age_days is not None:
        # The age counts from the newer of two days.
        live = live.filter(newest_on__gte=today - dt.timedelta(days=min(params.max_age_days, 365_000)))
    start, stop = params.position, params.position + params.page_size + 1
    if params.query:
        try:
            found = find_factchecks(params.query, desks=Desk.objects.all())
        except EngineError as problem:
            raise google.GoogleError(503, no_answer(problem)) from problem
        fitting = set(live.filter(pk__in=found).order_by().values_list("pk", flat=True))
        ids = [pk for pk in found if pk in fitting][start:stop]
    else:
        dated = live.filter(first_published_at__isnull=False)
        ids = list(dated.order_by("-first_published_at", "-pk").values_list("pk", flat=True)[start:stop])
    rows = live.select_related("latest").in_bulk(ids)
    releases = (rows[pk].latest for pk in ids if pk in rows)
    return [stored_payload(release) for release in releases if release is not None]
