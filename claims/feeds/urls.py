"""Addresses of the verdict feeds."""

from __future__ import annotations

from django.urls import path

from claims.feeds import inbox, views

urlpatterns = [
    path("feeds/claimreview.json", views.claimreview, name="feed-claimreview"),
    path("feeds/feed.json", views.json_feed, name="feed-json"),
    path("feeds/atom.xml", views.atom_feed, name="feed-atom"),
    path("feeds/rss.xml", views.rss_feed, name="feed-rss"),
    path("feeds/verdicts.csv", views.verdicts_csv, name="feed-csv"),
    path("feeds/verdicts.schema.json", views.csv_schema, name="feed-csv-schema"),
    path("inbox/<str:token>/atom.xml", inbox.inbox_feed, name="inbox-feed"),
]
