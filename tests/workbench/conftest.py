"""Pages are tested without collected static files, and by people who are signed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import SettingsWrapper

from claims.models import User


@pytest.fixture(autouse=True)
def _plain_static_files(settings: SettingsWrapper) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    cache.clear()


@pytest.fixture
def browser_of(db: None) -> Callable[..., Client]:
    """Return a function that gives a client in which somebody is signed in; ``None`` is a visitor."""

    def made(user: User | None = None, *, strict: bool = False) -> Client:
        client = Client(enforce_csrf_checks=strict)
        if user is not None:
            client.force_login(user)
        return client

    return made
