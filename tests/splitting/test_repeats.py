"""Inside one article only what is certainly the same is joined."""

from __future__ import annotations

import pytest

from tests.splitting.seen import units


def joined(one: str, other: str) -> bool:
    found = units(f"{one} Bees cannot see red. {other}")
    assert len(found) == 3
    return found[2].unit.repeats == found[0].unit.id


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The ministry closed 40 schools in Orla.", "40 schools in Orla were closed by the ministry."),
        ("The council has cancelled the harbour fair.", "The harbor fair was canceled by the council."),
        ("Some 40k people fled the port of Orla.", "Some 40,000 people fled the port of Orla."),
    ],
)
def test_the_same_in_other_words_is_joined(one: str, other: str) -> None:
    assert joined(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("All schools in Orla closed.", "Some schools in Orla closed."),
        ("The ferry line may close its Orla office.", "The ferry line closed its Orla office."),
        ("The levy hurts farmers more than bankers.", "The levy hurts bankers more than farmers."),
        ("The bank raised its rate by half a point.", "The bank raised its rate to half a point."),
        ("The clinic treated 40 children in May.", "The clinic treated 40 people in May."),
        ("The moth of Orla eats sallow leaves.", "The moth of Orla eats bramble leaves."),
    ],
)
def test_what_differs_or_is_unclear_stays_a_claim_of_its_own(one: str, other: str) -> None:
    assert not joined(one, other)
