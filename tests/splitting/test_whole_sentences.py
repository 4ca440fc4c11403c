"""Nothing vanishes: what says something and gave no unit is offered whole, and says so."""

from __future__ import annotations

import pytest

from tests.splitting.seen import reasons_left_out, units, words


@pytest.mark.parametrize(
    "text",
    [
        "Most shops stock both brands.",
        "Two in three villages lack clean water.",
        "Most of the fishermen wear vests at sea.",
        "About 40,000 farmers worship the old gods.",
        "The ferry sank on Sept. 11, 2001.",
        "Three dead as ferry sinks off Samos",
        "Two hurt in blast at Bergen port",
        "Wolves: 40 in 1960s, over 900 today",
        "Kelm council to sell harbour",
    ],
)
def test_a_sentence_without_a_verb_the_tagger_sees_is_offered(text: str) -> None:
    (unit,) = units(text)
    assert unit.words == text.rstrip(".")
    assert unit.check != "no"


def test_what_is_whole_says_so() -> None:
    (unit,) = units("Wolves: 40 in 1960s, over 900 today")
    assert "whole-sentence" in unit.flags


@pytest.mark.parametrize(
    "text", ["Image: Jens Holt.", "Sad.", "Thank you for asking.", "A showdown at the booth."]
)
def test_credits_and_cheers_are_not_kept(text: str) -> None:
    assert words(text) == []
    assert text in reasons_left_out(text)


def test_captions_of_an_article_are_not_kept() -> None:
    caption = "Holt with Berg in Kelm on 14 November 2022."
    body = " ".join(f"The council of Kelm sold mill number {at} to a bank in 19{at}." for at in range(20, 28))
    assert caption.rstrip(".") not in words(f"{body}\n\n{caption}\n\n{body}")


def test_a_sentence_that_gave_units_is_not_offered_again() -> None:
    assert all(
        "whole-sentence" not in unit.flags for unit in units("The mill closed in 2019 and Berg sold it.")
    )


@pytest.mark.parametrize(
    ("said", "claim"),
    [
        (
            "Look, violent crime has fallen by 18 percent since 2021.",
            "violent crime has fallen by 18 percent since 2021",
        ),
        ("Listen, we built 400 flats.", "we built 400 flats"),
        ("They closed three hospitals in Kelm, right?", "They closed three hospitals in Kelm"),
        ("He sees jobs at their highest level, OK?", "He sees jobs at their highest level"),
    ],
)
def test_what_addresses_the_hearer_hides_no_claim(said: str, claim: str) -> None:
    text = f"REED: {said}\nLIND: Rents rose by 9 percent.\nREED: Taxes fell in 2019."
    assert (claim, "Reed") in [(unit.words, unit.claimant) for unit in units(text)]


def test_a_tag_inside_the_sentence_is_cut_off_the_claim() -> None:
    text = "“They closed three hospitals, right?” asked Lind."
    assert [unit.words for unit in units(text)] == ["They closed three hospitals"]
