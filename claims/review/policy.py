"""Who may take which step of a review, and if not you, who could?

Every question takes the frozen facts and a person, and answers with a Decision. A refusal is one sentence
that says why not and who could. The rules that nothing goes around: nobody approves what they wrote; an
approval is given by someone who opened exactly that version; nothing new is published before every approval
the desk asks for. Knows nothing of sessions, forms or the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from claims.review.facts import Member, ReviewFacts
from claims.review.standing import remarks
from claims.review.states import TRANSITIONS, PublishMode, Step
from claims.spoken import gettext as _
from claims.spoken import ngettext
from claims.vocabulary import ApprovalKind, CheckStatus, ReleaseKind, ReviewState, Role, gettext_noop

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


def _no(code: str, sentence: str) -> Decision:
    return Decision(False, code, sentence)


_STATE_WORDS = {
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


def _or(words: Iterable[str]) -> str:
    return _(" or ").join(words)


def could(facts: ReviewFacts, roles: Iterable[Role], *, besides: Iterable[int] = ()) -> str:
    """Return who of the desk could, as the end of a sentence; names at most three."""
    wanted, left_out = tuple(roles), set(besides)
    names = [m.name for m in facts.members if m.has(*wanted) and m.id not in left_out]
    if not names:
        what = _or(str(role.label) for role in wanted)
        return _("Nobody on this desk could at the moment; an administrator can make someone a %(role)s.") % {
            "role": what
        }
    if len(names) > 3:
        return _("%(names)s and %(n)d more could.") % {"names": ", ".join(names[:3]), "n": len(names) - 3}
    listed = _or([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return ngettext("%(names)s could.", "%(names)s could.", len(names)) % {"names": listed}


def _step(facts: ReviewFacts, step: Step) -> Decision:
    row = TRANSITIONS[step]
    if facts.state in row.sources:
        return YES
    needed = _or(_(_NEEDED_WORDS[s]) for s in ReviewState if s in row.sources)
    return _no(
        "wrong_state",
        _("This review %(is)s; it would have to be one that is %(needed)s.")
        % {"is": _(_STATE_WORDS[facts.state]), "needed": needed},
    )


def _role(facts: ReviewFacts, person: Member, roles: tuple[Role, ...], doing: str) -> Decision:
    if not person.active:
        return _no("inactive", _("This account is switched off, so it cannot %(do)s.") % {"do": _(doing)})
    if person.has(*roles):
        return YES
    return _no(
        "role",
        _("Your roles on this desk do not let you %(do)s. %(who)s")
        % {"do": _(doing), "who": could(facts, roles, besides=[person.id])},
    )


def _lease(facts: ReviewFacts, person: Member, doing: str) -> Decision:
    if facts.lease_holder in (None, person.id):
        return YES
    holder = facts.name_of(facts.lease_holder)
    return _no(
        "leased",
        _("%(name)s is working on this claim, so you cannot %(do)s now. Ask them to put it down.")
        % {"name": holder, "do": _(doing)},
    )


def _all(*decisions: Decision) -> Decision:
    return next((decision for decision in decisions if not decision), YES)


def may_start(facts: ReviewFacts, person: Member) -> Decision:
    """Take a claim from the queue."""
    doing = gettext_noop("take this claim")
    merged = _no("merged", _("This claim was merged into another one; work goes on there."))
    return _all(
        _role(facts, person, WRITERS, doing),
        merged if facts.claim_merged else YES,
        _step(facts, Step.START),
        _lease(facts, person, doing),
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
        state = _no(
            "wrong_state", _("This review %(is)s. %(do)s") % {"is": _(_STATE_WORDS[facts.state]), "do": step}
        )
    else:
        state = YES
    return _all(_role(facts, person, WRITERS, doing), state, _lease(facts, person, doing))


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
    merged = _no("merged", _("This claim was merged into another one; work goes on there."))
    return _all(
        _role(facts, person, (Role.DESK_EDITOR,) if working else WRITERS, doing),
        merged if facts.claim_merged else YES,
        _early(facts, doing),
        YES if is_others(facts, person) else _no("not_others", _("Nobody else has this claim: just begin.")),
    )


def may_hand_over(facts: ReviewFacts, person: Member, to: Member | None = None) -> Decision:
    """Give one's own claim to another with what one has written; a desk editor gives anybody's."""
    doing = gettext_noop("hand this claim over")
    mine = holder_of(facts) == person.id
    found = _all(
        _role(facts, person, WRITERS if mine else (Role.DESK_EDITOR,), doing),
        _early(facts, doing),
    )
    if not found or to is None:
        return found
    if to.id == holder_of(facts):
        return _no("assignee", _("%(name)s has this claim already.") % {"name": to.name})
    if not to.active or not to.has(*WRITERS):
        return _no(
            "assignee",
            _("%(name)s cannot write verdicts on this desk, so the claim would lie still.")
            % {"name": to.name},
        )
    return YES


def may_ask_reader(facts: ReviewFacts, person: Member, reader: Member | None = None) -> Decision:
    """Ask one person to read what waits for approval: its authors ask, and desk editors."""
    doing = gettext_noop("ask somebody to read this verdict")
    author = person.id in facts.authors
    found = _all(
        _role(facts, person, WRITERS if author else (Role.DESK_EDITOR,), doing),
        YES
        if facts.state is ReviewState.AWAITING_APPROVAL
        else _no(
            "wrong_state",
            _("This review %(is)s; nothing waits for a reader.") % {"is": _(_STATE_WORDS[facts.state])},
        ),
    )
    if not found or reader is None:
        return found
    if reader.id not in able_readers(facts):
        out = [*facts.authors, *(a.person for a in facts.approvals)]
        return _no(
            "reader",
            _("%(name)s could not approve this version. %(who)s")
            % {"name": reader.name, "who": could(facts, APPROVERS, besides=out)},
        )
    return YES


def able_readers(facts: ReviewFacts) -> tuple[int, ...]:
    """Return who could still approve the version at hand, in the order of the members."""
    out = facts.authors | {one.person for one in facts.approvals}
    return tuple(m.id for m in facts.members if m.active and m.has(*APPROVERS) and m.id not in out)


def _early(facts: ReviewFacts, doing: str) -> Decision:
    if facts.state in (ReviewState.QUEUED, ReviewState.IN_PROGRESS):
        return YES
    return _no(
        "wrong_state",
        _("This review %(is)s, so you cannot %(do)s.") % {"is": _(_STATE_WORDS[facts.state]), "do": _(doing)},
    )


def may_put_back(facts: ReviewFacts, person: Member) -> Decision:
    """Return a claim to the queue: whoever works on it, or a desk editor."""
    mine = facts.lease_holder in (None, person.id) and facts.assignee in (None, person.id)
    roles = WRITERS if mine else (Role.DESK_EDITOR,)
    return _all(_role(facts, person, roles, gettext_noop("put this claim back")), _step(facts, Step.PUT_BACK))


def may_submit(facts: ReviewFacts, person: Member) -> Decision:
    """Hand the newest version in for approval; says everything that is missing at once."""
    doing = gettext_noop("submit this verdict")
    missing = missing_for_submission(facts)
    said = "; ".join(missing)
    complete = (
        YES if not missing else _no("incomplete", _("Before it can be submitted: %(what)s.") % {"what": said})
    )
    return _all(
        _role(facts, person, WRITERS, doing),
        _step(facts, Step.SUBMIT),
        _lease(facts, person, doing),
        _someone_can_approve(facts, person),
        complete,
    )


def missing_for_submission(facts: ReviewFacts) -> list[str]:
    """Return what the verdict lacks, as parts of a sentence."""
    d = facts.draft
    rows = [
        (not d.wording_confirmed, _("confirm the wording of the claim")),
        (
            d.unresolved > 0,
            ngettext(
                "resolve the marked part of the wording",
                "resolve the marked parts of the wording",
                d.unresolved,
            ),
        ),
        (not d.has_claimant, _("say who made the claim")),
        (not d.has_rating, _("choose a rating")),
        (not d.has_headline, _("write the headline")),
        (not d.has_short_answer, _("write the short answer")),
        (not d.has_justification, _("write the justification")),
        (
            bool(d.broken_citations),
            _("replace the citations that do not hold (%(which)s)")
            % {"which": ", ".join(d.broken_citations[:5])},
        ),
    ]
    missing = [text for wrong, text in rows if wrong]
    if not d.cited:
        # No evidence never turns into "false": only an open finding may rest on a documented search.
        if not d.finding_is_not_enough:
            missing.append(
                _("cite at least one source, or choose a rating that says there is not enough evidence")
            )
        elif not d.has_not_found:
            missing.append(_("cite a source, or write what was searched and not found"))
    return missing


def remarks_for_submission(facts: ReviewFacts) -> tuple[str, ...]:
    """Return what is worth knowing of the cited sources before the verdict is handed in; nothing is refused."""
    return remarks(facts.draft.standing)


def _someone_can_approve(facts: ReviewFacts, submitter: Member) -> Decision:
    authors = facts.authors | {submitter.id}
    for kind, count in facts.needed.items():
        able = [m for m in facts.members if m.has(*APPROVERS) and kind in m.may_give and m.id not in authors]
        if len(able) < count:
            return _no(
                "no_approver",
                ngettext(
                    "Nobody could approve it: %(n)d %(kind)s approval by people who did not write it is needed, and"
                    " this desk has %(able)d. An administrator can make someone a reviewer.",
                    "Nobody could approve it: %(n)d %(kind)s approvals by people who did not write it are needed,"
                    " and this desk has %(able)d. An administrator can make someone a reviewer.",
                    count,
                )
                % {"n": count, "kind": kind.label, "able": len(able)},
            )
    return YES


def may_recall(facts: ReviewFacts, person: Member) -> Decision:
    """Take one's own submitted version back."""
    if person.id not in facts.authors:
        return _no(
            "not_author",
            _("Only who wrote the version can recall it: %(names)s. A reviewer can return it.")
            % {"names": _names(facts, facts.authors)},
        )
    return _all(_role(facts, person, WRITERS, gettext_noop("recall this verdict")), _step(facts, Step.RECALL))


def may_return(facts: ReviewFacts, person: Member) -> Decision:
    """Send a submitted or approved version back to its authors, with a comment."""
    return _all(
        _role(facts, person, APPROVERS, gettext_noop("return this verdict")), _step(facts, Step.RETURN)
    )


def may_approve(
    facts: ReviewFacts,
    person: Member,
    kind: ApprovalKind = ApprovalKind.EDITORIAL,
    *,
    version: int | None = None,
    unread_reason: str | None = None,
) -> Decision:
    """Sign off exactly the version at hand; ``version`` is the one the person was shown.

    Whoever has not ticked every cited source says why (``unread_reason``), where the desk allows it at all. None
    asks whether they could: the reason is still to be given.
    """
    others = [*facts.authors, person.id, *(a.person for a in facts.approvals)]
    if not person.active:
        return _no("inactive", _("This account is switched off, so it cannot approve."))
    if version is not None and version != facts.version:
        return _no(
            "stale",
            _(
                "There is a newer version of this verdict than the one you were shown. Open it and read what changed."
            ),
        )
    if person.id in facts.authors:
        return _no(
            "author",
            _("You wrote this verdict, and nobody approves their own. %(who)s")
            % {"who": could(facts, APPROVERS, besides=others)},
        )
    role = _role(facts, person, APPROVERS, gettext_noop("approve verdicts"))
    if not role:
        return role
    if kind not in person.may_give:
        able = [
            m.name for m in facts.members if m.has(*APPROVERS) and kind in m.may_give and m.id not in others
        ]
        who = _("Nobody else on this desk does at the moment.")
        if able:
            who = ngettext("%(names)s could.", "%(names)s could.", len(able)) % {"names": _or(able[:3])}
        return _no(
            "kind", _("You do not give %(kind)s approvals. %(who)s") % {"kind": kind.label, "who": who}
        )
    state = _step(facts, Step.APPROVE)
    if not state:
        return state
    if any(a.person == person.id for a in facts.approvals):
        return _no(
            "twice",
            _("You have approved this version already. %(who)s")
            % {"who": could(facts, APPROVERS, besides=others)},
        )
    if facts.version is None:
        return _no("no_version", _("There is no submitted version to approve."))
    if person.id not in facts.opened_by:
        return _no(
            "not_opened",
            _("You have not opened this version yet. Read it beside its sources; then it can be approved."),
        )
    if approvals_missing(facts).get(kind, 0) < 1:
        return _no(
            "not_needed",
            _("The desk asks for no further %(kind)s approval of this version.") % {"kind": kind.label},
        )
    unread = unread_sources(facts, person.id)
    if unread and facts.refuses_unread:
        return _no(
            "unread",
            _(
                "%(sources)s not ticked as opened and matching. This desk takes approvals only with every source"
                " ticked: open each, and tick it or return the verdict."
            )
            % {"sources": _named(unread)},
        )
    if unread and unread_reason is not None and not unread_reason.strip():
        return _no(
            "unread",
            _(
                "%(sources)s not ticked as opened and matching. Open each and tick it, or say why you approve"
                " without; the reason stays in the record."
            )
            % {"sources": _named(unread)},
        )
    return YES


def unread_sources(facts: ReviewFacts, person: int) -> tuple[int, ...]:
    """Return the public numbers of the cited sources that this person has not ticked."""
    ticked = facts.ticked.get(person, frozenset())
    return tuple(number for number, pk in enumerate(facts.citations, start=1) if pk not in ticked)


def _named(numbers: tuple[int, ...]) -> str:
    shown = ", ".join(f"[{number}]" for number in numbers[:5]) + (" …" if len(numbers) > 5 else "")
    return ngettext("Source %(which)s is", "Sources %(which)s are", len(numbers)) % {"which": shown}


def approvals_missing(facts: ReviewFacts) -> dict[ApprovalKind, int]:
    """Return how many approvals of which kind are still needed; those of authors never count."""
    counted = {(a.kind, a.person) for a in facts.approvals if a.person not in facts.authors}
    given = Counter(kind for kind, _person in counted)
    left = {kind: count - given[kind] for kind, count in facts.needed.items()}
    return {kind: count for kind, count in left.items() if count > 0}


def completes(facts: ReviewFacts, kind: ApprovalKind) -> bool:
    """Whether one more approval of this kind would be the last one needed."""
    return approvals_missing(facts) == {kind: 1}


def may_publish(facts: ReviewFacts, person: Member | None = None) -> Decision:
    """Release an approved version; without a person it is the clock or the last approval that asks.

    This is the gate that every path goes through: page, admin, bulk, API, command and timer.
    """
    missing = approvals_missing(facts)
    approved = YES
    if missing:
        what = ", ".join(f"{count} {kind.label}" for kind, count in missing.items())
        approved = _no(
            "not_approved",
            _("It is not approved yet: %(what)s missing. %(who)s")
            % {"what": what, "who": could(facts, APPROVERS, besides=facts.authors)},
        )
    elif not facts.needed or sum(facts.needed.values()) < 1:
        approved = _no(
            "no_rule",
            _("This desk asks for no approval at all, so nothing can be published. Set at least one."),
        )
    held = YES
    if person is None and (facts.held or facts.mode is PublishMode.ON_RELEASE):
        held = _no("held", _("It is held: a desk editor releases it."))
    who = (
        YES
        if person is None
        else _role(facts, person, (Role.DESK_EDITOR, Role.REVIEWER), gettext_noop("publish"))
    )
    merged = (
        _no("merged", _("This claim was merged into another one; publish there."))
        if facts.claim_merged
        else YES
    )
    return _all(who, merged, _step(facts, Step.PUBLISH), approved, held)


def may_hold(facts: ReviewFacts, person: Member) -> Decision:
    """Set the time of publication, hold it, or lift the hold."""
    if facts.state not in (ReviewState.AWAITING_APPROVAL, ReviewState.APPROVED):
        return _no(
            "wrong_state",
            _("This review %(is)s; there is no publication to plan.") % {"is": _(_STATE_WORDS[facts.state])},
        )
    return _role(facts, person, (Role.DESK_EDITOR, Role.REVIEWER), gettext_noop("plan its publication"))


def may_close(facts: ReviewFacts, person: Member) -> Decision:
    """End a review without publication; work of others is closed by a desk editor only."""
    mine = facts.assignee in (None, person.id) and facts.lease_holder in (None, person.id)
    early = facts.state in (ReviewState.QUEUED, ReviewState.IN_PROGRESS)
    roles = WRITERS if mine and early else (Role.DESK_EDITOR,)
    return _all(_role(facts, person, roles, gettext_noop("close this review")), _step(facts, Step.CLOSE))


def may_reopen(facts: ReviewFacts, person: Member) -> Decision:
    """Put a closed review back into the queue."""
    return _all(_role(facts, person, WRITERS, gettext_noop("reopen this review")), _step(facts, Step.REOPEN))


def may_assign(facts: ReviewFacts, person: Member, to: Member | None) -> Decision:
    """Give a claim to someone; anyone who writes may take a free one, a desk editor gives and takes away."""
    if not facts.state.is_open:
        return _no(
            "wrong_state",
            _("This review %(is)s; there is nothing to assign.") % {"is": _(_STATE_WORDS[facts.state])},
        )
    if to is not None and not to.has(*WRITERS):
        return _no(
            "assignee",
            _("%(name)s cannot write verdicts on this desk, so the claim would lie still.")
            % {"name": to.name},
        )
    myself = to is not None and to.id == person.id and facts.assignee in (None, person.id)
    return _role(facts, person, WRITERS if myself else (Role.DESK_EDITOR,), gettext_noop("assign this claim"))


def may_suspend(facts: ReviewFacts, person: Member) -> Decision:
    """Take the rating off the public page at once; needs nobody else, because waiting may do harm."""
    return _all(
        _role(facts, person, (Role.DESK_EDITOR,), gettext_noop("suspend a fact check")),
        _check(facts, CheckStatus.LIVE),
    )


def may_reinstate(facts: ReviewFacts, person: Member) -> Decision:
    """Show the suspended version again; it has its approvals and is unchanged."""
    return _all(
        _role(facts, person, (Role.DESK_EDITOR,), gettext_noop("reinstate a fact check")),
        _check(facts, CheckStatus.SUSPENDED),
    )


def may_withdraw(facts: ReviewFacts, person: Member) -> Decision:
    """Withdraw a check for good, with a public note; nothing new is asserted, so no approval is needed."""
    return _all(
        _role(facts, person, (Role.DESK_EDITOR,), gettext_noop("withdraw a fact check")),
        _check(facts, CheckStatus.LIVE, CheckStatus.SUSPENDED),
    )


def may_revise(facts: ReviewFacts, person: Member) -> Decision:
    """Begin a new version of something published: minor, clarification, correction or update."""
    return _all(
        _role(facts, person, WRITERS, gettext_noop("start a new version")),
        _check(facts, CheckStatus.LIVE, CheckStatus.SUSPENDED),
        _step(facts, Step.REVISE),
        _lease(facts, person, gettext_noop("start a new version")),
    )


def needed_for(kind: ReleaseKind, desk: Mapping[ApprovalKind, int]) -> dict[ApprovalKind, int]:
    """Return the approvals a release of this kind needs, given what the desk asks for.

    A minor edit changes nothing that was vouched for (``changes`` makes sure of it), so one other person is
    enough; suspension, reinstatement and withdrawal publish no new verdict.
    """
    if not kind.carries_new_verdict:
        return {}
    if kind is ReleaseKind.MINOR:
        return {ApprovalKind.EDITORIAL: 1}
    return {approval: count for approval, count in desk.items() if count > 0} or {ApprovalKind.EDITORIAL: 1}


def _check(facts: ReviewFacts, *wanted: CheckStatus) -> Decision:
    if facts.check in wanted:
        return YES
    is_now = {
        None: _("There is no published fact check yet."),
        CheckStatus.LIVE: _("The fact check is live."),
        CheckStatus.SUSPENDED: _("The fact check is suspended."),
        CheckStatus.WITHDRAWN: _("The fact check is withdrawn, which is final."),
    }[facts.check]
    return _no(
        "wrong_status",
        _("%(now)s This is possible only where it is %(wanted)s.")
        % {"now": is_now, "wanted": _or(str(one.label) for one in wanted)},
    )


def _names(facts: ReviewFacts, people: Iterable[int]) -> str:
    return _or(facts.name_of(person) for person in sorted(people)) or _("nobody")
