"""Pages are tested by people who are signed in, and nothing is kept of the page before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from claims.models import User


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
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
