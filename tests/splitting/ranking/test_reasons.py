"""What a person reads about why a claim ranks high: few, plain, and true of the sentence."""

from __future__ import annotations

import re

import pytest

from claims.splitting import split
from claims.splitting.ranking import reasons
from claims.splitting.ranking.head import AdditiveModel
from claims.splitting.ranking.reasons import chosen, shown
from claims.splitting.types import Reason, Unit

# Subjects whose words have other senses; none of them may be given as a reason.
SUBJECTS = re.compile(
    r"\b(?:war|weapon|attack|death|arrest|crime|health|energy|school|immigration|election|court|law|treaty|economy|"
    r"budget|debate|opponent|foreign|ideals|family|life)\b"
)
PLAIN = re.compile(
    r"gives a percentage: |gives a sum of money: |gives a figure: |gives no figure|names a year: |names nobody|"
    r"a superlative: “|says that it was never|compares: “|says how much changed: “|says what caused it: “|"
    r"gives a cause: “|says what followed|says what is allowed|says that something is not so|said by |somebody’s words|"
    r"nobody is named who says it|taken as given|part of a longer claim|very short|leaves open|about what is still|"
    r"says only what may be|the speaker talks|says much of what the headline|overlaps a claim|reads like|reads unlike"
)


def units(text: str) -> tuple[Unit, ...]:
    return split(text, published="2024-05-06", judge=None).units


def texts(text: str) -> list[str]:
    return [reason.text for unit in units(text) for reason in unit.reasons]


def features(text: str) -> set[str]:
    return {reason.feature for unit in units(text) for reason in unit.reasons}


@pytest.mark.parametrize(
    "sentence",
    [
        "The trade war with China ended in March.",
        "A price war between supermarkets cut the cost of milk.",
        "The mayor announced a war on drugs in 1998.",
        "The striker led the attack and shot from twenty metres.",
        "The opening shot of the film lasts nine minutes.",
        "The crash of the markets ruined the firm.",
        "He scored with a strike from outside the box.",
        "Dock workers began a strike at the port on Monday.",
        "The firm will fire 300 clerks.",
        "A cold snap closed the pass.",
        "The bill of the shoebill is 23 centimetres long.",
        "The second act of the play was cut by a third.",
        "The tennis court was closed for repairs.",
        "The band released its first record in 1971.",
        "She killed the engine and left the plane.",
        "The minister shot down the proposal.",
        "His illegal move cost him the chess game.",
        "The company sought legal advice.",
        "The bomb disposal unit named its dog Bomber.",
        "The state of the road was poor.",
        "Fair play won the day.",
        "The right wing of the building burned.",
        "Mr Bush sold his house in Bath.",
        "The virus spread through the computers of the bank.",
        "Poor Richard is the name of the inn.",
    ],
)
def test_no_reason_is_made_of_a_word_in_a_sense_that_it_has_not(sentence: str) -> None:
    for text in texts(f"A headline of another kind\n\n{sentence}"):
        said = text.split(": ", 1)[0]
        assert PLAIN.match(text), text
        assert not SUBJECTS.search(said), text


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Unemployment in Marlow fell to 6.1 percent.", "gives a percentage: 6.1 percent"),
        ("Turnout was 58%.", "gives a percentage: 58%"),
        ("The council paid £410,000 to the firm.", "gives a sum of money: £410,000"),
        ("The fee rose to 3.2 million euros.", "gives a sum of money: 3.2 million euros"),
        ("The city expects 3.2 million visitors.", "gives a figure: 3.2 million"),
        ("The dam was built in 1962.", "names a year: 1962"),
    ],
)
def test_the_most_telling_quantity_is_given_as_it_stands(sentence: str, reason: str) -> None:
    assert reason in texts(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The Boeing 747 landed at Redport.",
        "The 747 landed at Redport.",
        "Thomas Sand, 42, runs the clinic.",
        "The vote ended at 7:52 p.m. at the town hall.",
        "The vote ended at 7 p.m. at the town hall.",
        "Tunisia lost 1 – 2 to England.",
        "The hearing opened on May 4 in Kelm.",
        "One of the clerks left the bank.",
    ],
)
def test_a_name_an_age_a_time_a_result_and_a_date_are_no_figures(sentence: str) -> None:
    found = [text for text in texts(sentence) if text.startswith("gives a figure")]
    assert found == []
    # Nor is it said that there is none.
    assert "gives no figure" not in texts(sentence)


@pytest.mark.parametrize(
    ("sentence", "feature", "there"),
    [
        ("Exports fell because of the strike.", "caused", True),
        ("The ban was lifted due to rain.", "caused", True),
        ("The minister is due to meet the unions.", "caused", False),
        ("The bank lost at least nine clients.", "superlative", False),
        ("The latest games were shown to the crowd.", "superlative", False),
        ("Most of them left the country.", "superlative", False),
        ("It is the largest dam in Norvia.", "superlative", True),
        ("Ozone does more damage than all other gases.", "compares", True),
        ("The plant employs more than 200 people.", "compares", False),
        ("She chose tea rather than coffee.", "compares", False),
        ("Profit rose by 8 percent.", "changed", True),
        ("He rose from his chair at 9 o'clock.", "changed", False),
        ("The clerk fell down the stairs.", "changed", False),
        ("Worship of the old gods is legal.", "permitted", True),
        ("The police found illegal migrants in a lorry.", "permitted", False),
        ("The defence allowed two goals.", "permitted", False),
    ],
)
def test_a_relation_is_told_only_where_the_form_settles_it(sentence: str, feature: str, there: bool) -> None:
    from claims.language.parser import tag
    from claims.language.tokens import tokenize
    from claims.splitting.checkable import features as worth_features
    from claims.splitting.ranking.circumstances import RankCase
    from claims.splitting.ranking.phrases import phrases

    (unit, *_rest) = units(sentence)
    words = [token.norm for token in tokenize(sentence)]
    tags = tag([words])[0].xpos
    said = phrases(RankCase(unit, words, tags, worth_features.read(words, tags)))
    assert (feature in said) is there, said


def test_at_most_two_reasons_speak_for_a_claim_and_one_against() -> None:
    story = (
        "Council approves £2.4m bus lane\n\nThe mayor said on Monday that the lane, the longest in Norvia, would cost "
        "2.4 million pounds because the old road was never repaired. Traffic fell by 18 percent. They hope so."
    )
    seen = 0
    for text in (
        story,
        "Der Minister sagte, die Zahl sei um 12 Prozent auf 3.000 gestiegen. Das war 2019 in Berlin!",
    ):
        for unit in split(text).units:
            speaking_for = [reason for reason in unit.reasons if reason.weight > 0]
            assert len(speaking_for) <= 2
            assert len(unit.reasons) - len(speaking_for) <= 1
            seen += len(unit.reasons)
    assert seen > 4


def test_the_strongest_are_chosen_and_no_two_tell_the_same() -> None:
    said = {
        "figure": "gives a figure: 3",
        "share": "gives a percentage: 3%",
        "caused": "c",
        "part": "p",
        "short": "s",
    }
    moved = {
        "a figure": 0.4,
        "a share": 0.3,
        "family cause": 0.2,
        "inside another": -0.2,
        "under four words": -0.9,
    }
    assert chosen(said, moved) == (
        Reason("share", 0.7, "gives a percentage: 3%"),
        Reason("caused", 0.2, "c"),
        Reason("short", -0.9, "s"),
    )


def test_what_hardly_moved_the_score_is_no_reason_and_none_speaks_against_its_sense() -> None:
    assert chosen({"caused": "c"}, {"family cause": 0.01}) == ()
    assert chosen({"caused": "c"}, {"family cause": -0.5}) == ()
    assert chosen({"part": "p"}, {"inside another": 0.5}) == ()


def test_the_vector_speaks_only_where_nothing_else_does() -> None:
    said = {"caused": "c", "reads-like": "r", "article-says": "a"}
    moved = {"family cause": 0.2, "meaning": 2.0, "class article": -0.3}
    assert [reason.text for reason in chosen(said, moved)] == ["c", "a"]
    assert [reason.text for reason in chosen({"reads-like": "r"}, moved)] == ["r"]


def test_pages_leave_out_what_an_earlier_analyser_said() -> None:
    stored = [
        {"feature": "topic_war", "weight": 0.9, "text": "war and weapons: war in the past"},
        {"feature": "figure", "weight": 0.4, "text": "gives a figure: 3"},
        {"feature": "plain-figure", "weight": 0.3, "text": "gives a figure: 4"},
        {"feature": "said-by", "weight": 0.2, "text": "said by Lind"},
        {"feature": "part", "weight": -0.2, "text": "part of a longer claim"},
        {"feature": "short", "weight": -0.1, "text": "very short"},
    ]
    assert shown(stored) == (["gives a figure: 3", "gives a figure: 4"], ["part of a longer claim"])
    assert shown([]) == ([], [])


def test_every_phrase_that_tells_a_circumstance_tells_one_that_is_learned() -> None:
    from claims.splitting.ranking.head import shipped as ranker

    learned = set(ranker().full.weights) | {"meaning", "beside a better one"}
    told = {name for names in reasons.TELLS.values() for name in names}
    assert told <= learned, told - learned


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("年轻人来到北京参加会议。", "says when"),
        ("万科公司总部位于深圳市区。", "gives a percentage or a large sum"),
        ("Dijo: «El puente sigue cerrado para todos».", "names somebody or something"),
        ("Il mange mille feuilles chaque dimanche matin avec sa mère.", "gives a percentage or a large sum"),
    ],
)
def test_other_languages_give_no_reason_that_is_not_there(text: str, wrong: str) -> None:
    found = [reason.text for unit in split(text).units for reason in unit.reasons]
    assert wrong not in found


def test_what_is_not_there_moves_a_score_as_much_as_what_is_there() -> None:
    weights = {"worth": 2.0, "family crime": 0.5, "a figure": 1.0, "a share": -1.0}
    model = AdditiveModel(
        weights, {"worth": 0.5, "family crime": 0.25, "a figure": 0.5, "a share": 0.125}, 0.0
    )
    moved = model.moved(
        {"family crime": 1.0, "a figure": 1.0, "of no weight": 3.0}, 0.0, [*weights, "unknown"]
    )
    # A family moves the score by its own weight and as a part of what a sentence is worth by itself.
    assert moved == {
        "worth": -1.0,
        "family crime": 0.5 * 0.75 + 2.0 * 0.75,
        "a figure": 0.5,
        "a share": 0.125,
        "meaning": 0.0,
    }
    assert model.moved({}, 0.0, weights) == {
        "worth": -1.0,
        "family crime": -0.125 - 0.5,
        "a figure": -0.5,
        "a share": 0.125,
        "meaning": 0.0,
    }


def test_who_speaks_is_always_among_what_moved_a_score() -> None:
    weights = {"class quoted": 1.0, "a figure": 2.0, "claimant person": -1.0}
    model = AdditiveModel(weights, dict.fromkeys(weights, 0.5), 0.0)
    assert model.moved({"class quoted": 1.0}, 0.0, []) == {
        "class quoted": 0.5,
        "claimant person": 0.5,
        "meaning": 0.0,
    }
