"""What only addresses the hearer is cut off a sentence; what is asked stays a question."""

from __future__ import annotations

import pytest

from claims.language.asides import core


def left(text: str) -> str:
    start, end = core(text, 0, len(text))
    return text[start:end]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Look, crime fell by 18 percent.", "crime fell by 18 percent."),
        ("And let me tell you something, rents rose last year.", "rents rose last year."),
        ("Let me be very clear: rents rose last year.", "rents rose last year."),
        ("Well, look, we built 400 flats.", "we built 400 flats."),
        ("Here's the thing, taxes fell in 2019.", "taxes fell in 2019."),
        ("Make no mistake: rents rose last year.", "rents rose last year."),
        ("I can tell you this, crime is down.", "crime is down."),
        ("BREAKING: Two ferries sank off Samos.", "Two ferries sank off Samos."),
        ("RT @lind: Rents rose by 9 percent.", "Rents rose by 9 percent."),
        ("They closed three hospitals, right?", "They closed three hospitals"),
        ("Jobs are at their highest level, OK?", "Jobs are at their highest level"),
        ("It rained in May, didn't it?", "It rained in May"),
        ("They sold it in May, isn't that right?", "They sold it in May"),
        ("They have paid for it, have they not?", "They have paid for it"),
        ("The mill closed in May, you know.", "The mill closed in May"),
    ],
)
def test_openers_and_tags_are_cut(text: str, rest: str) -> None:
    assert left(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        "Is the mill closed, right?",
        "Who closed the mill, OK?",
        "Look at the figures of 2019.",
        "Listen to the mayor of Kelm.",
        "Look, no.",
        "The mill was on the right.",
        "Remember that rents rose last year.",
        "The truth is that rents rose last year.",
    ],
)
def test_questions_orders_and_plain_words_stay(text: str) -> None:
    assert left(text) == text
