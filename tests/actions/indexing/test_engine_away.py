"""An engine that is gone, full or read-only while many articles come in: nothing is lost, and nothing differs after."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from claims.actions.documents.batches import store_all
from claims.actions.documents.coming import coming
from claims.actions.indexing import engines, outbox
from claims.intake.types import Extracted
from claims.models import Document, IndexDue, Job
from claims.query.types import Collection
from claims.search.elastic import ElasticEngine
from claims.search.engine import Engine, EngineBusy, EngineUnavailable, OutOfSpace
from tests.actions.indexing.engines_of_tests import Installation, differences, something_waits, two_engines
from tests.builders import HARBOUR
from tests.jobs.live.redis_gate import RedisGate
from tests.people import Cast
from tests.search.conftest import elastic_options

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 60


@pytest.fixture(params=["twin", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def installation(
    request: pytest.FixtureRequest, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    monkeypatch.setattr(outbox, "LOOK_EVERY", 0.0)
    with two_engines(request.param, tmp_path, monkeypatch) as both:
        yield both


def come_in(cast: Cast, begin: int, count: int) -> None:
    """Store articles as the import does, twenty in a transaction."""
    for at in range(begin, begin + count, 20):
        batch = [
            coming(extracted=Extracted(text=f"{HARBOUR}\n\nEdition {number}."))
            for number in range(at, min(at + 20, begin + count))
        ]
        store_all(batch, actor=None, desk=cast.desk, queue="")


def trouble(engine: Engine, monkeypatch: pytest.MonkeyPatch, error: Exception) -> list[int]:
    """Let every write fail; returns a list that counts how often one was tried."""
    asked: list[int] = []

    def refuse(*_given: Any, **_named: Any) -> Any:
        asked.append(1)
        raise error

    monkeypatch.setattr(engine, "put", refuse)
    monkeypatch.setattr(engine, "reachable", lambda: not isinstance(error, EngineUnavailable))
    return asked


@pytest.mark.parametrize(
    "error",
    [
        EngineUnavailable("Elasticsearch cannot be reached"),
        EngineBusy("index blocked: FORBIDDEN/12/index read-only"),
        OutOfSpace("the disk is full"),
    ],
    ids=["gone", "read-only", "full"],
)
def test_what_comes_in_meanwhile_is_written_when_it_is_back(
    cast: Cast,
    drain: Callable[..., int],
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    engine = installation.use("elasticsearch")
    come_in(cast, 0, 10)
    drain("index")
    with monkeypatch.context() as away:
        asked = trouble(engine, away, error)
        come_in(cast, 10, MANY)
        drain("index")
        assert 1 <= len(asked) <= 12, "a server in trouble is not asked for every object"
        assert str(error) in Job.objects.filter(kind="index").latest("id").error
        assert something_waits()
    assert not IndexDue.objects.filter(given_up=True).exists()
    assert Document.objects.count() == 10 + MANY

    outbox.try_again(actor=None)
    outbox.hasten(now=timezone.now())
    drain("index")
    assert differences() == {}
    assert sum(1 for _one in engines.reader().versions(Collection.DOCUMENTS)) == 10 + MANY
    assert not something_waits()


@pytest.mark.live
@pytest.mark.elasticsearch
def test_a_thousand_documents_come_in_while_the_server_is_really_gone(
    cast: Cast, drain: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LOOK_EVERY", 0.0)
    options = elastic_options()
    gate = RedisGate(options["url"])
    gate.open()
    engine = ElasticEngine(**{**options, "url": gate.url}, prefix=f"test-{secrets.token_hex(4)}")
    installation = Installation({"elasticsearch": engine}, monkeypatch)
    installation.use("elasticsearch")
    try:
        come_in(cast, 0, 10)
        drain("index")
        assert not something_waits()
        gate.shut()
        for begin in range(10, 1_010, 250):
            come_in(cast, begin, 250)
            outbox.hasten(now=timezone.now())
            drain("index")
        assert something_waits()
        assert Document.objects.count() == 1_010
        gate.open()
        outbox.hasten(now=timezone.now())
        drain("index")
        assert not something_waits()
        assert differences() == {}
        assert sum(1 for _one in engines.reader().versions(Collection.DOCUMENTS)) == 1_010
    finally:
        gate.open()
        engine.erase()
        engine.close()
        gate.shut()
