"""The steps of a review lead where they say, and nowhere else."""

from __future__ import annotations

import itertools

import pytest

from claims.review.states import TRANSITIONS, Step, WrongState, after
from claims.vocabulary import ReleaseKind, ReviewState


def test_the_whole_way_of_a_claim() -> None:
    state = ReviewState.QUEUED
    for step in (Step.START, Step.SUBMIT, Step.RETURN, Step.SUBMIT, Step.APPROVE, Step.PUBLISH, Step.REVISE):
        state = after(step, state)
    assert state is ReviewState.IN_PROGRESS


def test_publication_starts_from_approved_alone() -> None:
    assert {s for s in ReviewState if s in TRANSITIONS[Step.PUBLISH].sources} == {ReviewState.APPROVED}
    assert {s for s in ReviewState if s in TRANSITIONS[Step.APPROVE].sources} == {
        ReviewState.AWAITING_APPROVAL
    }
    into_approved = [step for step, row in TRANSITIONS.items() if row.target is ReviewState.APPROVED]
    assert into_approved == [Step.APPROVE]


@pytest.mark.parametrize(("step", "state"), list(itertools.product(Step, ReviewState)))
def test_a_step_from_elsewhere_is_an_error(step: Step, state: ReviewState) -> None:
    if state in TRANSITIONS[step].sources:
        assert after(step, state) is TRANSITIONS[step].target
    else:
        with pytest.raises(WrongState):
            after(step, state)


def test_every_state_can_be_reached_and_left() -> None:
    assert {row.target for row in TRANSITIONS.values()} == set(ReviewState)
    assert set().union(*(row.sources for row in TRANSITIONS.values())) == set(ReviewState)


def test_readers_are_told_of_everything_but_a_minor_edit() -> None:
    assert {kind for kind in ReleaseKind if not kind.needs_note} == {ReleaseKind.FIRST, ReleaseKind.MINOR}
