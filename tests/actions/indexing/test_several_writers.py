"""Several processes write one index of Elasticsearch, one of them dies: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from claims.actions.documents.batches import store_all
from claims.actions.documents.coming import coming
from claims.actions.indexing import engines, outbox, shares, writer
from claims.intake.types import Extracted
from claims.jobs import rows
from claims.models import Document, IndexDue, IndexEntry, IndexTarget, Job
from claims.query.types import Collection
from tests.actions.indexing.engines_of_tests import differences, something_waits, two_engines
from tests.builders import HARBOUR
from tests.jobs.live.conftest import _database_url
from tests.jobs.live.processes import Processes, wait_until
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def come_in(cast: Cast, count: int) -> list[Document]:
    made = store_all(
        [coming(extracted=Extracted(text=f"{HARBOUR[:300]}\n\nEdition {n}.")) for n in range(count)],
        actor=None,
        desk=cast.desk,
        queue="",
    )
    return [one.document for one in made if not isinstance(one, Exception)]


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An installation whose second engine, a twin with the name of Elasticsearch, may have three writers."""
    monkeypatch.setattr(settings, "ELASTICSEARCH_WRITERS", 3)
    monkeypatch.setattr(outbox, "LOOK_EVERY", 0.0)
    with two_engines("twin", tmp_path, monkeypatch) as both:
        yield both


def target() -> IndexTarget:
    return IndexTarget.objects.of("elasticsearch").get(state=IndexTarget.State.LIVE)


def lacking(cast: Cast, count: int) -> IndexTarget:
    """Let the live index lack so many documents; the job is done."""
    job = rows.enqueue(outbox.JOB, desk=None, subject="index", dedupe_key=outbox.JOB)
    running = rows.claim(job.pk)
    assert running is not None
    come_in(cast, 1)
    writer.write_index(running)
    live = target()
    come_in(cast, count)
    entries = IndexEntry.objects.filter(pending=True)
    now = timezone.now()
    IndexDue.objects.bulk_create(
        IndexDue(target=live, entry=entry, version=entry.version, since=now, try_after=now)
        for entry in entries
    )
    entries.update(pending=False)
    return live


def test_a_slice_is_leased_to_one_writer_until_its_lease_ends(
    cast: Cast, shared: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.use("elasticsearch")
    monkeypatch.setattr(shares, "SLICE", 4)
    live = lacking(cast, 10)
    now = timezone.now()
    taken = [shares.take(live, now=now, leased=True) for _turn in range(4)]
    # One of the ten was there already.
    assert [len(one) for one in taken] == [4, 4, 1, 0]
    assert len({entry.pk for one in taken for entry in one}) == sum(map(len, taken))
    shares.give_back(live, taken[0])
    assert {one.pk for one in shares.take(live, now=now, leased=True)} == {one.pk for one in taken[0]}
    IndexDue.objects.update(leased_until=now - shares.LEASE)
    assert len(shares.take(live, now=now, leased=True)) == 4


def test_what_changed_while_it_was_written_is_written_again(cast: Cast, shared: Any) -> None:
    shared.use("elasticsearch")
    live = lacking(cast, 3)
    taken = shares.take(live, now=timezone.now(), leased=True)
    changed = live.due.order_by("pk").first()
    assert changed is not None
    live.due.filter(pk=changed.pk).update(version=changed.version + 1)
    shares.settle(live, taken)
    assert list(live.due.values_list("entry_id", "leased_until")) == [(changed.entry_id, None)]


def test_nothing_is_taken_of_an_index_that_is_to_be_compared_and_it_waits_for_who_writes(
    cast: Cast, shared: Any
) -> None:
    shared.use("elasticsearch")
    live = lacking(cast, 3)
    taken = shares.take(live, now=timezone.now(), leased=True)
    with transaction.atomic():
        assert not shares.nobody_writes(live)
    IndexTarget.objects.filter(pk=live.pk).update(doubtful=True)
    shares.give_back(live, taken)
    assert shares.take(live, now=timezone.now(), leased=True) == []
    with transaction.atomic():
        assert shares.nobody_writes(live)


def test_helpers_are_called_where_several_may_write_and_nowhere_else(cast: Cast, shared: Any) -> None:
    shares.call_helpers(shared.use("embedded"))
    assert not Job.objects.filter(kind=shares.JOB).exists()
    for _twice in range(2):
        shares.call_helpers(shared.use("elasticsearch"))
    assert Job.objects.filter(kind=shares.JOB).count() == 2


def test_a_helper_of_an_index_in_files_writes_nothing(cast: Cast, shared: Any, drain: Any) -> None:
    shared.use("elasticsearch")
    shares.call_helpers(engines.writer())
    shared.use("embedded")
    come_in(cast, 2)
    drain(shares.JOB)
    assert {job.result["skipped"] for job in Job.objects.filter(kind=shares.JOB)}
    assert something_waits()


@pytest.mark.live
@pytest.mark.elasticsearch
@pytest.mark.postgresql
def test_four_processes_write_one_index_and_one_of_them_dies(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("DATABASE_URL names no PostgreSQL")
    monkeypatch.setattr(outbox, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(settings, "ELASTICSEARCH_WRITERS", 4)
    with two_engines("elasticsearch", tmp_path, monkeypatch) as both:
        engine = both.use("elasticsearch")
        documents = come_in(cast, 400)
        env = {
            **os.environ,
            "DATABASE_URL": _database_url(),
            "FACTCHECK_DATA": str(tmp_path / "data"),
            "ELASTICSEARCH_PREFIX": engine._prefix,  # type: ignore[attr-defined]
            "ELASTICSEARCH_WRITERS": "4",
        }
        processes = Processes(env, tmp_path / "writers.log")
        try:
            command = ("-m", "tests.actions.indexing.writing")
            processes.start(*command, outbox.JOB, str(tmp_path))
            helpers = [processes.start(*command, shares.JOB, str(tmp_path)) for _ in range(3)]
            outbox.queue_if_dirty()
            wait_until(
                lambda: IndexDue.objects.filter(leased_until__isnull=False).exists(), "slices are taken"
            )
            wait_until(
                lambda: Job.objects.filter(kind=shares.JOB, status=Job.Status.RUNNING).exists(),
                "somebody helps",
            )
            processes.kill(helpers[0].pid)
            for one in documents[::7]:
                Document.objects.filter(pk=one.pk).update(title=f"Changed {one.pk}")
                outbox.touch_index("documents", one.pk)
            wait_until(lambda: not something_waits(), "everything is written", 180)
            time.sleep(0.5)
            assert differences() == {}
            stored = list(engines.reader().versions(Collection.DOCUMENTS))
            assert len(stored) == len({one.ref for one in stored}) == len(documents)
            shared_jobs = Job.objects.filter(kind=shares.JOB, status=Job.Status.DONE)
            assert sum((job.result or {}).get("written", 0) for job in shared_jobs) > 0
            assert "Traceback" not in processes.log.read_text(errors="replace")
        finally:
            (tmp_path / "stop").touch()
            processes.end()
