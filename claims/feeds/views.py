"""The verdict feeds: a DataFeed and a CSV file that are streamed, JSON Feed, Atom and RSS in pages.

All are rendered from release payloads only, and answer a conditional request with 304. A filter that means
nothing is 400 with a sentence, so that no program works on with rows it did not ask for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from claims.actions.publishing.payload import absolute, publisher, stored_payload
from claims.exports import atom, csvfile, datafeed, jsonfeed, rss
from claims.exports.feedinfo import PAGE_ITEMS, FeedInfo
from claims.exports.markdown import feed_content
from claims.exports.payload import Payload
from claims.forms.published import BadFilter, NoDesk, PublishedFilter, after_of

# Raised whenever the bytes of a feed change although no check did.
RENDERING = 2
# Caches ask every time, so that a suspension is seen at once; an answer without news is short.
CACHE = "public, no-cache"

View = Callable[..., HttpResponseBase]


def _feed(content_type: str) -> Callable[[Callable[[HttpRequest, PublishedFilter, FeedInfo], Any]], View]:
    """Wrap a function that makes a body: filters, validators, headers."""

    def wrap(make: Callable[[HttpRequest, PublishedFilter, FeedInfo], Any]) -> View:
        @require_safe
        def view(request: HttpRequest) -> HttpResponseBase:
            try:
                selection = PublishedFilter.read(request.GET.dict())
            except BadFilter as problem:
                status = 404 if isinstance(problem, NoDesk) else 400
                return HttpResponse(f"{problem}\n", status=status, content_type="text/plain; charset=utf-8")
            info, etag, stamp = _head(request, selection)
            unchanged = get_conditional_response(request, etag=etag, last_modified=stamp)
            response: HttpResponseBase
            if unchanged is not None:
                response = unchanged
            else:
                body = make(request, selection, info)
                kind = HttpResponse if isinstance(body, bytes) else StreamingHttpResponse
                response = kind(body, content_type=content_type)
            response["ETag"] = etag
            if stamp is not None:
                response["Last-Modified"] = http_date(stamp)
            response["Cache-Control"] = CACHE
            # Anyone may read the feeds, also from a page elsewhere.
            response["Access-Control-Allow-Origin"] = "*"
            return response

        view.__name__ = make.__name__
        view.__doc__ = make.__doc__
        return view

    return wrap


def _head(request: HttpRequest, selection: PublishedFilter) -> tuple[FeedInfo, str, int | None]:
    desk = selection.desk
    count, versions, newest = selection.base().state()
    updated = newest or desk.created_at
    home = absolute("/" if desk.is_default else f"/?desk={desk.slug}")
    first = selection.query_string()
    here = absolute(request.path)
    info = FeedInfo(
        title=desk.feed_title or desk.name,
        home_url=home,
        feed_url=absolute(request.get_full_path()),
        feed_id=f"{here}?{first}" if first else here,
        publisher=publisher(desk),
        updated=updated,
        language=desk.language,
        licence_url=desk.licence,
        first_url=f"{here}?{first}" if first else here,
    )
    parts = [
        RENDERING, settings.SITE_URL, request.get_full_path(), count, versions, newest,
        desk.name, desk.feed_title, desk.licence, desk.newsroom_url, desk.logo_url, desk.language,
    ]  # fmt: skip
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]
    return info, f'"{digest}"', int(updated.timestamp()) if newest else None


def _payloads(selection: PublishedFilter) -> Iterator[Payload]:
    for check in selection.checks():
        if check.latest is not None:
            yield stored_payload(check.latest)


def _page(module: ModuleType, request: HttpRequest, selection: PublishedFilter, info: FeedInfo) -> bytes:
    """Make one page of a paged feed; ``module`` is its format."""
    places: dict[str, str] = {}

    def payloads() -> Iterator[Payload]:
        for check in selection.page(PAGE_ITEMS + 1):
            if check.latest is not None:
                payload = stored_payload(check.latest)
                places[payload.id] = after_of(check)
                yield payload

    def next_url(last: Payload) -> str:
        return f"{absolute(request.path)}?{selection.query_string(after=places[last.id])}"

    body: bytes = module.page(payloads(), info, next_url=next_url, render=feed_content).body
    return body


@_feed("application/ld+json")
def claimreview(request: HttpRequest, selection: PublishedFilter, info: FeedInfo) -> Iterator[bytes]:
    """Every check as a Data Commons DataFeed."""
    return datafeed.stream(_payloads(selection), info)


@_feed(jsonfeed.CONTENT_TYPE)
def json_feed(request: HttpRequest, selection: PublishedFilter, info: FeedInfo) -> bytes:
    """JSON Feed 1.1."""
    return _page(jsonfeed, request, selection, info)


@_feed(f"{atom.CONTENT_TYPE}; charset=utf-8")
def atom_feed(request: HttpRequest, selection: PublishedFilter, info: FeedInfo) -> bytes:
    """Atom, with deleted entries."""
    return _page(atom, request, selection, info)


@_feed(f"{rss.CONTENT_TYPE}; charset=utf-8")
def rss_feed(request: HttpRequest, selection: PublishedFilter, info: FeedInfo) -> bytes:
    """RSS 2.0."""
    return _page(rss, request, selection, info)


@_feed(csvfile.CONTENT_TYPE)
def verdicts_csv(request: HttpRequest, selection: PublishedFilter, info: FeedInfo) -> Iterator[bytes]:
    """One row per check; ``spreadsheet=1`` guards against formulas."""
    guarded = request.GET.get("spreadsheet", "") not in ("", "0", "false")
    return csvfile.stream(_payloads(selection), spreadsheet=guarded)


@require_safe
def csv_schema(request: HttpRequest) -> HttpResponse:
    """The table schema of the CSV file."""
    response = HttpResponse(
        json.dumps(csvfile.table_schema(), indent=2, ensure_ascii=False) + "\n",
        content_type="application/json",
    )
    response["Cache-Control"] = CACHE
    response["Access-Control-Allow-Origin"] = "*"
    return response
