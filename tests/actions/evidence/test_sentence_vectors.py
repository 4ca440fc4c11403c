"""What sentences of the archive say is read once: kept by a search, used by the next, gone with its text."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import transaction

from claims.actions.evidence import passage_readings
from claims.actions.evidence.kept_reading import KeptReading
from claims.actions.evidence.search import search_claim
from claims.actions.indexing import engines
from claims.language import likeness
from claims.language.weights import encoder_key
from claims.models import Claim, ClaimVector, Evidence, Passage, PassageReading, SuggestionVector
from claims.relevance.weighing import Sensed
from tests.builders import HARBOUR, accepted, analysed, article
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

REPORT = """Port fees

The harbour authority of Port Lenna raised its fees by 40 percent in March, its price list shows. Fishing boats pay \
nothing. The council was not asked."""


@pytest.fixture(autouse=True)
def own_engine() -> Iterator[None]:
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the encoder was given, in order."""
    given: list[str] = []
    encode = likeness._encoded

    def noted(texts: Any) -> Any:
        given.extend(texts)
        return encode(texts)

    monkeypatch.setattr(likeness, "_encoded", noted)
    likeness._asked.clear()
    return given


@pytest.fixture
def claim(cast: Cast, drain: Callable[..., int]) -> Claim:
    analysed(cast, article(cast, HARBOUR, published="2026-03-05"))
    article(cast, REPORT, published="2026-03-04", title="Port fees")
    return accepted(cast)


def vectors_kept() -> int:
    return sum(len(vectors) // 784 for vectors in PassageReading.objects.values_list("vectors", flat=True))


def rows_of(claim: Claim, cast: Cast, drain: Callable[..., int]) -> list[Any]:
    """Search the claim; returns its rows as a reviewer sees them."""
    search_claim(actor=cast.ada, claim=claim)
    drain("index", "search")
    rows = Evidence.objects.filter(claim=claim, folded=False).order_by("rank")
    return list(rows.values_list("place_key", "relevance", "reasons", "matched"))


def test_the_next_search_reads_what_the_first_one_kept(
    cast: Cast, claim: Claim, drain: Callable[..., int], encoded: list[str]
) -> None:
    first = rows_of(claim, cast, drain)
    assert first
    kept = vectors_kept()
    assert kept == len(encoded) - 1
    assert claim.wording in encoded
    encoded.clear()
    likeness._asked.clear()
    assert rows_of(claim, cast, drain) == first
    assert encoded == [claim.wording]
    assert vectors_kept() == kept


def test_rows_are_the_same_whether_vectors_were_kept_or_not(
    cast: Cast, claim: Claim, drain: Callable[..., int], encoded: list[str]
) -> None:
    first = rows_of(claim, cast, drain)
    PassageReading.objects.all().delete()
    encoded.clear()
    assert rows_of(claim, cast, drain) == first
    assert encoded
    assert vectors_kept()


def test_a_vector_of_another_encoder_is_not_used(
    cast: Cast, claim: Claim, drain: Callable[..., int], encoded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = rows_of(claim, cast, drain)
    for row in PassageReading.objects.all():
        zeros = b"".join(row.vectors[at : at + 16] + bytes(768) for at in range(0, len(row.vectors), 784))
        PassageReading.objects.filter(pk=row.pk).update(vectors=zeros)
    assert rows_of(claim, cast, drain) != first
    monkeypatch.setattr(passage_readings, "encoder_key", lambda: "of tomorrow")
    encoded.clear()
    assert rows_of(claim, cast, drain) == first
    assert encoded
    assert set(PassageReading.objects.values_list("encoder", flat=True)) == {"of tomorrow"}


@pytest.mark.parametrize("of", ["claim", "suggestion"])
def test_what_the_walk_has_read_of_a_claim_is_not_encoded_again(
    cast: Cast, claim: Claim, drain: Callable[..., int], encoded: list[str], of: str
) -> None:
    first = rows_of(claim, cast, drain)
    vector = likeness.kept_form([claim.wording])[claim.wording].astype("<f2").tobytes()
    row = {"said": claim.wording, "encoder": encoder_key(), "vector": vector}
    if of == "claim":
        ClaimVector.objects.create(claim=claim, **row)
    else:
        SuggestionVector.objects.create(suggestion=claim.appearances.get(), **row)
    encoded.clear()
    likeness._asked.clear()
    assert rows_of(claim, cast, drain) == first
    assert not encoded


@pytest.mark.parametrize("other", [{"said": "Boats pay nothing."}, {"encoder": "of yesterday"}])
def test_a_vector_of_other_words_or_another_encoder_is_not_that_of_the_claim(
    cast: Cast, claim: Claim, drain: Callable[..., int], encoded: list[str], other: dict[str, str]
) -> None:
    first = rows_of(claim, cast, drain)
    row = {"said": claim.wording, "encoder": encoder_key(), "vector": bytes(768)} | other
    ClaimVector.objects.create(claim=claim, **row)
    encoded.clear()
    likeness._asked.clear()
    assert rows_of(claim, cast, drain) == first
    assert encoded == [claim.wording]


def test_vectors_go_with_their_text(cast: Cast, claim: Claim, drain: Callable[..., int]) -> None:
    rows_of(claim, cast, drain)
    passages = set(PassageReading.objects.values_list("passage", flat=True))
    Passage.objects.filter(pk__in=passages).delete()
    assert not PassageReading.objects.exists()


def test_many_claims_are_read_in_one_statement_and_one_call(
    cast: Cast, claim: Claim, encoded: list[str], django_assert_num_queries: Any
) -> None:
    passage = Passage.objects.values_list("pk", flat=True)[0]
    asked = [
        Sensed(f"Claim {number}.", ("Fees rose.", f"Boats pay {number}."), (passage, passage))
        for number in range(5)
    ]
    reading = KeptReading()
    with django_assert_num_queries(1):
        first = reading.sense(asked)
    assert len(encoded) == 5 + 6
    with transaction.atomic(), django_assert_num_queries(1):
        reading.keep()
    encoded.clear()
    assert KeptReading().sense(asked) == first
    assert not encoded
    other = Sensed("Another claim.", ("Boats pay 3.", "It rains."), (0, 0))
    reading.sense([other])
    assert encoded == ["It rains.", "Another claim."]
    with django_assert_num_queries(0):
        reading.keep()
    assert vectors_kept() == 6


def test_what_one_search_keeps_of_a_passage_is_added_to_what_another_kept(
    cast: Cast, claim: Claim, encoded: list[str]
) -> None:
    passage = Passage.objects.values_list("pk", flat=True)[0]
    for sentence in ("Fees rose.", "Boats pay."):
        reading = KeptReading()
        reading.sense([Sensed("A claim.", (sentence,), (passage,))])
        reading.keep()
    assert vectors_kept() == 2
    encoded.clear()
    KeptReading().sense([Sensed("A claim.", ("Fees rose.", "Boats pay."), (passage, passage))])
    assert not encoded


def test_what_a_thread_began_to_encode_is_waited_for(encoded: list[str]) -> None:
    asked = [Sensed("The fees rose.", ("Fees went up in May.", "The pier is closed."), (0, 0))]
    likeness._asked.clear()
    plain = KeptReading().sense(asked)
    likeness._asked.clear()
    encoded.clear()
    sense = KeptReading().sense
    with ThreadPoolExecutor(1) as thread:
        thread.submit(time.sleep, 0.05)
        sense.begin(thread, ["The fees rose."])
        sense.begin(thread, ["Nobody asks about this."])
        assert sense(asked) == plain
    assert sorted(encoded) == ["Fees went up in May.", "The fees rose.", "The pier is closed."]
