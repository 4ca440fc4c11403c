"""What a claim and a passage have in common, in numbers."""

from __future__ import annotations

import pytest

from claims.query.analysis import terms
from claims.query.build import ClaimText, question
from claims.query.types import Frequencies
from claims.relevance.features import (
    BACKGROUND,
    SIGNS,
    WORDS,
    AskedClaim,
    ReadPassage,
    compare,
    nearest_sentence,
    read,
    with_sense,
)

CLAIM = "The harbour authority of Port Lenna raised its fees by 40 percent in 2026."
COMMON = {"rais": 900, "percent": 800, "author": 500}


def asked(text: str = CLAIM, language: str = "en") -> AskedClaim:
    words = question(ClaimText(text, language=language)).words
    return AskedClaim(text, words, Frequencies(1000, {word: COMMON.get(word, 3) for word in words}), language)


def numbers(text: str, claim: AskedClaim | None = None, title: str = "") -> dict[str, float]:
    (one,) = compare(claim or asked(), [ReadPassage(text, title)])
    return dict(one.numbers)


def test_a_passage_of_the_same_words_covers_everything() -> None:
    found = numbers(CLAIM)
    assert found["cover"] == found["cover_names"] == found["cover_figures"] == found["cover_pairs"] == 1.0
    assert found["heaviest_missing"] == 0.0


def test_a_passage_about_something_else_covers_nothing() -> None:
    found = numbers("It rained all week and the orchestra went home.")
    assert found["cover"] == found["cover_names"] == found["cover_figures"] == 0.0


def test_rare_words_count_more_than_common_ones() -> None:
    assert (
        numbers("Port Lenna has a harbour.")["cover"]
        > numbers("An authority raised it by a percent.")["cover"]
    )


def test_a_word_of_the_title_is_held_by_the_passage() -> None:
    assert numbers("Prices went up.", title="Port Lenna")["cover_names"] == 1.0


def test_figures_are_no_years_and_names_are_no_first_words() -> None:
    claim = asked()
    assert claim.figures == {"40"}
    assert claim.years == {"2026"}
    assert claim.names == {"port", "lenna"}


@pytest.mark.parametrize("text", ["PORT LENNA RAISED ITS FEES", "Port Lenna Raises Its Harbour Fees Again"])
def test_capitals_name_nothing_where_every_word_has_them(text: str) -> None:
    assert not asked(text).names


def test_the_nearest_sentence_is_the_one_that_holds_most_of_the_claim() -> None:
    text = "It rained. The fees in Port Lenna rose by 40 percent, said 4.5 thousand. Ships left."
    assert nearest_sentence(asked(), text)[0].startswith("The fees in Port Lenna")


@pytest.mark.parametrize("text", ["", "   ", "…", "\n\n", "a" * 50_000, ". " * 50_000])
def test_a_passage_without_words_is_measured_too(text: str) -> None:
    assert numbers(text)["cover"] == 0.0


@pytest.mark.parametrize("text", ["the of and", "", "?", "12", "2026"])
def test_a_claim_without_words_of_content_is_measured_too(text: str) -> None:
    assert set(WORDS) <= set(numbers("Fees rose in 2026.", asked(text)))


@pytest.mark.parametrize(
    ("language", "claim", "passage"),
    [
        (
            "de",
            "Die Hafengebühren in Port Lenna stiegen um 40 Prozent.",
            "In Port Lenna stiegen die Hafengebühren.",
        ),
        ("tr", "Liman ücretleri yüzde 40 arttı.", "Liman ücretleri arttı."),
        ("xx", "Kemi tari Lenna 40 volu.", "Lenna 40 volu."),
    ],
)
def test_any_language_is_compared_by_its_words(language: str, claim: str, passage: str) -> None:
    assert numbers(passage, asked(claim, language))["cover"] > 0.4


def test_what_stands_out_stands_out_from_what_only_shares_the_topic() -> None:
    passages = [ReadPassage(CLAIM), *(ReadPassage("Fees rose in the harbour.", rank=n) for n in range(1, 30))]
    alike = [0.9] + [0.6] * 29
    found = with_sense(compare(asked(), passages), alike)
    crowded = found[0].numbers["sense_above"]
    (alone,) = with_sense(compare(asked(), passages[:1]), [0.9])
    assert crowded < alone.numbers["sense_above"]
    assert found[BACKGROUND].numbers["sense_above"] < 0.1


def test_every_number_that_may_be_weighed_is_there() -> None:
    (one,) = with_sense(compare(asked(), [ReadPassage(CLAIM)]), [0.5])
    assert set(SIGNS) <= set(one.numbers)


@pytest.mark.parametrize(
    "text",
    [
        "The U.S. Steel workers' union asked for 3.5% more. It got 1,000 dollars... in all?! Yes!x No.",
        "Read https://example.org/a.b?c=d. Then e-mail www.lenna.example/Fees; it is 5.\nNext: .5 and No.7",
        "…and so on. “Fees rose,” she said.The end.\n\n\nA.B. left.\u00a0Who knows 价格上涨。真的！",
        "",
    ],
)
def test_a_text_that_is_taken_apart_once_has_the_same_terms(text: str) -> None:
    taken = read(text, "en")
    assert list(taken.terms) == terms(text, "en")
    assert all(own == frozenset(terms(sentence, "en")) for sentence, own in taken.sentences)


def test_an_address_that_ends_in_another_sentence_gives_no_terms() -> None:
    text = "See https://example.org/价。fees of Lenna"
    assert list(read(text, "en").terms) == terms(text, "en") == ["see", "lenna"]
