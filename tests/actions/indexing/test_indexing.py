"""The outbox and the one writer: what changes is found, what goes is gone, and a lost index comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from claims.actions.documents import intake
from claims.actions.indexing import comparing, engines, outbox, writer
from claims.models import IndexDue, IndexEntry, IndexTarget, Job
from claims.query.build import ClaimText, question
from claims.query.types import Collection, Query
from claims.search.engine import EngineUnavailable
from tests.actions.indexing.engines_of_tests import something_waits
from tests.builders import HARBOUR, article
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_engine() -> Iterator[None]:
    """An index of its own for every test, on whichever engine the run is set to."""
    yield
    engines.writer().erase()
    engines.close_all()


def found(cast: Cast, words: str) -> set[int]:
    archive = cast.desk.own_archives.get()
    query = Query(frozenset({archive.pk}), question(ClaimText(words)).clauses)
    return {hit.ref.id for hit in engines.reader().search(query, 50).hits}


def test_a_stored_article_is_found_once_the_job_has_run(cast: Cast, drain: Callable[..., int]) -> None:
    added = article(cast)
    drain("index")
    assert found(cast, "harbour fees") == {added.document.pk}
    assert not IndexEntry.objects.get(collection="documents", object_id=added.document.pk).pending
    assert not IndexDue.objects.exists()
    assert not something_waits()


def test_an_article_that_went_is_gone_from_the_index(cast: Cast, drain: Callable[..., int]) -> None:
    added = article(cast)
    drain("index")
    with transaction.atomic():
        outbox.touch_index("documents", added.document.pk, deleted=True)
    drain("index")
    assert found(cast, "harbour fees") == set()


def test_one_job_serves_many_changes(cast: Cast) -> None:
    for number in range(5):
        article(cast, f"{HARBOUR}\n\nEdition {number}.")
    assert Job.objects.filter(kind="index").count() == 1


def test_what_changes_while_the_writer_writes_stays_dirty(
    cast: Cast, drain: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    added = article(cast)
    real, seen = writer.gather, []

    def gather(entries: list[IndexEntry]) -> list[object]:
        documents = real(entries)
        if not seen:
            seen.append(1)
            IndexEntry.objects.filter(object_id=added.document.pk).update(version=99, pending=True)
        return documents

    monkeypatch.setattr(writer, "gather", gather)
    drain("index")
    stored = {one.ref.id: one.version for one in engines.reader().versions(Collection.DOCUMENTS)}
    assert stored == {added.document.pk: 99}


def test_a_lost_index_comes_back_from_the_rows(cast: Cast, drain: Callable[..., int]) -> None:
    added = article(cast)
    drain("index")
    engines.writer().erase()
    engines.close_all()
    article(
        cast, "A second article about the market in Lenna, long enough to be stored and found by its words."
    )
    drain("index")
    assert added.document.pk in found(cast, "harbour fees")


def test_a_rebuild_fills_a_fresh_target_and_switches(cast: Cast, drain: Callable[..., int]) -> None:
    added = article(cast)
    drain("index")
    before = engines.reader().current()
    outbox.request_rebuild(actor=None)
    late = article(
        cast, "While the index is rebuilt an article about ferry tickets arrives and must not be lost."
    )
    drain("index")
    assert engines.reader().current() != before
    assert found(cast, "harbour fees") == {added.document.pk}
    assert found(cast, "ferry tickets") == {late.document.pk}
    assert IndexTarget.objects.filter(state="live").count() == 1
    assert not IndexTarget.objects.filter(state="building").exists()


def test_only_an_administrator_of_a_desk_rebuilds(cast: Cast) -> None:
    with pytest.raises(outbox.base.NotAllowed, match="administrator of a desk"):
        outbox.request_rebuild(actor=cast.carla)
    assert outbox.request_rebuild(actor=cast.dana).state == "building"


def test_compare_names_what_differs(cast: Cast, drain: Callable[..., int]) -> None:
    added = article(cast)
    drain("index")
    assert not any(comparing.compare().values())
    IndexEntry.objects.filter(object_id=added.document.pk, collection="documents").update(version=7)
    assert comparing.compare()["stale"] == [f"documents:{added.document.pk}"]
    IndexEntry.objects.filter(object_id=added.document.pk, collection="documents").delete()
    assert comparing.compare()["left_over"] == [f"documents:{added.document.pk}"]


def test_an_engine_that_is_gone_keeps_the_entry_dirty_and_the_job_waiting(
    cast: Cast, drain: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    article(cast)

    def gone() -> None:
        raise EngineUnavailable("the engine does not answer")

    monkeypatch.setattr(engines, "writer", gone)
    drain("index")
    job = Job.objects.get(kind="index")
    assert job.status == Job.Status.QUEUED
    assert job.waits == 1
    assert "does not answer" in job.error
    assert something_waits()
    monkeypatch.undo()
    Job.objects.filter(pk=job.pk).update(run_after=job.created_at)
    drain("index")
    assert not something_waits()


def test_a_document_for_named_people_is_not_found_by_the_desk(cast: Cast, drain: Callable[..., int]) -> None:
    added = article(cast)
    intake.set_metadata(
        actor=cast.carla, document=added.document, visibility="named", expected_version=added.document.version
    )
    drain("index")
    assert found(cast, "harbour fees") == set()
    stored = list(engines.reader().versions(Collection.DOCUMENTS))
    assert [one.ref.id for one in stored] == [added.document.pk]
