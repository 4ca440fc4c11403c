"""Makes the workbench's own admin site the default one."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class WorkbenchAdminConfig(AdminConfig):
    default_site = "claims.admin.site.WorkbenchAdminSite"
