"""Questions by meaning to the embedded engine: vectors are compared in full, tantivy says which may be found.

One set of filters, that of the questions by words. Nothing here is loaded where no passage has a vector: the web
process does without numpy.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import tantivy
from tantivy import Occur

from claims.query.types import Collection, Query, Ref
from claims.search.embedded.questions import SCHEMA, filters, translated
from claims.search.engine import IndexedDocument, NearPassage, insist_on_meaning, nearest_first
from claims.search.targets import TargetFolder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from claims.search.embedded.vector_file import Scan, VectorFile

#: Of the nearest so many times those asked for are shown to the filters first; only then all that pass them are listed.
AHEAD = 5


class Meanings:
    """The files of vectors beside the targets of one folder."""

    def __init__(self, folder: TargetFolder) -> None:
        self._folder = folder
        self._files: dict[Path, VectorFile] = {}
        self._lock = threading.Lock()

    def keep(self, target: str, vectors: Mapping[Ref, Mapping[int, bytes]]) -> None:
        """Let documents have exactly these vectors, by passage."""
        of: defaultdict[Collection, dict[int, Mapping[int, bytes]]] = defaultdict(dict)
        for ref, mine in vectors.items():
            of[ref.collection][ref.id] = mine
        for collection, documents in of.items():
            if any(documents.values()) or self._path(target, collection).exists():
                with translated():
                    self._file(target, collection).put(documents)

    def scan(self, target: str, collection: Collection) -> Scan | None:
        if not self._path(target, collection).exists():
            return None
        with translated():
            return self._file(target, collection).scan()

    def check(self, target: str, collection: Collection) -> None:
        """Raise IndexDamaged where the file of a collection was cut short."""
        if self._path(target, collection).exists():
            self._file(target, collection).check()

    def forget(self) -> None:
        with self._lock:
            self._files.clear()

    def _path(self, target: str, collection: Collection) -> Path:
        return self._folder.path(target, collection).with_name(f"{collection.value}.vectors")

    def _file(self, target: str, collection: Collection) -> VectorFile:
        from claims.search.embedded.vector_file import VectorFile

        path = self._path(target, collection)
        with self._lock:
            return self._files.setdefault(path, VectorFile(path))


def vectors_of(document: IndexedDocument) -> dict[int, bytes]:
    """Return the vectors of a document by passage."""
    return {passage.id: passage.vector for passage in document.passages if passage.vector}


def nearest(scan: Scan, searcher: tantivy.Searcher, query: Query, limit: int) -> tuple[NearPassage, ...]:
    """Return the nearest passages within the filters, ties by document and passage."""
    import numpy as np

    insist_on_meaning(query)
    wanted = filters(query)
    every = scan.likeness(query.vector)
    ahead = AHEAD * limit
    if ahead < len(every):
        # With all that are as near as the last of them: ties are broken by us.
        lowest = np.partition(every, len(every) - ahead)[len(every) - ahead]
        places = np.flatnonzero(every >= lowest)
        some = _among(scan, searcher, wanted, places.tolist(), every)
        if len(some) >= limit:
            return _told(query, some, limit)
    return _told(query, _all_within(scan, searcher, wanted, every), limit)


def _told(query: Query, found: Mapping[int, tuple[int, float]], limit: int) -> tuple[NearPassage, ...]:
    return nearest_first(
        (
            NearPassage(Ref(query.collection, document), passage, likeness)
            for passage, (document, likeness) in found.items()
        ),
        limit,
    )


def _among(
    scan: Scan,
    searcher: tantivy.Searcher,
    wanted: tantivy.Query,
    places: Sequence[int],
    every: NDArray[np.float32],
) -> dict[int, tuple[int, float]]:
    """Return which of the records at these places pass the filters: passage to document and likeness."""
    likeness = {int(scan.passages[at]): round(float(every[at]), 4) for at in places}
    among = tantivy.Query.term_set_query(SCHEMA, "passage", sorted(likeness))
    asked = tantivy.Query.boolean_query([(Occur.Must, wanted), (Occur.Must, among)])
    return {
        passage: (document, likeness[passage])
        for document, passage in _listed(searcher, asked, len(likeness))
        if passage in likeness
    }


def _all_within(
    scan: Scan, searcher: tantivy.Searcher, wanted: tantivy.Query, every: NDArray[np.float32]
) -> dict[int, tuple[int, float]]:
    """Return all that pass the filters and have a vector."""
    listed = _listed(searcher, wanted, max(searcher.num_docs, 1))
    documents = {passage: document for document, passage in listed}
    return {
        passage: (documents[passage], round(float(every[at]), 4))
        for at, passage in enumerate(scan.passages.tolist())
        if passage in documents
    }


def _listed(searcher: tantivy.Searcher, asked: tantivy.Query, most: int) -> Iterable[tuple[int, int]]:
    """Yield document and passage of everything that a query finds."""
    with translated():
        addresses = [address for _, address in searcher.search(asked, limit=most, count=False).hits]
        documents = searcher.fast_field_values("document", addresses)
        passages = searcher.fast_field_values("passage", addresses)
    for document, passage in zip(documents, passages, strict=True):
        yield int(document or 0), int(passage or 0)
