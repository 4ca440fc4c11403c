"""The sentence of a passage that decides, and the words that are no match."""

from __future__ import annotations

import pytest

from claims.query.analysis import terms
from claims.query.deciding import deciding_sentence, matching

RECORD = (
    "The Mission has six posts in the valley. From 06:21 to 06:34 both sides fired from the hills. "
    "At 06:04 the sensors recorded outgoing artillery fire from positions north of Brod. Nobody was hurt."
)


def decided(claim: str, text: str = RECORD) -> str:
    found = deciding_sentence(text, terms(claim))
    return "" if found is None else text[found[0] : found[1]]


def test_the_sentence_that_holds_most_of_the_claim_decides() -> None:
    assert decided("Artillery fired from positions near Brod").startswith("At 06:04")


def test_of_equals_the_first_decides() -> None:
    text = "Fees rose by 40 percent. Then fees rose by 40 percent again."
    assert decided("Fees rose by 40 percent", text) == "Fees rose by 40 percent."


@pytest.mark.parametrize(
    "claim", ["from and to the after all more", "06:21 and 06:34", "the valley", "other words"]
)
def test_function_words_times_and_a_single_word_decide_nothing(claim: str) -> None:
    assert decided(claim) == ""


def test_words_of_content_are_places_also_where_no_sentence_decides() -> None:
    assert [RECORD[one.start : one.end] for one in matching(RECORD, terms("from the valley at 06:21"))] == [
        "valley"
    ]


@pytest.mark.parametrize("text", ["", " \n ", "…", "x" * 5_000])
def test_nothing_to_decide_is_none(text: str) -> None:
    assert deciding_sentence(text, ["fee", "rise"]) is None


@pytest.mark.parametrize(
    "time",
    [
        "06:04", "6:04 a.m.", "6.04 am", "6 p.m.", "18.30 Uhr", "7 Uhr", "18h30", "0604 hours", "1804 GMT",
        "06:04:33", "six o’clock", "7 o'clock", "6am",
    ],
)  # fmt: skip
def test_a_time_of_day_is_no_match_however_it_is_written(time: str) -> None:
    assert list(matching(f"It began at {time} sharp.", terms(f"They fired at {time}"))) == []


@pytest.mark.parametrize(
    "figure", ["6.5 percent", "1800 people", "604 shells", "six shells", "a score of 3:1", "40 hectares"]
)
def test_other_figures_are_matches(figure: str) -> None:
    text = f"They counted {figure} there."
    assert [text[one.start : one.end] for one in matching(text, terms(figure))]
