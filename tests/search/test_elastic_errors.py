"""What goes wrong with Elasticsearch, played by a server of our own: ways to fail, never an answer."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from claims.query.types import Clause, Collection, Field, Query, Ref
from claims.search import elastic as module
from claims.search.elastic import ElasticEngine
from claims.search.engine import Document, Engine, EngineRefused, EngineUnavailable, NotBuilt, Passage

INFO = {"version": {"number": "9.4.3"}}
QUERY = Query(frozenset({1}), (Clause(Field.ALL, "ferri"),))
DOCUMENT = Document(Ref(Collection.DOCUMENTS, 1), 1, 1, "", (Passage(1, "ferry"),))

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
    answer: tuple[int, Any], *, info: Any = INFO, product: str = "Elasticsearch", delay: float = 0.0
) -> Iterator[ElasticEngine]:
    """Offer an engine whose server says who it is and answers everything else with ``answer``."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            status, body = (200, info) if self.path == "/" else answer
            if self.path != "/":
                time.sleep(delay)
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("X-Elastic-Product", product)
            self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=9")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = handle_any

        def log_message(self, *args: Any) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        with ElasticEngine(f"http://127.0.0.1:{httpd.server_address[1]}") as engine:
            yield engine
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


def error(kind: str, reason: str = "because") -> dict[str, Any]:
    return {"error": {"type": kind, "reason": reason, "root_cause": [{"type": kind, "reason": reason}]}}


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
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_unavailable(call: str, status: int) -> None:
    with (
        server((status, error("circuit_breaking_exception", "too much"))) as engine,
        pytest.raises(EngineUnavailable, match="not ready"),
    ):
        CALLS[call](engine)


@pytest.mark.parametrize(("status", "words"), [(401, "credentials"), (403, "do not allow"), (400, "because")])
def test_a_refusal_says_why(status: int, words: str) -> None:
    with server((status, error("security_exception"))) as engine:
        for call in CALLS.values():
            with pytest.raises(EngineRefused, match=words):
                call(engine)


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
        server((200, {}), info={"version": {"number": number}}) as engine,
        pytest.raises(EngineRefused, match=number),
    ):
        engine.put([DOCUMENT])


def test_another_product_is_refused() -> None:
    with (
        server((200, {}), product="Other") as engine,
        pytest.raises(EngineRefused, match="not Elasticsearch"),
    ):
        engine.search(QUERY)


def test_nonsense_is_unavailable() -> None:
    with (
        server((200, b"<html>a proxy's page</html>")) as engine,
        pytest.raises(EngineUnavailable, match="unreadable"),
    ):
        engine.search(QUERY)


@pytest.mark.parametrize(
    "options", [{"url": "not a url"}, {"url": "https://127.0.0.1:1", "ca_certs": "/no/such/file"}]
)
def test_wrong_settings_are_one_clear_refusal(options: dict[str, str]) -> None:
    with pytest.raises(EngineRefused, match=r"address of Elasticsearch|no certificate file"):
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
