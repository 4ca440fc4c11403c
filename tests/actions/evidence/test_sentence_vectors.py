"""What sentences of the archive say is read once: kept by a search, used by the next, gone with its text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from claims.actions.evidence import sentence_vectors
from claims.actions.evidence.search import search_claim
from claims.actions.evidence.sentence_vectors import SentenceVectors
from claims.actions.indexing import engines
from claims.language import likeness
from claims.models import Claim, Evidence, Passage, PassageVector
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
    kept = PassageVector.objects.count()
    assert kept == len(encoded) - 1
    assert claim.wording in encoded
    encoded.clear()
    likeness._asked.clear()
    assert rows_of(claim, cast, drain) == first
    assert encoded == [claim.wording]
    assert PassageVector.objects.count() == kept


def test_rows_are_the_same_whether_vectors_were_kept_or_not(
    cast: Cast, claim: Claim, drain: Callable[..., int], encoded: list[str]
) -> None:
    first = rows_of(claim, cast, drain)
    PassageVector.objects.all().delete()
    encoded.clear()
    assert rows_of(claim, cast, drain) == first
    assert encoded
    assert PassageVector.objects.exists()


def test_a_vector_of_another_encoder_is_not_used(
    cast: Cast, claim: Claim, drain: Callable[..., int], encoded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = rows_of(claim, cast, drain)
    PassageVector.objects.update(vector=b"\0" * 768)
    assert rows_of(claim, cast, drain) != first
    monkeypatch.setattr(sentence_vectors, "key_of_words", lambda words: f"other {words}"[:32])
    encoded.clear()
    assert rows_of(claim, cast, drain) == first
    assert encoded


def test_vectors_go_with_their_text(cast: Cast, claim: Claim, drain: Callable[..., int]) -> None:
    rows_of(claim, cast, drain)
    passages = set(PassageVector.objects.values_list("passage", flat=True))
    Passage.objects.filter(pk__in=passages).delete()
    assert not PassageVector.objects.exists()


def test_many_claims_are_read_in_one_statement_and_one_call(
    cast: Cast, claim: Claim, encoded: list[str], django_assert_num_queries: Any
) -> None:
    passage = Passage.objects.values_list("pk", flat=True)[0]
    asked = [
        Sensed(f"Claim {number}.", ("Fees rose.", f"Boats pay {number}."), (passage, passage))
        for number in range(5)
    ]
    sense = SentenceVectors()
    with django_assert_num_queries(1):
        first = sense(asked)
    assert len(encoded) == 5 + 6
    sense.keep()
    encoded.clear()
    assert SentenceVectors()(asked) == first
    assert not encoded
    other = Sensed("Another claim.", ("Boats pay 3.", "It rains."), (0, 0))
    sense([other])
    assert encoded == ["It rains.", "Another claim."]
    sense.keep()
    assert PassageVector.objects.count() == 6
