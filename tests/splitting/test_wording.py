"""A wording can be read alone, and asks where it cannot."""

from __future__ import annotations

import pytest

from claims.splitting.wording import spelled
from tests.splitting.seen import analysed


def wordings(text: str, **options: str) -> list[str]:
    return [unit.wording.text for unit in analysed(text, **options).units]


def questions(text: str, **options: str) -> list[tuple[str, str]]:
    """Return what is marked in the wordings, and the question asked."""
    return [
        (unit.wording.text[place.start : place.end], place.why)
        for unit in analysed(text, **options).units
        for place in unit.wording.unresolved
    ]


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("the mill closed.", "The mill closed."),
        ("Ida Brandt said she had closed the mill.", "Ida Brandt had closed the mill."),
        ("“I have closed the mill,” Ida Brandt said.", "Ida Brandt has closed the mill."),
        ("“I am against the plan,” Ida Brandt said.", "Ida Brandt is against the plan."),
        ("“I live in Kelm,” Ida Brandt said.", "Ida Brandt lives in Kelm."),
        ("Ankara says it has not been involved.", "The government of Turkey has not been involved."),
        ("Ida Brandt rejected the charge.", "Ida Brandt rejected the charge."),
    ],
)
def test_pronouns_and_elided_subjects_become_names(text: str, wording: str) -> None:
    assert wordings(text)[0] == wording


def test_an_elided_subject_is_taken_from_the_clause_before() -> None:
    assert wordings("The town council closed the mill and sold the land.") == [
        "The town council closed the mill.",
        "The town council sold the land.",
    ]


def test_a_relative_clause_gets_its_noun() -> None:
    assert "The bridge was built in 1931." in wordings(
        "The bridge, which was built in 1931, carries 12,000 cars."
    )


def test_a_loose_phrase_keeps_the_clause_it_hangs_on() -> None:
    text = "Rebels took the hill, blocking the only road to the port."
    assert wordings(text)[-1] == "Rebels took the hill, blocking the only road to the port."


def test_relative_dates_are_written_out_when_the_publication_date_is_known() -> None:
    text = "The mill closed yesterday."
    assert wordings(text, published="2020-10-15") == ["The mill closed on 14 October 2020."]
    assert wordings(text) == ["The mill closed yesterday."]
    assert questions(text) == [("yesterday", "which date?")]


def test_a_preposition_is_not_doubled() -> None:
    assert wordings("The mill closed on Tuesday.", published="2020-10-15") == [
        "The mill closed on 13 October 2020."
    ]


def test_what_cannot_be_resolved_is_asked() -> None:
    assert questions("“We closed the mill,” Ida Brandt said.") == [("We", "who is “we”?")]
    assert ("the agreement", "which agreement?") in questions("Both sides broke the agreement.")
    assert questions("This is illegal.") == [("This", "what is “this”?")]


def test_an_editors_insertion_answers_the_question() -> None:
    assert wordings("“It [Turkey] left the talks,” Ida Brandt said.") == ["Turkey left the talks."]


def test_premises_say_what_they_assert() -> None:
    text = "The Turkish-backed militia fled."
    assert "The militia is Turkish-backed." in wordings(text)


def test_a_frame_in_the_middle_is_left_out_of_the_wording() -> None:
    assert wordings("“The ceasefire,” Ida Brandt said, “must hold.”") == ["The ceasefire must hold."]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2020-10-14", "14 October 2020"),
        ("2020-10", "October 2020"),
        ("2020", "2020"),
        ("P2Y", ""),
        ("2020-Q3", ""),
    ],
)
def test_dates_are_spelled_as_people_write_them(value: str, written: str) -> None:
    assert spelled(value) == written
