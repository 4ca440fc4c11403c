"""The pages that anyone can read: fact checks, corrections, and what the desk says about itself.

Rendered from release payloads only, so that nothing internal can slip in. A check that is suspended or
withdrawn shows its notice and nothing of what it said, in every version.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.actions.indexing.finding import find_factchecks
from claims.actions.indexing.reading import no_answer
from claims.actions.publishing.payload import absolute, check_path, stored_payload
from claims.exports import claimreview, markdown
from claims.exports.payload import Citation, Payload
from claims.exports.wording import notice
from claims.forms.published import BadFilter, NoDesk, PublishedFilter, after_of
from claims.models import Desk, FactCheck, Rating, Release
from claims.models.fields import key_of
from claims.search.engine import EngineError
from claims.templatetags.glyphs import look_of_rating
from claims.vocabulary import CheckStatus, Finding
from claims.workbench.public.frame import desk_of, frame, public, published_check
from claims.workbench.public.sharing import embed_code

PAGE = 25
LEADING = 4
ALSO = 3
CORRECTIONS_PAGE = 50
VERSIONS = 200
LONGEST_CHOICES = 200
_TOLD = (
    Release.Kind.CLARIFICATION,
    Release.Kind.CORRECTION,
    Release.Kind.UPDATE,
    Release.Kind.SUSPENSION,
    Release.Kind.REINSTATEMENT,
    Release.Kind.WITHDRAWAL,
)


def check_context(payload: Payload) -> dict[str, Any]:
    """Return what ``claims/public/_check.html`` needs; previews of a verdict use it too."""
    drawing, tone = look_of_rating(payload.rating.finding or "", payload.rating.code)
    kinds = dict(Release.Kind.choices)
    numbers = [cited.number for cited in payload.citations]
    return {
        "payload": payload,
        "tone": tone,
        "drawing": drawing,
        "reasoning": markdown.justification(payload),
        "points": [
            {
                "question": point.question,
                "answer": markdown.link_citations(markdown.render(point.answer), numbers),
                "finding": point.finding.value if point.finding else "",
                "finding_label": point.finding.label if point.finding else "",
            }
            for point in payload.points
        ],
        "sources": [_source(cited) for cited in payload.citations],
        "places": [{"place": place, "link": _web(place.url)} for place in payload.appearances],
        "changes": [
            {
                "kind": change.kind,
                "label": str(kinds.get(change.kind, change.kind)).capitalize(),
                "at": change.at,
            }
            | {"note": change.note}
            for change in reversed(payload.changes)
            if change.note
        ],
    }


def _source(cited: Citation) -> dict[str, Any]:
    return {"cited": cited, "link": _web(cited.url), "archived": _web(cited.archived_url)}


def _web(url: str) -> str:
    """Return the address where a page may link to it, else nothing."""
    return url if url.lower().startswith(("http://", "https://")) else ""


@public
def home(request: HttpRequest) -> HttpResponse:
    """The desk's fact checks, newest first, with filters and search."""
    problem = ""
    try:
        selection = PublishedFilter.read(request.GET.dict())
    except BadFilter as refusal:
        desk = Desk.objects.filter(is_default=True).first()
        if desk is None or isinstance(refusal, NoDesk):
            return render(request, "claims/public/empty.html", {"desk": None}, status=404 if desk else 200)
        selection, problem = PublishedFilter(desk=desk), str(refusal)
    query = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:300]
    following = ""
    found: list[FactCheck] | None = None
    if query:
        try:
            found = _found(query, selection)
        except EngineError as trouble:
            problem = no_answer(trouble) + " " + _("Here are all fact checks.")
    if found is not None:
        checks = found
    else:
        checks = selection.page(PAGE + 1)
        if len(checks) > PAGE:
            checks = checks[:PAGE]
            following = "?" + selection.query_string(after=after_of(checks[-1]))
    rows = [_row(check) for check in checks]
    # The newest ones lead where nobody searches, filters or turns a page.
    plain = not (query or selection.is_filtered or request.GET.get("after"))
    leading = [row for row in rows if not row["notice"]][:LEADING] if plain else []
    led = {row["path"] for row in leading}
    rows = [row for row in rows if row["path"] not in led]
    return render(
        request,
        "claims/public/home.html",
        {
            **frame(selection.desk),
            **_choices(selection),
            "selection": selection,
            "query": query,
            "lead": leading[0] if leading else None,
            "seconds": leading[1:],
            "rows": rows,
            "next": following,
            "problem": problem,
            "feed_query": selection.query_string(),
        },
    )


def _found(query: str, selection: PublishedFilter) -> list[FactCheck]:
    """Return what the search engine finds, as far as the filters let it through, best first."""
    ids = find_factchecks(query, desks=[selection.desk])
    live = selection.base().rows().filter(pk__in=ids, status=FactCheck.Status.LIVE)
    fitting = set(live.order_by().values_list("pk", flat=True))
    shown = [pk for pk in ids if pk in fitting][:PAGE]
    rows = FactCheck.objects.select_related("latest").in_bulk(shown)
    return [rows[pk] for pk in shown if pk in rows]


def _row(check: FactCheck) -> dict[str, Any]:
    assert check.latest is not None
    payload = stored_payload(check.latest)
    return {
        "payload": payload,
        "path": check_path(payload.id, payload.headline),
        "notice": "" if payload.is_live else notice(payload),
        "status_label": check.get_status_display().capitalize(),
    }


def _choices(selection: PublishedFilter) -> dict[str, Any]:
    """Return what can be chosen in the filters: values that occur."""
    rows = FactCheck.objects.published().filter(desk=selection.desk).order_by()

    def values(column: str) -> list[str]:
        found = rows.exclude(**{column: ""}).values_list(column, flat=True).distinct()
        return sorted(found[:LONGEST_CHOICES], key=str.casefold)

    return {
        "ratings": values("rating_label"),
        "claimants": values("claimant_name"),
        "languages": values("language"),
        "topics": _topics(rows, selection.topic),
        "findings": Finding.choices,
    }


def _topics(rows: QuerySet[FactCheck], chosen: str) -> list[tuple[str, bool]]:
    """Return the topics of these checks as they are written, and which of them is chosen, in order."""
    told = rows.exclude(topic_keys="").values_list("latest__payload__topics", flat=True).distinct()
    names = {key_of(str(one)): str(one) for topics in told[:LONGEST_CHOICES] for one in topics or ()}
    wanted = key_of(chosen)
    if chosen:
        names.setdefault(wanted, chosen)
    return [(name, key == wanted) for key, name in sorted(names.items())]


@public
def check(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """One fact check as it stands; the slug is decoration."""
    found = published_check(public_id)
    assert found.latest is not None
    payload = stored_payload(found.latest)
    return _check_page(request, found, payload, newest=True)


@public
def version(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """One numbered public state; while the check does not stand, its notice only."""
    found = published_check(public_id)
    release = get_object_or_404(Release, factcheck=found, number=number)
    assert found.latest is not None
    if found.status != FactCheck.Status.LIVE or release.redacted_at is not None:
        release = found.latest
    return _check_page(request, found, stored_payload(release), newest=release.pk == found.latest_id)


def _check_page(request: HttpRequest, found: FactCheck, payload: Payload, *, newest: bool) -> HttpResponse:
    releases = Release.objects.filter(factcheck=found).defer("payload").order_by("-number")[:VERSIONS]
    context = page_context(
        found.desk, payload, found=found, status=found.status, newest=newest, releases=list(releases)
    )
    context["canonical"] = stored_payload(found.latest).url if found.latest else payload.url
    return render(request, "claims/public/check.html", context)


def page_of_draft(
    request: HttpRequest,
    desk: Desk,
    payload: Payload,
    *,
    found: FactCheck | None,
    now: dt.datetime,
    draft_of: int = 0,
) -> HttpResponse:
    """Return the public page as it will be, byte for byte, once this payload is published.

    The version that would be made stands among the versions, as it will. ``draft_of`` is a claim whose words are
    still being written: a line above the page says so, and leads back.
    """
    next_one = Release(number=payload.number, kind=payload.kind.value, created_at=now)
    releases = Release.objects.filter(factcheck=found).defer("payload").order_by("-number") if found else ()
    context = page_context(
        desk,
        payload,
        found=found,
        status=payload.status.value,
        newest=True,
        releases=[next_one, *releases][:VERSIONS],
    )
    if draft_of:
        context["draft_of"] = draft_of
    return render(request, "claims/public/check.html", context)


def page_context(
    desk: Desk,
    payload: Payload,
    *,
    found: FactCheck | None,
    status: str,
    newest: bool,
    releases: Sequence[Release],
) -> dict[str, Any]:
    """Return everything the public page of a check shows; ``found`` is the check where it is published already."""
    standing = payload.is_live and status == FactCheck.Status.LIVE
    return {
        **frame(desk),
        **check_context(payload),
        "standing": standing,
        "notice": "" if payload.is_live else notice(payload),
        "withdrawn": payload.status is CheckStatus.WITHDRAWN,
        "newest": newest,
        "path": check_path(payload.id, payload.headline),
        "site_url": settings.SITE_URL,
        "page_url": absolute(check_path(payload.id, payload.headline)),
        "canonical": payload.url,
        "json_ld": claimreview.script(payload) if newest else "",
        "versions": [
            {"release": row, "path": reverse("public-version", args=[payload.id, row.number])}
            for row in releases
        ],
        "embed_code": embed_code(payload) if standing else "",
        "scale": _scale(desk) if standing else [],
        "also": _also(desk, found, payload) if standing else [],
    }


def _scale(desk: Desk) -> list[Rating]:
    return list(Rating.objects.filter(scale__desk=desk, scale__is_current=True).order_by("position", "pk"))


def _also(desk: Desk, found: FactCheck | None, payload: Payload) -> list[dict[str, str]]:
    """Return the newest other checks of the same claimant."""
    if payload.claimant is None:
        return []
    rows = FactCheck.objects.published().filter(
        desk=desk, claimant_name=payload.claimant.name, status=FactCheck.Status.LIVE
    )
    if found is not None:
        rows = rows.exclude(pk=found.pk)
    others = rows.select_related("latest").order_by("-modified_at", "-pk")[:ALSO]
    found_beside = []
    for one in others:
        assert one.latest is not None
        headline = stored_payload(one.latest).headline
        found_beside.append(
            {"headline": headline, "rating": one.rating_label, "finding": one.finding}
            | {"path": check_path(one.public_id, headline)}
        )
    return found_beside


@public
def corrections(request: HttpRequest) -> HttpResponse:
    """Every change after publication that readers were told of, newest first."""
    desk = desk_of(request)
    rows = Release.objects.filter(factcheck__desk=desk, factcheck__imported=False, kind__in=_TOLD)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.select_related("factcheck__latest").order_by("-pk")[: CORRECTIONS_PAGE + 1])
    more = len(found) > CORRECTIONS_PAGE
    found = found[:CORRECTIONS_PAGE]
    entries = []
    for row in found:
        payload = stored_payload(row.factcheck.latest or row)
        entries.append(
            {"release": row, "headline": payload.headline, "path": check_path(payload.id, payload.headline)}
        )
    following = ""
    if more:
        following = f"?before={found[-1].pk}" + ("" if desk.is_default else f"&desk={desk.slug}")
    context = {**frame(desk), "entries": entries, "next": following}
    return render(request, "claims/public/corrections.html", context)


@public
def method(request: HttpRequest) -> HttpResponse:
    """How the desk works: its own words, its scale, and the rules the workbench keeps."""
    desk = desk_of(request)
    scale = desk.scales.filter(is_current=True).first()
    context = {
        **frame(desk),
        "text": markdown.render(desk.method),
        "scale": scale,
        "ratings": list(scale.ratings.order_by("position")) if scale else [],
    }
    return render(request, "claims/public/method.html", context)


@public
def about(request: HttpRequest) -> HttpResponse:
    """Who the desk is."""
    desk = desk_of(request)
    context = {**frame(desk), "title": _("About us"), "text": markdown.render(desk.about)}
    return render(request, "claims/public/words.html", context)
