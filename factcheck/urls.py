"""Every address of the project: public pages and feeds, the workbench, the admin, the API, probes."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from claims.ops import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("", include("claims.api.urls")),
    path("", include("claims.feeds.urls")),
    path("", include("claims.workbench.urls")),
    path("", include("claims.workbench.public.urls")),
]

handler400 = "claims.workbench.errors.bad_request"
handler403 = "claims.workbench.errors.forbidden"
handler404 = "claims.workbench.errors.not_found"
handler500 = "claims.workbench.errors.server_error"
