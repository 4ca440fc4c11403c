"""The admin site of the workbench: the stock admin, open to everyone who works at a desk.

It registers guarded admins only; what other applications offer is left out, because their forms write past
the actions and their lists know no desk.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import LoginView, redirect_to_login
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import get_callable, reverse
from django.utils.translation import gettext_lazy as _

from claims.actions.desk import signing_in
from claims.admin.groups import GROUPS, MACHINERY
from claims.admin.guarded import ADMINS, GuardedAdmin
from claims.admin.naming import name_in_words
from claims.admin.scope import desks_of, person_of, works_anywhere
from claims.models import Review
from claims.models.seen import hidden_claims, unhidden_reviews

#: What the first page opens on.
_WAITING = (
    (Review.State.QUEUED, _("in the queue")),
    (Review.State.IN_PROGRESS, _("in progress")),
    (Review.State.AWAITING_APPROVAL, _("waiting for approval")),
)


class _AdminLogin(LoginView):
    """Django's form, whose right password opens no session past a second factor."""

    def form_valid(self, form: Any) -> HttpResponse:
        wanted = self.get_success_url()
        if signing_in.sign_in(self.request, form.get_user(), onward=wanted):
            return HttpResponseRedirect(wanted)
        return HttpResponseRedirect(reverse("second-step"))


class WorkbenchAdminSite(admin.AdminSite):
    site_header = _("Fact-check workbench")
    site_title = _("Fact-check workbench")
    index_title = _("What waits, and everything the desk holds")
    enable_nav_sidebar = False
    site_url = "/desk/"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")
        for model, shown in ADMINS.items():
            self.register(model, shown)
        name_in_words(ADMINS)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register a guarded admin; one of another application is passed over."""
        if admin_class is not None and issubclass(admin_class, GuardedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def grouped(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return the lists this person may open, under the headings of the first page."""
        offered = {
            str(model["object_name"]).lower(): model
            for app in self.get_app_list(request)
            for model in app["models"]
        }
        groups = [
            {
                "name": group.name,
                "folded": group.folded,
                "models": [offered.pop(name) for name in group.models if name in offered],
            }
            for group in GROUPS
        ]
        rest = sorted(offered.values(), key=lambda model: str(model["name"]))
        return [*groups, {"name": MACHINERY, "folded": True, "models": rest}]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Open on what waits for somebody: the queue, and verdicts that wait for approval."""
        person = person_of(request)
        rows = unhidden_reviews(person, hidden_claims(person))
        # None of a merged claim waits: merging ends its review.
        counts = dict(
            rows.filter(desk__in=desks_of(request), state__in=[state for state, _words in _WAITING])
            .order_by()
            .values_list("state")
            .annotate(Count("pk"))
        )
        claims = reverse("admin:claims_claim_changelist", current_app=self.name)
        waiting = [
            {"words": words, "count": counts.get(state, 0), "address": f"{claims}?state={state.value}"}
            for state, words in _WAITING
        ]
        context = {"waiting": waiting, "groups": self.grouped(request), **(extra_context or {})}
        return super().index(request, context)

    def work_view(self, view: Any) -> Any:
        """Return an admin view whose form survives an expired session.

        The project's view for forms with a dead token shows the sign-in form with the typed words in it and
        sends them on afterwards; it is reached through the setting, being of another room.
        """
        guarded = self.admin_view(view)

        @wraps(guarded)
        def asked(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            if request.method == "POST" and not request.user.is_authenticated:
                answer: HttpResponseBase = get_callable(settings.CSRF_FAILURE_VIEW)(request, reason="")
                return answer
            return guarded(request, *arguments, **named)

        asked.needs_person = True  # type: ignore[attr-defined]
        return asked

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send a visitor to the workbench's own sign-in page; a form sent here passes the same second step."""
        index = reverse("admin:index", current_app=self.name)
        wanted = request.GET.get(REDIRECT_FIELD_NAME) or request.POST.get(REDIRECT_FIELD_NAME) or index
        if request.method == "GET":
            if self.has_permission(request):
                return HttpResponseRedirect(index)
            if not request.user.is_authenticated:
                return redirect_to_login(wanted)
        context = {
            **self.each_context(request),
            "title": _("Sign in"),
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            REDIRECT_FIELD_NAME: wanted,
            **(extra_context or {}),
        }
        view = _AdminLogin.as_view(
            extra_context=context,
            authentication_form=AdminAuthenticationForm,
            template_name="admin/login.html",
        )
        return cast(HttpResponse, view(request))

    def has_permission(self, request: HttpRequest) -> bool:
        return works_anywhere(request)
