"""Stored bytes: named by their hash, whole or not there, and never outside their folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.actions.documents import blobs
from claims.intake.hashing import blob_hash


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    settings.BLOB_DIR = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def test_bytes_come_back_as_they_were(folder: Path) -> None:
    name = blobs.put(b"\x00\xff bytes")
    assert name == blob_hash(b"\x00\xff bytes")
    assert blobs.read(name) == b"\x00\xff bytes"
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [name]


def test_the_same_bytes_are_written_once(folder: Path) -> None:
    path = folder / blobs.place_of(blobs.put(b"same"))
    path.chmod(0o400)
    before = path.stat().st_ino
    assert blobs.put(b"same") == path.name
    assert path.stat().st_ino == before


def test_a_write_that_breaks_off_leaves_no_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        blobs.put(b"x")
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["", "../secret-key", "a" * 63, "A" * 64, "a" * 64 + "\n", "/etc/passwd"])
def test_only_a_hash_names_a_file(name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        blobs.place_of(name)


def test_missing_and_damaged_files_are_told(folder: Path) -> None:
    with pytest.raises(blobs.BlobMissing, match="missing"):
        blobs.read("0" * 64)
    name = blobs.put(b"good")
    (folder / blobs.place_of(name)).write_bytes(b"bad")
    with pytest.raises(blobs.BlobMissing, match="damaged"):
        blobs.read(name)
