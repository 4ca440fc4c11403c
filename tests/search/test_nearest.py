"""What is alike in meaning is found whatever its words, and joined with what words found."""

from __future__ import annotations

import pytest

from claims.query.build import ClaimText, question
from claims.query.types import Collection, Ref
from claims.search import nearest
from claims.search.asking import Answer, Scored
from claims.search.engine import Hit, NearPassage
from claims.search.nearest import LIKENESS, joined, said_in


def answer(*found: tuple[int, float]) -> Answer:
    rows = [Scored(Hit(Ref(Collection.DOCUMENTS, one), one, score), score) for one, score in found]
    return Answer(question(ClaimText("Fees rose.")), tuple(rows))


def order(found: Answer) -> list[int]:
    return [one.hit.passage for one in found.found]


def near(passage: int, likeness: float) -> NearPassage:
    return NearPassage(Ref(Collection.DOCUMENTS, passage), passage, likeness)


def test_likeness_moves_what_words_found_and_adds_what_they_did_not() -> None:
    words = answer((1, 0.9), (2, 0.8), (3, 0.1))
    found = joined(words, [near(2, 0.9), near(7, 0.6), near(8, -0.5)], {1: 0.0, 2: 0.9, 3: -0.9})
    assert order(found) == [2, 1, 7, 3, 8]
    scores = {one.hit.passage: one.score for one in found.found}
    assert scores == pytest.approx({2: 0.8 + LIKENESS * 0.9, 1: 0.9, 7: 0.1 + LIKENESS * 0.6, 3: 0.1, 8: 0.1})


def test_what_nobody_read_yet_keeps_its_place_among_the_others() -> None:
    words = answer((1, 0.9), (2, 0.6), (3, 0.3))
    found = joined(words, [], {1: 0.2, 3: 0.4})
    assert {one.hit.passage: round(one.score, 6) for one in found.found} == pytest.approx(
        {1: 0.9 + LIKENESS * 0.2, 2: 0.6 + LIKENESS * 0.3, 3: 0.3 + LIKENESS * 0.4}
    )


def test_what_no_word_found_says_so() -> None:
    found = joined(answer((1, 0.9)), [near(1, 0.5), near(7, 0.6)], {1: 0.5})
    assert {one.hit.passage: [reason.name for reason in one.reasons] for one in found.found} == {
        1: [],
        7: ["meaning"],
    }


def test_a_passage_is_read_under_its_title() -> None:
    assert said_in("Port fees", "They rose.") == "Port fees \n They rose."
    assert said_in("", "They rose.") == "They rose."
    assert len(said_in("Port fees", "They rose. " * 1_000)) == 1_500


def test_without_vectors_the_answer_stays_and_without_words_vectors_find() -> None:
    words = answer((1, 0.9), (2, 0.8))
    assert joined(words, [], {}) == words
    assert order(joined(answer(), [near(7, 0.6)], {})) == [7]


def test_nothing_is_named_twice_and_what_lies_beyond_is_left_where_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nearest, "JOINED", 2)
    words = answer((1, 0.3), (2, 0.2), (3, 0.1), (4, 0.05))
    assert order(joined(words, [near(3, 0.9)], {1: 0.0, 2: 0.9})) == [2, 3, 1, 4]
