"""An answer put in order by words and meaning."""

from __future__ import annotations

from claims.query.build import MatchReason, Question
from claims.query.types import Collection, Ref
from claims.search.asking import Answer, Scored
from claims.search.engine import Hit
from claims.search.sense import LOOKED_AT, by_sense


def answer(*scores: float) -> Answer:
    found = tuple(
        Scored(Hit(Ref(Collection.FACTCHECKS, id), id, score), score, (MatchReason("speaker", 0.15),))
        for id, score in enumerate(scores, 1)
    )
    return Answer(Question(()), found)


def test_meaning_is_added_as_a_reason_and_puts_in_order() -> None:
    found = by_sense(answer(0.9, 0.8, 0.7), lambda ids: {1: 0.1, 2: 0.9, 3: -0.5}).found
    assert [one.hit.passage for one in found] == [2, 1, 3]
    assert [round(one.score, 6) for one in found] == [1.25, 0.95, 0.7]
    assert [reason.name for reason in found[0].reasons] == ["speaker", "sense"]


def test_without_likeness_the_answer_stays_as_it_is() -> None:
    given = answer(0.9, 0.8)
    assert by_sense(given, lambda ids: {}) is given


def test_only_the_best_are_looked_at_and_nothing_is_lost() -> None:
    given = answer(*(1 - number / 1000 for number in range(LOOKED_AT + 20)))
    asked: list[int] = []

    def alike(ids: list[int]) -> dict[int, float]:
        asked.extend(ids)
        return {LOOKED_AT: 1.0}

    found = by_sense(given, alike).found  # type: ignore[arg-type]  # a list is a sequence
    assert asked == list(range(1, LOOKED_AT + 1))
    assert found[0].hit.passage == LOOKED_AT
    assert [one.hit.passage for one in found[LOOKED_AT:]] == list(range(LOOKED_AT + 1, LOOKED_AT + 21))
