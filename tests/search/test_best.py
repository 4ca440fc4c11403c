"""A question that is asked without its filters has the answer it would have with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from claims.query.build import ClaimText, question
from claims.query.types import Dates, Query
from claims.search.embedded import EmbeddedEngine, best
from claims.search.embedded.counting import counted

from . import corpus


def test_a_question_is_answered_alike_with_its_filters_and_without(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nearly every record passes, filters are looked at afterwards: hits, scores and order are the same."""
    outcomes: list[bool] = []
    loosely = best._loosely

    def noted(*given: Any, **named: Any) -> Any:
        found = loosely(*given, **named)
        outcomes.append(found is not None)
        return found

    monkeypatch.setattr(best, "_loosely", noted)
    documents = [
        replace(
            one,
            audience=("desk:1",) if number % 9 == 0 else one.audience,
            earliest=date(2020, 1, 1) + timedelta(days=number),
            latest=date(2020, 1, 1) + timedelta(days=number) if number % 5 else date(2022, 1, 1),
        )
        if number % 7
        else replace(one, earliest=None, latest=None)
        for number, one in enumerate(corpus.archive(300))
    ]
    window = Dates(date(2020, 2, 1), date(2021, 12, 31))
    both = frozenset({"archive", "desk:1"})
    with EmbeddedEngine(folder) as engine:
        engine.ensure()
        engine.put(documents)
        engine.remove([(documents[at].ref, 1) for at in range(100, 110)])
        for text in corpus.claims(12):
            clauses = question(ClaimText(text)).clauses
            asked = [
                Query(frozenset({1}), clauses),
                Query(frozenset({1}), clauses, audiences=both),
                Query(frozenset({1}), clauses, audiences=both, dates=window),
                Query(frozenset({1}), clauses, dates=replace(window, undated=True)),
                Query(frozenset({1}), clauses, audiences=both, dates=Dates(None, date(2020, 9, 1))),
                Query(frozenset({1}), clauses, audiences=both, excluded=frozenset(range(1, 40))),
                Query(frozenset({1, 2}), clauses, audiences=both, dates=Dates(date(2020, 5, 1))),
            ]
            for name in ("LARGE", "VERY_LARGE"):
                monkeypatch.setattr(best, name, 10**9)
            joined = [engine.search(query, 20, matched=True) for query in asked]
            assert not any(outcomes)
            for name in ("LARGE", "VERY_LARGE"):
                monkeypatch.setattr(best, name, 0)
            apart = [engine.search(query, 20, matched=True) for query in asked]
            assert any(outcomes[len(asked) :])
            outcomes.clear()
            assert apart == joined
            assert [one.total for one in apart] == [one.total for one in joined]
            # Counted with words, and each hit by itself, what passes is what the filter says.
            assert [one.total for one in apart] == [engine.count(query).passages for query in asked]


def test_a_window_that_few_lie_in_is_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(best, "LARGE", 0)
    day = date(2020, 1, 1)
    documents = [
        replace(one, earliest=day + timedelta(days=number), latest=day + timedelta(days=number))
        for number, one in enumerate(corpus.archive(400))
    ]
    with EmbeddedEngine(folder) as engine:
        engine.ensure()
        engine.put(documents)
        (text,) = corpus.claims(1)
        window = Dates(day, day + timedelta(days=60))
        found = engine.search(Query(frozenset({1}), question(ClaimText(text)).clauses, dates=window), 20)
        assert len(found.hits) == 20
        assert {hit.ref.id for hit in found.hits} <= {one.ref.id for one in documents[:61]}


def test_what_lies_within_filters_is_counted_anew_after_a_commit(folder: Path) -> None:
    first, second, hollow = [*corpus.archive(2), replace(corpus.archive(3)[2], passages=())]
    query = Query(frozenset({1}))
    with EmbeddedEngine(folder) as engine:
        engine.ensure()
        engine.put([first])
        assert engine.count(query).passages == engine.count(query).passages == len(first.passages)
        engine.put([second, hollow])
        found = engine.count(query)
        assert (found.passages, found.documents) == (len(first.passages) + len(second.passages), 3)
        engine.remove([(first.ref, 1)])
        assert engine.count(query).passages == len(second.passages)


def test_what_another_thread_forgets_is_counted_all_the_same(folder: Path) -> None:
    """What is known of a commit may be forgotten by another search between looking and answering."""

    class Forgetting(dict[Query, int]):
        def __setitem__(self, query: Query, count: int) -> None:
            super().__setitem__(query, count)
            self.clear()

    documents = corpus.archive(5)
    with EmbeddedEngine(folder) as engine:
        engine.ensure()
        engine.put(documents)
        query = Query(frozenset({1}))
        passages = engine.count(query).passages
        commit, searcher = engine._opened_with(query.collection)
        assert passages
        assert counted(replace(commit, counted=Forgetting()), searcher, query).passages == passages


@pytest.mark.parametrize(("days", "leave_out", "marked"), [(10_000, True, False), (3, False, True)])
def test_only_a_window_that_left_too_few_is_remembered_as_narrow(
    folder: Path, monkeypatch: pytest.MonkeyPatch, days: int, leave_out: bool, marked: bool
) -> None:
    """What was left out for another reason says nothing of the next question of the same days."""
    monkeypatch.setattr(best, "LARGE", 0)
    day = date(2020, 1, 1)
    documents = [
        replace(one, earliest=day + timedelta(days=number), latest=day + timedelta(days=number))
        for number, one in enumerate(corpus.archive(400))
    ]
    window = Dates(day, day + timedelta(days=days))
    with EmbeddedEngine(folder) as engine:
        engine.ensure()
        engine.put(documents)
        asked = Query(frozenset({1}), question(ClaimText(corpus.claims(1)[0])).clauses)
        first = frozenset(hit.ref.id for hit in engine.search(asked, 25).hits) if leave_out else frozenset()
        assert len(engine.search(replace(asked, dates=window, excluded=first), 20).hits) > 0
        commit, _searcher = engine._opened_with(asked.collection)
        assert (window in commit.narrow) is marked
