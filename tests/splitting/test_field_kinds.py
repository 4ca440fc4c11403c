"""More of what people reported of comparable software, each kind in other words than those it was reported in."""

from __future__ import annotations

import pytest

from claims.splitting import split
from claims.splitting.types import Unit

PUBLISHED = "2026-03-04"


def units(text: str, source: str = "text") -> tuple[Unit, ...]:
    return split(text, published=PUBLISHED, source=source, judge=None).units


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The trial was adjourned until Friday.", "2026-03-06"),
        ("Voting was moved to Tuesday.", "2026-03-10"),
        ("The vote had been pushed back to Thursday.", "2026-03-05"),
        ("The match was rescheduled for Sunday.", "2026-03-08"),
        ("An inquest was opened and adjourned to May 7.", "2026-05-07"),
        ("The mill burned in '87.", "1987"),
        ("She joined in May '94.", "1994-05"),
        ("The firm was sold in late '99.", "1999"),
    ],
)
def test_days_to_come_and_short_years(text: str, value: str) -> None:
    assert value in [date.value for unit in units(text) for date in unit.dates]


@pytest.mark.parametrize(
    "text",
    [
        "At no point did Berg say the city lost 300 jobs.",
        "Never has she said that the plant would close.",
        "Hardly anyone said the city lost 300 jobs.",
        "None of the ministers said the bridge was safe.",
        "Berg stopped short of saying the minister lied.",
        "The court did not hear that he fled.",
    ],
)
def test_what_was_not_said_is_nobodys(text: str) -> None:
    (unit,) = units(text)
    assert (unit.claimant, unit.attribution.value) == ("", "article")
    assert unit.text == text.rstrip(".")


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("No charges have been filed, police said.", "police"),
        ("No one has come forward, Ann Berg said on Monday.", "Ann Berg"),
        ("Never had so many people come, Ann Berg said.", "Ann Berg"),
        ("No money has been lost and the council says that it will pay.", "council"),
    ],
)
def test_a_denial_before_another_verb_is_what_was_said(text: str, who: str) -> None:
    assert who in [unit.claimant for unit in units(text)]


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        ("Holt, 54, on Friday told reporters that rents had doubled.", "Holt"),
        ("Jens Holt, a miller from Lund, last week said that rents had doubled.", "Jens Holt"),
        ("Jens Holt two days later admitted that rents had doubled.", "Jens Holt"),
        ("Lund police on Sunday night said rents had doubled.", "Lund police"),
    ],
)
def test_a_time_before_the_verb_is_no_speaker(text: str, claimant: str) -> None:
    (unit,) = units(text)
    assert (unit.claimant, unit.text) == (claimant, "rents had doubled")


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("The hospital, officials admitted on Monday, had no permit.", "The hospital had no permit."),
        ("The deal, both sides say, will cost 3 billion.", "The deal will cost 3 billion."),
        ("The problem, critics say, is that 40 wells are dry.", "The problem is that 40 wells are dry."),
    ],
)
def test_a_frame_in_the_middle_leaves_the_whole(text: str, wording: str) -> None:
    (unit,) = units(text)
    assert (unit.text, unit.wording.text) == (text.rstrip("."), wording)


@pytest.mark.parametrize(
    "said",
    [
        "nearly a third of firms failed",
        "only 40 nurses left",
        "more than 500 homes burned",
        "few people voted",
        "half the fleet sank",
    ],
)
def test_how_many_goes_with_what_was_said(said: str) -> None:
    (unit,) = units(f"The union said {said}.")
    assert (unit.text, unit.claimant) == (said, "union")


@pytest.mark.parametrize(
    "text",
    [
        "The dam burst at 6:30 a.m. on Nov. 9.",
        "Wham! sold 30 million records.",
        "The tram derailed on Feb. 29, 2012.",
        "In 2009, a cargo plane slid into the canal.",
    ],
)
def test_a_sentence_with_a_figure_gives_one_claim(text: str) -> None:
    assert [unit.text for unit in units(text)] == [text.rstrip(".")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The court heard that three guards slept.", "three guards slept"),
        ("The inquest in Lund heard that Berg had died alone.", "Berg had died alone"),
        ("MPs on the committee heard that the bridge was unsafe.", "the bridge was unsafe"),
    ],
)
def test_who_hears_others_is_no_speaker(text: str, told: str) -> None:
    (unit,) = units(text)
    assert (unit.text, unit.attribution.value, unit.claimant) == (told, "reported", "")


@pytest.mark.parametrize("text", ["She heard that her son had died.", "The court heard from 40 witnesses."])
def test_hearing_of_others_is_told_by_the_writer(text: str) -> None:
    (unit,) = units(text)
    assert (unit.text, unit.attribution.value) == (text.rstrip("."), "article")
