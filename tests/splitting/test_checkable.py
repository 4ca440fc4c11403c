"""What of a claim unit can be checked: its content, that it was said, or neither."""

from __future__ import annotations

import pytest

from claims.language.parser import parse
from claims.language.tag_repair import repair
from claims.language.tokens import tokenize
from claims.splitting.checkable.classes import classify
from claims.splitting.types import ClaimType
from claims.vocabulary import Attribution, Checkable

ARTICLE, REPORTED, QUOTED, PREMISE = (
    Attribution.ARTICLE,
    Attribution.REPORTED,
    Attribution.QUOTED,
    Attribution.PREMISE,
)


def decide(
    text: str, attribution: Attribution, cue: str = "", *, inside: bool = False
) -> tuple[Checkable, ClaimType]:
    one = repair(parse([[token.norm for token in tokenize(text)]])[0])
    verdict = classify(one.words, one.xpos, attribution=attribution, cue=cue, cue_inside=inside)
    assert verdict.rules
    return verdict.checkable, verdict.type


@pytest.mark.parametrize(
    ("text", "attribution", "cue"),
    [
        ("The court of Aldenburg fined the brewery 40,000 crowns", ARTICLE, ""),
        ("the barge had no lights", REPORTED, "say"),
        ("has not been directly involved in the battle", REPORTED, "say"),
        ("We have never counted them among our friends", QUOTED, "say"),
        ("The cannery closed in 1987", QUOTED, "say"),
        ("the Saudi-funded broadcaster", PREMISE, ""),
        ("killing two guards", ARTICLE, ""),
        ("The new line will open on 3 May", ARTICLE, ""),
        ("his ministry had been told twice", REPORTED, "insist"),
        ("Thanks to the rain the fire was out by noon", ARTICLE, ""),
    ],
)
def test_an_event_a_state_or_a_position_can_be_checked(text: str, attribution: Attribution, cue: str) -> None:
    assert decide(text, attribution, cue)[0] is Checkable.FACT


@pytest.mark.parametrize(
    ("text", "attribution", "cue"),
    [
        ("the council to put off the vote", REPORTED, "ask"),
        ("an end to the blockade", REPORTED, "demand"),
        ("to cut fares by half", REPORTED, "promise"),
        ("a fall in exports", REPORTED, "expect"),
        ("the ruling shameful", REPORTED, "call"),
        ("the talks should resume at once", REPORTED, "say"),
        ("We will fight for every job", QUOTED, "say"),
        ("It is a shame for the whole town", QUOTED, "say"),
        ("I hope that nobody gets hurt", QUOTED, "say"),
        ("That would be a terrible mistake", ARTICLE, ""),
        ("The bank expects growth to slow next year", ARTICLE, ""),
        ("a military solution was unacceptable", REPORTED, "say"),
        ("a military solution was “unacceptable”", REPORTED, "say"),
    ],
)
def test_of_a_demand_a_pledge_a_forecast_or_a_judgement_only_the_saying_can(
    text: str, attribution: Attribution, cue: str
) -> None:
    assert decide(text, attribution, cue)[0] is Checkable.SAID


@pytest.mark.parametrize(
    "text", ["Thank you all very much", "What an evening", "Our thoughts are with the families"]
)
def test_a_courtesy_is_not_worth_either(text: str) -> None:
    assert decide(text, QUOTED, "say") == (Checkable.NO, ClaimType.NOT_A_CLAIM)


def test_a_denial_with_content_can_be_checked_a_bare_one_cannot() -> None:
    assert decide("denied any part in the raid", REPORTED, "deny", inside=True)[0] is Checkable.FACT
    assert decide("denies that", REPORTED, "deny", inside=True)[0] is Checkable.SAID


def test_a_demand_whose_verb_is_the_cue_itself_is_a_saying() -> None:
    text = "has demanded higher wages"
    assert decide(text, REPORTED, "demand", inside=True)[0] is Checkable.SAID
    assert decide("wages have risen", REPORTED, "demand")[0] is Checkable.FACT


def test_where_a_state_stands_can_be_checked_where_a_person_stands_cannot() -> None:
    assert decide("We do not agree with the terms proposed by Norvia", QUOTED, "say")[0] is Checkable.FACT
    assert decide("his country disagrees with the plan", REPORTED, "say")[0] is Checkable.FACT
    assert decide("I agree with every word", QUOTED, "say")[0] is Checkable.SAID


def test_of_a_term_somebody_uses_only_the_use_can_be_checked() -> None:
    assert decide("Norvian-occupied islands", PREMISE, "call")[0] is Checkable.SAID


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Prices rose by 4 percent", ClaimType.QUANTITY),
        ("The outage was caused by a broken pump", ClaimType.CAUSE),
        ("She voted against the budget", ClaimType.POSITION),
        ("Cars are banned from the old town", ClaimType.RULE),
        ("The mayor resigned", ClaimType.EVENT),
        ("The minister told parliament that no money was paid", ClaimType.PAST_WORDING),
    ],
)
def test_a_checkable_unit_has_a_type(text: str, kind: ClaimType) -> None:
    assert decide(text, ARTICLE) == (Checkable.FACT, kind)


@pytest.mark.parametrize("text", ["", ".", "\ud800", "()"])
def test_odd_units_get_an_answer(text: str) -> None:
    assert decide(text, QUOTED)[0] in set(Checkable)


@pytest.mark.parametrize(
    ("words", "tags", "attribution", "settled"),
    [
        ("The firm will move its plant", "DT NN MD VB PRP$ NN", "article", True),
        ("The firm will move its plant in May 2026", "DT NN MD VB PRP$ NN IN NNP CD", "article", False),
        ("The hall will open on Monday", "DT NN MD VB IN NNP", "article", False),
        ("The hall will open on Monday", "DT NN MD VB IN NNP", "quoted", True),
        ("The firm moved its plant", "DT NN VBD PRP$ NN", "article", False),
    ],
)
def test_what_will_be_is_said_but_a_schedule_of_the_writer_is_weighed(
    words: str, tags: str, attribution: str, settled: bool
) -> None:
    found = classify(words.split(), tags.split(), attribution=Attribution(attribution))
    assert ("checkable:forecast" in found.rules) is settled
    assert found.checkable is Checkable.SAID or not settled
