"""What every engine must do with vectors: compare all of them, within the filters that questions by words have."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from struct import pack
from typing import Any

import pytest

from claims.query.types import Clause, Collection, Dates, Field, Query
from claims.search.engine import (
    VECTOR_WIDTH,
    Done,
    EngineRefused,
    IndexedDocument,
    IndexedPassage,
    NearPassage,
)


def direction(degrees: float) -> list[float]:
    """Return a vector of length one that is cos(degrees) alike to ``direction(0)``."""
    rest = [0.0] * (VECTOR_WIDTH - 2)
    return [math.cos(math.radians(degrees)), math.sin(math.radians(degrees)), *rest]


def stored(degrees: float) -> bytes:
    return pack(f"<{VECTOR_WIDTH}e", *direction(degrees))


def with_vectors(document: IndexedDocument, *degrees: float | None) -> IndexedDocument:
    """Return the document with a vector for each passage that is given one."""
    passages = tuple(
        IndexedPassage(passage.id, passage.text, b"" if angle is None else stored(angle))
        for passage, angle in zip(document.passages, degrees, strict=True)
    )
    return replace(document, passages=passages)


class MeaningContract:
    """Mixed into the contract of ``contract.py``, whose ``desk`` it uses."""

    @staticmethod
    def asked(desk: Any, **more: Any) -> Query:
        more.setdefault("scope", frozenset({desk.archive}))
        return Query(vector=tuple(direction(0)), **more)

    def near(self, desk: Any, limit: int = 20, **more: Any) -> tuple[NearPassage, ...]:
        (found,) = desk.engine.nearest([self.asked(desk, **more)], limit)
        return tuple(found)

    def documents(self, desk: Any, limit: int = 20, **more: Any) -> list[int]:
        return [one.ref.id - desk.base for one in self.near(desk, limit, **more)]

    def test_the_nearest_passage_comes_first_whatever_its_words(self, desk: Any) -> None:
        desk.put(
            with_vectors(desk.document(1, "ferry", "boat"), 80, 10),
            with_vectors(desk.document(2, "harbour"), 40),
            desk.document(3, "ferry"),
        )
        found = self.near(desk)
        assert [(one.ref.id - desk.base, one.passage % 10) for one in found] == [(1, 2), (2, 1), (1, 1)]
        assert [one.likeness for one in found] == pytest.approx([0.9848, 0.766, 0.1736], abs=6e-4)

    def test_what_is_as_near_comes_in_the_order_of_its_ids(self, desk: Any) -> None:
        desk.put(*(with_vectors(desk.document(id, "a"), 30) for id in (5, 3, 4, 1, 2)))
        assert self.documents(desk) == [1, 2, 3, 4, 5]
        assert self.documents(desk, limit=2) == [1, 2]

    def test_far_ones_are_found_where_nearer_ones_may_not_be(self, desk: Any) -> None:
        """Filters that leave few of many: the nearest of those that pass, as many as are asked for."""
        many = [with_vectors(desk.document(id, "a", language="de"), id / 10) for id in range(1, 60)]
        few = [with_vectors(desk.document(id, "a"), id) for id in (70, 80, 90)]
        desk.put(*many, *few)
        assert self.documents(desk, limit=2, languages=("en",)) == [70, 80]
        assert self.documents(desk, limit=5, languages=("en",)) == [70, 80, 90]
        assert self.documents(desk, limit=2, languages=("de",)) == [1, 2]

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({}, [1, 2, 3]),
            ({"languages": ("de",)}, [2]),
            ({"outlets": (7,)}, [3]),
            ({"dates": Dates(date(2026, 3, 1), date(2026, 3, 31))}, [1]),
            ({"dates": Dates(date(2026, 3, 1), None, undated=True)}, [1, 2, 3]),
            ({"audiences": frozenset({"desk:4"})}, [4]),
            ({"required": (Clause(Field.ALL, "ferri"),)}, [1, 3]),
            ({"forbidden": (Clause(Field.ALL, "ferri"),)}, [2]),
        ],
    )
    def test_filters_are_those_of_words(self, desk: Any, filters: dict[str, Any], found: list[int]) -> None:
        day = date(2026, 3, 5)
        desk.put(
            with_vectors(desk.document(1, "ferry", earliest=day, latest=day), 10),
            with_vectors(desk.document(2, "boat", language="de"), 20),
            with_vectors(desk.document(3, "ferry", outlet=7), 30),
            with_vectors(desk.document(4, "ferry", audience=("desk:4",)), 40),
        )
        assert self.documents(desk, **filters) == found

    def test_other_archives_and_excluded_documents_are_never_found(self, desk: Any) -> None:
        other = desk.archive + 500_000
        desk.put(
            with_vectors(desk.document(1, "a"), 10),
            with_vectors(desk.document(2, "a", archive=other), 0),
            with_vectors(desk.document(3, "a"), 20),
        )
        assert self.documents(desk) == [1, 3]
        assert self.documents(desk, excluded=frozenset({desk.base + 1})) == [3]

    def test_a_newer_version_brings_its_own_vectors(self, desk: Any) -> None:
        desk.put(with_vectors(desk.document(1, "a", "b"), 10, 20), with_vectors(desk.document(2, "a"), 30))
        desk.put(with_vectors(desk.document(1, "a", version=2), 60))
        assert [one.likeness for one in self.near(desk)] == pytest.approx([0.866, 0.5], abs=6e-4)
        desk.put(desk.document(1, "a", version=3))
        assert self.documents(desk) == [2]
        assert desk.put(with_vectors(desk.document(1, "a", version=2), 0)) == [Done.STALE]
        assert self.documents(desk) == [2]

    def test_a_removed_document_is_forgotten(self, desk: Any) -> None:
        desk.put(with_vectors(desk.document(1, "a"), 10), with_vectors(desk.document(2, "a"), 20))
        desk.remove((1, 1))
        assert self.documents(desk) == [2]
        assert desk.engine.alike([(direction(0), [(desk.base + 1) * 10 + 1])], Collection.DOCUMENTS) == [{}]

    def test_how_alike_certain_passages_are(self, desk: Any) -> None:
        desk.put(with_vectors(desk.document(1, "a", "b", "c"), 60, None, 0))
        one, two, three = ((desk.base + 1) * 10 + place for place in (1, 2, 3))
        first, second, none = desk.engine.alike(
            [(direction(0), [one, two, three, 1]), (direction(60), [one]), (direction(0), [])],
            Collection.DOCUMENTS,
        )
        assert first == pytest.approx({one: 0.5, three: 1.0}, abs=6e-4)
        assert second == pytest.approx({one: 1.0}, abs=6e-4)
        assert none == {}

    def test_an_archive_without_vectors_answers_nothing(self, desk: Any) -> None:
        desk.put(desk.document(1, "ferry"))
        assert self.near(desk) == ()

    @pytest.mark.parametrize("vector", [(), (1.0,), (0.0,) * (VECTOR_WIDTH + 1)])
    def test_a_question_of_another_width_is_refused(self, desk: Any, vector: Sequence[float]) -> None:
        with pytest.raises(EngineRefused, match=str(VECTOR_WIDTH)):
            desk.engine.nearest([Query(frozenset({desk.archive}), vector=tuple(vector))], 5)

    def test_words_and_vectors_are_not_asked_together(self, desk: Any) -> None:
        both = replace(self.asked(desk), clauses=(Clause(Field.ALL, "ferri"),))
        with pytest.raises(EngineRefused, match="no words"):
            desk.engine.nearest([both], 5)
        for ask in (desk.engine.search, desk.engine.count):
            with pytest.raises(EngineRefused, match="vectors"):
                ask(both)

    def test_vectors_survive_a_rebuild_and_reopening(self, fresh: Any) -> None:
        from .contract import Desk

        desk = Desk(fresh)
        fresh.rebuild([with_vectors(desk.document(1, "a"), 10), with_vectors(desk.document(2, "a"), 5)])
        assert self.documents(desk) == [2, 1]
        with self.reopened(fresh) as again:  # type: ignore[attr-defined]
            (found,) = again.nearest([self.asked(desk)], 5)
        assert [one.ref.id - desk.base for one in found] == [2, 1]
