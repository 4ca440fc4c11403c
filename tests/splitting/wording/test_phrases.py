"""What a noun phrase takes for granted becomes a sentence where a relative clause tells it, or nothing."""

from __future__ import annotations

from bisect import bisect_left

import pytest

from claims.language.blocks import layout
from claims.language.document import read
from claims.splitting.wording.phrases import asserted, phrase_of
from tests.splitting.seen import analysed


def sentence_of(text: str, phrase: str) -> str:
    """Return the sentence made of a phrase."""
    reading = read(layout(text))
    sentence = reading.sentences[0]
    starts = [token.start for token in sentence.tokens]
    first = text.index(phrase)
    places = range(bisect_left(starts, first), bisect_left(starts, first + len(phrase)))
    found = phrase_of(sentence, places)
    return asserted(found) if found is not None else ""


def test_a_relative_clause_becomes_a_sentence() -> None:
    text, phrase = (
        "Officials ignored the dozens of villages that flooded last year.",
        "the dozens of villages that flooded last year",
    )
    assert sentence_of(text, phrase) == "dozens of villages flooded last year"


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Farmers hate the law banning gas boilers.", "the law banning gas boilers"),
        ("It bought the only two mills still open.", "the only two mills still open"),
        ("The fact that 40 mills closed worries Berg.", "The fact that 40 mills closed"),
        ("Her decision to leave surprised Berg.", "Her decision to leave"),
    ],
)
def test_no_sentence_is_made_of_another_phrase(text: str, phrase: str) -> None:
    assert sentence_of(text, phrase) == ""


def test_a_premise_without_a_sentence_of_its_own_gives_the_whole_one() -> None:
    text = "The village fought the Kelm-owned firm and the fraud of its managers."
    for unit in analysed(text).units:
        assert unit.attribution != "premise" or unit.wording.text == text or " is " in unit.wording.text
