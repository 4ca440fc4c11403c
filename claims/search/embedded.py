"""The embedded engine: tantivy, files in a folder beside the database.

Answers the whole port of ``claims.search.engine`` in process. Refuses to write when opened for reading:
one process (the worker) writes, any number read and see a commit at their next search. The folder holds
``targets/<name>/<collection>/`` and the file ``CURRENT``, which names the target that is read and is only
ever replaced as a whole. A process killed while writing leaves the last commit.

The only module that imports tantivy. Its ``more_like_this`` panics once documents were deleted and its query
parser raises on ordinary sentences: neither is used.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import tantivy
from tantivy import FieldType, Occur

from claims.query.types import Collection, Frequencies, Query, Ref
from claims.search.analysis import records
from claims.search.engine import (
    Counted,
    Document,
    Done,
    EngineRefused,
    EngineUnavailable,
    Hit,
    Hits,
    LockBusy,
    NotBuilt,
    Outcome,
    Status,
    Stored,
    access_marks,
    asked_words,
    best_first,
    day_number,
    fetch_size,
    summed_clauses,
)
from claims.search.targets import TargetFolder, new_target_name

HEAP_BYTES = 64_000_000
WALK = 5000
MASK_BITS = 24
"""Matched terms come back as the bits of a score, which is a 32-bit float: exact up to 2 to the 24th."""


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
    builder.add_bytes_field("vector", stored=True)
    return builder.build()


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what tantivy raises into the port's errors; its panics are not even Exceptions."""
    try:
        yield
    except (ValueError, OSError) as error:
        if "LockBusy" in str(error):
            raise LockBusy("another process is writing to the index") from error
        raise EngineUnavailable(f"the index files cannot be used: {error}") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise EngineUnavailable(f"tantivy stopped in the middle of a call: {error}") from error
        raise


class EmbeddedEngine:
    """One folder of index files; safe to share between threads."""

    name = "embedded"

    def __init__(self, directory: Path, *, writable: bool = True) -> None:
        self.directory = Path(directory)
        self._folder = TargetFolder(self.directory)
        self._writable = writable
        self._schema = _schema()
        self._opened: dict[Path, tuple[tantivy.Index, tuple[int, int, int]]] = {}
        self._lock = threading.Lock()

    # Targets

    def ensure(self) -> str:
        current = self.current()
        if current is None:
            current = self.open_target()
            self.switch(current)
        return current

    def open_target(self) -> str:
        self._may_write()
        target = new_target_name()
        with _translated():
            for collection in Collection:
                path = self._folder.path(target, collection)
                path.mkdir(parents=True)
                tantivy.Index(self._schema, path=str(path))
            self._folder.stamp(target)
        return target

    def switch(self, target: str) -> None:
        self._may_write()
        if target not in self.targets():
            raise EngineRefused(f"there is no index target {target}")
        with _translated():
            self._folder.point_to(target)

    def drop(self, target: str) -> None:
        self._may_write()
        if target == self.current():
            raise EngineRefused("the index target that is read cannot be dropped")
        self._forget()
        self._folder.delete(target)

    def erase(self) -> None:
        self._may_write()
        self._forget()
        self._folder.erase()

    def targets(self) -> list[str]:
        return self._folder.targets()

    def current(self) -> str | None:
        return self._folder.current()

    def rebuild(self, documents: Iterable[Document], *, batch: int = 500) -> str:
        before = self.targets()
        target = self.open_target()
        try:
            stream = iter(documents)
            with self._writers(target) as writers:
                while chunk := list(islice(stream, batch)):
                    self._put(chunk, target, writers)
        except BaseException:
            self.drop(target)
            raise
        self.switch(target)
        for old in before:
            self.drop(old)
        return target

    # Writing

    def put(self, documents: Iterable[Document], *, target: str | None = None) -> list[Outcome]:
        self._may_write()
        target = target or self._current()
        with self._writers(target) as writers:
            return self._put(list(documents), target, writers)

    def remove(self, items: Iterable[tuple[Ref, int]], *, target: str | None = None) -> list[Outcome]:
        self._may_write()
        target = target or self._current()
        items = list(items)
        held = self._held(target, [ref for ref, _ in items])
        outcomes = []
        with self._writers(target) as writers, _translated():
            for ref, version in items:
                if ref not in held:
                    outcomes.append(Outcome(ref, version, Done.ABSENT))
                elif held[ref] > version:
                    outcomes.append(Outcome(ref, version, Done.STALE, f"the index holds {held[ref]}"))
                else:
                    self._delete(writers[ref.collection], ref)
                    del held[ref]
                    outcomes.append(Outcome(ref, version, Done.REMOVED))
            for writer in writers.values():
                writer.commit()
        return outcomes

    def _put(self, documents: Sequence[Document], target: str, writers: _Writers) -> list[Outcome]:
        held = self._held(target, [document.ref for document in documents])
        outcomes = []
        with _translated():
            for document in documents:
                ref, version = document.ref, document.version
                stored = held.get(ref)
                if stored is not None and stored > version:
                    outcomes.append(Outcome(ref, version, Done.STALE, f"the index holds {stored}"))
                    continue
                writer = writers[ref.collection]
                if stored is not None:
                    self._delete(writer, ref)
                for record in _tantivy_documents(document, self._schema):
                    writer.add_document(record)
                held[ref] = version
                outcomes.append(Outcome(ref, version, Done.STORED))
            for writer in writers.values():
                writer.commit()
        return outcomes

    def _delete(self, writer: tantivy.IndexWriter, ref: Ref) -> None:
        """Delete a document's passages, by query: deleting by term silently misses an unsigned field."""
        writer.delete_documents_by_query(self._exactly("document", ref.id))

    @contextmanager
    def _writers(self, target: str) -> Iterator[_Writers]:
        """Offer a writer for each collection that is written to; release the lock on every way out."""
        writers = _Writers(self, target)
        try:
            yield writers
        finally:
            writers.release()

    def _held(self, target: str, refs: Iterable[Ref]) -> dict[Ref, int]:
        """Return the stored version of those documents that are stored."""
        wanted: defaultdict[Collection, set[int]] = defaultdict(set)
        for ref in refs:
            wanted[ref.collection].add(ref.id)
        held: dict[Ref, int] = {}
        for collection, ids in wanted.items():
            searcher = self._searcher(collection, target)
            with _translated():
                query = tantivy.Query.boolean_query(
                    [
                        (Occur.Must, tantivy.Query.term_set_query(self._schema, "document", sorted(ids))),
                        (Occur.Must, self._exactly("head", 1)),
                    ]
                )
                found = searcher.search(query, limit=len(ids), count=False).hits
                addresses = [address for _, address in found]
                for id, version in zip(
                    searcher.fast_field_values("document", addresses),
                    searcher.fast_field_values("version", addresses),
                    strict=True,
                ):
                    held[Ref(collection, int(id or 0))] = int(version or 0)
        return held

    # Reading

    def search(self, query: Query, limit: int = 200, *, matched: bool = False) -> Hits:
        size = fetch_size(limit)
        searcher = self._searcher(query.collection)
        asked = self._asked(query)
        if asked is None:
            return Hits((), 0)
        with _translated():
            result = searcher.search(asked, limit=size, count=True)
            addresses = [address for _, address in result.hits]
            documents = searcher.fast_field_values("document", addresses)
            passages = searcher.fast_field_values("passage", addresses)
            hits = best_first(
                (
                    Hit(Ref(query.collection, int(document or 0)), int(passage or 0), round(score, 4))
                    for (score, _), document, passage in zip(result.hits, documents, passages, strict=True)
                ),
                limit,
            )
            if matched:
                hits = self._with_matched(searcher, query, hits)
            return Hits(hits, _total(result))

    def msearch(self, queries: Sequence[Query], limit: int = 200) -> list[Hits]:
        return [self.search(query, limit) for query in queries]

    def count(self, query: Query) -> Counted:
        searcher = self._searcher(query.collection)
        asked = self._asked(query) if query.clauses else self._filter(query)
        if asked is None:
            return Counted(0, 0)
        hollow = self._exactly("passage", 0)
        with _translated():
            passages = tantivy.Query.boolean_query([(Occur.Must, asked), (Occur.MustNot, hollow)])
            if query.clauses:
                documents = self._documents(searcher, passages)
            else:
                heads = [(Occur.Must, asked), (Occur.Must, self._exactly("head", 1))]
                documents = _total(searcher.search(tantivy.Query.boolean_query(heads), limit=1))
            return Counted(documents, _total(searcher.search(passages, limit=1)))

    def _documents(self, searcher: tantivy.Searcher, query: tantivy.Query) -> int:
        """Count the documents of the passages that match, window by window of rising document ids."""
        total, last = 0, 0
        while True:
            after = tantivy.Query.range_query(
                self._schema, "document", FieldType.Unsigned, lower_bound=last + 1
            )
            window = tantivy.Query.boolean_query([(Occur.Must, query), (Occur.Must, after)])
            found = searcher.search(
                window, limit=WALK, count=False, order_by_field="document", order=tantivy.Order.Asc
            )
            if not found.hits:
                return total
            ids = {int(id) for id, _ in found.hits}
            total += len(ids)
            last = max(ids)

    def document_frequencies(
        self, terms: Iterable[str], collection: Collection = Collection.DOCUMENTS
    ) -> Frequencies:
        searcher = self._searcher(collection)
        with _translated():
            counted = {term: searcher.doc_freq("all", term) for term in dict.fromkeys(terms)}
            total = searcher.doc_freq("head", 0) + searcher.doc_freq("head", 1)
        return Frequencies(total, {term: df for term, df in counted.items() if df})

    def versions(self, collection: Collection, *, target: str | None = None) -> Iterator[Stored]:
        searcher = self._searcher(collection, target)
        last = 0
        while True:
            with _translated():
                after = tantivy.Query.range_query(
                    self._schema, "document", FieldType.Unsigned, lower_bound=last + 1
                )
                heads = tantivy.Query.boolean_query(
                    [(Occur.Must, self._exactly("head", 1)), (Occur.Must, after)]
                )
                found = searcher.search(
                    heads, limit=WALK, count=False, order_by_field="document", order=tantivy.Order.Asc
                )
                addresses = [address for _, address in found.hits]
                versions = searcher.fast_field_values("version", addresses)
                passages = searcher.fast_field_values("passages", addresses)
            for (id, _), stored, held in zip(found.hits, versions, passages, strict=True):
                last = int(id)
                yield Stored(Ref(collection, last), int(stored or 0), int(held or 0))
            if len(found.hits) < WALK:
                return

    def refresh(self, *, target: str | None = None) -> None:
        """Do nothing: a commit is seen by the next search of every reader."""

    def ping(self) -> bool:
        try:
            self._searcher(Collection.DOCUMENTS)
        except (EngineUnavailable, EngineRefused):
            return False
        return True

    def status(self) -> Status:
        current = self.current()
        passages: dict[Collection, int] = {}
        deleted = 0
        outdated = False
        if current is not None:
            outdated = self._folder.outdated(current)
            for collection in Collection:
                searcher = self._searcher(collection, current)
                with _translated():
                    kept = searcher.doc_freq("head", 0) + searcher.doc_freq("head", 1)
                passages[collection] = searcher.num_docs
                deleted += kept - searcher.num_docs
        targets = tuple(self.targets())
        return Status(self.name, metadata.version("tantivy"), current, outdated, targets, passages, deleted)

    def close(self) -> None:
        self._forget()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Inside

    def _may_write(self) -> None:
        if not self._writable:
            raise EngineRefused("this process only reads the index; the worker writes it")

    def _forget(self) -> None:
        with self._lock:
            self._opened.clear()

    def _current(self) -> str:
        current = self.current()
        if current is None:
            raise NotBuilt("the search index has not been built yet")
        return current

    def _searcher(self, collection: Collection, target: str | None = None) -> tantivy.Searcher:
        """Return a snapshot of the newest commit; reopening is cheap and only done after one."""
        path = self._folder.path(target or self._current(), collection)
        with self._lock, _translated():
            try:
                meta = (path / "meta.json").stat()
            except FileNotFoundError:
                raise EngineUnavailable(f"the index target {path.parent.name} is gone") from None
            seen = (meta.st_mtime_ns, meta.st_ino, meta.st_size)
            index, known = self._opened.get(path, (None, None))
            if index is None:
                index = tantivy.Index.open(str(path))
            if known != seen:
                index.reload()
                self._opened[path] = (index, seen)
            return index.searcher()

    def _exactly(self, field: str, value: Any) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value, index_option="basic")

    def _any(self, field: str, values: Iterable[Any]) -> tantivy.Query:
        queries = [self._exactly(field, value) for value in values]
        if len(queries) == 1:
            return queries[0]
        return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])

    def _filter(self, query: Query) -> tantivy.Query:
        """Return what every hit must be, worth nothing in the score."""
        if query.vector:
            raise EngineRefused("this engine searches words, not vectors")
        with _translated():
            parts: list[tuple[Occur, tantivy.Query]] = [
                (Occur.Must, self._any("access", access_marks(query.scope, query.audiences)))
            ]
            if query.languages:
                parts.append((Occur.Must, self._any("language", query.languages)))
            if query.outlets:
                parts.append((Occur.Must, self._any("outlet", query.outlets)))
            if query.dates is not None:
                parts.append((Occur.Must, self._window(query)))
            parts += [(Occur.Must, self._term(clause.field.value, clause.term)) for clause in query.required]
            if query.excluded:
                ids = sorted(query.excluded)
                parts.append((Occur.MustNot, tantivy.Query.term_set_query(self._schema, "document", ids)))
            return tantivy.Query.const_score_query(tantivy.Query.boolean_query(parts), 0.0)

    def _window(self, query: Query) -> tantivy.Query:
        dates = query.dates
        assert dates is not None
        parts = [
            # A text without a date has 0 in both; from 1 on there is a date.
            (Occur.Must, self._range("latest", max(day_number(dates.earliest), 1), None)),
        ]
        if dates.latest is not None:
            parts.append((Occur.Must, self._range("earliest", None, day_number(dates.latest))))
        dated = tantivy.Query.boolean_query(parts)
        if not dates.undated:
            return dated
        return tantivy.Query.boolean_query(
            [(Occur.Should, dated), (Occur.Should, self._exactly("latest", 0))]
        )

    def _range(self, field: str, lowest: int | None, highest: int | None) -> tantivy.Query:
        return tantivy.Query.range_query(
            self._schema, field, FieldType.Unsigned, lower_bound=lowest, upper_bound=highest
        )

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term, index_option="freq")

    def _asked(self, query: Query) -> tantivy.Query | None:
        """Return filters and clauses as one query; None when there is no clause to match."""
        wanted = self._filter(query)
        clauses = summed_clauses(query)
        if not clauses:
            return None
        with _translated():
            should = [
                (
                    Occur.Should,
                    tantivy.Query.boost_query(self._term(clause.field.value, clause.term), clause.weight),
                )
                for clause in clauses
            ]
            return tantivy.Query.boolean_query(
                [(Occur.Must, wanted), (Occur.Must, tantivy.Query.boolean_query(should))]
            )

    def _with_matched(
        self, searcher: tantivy.Searcher, query: Query, hits: tuple[Hit, ...]
    ) -> tuple[Hit, ...]:
        """Ask which of the words each hit holds: every word adds its own power of two to a score."""
        words = asked_words(query)
        if not words or not hits:
            return hits
        ids = [hit.passage for hit in hits]
        within = tantivy.Query.const_score_query(
            tantivy.Query.term_set_query(self._schema, "passage", sorted(ids)), 0.0
        )
        found: defaultdict[int, list[str]] = defaultdict(list)
        for start in range(0, len(words), MASK_BITS):
            some = words[start : start + MASK_BITS]
            bits = [
                (Occur.Should, tantivy.Query.const_score_query(self._exactly("all", word), float(1 << bit)))
                for bit, word in enumerate(some)
            ]
            asked = tantivy.Query.boolean_query(
                [(Occur.Must, within), (Occur.Must, tantivy.Query.boolean_query(bits))]
            )
            rows = searcher.search(asked, limit=len(ids), count=False).hits
            passages = searcher.fast_field_values("passage", [address for _, address in rows])
            for (score, _), passage in zip(rows, passages, strict=True):
                mask = int(score)
                found[int(passage or 0)] += [word for bit, word in enumerate(some) if mask >> bit & 1]
        return tuple(Hit(hit.ref, hit.passage, hit.score, tuple(found[hit.passage])) for hit in hits)


class _Writers(dict[Collection, tantivy.IndexWriter]):
    """Writers by collection, opened when first asked for."""

    def __init__(self, engine: EmbeddedEngine, target: str) -> None:
        super().__init__()
        self._engine = engine
        self._target = target

    def __missing__(self, collection: Collection) -> tantivy.IndexWriter:
        path = self._engine._folder.path(self._target, collection)
        with _translated():
            writer = tantivy.Index.open(str(path)).writer(heap_size=HEAP_BYTES, num_threads=1)
        self[collection] = writer
        return writer

    def release(self) -> None:
        """Wait for merges and let go of the locks; what was not committed is gone."""
        for writer in self.values():
            with _translated():
                writer.wait_merging_threads()
        self.clear()


def _total(result: tantivy.SearchResult) -> int:
    """Return how many records matched; the attribute is missing from the type stubs."""
    return int(result.count)  # type: ignore[attr-defined]


def _tantivy_documents(document: Document, schema: tantivy.Schema) -> Iterator[tantivy.Document]:
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
        if passage and passage.vector:
            row["vector"] = [passage.vector]
        yield tantivy.Document.from_dict(row, schema)
