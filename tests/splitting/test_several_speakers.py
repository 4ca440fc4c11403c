"""Who speaks where several do, and who does not: a place or a site before a role, "it" before its frame."""

from __future__ import annotations

import pytest

from tests.splitting.seen import news_units as units


def speakers(text: str) -> set[str]:
    return {unit.claimant for unit in units(text)}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Holt and Brandt said the dam was unsafe.", "Holt and Brandt"),
        ("The dam was unsafe, according to Ana Holt and Per Brandt.", "Ana Holt and Per Brandt"),
        ("The dam was unsafe, Holt and Brandt said.", "Holt and Brandt"),
        ("Last week, Holt and Brandt said the dam was unsafe.", "Holt and Brandt"),
        ("Canada and France said the dam was unsafe.", "government of Canada and government of France"),
        ("The mayor, the port and Brandt said the dam was unsafe.", "mayor, port and Brandt"),
        (
            "The World Bank and the International Monetary Fund said growth slowed.",
            "World Bank and International Monetary Fund",
        ),
        ("“The dam leaked,” said Holt and Brandt, both engineers.", "Holt and Brandt"),
        ("Holt and her lawyer said the dam was unsafe.", "Holt and her lawyer"),
    ],
)
def test_whoever_is_joined_by_and_says_it_together(text: str, who: str) -> None:
    assert speakers(text) == {who}


def test_each_of_several_has_the_fullest_name() -> None:
    text = (
        "Ana Holt runs the port. Kim Brandt runs the bank. Holt and Brandt said the dam was unsafe in 2023."
    )
    assert "Ana Holt and Kim Brandt" in speakers(text)


def test_what_several_did_is_written_of_all_of_them() -> None:
    (unit,) = units("Holt and Brandt denied wrongdoing.")
    assert unit.wording.text == "Holt and Brandt denied wrongdoing."


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("The Ministry of Trade and Industry said exports rose.", "Ministry of Trade and Industry"),
        ("Actor and singer Kim Lee said sales rose.", "Kim Lee"),
        ("Prime Minister and party leader Ana Holt said growth slowed.", "Ana Holt"),
        ("Johnson and Johnson said sales rose.", "Johnson and Johnson"),
        ("Ana Holt, a nurse and mother of two, said wards closed.", "Ana Holt"),
        ("Ana Paris, 33, former nurse and diver, said the dam leaked.", "Ana Paris"),
        ("Ana Paris, an engineer and diver, said the dam leaked.", "Ana Paris"),
    ],
)
def test_one_who_is_two_things_and_a_name_with_and_are_one(text: str, who: str) -> None:
    assert speakers(text) == {who}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("In Kelmstadt, the mayor wrote that 40 beds were cut.", "mayor"),
        ("On Facebook, the mayor wrote that 40 beds were cut.", "mayor"),
        ("In a post on X, the senator wrote: “They cut 3,000 beds.”", "senator"),
        ("In an interview with Newsweek, the senator said 40 beds were cut.", "senator"),
        ("After talks with Ana Holt, the minister said 40 beds were cut.", "minister"),
    ],
)
def test_what_stands_before_a_role_that_speaks_is_not_its_holder(text: str, who: str) -> None:
    assert speakers(text) == {who}


@pytest.mark.parametrize(
    "text",
    [
        "Ana Holt, the mayor, met voters. The mayor said 40 beds were cut.",
        "Voters met Ana Holt, the mayor of Kelm. The mayor said 40 beds were cut.",
        "Ana Holt, the mayor who resigned, left. The mayor said 40 beds were cut.",
    ],
)
def test_an_apposition_still_tells_who_holds_a_role(text: str) -> None:
    assert "Ana Holt" in speakers(text)


def test_it_that_is_an_event_is_not_who_speaks() -> None:
    (unit,) = units("It was the third such attack this month, police said.")
    assert unit.claimant == "police"
    assert unit.wording.text == "It was the third such attack in November 2024."
    (unit,) = units("It lost 3 million euros, the bank said.")
    assert unit.wording.text == "The bank lost 3 million euros."


def test_a_sentence_that_only_looks_like_a_row_of_nouns_has_its_speaker() -> None:
    assert ("sales had doubled", "chief executive") in [
        (unit.text, unit.claimant)
        for unit in units("The chief executive told investors that sales had doubled, but analysts doubt it.")
    ]


def test_an_audit_by_somebody_closes_what_it_found() -> None:
    (unit,) = units("Half of the schools had no heating, an audit by the county found.")
    assert (unit.text, unit.claimant) == ("Half of the schools had no heating", "audit by the county")


@pytest.mark.parametrize(
    ("text", "claim", "who"),
    [
        ("The BBC quoted a doctor as saying that 40 patients had died.", "40 patients had died", "doctor"),
        ("The agency quoted Voss as saying: “Forty patients died.”", "Forty patients died", "Voss"),
        (
            "The paper quotes the mayor, Ana Holt, as saying that 12 people died.",
            "12 people died",
            "Ana Holt",
        ),
        ("Voss was quoted as saying 40 patients died.", "40 patients died", "Voss"),
    ],
)
def test_who_is_quoted_as_saying_it_says_it(text: str, claim: str, who: str) -> None:
    assert [(unit.text, unit.claimant) for unit in units(text)] == [(claim, who)]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("The firm knew of it in 2018, a leaked memo seen by the Herald shows.", "leaked memo"),
        ("Half of the schools had no heating, a report by the university shows.", "report by the university"),
        ("One in five adults smokes, the survey of 3,000 people found.", "survey of 3,000 people"),
    ],
)
def test_who_shows_it_stands_at_the_end(text: str, who: str) -> None:
    (unit,) = units(text)
    assert unit.claimant == who
    assert who.split()[0] not in unit.text


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Prices rose 12 percent, according to figures the ministry released on Tuesday.", "ministry"),
        ("According to figures the ministry released on Tuesday, prices rose 12 percent.", "ministry"),
        ("Prices rose 12 percent, according to figures released on Tuesday by the ministry.", "ministry"),
        ("Prices rose 12 percent, according to a report published by the bank in May.", "bank"),
        ("Prices rose 12 percent, according to documents the Herald obtained.", "Herald"),
        ("Prices rose 12 percent, according to figures the World Bank released.", "World Bank"),
    ],
)
def test_figures_are_whose_who_published_them(text: str, who: str) -> None:
    (unit,) = units(text)
    assert (unit.text.lower(), unit.claimant) == ("prices rose 12 percent", who)


def test_who_was_released_publishes_nothing() -> None:
    assert "police" not in speakers("A man the police released said the dam leaked.")


def test_adverbs_between_commas_stand_between_nobody_and_what_he_said() -> None:
    found = units("Okafor has repeatedly, and falsely, claimed that she won in 2019.")
    assert [(unit.text, unit.claimant) for unit in found] == [("she won in 2019", "Okafor")]


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("Claims that 12 people died were false.", "12 people died"),
        ("Reports that 12 people died could not be verified.", "12 people died"),
        (
            "Claims that the vaccine causes infertility have been debunked by experts.",
            "the vaccine causes infertility",
        ),
    ],
)
def test_what_is_said_of_a_claim_is_no_part_of_it_and_not_lost(text: str, inner: str) -> None:
    assert {unit.text for unit in units(text)} == {text.removesuffix("."), inner}


def test_a_verb_that_is_never_a_noun_has_its_subject() -> None:
    (unit,) = units("The indictment alleges Brandt stole 40,000 euros.")
    assert (unit.text, unit.claimant) == ("Brandt stole 40,000 euros", "indictment")


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("In the words of Ana Holt, the vote was a farce.", "Ana Holt"),
        ("The vote was a farce, in the words of one official.", "one official"),
    ],
)
def test_in_somebodys_words_is_as_somebody_says(text: str, who: str) -> None:
    (unit,) = units(text)
    assert (unit.text.lower(), unit.claimant) == ("the vote was a farce", who)


def test_words_of_other_kinds_are_nobodys() -> None:
    (unit,) = units("The words of the anthem were changed in 2019.")
    assert unit.claimant == ""


@pytest.mark.parametrize(
    ("text", "claim", "who"),
    [
        (
            "She sent the letters to her lawyer, who said the contract was void.",
            "the contract was void",
            "her lawyer",
        ),
        ("He gave the files to the mayor, who said the dam leaked.", "the dam leaked", "mayor"),
        ("The owner of the mill, who said the dam leaked, left.", "the dam leaked", "owner of the mill"),
        (
            "The adviser to the president, who said the dam leaked, resigned.",
            "the dam leaked",
            "adviser to the president",
        ),
        ("The mayor, who says crime has doubled, has hired 40 officers.", "crime has doubled", "mayor"),
        ("Holt, who said the fund was empty, resigned in May.", "the fund was empty", "Holt"),
    ],
)
def test_who_said_it_in_a_clause_of_its_own(text: str, claim: str, who: str) -> None:
    found = [(unit.text, unit.claimant) for unit in units(text)]
    assert (claim, who) in found
    assert not [words for words, _ in found if words.startswith(claim) and words != claim]


@pytest.mark.parametrize(
    "text",
    ["Half of all marriages end in divorce.", "Most of the refugees return to their villages within a year."],
)
def test_a_bare_verb_behind_a_plural_makes_a_sentence(text: str) -> None:
    assert [unit.text + "." for unit in units(text)] == [text]


def test_several_who_warn_close_what_they_say() -> None:
    (unit,) = units("Prices may rise by 5 percent, economists warn.")
    assert (unit.text, unit.claimant) == ("Prices may rise by 5 percent", "economists")
