"""Suggesting that an assertion repeats an earlier claim of the desk: what counts, and what never does."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions.triage.decisions import accept
from claims.actions.triage.repeats import Earlier, suggest_repeats_of
from claims.models import Appearance, Claim, User
from claims.models.together import answered
from tests.builders import analysed, article, claim, unit
from tests.people import Cast

pytestmark = pytest.mark.django_db

KNOWN = "The harbour authority of Port Lenna doubled its landing fees."


def said(cast: Cast, sentence: str) -> Appearance:
    """Return the one suggestion of an article that consists of this sentence."""
    analysed(cast, article(cast, sentence), (unit(sentence, sentence.rstrip(".")),))
    return Appearance.objects.get(quotation=sentence.rstrip("."))


def repeats_of(row: Appearance) -> list[Earlier]:
    return answered(suggest_repeats_of([row], User.objects.get(display_name="Ada"))).get(row.pk, [])


@pytest.fixture
def known(cast: Cast) -> Claim:
    return claim(cast, KNOWN, wording=KNOWN)


def test_the_same_assertion_in_another_article_is_suggested_with_reasons(cast: Cast, known: Claim) -> None:
    claim(cast)
    row = said(cast, "The Port Lenna harbour authority has doubled its landing fees.")
    (found,) = repeats_of(row)
    assert found.claim == known
    assert found.sure
    assert "%" in found.reasons[0]
    assert accept(actor=cast.ada, appearance=row, claim=found.claim) == known
    assert repeats_of(row) == []


@pytest.mark.parametrize(
    "other",
    [
        "The harbour authority of Port Lenna halved its landing fees.",
        "The harbour authority of Port Lenna did not double its landing fees.",
        "The harbour authority of Port Mara doubled its landing fees.",
        "A bakery in the old town sells forty kinds of bread.",
    ],
    ids=["opposite", "denial", "actor", "something else"],
)
def test_what_differs_in_something_that_matters_is_never_a_repeat(
    cast: Cast, known: Claim, other: str
) -> None:
    assert repeats_of(said(cast, other)) == []


@pytest.mark.parametrize(
    ("other", "doubt"),
    [
        ("The harbour authority of Port Lenna doubles its landing fees.", "here “doubles”, there “doubled”"),
        ("The harbour authority of Port Lenna doubled most landing fees.", "only here “most”"),
        ("The harbour authority of Port Lenna doubled its night landing fees.", "only here “night”"),
    ],
    ids=["tense", "some of them", "a part"],
)
def test_what_words_cannot_tell_is_offered_for_a_look_and_never_as_the_same(
    cast: Cast, known: Claim, other: str, doubt: str
) -> None:
    (found,) = repeats_of(said(cast, other))
    assert found.claim == known
    assert not found.sure
    assert doubt in found.reasons


def test_what_is_surely_the_same_comes_before_what_may_be(cast: Cast, known: Claim) -> None:
    newer = "The harbour authority of Port Lenna doubled its night landing fees."
    claim(cast, newer, wording=newer)
    found = repeats_of(said(cast, "The Port Lenna harbour authority has doubled its landing fees."))
    assert [one.sure for one in found] == [True, False]
    assert found[0].claim == known


def test_claims_of_other_desks_and_merged_ones_are_not_suggested(cast: Cast) -> None:
    claim(cast, KNOWN, actor=cast.otto, desk=cast.other_desk, wording=KNOWN)
    assert repeats_of(said(cast, KNOWN)) == []
    mine = claim(cast, KNOWN, wording=KNOWN)
    Claim.objects.filter(pk=mine.pk).update(merged_into=claim(cast))
    assert repeats_of(Appearance.objects.get(quotation=KNOWN.rstrip("."))) == []


def test_a_whole_article_is_compared_with_a_constant_number_of_queries(cast: Cast, known: Claim) -> None:
    text = KNOWN + " The council met. The mayor left. The tram stopped."
    analysed(
        cast,
        article(cast, text),
        tuple(unit(text, part, n) for n, part in enumerate(text.rstrip(".").split(". "))),
    )
    rows = list(Appearance.objects.filter(capture__isnull=False))
    assert len(rows) == 4
    with CaptureQueriesContext(connection) as queries:
        found = answered(suggest_repeats_of(rows, cast.ada))
    assert len(queries) == 3
    assert list(found) == [Appearance.objects.get(quotation=KNOWN.rstrip(".")).pk]
