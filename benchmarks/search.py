"""How long one evidence question takes, beside the bare engine call with the same clauses.

The question is a claim of 18 words in a date window. What is timed is all from the words to sorted hits, once
without and once with the matched terms of each: analysing, asking, rounding, sorting. Milliseconds, median;
the raw call alternates with ours, so that both see the same machine. It joins words and filters and counts what it
finds, as an engine does that is told no more; ``raw_uncounted`` is the same call told not to count, as the port tells
it, and ``ratio_uncounted`` the honest reading of the two. ``processor`` has the same in milliseconds of processor (of
Elasticsearch our side alone), which other programs on the machine disturb less.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import archive, passages, raw
from benchmarks.clocks import timed
from benchmarks.opened import own_engine
from claims.query.build import ClaimText, question
from claims.query.types import Dates, Query
from claims.search.engine import Engine

QUESTIONS = 60
WARM = 10
LIMIT = 200


def run(size: int = 100_000, engine: str = "embedded", keep: Path | None = None) -> dict[str, Any]:
    """Return the median over 60 questions against ``size`` passages, after ten to warm up."""
    window = Dates(date(2020, 6, 1), date(2024, 12, 31))
    ours, named, bare, uncounted = _Times(), _Times(), _Times(), _Times()
    with _filled(size, engine, keep) as (opened, number):
        scope = frozenset({number})
        for text in passages.claims(QUESTIONS + WARM):
            prepared = Query(scope, question(ClaimText(text)).clauses, dates=window)
            call = raw.searcher(opened, prepared, LIMIT)
            call()  # whoever asks a question first pays for reading its postings
            bare.of(call)
            uncounted.of(raw.searcher(opened, prepared, LIMIT, counted=False))
            ours.of(_asking(opened, scope, text, window))
            named.of(partial(opened.search, prepared, LIMIT, matched=True))
    value, alone = statistics.median(ours.clock), statistics.median(bare.clock)
    alone_uncounted = statistics.median(uncounted.clock)
    return {
        "name": "search",
        "size": size,
        "engine": engine,
        "value": round(value, 2),
        "unit": "ms",
        "raw": round(alone, 2),
        "ratio": round(value / alone, 2),
        "raw_uncounted": round(alone_uncounted, 2),
        "ratio_uncounted": round(value / alone_uncounted, 2),
        "with_matched_terms": round(statistics.median(named.clock), 2),
        "p95": round(statistics.quantiles(ours.clock, n=20)[-1], 2),
        "processor": {
            "value": round(statistics.median(ours.processor), 2),
            "raw": round(statistics.median(bare.processor), 2),
            "raw_uncounted": round(statistics.median(uncounted.processor), 2),
            "with_matched_terms": round(statistics.median(named.processor), 2),
            "p95": round(statistics.quantiles(ours.processor, n=20)[-1], 2),
            "p95_raw": round(statistics.quantiles(bare.processor, n=20)[-1], 2),
        },
    }


class _Times:
    """What calls took, in milliseconds by the clock and of processor; the first ones warm up and are left out."""

    def __init__(self) -> None:
        self._clock: list[float] = []
        self._processor: list[float] = []

    def of(self, call: Callable[[], Any]) -> None:
        clock, processor = timed(call)
        self._clock.append(clock)
        self._processor.append(processor)

    @property
    def clock(self) -> list[float]:
        return self._clock[WARM:]

    @property
    def processor(self) -> list[float]:
        return self._processor[WARM:]


def _asking(opened: Engine, scope: frozenset[int], text: str, window: Dates) -> Callable[[], Any]:
    return lambda: opened.search(Query(scope, question(ClaimText(text)).clauses, dates=window), LIMIT)


@contextmanager
def _filled(size: int, engine: str, keep: Path | None) -> Iterator[tuple[Engine, int]]:
    """Offer an engine with so many passages, and the number of their archive."""
    if keep is not None:
        with archive.kept_index(size, engine, keep) as kept:
            yield kept
        return
    with own_engine(engine) as (opened, _):
        opened.rebuild(passages.documents(size), batch=1000)
        opened.refresh()
        yield opened, 1
