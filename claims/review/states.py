"""Which states a review, a triage and a published check have, and which steps lead from one to another.

Pure tables: who may take a step is answered in ``policy``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from claims.vocabulary import ReviewState


class PublishMode(StrEnum):
    """What happens after the last approval."""

    AT_ONCE = "at_once"
    AT_TIME = "at_time"
    ON_RELEASE = "on_release"


class Step(StrEnum):
    """The named transitions of a review; *return* is one of them, not a state."""

    START = "start"
    PUT_BACK = "put_back"
    SUBMIT = "submit"
    RECALL = "recall"
    RETURN = "return"
    APPROVE = "approve"
    PUBLISH = "publish"
    CLOSE = "close"
    REOPEN = "reopen"
    REVISE = "revise"


@dataclass(frozen=True, slots=True)
class Transition:
    step: Step
    sources: frozenset[ReviewState]
    target: ReviewState


_S = ReviewState
TRANSITIONS: dict[Step, Transition] = {
    row.step: row
    for row in (
        Transition(Step.START, frozenset({_S.QUEUED}), _S.IN_PROGRESS),
        Transition(Step.PUT_BACK, frozenset({_S.IN_PROGRESS}), _S.QUEUED),
        Transition(Step.SUBMIT, frozenset({_S.IN_PROGRESS}), _S.AWAITING_APPROVAL),
        # The author takes a submitted version back to go on writing.
        Transition(Step.RECALL, frozenset({_S.AWAITING_APPROVAL, _S.APPROVED}), _S.IN_PROGRESS),
        Transition(Step.RETURN, frozenset({_S.AWAITING_APPROVAL, _S.APPROVED}), _S.IN_PROGRESS),
        # Taken with the last approval that is needed; earlier ones leave the state as it is.
        Transition(Step.APPROVE, frozenset({_S.AWAITING_APPROVAL}), _S.APPROVED),
        Transition(Step.PUBLISH, frozenset({_S.APPROVED}), _S.PUBLISHED),
        Transition(
            Step.CLOSE,
            frozenset({_S.QUEUED, _S.IN_PROGRESS, _S.AWAITING_APPROVAL, _S.APPROVED}),
            _S.CLOSED,
        ),
        Transition(Step.REOPEN, frozenset({_S.CLOSED}), _S.QUEUED),
        # A correction or update of something published is worked on in the same review.
        Transition(Step.REVISE, frozenset({_S.PUBLISHED}), _S.IN_PROGRESS),
    )
}


class WrongState(Exception):
    """A step was asked for in a state it does not start from."""

    def __init__(self, step: Step, state: ReviewState) -> None:
        super().__init__(f"{step} does not start from {state}")
        self.step = step
        self.state = state


def after(step: Step, state: ReviewState) -> ReviewState:
    """Return the state a step leads to; raises WrongState where it does not start there."""
    row = TRANSITIONS[step]
    if state not in row.sources:
        raise WrongState(step, state)
    return row.target
