"""Pages are tested without collected static files, and by people who are signed in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from claims.models import User


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # WhiteNoise warns about a folder that is not there.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
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
