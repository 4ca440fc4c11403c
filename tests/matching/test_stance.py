"""The stance hint: a plain cue gives it, everything else leaves it open."""

from __future__ import annotations

import pytest

from claims.matching.stance import hint

CLAIM = "The harbour authority raised its fees by 40 percent in March."


@pytest.mark.parametrize(
    ("passage", "stance", "cue"),
    [
        ("The harbour authority denied that it raised its fees by 40 percent in March.", "refutes", "denied"),
        ("It is false that the harbour authority raised fees by 40 percent in March.", "refutes", "false"),
        ("In March the harbour authority raised its fees by 12 percent.", "refutes", "12 percent"),
        ("The harbour authority did not raise its fees in March by 40 percent.", "refutes", "not"),
        ("The harbour authority confirmed it raised its fees by 40 percent.", "supports", "confirmed"),
        ("A ferry sank off the coast on Sunday.", "", ""),
        ("The harbour is old. Fees exist.", "", ""),
    ],
)
def test_the_cue_nearest_to_the_claim_gives_the_hint(passage: str, stance: str, cue: str) -> None:
    found = hint(CLAIM, passage)
    assert (found.stance, found.cue) == (stance, cue)


def test_a_denial_of_something_else_far_from_the_claim_is_no_hint() -> None:
    passage = "Weather was fine. The minister denied having resigned. Nothing else happened."
    assert hint(CLAIM, passage).stance == ""


def test_other_languages_are_left_open() -> None:
    assert (
        hint(
            CLAIM, "The harbour authority denied that it raised its fees by 40 percent.", language="de"
        ).stance
        == ""
    )
