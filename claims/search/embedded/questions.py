"""How a question and a passage look in tantivy: the schema, query objects and stored records.

Answers: one query for filters and clauses, built term by term, never by the query parser; the records of a
document; and the port's name for whatever tantivy raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import tantivy
from tantivy import FieldType, Occur

from claims.query.types import Query
from claims.search.analysis import records
from claims.search.engine import (
    EngineUnavailable,
    IndexedDocument,
    LockBusy,
    OutOfSpace,
    access_marks,
    day_number,
    insist_on_words,
    summed_clauses,
)

# No space left on device, disc quota exceeded: as the operating system says it and as Rust passes it on.
_NO_ROOM = ("No space left", "os error 28", "Disk quota exceeded", "os error 122")


@contextmanager
def translated() -> Iterator[None]:
    """Turn what tantivy raises into the port's errors; its panics are not even Exceptions."""
    try:
        yield
    except (ValueError, OSError) as error:
        if "LockBusy" in str(error):
            raise LockBusy("another process is writing to the index") from error
        if any(sign in str(error) for sign in _NO_ROOM):
            raise OutOfSpace("the disk with the index files is full: free some space") from error
        raise EngineUnavailable(f"the index files cannot be used: {error}") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise EngineUnavailable(f"tantivy stopped in the middle of a call: {error}") from error
        raise


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("all", "title", "bi"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("access", "language"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("document", "passage", "head", "outlet", "earliest", "latest"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in ("version", "passages"):
        builder.add_unsigned_field(name, fast=True)
    # Never filled: vectors lie in a file of their own. Without it every index of before would have to be filled anew.
    builder.add_bytes_field("vector", stored=True)
    return builder.build()


SCHEMA = _schema()


def exactly(field: str, value: Any) -> tantivy.Query:
    return tantivy.Query.term_query(SCHEMA, field, value, index_option="basic")


def any_of(field: str, values: Iterable[Any]) -> tantivy.Query:
    queries = [exactly(field, value) for value in values]
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])


def marked(marks: Iterable[str]) -> tantivy.Query:
    """Return the records that bear one of these marks of readers."""
    return any_of("access", marks)


def filters(query: Query, *, everybody: bool = False) -> tantivy.Query:
    """Return what every hit must be, worth nothing in the score; ``everybody`` where its asker may read all records."""
    with translated():
        parts: list[tuple[Occur, tantivy.Query]] = []
        if not everybody:
            parts.append((Occur.Must, marked(access_marks(query.scope, query.audiences))))
        if query.languages:
            parts.append((Occur.Must, any_of("language", query.languages)))
        if query.outlets:
            parts.append((Occur.Must, any_of("outlet", query.outlets)))
        if query.dates is not None:
            parts.append((Occur.Must, _window(query)))
        parts += [(Occur.Must, term_of(clause.field.value, clause.term)) for clause in query.required]
        parts += [(Occur.MustNot, term_of(clause.field.value, clause.term)) for clause in query.forbidden]
        if query.excluded:
            ids = sorted(query.excluded)
            parts.append((Occur.MustNot, tantivy.Query.term_set_query(SCHEMA, "document", ids)))
        if all(occur == Occur.MustNot for occur, _part in parts):
            parts.append((Occur.Must, tantivy.Query.all_query()))
        return tantivy.Query.const_score_query(tantivy.Query.boolean_query(parts), 0.0)


def narrows(query: Query) -> bool:
    """Tell whether a query has filters beside those of who may read what."""
    filters = query.languages, query.outlets, query.dates, query.required, query.forbidden, query.excluded
    return any(filters)


def _window(query: Query) -> tantivy.Query:
    dates = query.dates
    assert dates is not None
    parts = [
        # A text without a date has 0 in both; from 1 on there is a date.
        (Occur.Must, _range("latest", max(day_number(dates.earliest), 1), None)),
    ]
    if dates.latest is not None:
        parts.append((Occur.Must, _range("earliest", None, day_number(dates.latest))))
    dated = tantivy.Query.boolean_query(parts)
    if not dates.undated:
        return dated
    return tantivy.Query.boolean_query([(Occur.Should, dated), (Occur.Should, exactly("latest", 0))])


def _range(field: str, lowest: int | None, highest: int | None) -> tantivy.Query:
    return tantivy.Query.range_query(
        SCHEMA, field, FieldType.Unsigned, lower_bound=lowest, upper_bound=highest
    )


def term_of(field: str, term: str) -> tantivy.Query:
    return tantivy.Query.term_query(SCHEMA, field, term, index_option="freq")


def words_of(query: Query) -> tantivy.Query | None:
    """Return the clauses as one query, without filters; None when there is no clause to match."""
    insist_on_words(query)
    clauses = summed_clauses(query)
    if not clauses:
        return None
    with translated():
        return tantivy.Query.boolean_query(
            [
                (
                    Occur.Should,
                    tantivy.Query.boost_query(term_of(clause.field.value, clause.term), clause.weight),
                )
                for clause in clauses
            ]
        )


def asked(query: Query, *, everybody: bool = False) -> tantivy.Query | None:
    """Return filters and clauses as one query; None when there is no clause to match."""
    words = words_of(query)
    return words and within(words, query, everybody=everybody)


def within(words: tantivy.Query, query: Query, *, everybody: bool) -> tantivy.Query:
    """Return the clauses of a query inside its filters."""
    if everybody and not narrows(query):
        return words
    with translated():
        wanted = filters(query, everybody=everybody)
        return tantivy.Query.boolean_query([(Occur.Must, wanted), (Occur.Must, words)])


def stored_records(document: IndexedDocument) -> Iterator[tantivy.Document]:
    access = access_marks([document.archive], document.audience)
    common = {
        "access": access,
        "language": [document.language],
        "document": [document.ref.id],
        "outlet": [document.outlet],
        "earliest": [day_number(document.earliest)],
        "latest": [day_number(document.latest)],
        "version": [document.version],
        "passages": [len(document.passages)],
    }
    for record in records(document):
        passage = record.passage
        row: dict[str, Any] = common | {
            "head": [1 if record.place == 0 else 0],
            "passage": [passage.id if passage else 0],
            "all": [record.all],
            "title": [record.title],
            "bi": [record.bi],
        }
        yield tantivy.Document.from_dict(row, SCHEMA)
