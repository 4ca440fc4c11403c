"""What the engine does not take: put off or given up, shown, tried again, and never in the way of the rest."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from claims.actions import base
from claims.actions.indexing import engines, outbox, writer
from claims.models import IndexDue, IndexTarget, Job
from claims.query.types import Collection
from claims.search.embedded import EmbeddedEngine
from claims.search.embedded.questions import translated
from claims.search.engine import (
    Done,
    EngineBusy,
    EngineRefused,
    EngineUnavailable,
    IndexedDocument,
    ItemOutcome,
    OutOfSpace,
)
from tests.actions.indexing.engines_of_tests import something_waits
from tests.builders import HARBOUR, article
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)


class Moody(EmbeddedEngine):
    """The embedded engine with an ear for words: what a document says decides what becomes of it."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.deaf = False
        self.away: EngineUnavailable | None = None
        self.there = True
        self.calls = 0

    def put(self, documents: Iterable[IndexedDocument], *, target: str | None = None) -> list[ItemOutcome]:
        self.calls += 1
        if self.away is not None:
            raise self.away
        documents = list(documents)
        if self.deaf:
            return super().put(documents, target=target)
        said = {one.ref: " ".join(passage.text for passage in one.passages) for one in documents}
        for one in documents:
            if "indigestible" in said[one.ref]:
                raise EngineRefused("request entity too large")
            if "panic" in said[one.ref]:
                raise EngineUnavailable("tantivy stopped in the middle of a call")
            if "nonsense" in said[one.ref]:
                raise ZeroDivisionError("a fault of our own")
        failed = {}
        for one in documents:
            if "unmappable" in said[one.ref]:
                failed[one.ref] = ItemOutcome(one.ref, one.version, Done.FAILED, "mapping says no")
            if "crowded" in said[one.ref]:
                failed[one.ref] = ItemOutcome(
                    one.ref, one.version, Done.FAILED, "queue is full", passing=True
                )
        stored = {
            one.ref: one
            for one in super().put([one for one in documents if one.ref not in failed], target=target)
        }
        return [failed.get(one.ref) or stored[one.ref] for one in documents]

    def reachable(self) -> bool:
        return self.there


@pytest.fixture
def moody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Moody]:
    with Moody(tmp_path / "index") as engine:
        monkeypatch.setattr(engines, "name", lambda: "embedded")
        monkeypatch.setattr(engines, "_engine", lambda *, writable: engine)
        yield engine


def write(cast: Cast, word: str) -> int:
    return article(cast, f"{HARBOUR}\n\nThe {word} edition of the Lenna Courier.").document.pk


def indexed() -> set[int]:
    return {one.ref.id for one in engines.reader().versions(Collection.DOCUMENTS)}


@contextmanager
def later(hours: float) -> Iterator[None]:
    """Let the waiting time of everything put off pass."""
    IndexDue.objects.update(try_after=timezone.now() - dt.timedelta(hours=hours))
    Job.objects.filter(status=Job.Status.QUEUED).update(run_after=timezone.now() - dt.timedelta(seconds=1))
    yield


REFUSED = ["unmappable", "indigestible", "nonsense"]
PASSING = ["crowded", "panic"]


@pytest.mark.parametrize("word", REFUSED + PASSING)
def test_one_bad_object_never_stops_the_others(
    cast: Cast, drain: Callable[..., int], moody: Moody, word: str
) -> None:
    good = {write(cast, f"{number}th") for number in range(4)}
    bad = write(cast, word)
    good |= {write(cast, f"{number}th") for number in range(5, 9)}
    drain("index")
    assert indexed() == good
    row = IndexDue.objects.get()
    assert row.entry.object_id == bad
    assert row.error
    assert row.given_up is (word in REFUSED)
    assert row.attempts == 1
    # It is not put again and again by the same run, nor in the way of the next.
    good.add(write(cast, "next"))
    drain("index")
    assert indexed() == good
    assert IndexDue.objects.get().attempts == 1


@pytest.mark.parametrize("word", PASSING)
def test_what_fails_for_a_passing_reason_is_tried_again_later_and_later_until_it_is_in(
    cast: Cast, drain: Callable[..., int], moody: Moody, word: str
) -> None:
    bad = write(cast, word)
    waits = []
    for attempt in range(1, 8):
        drain("index")
        row = IndexDue.objects.get()
        assert (row.attempts, row.given_up) == (attempt, False)
        waits.append(round((row.try_after - timezone.now()).total_seconds()))
        assert something_waits()
        with later(hours=2):
            pass
    assert waits == sorted(waits)
    assert waits[0] < 10
    assert waits[-1] > 3000
    moody.deaf = True
    outbox.queue_if_dirty()
    drain("index")
    assert indexed() == {bad}
    assert not IndexDue.objects.exists()
    assert not something_waits()


def test_the_next_attempt_comes_by_itself(cast: Cast, drain: Callable[..., int], moody: Moody) -> None:
    write(cast, "crowded")
    drain("index")
    Job.objects.all().delete()
    due = IndexDue.objects.get().try_after
    job = outbox.queue_if_dirty()
    assert job is not None
    assert job.run_after == due


@pytest.mark.parametrize("word", REFUSED)
def test_what_is_given_up_is_shown_and_tried_again_when_somebody_asks(
    cast: Cast, drain: Callable[..., int], moody: Moody, word: str
) -> None:
    bad = write(cast, word)
    drain("index")
    assert not something_waits(), "given up is not waiting"
    client = Client()
    client.force_login(cast.dana)
    label, why = f"documents:{bad}", IndexDue.objects.get().error
    page = client.get("/desk/north/sources/").content.decode()
    assert label in page
    assert why in page
    ready = client.get("/readyz").json()
    assert "could not be indexed" in json.dumps(ready)
    assert "factcheck_index_given_up 1" in client.get("/metrics").content.decode()
    with pytest.raises(CommandError):
        call_command("doctor", stdout=(out := StringIO()))
    assert "could not be indexed" in out.getvalue()
    moody.deaf = True
    assert client.post("/desk/north/sources/index-again/").status_code == 303
    drain("index")
    assert indexed() == {bad}
    assert label not in client.get("/desk/north/sources/").content.decode()


def test_the_command_tries_again_as_well(cast: Cast, drain: Callable[..., int], moody: Moody) -> None:
    bad = write(cast, "unmappable")
    drain("index")
    moody.deaf = True
    call_command("reindex", "--failed", "--wait", stdout=StringIO(), stderr=StringIO())
    assert indexed() == {bad}


def test_an_object_that_was_given_up_is_tried_when_it_changes(
    cast: Cast, drain: Callable[..., int], moody: Moody
) -> None:
    bad = write(cast, "unmappable")
    drain("index")
    moody.deaf = True
    with transaction.atomic():
        outbox.touch_index("documents", bad)
    drain("index")
    assert indexed() == {bad}


def test_only_an_administrator_has_things_tried_again(cast: Cast) -> None:
    with pytest.raises(base.NotAllowed, match="administrator of a desk"):
        outbox.try_again(actor=cast.carla)


@pytest.mark.parametrize(
    "reason",
    [EngineBusy("429"), OutOfSpace("the disk is full"), EngineUnavailable("connection refused")],
    ids=["busy", "full", "away"],
)
def test_trouble_of_the_whole_engine_is_blamed_on_no_object_and_asks_once(
    cast: Cast, drain: Callable[..., int], moody: Moody, reason: EngineUnavailable
) -> None:
    written = {write(cast, f"{number}th") for number in range(6)}
    moody.away, moody.there = reason, not str(reason).startswith("connection")
    drain("index")
    assert moody.calls == 1
    assert {row.attempts for row in IndexDue.objects.all()} <= {0}
    job = Job.objects.get(kind="index", status="queued")
    assert str(reason) in job.error
    assert str(reason) in IndexTarget.objects.get().error
    assert outbox.standing().trouble == str(reason)
    moody.away, moody.there = None, True
    with later(hours=1):
        drain("index")
    assert indexed() == written
    assert IndexTarget.objects.get().error == ""


def test_an_engine_that_hangs_at_every_write_is_not_asked_for_each_object(
    cast: Cast, drain: Callable[..., int], moody: Moody
) -> None:
    for number in range(40):
        write(cast, f"{number}th")
    moody.away = EngineUnavailable("did not answer in time")
    drain("index")
    assert moody.calls <= writer.SETBACKS + 2
    moody.away = None
    with later(hours=1):
        drain("index")
    assert len(indexed()) == 40


def test_a_full_disk_is_told_apart_from_a_broken_index() -> None:
    with pytest.raises(OutOfSpace), translated():
        raise ValueError("IoError: No space left on device (os error 28)")
    with pytest.raises(OutOfSpace), translated():
        raise OSError(28, "No space left on device")


def test_a_target_under_construction_that_fails_leaves_the_live_one_to_be_written(
    cast: Cast, drain: Callable[..., int], moody: Moody, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write(cast, "first")
    drain("index")
    outbox.request_rebuild(actor=None)
    live = engines.reader().current()
    real = moody.put

    def put(documents: Iterable[IndexedDocument], *, target: str | None = None) -> list[ItemOutcome]:
        if target != live:
            raise OutOfSpace("the disk is full")
        return real(documents, target=target)

    monkeypatch.setattr(moody, "put", put)
    second = write(cast, "second")
    drain("index")
    assert indexed() == {first, second}
    assert "disk is full" in IndexTarget.objects.get(state="building").error
    monkeypatch.undo()
    monkeypatch.setattr(engines, "name", lambda: "embedded")
    monkeypatch.setattr(engines, "_engine", lambda *, writable: moody)
    with later(hours=1):
        drain("index")
    assert engines.reader().current() != live
    assert indexed() == {first, second}
