"""What a newer reading would change, and what no reading may: the decisions of people, each in every way."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from claims.splitting.rereading import NewSuggestion, OldSuggestion, ReadingComparison, compare, differences
from claims.vocabulary import Triage

TEXT = "The ferry of Osk carried 900 people in 2025, and its mayor said the pier was closed for nine weeks."
VALUES: dict[str, Any] = {
    "wording": "The ferry of Osk carried 900 people in 2025.",
    "claimant_text": "",
    "claimant_kind": "",
    "attribution": "article",
    "checkable": "fact",
    "claim_type": "quantity",
    "negated": False,
    "dates": [],
    "score": 0.5,
    "flags": [],
    "reasons": [],
}
FERRY = "The ferry of Osk carried 900 people in 2025"
PIER = "the pier was closed for nine weeks"


def place(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def standing(words: str, key: int = 1, **fields: Any) -> OldSuggestion:
    start, end = place(words)
    values = VALUES | {"quotation": words} | fields.pop("values", {})
    known = {"triage": Triage.SUGGESTED, "touched": False, "by_rules": True, "values": values}
    return OldSuggestion(key, start, end, **(known | fields))


def reading(words: str, unit: int = 0, **values: Any) -> NewSuggestion:
    start, end = place(words)
    return NewSuggestion(unit, start, end, words, VALUES | {"quotation": words} | values)


def words(rows: Any) -> list[str]:
    return [TEXT[row.start : row.end] for row in rows]


def test_what_is_read_as_before_is_the_same() -> None:
    found = compare([standing(FERRY)], [reading(FERRY)])
    assert len(found.same) == 1
    assert set(found.counts.values()) == {0}


def test_further_words_are_new_and_missing_ones_are_gone() -> None:
    found = compare([standing(FERRY)], [reading(PIER)])
    assert (words(found.new), words(found.gone)) == ([PIER], [FERRY])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("wording", "The ferry carried 900 people."),
        ("claimant_text", "Osk"),
        ("claimant_kind", "organisation"),
        ("attribution", "reported"),
        ("checkable", "no"),
        ("claim_type", "event"),
        ("negated", True),
        ("dates", [{"start": 39, "value": "2025"}]),
        ("flags", ["vague-source"]),
        ("score", 0.65),
    ],
)
def test_whatever_a_person_sees_differently_is_a_change(column: str, value: Any) -> None:
    found = compare([standing(FERRY)], [reading(FERRY, **{column: value})])
    assert [match.fields for match in found.changed] == [{column: (VALUES[column], value)}]


def test_a_date_at_the_same_words_with_another_value_is_a_change() -> None:
    old, new = [{"start": 39, "value": "2025"}], [{"start": 39, "value": "2024"}]
    found = compare([standing(FERRY, values={"dates": old})], [reading(FERRY, dates=new)])
    assert [match.fields for match in found.changed] == [{"dates": (old, new)}]


@pytest.mark.parametrize("values", [{"score": 0.58}, {"reasons": [{"text": "a figure"}]}])
def test_what_nobody_is_asked_about_is_renewed_without_a_word(values: dict[str, Any]) -> None:
    found = compare([standing(FERRY)], [reading(FERRY, **values)])
    assert len(found.renewed) == 1
    assert found.counts["changed"] == 0


def test_other_ends_are_one_change_and_not_a_loss_and_a_gain() -> None:
    found = compare([standing(FERRY)], [reading("ferry of Osk carried 900 people in 2025")])
    assert [match.moved for match in found.changed] == [True]
    assert (found.new, found.gone) == ((), ())
    told = differences(found)
    assert (told[0]["was"], told[0]["words"]) == (FERRY, "ferry of Osk carried 900 people in 2025")


DECIDED: list[dict[str, Any]] = [
    {"triage": Triage.ACCEPTED, "touched": True},
    {"triage": Triage.ACCEPTED},
    {"triage": Triage.DISMISSED, "touched": True},
    {"triage": Triage.DISMISSED},
    {"triage": Triage.NOT_SELECTED},
    {"triage": Triage.SUGGESTED, "touched": True},
    {"triage": Triage.SUGGESTED, "touched": True, "by_rules": False},
    {"triage": Triage.SUPERSEDED, "touched": True},
]
OTHER_ENDS = [
    "ferry of Osk carried 900 people in 2025",
    FERRY + ",",
    "The ferry of Osk carried 900 people",
    FERRY + ", and its mayor said",
    "900 people in 2025",
    TEXT[:-1],
]


@pytest.mark.parametrize("how", DECIDED)
@pytest.mark.parametrize("again", [FERRY, *OTHER_ENDS])
def test_what_a_person_decided_is_neither_changed_nor_offered_again(how: dict[str, Any], again: str) -> None:
    row = standing(FERRY, **how)
    found = compare([row], [reading(again, wording="Other words.", score=0.9, claimant_text="Osk")])
    assert (found.new, found.gone, found.changed, found.renewed) == ((), (), (), ())
    assert [match.old for match in (*found.kept, *found.held)] == [row]


@pytest.mark.parametrize("how", DECIDED)
def test_what_a_person_decided_is_not_taken_away(how: dict[str, Any]) -> None:
    found = compare([standing(FERRY, **how)], [reading(PIER)])
    assert found.gone == ()
    assert words(found.new) == [PIER]


def test_words_that_were_cut_in_two_are_not_offered_whole_again() -> None:
    halves = [
        standing("The ferry of Osk carried 900 people", 1, touched=True, places=(place(FERRY),)),
        standing("in 2025", 2, touched=True, places=(place(FERRY),)),
    ]
    for again in (FERRY, FERRY + ","):
        assert compare(halves, [reading(again)]).new == ()


def test_words_that_were_joined_are_not_offered_apart_again() -> None:
    joined = standing(TEXT[:-1], 1, touched=True, places=(place(FERRY),))
    other = standing(PIER, 2, touched=True, triage=Triage.DISMISSED)
    found = compare(
        [joined, other], [reading(FERRY, 0), reading(PIER, 1), reading("its mayor said " + PIER, 2)]
    )
    assert (found.new, found.missing) == ((), ())


def test_a_claim_inside_a_decided_one_is_another_where_the_reading_finds_both() -> None:
    outer = standing(
        "its mayor said the pier was closed for nine weeks", triage=Triage.ACCEPTED, touched=True
    )
    found = compare(
        [outer], [reading("its mayor said the pier was closed for nine weeks", 0), reading(PIER, 1)]
    )
    assert words(found.new) == [PIER]


def test_what_a_model_suggested_already_is_not_suggested_twice_and_never_gone() -> None:
    model = standing(FERRY, by_rules=False)
    assert compare([model], [reading(FERRY + ",")]).new == ()
    assert compare([model], [reading(PIER)]).gone == ()


def test_what_was_taken_away_is_new_when_it_is_found_again_unless_its_words_are_decided() -> None:
    away = standing("ferry of Osk carried 900 people in 2025", 1, triage=Triage.SUPERSEDED)
    again = reading("ferry of Osk carried 900 people in 2025")
    assert len(compare([away], [again]).new) == 1
    assert compare([away, standing(FERRY, 2, triage=Triage.ACCEPTED)], [again]).new == ()


def test_a_decision_is_asked_about_where_it_would_be_read_differently_and_where_it_is_missing() -> None:
    row = standing(FERRY, touched=True, triage=Triage.ACCEPTED)
    found = compare([row], [reading(FERRY, claimant_text="Osk", score=0.9)])
    assert [match.fields for match in found.asked] == [{"claimant_text": ("", "Osk")}]
    assert compare([row], []).missing == (row,)
    dismissed = replace(row, triage=Triage.DISMISSED)
    assert compare([dismissed], []).missing == ()


def test_one_place_read_twice_counts_once() -> None:
    assert len(compare([], [reading(FERRY, 0), reading(FERRY, 1)]).new) == 1


def ways(dice: random.Random) -> tuple[list[OldSuggestion], list[NewSuggestion]]:
    spans: set[tuple[int, int]] = set()
    while len(spans) < 8:
        start = dice.randrange(len(TEXT) - 6)
        spans.add((start, dice.randrange(start + 4, len(TEXT) + 1)))
    rows = [
        OldSuggestion(key, *span, dice.choice(list(Triage)), dice.random() < 0.4, dice.random() < 0.8, VALUES)
        for key, span in enumerate(sorted(spans))
    ]
    units = []
    for number in range(8):
        start, end = dice.choice(sorted(spans))
        start = max(0, start + dice.choice((0, 0, 2, -2)))
        units.append(NewSuggestion(number, start, end, TEXT[start:end], VALUES | {"score": dice.random()}))
    return rows, units


@pytest.mark.parametrize("seed", range(200))
def test_every_unit_and_every_row_has_one_fate(seed: int) -> None:
    rows, units = ways(random.Random(seed))
    found: ReadingComparison = compare(rows, units)
    told = [
        *(one.span for one in found.new),
        *(
            match.new.span
            for name in ("changed", "renewed", "same", "kept", "held")
            for match in getattr(found, name)
        ),
    ]
    assert sorted(told) == sorted({one.span for one in units})
    touched = {row.key for row in rows if row.decided}
    ours = [match.old.key for name in ("changed", "renewed", "same") for match in getattr(found, name)]
    ours += [row.key for row in found.gone]
    assert len(ours) == len(set(ours))
    assert touched.isdisjoint(ours)
