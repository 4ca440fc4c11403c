"""The admin site of the workbench: the stock admin, open to everyone who works at a desk."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class WorkbenchAdminSite(admin.AdminSite):
    site_header = _("Fact-check workbench")
    site_title = _("Fact-check workbench")
    index_title = _("Everything the desk holds")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_active and user.is_authenticated and user.is_staff)
