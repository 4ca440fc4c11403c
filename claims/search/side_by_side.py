"""How do several searches share one engine? While it answers one of them, the others read rows and compute.

Asking the engine waits for a disk, another process or code that lets go of the interpreter, so a thread of its own
asks it; everything else of a search runs in the thread that takes its results, which holds the database's connection.
Answers do not depend on the order. One engine, one thread: a transcript takes no more of the engine than one person.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from claims.search.asking import Steps
from claims.search.engine import Engine

T = TypeVar("T")
K = TypeVar("K")
#: So many searches are under way: one that the engine answers, one that waits for it, one that computes.
UNDER_WAY = 3


@dataclass(slots=True)
class _Running(Generic[K, T]):
    key: K
    steps: Steps[T]
    answer: Future[Any]


class SideBySide(AbstractContextManager["SideBySide[K, T]"], Generic[K, T]):
    """Searches under way. Leave the context to end the thread, also where a search failed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="asking")
        self._waiting: deque[tuple[K, Callable[[], Steps[T]]]] = deque()
        self._running: deque[_Running[K, T]] = deque()

    def add(self, key: K, begin: Callable[[], Steps[T]]) -> None:
        """Add a search, which is begun when its turn comes."""
        self._waiting.append((key, begin))

    def found(self) -> Iterator[tuple[K, T | Exception]]:
        """Yield what each search found, or what it raised, as they end; more may be added meanwhile."""
        while self._waiting or self._running:
            while self._waiting and len(self._running) < UNDER_WAY:
                key, begin = self._waiting.popleft()
                try:
                    steps = begin()
                    self._go_on(key, steps, next(steps))
                except StopIteration as end:
                    yield key, end.value
                except Exception as problem:
                    yield key, problem
            if not self._running:
                continue
            one = self._running.popleft()
            try:
                self._go_on(one.key, one.steps, one.steps.send(one.answer.result()))
            except StopIteration as end:
                yield one.key, end.value
            except Exception as problem:
                yield one.key, problem

    def _go_on(self, key: K, steps: Steps[T], call: Callable[[Engine], Any]) -> None:
        self._running.append(_Running(key, steps, self._thread.submit(call, self._engine)))

    def __exit__(self, *_exception: object) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)


def behind(calls: Iterable[Callable[[], T]], *, most: int = 1) -> Iterator[T]:
    """Run calls in their order, ``most`` at once, and yield what they return; the next is made while these run.

    For calls that wait for somebody else and take work to be made. One that raises ends it: no call is begun after it.
    """
    with ThreadPoolExecutor(most, thread_name_prefix="behind") as threads:
        running: deque[Future[T]] = deque()
        for call in calls:
            if len(running) == most:
                yield running.popleft().result()
            running.append(threads.submit(call))
        while running:
            yield running.popleft().result()
