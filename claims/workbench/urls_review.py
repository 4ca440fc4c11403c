"""Addresses of claims, verdicts, approvals, publication, jobs, sources and settings."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
