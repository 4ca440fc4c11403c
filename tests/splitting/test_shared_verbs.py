"""What shares a verb, a subject or a frame with words before it, in sentences that no rule was written on."""

from __future__ import annotations

import pytest

from tests.splitting.seen import news_units as units


def wordings(text: str) -> list[str]:
    return [unit.wording.text for unit in units(text)]


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        (
            "The dealer was sued twice, fined for fraud and ordered to pay 40,000 euros.",
            "The dealer was fined for fraud.",
        ),
        (
            "The dealer was sued twice, fined for fraud and ordered to pay 40,000 euros.",
            "The dealer was ordered to pay 40,000 euros.",
        ),
        ("Two guards were detained in May and fined a month later.", "Two guards were fined a month later."),
        ("The bridge was built in 1910 and destroyed in 1944.", "The bridge was destroyed in 1944."),
        (
            "Kim Adler, who was arrested in May and charged in June, denies it.",
            "Kim Adler was charged in June 2024.",
        ),
        ("The chairman was questioned, charged and died in custody.", "The chairman died in custody."),
        ("The bridge was closed in June and collapsed a week later.", "The bridge collapsed a week later."),
    ],
)
def test_an_event_that_shares_a_passive_is_a_sentence_of_its_own(text: str, wording: str) -> None:
    assert wording in wordings(text)


@pytest.mark.parametrize(
    "text",
    [
        "He was never charged in 2019 or convicted in 2020.",
        "She was hired in 2010 and left in 2012.",
        "The clerk was twice sued in 2012 and fined in 2014.",
        "He was not detained in May and charged in June.",
    ],
)
def test_what_may_go_for_both_or_do_it_itself_keeps_the_whole_sentence(text: str) -> None:
    for unit in units(text):
        assert unit.wording.text.startswith(
            ("He was never", "She was hired", "The clerk was twice", "He was not")
        )


def test_words_for_a_time_are_no_part_of_the_subject() -> None:
    text = "On Monday the firm, which owns 12 ships, sold its docks."
    assert "The firm owns 12 ships." in wordings(text)


def test_what_tells_of_a_subject_between_commas_parts_it_not_from_its_verb() -> None:
    texts = wordings("The ship, launched in 1980 and rebuilt twice, sank off Malta in May.")
    assert "The ship, launched in 1980 and rebuilt twice, sank off Malta in May 2024." in texts
    texts = wordings("The mayor, elected in 2019 and reelected last year, resigned on Friday.")
    assert "The mayor reelected in 2023, resigned on 15 November 2024." not in texts
    assert any(
        text.startswith("The mayor, elected") and "resigned on 15 November 2024" in text for text in texts
    )


@pytest.mark.parametrize(
    ("text", "claim", "who"),
    [
        ("“He never took the money,” Malik said about Keane.", "He never took the money", "Malik"),
        ("“She built 40 schools,” Okoro said of her predecessor.", "She built 40 schools", "Okoro"),
        (
            "Dr. Priya Raman-Kohl, 47, a chemist at the institute, said the river was polluted in March.",
            "the river was polluted in March",
            "Priya Raman-Kohl",
        ),
        (
            "Pieter van 't Hoff, who runs the port, said 300 ships had been turned away.",
            "300 ships had been turned away",
            "Pieter van 't Hoff",
        ),
    ],
)
def test_whoever_says_it_has_a_whole_name_whomever_it_is_about(text: str, claim: str, who: str) -> None:
    found = [(unit.text, unit.claimant) for unit in units(text)]
    assert (claim, who) in found
    assert not [words for words, _ in found if words.startswith("said")]


@pytest.mark.parametrize(
    "text",
    [
        "Hardly any of the nurses said the ward was unsafe.",
        "Not one guard said the gate was open.",
        "Hardly anyone in the village said the dam leaked.",
    ],
)
def test_what_hardly_anybody_said_is_nobodys_and_stays_whole(text: str) -> None:
    assert [(unit.text + ".", unit.claimant) for unit in units(text)] == [(text, "")]


def test_what_many_said_is_said() -> None:
    (unit,) = units("Many of the nurses said the ward was unsafe.")
    assert (unit.text, unit.claimant) == ("the ward was unsafe", "Many of the nurses")


def test_who_was_told_says_nothing() -> None:
    found = units("Nour Haddad was fined 300 euros and told to leave the country.")
    assert not [unit for unit in found if "Haddad" in unit.claimant]


@pytest.mark.parametrize(
    ("text", "claim", "who"),
    [
        ("What the audit found was that 12 of 40 lifts had failed.", "12 of 40 lifts had failed", "audit"),
        ("What the figures show is that rents doubled in 2023.", "rents doubled in 2023", "figures"),
    ],
)
def test_what_figures_show_is_what_stands_behind_is_that(text: str, claim: str, who: str) -> None:
    assert [(unit.text, unit.claimant) for unit in units(text)] == [(claim, who)]


@pytest.mark.parametrize(
    "text", ["Brandt described the visit as theatre.", "Critics dubbed the plan a fantasy."]
)
def test_what_something_is_called_is_said_and_no_fact(text: str) -> None:
    assert [unit.checkable.value for unit in units(text)] == ["said"]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("And yet the lake shrank by 4 metres in 2022.", "the lake shrank by 4 metres in 2022"),
        ("No, the tax did not rise in 2021.", "the tax did not rise in 2021"),
        ("Yes, the port lost 200 jobs in 2023.", "the port lost 200 jobs in 2023"),
        ("And so many died in 2021 that the ward closed.", "so many died in 2021 that the ward closed"),
    ],
)
def test_links_and_answers_are_no_part_of_a_claim(text: str, claim: str) -> None:
    assert claim in [unit.text for unit in units(text)]
