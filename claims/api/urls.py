"""Addresses of the REST API and of the Google-compatible search."""

from __future__ import annotations

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from claims.api import google, teamwork, views
from claims.api import schema as _described  # noqa: F401  # registers itself by being imported


class _Router(SimpleRouter):
    """Takes addresses with and without the slash at their end."""

    def __init__(self) -> None:
        super().__init__()
        self.trailing_slash = "/?"


router = _Router()
router.register("claims", views.ClaimViewSet, basename="api-claim")
router.register("factchecks", views.FactCheckViewSet, basename="api-factcheck")
router.register("documents", views.DocumentViewSet, basename="api-document")
router.register("notes", teamwork.NoteViewSet, basename="api-note")
router.register("panels", teamwork.PanelViewSet, basename="api-panel")
schema = SpectacularAPIView.as_view(permission_classes=[], authentication_classes=[])

urlpatterns = [
    path("api/v1/", include(router.urls)),
    path(
        "api/v1/schema/",
        SpectacularAPIView.as_view(permission_classes=[], authentication_classes=[]),
        name="api-schema",
    ),
    path("v1alpha1/claims:search", google.claims_search, name="google-claims-search"),
    path("v1alpha1/claims:imageSearch", google.image_search, name="google-image-search"),
]
