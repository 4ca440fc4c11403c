"""Which claims a new passage could bear on: nothing that reaches the share is missed, and topics are no claims."""

from __future__ import annotations

import random
from collections import Counter

from benchmarks import passages
from claims.query.analysis import distinct, terms
from claims.query.build import words_of
from claims.query.types import Frequencies
from claims.relevance.watching import ClaimIndex

FEES = "The harbour authority of Port Lenna raised its fees by 40 percent in 2026."
COMMON = Frequencies(1000, {"percent": 200, "rais": 100, "author": 150, "2026": 300, "fee": 20, "lenna": 5})


def _index(*wordings: str) -> ClaimIndex:
    index = ClaimIndex(COMMON)
    for number, wording in enumerate(wordings, 1):
        index.add(number, words_of(wording))
    return index


def _could(index: ClaimIndex, text: str) -> list[int]:
    return [one.claim for one in index.match([(7, distinct(terms(text)))])]


def test_a_passage_that_tells_the_same_names_the_claim() -> None:
    index = _index(FEES, "Violent crime fell by a third in Averland.")
    assert _could(index, "Fees in Port Lenna rose by 40 percent, the harbour authority said.") == [1]


def test_a_passage_of_the_same_topic_does_not() -> None:
    index = _index(FEES)
    assert _could(index, "Percent of the authorities raised a flag in 2026.") == []
    assert _could(index, "The ferry to the islands sails on Sundays.") == []


def test_a_claim_of_stop_words_or_of_one_word_is_not_watched() -> None:
    index = ClaimIndex(COMMON)
    for wording in (
        "It is not so, and that is that.",
        "",
        "They said it was about them",
        "Fees are what they are.",
    ):
        assert index.add(1, words_of(wording)) is False
    assert len(index) == 0
    assert _could(index, "It is not so, and that is that. Fees.") == []


def test_a_claim_of_ten_thousand_words_is_read_as_far_as_its_question() -> None:
    giant = " ".join(f"word{number}" for number in range(10_000))
    index = _index(giant, FEES)
    assert _could(index, FEES) == [2]
    assert _could(index, " ".join(f"word{number}" for number in range(300))) == [1]


def test_the_prefix_misses_nothing_that_comparing_all_finds() -> None:
    dice = random.Random(5)
    asked = [words_of(text) for text in passages.claims(300)]
    read = []
    for document in passages.documents(200, seed=9):
        for passage in document.passages:
            extra = [word for word in dice.choice(asked) if dice.random() < 0.6]
            read.append((passage.id, distinct([*terms(passage.text), *extra])))
    frequencies = Frequencies(len(read), Counter(word for _key, words in read for word in words))
    index = ClaimIndex(frequencies, share=0.3)
    for number, words in enumerate(asked):
        index.add(number, words)
    found = {(one.claim, one.passage) for one in index.match(read)}
    expected = set()
    for number, words in enumerate(asked):
        weights = {word: weight * index._rarity(word) for word, weight in words.items()}
        for key, held in read:
            share = sum(weight for word, weight in weights.items() if word in set(held)) / sum(
                weights.values()
            )
            if share >= 0.3:
                expected.add((number, key))
    assert len(expected) > 100
    assert found == expected
