"""Addresses of the public pages."""

from __future__ import annotations

from django.contrib.sitemaps import views as sitemaps
from django.urls import path

from claims.workbench import languages
from claims.workbench.desk import help as about
from claims.workbench.public import contact, crawling, sharing
from claims.workbench.public import views as public

urlpatterns = [
    path("", public.home, name="public-home"),
    path("help/", about.about, name="help"),
    path("language/", languages.choose_language, name="choose-language"),
    path("favicon.ico", crawling.icon, name="favicon"),
    path("robots.txt", crawling.robots, name="robots"),
    path("sitemap.xml", crawling.sitemap_index, name="sitemap"),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": crawling.SITEMAPS}, name="sitemap-part"),
    path("checks/<str:public_id>/card.png", sharing.picture, name="public-card"),
    path("checks/<str:public_id>/", public.check, name="public-check"),
    path("checks/<str:public_id>/v<int:number>/", public.version, name="public-version"),
    path("checks/<str:public_id>/<str:slug>/", public.check, name="public-check"),
    path("embed/<str:public_id>/", sharing.embed, name="public-embed"),
    path("oembed/", sharing.oembed, name="oembed"),
    path("corrections/", public.corrections, name="public-corrections"),
    path("method/", public.method, name="public-method"),
    path("about/", public.about, name="public-about"),
    path("contact/", contact.contact, name="public-contact"),
]
