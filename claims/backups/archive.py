"""How is a backup written so that it is never half, and read so that a damaged one is told before it is used?

A compressed tar file: a mark first, then the members, the description with every hash last. It is written under
a temporary name beside its own, readable by its owner only, and renamed when it is whole. Members are never
unpacked by the names in the file: the caller takes those that it knows.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import os
import re
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

from claims.backups.manifest import BadArchive, Manifest, read_manifest

MARK = "factcheck-backup"
MANIFEST = "manifest.json"
DATABASE = "database.sqlite3"
KEY = "secret-key"
LOGINS = "logins.txt"
_KNOWN = re.compile(r"database\.sqlite3|secret-key|logins\.txt|tables/[a-z0-9_]{1,63}|blobs/[0-9a-f]{64}")
_LARGEST_MANIFEST = 256 * 1024 * 1024
_PIECE = 1024 * 1024


class ArchiveWriter:
    """Writes one backup; leaving the block with an error leaves nothing behind.

    Raises OSError where the place cannot be written or is full.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.members: dict[str, tuple[int, str]] = {}
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")  # mode 0600
        self._temporary = Path(name)
        self._file = os.fdopen(handle, "wb")
        try:
            self._packed = gzip.GzipFile(filename="", mode="wb", fileobj=self._file, compresslevel=6)
            self._tar = tarfile.open(  # noqa: SIM115  # closed by finish()
                fileobj=self._packed, mode="w|", format=tarfile.PAX_FORMAT
            )
            self._put(MARK, io.BytesIO(b"1\n"), 2)
        except BaseException:
            self._abandon()
            raise

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._file.closed:
            self._abandon()

    def add(self, name: str, data: bytes) -> None:
        """Add one member from memory."""
        self._member(name, io.BytesIO(data), len(data))

    def add_file(self, name: str, path: Path) -> str:
        """Add one member from a file that nobody changes meanwhile; returns its SHA-256."""
        with path.open("rb") as file:
            return self._member(name, file, os.fstat(file.fileno()).st_size)

    def finish(self, manifest: Manifest) -> int:
        """Write the description, make sure that all is on the disk, and rename; returns the size in bytes."""
        data = manifest.to_json()
        self._put(MANIFEST, io.BytesIO(data), len(data))
        self._tar.close()
        self._packed.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        size = os.fstat(self._file.fileno()).st_size
        self._temporary.replace(self.target)
        self._file.close()
        with contextlib.suppress(OSError):  # not every file system can
            folder = os.open(self.target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        return size

    def _member(self, name: str, source: IO[bytes], size: int) -> str:
        if not _KNOWN.fullmatch(name):
            raise ValueError(f"{name} has no place in a backup")
        reading = _Hashing(source)
        self._put(name, reading, size)
        digest = reading.digest.hexdigest()
        self.members[name] = (size, digest)
        return digest

    def _put(self, name: str, source: IO[bytes] | _Hashing, size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(time.time())
        self._tar.addfile(info, source)

    def _abandon(self) -> None:
        self._temporary.unlink(missing_ok=True)
        for part in ("_tar", "_packed", "_file"):
            # What is buffered may not fit on the disk any more, and nobody wants it.
            with contextlib.suppress(OSError, ValueError, AttributeError):
                getattr(self, part).close()


class _Hashing:
    """A stream that remembers the hash of what was read from it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data


def check(path: Path) -> Manifest:
    """Read the whole file, compare every hash, and return its description; raises BadArchive, OSError."""
    if not _is_ours(path):
        raise BadArchive("is not a backup of this workbench")
    try:
        return _checked(path)
    except EOFError as error:
        raise BadArchive("is damaged: it ends early") from error
    except (tarfile.TarError, zlib.error, gzip.BadGzipFile) as error:
        raise BadArchive("is damaged: it cannot be unpacked") from error


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Return the members in the order of the file, each to be read before the next; call ``check`` first."""
    for name, _size, source in _walk(path):
        if name != MANIFEST:
            yield name, source


def _checked(path: Path) -> Manifest:
    found: dict[str, tuple[int, str]] = {}
    manifest: Manifest | None = None
    for name, size, source in _walk(path):
        if manifest is not None:
            raise BadArchive("is damaged: something follows its end")
        if name == MANIFEST:
            if size > _LARGEST_MANIFEST:
                raise BadArchive("is damaged: its description is too large")
            manifest = read_manifest(source.read())
            continue
        reading = _Hashing(source)
        while reading.read(_PIECE):
            pass
        found[name] = (size, reading.digest.hexdigest())
    if manifest is None:
        raise BadArchive("is damaged: it ends early")
    wrong = sorted(
        name for name in found.keys() | manifest.members if found.get(name) != manifest.members.get(name)
    )
    if wrong:
        raise BadArchive(f"is damaged: {wrong[0]} is not what was written")
    return manifest


def _is_ours(path: Path) -> bool:
    try:
        with gzip.open(path, "rb") as packed:
            return packed.read(len(MARK) + 1) == MARK.encode() + b"\0"
    except (gzip.BadGzipFile, EOFError, zlib.error):
        return False


def _walk(path: Path) -> Iterator[tuple[str, int, IO[bytes]]]:
    with gzip.open(path, "rb") as packed:
        with tarfile.open(fileobj=packed, mode="r|") as tar:
            for info in tar:
                source = tar.extractfile(info) if info.isreg() else None
                if source is None or not (info.name in (MARK, MANIFEST) or _KNOWN.fullmatch(info.name)):
                    raise BadArchive(f"holds “{info.name[:80]}”, which no backup of ours holds")
                if info.name != MARK:
                    yield info.name, info.size, source
        # The checksum of the whole stands at the end of the file.
        while packed.read(_PIECE):
            pass
