"""Index files cut short, garbled, gone or in the wrong place: set aside, built anew from the rows by itself."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from claims.actions.indexing import engines, outbox, reading, writer
from claims.actions.indexing.finding import find_claims
from claims.actions.indexing.reading import StillFilling, asked_engine
from claims.models import AuditEvent, IndexEntry, IndexTarget, Job
from claims.query.build import ClaimText, question
from claims.query.types import Query
from claims.search.embedded import EmbeddedEngine
from claims.search.embedded.questions import translated
from claims.search.embedded.soundness import PARTS
from claims.search.engine import EngineUnavailable, IndexDamaged
from tests.actions.indexing.engines_of_tests import differences, something_waits
from tests.builders import HARBOUR, article
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)


class Place:
    """An index in a folder, open for reading and for writing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engines = {writable: EmbeddedEngine(folder, writable=writable) for writable in (False, True)}

    @property
    def target(self) -> Path:
        name = (self.folder / "CURRENT").read_text("ascii")
        return self.folder / "targets" / name

    @property
    def documents(self) -> Path:
        return self.target / "documents"

    def segment(self, part: str) -> Path:
        return max(self.documents.glob(f"*.{part}"), key=lambda path: path.stat().st_size)

    def aside(self) -> list[str]:
        folder = self.folder / "set-aside"
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    there = Place(tmp_path / "index")
    monkeypatch.setattr(engines, "name", lambda: "embedded")
    monkeypatch.setattr(engines, "_engine", lambda *, writable: there.engines[writable])
    monkeypatch.setattr(outbox, "LOOK_EVERY", 0.0)
    yield there
    for engine in there.engines.values():
        engine.close()


def found(cast: Cast) -> set[int]:
    archive = cast.desk.own_archives.get()
    query = Query(frozenset({archive.pk}), question(ClaimText("harbour fees")).clauses)
    return {hit.ref.id for hit in asked_engine().search(query, 50).hits}


def _cut(path: Path, to: float = 0.5) -> None:
    """Put a part in a file's place: whoever has the old one open may read it to its end."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(path.read_bytes()[: int(path.stat().st_size * to)])
    part.replace(path)


def _cut_in_place(path: Path, to: float = 0.5) -> None:
    """Take the end away from whoever has the file open, once nobody reads it.

    An index that was just opened is read once more by a thread of tantivy's own; to read beyond the end of a file ends
    the process.
    """
    still = 0
    while still < 3:
        time.sleep(0.01)
        tasks = [
            task for task in Path("/proc/self/task").iterdir() if int(task.name) != threading.get_native_id()
        ]
        still = still + 1 if all(_asleep(task) for task in tasks) else 0
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * to))


def _asleep(task: Path) -> bool:
    try:
        return (task / "stat").read_text().rpartition(")")[2].split()[0] == "S"
    except OSError:
        return True


def _zero(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 3)
        file.write(b"\0" * (size // 3))


def _meta(place: Place, **changes: object) -> None:
    path = place.documents / "meta.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def _directory_for_pointer(place: Place) -> None:
    (place.folder / "CURRENT").unlink()
    (place.folder / "CURRENT").mkdir()


def _file_for_targets(place: Place) -> None:
    shutil.rmtree(place.folder / "targets")
    (place.folder / "targets").write_text("a file")


POINTER: dict[str, Callable[[Place], object]] = {
    "missing": lambda place: (place.folder / "CURRENT").unlink(),
    "empty": lambda place: (place.folder / "CURRENT").write_text(""),
    "garbled": lambda place: (place.folder / "CURRENT").write_bytes(b"\xff\xfe\x00garbage"),
    "nowhere": lambda place: (place.folder / "CURRENT").write_text("s1a1-20200101t000000000000-dead"),
    "outside": lambda place: (place.folder / "CURRENT").write_text("../../etc"),
    "a directory": _directory_for_pointer,
}

DAMAGE: dict[str, Callable[[Place], object]] = {
    "meta.json cut short": lambda place: _cut(place.documents / "meta.json"),
    "meta.json empty": lambda place: (place.documents / "meta.json").write_text(""),
    "meta.json of something else": lambda place: (place.documents / "meta.json").write_text("[1, 2]"),
    "meta.json removed": lambda place: (place.documents / "meta.json").unlink(),
    "segments of nonsense": lambda place: _meta(place, segments=[{"segment_id": 7}]),
    "other fields": lambda place: _meta(place, schema=[]),
    **{f"{part} cut short": lambda place, part=part: _cut(place.segment(part)) for part in PARTS},
    **{f"{part} zeroed": lambda place, part=part: _zero(place.segment(part)) for part in PARTS},
    **{f"{part} removed": lambda place, part=part: place.segment(part).unlink() for part in PARTS},
    "emptied": lambda place: _cut(place.segment("idx"), 0),
    "one collection removed": lambda place: shutil.rmtree(place.target / "claims"),
    "target removed": lambda place: shutil.rmtree(place.target),
    "all targets removed": lambda place: shutil.rmtree(place.folder / "targets"),
    "whole folder removed": lambda place: shutil.rmtree(place.folder),
    "a file in place of the targets": _file_for_targets,
}


def _fill(cast: Cast, drain: Callable[..., int]) -> set[int]:
    written = {article(cast, f"{HARBOUR}\n\nEdition {number}.").document.pk for number in range(3)}
    drain("index")
    assert found(cast) == written
    return written


@pytest.mark.parametrize("way", DAMAGE)
def test_a_damaged_index_is_set_aside_and_built_anew_by_itself(
    cast: Cast, drain: Callable[..., int], place: Place, way: str
) -> None:
    written = _fill(cast, drain)
    old = place.target.name
    there = place.target.exists()
    DAMAGE[way](place)
    kept = there and (place.folder / "targets" / old).is_dir()
    outbox.keep_up()
    assert Job.objects.filter(kind="index", status="queued").exists(), "nobody had to notice it"
    drain("index")
    assert found(cast) == written
    assert differences() == {}
    assert place.target.name != old
    if kept:
        assert any(name.endswith(old) for name in place.aside())
    assert AuditEvent.objects.filter(verb="index.set_aside").exists()
    written.add(article(cast, f"{HARBOUR}\n\nOne more.").document.pk)
    drain("index")
    assert found(cast) == written
    assert not something_waits()


@pytest.mark.parametrize("way", POINTER)
def test_a_pointer_that_is_lost_is_set_again_without_reading_the_archive(
    cast: Cast, drain: Callable[..., int], place: Place, way: str
) -> None:
    written = _fill(cast, drain)
    old = place.target.name
    POINTER[way](place)
    outbox.keep_up()
    drain("index")
    assert place.target.name == old
    assert found(cast) == written
    assert differences() == {}


@pytest.mark.parametrize("way", ["idx cut short", "target removed", "meta.json cut short"])
def test_damage_is_found_by_the_next_write_as_well(
    cast: Cast, drain: Callable[..., int], place: Place, way: str
) -> None:
    written = _fill(cast, drain)
    DAMAGE[way](place)
    written.add(article(cast, f"{HARBOUR}\n\nLate edition.").document.pk)
    drain("index")
    assert found(cast) == written
    assert differences() == {}


IN_PLACE: dict[str, Callable[[Place], object]] = {
    "term cut short": lambda place: _cut_in_place(place.segment("term")),
    "idx cut short": lambda place: _cut_in_place(place.segment("idx")),
    "emptied": lambda place: _cut_in_place(place.segment("idx"), 0),
    "target removed": DAMAGE["target removed"],
}


@pytest.mark.parametrize("way", IN_PLACE)
def test_a_reader_that_has_the_index_open_says_so_and_does_not_end(
    cast: Cast, drain: Callable[..., int], place: Place, way: str
) -> None:
    _fill(cast, drain)
    IN_PLACE[way](place)
    with pytest.raises(EngineUnavailable, match=r"changed by somebody|gone"):
        found(cast)


def test_lock_files_left_behind_do_no_harm(cast: Cast, drain: Callable[..., int], place: Place) -> None:
    written = _fill(cast, drain)
    for name in (".tantivy-writer.lock", ".tantivy-meta.lock"):
        (place.documents / name).write_text("held by a process that is gone")
    written.add(article(cast, f"{HARBOUR}\n\nLate edition.").document.pk)
    drain("index")
    assert found(cast) == written


@pytest.mark.parametrize("stamp", ['{"schema": 99, "analyser": 99}', '{"schema": 0}', "", None])
def test_an_index_of_another_version_is_replaced_while_it_is_read(
    cast: Cast, drain: Callable[..., int], place: Place, stamp: str | None
) -> None:
    written = _fill(cast, drain)
    old = place.target.name
    if stamp is None:
        (place.target / "stamp.json").unlink()
    else:
        (place.target / "stamp.json").write_text(stamp)
    written.add(article(cast, f"{HARBOUR}\n\nLate edition.").document.pk)
    drain("index")
    assert found(cast) == written
    assert place.target.name != old
    assert not place.engines[False].status().outdated


def test_an_older_state_that_came_back_is_brought_up_to_date(
    cast: Cast, drain: Callable[..., int], place: Place, tmp_path: Path
) -> None:
    written = _fill(cast, drain)
    shutil.copytree(place.folder, tmp_path / "copy")
    gone = written.pop()
    written |= {article(cast, f"{HARBOUR}\n\nLate edition {number}.").document.pk for number in range(3)}
    with transaction.atomic():
        outbox.touch_index("documents", gone, deleted=True)
    drain("index")
    for engine in place.engines.values():
        engine.close()
    shutil.rmtree(place.folder)
    shutil.copytree(tmp_path / "copy", place.folder)
    outbox.keep_up()
    drain("index")
    assert found(cast) == written
    assert differences() == {}


def test_an_index_that_is_ahead_of_a_restored_database_is_not_believed(
    cast: Cast, drain: Callable[..., int], place: Place
) -> None:
    written = _fill(cast, drain)
    one = min(written)
    for _ in range(3):
        with transaction.atomic():
            outbox.touch_index("documents", one)
    drain("index")
    IndexEntry.objects.filter(object_id=one).update(version=2, pending=True)
    outbox.queue_if_dirty()
    drain("index")
    assert differences() == {}
    assert found(cast) == written


def test_no_more_than_two_damaged_ones_are_kept(cast: Cast, drain: Callable[..., int], place: Place) -> None:
    _fill(cast, drain)
    names = []
    for _ in range(4):
        names.append(place.target.name)
        _cut(place.segment("term"))
        outbox.keep_up()
        drain("index")
    assert [name.rpartition("-s")[2] for name in place.aside()] == [
        name.removeprefix("s") for name in names[-2:]
    ]


def test_searches_say_that_the_archive_is_being_read_again_and_how_far(
    cast: Cast, drain: Callable[..., int], place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(cast, drain)
    shutil.rmtree(place.folder)
    monkeypatch.setattr(writer, "BATCH", 1)
    real, said = writer.Writer._sweep, []

    def sweep(self: writer.Writer, target: IndexTarget) -> bool:
        more = real(self, target)
        if target.built_through and not target.complete:
            with pytest.raises(StillFilling) as problem:
                found(cast)
            said.append(reading.no_answer(problem.value))
            with pytest.raises(StillFilling):
                find_claims("harbour fees", desk=cast.desk, user=cast.ada)
            client = Client()
            client.force_login(cast.ada)
            for path in ("/?q=harbour", "/desk/north/articles/?q=harbour", "/desk/north/claims/?q=harbour"):
                assert "is being read into the search index again" in client.get(path).content.decode(), path
            answer = client.get("/v1alpha1/claims:search?query=harbour")
            assert answer.status_code == 503
            assert "being read" in answer.content.decode()
            assert "being read" in json.dumps(client.get("/readyz").json())
        return more

    monkeypatch.setattr(writer.Writer, "_sweep", sweep)
    outbox.keep_up()
    drain("index")
    assert len(said) >= 2
    assert said == sorted(said)
    assert " % so far" in said[0]
    assert found(cast)


def test_damage_while_another_one_is_built_lets_that_one_be_read(
    cast: Cast, drain: Callable[..., int], place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = _fill(cast, drain)
    outbox.request_rebuild(actor=None)
    _cut(place.segment("idx"))
    drain("index")
    assert found(cast) == written
    assert differences() == {}
    assert IndexTarget.objects.count() == 1


def test_a_target_under_construction_that_is_damaged_begins_anew(
    cast: Cast, drain: Callable[..., int], place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = _fill(cast, drain)
    outbox.request_rebuild(actor=None)
    real, harmed = writer.Writer._sweep, []

    def sweep(self: writer.Writer, target: IndexTarget) -> bool:
        more = real(self, target)
        if target.state == "building" and not harmed:
            harmed.append(target.name)
            shutil.rmtree(place.folder / "targets" / target.name)
        return more

    monkeypatch.setattr(writer.Writer, "_sweep", sweep)
    drain("index")
    assert harmed
    outbox.queue_if_dirty()
    drain("index")
    assert found(cast) == written
    assert differences() == {}
    assert place.target.name not in harmed


def test_a_panic_of_tantivy_is_an_answer_like_any_other(place: Place) -> None:
    class PanicException(BaseException):
        """As pyo3 raises it."""

    with pytest.raises(EngineUnavailable), translated():
        raise PanicException("index out of bounds")
    with pytest.raises(IndexDamaged):
        place.engines[False].examine("s1a1-nowhere")
