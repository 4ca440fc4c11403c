"""How long a batch of 500 new passages takes to be matched against all watched claims, beside the engine's way.

``value`` is analysing the passages and matching them with ``size`` claims, in seconds, the best of three; the claims
were entered before, once. ``raw`` asks an index in memory that holds the batch (tantivy) each claim's prepared
question. Every tenth passage holds most of the words of a claim, so that something is found. What is found is then
searched for, which is no part of this.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from typing import Any

import tantivy

from benchmarks import passages
from claims.query.analysis import distinct, terms
from claims.query.build import ClaimText, question, words_of
from claims.query.types import Frequencies, Query
from claims.relevance.watching import ClaimIndex
from claims.search.embedded.commits import HEAP_BYTES
from claims.search.embedded.questions import SCHEMA, stored_records
from claims.search.embedded.questions import asked as asked_query
from claims.search.engine import IndexedDocument, IndexedPassage

BATCH = 500
#: So many passages tell how rare words are.
KNOWN = 20_000


def run(size: int = 10_000) -> dict[str, Any]:
    """Return the seconds for 500 passages against ``size`` claims."""
    dice = random.Random(3)
    asked = passages.claims(size)
    documents = [_about(one, dice.choice(asked), dice) for one in passages.documents(BATCH, seed=4)]
    counted: Counter[str] = Counter()
    for document in passages.documents(KNOWN):
        for passage in document.passages:
            counted.update(set(terms(passage.text)))
    begun = time.perf_counter()
    index = ClaimIndex(Frequencies(KNOWN, counted))
    for number, text in enumerate(asked):
        index.add(number, words_of(text))
    entered = time.perf_counter() - begun
    times, processor, found = [], [], 0
    for _ in range(3):
        begun, used = time.perf_counter(), time.process_time()
        read = [
            (passage.id, distinct(terms(f"{document.title}\n{passage.text}")))
            for document in documents
            for passage in document.passages
        ]
        found = len(index.match(read))
        times.append(time.perf_counter() - begun)
        processor.append(time.process_time() - used)
    raw = _engine(documents, [question(ClaimText(text)).clauses for text in asked])
    value = min(times)
    return {
        "name": "standing",
        "size": size,
        "engine": "embedded",
        "value": round(value, 3),
        "unit": "s",
        "raw": round(raw, 3),
        "ratio": round(value / raw, 2),
        "processor": round(min(processor), 3),
        "passages": len(read),
        "candidates": found,
        "claims_entered_in_seconds": round(entered, 2),
    }


def _about(document: IndexedDocument, claim: str, dice: random.Random) -> IndexedDocument:
    """Return a document whose last passage, of every second one, holds most words of a claim."""
    *first, last = document.passages
    if document.ref.id % 2:
        return document
    words = [word for word in claim.split() if dice.random() < 0.8]
    told = IndexedPassage(last.id, " ".join([last.text, *words]))
    return IndexedDocument(document.ref, document.version, document.archive, document.title, (*first, told))


def _engine(documents: list[IndexedDocument], clauses: list[Any]) -> float:
    index = tantivy.Index(SCHEMA)
    writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
    queries = [asked_query(Query(frozenset({1}), one)) for one in clauses]
    records = [record for document in documents for record in stored_records(document)]
    begun = time.perf_counter()
    for record in records:
        writer.add_document(record)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    for query in queries:
        if query is not None:
            searcher.search(query, limit=10, count=False)
    return time.perf_counter() - begun
