"""The embedded engine: tantivy, files in a folder beside the database.

Answers the whole port of ``claims.search.engine`` in process. Refuses to write when opened for reading:
one process (the worker) writes, any number read and see a commit at their next search. The folder holds
``targets/<name>/<collection>/`` and the file ``CURRENT``, which names the target that is read and is only
ever replaced as a whole. A process killed while writing leaves the last commit.

Only this package imports tantivy. Its ``more_like_this`` panics once documents were deleted and its query
parser raises on ordinary sentences: neither is used.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import metadata
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

import tantivy
from tantivy import FieldType, Occur

from claims.query.types import Collection, Frequencies, Query, Ref
from claims.search.embedded.best import best_records
from claims.search.embedded.commits import OpenedIndex, Writers, stamp_of
from claims.search.embedded.counting import counted, records_of
from claims.search.embedded.meaning import Meanings, vectors_of
from claims.search.embedded.meaning import nearest as nearest_within
from claims.search.embedded.questions import SCHEMA, any_of, exactly, stored_records, translated
from claims.search.embedded.soundness import Soundness, opened, read_meta, segment_files
from claims.search.engine import (
    Counted,
    Done,
    EngineQuestion,
    EngineRefused,
    EngineUnavailable,
    Hit,
    Hits,
    IndexDamaged,
    IndexedDocument,
    ItemOutcome,
    Mark,
    NearPassage,
    NotBuilt,
    Status,
    Stored,
    asked_words,
    fetch_size,
    insist_on_meaning,
    insist_on_words,
    nothing,
)
from claims.search.targets import TargetFolder, new_target_name

WALK = 5000
#: So many terms of a commit are remembered with their frequency.
COUNTED = 100_000
MASK_BITS = 24
"""Matched terms come back as the bits of a score, which is a 32-bit float: exact up to 2 to the 24th."""


class EmbeddedEngine:
    """One folder of index files; safe to share between threads."""

    name = "embedded"
    is_elsewhere = False

    def __init__(self, directory: Path, *, writable: bool = True) -> None:
        self.directory = Path(directory)
        self._folder = TargetFolder(self.directory)
        self._writable = writable
        self._opened: dict[Path, OpenedIndex] = {}
        self._soundness = Soundness()
        self._meanings = Meanings(self._folder)
        self._lock = threading.Lock()

    # Targets

    def ensure(self) -> str:
        current = self.current()
        if current is None:
            current = self.open_target()
            self.switch(current)
        return current

    def open_target(self, name: str = "") -> str:
        self._may_write()
        target = name or new_target_name()
        with translated():
            self._folder.prepare()
            for collection in Collection:
                path = self._folder.path(target, collection)
                path.mkdir(parents=True)
                tantivy.Index(SCHEMA, path=str(path))
            self._folder.stamp(target)
        return target

    def switch(self, target: str) -> None:
        self._may_write()
        if target not in self.targets():
            raise EngineRefused(f"there is no index target {target}")
        with translated():
            self._folder.point_to(target)

    def drop(self, target: str) -> None:
        self._may_write()
        if target == self.current():
            raise EngineRefused("the index target that is read cannot be dropped")
        self._forget()
        self._folder.delete(target)

    def examine(self, target: str, *, mend: bool = False) -> Mark:
        for collection in Collection:
            self._meanings.check(target, collection)
        return {
            collection.value: {"seq": self._soundness.check(self._folder.path(target, collection))}
            for collection in Collection
        }

    def set_aside(self, target: str) -> None:
        self._may_write()
        self._forget()
        with translated():
            self._folder.set_aside(target)

    def erase(self) -> None:
        self._may_write()
        self._forget()
        self._folder.erase()

    def targets(self) -> list[str]:
        return self._folder.targets()

    def current(self) -> str | None:
        return self._folder.current()

    def rebuild(self, documents: Iterable[IndexedDocument], *, batch: int = 500) -> str:
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

    def put(self, documents: Iterable[IndexedDocument], *, target: str | None = None) -> list[ItemOutcome]:
        self._may_write()
        target = target or self._current()
        with self._writers(target) as writers:
            return self._put(list(documents), target, writers)

    def remove(self, items: Iterable[tuple[Ref, int]], *, target: str | None = None) -> list[ItemOutcome]:
        self._may_write()
        target = target or self._current()
        items = list(items)
        held = self._held(target, [ref for ref, _ in items])
        outcomes = []
        with self._writers(target) as writers, translated():
            for ref, version in items:
                if ref not in held:
                    outcomes.append(ItemOutcome(ref, version, Done.ABSENT))
                elif held[ref] > version:
                    outcomes.append(ItemOutcome(ref, version, Done.STALE, f"the index holds {held[ref]}"))
                else:
                    self._delete(writers[ref.collection], ref)
                    del held[ref]
                    outcomes.append(ItemOutcome(ref, version, Done.REMOVED))
            self._meanings.keep(target, {one.ref: {} for one in outcomes if one.done is Done.REMOVED})
            for writer in writers.values():
                writer.commit()
        return outcomes

    def _put(self, documents: Sequence[IndexedDocument], target: str, writers: Writers) -> list[ItemOutcome]:
        held = self._held(target, [document.ref for document in documents])
        outcomes = []
        vectors = {}
        with translated():
            for document in documents:
                ref, version = document.ref, document.version
                stored = held.get(ref)
                if stored is not None and stored > version:
                    outcomes.append(ItemOutcome(ref, version, Done.STALE, f"the index holds {stored}"))
                    continue
                writer = writers[ref.collection]
                if stored is not None:
                    self._delete(writer, ref)
                for record in stored_records(document):
                    writer.add_document(record)
                held[ref] = version
                vectors[ref] = vectors_of(document)
                outcomes.append(ItemOutcome(ref, version, Done.STORED))
            self._meanings.keep(target, vectors)
            for writer in writers.values():
                writer.commit()
        return outcomes

    def _delete(self, writer: tantivy.IndexWriter, ref: Ref) -> None:
        """Delete a document's passages, by query: deleting by term silently misses an unsigned field."""
        writer.delete_documents_by_query(exactly("document", ref.id))

    @contextmanager
    def _writers(self, target: str) -> Iterator[Writers]:
        """Offer a writer for each collection that is written to; release the lock on every way out."""
        writers = Writers(self._folder, target)
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
            with translated():
                query = tantivy.Query.boolean_query(
                    [
                        (Occur.Must, tantivy.Query.term_set_query(SCHEMA, "document", sorted(ids))),
                        (Occur.Must, exactly("head", 1)),
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
        insist_on_words(query)
        commit, searcher = self._opened_with(query.collection)
        with translated():
            # In order as plain values: objects are made of those that are left.
            best = sorted(
                (-round(one.score, 4), one.document, one.passage)
                for one in best_records(commit, searcher, query, size)
            )[:limit]
            hits = tuple(
                Hit(Ref(query.collection, document), passage, -score) for score, document, passage in best
            )
            if matched:
                hits = self._with_matched(searcher, query, hits)
        return Hits(hits, partial(records_of, searcher, query) if hits else nothing)

    def msearch(self, queries: Sequence[Query], limit: int = 200, *, matched: bool = False) -> list[Hits]:
        return self.together([EngineQuestion(query, limit, matched) for query in queries])

    def together(self, asked: Sequence[EngineQuestion]) -> list[Hits]:
        return [self.search(one.query, one.limit, matched=one.matched) for one in asked]

    def nearest(self, queries: Sequence[Query], limit: int = 200) -> list[tuple[NearPassage, ...]]:
        fetch_size(limit)
        found = []
        for query in queries:
            insist_on_meaning(query)
            scan = self._meanings.scan(self._current(), query.collection)
            searcher = self._searcher(query.collection)
            found.append(() if scan is None else nearest_within(scan, searcher, query, limit))
        return found

    def alike(
        self, asked: Sequence[tuple[Sequence[float], Sequence[int]]], collection: Collection
    ) -> list[dict[int, float]]:
        scan = self._meanings.scan(self._current(), collection)
        return [{} if scan is None else scan.of(vector, passages) for vector, passages in asked]

    def count(self, query: Query) -> Counted:
        insist_on_words(query)
        return counted(*self._opened_with(query.collection), query)

    def document_frequencies(
        self, terms: Iterable[str], collection: Collection = Collection.DOCUMENTS
    ) -> Frequencies:
        commit, searcher = self._opened_with(collection)
        known, counted = commit.frequencies, {}
        if len(known) > COUNTED:
            known.clear()
        with translated():
            for term in dict.fromkeys(terms):
                count = known.get(term)
                if count is None:
                    count = known[term] = searcher.doc_freq("all", term)
                counted[term] = count
            total = searcher.doc_freq("head", 0) + searcher.doc_freq("head", 1)
        return Frequencies(total, {term: df for term, df in counted.items() if df})

    def versions(self, collection: Collection, *, target: str | None = None) -> Iterator[Stored]:
        searcher = self._searcher(collection, target)
        last = 0
        while True:
            with translated():
                after = tantivy.Query.range_query(
                    SCHEMA, "document", FieldType.Unsigned, lower_bound=last + 1
                )
                heads = tantivy.Query.boolean_query([(Occur.Must, exactly("head", 1)), (Occur.Must, after)])
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
        return not self.trouble()

    def trouble(self) -> str:
        try:
            self._searcher(Collection.DOCUMENTS)
        except (EngineUnavailable, EngineRefused) as problem:
            return str(problem)
        return ""

    def reachable(self) -> bool:
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
                with translated():
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
        self._meanings.forget()
        with self._lock:
            self._opened.clear()

    def _current(self) -> str:
        current = self.current()
        if current is None:
            raise NotBuilt("the search index has not been built yet")
        return current

    def _searcher(self, collection: Collection, target: str | None = None) -> tantivy.Searcher:
        """Return a snapshot of the newest commit; reopening is cheap and only done after one."""
        return self._opened_with(collection, target)[1]

    def _opened_with(
        self, collection: Collection, target: str | None = None
    ) -> tuple[OpenedIndex, tantivy.Searcher]:
        """Return the same with what is known of the commit."""
        named = target or self._current()
        try:
            return self._snapshot(self._folder.path(named, collection))
        except EngineUnavailable:
            # A rebuild may have switched and dropped between reading the pointer and opening the files.
            if target is not None or self.current() in (named, None):
                raise
            return self._snapshot(self._folder.path(self._current(), collection))

    def _snapshot(self, path: Path) -> tuple[OpenedIndex, tantivy.Searcher]:
        with self._lock, translated():
            try:
                seen = stamp_of(path)
                known = self._opened.get(path)
                if known is not None and known.seen == seen and not known.whole():
                    # Files cut short under our feet would end this process at the next read.
                    seen = stamp_of(path)
                    if known.seen == seen:
                        self._opened.pop(path)
                        raise IndexDamaged(
                            f"index files of “{path.parent.name}” were changed by somebody else"
                        )
                if known is None or known.seen != seen:
                    files = {path / name: 0 for name in segment_files(read_meta(path))}
                    index = known.index if known is not None else opened(path)
                    index.reload()
                    sizes = {file: file.stat().st_size for file in files if file.exists()}
                    known = self._opened[path] = OpenedIndex(index, seen, sizes)
            except FileNotFoundError:
                self._opened.pop(path, None)
                raise EngineUnavailable(f"the index target {path.parent.name} is gone") from None
            return known, known.index.searcher()

    def _with_matched(
        self, searcher: tantivy.Searcher, query: Query, hits: tuple[Hit, ...]
    ) -> tuple[Hit, ...]:
        """Ask which of the words each hit holds: every word adds its own power of two to a score."""
        words = asked_words(query)
        if not words or not hits:
            return hits
        ids = [hit.passage for hit in hits]
        # Single terms, because a term set of some hundred ids takes twice as long to look up.
        within = tantivy.Query.const_score_query(any_of("passage", ids), 0.0)
        found: defaultdict[int, list[str]] = defaultdict(list)
        for start in range(0, len(words), MASK_BITS):
            some = words[start : start + MASK_BITS]
            bits = [
                (Occur.Should, tantivy.Query.const_score_query(exactly("all", word), float(1 << bit)))
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
