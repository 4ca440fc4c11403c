"""The engines without our port: what the same work costs when nothing of ours is in between.

Search is the prepared query handed to the engine's own call; writing is prepared records handed to its bulk
call. Preparing them is not timed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import tantivy

from claims.query.types import Query
from claims.search.elastic import PREFERENCE, ElasticEngine
from claims.search.elastic_query import search_body, stored_forms
from claims.search.embedded.commits import HEAP_BYTES
from claims.search.embedded.index import EmbeddedEngine
from claims.search.embedded.questions import SCHEMA, stored_records
from claims.search.embedded.questions import asked as asked_query
from claims.search.engine import Engine, EngineQuestion, IndexedDocument, fetch_size


def searcher(engine: Engine, query: Query, limit: int, *, counted: bool = True) -> Callable[[], Any]:
    """Return a call that does nothing but ask the engine, its answer left as it comes.

    ``counted`` has it count all it finds, as an engine does that is told no more; without, it may pass over what
    cannot be among the best, as the product lets it (ADR 74).
    """
    if isinstance(engine, EmbeddedEngine):
        found = engine._searcher(query.collection)
        asked = asked_query(query)
        return lambda: found.search(asked, limit=fetch_size(limit), count=counted)
    if isinstance(engine, ElasticEngine):
        body = _body(query, limit, counted=counted)
        client, index = engine._client, engine._alias(query.collection)
        return lambda: client.search(index=index, preference=PREFERENCE, **(body or {}))
    raise TypeError(f"no raw call is known for {type(engine).__name__}")


def _body(query: Query, limit: int, *, counted: bool) -> dict[str, Any] | None:
    body = search_body(query, fetch_size(limit), False)
    return body and {**body, "track_total_hits": counted}


def many(engine: Engine, asked: Sequence[EngineQuestion], *, counted: bool = True) -> Callable[[], Any]:
    """Return a call that asks the engine many prepared questions, its answers left as they come."""
    if isinstance(engine, EmbeddedEngine):
        calls = [
            searcher(engine, one.query, one.limit, counted=counted)
            for one in asked
            if asked_query(one.query) is not None
        ]
        return lambda: [call() for call in calls]
    if isinstance(engine, ElasticEngine):
        lines: list[Any] = []
        for one in asked:
            body = _body(one.query, one.limit, counted=counted)
            if body is not None:
                lines += [{"index": engine._alias(one.query.collection), "preference": PREFERENCE}, body]
        client = engine._client
        return lambda: client.msearch(searches=lines) if lines else None
    raise TypeError(f"no raw call is known for {type(engine).__name__}")


def write(
    engine: Engine, documents: Sequence[IndexedDocument], folder: Path, batch: int
) -> tuple[float, float]:
    """Write prepared records by the engine's own bulk call; returns the seconds it took, by the clock and of ours."""
    if isinstance(engine, EmbeddedEngine):
        rows = [list(stored_records(document)) for document in documents]
        folder.mkdir(parents=True)
        begun, before = time.perf_counter(), time.process_time()
        writer = tantivy.Index(SCHEMA, path=str(folder)).writer(heap_size=HEAP_BYTES, num_threads=1)
        for start in range(0, len(rows), batch):
            for row in rows[start : start + batch]:
                for record in row:
                    writer.add_document(record)
            writer.commit()
        writer.wait_merging_threads()
        return time.perf_counter() - begun, time.process_time() - before
    if isinstance(engine, ElasticEngine):
        target = engine.open_target()
        index = f"{engine._prefix}-documents-{target}"
        lines = [
            [
                line
                for place, record in enumerate(stored_forms(document))
                for line in ({"index": {"_id": f"{document.ref.id}:{place}"}}, record)
            ]
            for document in documents
        ]
        client = engine._client.options(request_timeout=60)
        begun, before = time.perf_counter(), time.process_time()
        for start in range(0, len(lines), batch):
            client.bulk(
                index=index, operations=[line for row in lines[start : start + batch] for line in row]
            )
        seconds = time.perf_counter() - begun, time.process_time() - before
        engine.drop(target)
        return seconds
    raise TypeError(f"no raw call is known for {type(engine).__name__}")
