"""A backup file is whole or told to be damaged; it is never half, and nothing is unpacked by its own names."""

from __future__ import annotations

import gzip
import hashlib
import io
import stat
import tarfile
from pathlib import Path

import pytest

from claims.backups.archive import MANIFEST, MARK, ArchiveWriter, check, members
from claims.backups.manifest import BadArchive, Manifest

BYTES = b"what a page said"
BLOB = f"blobs/{hashlib.sha256(BYTES).hexdigest()}"


def manifest(**fields: object) -> Manifest:
    values: dict[str, object] = {
        "made_at": "2026-03-18T09:30:00+00:00",
        "vendor": "sqlite",
        "migrations": {"claims": ["0001_initial"]},
        "counts": {"claims_desk": 1},
    }
    return Manifest(**(values | fields))  # type: ignore[arg-type]


def write(path: Path, **fields: object) -> Path:
    with ArchiveWriter(path) as archive:
        archive.add("secret-key", b"secret " * 4000)
        archive.add(BLOB, BYTES)
        archive.finish(manifest(members=archive.members, **fields))
    return path


def packed(path: Path, *entries: tuple[str, bytes]) -> Path:
    """Write an archive by hand."""
    with tarfile.open(path, "w:gz") as tar:
        for name, data in entries:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "whole.tar.gz", sequences={"claims_job": ("id", 7)})
    found = check(path)
    assert found.counts == {"claims_desk": 1}
    assert found.sequences == {"claims_job": ("id", 7)}
    assert {name: source.read() for name, source in members(path)} == {
        "secret-key": b"secret " * 4000,
        BLOB: BYTES,
    }


def test_only_its_owner_reads_it_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = write(tmp_path / "whole.tar.gz")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_backup_that_fails_leaves_the_former_one_and_nothing_else(tmp_path: Path) -> None:
    path = write(tmp_path / "whole.tar.gz")
    before = path.read_bytes()
    with pytest.raises(ValueError, match="no place"), ArchiveWriter(path) as archive:
        archive.add("logs/web.log", b"other")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_ends_early_is_told_wherever_it_ends(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.tar.gz").read_bytes()
    cut = tmp_path / "cut.tar.gz"
    for end in range(0, len(whole), max(1, len(whole) // 60)):
        cut.write_bytes(whole[:end])
        with pytest.raises(BadArchive, match=r"is damaged|is not a backup"):
            check(cut)
    cut.write_bytes(whole[:-1])
    with pytest.raises(BadArchive, match="is damaged: it ends early"):
        check(cut)


def test_one_changed_byte_is_told_wherever_it_is(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.tar.gz").read_bytes()
    changed = tmp_path / "changed.tar.gz"
    for place in range(10, len(whole), max(1, len(whole) // 80)):
        changed.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        with pytest.raises(BadArchive, match=r"is damaged|is not a backup|which no backup"):
            check(changed)


def test_content_that_was_exchanged_is_told(tmp_path: Path) -> None:
    path = tmp_path / "exchanged.tar.gz"
    described = manifest(members={"secret-key": (5, hashlib.sha256(b"right").hexdigest())})
    packed(path, (MARK, b"1\n"), ("secret-key", b"wrong"), (MANIFEST, described.to_json()))
    with pytest.raises(BadArchive, match="secret-key is not what was written"):
        check(path)


@pytest.mark.parametrize("left_out", ["secret-key", BLOB])
def test_a_member_that_is_missing_is_told(tmp_path: Path, left_out: str) -> None:
    path = write(tmp_path / "whole.tar.gz")
    described = check(path)
    kept = [(name, source.read()) for name, source in members(path) if name != left_out]
    packed(path, (MARK, b"1\n"), *kept, (MANIFEST, described.to_json()))
    with pytest.raises(BadArchive, match=f"{left_out} is not what was written"):
        check(path)


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "/etc/passwd", "blobs/../secret-key", "tables/a/b", "blobs/" + "g" * 64]
)
def test_a_name_that_no_backup_holds_is_told(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / "foreign.tar.gz", (MARK, b"1\n"), (name, b"x"), (MANIFEST, b"{}"))
    with pytest.raises(BadArchive, match="which no backup of ours holds"):
        check(path)


@pytest.mark.parametrize("kind", ["empty", "text", "gzip", "tar", "zeros"])
def test_a_foreign_file_is_told(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "foreign"
    if kind == "tar":
        packed(path, ("holiday.jpg", b"x"))
    else:
        path.write_bytes(
            {"empty": b"", "text": b"Dear all,", "gzip": gzip.compress(b"a"), "zeros": bytes(4096)}[kind]
        )
    with pytest.raises(BadArchive, match="is not a backup of this workbench"):
        check(path)


def test_a_newer_format_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "newer.tar.gz", format=2)
    with pytest.raises(BadArchive, match=r"made by a newer release .* update the program"):
        check(path)
