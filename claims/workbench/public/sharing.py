"""How does a fact check travel? A picture for those who pass its address on, a card for other people's pages, oEmbed.

A check that does not stand is no picture; its card says so, wherever it was put.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from csp.decorators import csp_replace
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from claims.actions.publishing.payload import absolute, stored_payload
from claims.exports.payload import Payload
from claims.exports.share_card import SIZE, ShareCard, draw
from claims.exports.wording import notice
from claims.models import FactCheck
from claims.templatetags.glyphs import look_of_rating
from claims.workbench.public.frame import frame, public, published_check

#: Raised whenever the bytes of a picture change although no check did.
RENDERING = 1
_FONTS = Path(__file__).resolve().parents[2] / "static" / "claims" / "fonts"
WIDTH, HEIGHT = 560, 300
_LEAST_WIDTH = 260


def _found(public_id: str) -> tuple[FactCheck, Payload]:
    found = published_check(public_id)
    assert found.latest is not None
    return found, stored_payload(found.latest)


@require_safe
def picture(request: HttpRequest, public_id: str) -> HttpResponse:
    """The share card as a PNG of 1200 by 630; none while the check does not stand."""
    found, payload = _found(public_id)
    if found.status != FactCheck.Status.LIVE or not payload.is_live or found.latest is None:
        raise Http404(_("This fact check does not stand at the moment."))
    etag = f'"{RENDERING}-{found.latest.payload_hash[:32]}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        key = f"share-card:{etag}:{settings.SITE_URL}"
        drawn = cache.get(key)
        if drawn is None:
            drawn = draw(_card(payload), fonts=_FONTS)
            cache.set(key, drawn)
        answer = HttpResponse(drawn, content_type="image/png")
    answer["ETag"] = etag
    answer["Cache-Control"] = "public, no-cache"
    return answer


def _card(payload: Payload) -> ShareCard:
    drawing, tone = look_of_rating(payload.rating.finding or "", payload.rating.code)
    who = payload.claimant
    said_by = ", ".join(filter(None, [who.name, who.job_title])) if who is not None else payload.outlet
    # The picture is kept for everybody: it speaks the language of the check, not of who asked first.
    with translation.override(payload.language or settings.LANGUAGE_CODE):
        day = date_format(timezone.localtime(payload.published_at), "DATE_FORMAT")
    return ShareCard(
        desk=payload.publisher.name,
        day=day,
        quotation=payload.wording,
        said_by=said_by,
        rating=payload.rating.label,
        drawing=drawing,
        tone=tone,
        site=urlsplit(settings.SITE_URL).netloc,
    )


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@public
def embed(request: HttpRequest, public_id: str) -> HttpResponse:
    """The check as a card for a frame in somebody else's page; no script."""
    found, payload = _found(public_id)
    context = {
        **frame(found.desk),
        "payload": payload,
        "notice": "" if payload.is_live else notice(payload),
        "standing": payload.is_live and found.status == FactCheck.Status.LIVE,
        "address": payload.url,
    }
    response = render(request, "claims/public/embed.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def embed_code(payload: Payload, *, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Return the HTML that puts a check's card into another page."""
    return render_to_string(
        "claims/public/_embed_code.html",
        {"address": absolute(reverse("public-embed", args=[payload.id])), "title": payload.headline}
        | {"width": width, "height": height},
    ).strip()


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Answer what an address of a check embeds as (oembed.com, version 1.0, type rich, JSON only)."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse(_("Only format=json is answered."), status=501, content_type="text/plain")
    found, payload = _found(_id_in(request.GET.get("url", "")))
    if found.status != FactCheck.Status.LIVE or not payload.is_live:
        raise Http404(_("This fact check does not stand at the moment."))
    width = _bounded(request.GET.get("maxwidth", ""), WIDTH, _LEAST_WIDTH)
    height = _bounded(request.GET.get("maxheight", ""), HEIGHT, 120)
    card = absolute(reverse("public-card", args=[found.public_id]))
    answer = JsonResponse(
        {
            "version": "1.0",
            "type": "rich",
            "title": payload.headline,
            "provider_name": payload.publisher.name,
            "provider_url": payload.publisher.url,
            "html": embed_code(payload, width=width, height=height),
            "width": width,
            "height": height,
            "thumbnail_url": card,
            "thumbnail_width": SIZE[0],
            "thumbnail_height": SIZE[1],
        }
    )
    answer["Cache-Control"] = "public, no-cache"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _id_in(address: str) -> str:
    """Return the public id in the address of a check's page; raises Http404."""
    try:
        parts = urlsplit(address.replace("\x00", "")[:2000])
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        match = None
    else:
        if parts.scheme not in ("http", "https") or parts.netloc != urlsplit(settings.SITE_URL).netloc:
            match = None
    if match is not None and match.url_name in ("public-check", "public-embed"):
        return str(match.kwargs["public_id"])
    raise Http404(_("This is no address of a fact check here."))


def _bounded(asked: str, usual: int, least: int) -> int:
    if not asked.isdecimal() or len(asked) > 6:
        return usual
    return max(least, min(usual, int(asked)))
