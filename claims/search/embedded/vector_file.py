"""The vectors of one index, in a file that is mapped into memory: which passages are nearest to a question?

Lies beside the files of tantivy, written by the same process, and is a cache as they are. Every record has the same
length: a passage, its document and its vector, as float32 (to widen float16 takes five times as long as to multiply).
What goes is overwritten with zeros, what comes is put at the end; where most of a file is zeros it is written anew.
Which of the passages may be found is for tantivy to say: a record too many does no harm, so the file is written
before tantivy commits.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from claims.search.engine import VECTOR_WIDTH, IndexDamaged

RECORD = np.dtype([("passage", "<i8"), ("document", "<i8"), ("vector", "<f4", (VECTOR_WIDTH,))])
#: So many records are copied at once: 12 MB.
CHUNK = 8_192
#: A file is written anew when so many records, and more than half of it, are zeros.
WASTE = 1_000

_Seen = tuple[int, int, int]
"""What tells one state of a file from another: which file, how long it is, when it was written."""


class VectorFile:
    """One file; one process writes it, any number read. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen: _Seen | None = None
        self._places: dict[int, list[int]] = {}
        self._passages: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._scan: Scan | None = None

    def put(self, documents: Mapping[int, Mapping[int, bytes]]) -> None:
        """Let these documents have exactly these vectors, by passage; none forgets them."""
        with self._lock:
            if not self._path.exists() and not any(documents.values()):
                return
            self._load()
            # Known anew only where all of it was written: a file of two hundred thousand takes long to read.
            self._seen = None
            added: list[tuple[int, bytes]] = []
            with self._path.open("r+b" if self._path.exists() else "w+b") as file:
                for document, vectors in documents.items():
                    known = {int(self._passages[at]): at for at in self._places.pop(document, ())}
                    for passage, at in known.items():
                        if passage not in vectors:
                            _write(file, at, bytes(RECORD.itemsize))
                            self._passages[at] = 0
                    places = []
                    for passage, vector in vectors.items():
                        record = _record(passage, document, vector)
                        if passage in known:
                            _write(file, known[passage], record)
                            places.append(known[passage])
                        else:
                            places.append(len(self._passages) + len(added))
                            added.append((passage, record))
                    if places:
                        self._places[document] = places
                file.seek(0, os.SEEK_END)
                file.write(b"".join(record for _passage, record in added))
                file.flush()
                os.fsync(file.fileno())
            new = np.array([passage for passage, _record in added], dtype=np.int64)
            self._passages = np.concatenate((self._passages, new))
            self._seen = _stat(self._path)
            gone = int((self._passages == 0).sum())
            if gone > WASTE and 2 * gone > len(self._passages):
                self._write_anew()

    def _load(self) -> None:
        """Read which passage lies where; a record that a sudden end cut short is cut off."""
        found = _stat(self._path)
        if found is None:
            self._seen, self._places, self._passages = None, {}, np.zeros(0, dtype=np.int64)
            return
        if found == self._seen:
            return
        rest = found[1] % RECORD.itemsize
        if rest:
            with self._path.open("r+b") as file:
                file.truncate(found[1] - rest)
            found = _stat(self._path) or found
        rows = _mapped(self._path, found)
        self._passages = np.array(rows["passage"])
        self._places = defaultdict(list)
        for at, document in enumerate(rows["document"].tolist()):
            if document:
                self._places[document].append(at)
        self._seen = found

    def _write_anew(self) -> None:
        rows = _mapped(self._path, self._seen or (0, 0, 0))
        fresh = self._path.with_suffix(".new")
        with fresh.open("wb") as file:
            for at in range(0, len(rows), CHUNK):
                some = rows[at : at + CHUNK]
                file.write(some[some["passage"] != 0].tobytes())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        self._load()

    def scan(self) -> Scan | None:
        """Return what the file holds now, to be compared; None where there is nothing. Raises IndexDamaged."""
        found = _stat(self._path)
        if found is None or found[1] < RECORD.itemsize:
            return None
        with self._lock:
            known = self._scan
            if known is not None and known.seen == found:
                return known
            same = known is not None and known.seen[0] == found[0]
            if known is not None and same and found[1] // RECORD.itemsize < len(known.passages):
                # What is mapped would end this process at the next read.
                self._scan = None
                raise IndexDamaged(f"the file {self._path.name} was cut short by somebody else")
            self._scan = Scan(_mapped(self._path, found), found)
            return self._scan

    def check(self) -> None:
        """Raise IndexDamaged where the file is no whole number of records."""
        found = _stat(self._path)
        if found is not None and found[1] % RECORD.itemsize:
            raise IndexDamaged(f"the file {self._path.name} was cut short")


class Scan:
    """The vectors of a file as it was opened."""

    def __init__(self, rows: NDArray[np.void], seen: _Seen) -> None:
        self.seen = seen
        self._vectors = rows["vector"]
        self.passages: NDArray[np.int64] = np.array(rows["passage"])
        self._order = np.argsort(self.passages, kind="stable")
        self._sorted = self.passages[self._order]

    def likeness(self, vector: Sequence[float]) -> NDArray[np.float32]:
        """Return how alike every record is, rounded to 4 decimals; every vector is looked at."""
        every: NDArray[np.float32] = (self._vectors @ np.array(vector, dtype=np.float32)).round(4)
        every[self.passages == 0] = -2.0
        return every

    def of(self, vector: Sequence[float], passages: Sequence[int]) -> dict[int, float]:
        """Return how alike these passages are; what has no vector is left out."""
        wanted = np.array(sorted(set(passages)), dtype=np.int64)
        at = np.searchsorted(self._sorted, wanted)
        there = at < len(self._sorted)
        there[there] = self._sorted[at[there]] == wanted[there]
        rows = self._order[at[there]]
        values = self._vectors[rows] @ np.array(vector, dtype=np.float32)
        return {
            int(passage): round(float(value), 4) for passage, value in zip(wanted[there], values, strict=True)
        }


def _write(file: BinaryIO, at: int, record: bytes) -> None:
    file.seek(at * RECORD.itemsize)
    file.write(record)


def _record(passage: int, document: int, vector: bytes) -> bytes:
    wide = np.frombuffer(vector, dtype="<f2").astype("<f4").tobytes()
    return passage.to_bytes(8, "little") + document.to_bytes(8, "little") + wide


def _stat(path: Path) -> _Seen | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _mapped(path: Path, seen: _Seen) -> NDArray[np.void]:
    count = seen[1] // RECORD.itemsize
    if not count:
        return np.zeros(0, dtype=RECORD)
    return np.memmap(path, dtype=RECORD, mode="r", shape=(count,))
