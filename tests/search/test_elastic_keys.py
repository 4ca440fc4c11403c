"""Keys that docs/how-to/production.md recommends: one only reads, one writes, both only the project's indexes."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from claims.query.types import Clause, Collection, Field, Query, Ref
from claims.search.elastic import ElasticEngine
from claims.search.engine import Done, EngineMisconfigured, IndexedDocument, IndexedPassage
from tests.search.conftest import elastic_options

pytestmark = pytest.mark.elasticsearch

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "production.md"
QUERY = Query(frozenset({1}), (Clause(Field.ALL, "ferri"),))
DOCUMENT = IndexedDocument(
    Ref(Collection.DOCUMENTS, 1), 1, 1, "Ferry", (IndexedPassage(1, "The ferry sails."),)
)
NEWER = IndexedDocument(Ref(Collection.DOCUMENTS, 2), 1, 1, "Ferry", (IndexedPassage(2, "The ferry waits."),))

READS: dict[str, Callable[[ElasticEngine], Any]] = {
    "search": lambda engine: engine.search(QUERY, matched=True),
    "msearch": lambda engine: engine.msearch([QUERY]),
    "count": lambda engine: engine.count(QUERY),
    "frequencies": lambda engine: engine.document_frequencies(["ferri"]),
    "versions": lambda engine: list(engine.versions(Collection.DOCUMENTS)),
    "status": lambda engine: engine.status(),
    "current": lambda engine: engine.current(),
    "targets": lambda engine: engine.targets(),
}
WRITES: dict[str, Callable[[ElasticEngine], Any]] = {
    "put": lambda engine: engine.put([NEWER]),
    "open": lambda engine: engine.open_target(),
    "switch": lambda engine: engine.switch(engine.targets()[0]),
    "rebuild": lambda engine: engine.rebuild([DOCUMENT, NEWER]),
    "erase": lambda engine: engine.erase(),
}


def recommended(prefix: str) -> dict[str, dict[str, Any]]:
    """Return the bodies of the page's requests for keys, by the name of the key, for another prefix."""
    text = PAGE.read_text("utf-8").replace("factcheck-*", f"{prefix}-*")
    bodies = re.findall(r"^POST /_security/api_key\n(\{.*?\}\}\})$", text, re.DOTALL | re.MULTILINE)
    return {body["name"]: body for body in map(json.loads, bodies)}


@pytest.fixture(scope="module")
def prefix() -> Iterator[str]:
    name = f"keys-{secrets.token_hex(4)}"
    with ElasticEngine(**elastic_options(), prefix=name) as engine:
        engine.ensure()
        engine.put([DOCUMENT])
        engine.refresh()
        yield name
        engine.erase()


@pytest.fixture(scope="module")
def key(prefix: str) -> Iterator[Callable[[str], str]]:
    options = elastic_options()
    made: list[str] = []
    client = Elasticsearch(
        options["url"],
        basic_auth=(options["user"], options["password"]),
        ca_certs=options["ca_certs"],
    )

    def make(name: str) -> str:
        answer = client.security.create_api_key(**recommended(prefix)[name])
        made.append(answer["id"])
        return str(answer["encoded"])

    with client:
        yield make
        client.security.invalidate_api_key(ids=made)


def engine_with(key: str, prefix: str) -> ElasticEngine:
    options = elastic_options()
    return ElasticEngine(options["url"], ca_certs=options["ca_certs"], api_key=key, prefix=prefix)


def test_the_reading_key_reads_everything_and_writes_nothing(key: Callable[[str], str], prefix: str) -> None:
    with engine_with(key("factcheck-web"), prefix) as engine:
        assert engine.ping()
        for name, call in READS.items():
            assert call(engine) is not None, name
        assert [hit.ref.id for hit in engine.search(QUERY).hits] == [1]
        for call in WRITES.values():
            with pytest.raises(EngineMisconfigured, match="do not allow"):
                call(engine)
        with pytest.raises(EngineMisconfigured, match="do not allow"):
            engine.remove([(DOCUMENT.ref, 1)])
        assert engine.count(QUERY).documents == 1


def test_the_writing_key_does_the_whole_work_of_the_index(key: Callable[[str], str], prefix: str) -> None:
    own = f"{prefix}-work"
    with engine_with(key("factcheck-worker"), own) as engine:
        engine.ensure()
        assert [out.done for out in engine.put([DOCUMENT, NEWER])] == [Done.STORED, Done.STORED]
        engine.refresh()
        assert engine.count(QUERY).documents == 2
        assert [out.done for out in engine.remove([(NEWER.ref, 1)])] == [Done.REMOVED]
        for name, call in READS.items():
            assert call(engine) is not None, name
        for call in WRITES.values():
            call(engine)
        assert engine.targets() == []


@pytest.mark.parametrize("name", ["factcheck-web", "factcheck-worker"])
def test_a_key_opens_no_other_installations_indexes(
    name: str, key: Callable[[str], str], prefix: str
) -> None:
    other = f"other-{secrets.token_hex(4)}"
    with ElasticEngine(**elastic_options(), prefix=other) as owner:
        owner.ensure()
        try:
            with engine_with(key(name), other) as engine:
                for call in (READS["search"], READS["count"], WRITES["put"]):
                    with pytest.raises(EngineMisconfigured, match="do not allow"):
                        call(engine)
        finally:
            owner.erase()


def test_a_key_that_was_withdrawn_is_refused_as_credentials(key: Callable[[str], str], prefix: str) -> None:
    with engine_with("bm9ib2R5Om5vdGhpbmc=", prefix) as engine:
        with pytest.raises(EngineMisconfigured, match="refused the credentials"):
            engine.search(QUERY)
        assert not engine.ping()
