"""The people of the policy tests: Ana writes, Ben and Cleo approve, Dora edits the desk, Emil only adds."""

from __future__ import annotations

from typing import Any

from claims.review.facts import ApprovalGiven, Draft, Member, ReviewFacts
from claims.vocabulary import ApprovalKind, ReviewState, Role

LEGAL = frozenset({ApprovalKind.EDITORIAL, ApprovalKind.LEGAL})
ANA = Member(1, "Ana", frozenset({Role.FACT_CHECKER}))
BEN = Member(2, "Ben", frozenset({Role.REVIEWER, Role.FACT_CHECKER}))
CLEO = Member(3, "Cleo", frozenset({Role.REVIEWER}), may_give=LEGAL)
DORA = Member(4, "Dora", frozenset({Role.DESK_EDITOR}))
EMIL = Member(5, "Emil", frozenset({Role.CONTRIBUTOR}))
FINN = Member(6, "Finn", frozenset({Role.REVIEWER}), active=False)
DESK = (ANA, BEN, CLEO, DORA, EMIL, FINN)

COMPLETE = Draft(
    wording_confirmed=True,
    has_claimant=True,
    has_rating=True,
    has_headline=True,
    has_short_answer=True,
    has_justification=True,
    cited=2,
)


def facts(state: ReviewState = ReviewState.IN_PROGRESS, **changes: Any) -> ReviewFacts:
    given: dict[str, Any] = {
        "version": 7,
        "authors": frozenset({ANA.id}),
        "members": DESK,
        "draft": COMPLETE,
        "opened_by": frozenset({BEN.id, CLEO.id, DORA.id}),
    }
    return ReviewFacts(state=state, **(given | changes))


def approved_by(*people: Member, kind: ApprovalKind = ApprovalKind.EDITORIAL) -> tuple[ApprovalGiven, ...]:
    return tuple(ApprovalGiven(person.id, kind) for person in people)
