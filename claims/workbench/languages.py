"""In which language is an answer? Pages in the reader's own, what programs read in the installation's."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from claims.actions.desk.preferences import set_language
from claims.models import User
from claims.workbench.access import SeeOther, safe_address
from claims.workbench.resumed_forms import from_here

#: What programs read: the same bytes for everybody, whatever their browser prefers.
FOR_PROGRAMS = (
    "/feeds/", "/api/", "/v1alpha1/", "/oembed/", "/robots.txt", "/sitemap", "/healthz", "/readyz", "/metrics",
)  # fmt: skip
_YEAR = 365 * 24 * 60 * 60


def is_for_programs(path: str) -> bool:
    """Say whether programs read this address; the picture of a check travels like its feeds."""
    return path.startswith(FOR_PROGRAMS) or (path.startswith("/checks/") and path.endswith("/card.png"))


class LanguageMiddleware(LocaleMiddleware):
    """Django's choice by cookie, browser and setting for pages; the installation's language for programs.

    Pages say that they depend on both, so that no cache gives one reader's language to another.
    """

    def process_request(self, request: HttpRequest) -> None:
        if not is_for_programs(request.path_info):
            super().process_request(request)
            return
        translation.activate(settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if is_for_programs(request.path_info):
            response.headers.setdefault("Content-Language", settings.LANGUAGE_CODE)
            return response
        patch_vary_headers(response, ["Cookie"])
        answer: HttpResponseBase = super().process_response(request, response)
        return answer


# It acts for nobody but the browser that sends it, and public pages carry no token: readers get no cookie unasked.
@csrf_exempt
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep a language in this browser, and in the profile of whoever is signed in; stay on the page."""
    code = request.POST.get("language", "")
    back = request.POST.get("next", "") or request.headers.get("Referer", "")
    answer = SeeOther(safe_address(request, back, "public-home"))
    if not translation.check_for_language(code) or code not in dict(settings.LANGUAGES):
        return answer
    user = request.user
    if isinstance(user, User) and from_here(request):
        set_language(actor=user, language=code)
        with translation.override(code):
            messages.success(request, _("Stored."))
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer
