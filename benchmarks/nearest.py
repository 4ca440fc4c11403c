"""How long a question by meaning takes: every vector of an archive compared, within the filters of a desk.

``value`` is one question for the 200 nearest of ``size`` passages, in milliseconds, median; once among all of them,
once where a language leaves a hundredth (``few``). ``raw`` multiplies the same vectors as they lie in memory, as
float32, and picks the 200 best: no filters, twice the memory. Vectors are drawn at random, texts are two words.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.opened import own_engine
from claims.query.types import Collection, Query, Ref
from claims.search.engine import VECTOR_WIDTH, IndexedDocument, IndexedPassage

QUESTIONS = 20
LIMIT = 200
#: So many passages a document has, and one document in so many is in the other language.
PASSAGES, RARE = 10, 100


def run(size: int = 100_000, engine: str = "embedded") -> dict[str, Any]:
    """Return the median over 20 questions against ``size`` passages, after two to warm up."""
    drawn = np.random.default_rng(5)
    vectors = drawn.normal(size=(size, VECTOR_WIDTH)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    asked = drawn.normal(size=(QUESTIONS + 2, VECTOR_WIDTH)).astype(np.float32)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    with own_engine(engine) as (opened, _):
        begun = time.perf_counter()
        opened.rebuild(_documents(vectors), batch=1_000)
        opened.refresh()
        filled = time.perf_counter() - begun
        questions = [Query(frozenset({1}), vector=tuple(one.tolist())) for one in asked]
        few = [
            Query(frozenset({1}), languages=("de",), vector=tuple(one.tolist()))
            for one in asked[: len(asked)]
        ]
        used = time.process_time()
        ours = _timed([lambda one=one: opened.nearest([one], LIMIT) for one in questions])
        processor = (time.process_time() - used) / len(questions)
        rare = _timed([lambda one=one: opened.nearest([one], LIMIT) for one in few])
    bare = _timed([lambda one=one: np.argpartition(vectors @ one, -min(LIMIT, size)) for one in asked])
    return {
        "name": "nearest",
        "size": size,
        "engine": engine,
        "value": round(statistics.median(ours), 2),
        "unit": "ms",
        "raw": round(statistics.median(bare), 2),
        "ratio": round(statistics.median(ours) / statistics.median(bare), 2),
        "few": round(statistics.median(rare), 2),
        "p95": round(statistics.quantiles(ours, n=20)[-1], 2),
        "processor": round(processor * 1000, 2),
        "filled_in_seconds": round(filled, 1),
        "resident_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _timed(calls: list[Callable[[], object]]) -> list[float]:
    """Return milliseconds of each call but the first two."""
    times = []
    for call in calls:
        begun = time.perf_counter()
        call()
        times.append((time.perf_counter() - begun) * 1000)
    return times[2:]


def _documents(vectors: np.ndarray[Any, np.dtype[np.float32]]) -> Iterator[IndexedDocument]:
    for at in range(0, len(vectors), PASSAGES):
        number = at // PASSAGES + 1
        passages = tuple(
            IndexedPassage(at + place + 1, "two words", vector.astype("<f2").tobytes())
            for place, vector in enumerate(vectors[at : at + PASSAGES])
        )
        language = "de" if number % RARE == 0 else "en"
        yield IndexedDocument(
            Ref(Collection.DOCUMENTS, number), 1, 1, f"Number {number}", passages, language=language
        )
