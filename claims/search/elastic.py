"""The Elasticsearch engine: a real server, version 9, spoken to through its own client.

Answers the whole port of ``claims.search.engine`` over the network, within bounded time: a server that does
not answer raises EngineUnavailable, never hangs a page. Refuses a server of another major version than the
client's. Each target is one index per collection, ``<prefix>-<collection>-<target>``, read through the alias
``<prefix>-<collection>`` and written through ``<prefix>-<collection>-write``.

Scores need one set of statistics: with more than one shard the statistics of all are gathered before each search.
Strict mapping; external versions, so that an older write never wins over a newer one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from elasticsearch import Elasticsearch

from claims.query.types import Collection, Frequencies, Query, Ref
from claims.search import elastic_query as wire
from claims.search.elastic_errors import problem_of, translated, whole
from claims.search.elastic_known import CountedTerms
from claims.search.elastic_targets import WRITE_SECONDS, ElasticTargets
from claims.search.engine import (
    Counted,
    Done,
    EngineError,
    EngineMisconfigured,
    EngineQuestion,
    EngineRefused,
    Hits,
    IndexedDocument,
    ItemOutcome,
    NearPassage,
    Status,
    Stored,
    fetch_size,
    insist_on_words,
    nearest_first,
)
from claims.search.mapping import MAPPINGS
from claims.search.side_by_side import behind

SEARCH_SECONDS = 15.0
PING_SECONDS = 2.0
WALK = 2000
#: So many requests of one put are under way: Elasticsearch writes each by one thread.
WRITTEN_AT_ONCE = 2
CARDINALITY_EXACT = 40_000
# Two copies of a shard can hold different deleted texts and so score differently: always ask the same one.
PREFERENCE = "factcheck"
# One set of statistics, whatever the number of shards; of one shard Elasticsearch asks nothing beforehand.
TOGETHER = "dfs_query_then_fetch"
OVERTAKEN = "the index got a newer version meanwhile"


class ElasticEngine(ElasticTargets):
    """One server or cluster; safe to share between threads."""

    name = "elasticsearch"
    is_elsewhere = True

    def __init__(
        self,
        url: str,
        *,
        api_key: str = "",
        user: str = "",
        password: str = "",
        ca_certs: str = "",
        prefix: str = "factcheck",
        shards: int = 1,
    ) -> None:
        options: dict[str, Any] = {"request_timeout": SEARCH_SECONDS, "max_retries": 0}
        if api_key:
            options["api_key"] = api_key
        elif user:
            options["basic_auth"] = (user, password)
        if ca_certs:
            if not Path(ca_certs).is_file():
                raise EngineMisconfigured(f"there is no certificate file {ca_certs}")
            options["ca_certs"] = ca_certs
        try:
            client = Elasticsearch(url, **options)
        except (ValueError, OSError) as error:
            raise EngineMisconfigured(f"the address of Elasticsearch is wrong: {error}") from error
        super().__init__(client, prefix, shards)
        # How many shards answered last; the index that is read may be replaced by one of another number.
        self._answering: dict[Collection, int] = {}
        self._known: dict[Collection, CountedTerms] = {}

    # Targets

    def rebuild(self, documents: Iterable[IndexedDocument], *, batch: int = 500) -> str:
        before = self.targets()
        target = self.open_target()
        try:
            stream = iter(documents)
            while chunk := list(islice(stream, batch)):
                failed = [out for out in self.put(chunk, target=target) if out.done is Done.FAILED]
                if failed:
                    raise EngineRefused(f"document {failed[0].ref.id} was not stored: {failed[0].reason}")
            self.refresh(target=target)
        except BaseException:
            self.drop(target)
            raise
        self.switch(target)
        for old in before:
            self.drop(old)
        return target

    # Writing

    def put(self, documents: Iterable[IndexedDocument], *, target: str | None = None) -> list[ItemOutcome]:
        documents = list(documents)
        outcomes: dict[int, ItemOutcome] = {}
        runs = []
        for collection in Collection:
            at = [index for index, document in enumerate(documents) if document.ref.collection == collection]
            runs += [(collection, run) for run in wire.runs_of(at, documents)]

        # What is in two runs is written by one after the other.
        apart = len({document.ref for document in documents}) == len(documents)
        most = WRITTEN_AT_ONCE if apart else 1

        def calls() -> Iterator[Callable[[], list[ItemOutcome]]]:
            for collection, run in runs:
                some = [documents[at] for at in run]
                made = [list(wire.stored_forms(document)) for document in some]
                yield partial(self._put, some, made, collection, target)

        for (_collection, run), answer in zip(runs, behind(calls(), most=most), strict=True):
            outcomes.update(zip(run, answer, strict=True))
        return [outcomes[at] for at in range(len(documents))]

    def _put(
        self,
        documents: Sequence[IndexedDocument],
        made: Sequence[Sequence[Mapping[str, Any]]],
        collection: Collection,
        target: str | None,
    ) -> list[ItemOutcome]:
        """Write documents of one collection, none of them twice; ``made`` are their records.

        The first record of each is its head: it is written first and tells whether all of it was too old.
        A put that loses against a newer one in between takes back what it had added beyond the newer text.
        """
        index = self._written(collection, target)
        held = self._held(index, [document.ref.id for document in documents])
        batch = wire.Batch()
        outcomes: dict[int, ItemOutcome] = {}
        for at, document in enumerate(documents):
            ref, version = document.ref, document.version
            stored, before = held.get(ref.id, (None, 0))
            if stored is not None and stored > version:
                outcomes[at] = ItemOutcome(ref, version, Done.STALE, f"the index holds {stored}")
                continue
            for place, record in enumerate(made[at]):
                batch.index(at, f"{ref.id}:{place}", version, record)
            for place in range(len(made[at]), before):
                batch.delete(at, f"{ref.id}:{place}", version)
            outcomes[at] = ItemOutcome(ref, version, Done.STORED)
        regretted = wire.Batch()
        lost: set[int] = set()
        for (at, id), (_, result) in self._bulk(index, batch):
            ref, version = documents[at].ref, documents[at].version
            status = result["status"]
            if status == 409:
                if id.endswith(":0"):
                    lost.add(at)
                    outcomes[at] = ItemOutcome(
                        ref, version, Done.STALE, "the index got a newer version meanwhile"
                    )
            elif status >= 300 and status != 404:
                outcomes[at] = wire.failed(ref, version, result)
            elif at in lost and result.get("result") in ("created", "updated"):
                regretted.delete(at, id, version)
        self._bulk(index, regretted)
        return [outcomes[at] for at in range(len(documents))]

    def remove(self, items: Iterable[tuple[Ref, int]], *, target: str | None = None) -> list[ItemOutcome]:
        items = list(items)
        outcomes: dict[int, ItemOutcome] = {}
        for collection in Collection:
            at = [position for position, (ref, _) in enumerate(items) if ref.collection == collection]
            if not at:
                continue
            index = self._written(collection, target)
            held = self._held(index, [items[position][0].id for position in at])
            batch = wire.Batch()
            for position in at:
                ref, version = items[position]
                stored, places = held.get(ref.id, (None, 0))
                if stored is None:
                    outcomes[position] = ItemOutcome(ref, version, Done.ABSENT)
                elif stored > version:
                    outcomes[position] = ItemOutcome(ref, version, Done.STALE, f"the index holds {stored}")
                else:
                    for place in range(places):
                        batch.delete(position, f"{ref.id}:{place}", version)
                    outcomes[position] = ItemOutcome(ref, version, Done.REMOVED)
                    del held[ref.id]
            for (position, id), (_, result) in self._bulk(index, batch):
                ref, version = items[position]
                if result["status"] == 409 and id.endswith(":0"):
                    outcomes[position] = ItemOutcome(ref, version, Done.STALE, OVERTAKEN)
                elif result["status"] >= 300 and result["status"] not in (404, 409):
                    outcomes[position] = wire.failed(ref, version, result)
        return [outcomes[position] for position in range(len(items))]

    def _bulk(self, index: str, batch: wire.Batch) -> list[tuple[tuple[int, str], tuple[str, Any]]]:
        """Send a batch and pair each line's owner with (verb, result)."""
        if not batch.lines:
            return []
        with self._ready() as client:
            answer = client.options(request_timeout=WRITE_SECONDS).bulk(index=index, operations=batch.lines)
        return [
            (owner, next(iter(item.items())))
            for owner, item in zip(batch.owners, answer["items"], strict=True)
        ]

    def _held(self, index: str, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
        """Return version and number of records of the stored documents, also of what no search sees yet."""
        heads = [f"{id}:0" for id in dict.fromkeys(ids)]
        with self._ready() as client:
            answer = client.mget(index=index, ids=heads, source_includes=["passages"])
        held = {}
        for row in whole(answer)["docs"]:
            # Asked first of all: a bulk request would make up an index that does not exist.
            if "error" in row:
                raise problem_of(503, row)
            if row.get("found"):
                # A document without passages has one empty record.
                held[int(row["_id"].partition(":")[0])] = row["_version"], max(row["_source"]["passages"], 1)
        return held

    # Reading

    def search(self, query: Query, limit: int = 200, *, matched: bool = False) -> Hits:
        body = wire.search_body(query, fetch_size(limit), matched)
        if body is None:
            return Hits(())
        with self._ready() as client:
            index = self._alias(query.collection)
            answer = client.search(index=index, preference=PREFERENCE, search_type=TOGETHER, **body)
        self._note_shards(query.collection, answer)
        return wire.hits_of(query, whole(answer), limit, matched, self._count)

    def _count(self, query: Query) -> int:
        """Count all records that match a question with words, exactly."""
        wanted = wire.filters(query)
        wanted["must"] = [wire.any_clause(query, False)]
        with self._ready() as client:
            index = self._alias(query.collection)
            return int(whole(client.count(index=index, query={"bool": wanted}))["count"])

    def _note_shards(self, collection: Collection, answer: Any) -> int:
        """Remember how many shards answered; return the number."""
        self._answering[collection] = int(whole(answer)["_shards"]["total"])
        return self._answering[collection]

    def msearch(self, queries: Sequence[Query], limit: int = 200, *, matched: bool = False) -> list[Hits]:
        fetch_size(limit)
        return self.together([EngineQuestion(query, limit, matched) for query in queries])

    def together(self, asked: Sequence[EngineQuestion]) -> list[Hits]:
        bodies = [wire.search_body(one.query, fetch_size(one.limit), one.matched) for one in asked]
        answers = iter(
            self._together(
                [
                    (one.query.collection, body)
                    for one, body in zip(asked, bodies, strict=True)
                    if body is not None
                ]
            )
        )
        return [
            Hits(())
            if body is None
            else wire.hits_of(one.query, next(answers), one.limit, one.matched, self._count)
            for one, body in zip(asked, bodies, strict=True)
        ]

    def nearest(self, queries: Sequence[Query], limit: int = 200) -> list[tuple[NearPassage, ...]]:
        fetch_size(limit)
        asked = [(query.collection, wire.near_body(query, limit)) for query in queries]
        return [
            nearest_first(wire.near_of(query.collection, answer), limit)
            for query, answer in zip(queries, self._together(asked), strict=True)
        ]

    def alike(
        self, asked: Sequence[tuple[Sequence[float], Sequence[int]]], collection: Collection
    ) -> list[dict[int, float]]:
        some = [(vector, passages) for vector, passages in asked if passages]
        bodies = [(collection, wire.alike_body(vector, passages)) for vector, passages in some]
        answers = iter(self._together(bodies))
        return [
            {one.passage: one.likeness for one in wire.near_of(collection, next(answers))} if passages else {}
            for _vector, passages in asked
        ]

    def _together(self, asked: Sequence[tuple[Collection, Mapping[str, Any]]]) -> list[Any]:
        """Ask several questions in one go; returns an answer for each, raises where one has holes in it."""
        if not asked:
            return []
        searches: list[Mapping[str, Any]] = []
        for collection, body in asked:
            searches.append(
                {"index": self._alias(collection), "preference": PREFERENCE, "search_type": TOGETHER}
            )
            searches.append(body)
        with self._ready() as client:
            answers = list(whole(client.msearch(searches=searches))["responses"])
        for answer in answers:
            if "error" in answer:
                raise problem_of(int(answer.get("status", 500)), answer)
            whole(answer)
        return answers

    def count(self, query: Query) -> Counted:
        """Count exactly, but for documents of questions with clauses: beyond 40,000 that is an estimate."""
        insist_on_words(query)
        wanted = wire.filters(query)
        if query.clauses:
            wanted["must"] = [wire.any_clause(query, False)]
        wanted["must_not"] = [*wanted.get("must_not", []), {"term": {"passage": 0}}]
        with self._ready() as client:
            index = self._alias(query.collection)
            if query.clauses:
                counted = {"cardinality": {"field": "document", "precision_threshold": CARDINALITY_EXACT}}
                answer = client.search(
                    index=index,
                    preference=PREFERENCE,
                    size=0,
                    track_total_hits=True,
                    query={"bool": wanted},
                    aggs={"documents": counted},
                )
                documents = int(whole(answer)["aggregations"]["documents"]["value"])
                return Counted(int(answer["hits"]["total"]["value"]), lambda: documents)
            passages = int(whole(client.count(index=index, query={"bool": wanted}))["count"])
            return Counted(passages, partial(self._heads, query))

    def _heads(self, query: Query) -> int:
        """Count the documents inside a query's filters."""
        heads = wire.filters(query)
        heads["filter"].append({"term": {"head": 1}})
        with self._ready() as client:
            index = self._alias(query.collection)
            return int(whole(client.count(index=index, query={"bool": heads}))["count"])

    def document_frequencies(
        self, terms: Iterable[str], collection: Collection = Collection.DOCUMENTS
    ) -> Frequencies:
        wanted = list(dict.fromkeys(terms))
        with self._ready() as client:
            index = self._alias(collection)
            many = self._answering.get(collection) or self._note_shards(collection, client.count(index=index))
            if many > 1:
                return self._counted(client, index, wanted)
            known = self._known.get(collection, CountedTerms())
            missing = known.missing(wanted)
            counted = known.with_answer(self._term_counts(client, index, missing), missing)
            if counted is not known and len(missing) < len(wanted):
                counted = counted.with_answer(self._term_counts(client, index, wanted), wanted)
            self._known[collection] = counted
        terms_ = counted.terms
        return Frequencies(counted.records, {term: terms_[term] for term in wanted if terms_[term]})

    def _term_counts(self, client: Elasticsearch, index: str, terms: Sequence[str]) -> Any:
        """Ask for terms of one shard, as if they were a text; without any, for what holds of all."""
        return whole(
            client.termvectors(
                index=index,
                doc={"all": " ".join(terms) or "_"},
                fields=["all"],
                term_statistics=True,
                field_statistics=True,
                positions=False,
                offsets=False,
                payloads=False,
                preference=PREFERENCE,
            )
        )

    def _counted(self, client: Elasticsearch, index: str, terms: Sequence[str]) -> Frequencies:
        """Count over all shards; the statistics of a term are asked of one shard only."""
        answer = whole(
            client.search(
                index=index,
                preference=PREFERENCE,
                size=0,
                track_total_hits=True,
                aggs={str(at): {"filter": {"term": {"all": term}}} for at, term in enumerate(terms)},
            )
        )
        counts = answer.get("aggregations", {})
        found = {term: int(counts[str(at)]["doc_count"]) for at, term in enumerate(terms)}
        total = int(answer["hits"]["total"]["value"])
        return Frequencies(total, {term: count for term, count in found.items() if count})

    def versions(self, collection: Collection, *, target: str | None = None) -> Iterator[Stored]:
        index = self._index(collection, target) if target else self._alias(collection)
        with self._ready() as client:
            pit = whole(client.open_point_in_time(index=index, keep_alive="2m"))["id"]
        try:
            yield from self._walk(collection, pit)
        finally:
            with self._ready() as client:
                client.close_point_in_time(id=pit)

    def _walk(self, collection: Collection, pit: str) -> Iterator[Stored]:
        after: list[Any] | None = None
        id, seen, expected = 0, Counter[int](), 0
        while True:
            with self._ready() as client:
                answer = client.search(
                    size=WALK,
                    source=False,
                    docvalue_fields=[{"field": name} for name in ("document", "version", "passages")],
                    sort=[{"document": "asc"}, {"_shard_doc": "asc"}],
                    pit={"id": pit, "keep_alive": "2m"},
                    search_after=after,
                    track_total_hits=False,
                )
            rows = whole(answer)["hits"]["hits"]
            for row in rows:
                fields = row["fields"]
                if fields["document"][0] != id:
                    if id:
                        yield wire.stored_version(collection, id, seen, expected)
                    id, seen, expected = fields["document"][0], Counter(), 0
                seen[fields["version"][0]] += 1
                expected = fields["passages"][0]
            if len(rows) < WALK:
                break
            pit, after = answer["pit_id"], rows[-1]["sort"]
        if id:
            yield wire.stored_version(collection, id, seen, expected)

    def refresh(self, *, target: str | None = None) -> None:
        names = [
            self._index(collection, target) if target else self._alias(collection)
            for collection in Collection
        ]
        with self._ready() as client:
            client.options(request_timeout=WRITE_SECONDS).indices.refresh(index=names)

    def ping(self) -> bool:
        return not self.trouble()

    def trouble(self) -> str:
        try:
            with translated():
                whole(self._client.options(request_timeout=PING_SECONDS).info())
        except EngineError as problem:
            return str(problem)
        return ""

    def reachable(self) -> bool:
        return self.ping()

    def status(self) -> Status:
        current = self.current()
        passages: dict[Collection, int] = {}
        deleted = 0
        outdated = False
        with self._ready() as client:
            for collection in Collection if current else ():
                index = self._index(collection, current or "")
                stats = client.indices.stats(index=index, metric=["docs"])["_all"]["primaries"]["docs"]
                passages[collection] = stats["count"]
                deleted += stats["deleted"]
                mapping = client.indices.get_mapping(index=index)[index]["mappings"]
                kept, ours = mapping.get("_meta", {}), MAPPINGS["_meta"]
                outdated = outdated or any(kept.get(name) != ours[name] for name in ("schema", "analyser"))
        targets = tuple(self.targets())
        return Status(self.name, self._version, current, outdated, targets, passages, deleted)

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
