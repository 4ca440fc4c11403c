"""Stored bytes in another storage than a folder of this machine: nothing asks for a path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from claims.actions.documents import blobs
from claims.actions.installation.backup import make_backup
from claims.backups import archive
from claims.models import Capture
from tests import builders
from tests.people import Cast

FOREIGN = {
    "memory": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "folder": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
}


@pytest.fixture(params=sorted(FOREIGN))
def shared(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> str:
    """A storage that knows nothing of this product; the folder of the product's own must stay empty."""
    settings.BLOB_DIR = tmp_path / "own"
    chosen = dict(FOREIGN[request.param])
    if request.param == "folder":
        chosen["OPTIONS"] = {"location": tmp_path / "shared"}  # type: ignore[assignment]
    settings.STORAGES = {**settings.STORAGES, "blobs": chosen}
    return str(request.param)


def test_bytes_come_back_and_are_kept_once(shared: str, tmp_path: Path) -> None:
    name = blobs.put(b"pages")
    assert blobs.put(b"pages") == name
    assert blobs.read(name) == b"pages"
    assert blobs.exists(name)
    assert storages["blobs"].listdir(f"{name[:2]}/{name[2:4]}")[1] == [name]
    assert not (tmp_path / "own").exists()


def test_missing_and_damaged_bytes_are_told_and_put_anew(shared: str) -> None:
    with pytest.raises(blobs.BlobMissing, match="missing"):
        blobs.read("0" * 64)
    name = blobs.put(b"good")
    with storages["blobs"].open(blobs.place_of(name), "wb") as file:
        file.write(b"bad")
    with pytest.raises(blobs.BlobMissing, match="damaged"):
        blobs.read(name)
    assert blobs.put_anew(b"good") == name
    assert blobs.read(name) == b"good"


def test_what_nothing_names_is_found_by_its_age_and_removed(shared: str) -> None:
    name, now = blobs.put(b"old"), timezone.now()
    assert list(blobs.older_than(now - dt.timedelta(days=1))) == []
    assert not blobs.remove(name, before=now - dt.timedelta(days=1))
    later = now + dt.timedelta(days=1)
    assert list(blobs.older_than(later)) == [name]
    assert blobs.remove(name, before=later)
    assert not blobs.exists(name)
    assert not blobs.remove(name, before=later)


@pytest.mark.django_db(transaction=True)
def test_an_article_and_the_backup_use_the_storage(
    shared: str, cast: Cast, tmp_path: Path, drain: Callable[..., int]
) -> None:
    builders.article(cast)
    capture = Capture.objects.exclude(blob="").get()
    whole = blobs.read(capture.blob)
    assert not (tmp_path / "own").exists()
    made = make_backup(to=tmp_path / "one.backup")
    assert made.manifest.missing_blobs == []
    held = {name: source.read() for name, source in archive.members(made.path) if name.startswith("blobs/")}
    assert held == {f"blobs/{capture.blob}": whole}
