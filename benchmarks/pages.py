"""How long do the queue and a claim page take with ``size`` claims at the desk, beside their SQL alone?

The queue shows its first page; the claim has 40 rows of evidence. Median of 20 requests through the whole of
Django in this process, templates included, after three to warm up. ``value`` is the slower of the two in
milliseconds; ``raw`` is the same page's statements, sent again one after the other on the same connection. On
SQLite, which works inside this process, its CPU time is taken, so that others on the machine weigh less.
``queries`` are counted at a tenth of the claims and again at all of them: they must not grow.
With ``--desk`` every page of that desk is visited instead, in the database at hand (``visits``).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from benchmarks import visits
from benchmarks.throwaway import Installation, claims, installation, use_plain_static_names
from factcheck.settled import settle

EVIDENCE = 40
TIMES = 20
Statements = list[tuple[str, Any]]


def run(size: int = 2_000, desk: str = "", times: int = 20) -> dict[str, Any]:
    """Return the slower page's median in milliseconds; of a ``desk`` that is there, what every page of it takes."""
    if desk:
        return visits.run(desk, times)
    with installation() as place:
        use_plain_static_names()
        settle()
        first = claims(place, max(1, size // 10))
        _with_evidence(place, first[0])
        pages = {
            "queue": reverse("queue", args=[place.desk.slug]),
            "claim": reverse("claim", args=[first[0].pk]),
        }
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(place.person)
        few = {name: len(_statements(client, address)) for name, address in pages.items()}
        claims(place, size - len(first))
        measured = {name: _measure(client, address) for name, address in pages.items()}
    slowest = max(measured, key=lambda name: measured[name]["ms"])
    return {
        "name": "pages",
        "size": size,
        "engine": connection.vendor,
        "value": measured[slowest]["ms"],
        "unit": "ms",
        "raw": measured[slowest]["sql_ms"],
        "ratio": round(measured[slowest]["ms"] / measured[slowest]["sql_ms"], 2),
        **{name: {**figures, "queries_at_a_tenth": few[name]} for name, figures in measured.items()},
    }


def _with_evidence(place: Installation, claim: Any) -> None:
    from claims.actions.evidence.decisions import add_quotation

    with transaction.atomic():
        for number in range(EVIDENCE):
            add_quotation(
                actor=place.person,
                claim=claim,
                quotation=f"The counter on the bridge showed {number * 211 + 500} cars on that day.",
                source_title=f"Yearbook of the roads office, volume {number}",
                source_date="2025",
            )


def _measure(client: Client, address: str) -> dict[str, Any]:
    statements = _statements(client, address)
    for _ in range(3):
        _get(client, address)
    whole = _median(lambda: _get(client, address))
    with connection.cursor() as cursor:

        def ask() -> None:
            for sql, parameters in statements:
                cursor.execute(sql, parameters)
                cursor.fetchall()

        alone = _median(ask)
    size = len(_get(client, address))
    return {"ms": whole, "sql_ms": alone, "queries": len(statements), "kilobytes": round(size / 1000, 1)}


def _get(client: Client, address: str) -> bytes:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered with status {response.status_code}.")
    return bytes(response.content)


def _statements(client: Client, address: str) -> Statements:
    """Return what a page reads; what it writes (the session) is no part of it."""
    seen: Statements = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.startswith("SELECT"):
            seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        _get(client, address)
    return seen


def _median(work: Callable[[], object]) -> float:
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    times = []
    for _ in range(TIMES):
        begun = clock()
        work()
        times.append((clock() - begun) * 1000)
    return round(statistics.median(times), 2)
