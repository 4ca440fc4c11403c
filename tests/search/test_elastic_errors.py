"""What goes wrong with Elasticsearch, played by a server of our own: ways to fail, never an answer."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from claims.query.types import Clause, Collection, Field, Query, Ref
from claims.search import elastic as module
from claims.search.elastic import ElasticEngine
from claims.search.engine import (
    Engine,
    EngineMisconfigured,
    EngineRefused,
    EngineUnavailable,
    IndexedDocument,
    IndexedPassage,
    NotBuilt,
)
from tests.search.elastic_server import INFO, Played, error, playing

QUERY = Query(frozenset({1}), (Clause(Field.ALL, "ferri"),))
DOCUMENT = IndexedDocument(Ref(Collection.DOCUMENTS, 1), 1, 1, "", (IndexedPassage(1, "ferry"),))

CALLS: dict[str, Callable[[Engine], Any]] = {
    "search": lambda engine: engine.search(QUERY),
    "msearch": lambda engine: engine.msearch([QUERY]),
    "count": lambda engine: engine.count(QUERY),
    "put": lambda engine: engine.put([DOCUMENT]),
    "remove": lambda engine: engine.remove([(DOCUMENT.ref, 1)]),
    "versions": lambda engine: list(engine.versions(Collection.DOCUMENTS)),
    "frequencies": lambda engine: engine.document_frequencies(["ferri"]),
    "refresh": lambda engine: engine.refresh(),
    "ensure": lambda engine: engine.ensure(),
    "status": lambda engine: engine.status(),
    "targets": lambda engine: engine.targets(),
}


@contextmanager
def server(
    answer: tuple[int, Any],
    *,
    info: tuple[int, Any] = (200, INFO),
    product: str = "Elasticsearch",
    delay: float = 0.0,
) -> Iterator[ElasticEngine]:
    """Offer an engine whose server says who it is and answers everything else with ``answer``."""
    with playing(Played(answer, info, product, delay)) as played, ElasticEngine(played.url) as engine:
        yield engine


@pytest.mark.parametrize("call", CALLS)
def test_nobody_listens(call: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with ElasticEngine(f"http://127.0.0.1:{port}") as engine:
        with pytest.raises(EngineUnavailable, match="cannot be reached"):
            CALLS[call](engine)
        assert not engine.ping()


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_busy_server_is_unavailable(call: str, status: int) -> None:
    with (
        server((status, error("circuit_breaking_exception", "too much"))) as engine,
        pytest.raises(EngineUnavailable, match="not ready"),
    ):
        CALLS[call](engine)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(("status", "words"), [(401, "credentials"), (403, "do not allow")])
def test_refused_credentials_say_nothing_about_the_question(call: str, status: int, words: str) -> None:
    with (
        server((status, error("security_exception"))) as engine,
        pytest.raises(EngineMisconfigured, match=words),
    ):
        CALLS[call](engine)


@pytest.mark.parametrize(("status", "words"), [(401, "credentials"), (503, "not ready")])
def test_a_greeting_that_fails_is_no_refusal_either(status: int, words: str) -> None:
    with (
        server((200, {}), info=(status, error("any"))) as engine,
        pytest.raises(EngineUnavailable, match=words),
    ):
        engine.search(QUERY)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, "cluster_block_exception"),
        (400, "index_closed_exception"),
        (404, "search_context_missing_exception"),
        (404, "no_shard_available_action_exception"),
    ],
)
def test_an_index_that_is_shut_for_now_is_unavailable(status: int, kind: str) -> None:
    with server((status, error(kind))) as engine, pytest.raises(EngineUnavailable, match="not ready"):
        engine.search(QUERY)


@pytest.mark.parametrize("status", [400, 404, 405, 413])
@pytest.mark.parametrize("body", [b"<html>a proxy's page</html>", {"error": "no upstream"}, {}, b""])
def test_a_proxy_that_answers_in_its_place_refuses_nothing(status: int, body: Any) -> None:
    with server((status, body), product="") as engine, pytest.raises(EngineUnavailable):
        engine.search(QUERY)


@pytest.mark.parametrize("status", [400, 404, 413])
def test_a_wrong_question_is_refused_and_says_why(status: int) -> None:
    with server((status, error("parsing_exception"))) as engine:
        for call in CALLS.values():
            with pytest.raises(EngineRefused, match="because"):
                call(engine)


HOLES = {"took": 1, "timed_out": False, "_shards": {"total": 1, "successful": 0, "failed": 1}}
CUT_OFF = {"took": 1, "timed_out": True, "_shards": {"total": 1, "successful": 1, "failed": 0}}
NO_HITS = {"hits": {"total": {"value": 0}, "hits": []}, "count": 0, "pit_id": "p", "id": "p"}


@pytest.mark.parametrize(
    ("call", "holes"),
    [(call, HOLES) for call in ("search", "msearch", "count", "versions")]
    + [(call, CUT_OFF) for call in ("search", "msearch", "versions")],
)
def test_an_answer_for_a_part_of_the_index_is_no_answer(call: str, holes: dict[str, Any]) -> None:
    part = {**NO_HITS, **holes}
    with (
        server((200, {**part, "responses": [part]})) as engine,
        pytest.raises(EngineUnavailable, match="part of the index"),
    ):
        CALLS[call](engine)


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        (429, "es_rejected_execution_exception", EngineUnavailable),
        (401, "security_exception", EngineMisconfigured),
        (403, "security_exception", EngineMisconfigured),
        (503, "search_phase_execution_exception", EngineUnavailable),
        (404, "index_not_found_exception", NotBuilt),
        (400, "parsing_exception", EngineRefused),
    ],
)
def test_one_of_many_questions_fails_as_a_single_one_does(
    status: int, kind: str, expected: type[Exception]
) -> None:
    answers = {"responses": [{"status": status, **error(kind)}]}
    with server((200, answers)) as engine, pytest.raises(expected):
        engine.msearch([QUERY])


def test_one_object_we_may_not_read_is_a_matter_of_credentials() -> None:
    refused = {"docs": [{"_id": "1:0", **error("security_exception")}]}
    with server((200, refused)) as engine, pytest.raises(EngineMisconfigured, match="do not allow"):
        engine.put([DOCUMENT])


@pytest.mark.parametrize(
    ("info", "words"),
    [
        ((401, error("security_exception")), "refused the credentials"),
        ((503, error("any", "no master")), "no master"),
        ((200, b"<html>welcome</html>"), "not Elasticsearch"),
    ],
)
def test_a_probe_learns_what_the_trouble_is(info: tuple[int, Any], words: str) -> None:
    with server((200, {}), info=info) as engine:
        assert words in engine.trouble()
        assert not engine.ping()
    with server((200, {})) as engine:
        assert (engine.trouble(), engine.ping()) == ("", True)


def test_a_missing_index_has_not_been_built() -> None:
    with server((404, error("index_not_found_exception"))) as engine:
        for name in ("search", "count", "frequencies", "versions"):
            with pytest.raises(NotBuilt):
                CALLS[name](engine)


def test_a_silent_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SEARCH_SECONDS", 0.2)
    with server((200, {}), delay=1.0) as engine, pytest.raises(EngineUnavailable, match="in time"):
        CALLS["search"](engine)


@pytest.mark.parametrize("number", ["8.19.0", "10.0.1"])
def test_another_major_version_is_refused_before_anything_is_asked(number: str) -> None:
    with (
        server((200, {}), info=(200, {"version": {"number": number}})) as engine,
        pytest.raises(EngineMisconfigured, match=number),
    ):
        engine.put([DOCUMENT])


def test_another_product_is_refused() -> None:
    with (
        server((200, {}), product="Other") as engine,
        pytest.raises(EngineMisconfigured, match="not Elasticsearch"),
    ):
        engine.search(QUERY)


@pytest.mark.parametrize("call", ["search", "msearch", "count", "frequencies", "versions", "put"])
def test_a_page_in_place_of_an_answer_is_unavailable(call: str) -> None:
    with server((200, b"<html>we are moving</html>")) as engine:
        with engine._ready():
            pass  # it was Elasticsearch when we came
        with pytest.raises(EngineMisconfigured, match="not Elasticsearch"):
            CALLS[call](engine)


def test_nonsense_is_unavailable() -> None:
    with (
        server((200, b"not even JSON")) as engine,
        pytest.raises(EngineUnavailable, match="unreadable"),
    ):
        engine.search(QUERY)


@pytest.mark.parametrize(
    "options", [{"url": "not a url"}, {"url": "https://127.0.0.1:1", "ca_certs": "/no/such/file"}]
)
def test_wrong_settings_are_one_clear_refusal(options: dict[str, str]) -> None:
    with pytest.raises(EngineMisconfigured, match=r"address of Elasticsearch|no certificate file"):
        ElasticEngine(**options)


def test_one_failing_passage_fails_its_document() -> None:
    items = [{"index": {"_id": "1:0", "status": 400, "error": {"reason": "field too long"}}}]
    both = {"docs": [{"_id": "1:0", "found": False}], "items": items}
    with server((200, both)) as engine:
        (outcome,) = engine.put([DOCUMENT])
    assert (outcome.done, outcome.reason) == ("failed", "field too long")


def test_losing_against_a_newer_version_is_stale() -> None:
    items = [{"index": {"_id": "1:0", "status": 409, "error": {"reason": "version conflict"}}}]
    both = {"docs": [{"_id": "1:0", "found": False}], "items": items}
    with server((200, both)) as engine:
        (outcome,) = engine.put([DOCUMENT])
    assert outcome.done == "stale"
