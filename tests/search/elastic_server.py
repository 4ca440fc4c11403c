"""A server that plays Elasticsearch failing: it says who it is, and answers everything else as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

JSON = "application/vnd.elasticsearch+json;compatible-with=9"
INFO = {"version": {"number": "9.4.3"}}


@dataclass
class Played:
    """What is answered; may be changed while the server runs. ``asked`` counts requests but the greeting."""

    answer: tuple[int, Any]
    info: tuple[int, Any] = (200, INFO)
    product: str = "Elasticsearch"
    delay: float = 0.0
    url: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def playing(played: Played) -> Iterator[Played]:
    """Run the server on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            status, body = played.info if self.path == "/" else played.answer
            if self.path != "/":
                played.asked.append(self.path)
                time.sleep(played.delay)
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            if played.product:
                self.send_header("X-Elastic-Product", played.product)
            page = raw.startswith(b"<html")
            self.send_header("Content-Type", "text/html" if page else JSON)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            with suppress(BrokenPipeError):  # the client has given up
                self.wfile.write(raw)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = handle_any

        def log_message(self, *args: Any) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    played.url = f"http://127.0.0.1:{httpd.server_address[1]}"
    try:
        yield played
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


def error(kind: str, reason: str = "because") -> dict[str, Any]:
    """Return the body of an error as Elasticsearch writes it."""
    return {"error": {"type": kind, "reason": reason, "root_cause": [{"type": kind, "reason": reason}]}}
