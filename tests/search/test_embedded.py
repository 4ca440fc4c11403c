"""What only the embedded engine has: files, one writer, readers in other processes, sudden ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from claims.query.build import ClaimText, question
from claims.query.types import Collection, Query, Ref
from claims.search.embedded import EmbeddedEngine, index
from claims.search.engine import (
    Done,
    EngineError,
    EngineRefused,
    EngineUnavailable,
    IndexedDocument,
    IndexedPassage,
    LockBusy,
    NotBuilt,
)

from . import corpus

ROOT = Path(__file__).resolve().parents[2]


def document(id: int, text: str, version: int = 1) -> IndexedDocument:
    return IndexedDocument(Ref(Collection.DOCUMENTS, id), version, 1, "", (IndexedPassage(id, text),))


def found(engine: EmbeddedEngine, words: str) -> list[int]:
    query = Query(frozenset({1}), question(ClaimText(words)).clauses)
    return [hit.ref.id for hit in engine.search(query, 10).hits]


def test_a_reader_sees_a_commit_at_its_next_search(folder: Path) -> None:
    with EmbeddedEngine(folder) as writer, EmbeddedEngine(folder, writable=False) as reader:
        writer.ensure()
        for number in range(1, 6):
            writer.put([document(number, "ferry")])
            assert found(reader, "ferry") == list(range(1, number + 1))
        writer.rebuild([document(9, "ferry")])
        assert found(reader, "ferry") == [9]


def test_remembered_frequencies_are_those_of_the_newest_commit(folder: Path) -> None:
    with EmbeddedEngine(folder) as writer, EmbeddedEngine(folder, writable=False) as reader:
        writer.ensure()
        for number in range(1, 5):
            writer.put([document(number, "ferry pier" if number % 2 else "ferry")])
            expected = {"ferri": number, "pier": (number + 1) // 2}
            for _time in range(2):
                frequencies = reader.document_frequencies(["ferri", "pier", "nowhere"])
                assert (frequencies.total, frequencies.of) == (number, expected)
            assert reader.document_frequencies(["pier"]).of == {"pier": expected["pier"]}
        writer.rebuild([document(9, "pier")])
        assert reader.document_frequencies(["ferri", "pier"]).of == {"pier": 1}


def test_remembered_frequencies_are_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "COUNTED", 3)
    with EmbeddedEngine(folder) as engine:
        engine.ensure()
        engine.put([document(1, "one two three four")])
        for words in (["one", "two"], ["three", "four"], ["one", "four"], ["two"]):
            assert engine.document_frequencies(words).of == dict.fromkeys(words, 1)
        (commit,) = (one for one in engine._opened.values() if one.frequencies)
        assert len(commit.frequencies) <= 3


def test_a_reader_never_writes(folder: Path) -> None:
    with EmbeddedEngine(folder, writable=False) as reader:
        assert not reader.ping()
        for call in (
            reader.ensure,
            reader.open_target,
            lambda: reader.put([document(1, "ferry")]),
            lambda: reader.remove([]),
            lambda: reader.switch("x"),
            lambda: reader.drop("x"),
            reader.erase,
        ):
            with pytest.raises(EngineRefused, match="only reads"):
                call()
    assert not folder.exists()


def test_a_second_writer_is_told_to_wait(folder: Path) -> None:
    with EmbeddedEngine(folder) as one, EmbeddedEngine(folder) as other:
        target = one.ensure()
        with one._writers(target) as writers:
            writers[Collection.DOCUMENTS].commit()
            with pytest.raises(LockBusy):
                other.put([document(1, "ferry")])
        assert other.put([document(1, "ferry")])[0].done is Done.STORED


def test_searching_while_another_thread_writes(folder: Path) -> None:
    with EmbeddedEngine(folder) as engine:
        engine.ensure()
        engine.put([document(1, "ferry")])
        problems: list[BaseException] = []

        def look() -> None:
            try:
                for _ in range(60):
                    assert 1 in found(engine, "ferry")
            except BaseException as error:
                problems.append(error)

        readers = [threading.Thread(target=look) for _ in range(3)]
        for reader in readers:
            reader.start()
        for number in range(2, 12):
            engine.put([document(number, "snow")])
        for reader in readers:
            reader.join()
        assert problems == []


def test_a_lost_folder_is_unavailable_not_a_crash(folder: Path) -> None:
    with EmbeddedEngine(folder) as engine:
        target = engine.ensure()
        for file in (folder / "targets" / target / "documents").iterdir():
            file.unlink()
        with pytest.raises(EngineUnavailable):
            found(engine, "ferry")
        assert not engine.ping()
        engine.rebuild([document(1, "ferry")])
        assert found(engine, "ferry") == [1]


def test_damaged_files_are_unavailable_not_a_crash(folder: Path) -> None:
    with EmbeddedEngine(folder) as engine:
        target = engine.ensure()
        engine.put([document(1, "ferry")])
        engine.close()
        for file in (folder / "targets" / target / "documents").iterdir():
            if file.suffix in {".idx", ".term", ".json"} and file.name != ".managed.json":
                file.write_bytes(b"\x00" * 10)
        with pytest.raises(EngineError):
            found(engine, "ferry")


def test_an_index_of_another_analyser_is_called_outdated(folder: Path) -> None:
    with EmbeddedEngine(folder) as engine:
        target = engine.ensure()
        (folder / "targets" / target / "stamp.json").write_text('{"schema": 1, "analyser": 0}', "utf-8")
        assert engine.status().outdated
        engine.rebuild([])
        assert not engine.status().outdated


def test_empty_pointer_means_not_built(folder: Path) -> None:
    folder.mkdir()
    (folder / "CURRENT").write_text("", "ascii")
    with EmbeddedEngine(folder) as engine, pytest.raises(NotBuilt):
        found(engine, "ferry")


WRITER = """
import sys
from pathlib import Path
from claims.search.embedded import EmbeddedEngine
from tests.search import corpus
engine = EmbeddedEngine(Path(sys.argv[1]))
engine.ensure()
documents = corpus.archive(50)
print("ready", flush=True)
version = 1
while True:
    version += 1
    engine.put([type(d)(d.ref, version, d.archive, d.title, d.passages) for d in documents])
    print(version, flush=True)
"""


def test_a_writer_killed_in_the_middle_leaves_whole_documents(folder: Path) -> None:
    """Twice the same folder: the index opens, every document has one version, writing goes on."""
    expected = {document.ref: len(document.passages) for document in corpus.archive(50)}
    lines = 0
    for killed_after in (3, 5):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            for _ in range(killed_after):
                lines += bool(child.stdout.readline())
            os.kill(child.pid, signal.SIGKILL)
            child.stdout.read()
        with EmbeddedEngine(folder) as engine:
            listed = list(engine.versions(Collection.DOCUMENTS))
            assert {row.ref: row.passages for row in listed} == expected
            assert len({row.version for row in listed}) == 1
            counted = engine.count(Query(frozenset({1})))
            assert (counted.documents, counted.passages) == (50, sum(expected.values()))
            engine.put([document(999, "ferry", version=1)])
            engine.remove([(Ref(Collection.DOCUMENTS, 999), 1)])
    assert lines == 8
