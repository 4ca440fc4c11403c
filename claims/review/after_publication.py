"""Who may suspend, reinstate, withdraw or revise what is published?"""

from __future__ import annotations

from claims.review.deciding import WRITERS, YES, Decision, all_of, in_role, may_step, no, or_of, unleased
from claims.review.facts import Member, ReviewFacts
from claims.review.states import Step
from claims.spoken import gettext as _
from claims.vocabulary import CheckStatus, Role, gettext_noop


def may_suspend(facts: ReviewFacts, person: Member) -> Decision:
    """Take the rating off the public page at once; needs nobody else, because waiting may do harm."""
    return all_of(
        in_role(facts, person, (Role.DESK_EDITOR,), gettext_noop("suspend a fact check")),
        _check(facts, CheckStatus.LIVE),
    )


def may_reinstate(facts: ReviewFacts, person: Member) -> Decision:
    """Show the suspended version again; it has its approvals and is unchanged."""
    return all_of(
        in_role(facts, person, (Role.DESK_EDITOR,), gettext_noop("reinstate a fact check")),
        _check(facts, CheckStatus.SUSPENDED),
    )


def may_withdraw(facts: ReviewFacts, person: Member) -> Decision:
    """Withdraw a check for good, with a public note; nothing new is asserted, so no approval is needed."""
    return all_of(
        in_role(facts, person, (Role.DESK_EDITOR,), gettext_noop("withdraw a fact check")),
        _check(facts, CheckStatus.LIVE, CheckStatus.SUSPENDED),
    )


def may_revise(facts: ReviewFacts, person: Member) -> Decision:
    """Begin a new version of something published: minor, clarification, correction or update."""
    return all_of(
        in_role(facts, person, WRITERS, gettext_noop("start a new version")),
        _check(facts, CheckStatus.LIVE, CheckStatus.SUSPENDED),
        may_step(facts, Step.REVISE),
        unleased(facts, person, gettext_noop("start a new version")),
    )


def _check(facts: ReviewFacts, *wanted: CheckStatus) -> Decision:
    if facts.check in wanted:
        return YES
    is_now = {
        None: _("There is no published fact check yet."),
        CheckStatus.LIVE: _("The fact check is live."),
        CheckStatus.SUSPENDED: _("The fact check is suspended."),
        CheckStatus.WITHDRAWN: _("The fact check is withdrawn, which is final."),
    }[facts.check]
    return no(
        "wrong_status",
        _("%(now)s This is possible only where it is %(wanted)s.")
        % {"now": is_now, "wanted": or_of(str(one.label) for one in wanted)},
    )
