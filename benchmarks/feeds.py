"""How long does a feed of ``size`` fact checks take to stream, beside writing the payloads as bare JSON?

The DataFeed, the largest of the feeds, read to its end through the whole of Django. ``value`` is milliseconds,
median of five; ``raw`` is ``json.dumps`` of the same stored payloads, already in memory. Beside it: the time to
the first byte, the growth of memory while it streams, the other feeds' first pages and the table.
"""

from __future__ import annotations

import dataclasses
import json
import statistics
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.throwaway import Installation, installation

TIMES = 5
OTHERS = {
    "feed.json": "feed-json",
    "atom.xml": "feed-atom",
    "rss.xml": "feed-rss",
    "verdicts.csv": "feed-csv",
}


def run(size: int = 1_000) -> dict[str, Any]:
    """Return the milliseconds for the DataFeed."""
    with installation() as place:
        payloads = _published(place, size)
        client = Client(SERVER_NAME="127.0.0.1")
        address = reverse("feed-claimreview")
        held = json.loads(_read(client, address))
        found = len(held["dataFeedElement"])
        if found != size:
            raise RuntimeError(f"The feed holds {found} of {size} fact checks.")
        whole = _median(lambda: _read(client, address))
        alone = _median(lambda: [json.dumps(payload) for payload in payloads])
        first = _median(lambda: _first(client, address))
        grown = _grown(client, address)
        others = {name: _median(lambda url=url: _read(client, reverse(url))) for name, url in OTHERS.items()}
    return {
        "name": "feeds",
        "size": size,
        "engine": connection.vendor,
        "value": whole,
        "unit": "ms",
        "raw": alone,
        "ratio": round(whole / alone, 2),
        "first_byte_ms": first,
        "memory_growth_mb": grown,
        "others_ms": others,
    }


def _published(place: Installation, count: int) -> list[dict[str, Any]]:
    """Write releases as publishing does, each of another claim, and return their payloads."""
    from claims.actions.publishing.releases import write_release
    from claims.models import FactCheck, guards
    from tests.exports.checks import check as sample

    now = timezone.now()
    payloads = []
    # Nobody approved these: the guards look away, in a database that is thrown away afterwards.
    with guards.lifted(), transaction.atomic():
        for _number in range(count):
            row = FactCheck.objects.create(desk=place.desk, modified_at=now, first_published_at=now)
            payload = dataclasses.replace(sample(1), id=row.public_id)
            write_release(row, payload, verdict=None, actor=place.person, now=now)
            payloads.append(payload.to_dict())
    return payloads


def _read(client: Client, address: str) -> bytes:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered with status {response.status_code}.")
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


def _first(client: Client, address: str) -> None:
    response = client.get(address)
    next(iter(response.streaming_content))
    response.close()


def _grown(client: Client, address: str) -> float:
    """Return the peak in megabytes while a feed is read piece by piece and thrown away."""
    tracemalloc.start()
    response = client.get(address)
    for _piece in response.streaming_content:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return round(peak / 1e6, 1)


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(times), 1)
