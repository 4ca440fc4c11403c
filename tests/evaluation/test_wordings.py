"""What can be told of a wording without its article."""

from __future__ import annotations

import pytest

from claims.evaluation.wordings import faults


@pytest.mark.parametrize(
    ("wording", "fault"),
    [
        ("A rebuke to the dean in May.", "no finite verb"),
        ("And the bridge was closed.", "leading conjunction"),
        ("Which rewards the banks.", "leading conjunction"),
        ("Lind said the plan “is unfair.", "unbalanced marks"),
        ('He called it "a farce.', "unbalanced marks"),
        ("The bridge (built in 1998 was closed.", "unbalanced marks"),
        ("00:12:31 The bridge was closed.", "time code"),
        ("The bridge\u200b was closed.", "invisible character"),
        ("MAYOR REED: The bridge was closed.", "label in capitals"),
        ("They called off a strike planned for on 9 December 2023.", "stray date"),
        ("The bridge was closed", "no end mark"),
        ("…", "no words"),
    ],
)
def test_what_is_wrong_with_a_wording_is_named(wording: str, fault: str) -> None:
    assert fault in faults(wording)


@pytest.mark.parametrize(
    "wording",
    [
        "The bridge was closed on 20 December 2026.",
        "Anna Berg said: “We will not pay.”",
        "The port (the oldest of the country) lost 300 jobs.",
        "Prices rise.",
    ],
)
def test_a_clean_sentence_has_no_fault(wording: str) -> None:
    assert faults(wording) == []
