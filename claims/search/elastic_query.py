"""How a question and a passage are written for Elasticsearch: plain JSON values, no connection.

Answers: the body of a search, its filters, the hits of an answer and the stored form of a passage. The term
clauses are given as they are, never as a query string.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from struct import unpack
from typing import Any

from claims.query.types import Collection, Query, Ref
from claims.search.analysis import records
from claims.search.engine import (
    VECTOR_WIDTH,
    Done,
    Hit,
    Hits,
    IndexedDocument,
    ItemOutcome,
    NearPassage,
    Stored,
    access_marks,
    asked_words,
    best_first,
    day_number,
    insist_on_meaning,
    insist_on_words,
    summed_clauses,
)

BULK_RECORDS = 1000
# Vectors have length one, so this is the cosine, rounded as the port says; a score may not be negative.
LIKENESS_SCRIPT = "Math.round(dotProduct(params.asked, 'meaning') * 10000.0) / 10000.0 + 1.0"


def search_body(query: Query, size: int, matched: bool) -> dict[str, Any] | None:
    """Return the body of a search, None when there is no clause to match."""
    insist_on_words(query)
    wanted = filters(query)
    if not summed_clauses(query):
        return None
    wanted["must"] = [any_clause(query, matched)]
    return {
        "query": {"bool": wanted},
        "size": size,
        "stored_fields": "_none_",
        "docvalue_fields": ["document", "passage"],
        # Whoever has to count may pass nothing over that cannot be among the best.
        "track_total_hits": False,
    }


def filters(query: Query) -> dict[str, Any]:
    """Return what every hit must be; none of it counts in the score."""
    parts: list[Mapping[str, Any]] = [{"terms": {"access": access_marks(query.scope, query.audiences)}}]
    if query.languages:
        parts.append({"terms": {"language": list(query.languages)}})
    if query.outlets:
        parts.append({"terms": {"outlet": list(query.outlets)}})
    if query.dates is not None:
        # A text without a date has 0 in both; from 1 on there is a date.
        earliest = max(day_number(query.dates.earliest), 1)
        dated: list[Mapping[str, Any]] = [{"range": {"latest": {"gte": earliest}}}]
        if query.dates.latest is not None:
            dated.append({"range": {"earliest": {"lte": day_number(query.dates.latest)}}})
        if query.dates.undated:
            either = [{"bool": {"filter": dated}}, {"term": {"latest": 0}}]
            parts.append({"bool": {"should": either}})
        else:
            parts += dated
    parts += [{"term": {clause.field.value: clause.term}} for clause in query.required]
    wanted: dict[str, Any] = {"filter": parts}
    never: list[Mapping[str, Any]] = [
        {"term": {clause.field.value: clause.term}} for clause in query.forbidden
    ]
    if query.excluded:
        never.append({"terms": {"document": sorted(query.excluded)}})
    if never:
        wanted["must_not"] = never
    return wanted


def near_body(query: Query, size: int) -> dict[str, Any]:
    """Return the body of a question by meaning: every passage that has a vector is compared, within the filters."""
    insist_on_meaning(query)
    return _compared(query.vector, filters(query), size)


def alike_body(vector: Sequence[float], passages: Sequence[int]) -> dict[str, Any]:
    """Return the body that asks how alike certain passages are."""
    return _compared(vector, {"filter": [{"terms": {"passage": list(passages)}}]}, len(passages))


def _compared(vector: Sequence[float], wanted: dict[str, Any], size: int) -> dict[str, Any]:
    wanted["filter"] = [*wanted["filter"], {"exists": {"field": "meaning"}}]
    script = {"source": LIKENESS_SCRIPT, "params": {"asked": list(vector)}}
    return {
        "query": {"script_score": {"query": {"bool": wanted}, "script": script}},
        "size": size,
        "sort": [{"_score": "desc"}, {"document": "asc"}, {"passage": "asc"}],
        "track_scores": True,
        "stored_fields": "_none_",
        "docvalue_fields": ["document", "passage"],
        "track_total_hits": False,
    }


def near_of(collection: Collection, answer: Any) -> list[NearPassage]:
    return [
        NearPassage(
            Ref(collection, row["fields"]["document"][0]),
            row["fields"]["passage"][0],
            round(row["_score"] - 1.0, 4),
        )
        for row in answer["hits"]["hits"]
    ]


def any_clause(query: Query, named: bool) -> dict[str, Any]:
    names = set(asked_words(query)) if named else set()
    clauses = []
    for clause in summed_clauses(query):
        term: dict[str, Any] = {"value": clause.term, "boost": clause.weight}
        if clause.field.value == "all" and clause.term in names:
            term["_name"] = clause.term
        clauses.append({"term": {clause.field.value: term}})
    return {"bool": {"should": clauses}}


def hits_of(query: Query, answer: Any, limit: int, matched: bool, counting: Callable[[Query], int]) -> Hits:
    required = {clause.term for clause in query.required if clause.field.value == "all"}
    order = {word: at for at, word in enumerate(asked_words(query))} if matched else {}
    found = []
    for row in answer["hits"]["hits"]:
        fields = row["fields"]
        words: tuple[str, ...] = ()
        if matched:
            words = tuple(
                sorted(required.union(row.get("matched_queries", ())), key=lambda word: order[word])
            )
        ref = Ref(query.collection, fields["document"][0])
        found.append(Hit(ref, fields["passage"][0], round(row["_score"], 4), words))
    return Hits(best_first(found, limit), partial(counting, query))


def stored_forms(document: IndexedDocument) -> Iterator[dict[str, Any]]:
    """Yield the records of a document as they are sent, in the order of their places."""
    common: dict[str, Any] = {
        "access": access_marks([document.archive], document.audience),
        "language": document.language,
        "document": document.ref.id,
        "outlet": document.outlet,
        "earliest": day_number(document.earliest),
        "latest": day_number(document.latest),
        "version": document.version,
        "passages": len(document.passages),
    }
    for record in records(document):
        passage = record.passage
        source = common | {
            "head": 1 if record.place == 0 else 0,
            "passage": passage.id if passage else 0,
            "all": record.all,
            "title": record.title,
            "bi": record.bi,
        }
        if passage and passage.vector:
            source["meaning"] = unpack(f"<{VECTOR_WIDTH}e", passage.vector)
        yield source


@dataclass(slots=True)
class Batch:
    """The bulk request for some documents, and which line of it belongs to which document."""

    lines: list[Mapping[str, Any]] = field(default_factory=list)
    owners: list[tuple[int, str]] = field(default_factory=list)

    def index(self, owner: int, id: str, version: int, source: Mapping[str, Any]) -> None:
        self.lines.append({"index": {"_id": id, "version": version, "version_type": "external_gte"}})
        self.lines.append(source)
        self.owners.append((owner, id))

    def delete(self, owner: int, id: str, version: int) -> None:
        self.lines.append({"delete": {"_id": id, "version": version, "version_type": "external_gte"}})
        self.owners.append((owner, id))


def runs_of(at: Sequence[int], documents: Sequence[IndexedDocument]) -> Iterator[list[int]]:
    """Cut positions into runs of about 1,000 records in which no document occurs twice."""
    run: list[int] = []
    refs: set[Ref] = set()
    size = 0
    for position in at:
        ref = documents[position].ref
        if run and (ref in refs or size >= BULK_RECORDS):
            yield run
            run, refs, size = [], set(), 0
        run.append(position)
        refs.add(ref)
        size += max(len(documents[position].passages), 1)
    if run:
        yield run


# What one line of a bulk request is told although the same line may be taken later.
PASSING_TYPES = frozenset(
    {
        "circuit_breaking_exception",
        "cluster_block_exception",
        "es_rejected_execution_exception",
        "index_closed_exception",
        "index_not_found_exception",
        "no_shard_available_action_exception",
        "process_cluster_event_timeout_exception",
        "unavailable_shards_exception",
    }
)
PASSING_STATUS = frozenset({401, 403, 404, 408, 425, 429})


def failed(ref: Ref, version: int, result: Mapping[str, Any]) -> ItemOutcome:
    """Return the outcome of a line that Elasticsearch did not write, and whether it may succeed later."""
    status, error = int(result["status"]), result.get("error") or {}
    kind = str(error.get("type", "")) if isinstance(error, Mapping) else ""
    reason = str(error.get("reason", status) if isinstance(error, Mapping) else error or status)[:300]
    passing = status >= 500 or status in PASSING_STATUS or kind in PASSING_TYPES
    return ItemOutcome(ref, version, Done.FAILED, reason, passing=passing)


def missing_fields(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that an index does not have yet: those of an older version can be added to it."""
    there = found.get("properties", {})
    return {name: options for name, options in wanted["properties"].items() if name not in there}


def fits(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Say whether an index maps every field as we do; further fields do no harm."""
    there = found.get("properties", {})
    return all(
        all(there.get(name, {}).get(key) == value for key, value in options.items())
        for name, options in wanted["properties"].items()
    )


def stored_version(collection: Collection, id: int, seen: Counter[int], expected: int) -> Stored:
    whole = len(seen) == 1 and seen.total() == max(expected, 1)
    return Stored(Ref(collection, id), min(seen), expected, whole)
