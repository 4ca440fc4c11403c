"""What a noun phrase takes for granted becomes a sentence of the article's words, or nothing."""

from __future__ import annotations

from bisect import bisect_left

import pytest

from claims.language.blocks import layout
from claims.language.document import read
from claims.splitting.wording.phrases import asserted, phrase_of
from claims.splitting.wording.subjects import around
from tests.splitting.seen import analysed


def sentence_of(text: str, phrase: str, holder: str = "") -> str:
    """Return the sentence made of a phrase; whose it is comes from the sentence unless given."""
    reading = read(layout(text))
    sentence = reading.sentences[0]
    starts = [token.start for token in sentence.tokens]
    first = text.index(phrase)
    places = range(bisect_left(starts, first), bisect_left(starts, first + len(phrase)))
    found = phrase_of(sentence, places)
    return asserted(found, holder or around(sentence, places[0], reading)) if found is not None else ""


@pytest.mark.parametrize(
    ("text", "phrase", "made"),
    [
        (
            "The company defended its decision to close the Leeds plant.",
            "its decision to close the Leeds plant",
            "The company decided to close the Leeds plant",
        ),
        (
            "The minister praised the port's sudden refusal to berth the ferry.",
            "the port's sudden refusal to berth the ferry",
            "the port refused to berth the ferry",
        ),
        (
            "Residents condemned the demolition of 40 homes in Kelm by the city council last spring.",
            "the demolition of 40 homes in Kelm by the city council last spring",
            "the city council demolished 40 homes in Kelm last spring",
        ),
        (
            "Berg blamed the sale of the mill to a bank in 2019.",
            "the sale of the mill to a bank in 2019",
            "the mill was sold to a bank in 2019",
        ),
        (
            "The court upheld the fees imposed in March.",
            "the fees imposed in March",
            "the fees were imposed in March",
        ),
        (
            "Officials ignored the dozens of villages that flooded last year.",
            "the dozens of villages that flooded last year",
            "dozens of villages flooded last year",
        ),
        ("The fact that 40 mills closed worries Berg.", "The fact that 40 mills closed", "40 mills closed"),
        ("This reckless dumping must stop.", "This reckless dumping", "the dumping is reckless"),
    ],
)
def test_the_deed_gets_its_verb_and_its_doer(text: str, phrase: str, made: str) -> None:
    assert sentence_of(text, phrase) == made


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Farmers hate the law banning gas boilers.", "the law banning gas boilers"),
        ("It bought the only two mills still open.", "the only two mills still open"),
        (
            "The guild welcomed the council's May talks with the brewers.",
            "the council's May talks with the brewers",
        ),
        (
            "He praised the arrest of Jens Holt, the mayor, in Kelm.",
            "the arrest of Jens Holt, the mayor, in Kelm",
        ),
        ("Her decision to leave surprised Berg.", "Her decision to leave"),
    ],
)
def test_no_sentence_is_made_where_its_verb_or_doer_is_not_known(text: str, phrase: str) -> None:
    assert sentence_of(text, phrase) == ""


def test_a_name_stands_for_whose_it_is() -> None:
    assert sentence_of("Her bid to sell the archive failed.", "Her bid to sell the archive", "Ann Berg") == (
        "Ann Berg tried to sell the archive"
    )


def test_a_premise_without_a_sentence_of_its_own_gives_the_whole_one() -> None:
    text = "The village fought the Kelm-owned firm and the fraud of its managers."
    for unit in analysed(text).units:
        assert unit.attribution != "premise" or unit.wording.text == text or " is " in unit.wording.text
