"""How many records, passages and documents: all that match a question, or lie inside its filters."""

from __future__ import annotations

from functools import partial

import tantivy
from tantivy import FieldType, Occur

from claims.query.types import Query
from claims.search.embedded.commits import OpenedIndex
from claims.search.embedded.questions import SCHEMA, asked, exactly, filters, narrows, translated
from claims.search.engine import Counted, access_marks

WALK = 5000
#: So many windows of a commit are remembered with how much lies in them.
WINDOWS = 1_000


def total(result: tantivy.SearchResult) -> int:
    """Return how many records matched; the attribute is missing from the type stubs."""
    return int(result.count)  # type: ignore[attr-defined]


def in_all(searcher: tantivy.Searcher) -> int:
    """Return how many records an index holds, those counted that were deleted and not yet merged away."""
    return searcher.doc_freq("head", 0) + searcher.doc_freq("head", 1)


def read_by_all(searcher: tantivy.Searcher, query: Query) -> bool:
    """Tell whether every record bears one of the marks of a query's asker: then it need not be asked for."""
    every = in_all(searcher)
    return any(
        searcher.doc_freq("access", mark) == every for mark in access_marks(query.scope, query.audiences)
    )


def records_of(searcher: tantivy.Searcher, query: Query) -> int:
    """Count the records that match a question with words."""
    with translated():
        wanted = asked(query, everybody=read_by_all(searcher, query))
        return 0 if wanted is None else total(searcher.search(wanted, limit=1))


def counted(commit: OpenedIndex, searcher: tantivy.Searcher, query: Query) -> Counted:
    """Count what matches a question; without words, what lies inside its filters."""
    if query.clauses:
        wanted = asked(query)
        if wanted is None:
            return Counted(0)
        with translated():
            passages = _passages_of(wanted)
            found = total(searcher.search(passages, limit=1))
            return Counted(found, partial(_documents_of, searcher, passages))
    # Looked up once: another thread may forget what is known at any moment.
    known = commit.counted.get(query)
    if known is None:
        with translated():
            known = _passages_within(searcher, query)
        if len(commit.counted) > WINDOWS:
            commit.counted.clear()
        commit.counted[query] = known
    return Counted(known, partial(_documents_within, searcher, query))


def _passages_of(wanted: tantivy.Query) -> tantivy.Query:
    """Return the same records without those that stand for documents without passages."""
    return tantivy.Query.boolean_query([(Occur.Must, wanted), (Occur.MustNot, exactly("passage", 0))])


def _passages_within(searcher: tantivy.Searcher, query: Query) -> int:
    everybody = read_by_all(searcher, query)
    hollow = searcher.doc_freq("passage", 0)
    if everybody and not hollow and not narrows(query):
        return searcher.num_docs
    wanted = filters(query, everybody=everybody)
    return total(searcher.search(_passages_of(wanted) if hollow else wanted, limit=1))


def _documents_within(searcher: tantivy.Searcher, query: Query) -> int:
    with translated():
        heads = tantivy.Query.boolean_query([(Occur.Must, filters(query)), (Occur.Must, exactly("head", 1))])
        return total(searcher.search(heads, limit=1))


def _documents_of(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    """Count the documents of the passages that match, window by window of rising document ids."""
    found, last = 0, 0
    while True:
        after = tantivy.Query.range_query(SCHEMA, "document", FieldType.Unsigned, lower_bound=last + 1)
        window = tantivy.Query.boolean_query([(Occur.Must, query), (Occur.Must, after)])
        with translated():
            some = searcher.search(
                window, limit=WALK, count=False, order_by_field="document", order=tantivy.Order.Asc
            )
        if not some.hits:
            return found
        ids = {int(id) for id, _ in some.hits}
        found += len(ids)
        last = max(ids)
