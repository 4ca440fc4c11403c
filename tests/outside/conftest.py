"""Programs of others read what the workbench publishes, over real sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from claims.actions.indexing import engines
from claims.models import User
from tests.people import Cast, make_cast


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
def real_cast(transactional_db: None) -> Cast:
    """Both desks in a database that commits, as threads and sockets need it."""
    return make_cast()


@pytest.fixture
def engine() -> Iterator[None]:
    """An empty index of the embedded engine."""
    engines.close_all()
    engines.writer().ensure()
    yield
    engines.close_all()
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def browser_of(db: None) -> Callable[..., Client]:
    """Return a function that gives a client in which somebody is signed in; ``None`` is a visitor."""

    def made(user: User | None = None, *, strict: bool = False) -> Client:
        client = Client(enforce_csrf_checks=strict)
        if user is not None:
            client.force_login(user)
        return client

    return made
