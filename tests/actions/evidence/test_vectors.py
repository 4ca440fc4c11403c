"""Earlier checks by what they say: vectors that are made once, made anew when they must be, and switched off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from claims.actions.evidence import vectors
from claims.actions.indexing import engines
from claims.actions.publishing.imports import import_factcheck
from claims.models import CheckVector, Claim, FactCheck, Job, Match
from tests.builders import HARBOUR, accepted, analysed, article
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

SAME = "The fees of Port Lenna's harbour rose by 40 percent."
OTHER = "Port Lenna's mayor raised a flag on 2 March 2026, an authority said."


@pytest.fixture(autouse=True)
def own_engine() -> Iterator[None]:
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.fixture
def checks(cast: Cast) -> dict[str, FactCheck]:
    for number, words in enumerate((SAME, OTHER)):
        import_factcheck(
            actor=None,
            desk=cast.desk,
            raw={
                "@type": "ClaimReview",
                "url": f"https://bureau.example/{number}",
                "datePublished": "2026-03-03",
                "claimReviewed": words,
                "author": {"@type": "Organization", "name": "Bureau", "url": "https://bureau.example/"},
                "reviewRating": {"@type": "Rating", "alternateName": "False"},
            },
        )
    return {row.claim_text: row for row in FactCheck.objects.all()}


@pytest.fixture
def claim(cast: Cast) -> Claim:
    analysed(cast, article(cast, HARBOUR, published="2026-03-05"))
    return accepted(cast)


def suggested(claim: Claim, drain: Callable[..., int]) -> list[tuple[str, list[str]]]:
    drain("index", "search")
    rows = Match.objects.filter(claim=claim).order_by("rank").select_related("factcheck")
    return [(row.factcheck.claim_text, [reason["name"] for reason in row.reasons]) for row in rows]


def test_the_check_that_says_the_same_comes_before_one_that_shares_more_words(
    claim: Claim, checks: dict[str, FactCheck], drain: Callable[..., int]
) -> None:
    (first, second) = suggested(claim, drain)
    assert [first[0], second[0]] == [SAME, OTHER]
    assert "sense" in first[1]


def test_without_meaning_words_alone_decide_and_nothing_is_made(
    settings: Any, claim: Claim, checks: dict[str, FactCheck], drain: Callable[..., int]
) -> None:
    settings.CHECKS_BY_MEANING = False
    (first, *_rest) = suggested(claim, drain)
    assert first == (OTHER, first[1])
    assert "sense" not in first[1]
    assert not CheckVector.objects.exists()
    assert vectors.embed_by_time() is None


def test_a_language_the_encoder_does_not_read_is_left_to_words(
    claim: Claim, checks: dict[str, FactCheck], drain: Callable[..., int]
) -> None:
    Claim.objects.filter(pk=claim.pk).update(language="de")
    suggested(claim, drain)
    assert not CheckVector.objects.exists()


def test_what_is_missing_is_made_in_the_background_once(
    checks: dict[str, FactCheck], drain: Callable[..., int]
) -> None:
    assert vectors.embed_by_time() is not None
    assert drain("embed") == 1
    rows = {row.factcheck_id: bytes(row.vector) for row in CheckVector.objects.all()}
    assert set(rows) == {row.pk for row in checks.values()}
    assert {len(one) for one in rows.values()} == {768}
    Job.objects.filter(kind="embed").delete()
    assert vectors.embed_by_time() is None, "nothing is missing"


def test_other_words_and_another_encoder_make_a_vector_anew(
    monkeypatch: pytest.MonkeyPatch, checks: dict[str, FactCheck], drain: Callable[..., int]
) -> None:
    pk = checks[SAME].pk
    before = vectors.vectors_of([pk])[pk]
    FactCheck.objects.filter(pk=pk).update(claim_text="The ferry sails on Sundays.")
    after = vectors.vectors_of([pk])[pk]
    assert float(before @ after) < 0.9
    kept = CheckVector.objects.get(factcheck=pk)
    monkeypatch.setattr(vectors, "encoder_key", lambda: "another")
    assert vectors.embed_by_time() is not None
    drain("embed")
    made = CheckVector.objects.get(factcheck=pk)
    assert (made.pk, made.encoder) == (kept.pk, "another")
    assert made.key != kept.key


def test_a_walk_that_was_cut_short_goes_on(
    monkeypatch: pytest.MonkeyPatch, checks: dict[str, FactCheck], drain: Callable[..., int]
) -> None:
    monkeypatch.setattr(vectors, "BATCH", 1)
    done: list[int] = []
    real = vectors.vectors_of

    def once(ids: list[int]) -> Any:
        if done:
            raise OSError("the machine went away")
        done.extend(ids)
        return real(ids)

    monkeypatch.setattr(vectors, "vectors_of", once)
    vectors.embed_by_time()
    drain("embed")
    assert [row.factcheck_id for row in CheckVector.objects.all()] == done
    monkeypatch.setattr(vectors, "vectors_of", real)
    Job.objects.filter(kind="embed").delete()
    assert vectors.embed_by_time() is not None
    drain("embed")
    assert CheckVector.objects.count() == 2
    assert Job.objects.get(kind="embed").result == {"made": 1}
