"""Two engines between which an installation can be switched, and articles to write to them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from claims.actions.indexing import comparing, engines, outbox
from claims.search.elastic import ElasticEngine
from claims.search.embedded import EmbeddedEngine
from claims.search.engine import Engine
from tests.search.conftest import elastic_options


class Twin(EmbeddedEngine):
    """A second engine for runs without services: the same files elsewhere, under the other engine's name."""

    name = "elasticsearch"


class Installation:
    """What the settings say the installation searches with."""

    def __init__(self, both: dict[str, Engine], monkeypatch: pytest.MonkeyPatch) -> None:
        self.both = both
        self._patch = monkeypatch

    def use(self, name: str) -> Engine:
        """Switch to an engine, as a change of the settings and a restart would."""
        self._patch.setattr(settings, "SEARCH_ENGINE", name)
        self._patch.setattr(engines, "_engine", lambda *, writable: self.both[name])
        return self.both[name]


@contextmanager
def two_engines(kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """Offer an installation with an embedded engine and another one: ``twin`` or a real ``elasticsearch``."""
    other: Engine
    if kind == "twin":
        other = Twin(folder / "other")
    else:
        other = ElasticEngine(**elastic_options(), prefix=f"test-{secrets.token_hex(4)}")
    installation = Installation(
        {"embedded": EmbeddedEngine(folder / "own"), "elasticsearch": other}, monkeypatch
    )
    installation.use("embedded")
    try:
        yield installation
    finally:
        for engine in installation.both.values():
            engine.erase()
            engine.close()


BOTH_KINDS = ["twin", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


def differences() -> dict[str, list[str]]:
    """Return how the engine in use differs from the rows, leaving out the kinds without a difference."""
    return {kind: labels for kind, labels in comparing.compare().items() if labels}


def something_waits() -> bool:
    """Tell whether anything still has to be written for the engine in use, now or later."""
    return outbox.due_at(now=timezone.now()) is not None
