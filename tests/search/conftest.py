"""Engines for the tests: the embedded one in a new folder, Elasticsearch as the environment names it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from claims.search.elastic import ElasticEngine
from claims.search.embedded import EmbeddedEngine
from claims.search.factory import elasticsearch_settings


def elastic_options() -> dict[str, Any]:
    """Return how to reach Elasticsearch, or skip; fail where FACTCHECK_REQUIRE says it must be there."""
    options: dict[str, Any] = {**elasticsearch_settings(os.environ)}
    del options["prefix"], options["shards"]
    if not options["url"]:
        if "elasticsearch" in os.environ.get("FACTCHECK_REQUIRE", ""):
            pytest.fail("FACTCHECK_REQUIRE names elasticsearch, but ELASTICSEARCH_URL is not set")
        pytest.skip("ELASTICSEARCH_URL is not set (.ci/elasticsearch start; .ci/elasticsearch env)")
    return options


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine(tmp_path_factory.mktemp("index")) as engine:
        engine.ensure()
        yield engine


@pytest.fixture(scope="module")
def elastic() -> Iterator[ElasticEngine]:
    with ElasticEngine(**elastic_options(), prefix=f"test-{secrets.token_hex(4)}") as engine:
        engine.ensure()
        yield engine
        engine.erase()


@pytest.fixture(scope="module")
def elastic_parts() -> Iterator[ElasticEngine]:
    """Elasticsearch with every index in three shards."""
    with ElasticEngine(**elastic_options(), prefix=f"test-{secrets.token_hex(4)}", shards=3) as engine:
        engine.ensure()
        yield engine
        engine.erase()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"
