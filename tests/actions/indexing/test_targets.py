"""Each target catches up by itself: engines are switched back and forth and nothing is missing afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from claims.actions.indexing import engines, outbox, targets
from claims.models import IndexDue, IndexEntry, IndexTarget
from claims.query.types import Collection
from tests.actions.indexing.engines_of_tests import (
    BOTH_KINDS,
    Installation,
    differences,
    something_waits,
    two_engines,
)
from tests.builders import HARBOUR, article
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=BOTH_KINDS)
def installation(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    with two_engines(request.param, tmp_path, monkeypatch) as there:
        yield there


def write(cast: Cast, number: int) -> int:
    return article(cast, f"{HARBOUR}\n\nEdition {number} of the Lenna Courier.").document.pk


def in_use(name: str) -> set[int]:
    return {one.ref.id for one in engines.reader().versions(Collection.DOCUMENTS)}


def test_switching_back_and_forth_under_writes_leaves_no_difference(
    cast: Cast, drain: Callable[..., int], installation: Installation
) -> None:
    written = [write(cast, number) for number in range(6)]
    drain("index")
    for turn, name in enumerate(["elasticsearch", "embedded", "elasticsearch", "embedded"]):
        installation.use(name)
        # Some is written before the engine's job ran for the first time, some after, some changed, some gone.
        written.append(write(cast, 100 + turn))
        drain("index")
        written.append(write(cast, 200 + turn))
        with transaction.atomic():
            outbox.touch_index("documents", written[turn])
            outbox.touch_index("documents", written.pop(0), deleted=True)
        drain("index")
        assert differences() == {}
        assert set(written) <= in_use(name)
    for name in installation.both:
        installation.use(name)
        outbox.keep_up()
        drain("index")
        assert differences() == {}
        assert in_use(name) == set(written)
    assert not IndexDue.objects.exists()


def test_what_changed_while_another_engine_was_in_use_is_due_and_only_that(
    cast: Cast, drain: Callable[..., int], installation: Installation
) -> None:
    for number in range(5):
        write(cast, number)
    drain("index")
    installation.use("elasticsearch")
    drain("index")
    late = [write(cast, 10 + number) for number in range(3)]
    drain("index")
    assert {row.entry.object_id for row in IndexDue.objects.all()} == set(late)
    assert {row.target.engine for row in IndexDue.objects.all()} == {"embedded"}
    assert not something_waits(), "an engine that is not in use holds nothing up"
    installation.use("embedded")
    assert something_waits()


def test_an_engine_that_is_new_here_is_filled_from_the_rows(
    cast: Cast, drain: Callable[..., int], installation: Installation
) -> None:
    written = {write(cast, number) for number in range(3)}
    drain("index")
    installation.use("elasticsearch")
    outbox.queue_if_dirty()
    drain("index")
    assert in_use("elasticsearch") == written
    assert IndexTarget.objects.get(engine="elasticsearch").complete


def test_a_target_of_an_engine_not_used_for_long_is_forgotten_and_built_anew(
    cast: Cast, drain: Callable[..., int], installation: Installation
) -> None:
    write(cast, 1)
    drain("index")
    old = IndexTarget.objects.get()
    installation.use("elasticsearch")
    IndexTarget.objects.update(used_at=timezone.now() - targets.UNUSED - dt.timedelta(days=1))
    write(cast, 2)
    drain("index")
    assert not IndexTarget.objects.filter(engine="embedded").exists()
    assert not IndexDue.objects.exists()
    installation.use("embedded")
    outbox.queue_if_dirty()
    drain("index")
    assert differences() == {}
    assert IndexTarget.objects.get(engine="embedded").name != old.name


def test_a_finished_rebuild_leaves_no_trace_of_the_old_target(
    cast: Cast, drain: Callable[..., int], installation: Installation
) -> None:
    installation.use("elasticsearch")
    write(cast, 1)
    drain("index")
    old = engines.reader().current()
    outbox.request_rebuild(actor=None)
    drain("index")
    assert IndexTarget.objects.get().state == "live"
    assert engines.reader().targets() == [engines.reader().current()] != [old]


def test_an_entry_of_a_slow_transaction_is_written_to_a_target_that_had_passed_it(
    cast: Cast, drain: Callable[..., int], installation: Installation
) -> None:
    """A lower id can be committed after a higher one was read: it is pending and told to every target."""
    first, second = write(cast, 1), write(cast, 2)
    entry = IndexEntry.objects.get(collection="documents", object_id=first)
    kept = (entry.pk, entry.version)
    entry.delete()
    drain("index")
    assert in_use("embedded") == {second}
    IndexEntry.objects.create(pk=kept[0], collection="documents", object_id=first, version=kept[1])
    outbox.queue_if_dirty()
    drain("index")
    assert in_use("embedded") == {first, second}
