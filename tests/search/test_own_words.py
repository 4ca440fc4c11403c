"""A question in a reviewer's own words: what it asks for, and what is said where it cannot be read."""

from __future__ import annotations

import time

import pytest

from claims.query.own_words import MAX_PHRASES, Unreadable, WrongQuestion, own_question
from claims.query.types import Field


def wrong(text: str) -> tuple[Unreadable, int]:
    with pytest.raises(WrongQuestion) as caught:
        own_question(text)
    return caught.value.why, caught.value.at


@pytest.mark.parametrize(
    "marks", ['"{}"', "“{}”", "„{}“", "„{}”", "«{}»", "»{}«", "”{}”", "「{}」", '“{}"'], ids=str
)
def test_quotation_marks_of_every_country_make_a_phrase(marks: str) -> None:
    own = own_question("the quay " + marks.format("new pier") + " opened")
    assert own.phrases == (("new", "pier"),)
    assert [clause.term for clause in own.required] == ["new", "pier", "new_pier"]
    assert own_question("quay -" + marks.format("new pier")).without == (("new", "pier"),)


@pytest.mark.parametrize("minus", list("-−–"))
def test_a_minus_sign_leaves_out_a_word_in_any_of_its_forms(minus: str) -> None:
    own = own_question(f"ferry {minus}storms well-known")
    assert [(clause.field, clause.term) for clause in own.forbidden] == [(Field.ALL, "storm")]
    assert "storm" not in own.question.words
    assert {"well", "known"} <= set(own.question.words)


def test_a_dash_and_a_negative_figure_leave_nothing_out() -> None:
    own = own_question("Port Lenna - minus -5 degrees, 2019-2020 - cold?")
    assert own.forbidden == ()
    assert own.without == ()
    assert {"5", "2019", "2020", "cold"} <= set(own.question.words)
    assert [clause.term for clause in own_question('cold -"5"').forbidden] == ["5"]


def test_what_is_left_out_is_never_asked_for() -> None:
    own = own_question('ferry -storm -"north quay" -e-mail')
    assert own.without == (("north", "quay"), ("e", "mail"))
    asked = {clause.term for clause in own.question.clauses}
    assert not asked & {"storm", "north", "quay", "mail", "north_quay", "ferri_storm"}


@pytest.mark.parametrize(
    ("text", "why", "at"),
    [
        ("", Unreadable.EMPTY, 0),
        (" ?! … ", Unreadable.EMPTY, 0),
        ('harbour "new pier', Unreadable.OPEN_MARK, 9),
        ("harbour “new pier", Unreadable.OPEN_MARK, 9),
        ("a new pier” opened", Unreadable.OPEN_MARK, 11),
        ('a board of 5" and more', Unreadable.OPEN_MARK, 13),
        ("new pier」", Unreadable.STRAY_MARK, 9),
        ('harbour ""', Unreadable.EMPTY_PHRASE, 9),
        ('harbour "  "', Unreadable.EMPTY_PHRASE, 9),
        ('harbour "of the"', Unreadable.COMMON_PHRASE, 9),
        ("the of and", Unreadable.COMMON, 1),
        ("-ferry -quay", Unreadable.ONLY_EXCLUDED, 1),
        ("ferry -the", Unreadable.EXCLUDES_NOTHING, 7),
        ("ferry -%", Unreadable.EXCLUDES_NOTHING, 7),
        ("ferry -ferries", Unreadable.BOTH, 7),
        ('"new pier" -"new piers"', Unreadable.BOTH, 12),
        ("vaccin* deaths", Unreadable.WILD, 7),
        ('"new pier"~3 opened', Unreadable.WEIGHT, 11),
        ("ferry^2 storm", Unreadable.WEIGHT, 6),
        ("fees site:example.org", Unreadable.FIELD, 6),
        ("before:2020 fees", Unreadable.FIELD, 1),
        ("ferry OR boat", Unreadable.OPERATOR, 7),
        ("ferry && boat", Unreadable.OPERATOR, 7),
        ("ferry\x00boat", Unreadable.CONTROL, 6),
        ("ferry \ud800", Unreadable.CONTROL, 7),
        ("x" * 1001, Unreadable.LONG, 1001),
        ('"' + "ferry " * 60 + '"', Unreadable.LONG_PHRASE, 1),
        ('"a1" ' * (MAX_PHRASES + 1), Unreadable.MANY, 0),
        ("ferry " + "-a1 " * (MAX_PHRASES + 1), Unreadable.MANY, 0),
    ],
)
def test_what_cannot_be_read_is_told_by_its_character(text: str, why: Unreadable, at: int) -> None:
    assert wrong(text) == (why, at)


@pytest.mark.parametrize(
    "text",
    [
        "Did he say so?",
        "NOT GUILTY AND FREE OR NOT",
        'he wrote "either this OR that* site:x"',
        "costs 5 * 3 = 15",
        "at 10:30, Title: none",
        "C++ (and C#)",
        "see https://example.org/a*b?q=1",
    ],
)
def test_what_people_write_is_no_query_language(text: str) -> None:
    assert own_question(text).question.words


@pytest.mark.parametrize(
    "bomb",
    ['"' * 1000, "-" * 1000, '-"' * 500, '"-' * 500, "„“" * 500, "a-" * 500, "aB1" * 333, "(" * 1000, "a " * 500,
     "-a1 " * 250, "*" * 1000, "a*" * 500, "\u0301" * 1000, "ﷺ" * 1000, "ß" * 1000, '"a" ' * 250],
    ids=range(16),
)  # fmt: skip
def test_a_bomb_is_answered_in_bounded_time_and_size(bomb: str) -> None:
    begun = time.process_time()
    try:
        own = own_question(bomb)
    except WrongQuestion:
        own = None
    assert time.process_time() - begun < 0.5
    if own is not None:
        assert len(own.question.clauses) + len(own.required) + len(own.forbidden) <= 3_000


def test_words_are_read_in_the_language_they_are_asked_in() -> None:
    assert [clause.term for clause in own_question('"neuen Häfen" -Schiffe', "de").forbidden] == ["schiff"]
    own = own_question('"neuen Häfen"', "de")
    assert own.holds("Es gab die neuen Häfen nicht.")
    assert not own.holds("Häfen, neuen")
