"""How long one evidence question takes, beside the bare engine call with the same clauses.

The question is a claim of 18 words in a date window. What is timed is all from the words to sorted hits, once
without and once with the matched terms of each: analysing, asking, rounding, sorting. Milliseconds, median;
the raw call alternates with ours, so that both see the same machine.
"""

from __future__ import annotations

import statistics
import time
from datetime import date
from typing import Any

from benchmarks import passages, raw
from benchmarks.opened import own_engine
from claims.query.build import ClaimText, question
from claims.query.types import Dates, Query

QUESTIONS = 60
LIMIT = 200


def run(size: int = 100_000, engine: str = "embedded") -> dict[str, Any]:
    """Return the median over 60 questions against ``size`` passages, after ten to warm up."""
    window = Dates(date(2020, 6, 1), date(2024, 12, 31))
    ours: list[float] = []
    named: list[float] = []
    bare: list[float] = []
    with own_engine(engine) as (opened, _):
        opened.rebuild(passages.documents(size), batch=1000)
        opened.refresh()
        for at, text in enumerate(passages.claims(QUESTIONS + 10)):
            prepared = Query(frozenset({1}), question(ClaimText(text)).clauses, dates=window)
            call = raw.searcher(opened, prepared, LIMIT)
            call()  # whoever asks a question first pays for reading its postings
            begun = time.perf_counter()
            call()
            between = time.perf_counter()
            opened.search(Query(frozenset({1}), question(ClaimText(text)).clauses, dates=window), LIMIT)
            middle = time.perf_counter()
            opened.search(prepared, LIMIT, matched=True)
            ended = time.perf_counter()
            if at >= 10:
                bare.append(between - begun)
                ours.append(middle - between)
                named.append(ended - middle)
    value, with_terms, alone = (statistics.median(times) * 1000 for times in (ours, named, bare))
    return {
        "name": "search",
        "size": size,
        "engine": engine,
        "value": round(value, 2),
        "unit": "ms",
        "raw": round(alone, 2),
        "ratio": round(value / alone, 2),
        "with_matched_terms": round(with_terms, 2),
        "p95": round(statistics.quantiles(ours, n=20)[-1] * 1000, 2),
    }
