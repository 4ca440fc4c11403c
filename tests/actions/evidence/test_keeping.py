"""What a search leaves on a claim's board: one row for each document, and nothing of what people decided moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from claims.actions import base
from claims.actions.documents.storing import Added
from claims.actions.evidence import decisions
from claims.actions.evidence.keeping import FoundDocument, FoundPlace, keep_all, take_passage
from claims.actions.source_passages import SourcePassage, source_passages, to_be_read
from claims.models import Claim, Evidence, Passage, Review, SearchHit, SearchRun, VerdictDraft
from tests.builders import article, claim, moment
from tests.people import Cast

pytestmark = pytest.mark.django_db

SENTENCE = (
    "The harbour authority raised its fees in Port Lenna by {n} percent, the price list of the week shows. "
)


def long_article(cast: Cast, name: str = "Fees") -> Added:
    """An article of three passages, no two alike."""
    text = "\n\n".join(SENTENCE.format(n=number) * 6 for number in (11, 22, 33))
    return article(cast, f"{name} in Port Lenna\n\n{text}", published="2026-03-04")


def passages(added: Added) -> list[SourcePassage]:
    return source_passages(to_be_read().filter(capture=added.capture).order_by("start", "pk"))


def place(passage: SourcePassage, score: float = 0.5) -> FoundPlace:
    return FoundPlace(passage, score, ("fee",))


def found(*of: SourcePassage, **values: Any) -> FoundDocument:
    best, *further = (place(one) for one in of)
    return FoundDocument(best, tuple(further), **values)


def search(on: Claim, *what: FoundDocument, own_words: bool = False) -> SearchRun:
    kind = SearchRun.Kind.OWN_WORDS if own_words else SearchRun.Kind.CLAIM
    run = SearchRun.objects.create(desk=on.desk, claim=on, kind=kind, outcome="found", created_at=moment(1))
    keep_all([(on, run, what)], now=moment(1))
    return run


@pytest.fixture
def fees(cast: Cast) -> Claim:
    return claim(cast, "Fees rose by 11 percent")


def shown(on: Claim) -> list[Evidence]:
    return list(Evidence.objects.shown().filter(claim=on).order_by("rank", "pk"))


def test_a_document_is_one_row_with_its_further_passages_beside_it(cast: Cast, fees: Claim) -> None:
    first, second, third = passages(long_article(cast))[:3]
    search(fees, found(second, first, third, chance=0.871, reasons=({"name": "figure"},)))
    row = Evidence.objects.get(claim=fees)
    assert (row.start, row.quotation) == (second.start, place(second).text)
    assert [one["start"] for one in row.further] == [first.start, third.start]
    assert row.further[0]["quotation"] == place(first).text
    assert (row.relevance, row.reasons) == (87, [{"name": "figure"}])


def test_a_new_search_moves_an_untouched_row_to_the_better_passage(cast: Cast, fees: Claim) -> None:
    first, second, _third = passages(long_article(cast))[:3]
    search(fees, found(first))
    before = Evidence.objects.get(claim=fees)
    search(fees, found(second, first))
    row = Evidence.objects.get(claim=fees)
    assert (row.pk, row.start, row.version) == (before.pk, second.start, before.version + 1)
    assert [one["start"] for one in row.further] == [first.start]


def test_what_a_new_search_does_not_find_is_folded_and_comes_back_when_it_does(
    cast: Cast, fees: Claim
) -> None:
    one, other = passages(long_article(cast))[0], passages(long_article(cast, "Other fees"))[0]
    search(fees, found(one), found(other))
    search(fees, found(other))
    assert [row.document_id for row in shown(fees)] == [other.document.pk]
    assert Evidence.objects.filter(claim=fees).count() == 2
    search(fees, found(other), found(one))
    assert len(shown(fees)) == 2


DECISIONS: list[dict[str, Any]] = [
    {"stance": "supports"},
    {"cited": True},
    {"rejected": True},
    {"stance": "irrelevant"},
    {"according_to": "the authority"},
    {"interest": "it owns the harbour"},
]


@pytest.mark.parametrize("decided", DECISIONS, ids=lambda one: next(iter(one)))
@pytest.mark.parametrize("again", ["better passage", "nothing"])
def test_what_somebody_decided_about_is_neither_moved_nor_folded(
    cast: Cast, fees: Claim, decided: dict[str, Any], again: str
) -> None:
    first, second, _third = passages(long_article(cast))[:3]
    search(fees, found(first))
    decisions.decide(actor=cast.ada, evidence=Evidence.objects.get(claim=fees), **decided)
    before = Evidence.objects.get(claim=fees)
    search(fees, *([found(second)] if again == "better passage" else []))
    row = Evidence.objects.get(claim=fees)
    same = ("pk", "place_key", "quotation", "version", "rank", "folded", *decided)
    assert [getattr(row, name) for name in same] == [getattr(before, name) for name in same]
    assert [one["start"] for one in row.further] == ([second.start] if again == "better passage" else [])
    assert row.is_shown


def test_what_a_draft_cites_is_neither_moved_nor_folded(cast: Cast, fees: Claim) -> None:
    first, second, _third = passages(long_article(cast))[:3]
    search(fees, found(first))
    row = Evidence.objects.get(claim=fees)
    VerdictDraft.objects.create(
        review=Review.objects.get(claim=fees), user=cast.ada, updated_at=moment(2),
        data={"points": [{"answer": f"So it did [e:7, e:{row.pk}]."}]},
    )  # fmt: skip
    search(fees, found(second))
    search(fees)
    row.refresh_from_db()
    assert (row.start, row.folded) == (first.start, False)


def test_a_reviewers_own_words_only_add(cast: Cast, fees: Claim) -> None:
    first, second, _third = passages(long_article(cast))[:3]
    other = passages(long_article(cast, "Other fees"))[0]
    search(fees, found(first), found(other))
    search(fees, found(second), own_words=True)
    row = shown(fees)[0]
    assert (row.start, [one["start"] for one in row.further]) == (first.start, [second.start])
    assert len(shown(fees)) == 2


def test_what_own_words_found_stays_when_the_claim_is_asked_again(cast: Cast, fees: Claim) -> None:
    first, second, _third = passages(long_article(cast))[:3]
    search(fees, found(first), own_words=True)
    search(fees)
    assert [row.start for row in shown(fees)] == [first.start]
    search(fees, found(second))
    assert [row.start for row in shown(fees)] == [first.start]


def test_own_words_show_another_passage_of_what_was_set_aside(cast: Cast, fees: Claim) -> None:
    first, second, _third = passages(long_article(cast))[:3]
    search(fees, found(first))
    decisions.decide(actor=cast.ada, evidence=Evidence.objects.get(claim=fees), rejected=True)
    search(fees, found(second), own_words=True)
    assert [(row.start, row.rejected) for row in shown(fees)] == [(first.start, True), (second.start, False)]


def test_evidence_of_the_same_document_added_by_hand_holds_what_is_found_in_it(
    cast: Cast, fees: Claim
) -> None:
    added = long_article(cast)
    first = passages(added)[0]
    by_hand = Evidence.objects.create(
        desk=fees.desk, claim=fees, kind="file", document=added.document, capture=added.capture,
        quotation="Seen in the price list", place_key="file:1", added_by=cast.ada,
    )  # fmt: skip
    search(fees, found(first))
    row = Evidence.objects.get(claim=fees)
    assert (row.pk, row.quotation, len(row.further)) == (by_hand.pk, "Seen in the price list", 1)


@pytest.mark.parametrize("number", [1, 30])
def test_a_search_costs_ten_statements_at_most_for_any_number_of_rows(
    cast: Cast, fees: Claim, number: int, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    rows = [found(*passages(long_article(cast, f"Fees {one}"))) for one in range(number)]
    run = SearchRun.objects.create(desk=fees.desk, claim=fees, outcome="found")
    # The savepoints of two bulk writes among them.
    for _time in ("first", "again"):
        with django_assert_max_num_queries(10):
            keep_all([(fees, run, rows)], now=moment(1))
    assert Evidence.objects.filter(claim=fees).count() == number


def hit(on: Claim, passage: Passage) -> SearchHit:
    run = SearchRun.objects.create(desk=on.desk, claim=on, outcome="found")
    return SearchHit.objects.create(
        run=run, rank=7, document_id=passage.document.pk, capture_id=passage.capture_id,
        start=passage.start, end=passage.end, matched=["fee"],
    )  # fmt: skip


def test_a_weaker_passage_becomes_evidence_that_no_search_folds(cast: Cast, fees: Claim) -> None:
    passage = passages(long_article(cast))[1]
    row = take_passage(actor=cast.ada, hit=hit(fees, passage))
    assert (row.quotation, row.added_by, row.kind) == (place(passage).text, cast.ada, "passage")
    search(fees)
    assert [one.pk for one in shown(fees)] == [row.pk]
    assert take_passage(actor=cast.ben, hit=hit(fees, passage)) == row
    fees.refresh_from_db()
    assert fees.origins_found == 1


def test_a_folded_row_that_somebody_takes_is_shown_again(cast: Cast, fees: Claim) -> None:
    passage = passages(long_article(cast))[0]
    search(fees, found(passage))
    search(fees)
    assert not shown(fees)
    row = take_passage(actor=cast.ada, hit=hit(fees, passage))
    search(fees)
    assert [one.pk for one in shown(fees)] == [row.pk]


def test_folded_rows_are_no_origins_of_the_claim(cast: Cast, fees: Claim) -> None:
    search(fees, found(passages(long_article(cast))[0]))
    fees.refresh_from_db()
    assert fees.origins_found == 1
    search(fees)
    fees.refresh_from_db()
    assert fees.origins_found == 0


def test_a_contributor_takes_no_passage(cast: Cast, fees: Claim) -> None:
    with pytest.raises(base.NotAllowed):
        take_passage(actor=cast.eli, hit=hit(fees, passages(long_article(cast))[0]))
