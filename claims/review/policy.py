"""Who may take which step of a review, and if not you, who could?

Every question takes the frozen facts and a person, and answers with a Decision. A refusal is one sentence
that says why not and who could. The rules that nothing goes around: nobody approves what they wrote; an
approval is given by someone who opened exactly that version; nothing new is published before every approval
the desk asks for. Knows nothing of sessions, forms or the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from claims.review.deciding import (
    APPROVERS,
    STATE_WORDS,
    WRITERS,
    YES,
    Decision,
    all_of,
    could,
    in_role,
    may_step,
    names_of,
    no,
    or_of,
    unblinded,
    unleased,
)
from claims.review.facts import Member, ReviewFacts
from claims.review.panels import waits_for_panel
from claims.review.standing import remarks
from claims.review.states import PublishMode, Step
from claims.spoken import gettext as _
from claims.spoken import ngettext
from claims.vocabulary import ApprovalKind, ReleaseKind, ReviewState, Role, gettext_noop


def may_ask_reader(facts: ReviewFacts, person: Member, reader: Member | None = None) -> Decision:
    """Ask one person to read what waits for approval: its authors ask, and desk editors."""
    doing = gettext_noop("ask somebody to read this verdict")
    author = person.id in facts.authors
    found = all_of(
        in_role(facts, person, WRITERS if author else (Role.DESK_EDITOR,), doing),
        YES
        if facts.state is ReviewState.AWAITING_APPROVAL
        else no(
            "wrong_state",
            _("This review %(is)s; nothing waits for a reader.") % {"is": _(STATE_WORDS[facts.state])},
        ),
    )
    if not found or reader is None:
        return found
    if reader.id not in able_readers(facts):
        out = [*facts.authors, *(a.person for a in facts.approvals)]
        return no(
            "reader",
            _("%(name)s could not approve this version. %(who)s")
            % {"name": reader.name, "who": could(facts, APPROVERS, besides=out)},
        )
    return YES


def able_readers(facts: ReviewFacts) -> tuple[int, ...]:
    """Return who could still approve the version at hand, in the order of the members."""
    out = facts.authors | {one.person for one in facts.approvals}
    return tuple(m.id for m in facts.members if m.active and m.has(*APPROVERS) and m.id not in out)


def may_submit(facts: ReviewFacts, person: Member) -> Decision:
    """Hand the newest version in for approval; says everything that is missing at once."""
    doing = gettext_noop("submit this verdict")
    missing = missing_for_submission(facts)
    said = "; ".join(missing)
    complete = (
        YES if not missing else no("incomplete", _("Before it can be submitted: %(what)s.") % {"what": said})
    )
    return all_of(
        in_role(facts, person, WRITERS, doing),
        unblinded(facts, person),
        may_step(facts, Step.SUBMIT),
        unleased(facts, person, doing),
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
            return no(
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
        return no(
            "not_author",
            _("Only who wrote the version can recall it: %(names)s. A reviewer can return it.")
            % {"names": names_of(facts, facts.authors)},
        )
    return all_of(
        in_role(facts, person, WRITERS, gettext_noop("recall this verdict")), may_step(facts, Step.RECALL)
    )


def may_return(facts: ReviewFacts, person: Member) -> Decision:
    """Send a submitted or approved version back to its authors, with a comment."""
    return all_of(
        in_role(facts, person, APPROVERS, gettext_noop("return this verdict")),
        unblinded(facts, person),
        may_step(facts, Step.RETURN),
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
        return no("inactive", _("This account is switched off, so it cannot approve."))
    if version is not None and version != facts.version:
        return no(
            "stale",
            _(
                "There is a newer version of this verdict than the one you were shown. Open it and read what changed."
            ),
        )
    if person.id in facts.authors:
        return no(
            "author",
            _("You wrote this verdict, and nobody approves their own. %(who)s")
            % {"who": could(facts, APPROVERS, besides=others)},
        )
    role = in_role(facts, person, APPROVERS, gettext_noop("approve verdicts"))
    if not role:
        return role
    blind = unblinded(facts, person)
    if not blind:
        return blind
    if kind not in person.may_give:
        able = [
            m.name for m in facts.members if m.has(*APPROVERS) and kind in m.may_give and m.id not in others
        ]
        who = _("Nobody else on this desk does at the moment.")
        if able:
            who = ngettext("%(names)s could.", "%(names)s could.", len(able)) % {"names": or_of(able[:3])}
        return no("kind", _("You do not give %(kind)s approvals. %(who)s") % {"kind": kind.label, "who": who})
    state = may_step(facts, Step.APPROVE)
    if not state:
        return state
    if any(a.person == person.id for a in facts.approvals):
        return no(
            "twice",
            _("You have approved this version already. %(who)s")
            % {"who": could(facts, APPROVERS, besides=others)},
        )
    if facts.version is None:
        return no("no_version", _("There is no submitted version to approve."))
    if person.id not in facts.opened_by:
        return no(
            "not_opened",
            _("You have not opened this version yet. Read it beside its sources; then it can be approved."),
        )
    if approvals_missing(facts).get(kind, 0) < 1:
        return no(
            "not_needed",
            _("The desk asks for no further %(kind)s approval of this version.") % {"kind": kind.label},
        )
    panel = waits_for_panel(facts)
    if not panel:
        return panel
    unread = unread_sources(facts, person.id)
    if unread and facts.refuses_unread:
        return no(
            "unread",
            _(
                "%(sources)s not ticked as opened and matching. This desk takes approvals only with every source"
                " ticked: open each, and tick it or return the verdict."
            )
            % {"sources": _named(unread)},
        )
    if unread and unread_reason is not None and not unread_reason.strip():
        return no(
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
        approved = no(
            "not_approved",
            _("It is not approved yet: %(what)s missing. %(who)s")
            % {"what": what, "who": could(facts, APPROVERS, besides=facts.authors)},
        )
    elif not facts.needed or sum(facts.needed.values()) < 1:
        approved = no(
            "no_rule",
            _("This desk asks for no approval at all, so nothing can be published. Set at least one."),
        )
    held = YES
    if person is None and (facts.held or facts.mode is PublishMode.ON_RELEASE):
        held = no("held", _("It is held: a desk editor releases it."))
    who = (
        YES
        if person is None
        else in_role(facts, person, (Role.DESK_EDITOR, Role.REVIEWER), gettext_noop("publish"))
    )
    merged = (
        no("merged", _("This claim was merged into another one; publish there."))
        if facts.claim_merged
        else YES
    )
    return all_of(who, merged, may_step(facts, Step.PUBLISH), approved, held)


def may_hold(facts: ReviewFacts, person: Member) -> Decision:
    """Set the time of publication, hold it, or lift the hold."""
    if facts.state not in (ReviewState.AWAITING_APPROVAL, ReviewState.APPROVED):
        return no(
            "wrong_state",
            _("This review %(is)s; there is no publication to plan.") % {"is": _(STATE_WORDS[facts.state])},
        )
    return in_role(facts, person, (Role.DESK_EDITOR, Role.REVIEWER), gettext_noop("plan its publication"))


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
