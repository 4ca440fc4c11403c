"""What is a yes and what a no of the policy, and which sentences say who could instead?

Shared by all rules on reviews; decides about no step itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claims.review.facts import Member, ReviewFacts
from claims.review.states import TRANSITIONS, Step
from claims.spoken import gettext as _
from claims.spoken import ngettext
from claims.vocabulary import ReviewState, Role, gettext_noop

WRITERS = (Role.FACT_CHECKER, Role.REVIEWER, Role.DESK_EDITOR)
APPROVERS = (Role.REVIEWER, Role.DESK_EDITOR)


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes, or no with a code for programs and a sentence for the person."""

    allowed: bool
    code: str = ""
    sentence: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Decision(True)


def no(code: str, sentence: str) -> Decision:
    return Decision(False, code, sentence)


STATE_WORDS = {
    ReviewState.QUEUED: gettext_noop("is waiting in the queue"),
    ReviewState.IN_PROGRESS: gettext_noop("is being worked on"),
    ReviewState.AWAITING_APPROVAL: gettext_noop("is waiting for approval"),
    ReviewState.APPROVED: gettext_noop("is approved and not yet published"),
    ReviewState.PUBLISHED: gettext_noop("is published"),
    ReviewState.CLOSED: gettext_noop("is closed"),
}
_NEEDED_WORDS = {
    ReviewState.QUEUED: gettext_noop("waiting in the queue"),
    ReviewState.IN_PROGRESS: gettext_noop("being worked on"),
    ReviewState.AWAITING_APPROVAL: gettext_noop("waiting for approval"),
    ReviewState.APPROVED: gettext_noop("approved and not yet published"),
    ReviewState.PUBLISHED: gettext_noop("published"),
    ReviewState.CLOSED: gettext_noop("closed"),
}


def or_of(words: Iterable[str]) -> str:
    return _(" or ").join(words)


def could(facts: ReviewFacts, roles: Iterable[Role], *, besides: Iterable[int] = ()) -> str:
    """Return who of the desk could, as the end of a sentence; names at most three."""
    wanted, left_out = tuple(roles), set(besides)
    names = [m.name for m in facts.members if m.has(*wanted) and m.id not in left_out]
    if not names:
        what = or_of(str(role.label) for role in wanted)
        return _("Nobody on this desk could at the moment; an administrator can make someone a %(role)s.") % {
            "role": what
        }
    if len(names) > 3:
        return _("%(names)s and %(n)d more could.") % {"names": ", ".join(names[:3]), "n": len(names) - 3}
    listed = or_of([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return ngettext("%(names)s could.", "%(names)s could.", len(names)) % {"names": listed}


def may_step(facts: ReviewFacts, step: Step) -> Decision:
    row = TRANSITIONS[step]
    if facts.state in row.sources:
        return YES
    needed = or_of(_(_NEEDED_WORDS[s]) for s in ReviewState if s in row.sources)
    return no(
        "wrong_state",
        _("This review %(is)s; it would have to be one that is %(needed)s.")
        % {"is": _(STATE_WORDS[facts.state]), "needed": needed},
    )


def in_role(facts: ReviewFacts, person: Member, roles: tuple[Role, ...], doing: str) -> Decision:
    if not person.active:
        return no("inactive", _("This account is switched off, so it cannot %(do)s.") % {"do": _(doing)})
    if person.has(*roles):
        return YES
    return no(
        "role",
        _("Your roles on this desk do not let you %(do)s. %(who)s")
        % {"do": _(doing), "who": could(facts, roles, besides=[person.id])},
    )


def unleased(facts: ReviewFacts, person: Member, doing: str) -> Decision:
    if facts.lease_holder in (None, person.id):
        return YES
    holder = facts.name_of(facts.lease_holder)
    return no(
        "leased",
        _("%(name)s is working on this claim, so you cannot %(do)s now. Ask them to put it down.")
        % {"name": holder, "do": _(doing)},
    )


def unblinded(facts: ReviewFacts, person: Member) -> Decision:
    """Refuse whoever is still to give a blind opinion on the claim."""
    if facts.panel is None or person.id not in facts.panel.awaited:
        return YES
    return no(
        "blind",
        _(
            "You were asked for an opinion on this claim that is formed apart. Give it, or decline, and then go on."
        ),
    )


def all_of(*decisions: Decision) -> Decision:
    return next((decision for decision in decisions if not decision), YES)


def names_of(facts: ReviewFacts, people: Iterable[int]) -> str:
    return or_of(facts.name_of(person) for person in sorted(people)) or _("nobody")
