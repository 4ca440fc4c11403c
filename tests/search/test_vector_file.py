"""The file of vectors: what is put is found, what goes is gone from the disk, and a cut file is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from claims.search.embedded import vector_file
from claims.search.embedded.vector_file import RECORD, VectorFile
from claims.search.engine import IndexDamaged

from .meaning_contract import direction, stored


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "documents.vectors"


def found(file: VectorFile) -> dict[int, float]:
    """Return how alike the passages of a file are to ``direction(0)``."""
    scan = file.scan()
    if scan is None:
        return {}
    every = scan.likeness(direction(0))
    return {
        passage: round(float(every[at]), 2) for at, passage in enumerate(scan.passages.tolist()) if passage
    }


def test_nothing_is_written_where_no_passage_has_a_vector(path: Path) -> None:
    VectorFile(path).put({1: {}})
    assert not path.exists()
    assert VectorFile(path).scan() is None


def test_every_vector_is_looked_at(path: Path) -> None:
    VectorFile(path).put({1: {11: stored(60), 12: stored(90)}, 2: {21: stored(0)}, 3: {31: stored(120)}})
    assert found(VectorFile(path)) == {11: 0.5, 12: 0.0, 21: 1.0, 31: -0.5}


def test_what_goes_is_gone_from_the_disk_and_another_reader_sees_it(path: Path) -> None:
    writer, reader = VectorFile(path), VectorFile(path)
    writer.put({1: {11: stored(60), 12: stored(0)}, 2: {21: stored(0)}})
    assert found(reader) == {11: 0.5, 12: 1.0, 21: 1.0}
    os.utime(path, ns=(0, 0))
    writer.put({1: {12: stored(60)}})
    assert found(reader) == {12: 0.5, 21: 1.0}
    assert path.read_bytes()[: RECORD.itemsize] == bytes(RECORD.itemsize)
    assert path.stat().st_size == 3 * RECORD.itemsize


def test_another_writer_goes_on_where_the_last_one_stopped(path: Path) -> None:
    VectorFile(path).put({1: {11: stored(60)}})
    VectorFile(path).put({1: {11: stored(0)}, 2: {21: stored(90)}})
    assert found(VectorFile(path)) == {11: 1.0, 21: 0.0}
    assert path.stat().st_size == 2 * RECORD.itemsize


def test_a_record_that_a_sudden_end_cut_short_is_cut_off(path: Path) -> None:
    VectorFile(path).put({1: {11: stored(60)}})
    with path.open("ab") as file:
        file.write(b"torn")
    with pytest.raises(IndexDamaged, match="cut short"):
        VectorFile(path).check()
    assert found(VectorFile(path)) == {11: 0.5}
    VectorFile(path).put({2: {21: stored(0)}})
    assert found(VectorFile(path)) == {11: 0.5, 21: 1.0}
    VectorFile(path).check()


def test_a_file_cut_short_under_a_reader_is_told_and_not_read(path: Path) -> None:
    file = VectorFile(path)
    file.put({1: {11: stored(60), 12: stored(0)}})
    assert len(found(file)) == 2
    with path.open("r+b") as cut:
        cut.truncate(RECORD.itemsize)
    with pytest.raises(IndexDamaged, match="somebody else"):
        file.scan()
    assert found(file) == {11: 0.5}


def test_a_file_of_mostly_zeros_is_written_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_file, "WASTE", 2)
    file = VectorFile(path)
    file.put({number: {number: stored(60)} for number in range(1, 7)})
    file.put({number: {} for number in range(1, 4)})
    assert path.stat().st_size == 6 * RECORD.itemsize
    file.put({4: {}})
    assert path.stat().st_size == 2 * RECORD.itemsize
    assert found(VectorFile(path)) == {5: 0.5, 6: 0.5}
    file.put({5: {}, 7: {7: stored(0)}})
    assert found(VectorFile(path)) == {6: 0.5, 7: 1.0}


def test_how_alike_certain_passages_are(path: Path) -> None:
    VectorFile(path).put({2: {21: stored(60), 12: stored(0)}, 1: {11: stored(90)}})
    scan = VectorFile(path).scan()
    assert scan is not None
    assert scan.of(direction(0), [21, 12, 99, 1]) == pytest.approx({12: 1.0, 21: 0.5}, abs=6e-4)
    assert scan.of(direction(0), []) == {}
