"""All claims of an article are one piece of work: the same rows as one by one, in few statements, none lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions import base
from claims.actions.claims.changes import close
from claims.actions.documents import intake
from claims.actions.evidence import search
from claims.actions.indexing import engines
from claims.models import (
    AuditEvent,
    Claim,
    Document,
    Evidence,
    Job,
    PassageReading,
    SearchHit,
    SearchRun,
)
from claims.search.engine import EngineUnavailable
from claims.tasks.base import run_now
from claims.tasks.search import search as search_task
from tests.builders import analysed, article, unit
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

SPEECH = "\n\n".join(
    f"The bridge of Osk number {number} carried {number * 1100} cars in 2025." for number in range(1, 13)
)
REPORT = """Cars on the bridges of Osk

The roads office counted cars. The bridge of Osk number 3 carried 3300 cars in 2025, its yearbook says. The bridge of \
Osk number 7 carried 7700 cars in 2025. Ferries were not counted."""


@pytest.fixture(autouse=True)
def own_engine() -> Iterator[None]:
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def speech(cast: Cast, drain: Callable[..., int]) -> Document:
    """A speech of twelve claims, all accepted, none searched yet, and a report about two of them."""
    from claims.actions.triage import decisions as triage
    from claims.models import Appearance

    added = article(cast, SPEECH, published="2026-03-05")
    lines = SPEECH.split("\n\n")
    analysed(cast, added, tuple(unit(SPEECH, line[:-1], at) for at, line in enumerate(lines)))
    for row in Appearance.objects.filter(document=added.document).order_by("start"):
        triage.accept(actor=cast.ada, appearance=row)
    article(cast, REPORT, published="2026-02-01")
    Job.objects.filter(kind="search").delete()
    drain("index")
    return added.document


def _rows() -> list[Any]:
    return sorted(
        Evidence.objects.values_list("claim", "place_key", "relevance", "rank", "quotation").order_by()
    )


def test_one_job_finds_what_single_searches_find(
    cast: Cast, speech: Document, drain: Callable[..., int]
) -> None:
    search.search_article(actor=cast.ada, desk=cast.desk, document=speech)
    drain("searches")
    together = _rows()
    log = sorted(SearchRun.objects.values_list("claim", "outcome", "hits_found", "searched", "in_window"))
    assert len(together) >= 2
    assert len(log) == 12
    for model in (Evidence, SearchHit, SearchRun):
        model.objects.all().delete()
    for claim in Claim.objects.all():
        search.search_claim(actor=cast.ada, claim=claim)
    drain("search")
    assert _rows() == together
    assert (
        sorted(SearchRun.objects.values_list("claim", "outcome", "hits_found", "searched", "in_window"))
        == log
    )


def test_it_says_how_far_it_is_and_goes_on_where_it_was_cut_off(
    cast: Cast, speech: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "TOGETHER", 5)
    job = search.search_article(actor=cast.ada, desk=cast.desk, document=speech)
    write, calls = search.write_answers, []

    def cut(*arguments: Any, **options: Any) -> Any:
        if len(calls) == 1:
            raise RuntimeError("the worker ended")
        calls.append(1)
        return write(*arguments, **options)

    monkeypatch.setattr(search, "write_answers", cut)
    run_now(job.pk)
    job.refresh_from_db()
    assert job.status == Job.Status.QUEUED
    assert (job.progress_done, job.progress_total) == (5, 12)
    assert SearchRun.objects.count() == 5
    monkeypatch.setattr(search, "write_answers", write)
    Job.objects.filter(pk=job.pk).update(run_after=job.created_at)
    run_now(job.pk)
    job.refresh_from_db()
    assert job.result == {"claims": 12, "searched": 12, "failed": {}}
    assert SearchRun.objects.count() == 12


def test_a_claim_that_fails_does_not_lose_the_others(
    cast: Cast, speech: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = Claim.objects.order_by("pk")[4]
    answers = search.answering

    def answered(searches: Any, reading: Any) -> Any:
        if bad in [one.claim for one in searches]:
            raise ValueError("a question nobody can ask")
        return (yield from answers(searches, reading))

    monkeypatch.setattr(search, "answering", answered)
    job = search.search_article(actor=cast.ada, desk=cast.desk, document=speech)
    run_now(job.pk)
    job.refresh_from_db()
    assert job.status == Job.Status.DONE
    assert job.result["searched"] == 11
    assert "nobody can ask" in job.result["failed"][str(bad.pk)]
    assert set(SearchRun.objects.values_list("claim", flat=True)) == set(
        Claim.objects.exclude(pk=bad.pk).values_list("pk", flat=True)
    )


def test_an_engine_that_is_gone_leaves_it_waiting(
    cast: Cast, speech: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise EngineUnavailable("the engine does not answer")

    monkeypatch.setattr(search, "asked_index", gone)
    job = search.search_article(actor=cast.ada, desk=cast.desk, document=speech)
    run_now(job.pk)
    job.refresh_from_db()
    assert job.status == Job.Status.QUEUED
    assert "does not answer" in job.error
    assert not SearchRun.objects.exists()


def test_statements_do_not_grow_with_the_claims(cast: Cast, speech: Document) -> None:
    counts = []
    for some in (3, 12):
        claims = list(Claim.objects.order_by("pk").values_list("pk", flat=True)[:some])
        job = search.search_article(actor=cast.ada, desk=cast.desk, document=speech)
        Job.objects.filter(pk=job.pk).update(arguments={"claims": claims, "actor": cast.ada.pk})
        Claim.objects.update(searched_at=None)
        for model in (Evidence, SearchHit, SearchRun, PassageReading):
            model.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            run_now(job.pk)
        counts.append([row["sql"][:70] for row in captured.captured_queries])
    assert len(counts[0]) == len(counts[1]), "\n".join(counts[1])


def test_closed_and_merged_claims_are_left_out_and_none_is_said(cast: Cast, speech: Document) -> None:
    first, *rest = Claim.objects.order_by("pk")
    close(actor=cast.carla, review=first.reviews.get(), reason="other")
    job = search.search_article(actor=cast.ada, desk=cast.desk, document=speech)
    assert job.arguments["claims"] == [claim.pk for claim in rest]
    assert AuditEvent.objects.filter(verb="document.search_asked", object_id=speech.pk).exists()
    other = intake.add_text(actor=cast.ada, desk=cast.desk, text="Nothing is claimed here, really.")
    with pytest.raises(base.Refused, match="Accept one first"):
        search.search_article(actor=cast.ada, desk=cast.desk, document=other.document)


def test_a_contributor_may_not_ask_for_it(cast: Cast, speech: Document) -> None:
    with pytest.raises(base.NotAllowed, match="contributor"):
        search.search_article(actor=cast.eli, desk=cast.desk, document=speech)


def test_a_first_search_and_the_next_make_so_many_statements(cast: Cast, speech: Document) -> None:
    claim = Claim.objects.get(wording__contains="number 3")
    for most in STATEMENTS:
        job = search.search_claim(actor=cast.ada, claim=claim)
        with CaptureQueriesContext(connection) as captured:
            search_task(job.pk)
        assert Evidence.objects.filter(claim=claim).exists()
        said = "\n".join(row["sql"][:160] for row in captured.captured_queries)
        # Where a broker carries wake-ups, one more asks whether somebody else is to be woken.
        assert len(captured) <= most + (1 if settings.REDIS_URL else 0), said


#: Of the first search and of the next, which holds its answer against the first: taking the job and the transaction
#: with its end are four. Here all passages are read at once; one more reads what only the second question found.
STATEMENTS = (13, 15)


@pytest.mark.postgresql
def test_a_search_waits_for_another_of_its_claim(cast: Cast, speech: Document) -> None:
    claim = Claim.objects.get(wording__contains="number 3")
    job = search.search_claim(actor=cast.ada, claim=claim)
    with CaptureQueriesContext(connection) as captured:
        search_task(job.pk)
    said = [row["sql"] for row in captured.captured_queries]
    locked = next(at for at, sql in enumerate(said) if "claims_claim" in sql and "FOR UPDATE" in sql)
    assert locked < next(at for at, sql in enumerate(said) if "FOR UPDATE OF" in sql and "q0" in sql)
