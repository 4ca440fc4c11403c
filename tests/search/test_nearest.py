"""What is alike in meaning is found whatever its words, and joined with what words found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from claims.query.build import ClaimText, question
from claims.query.types import Collection, Ref
from claims.search import nearest
from claims.search.asking import Answer, Scored
from claims.search.engine import Hit
from claims.search.nearest import LIKENESS, NearPassage, Vectors, joined

ASKED = np.array([1, 0, 0, 0], dtype=np.float32)


def vectors(count: int = 50) -> Vectors:
    """Return vectors that are the more alike to what is asked the higher their number."""
    angles = np.linspace(np.pi / 2, 0, count)
    rows = np.stack([np.cos(angles), np.sin(angles), 0 * angles, 0 * angles], axis=1).astype(np.float16)
    return Vectors(rows, range(1, count + 1), [number // 2 for number in range(1, count + 1)])


def answer(*found: tuple[int, float]) -> Answer:
    rows = [Scored(Hit(Ref(Collection.DOCUMENTS, one), one, score), score) for one, score in found]
    return Answer(question(ClaimText("Fees rose.")), tuple(rows), len(rows))


def order(found: Answer) -> list[int]:
    return [one.hit.passage for one in found.found]


@pytest.mark.parametrize("chunk", [7, 8_192])
def test_the_nearest_come_first_and_every_vector_is_looked_at(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "CHUNK", chunk)
    found = vectors().nearest(ASKED, 4)
    assert [one.passage for one in found] == [50, 49, 48, 47]
    assert (found[0].document, found[0].likeness) == (25, pytest.approx(1.0))
    assert len(vectors().nearest(ASKED, 200)) == 50
    assert Vectors(np.zeros((0, 4), dtype=np.float16), (), ()).nearest(ASKED) == []


def test_equal_ones_are_in_the_order_of_their_passages() -> None:
    rows = np.tile(np.array([1, 0, 0, 0], dtype=np.float16), (5, 1))
    assert [one.passage for one in Vectors(rows, [9, 3, 7, 1, 5], [1] * 5).nearest(ASKED, 3)] == [1, 3, 5]


def test_vectors_may_lie_in_a_file(tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", vectors()._rows)
    mapped = Vectors(np.load(tmp_path / "rows.npy", mmap_mode="r"), range(1, 51), range(1, 51))
    assert [one.passage for one in mapped.nearest(ASKED, 2)] == [50, 49]
    assert mapped.of(ASKED, [50, 1, 99]) == {50: pytest.approx(1.0), 1: pytest.approx(0.0, abs=1e-3)}


def test_likeness_moves_what_words_found_and_adds_what_they_did_not() -> None:
    words = answer((1, 0.9), (2, 0.8), (3, 0.1))
    near = [NearPassage(2, 2, 0.9), NearPassage(7, 7, 0.6), NearPassage(8, 8, -0.5)]
    found = joined(words, near, {1: 0.0, 2: 0.9, 3: -0.9})
    assert order(found) == [2, 1, 7, 3, 8]
    scores = {one.hit.passage: one.score for one in found.found}
    assert scores == pytest.approx({2: 0.8 + LIKENESS * 0.9, 1: 0.9, 7: 0.1 + LIKENESS * 0.6, 3: 0.1, 8: 0.1})


def test_without_vectors_the_answer_stays_and_without_words_vectors_find() -> None:
    words = answer((1, 0.9), (2, 0.8))
    assert joined(words, [], {}) == words
    assert order(joined(answer(), [NearPassage(7, 7, 0.6)], {})) == [7]


def test_nothing_is_named_twice_and_what_lies_beyond_is_left_where_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nearest, "JOINED", 2)
    words = answer((1, 0.3), (2, 0.2), (3, 0.1), (4, 0.05))
    assert order(joined(words, [NearPassage(3, 3, 0.9)], {2: 0.9})) == [2, 3, 1, 4]
