"""Many claims that are searched at once are one job, which says how far it is and leaves none out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from claims.actions import base
from claims.actions.evidence.search import search_claim
from claims.actions.evidence.search_together import search_all
from claims.actions.indexing import engines
from claims.models import AuditEvent, Claim, Job, SearchRun
from claims.workbench.claim.search_log import search_part
from tests import builders
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_engine() -> Iterator[None]:
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def claims(cast: Cast) -> list[Claim]:
    made = [builders.claim(cast) for _number in range(4)]
    Job.objects.exclude(kind="index").delete()
    return made


def test_one_job_searches_all_and_tells_its_progress(
    cast: Cast, claims: list[Claim], drain: Callable[..., int]
) -> None:
    events = search_all(actor=cast.ada, claims=claims)
    assert AuditEvent.objects.filter(pk__in=events.values(), verb="claim.search_asked").count() == 4
    assert search_part(claims[2], cast.ada).running == Job.objects.get(kind="searches")
    drain("index", "searches")
    job = Job.objects.get(kind="searches")
    assert job.result == {"claims": 4, "searched": 4, "failed": {}}
    assert job.progress_total == 4
    assert set(SearchRun.objects.values_list("claim", "asked_by")) == {
        (one.pk, cast.ada.pk) for one in claims
    }
    assert not Job.objects.filter(kind="search").exists()
    assert search_part(claims[2], cast.ada).running is None


def test_a_claim_whose_search_waits_and_a_batch_that_waits_are_joined(
    cast: Cast, claims: list[Claim]
) -> None:
    alone = search_claim(actor=cast.ada, claim=claims[0])
    later = timezone.now() + dt.timedelta(minutes=5)
    Job.objects.filter(pk=alone.pk).update(run_after=later)
    for _time in range(2):
        search_all(actor=cast.ada, claims=claims)
    job = Job.objects.get(kind="searches")
    assert sorted(job.arguments["claims"]) == sorted(one.pk for one in claims[1:])
    assert Job.objects.get(kind="search").pk == alone.pk
    alone.refresh_from_db()
    assert alone.run_after < later


def test_a_claim_of_a_batch_is_not_shown_as_searched_elsewhere(cast: Cast, claims: list[Claim]) -> None:
    search_all(actor=cast.ada, claims=claims[:2])
    assert search_part(claims[0], cast.ada).running is not None
    assert search_part(claims[3], cast.ada).running is None


def test_one_claim_is_a_search_of_its_own(cast: Cast, claims: list[Claim]) -> None:
    search_all(actor=cast.ada, claims=claims[:1])
    assert not Job.objects.filter(kind="searches").exists()
    assert search_part(claims[0], cast.ada).running is not None


def test_history_is_written_with_its_own_clock(
    cast: Cast, claims: list[Claim], drain: Callable[..., int]
) -> None:
    then = timezone.now() - dt.timedelta(days=30)
    drain("index")
    search_all(actor=cast.ada, claims=claims, now=then)
    drain("searches")
    assert set(SearchRun.objects.values_list("created_at", flat=True)) == {then}
    assert set(Claim.objects.values_list("searched_at", flat=True)) == {then}


def test_who_may_not_search_queues_nothing(cast: Cast, claims: list[Claim]) -> None:
    with pytest.raises(base.NotAllowed):
        search_all(actor=cast.eli, claims=claims)
    assert not Job.objects.filter(kind="searches").exists()
