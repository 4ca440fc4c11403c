"""The admin site of the workbench: the stock admin, open to everyone who works at a desk.

It registers guarded admins only; what other applications offer is left out, because their forms write past
the actions and their lists know no desk.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_callable
from django.utils.translation import gettext_lazy as _

from claims.admin.guarded import ADMINS, GuardedAdmin
from claims.admin.scope import works_anywhere


class WorkbenchAdminSite(admin.AdminSite):
    site_header = _("Fact-check workbench")
    site_title = _("Fact-check workbench")
    index_title = _("Everything the desk holds")
    enable_nav_sidebar = False
    site_url = "/desk/"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")
        for model, shown in ADMINS.items():
            self.register(model, shown)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register a guarded admin; one of another application is passed over."""
        if admin_class is not None and issubclass(admin_class, GuardedAdmin):
            super().register(model_or_iterable, admin_class, **options)

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

    def has_permission(self, request: HttpRequest) -> bool:
        return works_anywhere(request)
