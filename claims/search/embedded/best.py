"""Which records answer a question best? Found without its filters where nearly every record passes them.

tantivy joins words and filters record by record, which takes two fifths of a question among a million passages. Where
most of an archive may be found, the words are asked alone, for some more records than are wanted, and what does not
pass is left out of these: the best that pass are the same, with the same scores and in the same order. Where too few
pass, or a filter is one that few records pass, the engine joins them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import tantivy
from tantivy import Occur

from claims.query.types import Query
from claims.search.embedded.commits import OpenedIndex
from claims.search.embedded.counting import in_all, read_by_all
from claims.search.embedded.questions import any_of, marked, narrows, within, words_of
from claims.search.engine import access_marks, day_number

#: Below so many records a question takes less than to look at what it found: at its dates, and at who may read it.
LARGE, VERY_LARGE = 20_000, 300_000
#: The share of records that must bear the marks of a reader at least.
BROAD = 0.7
#: So many times as many records are asked for as are wanted.
MORE = 1.5
#: More documents than these are left out by the engine.
FEW = 100


class FoundRecord(NamedTuple):
    """A record that was found; ``address`` is good for the searcher that found it."""

    score: float
    address: Any
    document: int
    passage: int


def best_records(
    commit: OpenedIndex, searcher: tantivy.Searcher, query: Query, size: int
) -> list[FoundRecord]:
    """Return the best ``size`` records of a question with words, best first, ties in the order of the index."""
    words = words_of(query)
    if words is None:
        return []
    everybody = read_by_all(searcher, query)
    found = _loosely(commit, searcher, query, words, size, everybody=everybody)
    return _records(searcher, within(words, query, everybody=everybody), size) if found is None else found


def _records(searcher: tantivy.Searcher, wanted: tantivy.Query, size: int) -> list[FoundRecord]:
    hits = searcher.search(wanted, limit=size, count=False).hits
    addresses = [address for _score, address in hits]
    documents = searcher.fast_field_values("document", addresses)
    passages = searcher.fast_field_values("passage", addresses)
    return [
        FoundRecord(score, address, int(document or 0), int(passage or 0))
        for (score, address), document, passage in zip(hits, documents, passages, strict=True)
    ]


def _loosely(
    commit: OpenedIndex,
    searcher: tantivy.Searcher,
    query: Query,
    words: tantivy.Query,
    size: int,
    *,
    everybody: bool,
) -> list[FoundRecord] | None:
    """Return the same without asking for filters; None where they have to be asked for."""
    window = query.dates
    if query.required or query.forbidden or query.languages or query.outlets or window in commit.narrow:
        return None
    if (not narrows(query) and everybody) or len(query.excluded) > FEW:
        return None
    records = in_all(searcher)
    marks = access_marks(query.scope, query.audiences)
    if records < (LARGE if everybody else VERY_LARGE):
        return None
    if not everybody and sum(searcher.doc_freq("access", mark) for mark in marks) < BROAD * records:
        return None
    wanted = round(MORE * size)
    found = _records(searcher, words, wanted)
    kept = [one for one in found if one.document not in query.excluded]
    if not everybody:
        if any(not one.passage for one in kept):
            return None
        kept = _open_to(searcher, marks, kept)
    before = len(kept)
    if window is not None:
        kept = _within(searcher, query, kept)
    if len(kept) < size and len(found) == wanted:
        if window is not None and before >= size:
            # The window alone left too few: what was left out before it says nothing of the next question.
            commit.narrow.add(window)
        return None
    return kept[:size]


def _open_to(searcher: tantivy.Searcher, marks: Sequence[str], found: list[FoundRecord]) -> list[FoundRecord]:
    """Return the records that bear one of the marks."""
    if not found:
        return found
    both = [(Occur.Must, any_of("passage", {one.passage for one in found})), (Occur.Must, marked(marks))]
    hits = searcher.search(tantivy.Query.boolean_query(both), limit=len(found), count=False).hits
    opened = {(address.segment_ord, address.doc) for _score, address in hits}
    return [one for one in found if (one.address.segment_ord, one.address.doc) in opened]


def _within(searcher: tantivy.Searcher, query: Query, found: list[FoundRecord]) -> list[FoundRecord]:
    """Return the records of a query's window, as its filter would."""
    window = query.dates
    assert window is not None
    addresses = [one.address for one in found]
    earliest = searcher.fast_field_values("earliest", addresses)
    latest = searcher.fast_field_values("latest", addresses)
    # A text without a date has 0 in both; from 1 on there is a date.
    first = max(day_number(window.earliest), 1)
    last = None if window.latest is None else day_number(window.latest)
    kept = []
    for one, begins, ends in zip(found, earliest, latest, strict=True):
        dated = int(ends or 0) >= first and (last is None or int(begins or 0) <= last)
        if dated or (window.undated and not ends):
            kept.append(one)
    return kept
