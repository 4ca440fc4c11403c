"""Whose work is a claim: who may take it, go on with it, give it away, put it back, close and reopen it?

A refusal says who could. What becomes of the verdict is ``policy``'s.
"""

from __future__ import annotations

from claims.review.deciding import (
    STATE_WORDS,
    WRITERS,
    YES,
    Decision,
    all_of,
    in_role,
    may_step,
    no,
    unblinded,
    unleased,
)
from claims.review.facts import Member, ReviewFacts
from claims.review.states import Step
from claims.spoken import gettext as _
from claims.vocabulary import ReviewState, Role, gettext_noop


def may_start(facts: ReviewFacts, person: Member) -> Decision:
    """Take a claim from the queue."""
    doing = gettext_noop("take this claim")
    merged = no("merged", _("This claim was merged into another one; work goes on there."))
    return all_of(
        in_role(facts, person, WRITERS, doing),
        merged if facts.claim_merged else YES,
        unblinded(facts, person),
        may_step(facts, Step.START),
        unleased(facts, person, doing),
    )


def may_edit(facts: ReviewFacts, person: Member) -> Decision:
    """Write the verdict's draft, its wording and its evidence."""
    doing = gettext_noop("edit this verdict")
    if facts.state is not ReviewState.IN_PROGRESS:
        step = {
            ReviewState.QUEUED: _("Take the claim first."),
            ReviewState.AWAITING_APPROVAL: _(
                "Recall or return it first; the version that was submitted stays as it is."
            ),
            ReviewState.APPROVED: _("Recall or return it first, which takes its approvals away."),
            ReviewState.PUBLISHED: _("Start a correction or an update."),
            ReviewState.CLOSED: _("Reopen it first."),
        }[facts.state]
        state = no(
            "wrong_state", _("This review %(is)s. %(do)s") % {"is": _(STATE_WORDS[facts.state]), "do": step}
        )
    else:
        state = YES
    return all_of(
        in_role(facts, person, WRITERS, doing),
        state,
        unblinded(facts, person),
        unleased(facts, person, doing),
    )


def holder_of(facts: ReviewFacts) -> int | None:
    """Return who has the claim: whoever works on it now, else whom it is assigned to."""
    return facts.lease_holder if facts.lease_holder is not None else facts.assignee


def is_others(facts: ReviewFacts, person: Member) -> bool:
    """Whether somebody else has the claim, so that this person is asked before they go on with it."""
    return holder_of(facts) not in (None, person.id)


def may_take_over(facts: ReviewFacts, person: Member) -> Decision:
    """Go on with what another has: anyone who writes where the other is not at it, a desk editor at any time."""
    doing = gettext_noop("take this claim over")
    working = facts.lease_holder not in (None, person.id)
    merged = no("merged", _("This claim was merged into another one; work goes on there."))
    return all_of(
        in_role(facts, person, (Role.DESK_EDITOR,) if working else WRITERS, doing),
        unblinded(facts, person),
        merged if facts.claim_merged else YES,
        _early(facts, doing),
        YES if is_others(facts, person) else no("not_others", _("Nobody else has this claim: just begin.")),
    )


def may_hand_over(facts: ReviewFacts, person: Member, to: Member | None = None) -> Decision:
    """Give one's own claim to another with what one has written; a desk editor gives anybody's."""
    doing = gettext_noop("hand this claim over")
    mine = holder_of(facts) == person.id
    found = all_of(
        in_role(facts, person, WRITERS if mine else (Role.DESK_EDITOR,), doing),
        _early(facts, doing),
    )
    if not found or to is None:
        return found
    if to.id == holder_of(facts):
        return no("assignee", _("%(name)s has this claim already.") % {"name": to.name})
    if not to.active or not to.has(*WRITERS):
        return no(
            "assignee",
            _("%(name)s cannot write verdicts on this desk, so the claim would lie still.")
            % {"name": to.name},
        )
    if not unblinded(facts, to):
        return no(
            "assignee",
            _(
                "%(name)s was asked for an opinion on this claim that is formed apart, and has not given it yet."
            )
            % {"name": to.name},
        )
    return YES


def _early(facts: ReviewFacts, doing: str) -> Decision:
    if facts.state in (ReviewState.QUEUED, ReviewState.IN_PROGRESS):
        return YES
    return no(
        "wrong_state",
        _("This review %(is)s, so you cannot %(do)s.") % {"is": _(STATE_WORDS[facts.state]), "do": _(doing)},
    )


def may_put_back(facts: ReviewFacts, person: Member) -> Decision:
    """Return a claim to the queue: whoever works on it, or a desk editor."""
    mine = facts.lease_holder in (None, person.id) and facts.assignee in (None, person.id)
    roles = WRITERS if mine else (Role.DESK_EDITOR,)
    return all_of(
        in_role(facts, person, roles, gettext_noop("put this claim back")), may_step(facts, Step.PUT_BACK)
    )


def may_close(facts: ReviewFacts, person: Member) -> Decision:
    """End a review without publication; work of others is closed by a desk editor only."""
    mine = facts.assignee in (None, person.id) and facts.lease_holder in (None, person.id)
    early = facts.state in (ReviewState.QUEUED, ReviewState.IN_PROGRESS)
    roles = WRITERS if mine and early else (Role.DESK_EDITOR,)
    return all_of(
        in_role(facts, person, roles, gettext_noop("close this review")), may_step(facts, Step.CLOSE)
    )


def may_reopen(facts: ReviewFacts, person: Member) -> Decision:
    """Put a closed review back into the queue."""
    return all_of(
        in_role(facts, person, WRITERS, gettext_noop("reopen this review")), may_step(facts, Step.REOPEN)
    )


def may_assign(facts: ReviewFacts, person: Member, to: Member | None) -> Decision:
    """Give a claim to someone; anyone who writes may take a free one, a desk editor gives and takes away."""
    if not facts.state.is_open:
        return no(
            "wrong_state",
            _("This review %(is)s; there is nothing to assign.") % {"is": _(STATE_WORDS[facts.state])},
        )
    if to is not None and not to.has(*WRITERS):
        return no(
            "assignee",
            _("%(name)s cannot write verdicts on this desk, so the claim would lie still.")
            % {"name": to.name},
        )
    myself = to is not None and to.id == person.id and facts.assignee in (None, person.id)
    return in_role(
        facts, person, WRITERS if myself else (Role.DESK_EDITOR,), gettext_noop("assign this claim")
    )
