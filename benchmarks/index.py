"""How fast passages are indexed, beside the engine's own bulk call with the same records ready made.

What is timed is a put in batches as the indexing job does it: reading what is stored, analysing, writing,
committing. Passages a second; ``processor`` and its ratio are milliseconds of ours for a thousand passages, which other
programs on the machine disturb less than the clock (of Elasticsearch they are our side alone).
"""

from __future__ import annotations

import time
from typing import Any

from benchmarks import passages, raw
from benchmarks.opened import own_engine

BATCH = 500


def run(size: int = 20_000, engine: str = "embedded") -> dict[str, Any]:
    """Return the rate for ``size`` passages in batches of 500 documents."""
    documents = list(passages.documents(size))
    with own_engine(engine) as (opened, folder):
        begun, before = time.perf_counter(), time.process_time()
        for start in range(0, len(documents), BATCH):
            opened.put(documents[start : start + BATCH])
        seconds, computed = time.perf_counter() - begun, time.process_time() - before
        alone, computed_alone = raw.write(opened, documents, folder / "raw", BATCH)
    count = sum(len(document.passages) for document in documents)
    return {
        "name": "index",
        "size": size,
        "engine": engine,
        "value": round(count / seconds),
        "unit": "passages/s",
        "raw": round(count / alone),
        "ratio": round(alone / seconds, 2),
        "processor": round(computed * 1e6 / count, 1),
        "processor_raw": round(computed_alone * 1e6 / count, 1),
        "ratio_processor": round(computed_alone / computed, 2),
    }
