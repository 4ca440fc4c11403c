"""A clause that says something else without the words around it is not offered: the source's sentence is."""

from __future__ import annotations

import pytest

from claims.splitting.wording.gate import FLAG
from tests.splitting.seen import analysed


def worded(text: str, beginning: str) -> tuple[str, bool]:
    """Return the wording of the unit that begins with these words, and whether it is the whole sentence."""
    (unit,) = [one for one in analysed(text, published="2024-05-08").units if one.text.startswith(beginning)]
    return unit.wording.text, FLAG in unit.flags


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("The council demands that the port close by June.", "the port close"),
        ("The board recommended that schools stay shut.", "schools stay"),
        ("Lund insisted that the port close.", "the port close"),
        ("Lund explained how the port was sold in 2012.", "how the port"),
        ("Ida Berg explained why the town wanted the show.", "why the town"),
        (
            "It's become a major issue in the race, with Karen Holt — who wants big rises — attacking the plan.",
            "It's become",
        ),
        (
            "The firm — which Lund once called a scam — announced a loss of 3 million.",
            "called a scam — announced",
        ),
    ],
)
def test_what_is_demanded_asked_or_cut_by_a_remark_stays_in_its_sentence(text: str, beginning: str) -> None:
    wording, whole = worded(text, beginning)
    assert whole
    assert wording == text


@pytest.mark.parametrize(
    ("text", "beginning", "wanted"),
    [
        ("The guild insists that prices are fair.", "prices", "Prices are fair."),
        (
            "What Moll calls clever might be seen as evasive.",
            "What",
            "What Moll calls clever might be seen as evasive.",
        ),
        ("When the mill closed, 40 people left.", "When", "When the mill closed, 40 people left."),
        (
            "The firm — a small one — announced a loss of 3 million.",
            "The firm",
            "The firm — a small one — announced a loss of 3 million.",
        ),
        ("Lund suggests that prices rose in May.", "prices", "Prices rose in May 2024."),
    ],
)
def test_what_stands_by_itself_is_offered(text: str, beginning: str, wanted: str) -> None:
    assert worded(text, beginning) == (wanted, False)


def test_half_a_sentence_of_the_source_is_marked_as_one() -> None:
    text = "The tents stayed up. Even if most of the 40 cases can be solved."
    units = {unit.text: unit.flags for unit in analysed(text).units}
    assert FLAG in next(flags for words, flags in units.items() if words.startswith("Even if"))
    assert FLAG not in units["The tents stayed up"]


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        (
            "It was a center of the Hohokam culture, which built large canals and towns, whose remains may be viewed.",
            "remains may",
        ),
    ],
)
def test_what_lost_the_link_that_says_whose_stays_in_its_sentence(text: str, beginning: str) -> None:
    wording, whole = worded(text, beginning)
    assert whole
    assert wording == text


def test_a_noun_with_a_clause_that_says_which_is_marked_as_no_sentence() -> None:
    text = "The tents stayed. The baseline data that the board used in 2012."
    units = [unit for unit in analysed(text).units if unit.start > 0]
    assert all(FLAG in unit.flags for unit in units)
