"""Where do the bytes of a capture lie? Under their own SHA-256 in a storage of Django's, written once, never changed.

The storage is ``STORAGES["blobs"]``: files of this machine, or an object store that several hosts share. Writing is
done before the transaction that refers to the bytes: bytes that nothing refers to harm nobody, a row without its
bytes does. Nothing here decides who may read them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from claims.intake.hashing import blob_hash

_NAME = re.compile(r"[0-9a-f]{64}\Z")
_FOLDER = re.compile(r"[0-9a-f]{2}\Z")


class BlobMissing(Exception):
    """The bytes of a capture are not there, or are not what their name says."""


def place_of(name: str) -> str:
    """Return under which name the storage keeps the bytes of this hash; raises ValueError for what is no hash."""
    if not _NAME.match(name):
        raise ValueError("not the name of stored bytes")
    return f"{name[:2]}/{name[2:4]}/{name}"


def put(data: bytes) -> str:
    """Store bytes and return their name; storing the same bytes again only renews their time."""
    name = blob_hash(data)
    place = place_of(name)
    kept = _storage().save(place, ContentFile(data))
    if kept != place:
        # A storage that gives what is there already another name: one of the two is enough.
        _storage().delete(kept)
    return name


@contextmanager
def putting(data: Iterable[bytes]) -> Iterator[None]:
    """Store several items while the block runs, and be done at its end: nearly all of it is waiting for the disk."""
    several = [one for one in data if one]
    with ThreadPoolExecutor(max_workers=4) as pool:
        writing = [pool.submit(put, one) for one in several]
        yield
        for one in writing:
            one.result()


def exists(name: str) -> bool:
    """Say whether there are bytes of this name; whether they are whole, only reading them tells."""
    return _storage().exists(place_of(name))


def read(name: str) -> bytes:
    """Return stored bytes; raises BlobMissing where they are gone or damaged."""
    try:
        with _storage().open(place_of(name)) as file:
            data = file.read()
    except FileNotFoundError:
        raise BlobMissing("The stored bytes are missing; restore the blob folder from a backup.") from None
    if blob_hash(data) != name:
        raise BlobMissing("The stored bytes are damaged; restore the blob folder from a backup.")
    return bytes(data)


def put_anew(data: bytes) -> str:
    """Store bytes in the place of damaged ones of their name."""
    name = blob_hash(data)
    _storage().delete(place_of(name))
    return put(data)


def older_than(moment: dt.datetime) -> Iterator[str]:
    """Yield the names of what was last put before ``moment``."""
    storage = _storage()
    for first in _folders(storage, ""):
        for second in _folders(storage, first):
            for name in storage.listdir(second)[1]:
                if _NAME.match(name) and _put_before(storage, name, moment):
                    yield name


def remove(name: str, *, before: dt.datetime) -> bool:
    """Delete bytes that nothing names; False where somebody has just put them again."""
    storage = _storage()
    if not _put_before(storage, name, before):
        return False
    storage.delete(place_of(name))
    return True


def _storage() -> Storage:
    return storages["blobs"]


def _folders(storage: Storage, within: str) -> list[str]:
    try:
        names = storage.listdir(within)[0]
    except FileNotFoundError:
        return []
    return [f"{within}/{name}".lstrip("/") for name in sorted(names) if _FOLDER.match(name)]


def _put_before(storage: Storage, name: str, moment: dt.datetime) -> bool:
    try:
        return storage.get_modified_time(place_of(name)) < moment
    except FileNotFoundError:
        return False
