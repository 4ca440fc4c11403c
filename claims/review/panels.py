"""What do opinions that were formed apart come to, and who may ask for them, give one, and end the asking?

Pure rules. An opinion is blind as long as the panel is open: whoever has read of the verdict, written of it or has
the claim is no reader of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from claims.review.deciding import STATE_WORDS, WRITERS, YES, Decision, all_of, in_role, no, unblinded
from claims.review.facts import Member, ReviewFacts
from claims.review.whose_work import holder_of
from claims.spoken import gettext as _
from claims.vocabulary import PanelOutcome, PanelRule, ReleaseKind, ReviewState, Role, gettext_noop

#: So many are asked at most.
MOST = 9


def outcome_of(opinions: Sequence[int], needed: int) -> tuple[PanelOutcome, int | None]:
    """Return what ratings (their ids) come to: agreed on one where ``needed`` found it and fewer found any other."""
    if len(opinions) < needed:
        return PanelOutcome.TOO_FEW, None
    (best, count), *others = Counter(opinions).most_common(2)
    if count < needed or (others and others[0][1] == count):
        return PanelOutcome.DISSENT, None
    return PanelOutcome.AGREED, best


def may_ask_panel(facts: ReviewFacts, person: Member) -> Decision:
    """Ask for opinions: whoever has the claim or wrote its verdict, and desk editors."""
    doing = gettext_noop("ask for opinions")
    mine = holder_of(facts) in (None, person.id) or person.id in facts.authors
    open_now = facts.state in (
        ReviewState.QUEUED,
        ReviewState.IN_PROGRESS,
        ReviewState.AWAITING_APPROVAL,
    )
    return all_of(
        YES
        if facts.panels is not PanelRule.OFF
        else no(
            "no_panels",
            _("This desk does without opinions formed apart. A desk editor can switch them on in Settings."),
        ),
        in_role(facts, person, WRITERS if mine else (Role.DESK_EDITOR,), doing),
        YES if not facts.claim_merged else no("merged", _("This claim was merged into another one.")),
        YES
        if open_now
        else no(
            "wrong_state",
            _("This review %(is)s, so you cannot %(do)s.")
            % {"is": _(STATE_WORDS[facts.state]), "do": _(doing)},
        ),
        YES
        if facts.panel is None or not facts.panel.is_open
        else no("panel_open", _("Opinions on this claim are being given already.")),
    )


def may_be_reader(facts: ReviewFacts, reader: Member, *, read: frozenset[int]) -> Decision:
    """Be asked for an opinion; ``read`` are those who wrote of this verdict or opened a version of it."""
    if not reader.active or not reader.has(*WRITERS):
        return no("reader", _("%(name)s writes no verdicts at this desk.") % {"name": reader.name})
    if reader.id in facts.authors or reader.id == holder_of(facts):
        return no(
            "reader",
            _("%(name)s works on this claim, so their opinion would not be a second one.")
            % {"name": reader.name},
        )
    if reader.id in read:
        return no(
            "reader",
            _("%(name)s has read or written of this verdict already, so their opinion would not be blind.")
            % {"name": reader.name},
        )
    return YES


def may_end_panel(facts: ReviewFacts, person: Member, asked_by: int) -> Decision:
    """End the asking before its time: who asked, and desk editors who are not to give an opinion themselves."""
    roles = WRITERS if person.id == asked_by else (Role.DESK_EDITOR,)
    return all_of(in_role(facts, person, roles, gettext_noop("end this panel")), unblinded(facts, person))


def waits_for_panel(facts: ReviewFacts) -> Decision:
    """Refuse an approval where the desk wants enough opinions first; dissent is no reason to refuse, but is shown."""
    if facts.panels is not PanelRule.NEEDED or facts.release_kind is ReleaseKind.MINOR:
        return YES
    panel = facts.panel
    if panel is None:
        return no(
            "panel",
            _("This desk approves after opinions formed apart, and nobody was asked yet. Ask for them."),
        )
    if panel.is_open:
        return no(
            "panel",
            _("Opinions on this claim are still being given: %(given)d of %(asked)d are in.")
            % {"given": panel.given, "asked": panel.asked},
        )
    if panel.outcome not in (PanelOutcome.AGREED, PanelOutcome.DISSENT):
        return no("panel", _("The last panel ended without enough opinions. Ask for them again."))
    return YES
