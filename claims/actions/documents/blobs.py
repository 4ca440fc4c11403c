"""Where do the bytes of a capture lie? Files named by their own SHA-256, written once and never changed.

Writing is done before the transaction that refers to the file: a file that nothing refers to harms nobody, a
row without its file does. Nothing here decides who may read one.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings

from claims.intake.hashing import blob_hash

_NAME = re.compile(r"[0-9a-f]{64}\Z")


class BlobMissing(Exception):
    """The file of a capture is not there, or does not hold what its name says."""


def path_of(name: str) -> Path:
    """Return where the bytes of this hash lie; raises ValueError for anything that is no hash."""
    if not _NAME.match(name):
        raise ValueError("not the name of stored bytes")
    return Path(settings.BLOB_DIR) / name[:2] / name[2:4] / name


def put(data: bytes) -> str:
    """Store bytes and return their name; storing the same bytes again writes nothing.

    The file appears under its name whole or not at all, also after a power cut.
    """
    name = blob_hash(data)
    target = path_of(name)
    if target.exists():
        # Whoever purges what nothing names goes by the time of the last put.
        with contextlib.suppress(OSError):
            os.utime(target)
        return name
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return name


def put_all(data: Iterable[bytes]) -> None:
    """Store several items at once: nearly all of the time goes by waiting for the disk."""
    several = [one for one in data if one]
    if len(several) > 1:
        with ThreadPoolExecutor(max_workers=4) as pool:
            list(pool.map(put, several))


def read(name: str) -> bytes:
    """Return stored bytes; raises BlobMissing where the file is gone or damaged."""
    try:
        data = path_of(name).read_bytes()
    except FileNotFoundError:
        raise BlobMissing("The stored bytes are missing; restore the blob folder from a backup.") from None
    if blob_hash(data) != name:
        raise BlobMissing("The stored bytes are damaged; restore the blob folder from a backup.")
    return data


def older_than(moment: dt.datetime) -> Iterator[str]:
    """Yield the names of the files that were last put before ``moment``."""
    for path in Path(settings.BLOB_DIR).glob("??/??/*"):
        if _NAME.match(path.name) and _put_before(path, moment):
            yield path.name


def remove(name: str, *, before: dt.datetime) -> bool:
    """Delete a file that nothing names; False where somebody has just put it again."""
    path = path_of(name)
    if not _put_before(path, before):
        return False
    path.unlink(missing_ok=True)
    return True


def _put_before(path: Path, moment: dt.datetime) -> bool:
    try:
        return path.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False
