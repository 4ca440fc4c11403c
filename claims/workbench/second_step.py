"""Is a session complete, and may its person go on without a second factor? Asked before every page.

The net under every way of signing in: a session of somebody with a second factor that did not pass the second step
counts as a visitor's, however it was opened. Somebody of a desk that insists on a factor is led to setting one up
once the time for it is over. API keys are not asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import ResolverMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from claims.actions.base import NotAllowed
from claims.actions.desk import factor_rules, signing_in
from claims.models import User
from claims.workbench.middleware import refusal_page

#: What somebody does who has to set up a second factor first, and how they leave.
_STILL = ("second-factor", "password", "session", "profile", "switch", "logout")


class SecondStepMiddleware:
    """Asks both; costs nothing where no second factor is switched on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECOND_FACTOR:
            found = request.user
            request.user = SimpleLazyObject(lambda: _who(request, found))  # type: ignore[assignment]  # as Django's own
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if not settings.SECOND_FACTOR or match is None or not _is_work(match, view, request.path):
            return None
        user = request.user
        desk = factor_rules.overdue_desk(user) if isinstance(user, User) else None
        if desk is None:
            return None
        if request.method in ("GET", "HEAD") and not getattr(request, "htmx", False) and not _is_api(request):
            return HttpResponseRedirect(reverse("second-factor"))
        sentence = _("%(desk)s needs its members to have a second factor: set one up under My profile first.")
        refusal = NotAllowed(sentence % {"desk": desk.name})
        if _is_api(request):
            return JsonResponse({"detail": str(refusal)}, status=refusal.status)
        return refusal_page(request, refusal)


def _who(request: HttpRequest, found: Any) -> AbstractBaseUser | AnonymousUser:
    if isinstance(found, User) and not signing_in.is_complete(request.session, found):
        return AnonymousUser()
    person: AbstractBaseUser | AnonymousUser = found
    return person


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/v1alpha1/"))


def _is_work(match: ResolverMatch, view: Any, path: str) -> bool:
    if (match.url_name or "").startswith(_STILL):
        return False
    return "admin" in match.namespaces or getattr(view, "needs_person", False) or path.startswith("/api/")
