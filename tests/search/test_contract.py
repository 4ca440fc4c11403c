"""The same contract on both engines, and the same answers from both."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from claims.query.build import ClaimText, question
from claims.query.types import Collection, Query
from claims.search.asking import answered_by, asking_many
from claims.search.elastic import ElasticEngine
from claims.search.embedded import EmbeddedEngine
from claims.search.engine import Engine

from . import corpus
from .conftest import elastic_options
from .contract import Contract
from .meaning_contract import MeaningContract, direction, with_vectors


class TestEmbedded(Contract, MeaningContract):
    @pytest.fixture
    def engine(self, embedded: EmbeddedEngine) -> Engine:
        return embedded

    @pytest.fixture
    def fresh(self, folder: Path) -> Iterator[Engine]:
        with EmbeddedEngine(folder) as engine:
            engine.ensure()
            yield engine

    def reopened(self, engine: Engine) -> Engine:
        assert isinstance(engine, EmbeddedEngine)
        return EmbeddedEngine(engine.directory)


@pytest.mark.elasticsearch
class TestElasticsearch(Contract, MeaningContract):
    @pytest.fixture
    def engine(self, elastic: ElasticEngine) -> Engine:
        return elastic

    @pytest.fixture
    def fresh(self) -> Iterator[Engine]:
        self.prefix = f"test-{secrets.token_hex(4)}"
        with ElasticEngine(**elastic_options(), prefix=self.prefix) as engine:
            engine.ensure()
            yield engine
            engine.erase()

    def reopened(self, engine: Engine) -> Engine:
        return ElasticEngine(**elastic_options(), prefix=self.prefix)


@pytest.mark.elasticsearch
class TestThreeShards(TestElasticsearch):
    """The whole contract again where an index lies in three pieces."""

    @pytest.fixture
    def engine(self, elastic_parts: ElasticEngine) -> Engine:
        return elastic_parts

    @pytest.fixture
    def fresh(self) -> Iterator[Engine]:
        self.prefix = f"test-{secrets.token_hex(4)}"
        with ElasticEngine(**elastic_options(), prefix=self.prefix, shards=3) as engine:
            engine.ensure()
            yield engine
            engine.erase()


DOCUMENTS = 750


@pytest.fixture(scope="module")
def filled(embedded: EmbeddedEngine, elastic: ElasticEngine) -> tuple[Engine, Engine]:
    """Return both engines with the same archive of more than 2,000 passages and nothing else."""
    documents = corpus.archive(DOCUMENTS)
    assert sum(len(document.passages) for document in documents) >= 2000
    for engine in (embedded, elastic):
        engine.rebuild(documents)
    return embedded, elastic


@pytest.mark.elasticsearch
class TestBothTogether:
    def test_the_same_top_ten_for_two_hundred_claims(self, filled: tuple[Engine, Engine]) -> None:
        embedded, elastic = filled
        scope = frozenset({1})
        queries = [Query(scope, question(ClaimText(text)).clauses) for text in corpus.claims(200)]
        here = embedded.msearch(queries, 10)
        there = [hits for at in range(0, 200, 20) for hits in elastic.msearch(queries[at : at + 20], 10)]
        assert sum(len(answer.hits) for answer in here) == 2000
        for query, ours, theirs in zip(queries, here, there, strict=True):
            assert [hit.passage for hit in ours.hits] == [hit.passage for hit in theirs.hits], query
            assert ours.total == theirs.total
            for one, other in zip(ours.hits, theirs.hits, strict=True):
                assert one.score == pytest.approx(other.score, abs=2e-4)

    def test_who_looks_at_sixty_is_shown_the_same_sixty(self, filled: tuple[Engine, Engine]) -> None:
        """The second question finds no more than are looked at; texts are read ahead or not."""
        read = {
            passage.id: (one.title, passage.text)
            for one in corpus.archive(DOCUMENTS)
            for passage in one.passages
        }

        def texts(ids: Sequence[int]) -> dict[int, tuple[str, str]]:
            return {pk: read[pk] for pk in ids}

        for engine in filled:
            asked = [(ClaimText(text), Query(frozenset({1}))) for text in corpus.claims(20, seed=4)]
            whole = answered_by(engine, asking_many(asked, limit=100, texts=texts))
            some = answered_by(engine, asking_many(asked, limit=100, texts=texts, looked_at=60, ahead=40))
            assert [one.found[:60] for one in whole] == [one.found[:60] for one in some]
            assert all(len(one.found) > 60 for one in some)

    def test_the_same_words_are_told_as_matched(self, filled: tuple[Engine, Engine]) -> None:
        embedded, elastic = filled
        for text in corpus.claims(10, seed=3):
            query = Query(frozenset({1}), question(ClaimText(text)).clauses)
            ours, theirs = (engine.search(query, 20, matched=True) for engine in (embedded, elastic))
            assert [(hit.passage, hit.matched) for hit in ours.hits] == [
                (hit.passage, hit.matched) for hit in theirs.hits
            ]

    def test_the_same_frequencies(self, filled: tuple[Engine, Engine]) -> None:
        terms = ["ceasefir", "ardenza", "vote", "nowhere", "12.5"]
        ours, theirs = (engine.document_frequencies(terms) for engine in filled)
        assert (ours.total, dict(ours.of)) == (theirs.total, dict(theirs.of))

    def test_the_same_passages_are_nearest(self, filled: tuple[Engine, Engine]) -> None:
        """From here on tests change the archive and its statistics: documents get vectors, on both engines."""
        angles = iter(range(10_000))
        documents = [
            with_vectors(
                replace(document, version=1), *((next(angles) * 0.037) % 180 for _one in document.passages)
            )
            for document in corpus.archive(DOCUMENTS)[:300]
        ]
        for engine in filled:
            engine.put(documents)
            engine.refresh()
        asked = [
            Query(frozenset({1}), vector=tuple(direction(degrees)), **more)
            for degrees in (0, 31.7, 64, 90)
            for more in ({}, {"languages": ("en",)}, {"excluded": frozenset(range(1, 250))})
        ]
        ours, theirs = (engine.nearest(asked, 50) for engine in filled)
        assert sum(map(len, ours)) > 400
        for one, other in zip(ours, theirs, strict=True):
            assert {near.passage for near in one} == {near.passage for near in other}
            for near, same in zip(one, other, strict=True):
                assert near.likeness == pytest.approx(same.likeness, abs=2e-4)

    def test_replaced_texts_not_yet_merged_away_are_never_found(self, filled: tuple[Engine, Engine]) -> None:
        """Both engines count deleted texts in their statistics until they merge, each at its own time.

        So scores may differ a little for a while; what is found may not.
        """
        fresh = corpus.archive(DOCUMENTS, seed=8, version=2)[: DOCUMENTS // 3]
        removed = [
            (replace(document.ref), 5) for document in corpus.archive(DOCUMENTS)[DOCUMENTS // 2 :][:100]
        ]
        for engine in filled:
            engine.put(fresh)
            engine.remove(removed)
            engine.refresh()
        gone = {ref.id for ref, _ in removed}
        texts = {passage.id: passage.text for document in fresh for passage in document.passages}
        replaced = {document.ref.id for document in fresh}
        same = 0
        for text in corpus.claims(100, seed=5):
            query = Query(frozenset({1}), question(ClaimText(text)).clauses)
            ours, theirs = (engine.search(query, 10) for engine in filled)
            assert ours.total == theirs.total
            for hit in (*ours.hits, *theirs.hits):
                assert hit.ref.id not in gone
                assert hit.ref.id not in replaced or hit.passage in texts
            same += len({hit.passage for hit in ours.hits} & {hit.passage for hit in theirs.hits})
        assert same >= 900


@pytest.fixture(scope="module")
def filled_parts(embedded: EmbeddedEngine, elastic_parts: ElasticEngine) -> tuple[Engine, Engine]:
    documents = corpus.archive(DOCUMENTS)
    for engine in (embedded, elastic_parts):
        engine.rebuild(documents)
    return embedded, elastic_parts


@pytest.mark.elasticsearch
class TestThreeShardsTogether(TestBothTogether):
    """One set of statistics over three shards: the scores of one, to the same digit."""

    @pytest.fixture
    def filled(self, filled_parts: tuple[Engine, Engine]) -> tuple[Engine, Engine]:
        return filled_parts

    def test_the_texts_lie_in_three_pieces(self, filled: tuple[Engine, Engine]) -> None:
        engine = filled[1]
        assert isinstance(engine, ElasticEngine)
        with engine._ready() as client:
            rows = client.cat.shards(index=engine._alias(Collection.DOCUMENTS), format="json").body
        held = [int(row["docs"]) for row in rows if row["prirep"] == "p"]
        assert len(held) == 3
        assert min(held) > 500
