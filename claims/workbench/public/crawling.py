"""What may programs that read the web look at here? robots.txt, and the sitemap of everything public."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.actions.publishing.payload import absolute, check_path, stored_payload
from claims.models import Desk, FactCheck

#: What only people who are signed in see, and what only repeats a page.
CLOSED = (
    "/admin/", "/desk/", "/login/", "/profile/", "/claims/", "/documents/", "/verdicts/", "/reviews/", "/evidence/",
    "/api/", "/embed/", "/oembed/",
)  # fmt: skip


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Lead programs that ask for the icon where browsers once looked for it to where it is."""
    return redirect(static("claims/icon.svg"))


class _PublicPages(Sitemap):
    """Addresses come from the site's own setting, not from what a request calls it."""

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class SitemapOfChecks(_PublicPages):
    """Every fact check that stands, newest change first."""

    limit = 1000

    def items(self) -> Any:
        rows = FactCheck.objects.published().live().select_related("latest")
        return rows.order_by("-modified_at", "-id")

    def location(self, item: FactCheck) -> str:
        assert item.latest is not None
        return check_path(item.public_id, stored_payload(item.latest).headline)

    def lastmod(self, item: FactCheck) -> datetime:
        return item.modified_at


class SitemapOfPages(_PublicPages):
    """What each desk says about itself."""

    def items(self) -> list[str]:
        names = ("public-home", "public-corrections", "public-method", "public-about", "public-contact")
        return [reverse(name) + query for query in _queries() for name in names]

    def location(self, item: str) -> str:
        return item


def _queries() -> Iterable[str]:
    desks = Desk.objects.order_by("-is_default", "pk").values_list("slug", "is_default")
    return ["" if is_default else f"?desk={slug}" for slug, is_default in desks[:100]]


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """List the parts of the sitemap: what desks say about themselves, and their checks by the thousand."""
    parts = []
    for section, of in SITEMAPS.items():
        address = absolute(reverse("sitemap-part", args=[section]))
        pages = of().paginator.num_pages
        parts += [{"location": address + (f"?p={page}" if page > 1 else "")} for page in range(1, pages + 1)]
    answer = render(request, "sitemap_index.xml", {"sitemaps": parts}, content_type="application/xml")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


SITEMAPS: dict[str, type[_PublicPages]] = {"pages": SitemapOfPages, "checks": SitemapOfChecks}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell programs what is public, and where the list of it is."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in CLOSED),
        "",
        f"Sitemap: {absolute('/sitemap.xml')}",
    ]
    answer = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer
