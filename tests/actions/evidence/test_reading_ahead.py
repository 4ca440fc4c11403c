"""An archive is read before anybody asks, where its desk wants that: resumable, bounded, without a trace in answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from claims.actions.desk.settings import change_desk
from claims.actions.evidence import reading_ahead, sentence_vectors
from claims.actions.evidence.reading_ahead import read_ahead_by_time, unread
from claims.actions.evidence.search import search_claim
from claims.actions.indexing import engines
from claims.language import likeness
from claims.models import Capture, Claim, Evidence, Job, Passage, PassageReading
from tests.builders import HARBOUR, accepted, analysed, article
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

REPORTS = [
    f"Port fees, part {number}\n\nThe harbour authority of Port Lenna raised its fees by {number} percent in March, "
    f"its price list shows. Boat {number} pays nothing. The council was not asked."
    for number in range(38, 42)
]


@pytest.fixture(autouse=True)
def own_engine() -> Iterator[None]:
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def claim(cast: Cast) -> Claim:
    analysed(cast, article(cast, HARBOUR, published="2026-03-05"))
    for text in REPORTS:
        article(cast, text, published="2026-03-04")
    return accepted(cast)


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    given: list[str] = []
    encode = likeness._encoded

    def noted(texts: Any) -> Any:
        given.extend(texts)
        return encode(texts)

    monkeypatch.setattr(likeness, "_encoded", noted)
    likeness._asked.clear()
    return given


def switched_on(cast: Cast) -> None:
    change_desk(actor=cast.carla, desk=cast.desk, values={"reads_ahead": True})


def rows_of(claim: Claim) -> list[Any]:
    rows = Evidence.objects.filter(claim=claim, folded=False).order_by("rank")
    return list(rows.values_list("place_key", "relevance", "reasons", "matched"))


def test_nothing_is_read_where_no_desk_wants_it(claim: Claim) -> None:
    assert read_ahead_by_time() is None
    assert not unread().exists()


def test_after_it_a_search_encodes_its_claim_only_and_finds_the_same(
    cast: Cast, claim: Claim, drain: Callable[..., int], encoded: list[str]
) -> None:
    drain("index", "search")
    before = rows_of(claim)
    assert len(before) > 1
    PassageReading.objects.all().delete()
    switched_on(cast)
    assert read_ahead_by_time() is not None
    drain("read_ahead")
    assert not unread().exists()
    assert set(PassageReading.objects.filter(whole=True).values_list("passage", flat=True)) == set(
        Passage.objects.values_list("pk", flat=True)
    )
    kept = list(PassageReading.objects.order_by("pk").values_list("pk", "vectors"))
    encoded.clear()
    likeness._asked.clear()
    search_claim(actor=cast.ada, claim=claim)
    drain("search")
    assert rows_of(claim) == before
    assert encoded == [claim.wording]
    assert list(PassageReading.objects.order_by("pk").values_list("pk", "vectors")) == kept


def test_it_goes_on_where_it_was_cut_off_and_comes_once_a_minute(
    cast: Cast, claim: Claim, drain: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    switched_on(cast)
    monkeypatch.setattr(reading_ahead, "BATCH", 2)
    encode, calls = sentence_vectors.kept_form, []

    def cut(texts: Any) -> Any:
        calls.append(1)
        if len(calls) == 4:
            raise RuntimeError("the worker ended")
        return encode(texts)

    monkeypatch.setattr(sentence_vectors, "kept_form", cut)
    job = read_ahead_by_time()
    assert job is not None
    assert read_ahead_by_time() is None
    drain("read_ahead")
    first = dict(PassageReading.objects.filter(whole=True).values_list("passage", "pk"))
    assert len(first) == 2
    assert max(first) == Passage.objects.order_by("-pk").values_list("pk", flat=True)[0]
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    drain("read_ahead")
    assert not unread().exists()
    after = dict(PassageReading.objects.filter(whole=True).values_list("passage", "pk"))
    assert first.items() <= after.items()
    assert read_ahead_by_time(now=timezone.now() + dt.timedelta(minutes=2)) is None


def test_a_run_ends_in_time_and_the_next_reads_the_rest(
    cast: Cast, claim: Claim, drain: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    switched_on(cast)
    monkeypatch.setattr(reading_ahead, "BATCH", 2)
    monkeypatch.setattr(reading_ahead, "RUN", dt.timedelta(microseconds=1))
    job = read_ahead_by_time()
    assert job is not None
    drain("read_ahead")
    job.refresh_from_db()
    assert job.result == {"read": 2, "left": unread().count()}
    assert read_ahead_by_time(now=timezone.now() + dt.timedelta(minutes=2)) is not None


def test_no_more_is_read_than_an_installation_keeps(
    cast: Cast, claim: Claim, drain: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    switched_on(cast)
    monkeypatch.setattr(reading_ahead, "MOST", 3)
    read_ahead_by_time()
    drain("read_ahead")
    assert PassageReading.objects.filter(whole=True).count() == 3
    assert read_ahead_by_time(now=timezone.now() + dt.timedelta(minutes=2)) is None


def test_other_languages_older_texts_and_other_desks_are_left_alone(cast: Cast, claim: Claim) -> None:
    switched_on(cast)
    every = unread().count()
    passage = Passage.objects.order_by("pk")[0]
    document = passage.capture.document
    type(document).objects.filter(pk=document.pk).update(language="de")
    assert unread().count() == every - document.captures.get().passages.count()
    every = unread().count()
    older = Passage.objects.order_by("-pk")[0].capture
    Capture.objects.create(
        document=older.document, number=older.number + 1, text="A", text_hash="a", characters=1
    )
    assert unread().count() == every - older.passages.count()
    change_desk(actor=cast.carla, desk=cast.desk, values={"reads_ahead": False})
    type(cast.other_desk).objects.filter(pk=cast.other_desk.pk).update(reads_ahead=True)
    assert not unread().filter(capture__document__desk=cast.desk).exists()
