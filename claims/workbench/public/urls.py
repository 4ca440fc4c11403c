"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path

from claims.workbench.public import views as public

urlpatterns = [
    path("", public.home, name="public-home"),
    path("checks/<str:public_id>/", public.check, name="public-check"),
    path("checks/<str:public_id>/v<int:number>/", public.version, name="public-version"),
    path("checks/<str:public_id>/<str:slug>/", public.check, name="public-check"),
    path("corrections/", public.corrections, name="public-corrections"),
    path("method/", public.method, name="public-method"),
    path("about/", public.about, name="public-about"),
    path("contact/", public.contact, name="public-contact"),
]
