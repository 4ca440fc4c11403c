"""The comparison of every night: what the index lost, kept or mixed up is put right; what waits is no difference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from claims.actions.indexing import comparing, engines, outbox, repairing
from claims.models import AuditEvent, IndexEntry, IndexTarget, Job
from claims.query.types import Collection, Ref
from claims.search.engine import EngineUnavailable
from tests.builders import HARBOUR, article
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_engine() -> Iterator[None]:
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def night() -> dt.datetime:
    return timezone.now().replace(hour=4, minute=0) - dt.timedelta(days=1)


def ref(pk: int) -> Ref:
    return Ref(Collection.DOCUMENTS, pk)


def test_what_the_index_lost_and_what_it_kept_too_long_is_put_right(
    cast: Cast, drain: Callable[..., int], night: dt.datetime
) -> None:
    kept, lost, left = (article(cast, f"{HARBOUR}\n\nEdition {n}.").document.pk for n in range(3))
    drain("index")
    engine = engines.writer()
    entry = IndexEntry.objects.get(collection="documents", object_id=lost)
    engine.remove([(ref(lost), entry.version)])
    IndexEntry.objects.filter(collection="documents", object_id=left).delete()
    engine.refresh()
    assert comparing.compare()["missing"] == [f"documents:{lost}"]
    assert comparing.compare()["left_over"] == [f"documents:{left}"]

    repairing.compare_by_time(now=night)
    drain("compare")
    job = Job.objects.get(kind="compare")
    assert job.result == {"missing": 1, "stale": 0, "broken": 0, "left_over": 1}
    assert AuditEvent.objects.filter(verb="index.differed").count() == 1
    drain("index")
    assert not any(comparing.compare().values())
    assert {one.ref.id for one in engines.reader().versions(Collection.DOCUMENTS)} == {kept, lost}


def test_what_waits_to_be_written_is_no_difference(cast: Cast, drain: Callable[..., int]) -> None:
    article(cast)
    drain("index")
    late = article(cast, f"{HARBOUR}\n\nLate.").document.pk
    assert comparing.compare()["missing"] == [f"documents:{late}"]
    assert not any(repairing.settled_differences().values())


def test_a_sound_index_is_left_alone(cast: Cast, drain: Callable[..., int], night: dt.datetime) -> None:
    article(cast)
    drain("index")
    repairing.compare_by_time(now=night)
    drain("compare")
    assert Job.objects.get(kind="compare").status == Job.Status.DONE
    assert not IndexTarget.objects.filter(doubtful=True).exists()
    assert not AuditEvent.objects.filter(verb="index.differed").exists()


def test_it_is_due_once_a_night(cast: Cast, drain: Callable[..., int], night: dt.datetime) -> None:
    assert repairing.compare_by_time(now=night) is None, "there is no index yet"
    article(cast)
    drain("index")
    assert repairing.compare_by_time(now=night) is not None
    Job.objects.filter(kind="compare").update(created_at=night, status=Job.Status.DONE)
    assert repairing.compare_by_time(now=night + dt.timedelta(hours=20)) is None
    assert repairing.compare_by_time(now=night + dt.timedelta(hours=24)) is not None


def test_an_engine_that_is_away_is_waited_for(
    cast: Cast, drain: Callable[..., int], night: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    article(cast)
    drain("index")

    def away() -> None:
        raise EngineUnavailable("Elasticsearch cannot be reached")

    job = repairing.compare_by_time(now=night)
    assert job is not None
    monkeypatch.setattr(repairing, "compare", away)
    drain("compare")
    job.refresh_from_db()
    assert (job.status, job.attempts) == (Job.Status.QUEUED, 0)
    assert "cannot be reached" in job.error
    assert outbox.due_at(now=timezone.now()) is None
