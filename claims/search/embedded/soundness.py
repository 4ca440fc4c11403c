"""Are the files of an index whole? Asked before they are used, so that a damaged one is never searched.

Every file of a tantivy segment ends with a footer that holds the checksum of what comes before it, and is
never changed once written. A file is read through once; after that its size and times say whether it is
still the same. What lies beside the files the index names (locks, leftovers of a sudden end) is ignored.
"""

from __future__ import annotations

import json
import threading
import zlib
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tantivy

from claims.search.embedded.questions import SCHEMA, translated
from claims.search.engine import EngineUnavailable, IndexDamaged

PARTS = ("fast", "fieldnorm", "idx", "pos", "store", "term")
_MAGIC = (1337).to_bytes(4, "little")
_PIECE = 1 << 20
_TRIES = 5


def read_meta(path: Path) -> dict[str, Any]:
    """Return what a collection's folder says of itself. Raises IndexDamaged where it says nothing sensible."""
    try:
        meta = json.loads((path / "meta.json").read_bytes())
        segment_files(meta)
        int(meta["opstamp"])
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise IndexDamaged(f"the files of the index “{path.parent.name}” are gone") from None
    except OSError as error:
        raise EngineUnavailable(f"the index files cannot be read: {error}") from error
    except (ValueError, KeyError, TypeError, AttributeError):
        raise IndexDamaged(f"meta.json of the index “{path.parent.name}” is damaged") from None
    return dict(meta)


def segment_files(meta: dict[str, Any]) -> list[str]:
    """Return the names of the files that the segments of an index consist of."""
    names = []
    for segment in meta["segments"]:
        id = segment["segment_id"].replace("-", "")
        names += [f"{id}.{part}" for part in PARTS]
        if segment.get("deletes"):
            names.append(f"{id}.{segment['deletes']['opstamp']}.del")
    return names


def opened(path: Path) -> tantivy.Index:
    """Return an index for reading that looks for new commits only when it is told to.

    By itself it would do so from a thread; a file cut short at that moment ends the process. It does so once, right
    after it was opened, whatever it is told.
    """
    index = tantivy.Index.open(str(path))
    index.config_reader(reload_policy="manual")
    return index


class Soundness:
    """Remembers which files it has read through; safe to share between threads."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[int, int, int]] = {}
        self._lock = threading.Lock()

    def check(self, path: Path) -> int:
        """Return the operation that a collection's folder has reached. Raises IndexDamaged."""
        for attempt in range(_TRIES):
            meta = read_meta(path)
            try:
                self._check(path, meta)
                self._keep(path, meta)
            except IndexDamaged:
                # Whoever writes may have merged segments away meanwhile.
                if attempt + 1 < _TRIES and read_meta(path) != meta:
                    continue
                raise
            return int(meta["opstamp"])
        raise EngineUnavailable("the index changes faster than it can be looked over")

    def _check(self, path: Path, meta: dict[str, Any]) -> None:
        if meta.get("schema") != _fields():
            raise IndexDamaged(f"the index “{path.parent.name}” has other fields than this version writes")
        for name in segment_files(meta):
            self._check_file(path / name)
        try:
            with translated():
                opened(path).searcher()
        except EngineUnavailable as error:
            if "ermission denied" in str(error):
                raise
            raise IndexDamaged(f"the index “{path.parent.name}” cannot be opened: {error}") from error

    def _check_file(self, file: Path) -> None:
        try:
            found = file.stat()
            seen = (found.st_ino, found.st_size, found.st_mtime_ns)
            with self._lock:
                if self._known.get(file) == seen:
                    return
            whole = _whole(file)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise IndexDamaged(f"the index file {file.name} is gone") from None
        except OSError as error:
            raise EngineUnavailable(f"the index files cannot be read: {error}") from error
        if not whole:
            raise IndexDamaged(f"the index file {file.name} is damaged")
        with self._lock:
            self._known[file] = seen

    def _keep(self, path: Path, meta: dict[str, Any]) -> None:
        """Forget the files that merges took away."""
        named = {path / name for name in segment_files(meta)}
        with self._lock:
            for file in [file for file in self._known if file.parent == path and file not in named]:
                del self._known[file]


def _whole(file: Path) -> bool:
    """Say whether a segment file ends with a footer whose checksum fits what comes before."""
    with file.open("rb") as stream:
        size = stream.seek(0, 2)
        if size < 8:
            return False
        stream.seek(size - 8)
        tail = stream.read(8)
        length = int.from_bytes(tail[:4], "little")
        body = size - 8 - length
        if tail[4:] != _MAGIC or body < 0:
            return False
        stream.seek(body)
        try:
            wanted = int(json.loads(stream.read(length))["crc"])
        except (ValueError, KeyError, TypeError):
            return False
        stream.seek(0)
        checksum = 0
        while body > 0:
            piece = stream.read(min(_PIECE, body))
            if not piece:
                return False
            checksum = zlib.crc32(piece, checksum)
            body -= len(piece)
    return checksum == wanted


@cache
def _fields() -> Any:
    """Return the fields of a new index as tantivy writes them down."""
    with TemporaryDirectory() as folder:
        tantivy.Index(SCHEMA, path=folder)
        return json.loads((Path(folder) / "meta.json").read_bytes())["schema"]
