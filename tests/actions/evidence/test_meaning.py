"""A desk that wants it finds what says the same in other words; one that does not has the pages it had before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from claims.actions.desk.settings import change_desk
from claims.actions.evidence import meaning
from claims.actions.evidence.meaning import meaning_by_time, read_so_far, without_meaning
from claims.actions.evidence.search import search_claim
from claims.actions.indexing.documents import _meanings
from claims.language.weights import encoder_key
from claims.models import (
    AuditEvent,
    Capture,
    Claim,
    Desk,
    Document,
    Evidence,
    Job,
    Passage,
    PassageMeaning,
    SearchHit,
)
from claims.workbench.claim.relevance_words import in_words
from tests.actions.indexing.engines_of_tests import Installation, two_engines
from tests.builders import HARBOUR, accepted, analysed, article
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)
#: Says what the claim says ("raised its fees by 40 percent") and shares no word with it.
OTHER_WORDS = (
    "Dearer docking\n\nVessels mooring at this seaside town now pay two fifths more: charges went up, "
    "officials announced."
)
FAR = [
    f"Gardening\n\nTomatoes need sun, and gardener {number} waters them each evening with rain."
    for number in range(2)
]


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def installation(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    kind = "twin" if request.param == "embedded" else "elasticsearch"
    with two_engines(kind, tmp_path, monkeypatch) as made:
        made.use(request.param)
        yield made


@pytest.fixture
def claim(cast: Cast, installation: Installation) -> Claim:
    analysed(cast, article(cast, HARBOUR, published="2026-03-05"))
    article(cast, "Port fees\n\nThe harbour authority raised its fees in Lenna.", published="2026-03-04")
    article(cast, OTHER_WORDS, published="2026-03-04")
    for text in FAR:
        article(cast, text, published="2026-03-04")
    return accepted(cast)


def switch(cast: Cast, on: bool) -> None:
    change_desk(actor=cast.carla, desk=cast.desk, values={"finds_by_meaning": on})


def read_all(drain: Callable[..., int]) -> None:
    assert meaning_by_time() is not None
    drain("meaning", "index")


def rows_of(claim: Claim) -> list[Any]:
    """Return what is shown. Chances are left out: texts written again count twice until an engine merges them."""
    rows = Evidence.objects.filter(claim=claim, folded=False).order_by("rank")
    return list(rows.values_list("place_key", "reasons", "matched"))


def found_at(claim: Claim, document: Document) -> bool:
    return SearchHit.objects.filter(run__claim=claim, document=document).exists()


def other() -> Document:
    return Document.objects.get(captures__text__contains="Vessels mooring", captures__number=1)


def test_without_the_switch_nothing_is_read_and_words_alone_find(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    assert meaning_by_time() is None
    assert not without_meaning().exists()
    drain("index", "search")
    assert not found_at(claim, other())


def test_switched_on_a_claim_finds_what_says_the_same_in_other_words(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    drain("index", "search")
    before = rows_of(claim)
    switch(cast, True)
    read_all(drain)
    assert read_so_far(cast.desk) == meaning.ReadSoFar(Passage.objects.count(), Passage.objects.count())
    search_claim(actor=cast.ada, claim=claim)
    drain("search")
    assert found_at(claim, other())
    row = Evidence.objects.filter(claim=claim, document=other()).first()
    if row is not None:
        assert row.reasons[0] == {"name": "by_meaning"}
        assert in_words(row.reasons).startswith("found by its meaning")
    assert {key for key, *_rest in before} <= {key for key, *_rest in rows_of(claim)}
    # Switched off again, everything is as it was; what was read stays for the next time.
    switch(cast, False)
    search_claim(actor=cast.ada, claim=claim)
    drain("search")
    assert rows_of(claim) == before
    assert PassageMeaning.objects.exists()


def test_the_switch_is_a_setting_of_the_desk_and_leaves_a_trace(cast: Cast, client: Client) -> None:
    client.force_login(cast.carla)
    page = client.get(f"/desk/{cast.desk.slug}/settings/").content.decode()
    assert "in other words" in page
    assert "can be found by their meaning so far" not in page
    switch(cast, True)
    event = AuditEvent.objects.filter(verb="desk.changed").latest("pk")
    assert event.object_id == cast.desk.pk
    assert (
        "can be found by their meaning so far"
        in client.get(f"/desk/{cast.desk.slug}/settings/").content.decode()
    )


def test_it_goes_on_where_it_was_cut_off_and_stops_where_it_is_switched_off(
    cast: Cast, claim: Claim, drain: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(cast, True)
    monkeypatch.setattr(meaning, "BATCH", 2)
    encode, calls = meaning.kept_form, []

    def cut(texts: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the worker ended")
        if len(calls) == 3:
            Desk.objects.filter(pk=cast.desk.pk).update(finds_by_meaning=False)
        return encode(texts)

    monkeypatch.setattr(meaning, "kept_form", cut)
    job = meaning_by_time()
    assert job is not None
    assert meaning_by_time() is None
    drain("meaning")
    first = dict(PassageMeaning.objects.values_list("passage", "pk"))
    assert len(first) == 2
    assert max(first) == Passage.objects.order_by("-pk").values_list("pk", flat=True)[0]
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    drain("meaning")
    after = dict(PassageMeaning.objects.values_list("passage", "pk"))
    assert len(after) == 4
    assert first.items() <= after.items()
    assert meaning_by_time(now=timezone.now() + dt.timedelta(minutes=2)) is None
    switch(cast, True)
    assert meaning_by_time(now=timezone.now() + dt.timedelta(minutes=2)) is not None


def test_another_encoder_reads_everything_anew_and_its_vectors_alone_are_indexed(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    switch(cast, True)
    read_all(drain)
    assert not without_meaning().exists()
    PassageMeaning.objects.update(encoder="of before", vector=b"\0" * 768)
    assert without_meaning().count() == Passage.objects.count()
    assert read_so_far(cast.desk).read == 0
    assert not _meanings(Document.objects.values_list("pk", flat=True))
    Job.objects.all().delete()
    read_all(drain)
    assert set(PassageMeaning.objects.values_list("encoder", flat=True)) == {encoder_key()}
    assert len(_meanings(Document.objects.values_list("pk", flat=True))) == Passage.objects.count()


def test_no_more_is_read_than_engines_compare(
    cast: Cast, claim: Claim, drain: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(cast, True)
    monkeypatch.setattr(meaning, "MOST", 3)
    read_all(drain)
    assert PassageMeaning.objects.count() == 3
    assert meaning_by_time(now=timezone.now() + dt.timedelta(minutes=2)) is None


def test_a_newer_text_and_a_deleted_one_take_their_vectors_along(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    switch(cast, True)
    read_all(drain)
    document = other()
    older = document.captures.get()
    Capture.objects.create(document=document, number=2, text="A", text_hash="a", characters=1)
    assert not without_meaning().filter(capture=older).exists()
    Passage.objects.filter(capture=older).delete()
    assert not PassageMeaning.objects.filter(passage__capture__document=document).exists()


def test_other_languages_and_archives_of_other_desks_are_left_alone(cast: Cast, claim: Claim) -> None:
    switch(cast, True)
    every = without_meaning().count()
    document = other()
    Document.objects.filter(pk=document.pk).update(language="de")
    assert without_meaning().count() == every - Passage.objects.filter(capture__document=document).count()
    switch(cast, False)
    Desk.objects.filter(pk=cast.other_desk.pk).update(finds_by_meaning=True)
    assert not without_meaning().filter(capture__document__desk=cast.desk).exists()


def test_what_others_may_not_read_is_not_found_by_meaning_either(
    cast: Cast, claim: Claim, drain: Callable[..., int]
) -> None:
    Document.objects.filter(pk=other().pk).update(visibility=Document.Visibility.NAMED)
    switch(cast, True)
    read_all(drain)
    search_claim(actor=cast.ada, claim=claim)
    drain("search")
    assert not found_at(claim, other())
