"""Searches that share one engine: it answers one while the others compute, and none keeps another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from claims.search.asking import Meanwhile, Questions, Steps, answered_by, both
from claims.search.engine import EngineQuestion
from claims.search.side_by_side import UNDER_WAY, SideBySide, behind


class Counting:
    """An engine that answers with how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.threads: set[int] = set()

    def next(self) -> int:
        self.asked += 1
        self.threads.add(threading.get_ident())
        return self.asked


def steps(name: str, questions: int, ran: list[int]) -> Steps[str]:
    answers = []
    for _number in range(questions):
        ran.append(threading.get_ident())
        answers.append((yield lambda engine: engine.next()))
    return f"{name}: {len(answers)}"


def run(engine: Any, searches: dict[str, Any]) -> dict[str, Any]:
    with SideBySide[str, str](engine) as running:
        for name, begin in searches.items():
            running.add(name, begin)
        return dict(running.found())


def test_every_search_finds_what_it_finds_alone() -> None:
    engine, ran = Counting(), list[int]()
    found = run(engine, {name: partial(steps, name, at, ran) for at, name in enumerate("abcdefg")})
    assert found == {name: answered_by(Counting(), steps(name, at, [])) for at, name in enumerate("abcdefg")}
    # Rows are read by the thread that takes the results, the engine is asked by one other.
    assert set(ran) == {threading.get_ident()}
    assert len(engine.threads) == 1
    assert threading.get_ident() not in engine.threads


def test_one_computes_while_the_engine_answers_another() -> None:
    begun = threading.Event()

    class Waiting:
        def first(self) -> bool:
            return begun.wait(10)

    def first() -> Steps[bool]:
        return (yield lambda engine: engine.first())

    def second() -> Steps[bool]:
        begun.set()
        return (yield lambda engine: True)

    with SideBySide[str, bool](Waiting()) as running:  # type: ignore[arg-type]
        running.add("first", first)
        running.add("second", second)
        assert dict(running.found()) == {"first": True, "second": True}


def test_no_more_are_under_way_than_memory_should_hold() -> None:
    under_way, most = set[str](), [0]

    def one(name: str) -> Steps[str]:
        under_way.add(name)
        most[0] = max(most[0], len(under_way))
        yield lambda engine: engine.next()
        under_way.remove(name)
        return name

    run(Counting(), {str(at): partial(one, str(at)) for at in range(20)})
    assert most == [UNDER_WAY]


def test_a_search_that_fails_is_told_and_keeps_no_other() -> None:
    def bad() -> Steps[str]:
        yield lambda engine: engine.nothing()
        return ""

    def worse() -> Steps[str]:
        raise ValueError("cannot begin")
        yield lambda engine: 1

    engine = Counting()
    found = run(engine, {"bad": bad, "worse": worse, "good": lambda: steps("good", 3, [])})
    assert isinstance(found["bad"], AttributeError)
    assert isinstance(found["worse"], ValueError)
    assert found["good"] == "good: 3"


def test_what_failed_may_be_asked_again_in_parts() -> None:
    with SideBySide[str, str](Counting()) as running:  # type: ignore[arg-type]
        running.add("whole", lambda: steps("whole", 1, []))
        found = []
        for name, what in running.found():
            found.append((name, what))
            if name == "whole":
                running.add("part", lambda: steps("part", 2, []))
    assert found == [("whole", "whole: 1"), ("part", "part: 2")]


def test_leaving_ends_the_thread() -> None:
    before = threading.active_count()
    with SideBySide[str, str](Counting()) as running:  # type: ignore[arg-type]
        for name in "abcde":
            running.add(name, partial(steps, name, 5, []))
        assert next(running.found()) == ("a", "a: 5")
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_the_next_call_is_made_while_one_runs_and_all_run_in_their_order() -> None:
    ran: list[str] = []
    made, go_on = threading.Event(), threading.Event()

    def first() -> int:
        go_on.wait(10)
        ran.append("first")
        return 1

    def second() -> int:
        ran.append("second")
        return 2

    def calls() -> Iterator[Callable[[], int]]:
        yield first
        # The first is under way and waits for this.
        assert ran == []
        made.set()
        go_on.set()
        yield second

    assert list(behind(calls())) == [1, 2]
    assert ran == ["first", "second"]
    assert made.is_set()
    assert list(behind([])) == []


def test_nothing_runs_after_a_call_that_failed() -> None:
    ran: list[int] = []

    def call(number: int) -> int:
        if number == 1:
            raise ValueError(number)
        ran.append(number)
        return number

    found: list[int] = []
    with pytest.raises(ValueError, match="1"):
        found += behind(partial(call, number) for number in range(4))
    assert ran == [0]


class Noting:
    """An engine that notes what it was asked in one go, and by which thread."""

    is_elsewhere = True

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.threads: list[int] = []

    def together(self, asked: Any) -> list[str]:
        self.calls.append([one.query for one in asked])
        self.threads.append(threading.get_ident())
        return [f"{one.query}!" for one in asked]


def questions(*rounds: list[str]) -> Steps[list[str]]:
    found: list[str] = []
    for words in rounds:
        found += yield Questions([EngineQuestion(one) for one in words])  # type: ignore[arg-type]
    return found


def test_two_searches_put_their_questions_in_one_go() -> None:
    engine: Any = Noting()
    found = answered_by(engine, both(questions(["a", "b"], ["c"], ["d"]), questions(["x"], [], ["y", "z"])))
    assert found == (["a!", "b!", "c!", "d!"], ["x!", "y!", "z!"])
    assert engine.calls == [["a", "b", "x"], ["c"], ["d", "y", "z"]]
    assert answered_by(engine, both(questions(), questions(["x"], ["y"]))) == ([], ["x!", "y!"])


def test_what_else_two_searches_ask_is_asked_beside_their_questions() -> None:
    def other() -> Steps[str]:
        first = yield lambda engine: engine.calls[:]
        return f"{first}"

    engine: Any = Noting()
    assert answered_by(engine, both(other(), questions(["a"]))) == ("[['a']]", ["a!"])


def test_work_is_done_while_an_engine_that_is_elsewhere_answers() -> None:
    worked: list[int] = []

    def asking() -> Steps[list[str]]:
        question = Questions([EngineQuestion("a")])  # type: ignore[arg-type]
        found: list[str] = yield Meanwhile(question, lambda: worked.append(threading.get_ident()))
        return found

    engine: Any = Noting()
    with ThreadPoolExecutor(1) as beside:
        assert answered_by(engine, asking(), beside) == ["a!"]
        assert worked == [threading.get_ident()]
        assert engine.threads[0] != threading.get_ident()
        engine.is_elsewhere = False
        assert answered_by(engine, asking(), beside) == ["a!"]
    # In one process both would want the same processor: nothing is done that may be in vain.
    assert (len(worked), engine.threads[1]) == (1, threading.get_ident())
