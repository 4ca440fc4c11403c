"""What an engineer of Elasticsearch finds who asks the index by hand: readable fields, and an analyser of its own."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from claims.query.analysis import terms
from claims.query.types import Collection
from claims.search.elastic import ElasticEngine
from claims.search.mapping import BY_HAND, FIELDS, MAPPINGS
from tests.search import corpus

pytestmark = pytest.mark.elasticsearch

STORIES = Path(__file__).resolve().parents[2] / "claims" / "management" / "sample" / "stories"
HARD = [
    "In the U.S. 1,250 of 3.5% voted, and $7.25 an hour is what 41-year-old O’Malley’s aides earn.",
    "COVID19 and McDonald's #SaveOurHarbour @realBirk: see https://ellery.example/a?b=c now, and www.post.example too.",
    "Well-known F-16s, iPhone12s and the BBCNews of NATO; I'm told they'll come by 9:30 on 12.11.2024.",
]


def asked(engine: ElasticEngine, texts: list[str]) -> list[list[str]]:
    index = f"{engine._alias(Collection.DOCUMENTS)}"
    with engine._ready() as client:
        answers = [client.indices.analyze(index=index, analyzer=BY_HAND, text=text) for text in texts]
    return [[row["token"] for row in answer["tokens"]] for answer in answers]


def test_the_declared_analyser_gives_our_terms_but_for_the_newest_rules_of_the_stemmer(
    elastic: ElasticEngine,
) -> None:
    texts = [
        line
        for path in sorted(STORIES.rglob("*.md"))
        for line in re.split(r"(?<=[.!?]) ", path.read_text("utf-8").partition("\n\n")[2])
        if len(line) > 30
    ][:150] + HARD
    same = 0
    for text, theirs in zip(texts, asked(elastic, texts), strict=True):
        ours = Counter(terms(text))
        mine, other = ours - Counter(theirs), Counter(theirs) - ours
        same += not mine and not other
        # "universities" is "universiti" with us and "univers" with Lucene: another release of one stemmer.
        assert sorted(word[:4] for word in mine.elements()) == sorted(
            word[:4] for word in other.elements()
        ), text
    assert same >= 0.92 * len(texts)


def test_hard_words_give_the_same_terms_in_the_same_order(elastic: ElasticEngine) -> None:
    for text, theirs in zip(HARD, asked(elastic, HARD), strict=True):
        assert theirs == terms(text)


def test_a_match_by_hand_finds_what_the_product_finds(elastic: ElasticEngine) -> None:
    documents = corpus.archive(60)
    elastic.rebuild(documents)
    passage = documents[10].passages[0]
    with elastic._ready() as client:
        answer = client.search(
            index=elastic._alias(Collection.DOCUMENTS),
            query={"match": {"all": {"query": passage.text, "analyzer": BY_HAND}}},
            docvalue_fields=["document", "passage"],
            source=False,
        )
    best = answer["hits"]["hits"][0]["fields"]
    assert (best["document"], best["passage"]) == ([documents[10].ref.id], [passage.id])


def test_the_index_says_what_its_fields_hold(elastic: ElasticEngine) -> None:
    assert set(FIELDS) == set(MAPPINGS["properties"])
    with elastic._ready() as client:
        kept = client.indices.get_mapping(index=elastic._alias(Collection.DOCUMENTS)).body
    assert next(iter(kept.values()))["mappings"]["_meta"]["fields"] == FIELDS
