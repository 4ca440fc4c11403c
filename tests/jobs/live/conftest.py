"""Real workers on the test's own database: their environment, their Redis, and what all live tests count."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from claims.jobs import wakeup
from claims.jobs.kinds import KINDS, JobKind, Queue
from tests.jobs.live.processes import Processes
from tests.jobs.live.redis_gate import RedisGate


def _database_url() -> str:
    """Return the address of the database that this test is on, for another process."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    login = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
    return f"postgres://{login}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


@pytest.fixture
def environment(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    for kind in ("live-count", "live-hang"):
        monkeypatch.setitem(KINDS, kind, JobKind(f"tests.{kind}", Queue.BULK))
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("REDIS", "ELASTICSEARCH"))
    }
    return {
        **kept,
        "FACTCHECK_DATA": str(tmp_path / "data"),
        "DATABASE_URL": _database_url(),
        "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        "PYTHONWARNINGS": "default",
    }


@pytest.fixture
def embedded(environment: dict[str, str], tmp_path: Path) -> Iterator[Processes]:
    """Workers with the broker in their own memory."""
    processes = Processes(environment, tmp_path / "worker.log")
    yield processes
    processes.end()


@pytest.fixture
def gate(worker_id: str) -> Iterator[RedisGate]:
    """A gate to a database of Redis that is this test process's own, empty at the start."""
    import redis

    url = os.environ.get("REDIS_URL") or pytest.skip("REDIS_URL names no Redis")
    number = 8 + int(worker_id.removeprefix("gw") or 0) % 8 if worker_id != "master" else 8
    own = f"{url.rpartition('/')[0]}/{number}"
    with redis.Redis.from_url(own) as client:
        client.flushdb()
    gate = RedisGate(own)
    gate.open()
    yield gate
    gate.shut()
    with redis.Redis.from_url(own) as client:
        client.flushdb()


@pytest.fixture
def worker_id(request: pytest.FixtureRequest) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "master")


@pytest.fixture
def behind_redis(
    environment: dict[str, str], gate: RedisGate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Processes]:
    """Workers behind Redis, and this process sending its wake-ups there as a web process does."""
    monkeypatch.setattr(django_settings, "REDIS_URL", gate.url)
    monkeypatch.setattr(wakeup, "breaker", wakeup.Breaker())
    monkeypatch.setattr(wakeup._sender, "connection", None, raising=False)
    processes = Processes({**environment, "REDIS_URL": gate.url}, tmp_path / "worker.log")
    yield processes
    processes.end()
