"""How often do terms occur? What Elasticsearch said of them, good for as long as its index holds the same.

Counting the terms of ten passages takes Elasticsearch as long as finding them. Every answer tells how many records its
field has, how many terms and how many words in all; whatever is written, or merged away, changes these. Where they are
as they were, terms that were counted before need not be counted again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

#: So many terms are remembered, each for so many seconds at most.
MOST, SECONDS = 100_000, 600.0

Stamp = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class CountedTerms:
    """How many records there are, and how many hold each term, 0 for none; never changed but added to."""

    stamp: Stamp = ()
    records: int = 0
    terms: dict[str, int] = field(default_factory=dict)
    until: float = 0.0

    def missing(self, wanted: Sequence[str]) -> list[str]:
        """Return the terms that have to be counted."""
        if time.monotonic() > self.until:
            return list(wanted)
        return [term for term in wanted if term not in self.terms]

    def with_answer(self, answer: Any, asked: Sequence[str]) -> CountedTerms:
        """Return what is known with the answer to a question for these terms: nothing from before if the index changed.

        Raises KeyError where the answer is none to such a question.
        """
        vector = answer["term_vectors"].get("all", {})
        figures = vector.get("field_statistics", {})
        stamp = answer["_index"], *sorted(figures.items())
        found = vector.get("terms", {})
        counts = {term: int(found.get(term, {}).get("doc_freq", 0)) for term in asked}
        old = stamp != self.stamp or time.monotonic() > self.until or len(self.terms) > MOST
        if old:
            records = max(int(figures.get("doc_count", 0)), 0)
            return CountedTerms(stamp, records, counts, time.monotonic() + SECONDS)
        # Another thread may be reading these; what is added is as true for it.
        self.terms.update(counts)
        return self
