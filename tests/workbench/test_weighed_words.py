"""What a learned head weighed, as a page tells it."""

from __future__ import annotations

from claims.splitting import split
from claims.workbench.articles.weighed_words import weighed

CASE = {
    "question": "checkable",
    "decided": "said",
    "chance": 0.214,
    "spoke_for": ["first full verb VBD", "a figure", "share of nouns"],
    "spoke_against": ["class quoted", "first person"],
}


def test_a_line_says_what_was_decided_how_surely_and_why() -> None:
    assert weighed([CASE]) == {
        "checkable": "weighed: only that it was said can be checked, 21 %; for it: it is told in the past, a figure; "
        "against it: it is a quotation, first person"
    }


def test_a_speaker_is_named() -> None:
    row = {"question": "claimant", "decided": "Ilse Brandt", "chance": 0.9, "spoke_for": ["in the source"]}
    assert weighed([row]) == {"claimant": "weighed: Ilse Brandt, 90 %; for it: in the source"}


def test_what_tells_nothing_alone_is_left_out() -> None:
    row = {**CASE, "spoke_for": ["length", "begins as DT", "checkable:model"], "spoke_against": []}
    assert weighed([row]) == {"checkable": "weighed: only that it was said can be checked, 21 %"}
    assert weighed([]) == {}


def test_splitting_keeps_what_its_heads_weighed() -> None:
    text = (
        "Minister Ilse Brandt met Anna Lind of the port in Kelm. She said the port had lost 300 jobs. "
        "The deal is unfair to the crews."
    )
    found = [one for unit in split(text, published="2024-05-06").units for one in unit.weighed]
    assert {one.question for one in found} == {"checkable", "claimant"}
    for one in found:
        assert one.spoke_for or one.spoke_against
        assert 0 <= one.chance <= 1
    without = split(text, published="2024-05-06", judge=None, chooser=None)
    assert all(not unit.weighed for unit in without.units)
