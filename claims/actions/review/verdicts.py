"""How does a verdict come to be approved? Drafts, submitted versions, approvals, returns, proposals.

A submitted version never changes: every later word makes the next version, and approvals belong to one
version only. Nobody approves a version whose words they wrote, nor one made from such a version. Publication
itself is ``publish``'s.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base, telling, transitions
from claims.actions.claims import claimants
from claims.actions.publishing import publish
from claims.actions.publishing.payload import cited_ids
from claims.actions.review import verdict_parts
from claims.actions.review.drafts import base_verdict, draft_of, save_draft
from claims.actions.review.verdict_text import VerdictData, clean
from claims.models import (
    Approval,
    Notice,
    Point,
    Review,
    User,
    Verdict,
    VerdictAuthor,
    VerdictDraft,
    VerdictReading,
)
from claims.models.facts import latest_verdict, review_facts
from claims.review import policy, whose_work
from claims.review.states import Step, after
from claims.vocabulary import ApprovalKind

COMMENT = 5_000


@transaction.atomic
def submit_verdict(
    *, actor: User, review: Review, data: VerdictData, now: dt.datetime | None = None
) -> Verdict:
    """Store a new immutable version and hand it in for approval; says everything that is missing at once.

    A claim still in the queue is taken first. A wording that differs from the claim's is confirmed by being
    submitted. A second click gets the version of the first.
    """
    return submit(actor=actor, review=review, data=data, now=now or timezone.now())


def submit(
    *,
    actor: User,
    review: Review,
    data: VerdictData,
    now: dt.datetime,
    author_of: Iterable[Verdict] = (),
) -> Verdict:
    """Do what ``submit_verdict`` says inside the caller's transaction.

    ``author_of`` are further versions the words were taken from: their authors cannot approve either.
    """
    review = transitions.lock(review)
    data = data.cleaned()
    again = _submitted_already(review, actor, data)
    if again is not None:
        return again
    review = _taken(review, actor, now=now)
    claim = verdict_parts.worded(review.claim, actor, data, now=now)
    review.claim = claim
    source = base_verdict(review)
    rating = verdict_parts.rating(review, data, source)
    texts = verdict_parts.texts_of(data)
    citations = cited_ids(*texts)
    held = verdict_parts.holding(claim, citations, actor, source)
    broken = verdict_parts.broken(held, citations, texts)
    changed = verdict_parts.changed_kind(review, data)
    if changed:
        review = transitions.swap(review, now=now, **changed)
    draft = verdict_parts.draft(claim, data, rating, citations, broken)
    bases = [one.pk for one in (source, *author_of) if one is not None]
    authors = {actor.pk, *VerdictAuthor.objects.filter(verdict__in=bases).values_list("user_id", flat=True)}
    # Words that were handed on keep those who wrote them.
    for writers in VerdictDraft.objects.filter(review=review, user=actor).values_list("writers", flat=True):
        authors |= set(User.objects.filter(pk__in=writers).values_list("pk", flat=True))
    facts, person = transitions.gather(review, actor, draft=draft, now=now)
    facts = dataclasses.replace(facts, authors=frozenset(authors))
    transitions.insist(policy.may_submit(facts, person))
    verdict_parts.insist_citations_stand_right(data)
    if rating is None:  # may_submit has asked for one
        raise base.Refused(_("Choose a rating."))
    review.claim = claim
    verdict = verdict_parts.unstored(review, actor, data, rating, latest_verdict(review), now)
    verdict.save(force_insert=True)
    Point.objects.bulk_create(
        Point(verdict=verdict, number=number, question=question, answer=answer, finding=finding)
        for number, (question, answer, finding) in enumerate(data.points, start=1)
    )
    VerdictAuthor.objects.bulk_create(VerdictAuthor(verdict=verdict, user_id=pk) for pk in sorted(authors))
    verdict_parts.cite(claim, citations, actor, now=now)
    # Who hands a verdict in stands for what it names; others can read and approve it from here on.
    claimants.confirm(claim.claimant)
    # Nobody shall be asked to approve what could not be published.
    _check, content = publish.prepare(review, verdict, now=now)
    before = review.state
    fresh = transitions.swap(
        review,
        now=now,
        state=after(Step.SUBMIT, facts.state).value,
        lease_user=None,
        lease_until=None,
        returned_note="",
        assignee_id=review.assignee_id or actor.pk,
    )
    VerdictDraft.objects.filter(review=review, user=actor).delete()
    base.audit(
        "verdict.submitted",
        verdict,
        actor=actor,
        desk=fresh.desk,
        claim_id=claim.pk,
        before=before,
        after=fresh.state,
        now=now,
        number=verdict.number,
        content=content.to_dict(),
        proposed_by=data.proposed_by.pk if data.proposed_by else None,
    )
    return verdict


@transaction.atomic
def open_verdict(*, actor: User, verdict: Verdict, now: dt.datetime | None = None) -> VerdictReading:
    """Note that this person has this version before them as the public will read it."""
    now = now or timezone.now()
    if not verdict.desk.roles_of(actor):
        raise base.NotAllowed(_("Only members of the desk can open its verdicts."))
    reading, _made = VerdictReading.objects.get_or_create(
        verdict=verdict, user=actor, defaults={"created_at": now}
    )
    return reading


def kind_of_approval(kind: str) -> ApprovalKind:
    """Return the approval that a word names; raise Refused where there is none."""
    try:
        return ApprovalKind(kind)
    except ValueError as problem:
        raise base.Refused(_("There is no “%(kind)s” approval.") % {"kind": kind}) from problem


@transaction.atomic
def approve(
    *,
    actor: User,
    verdict: Verdict,
    kind: str = "editorial",
    comment: str = "",
    unread_reason: str = "",
    publish_at: dt.datetime | None = None,
    now: dt.datetime | None = None,
) -> Review:
    """Sign one version off; the last approval that is needed publishes at once, at a time, or holds.

    ``unread_reason`` is why somebody approves who has not ticked every source; it is kept and logged, and some
    desks take none. A double click finds the approval given and changes nothing. Raises NotAllowed for authors,
    Stale where a newer version exists, Refused for who has not opened it or left sources unread without a reason.
    """
    now = now or timezone.now()
    review = transitions.lock(verdict.review)
    if Approval.objects.filter(verdict=verdict, user=actor).exists():
        return review
    chosen = kind_of_approval(kind)
    facts, person = transitions.gather(review, actor, now=now)
    reason = comment_text(unread_reason).strip()
    transitions.insist(
        policy.may_approve(facts, person, chosen, version=verdict.number, unread_reason=reason)
    )
    unread = policy.unread_sources(facts, actor.pk)
    publish.insist_unchanged(review, verdict, now=now)
    last = policy.completes(facts, chosen)
    try:
        with transaction.atomic():
            approval = Approval.objects.create(
                verdict=verdict,
                user=actor,
                kind=chosen.value,
                comment=comment_text(comment),
                unread=list(unread),
                unread_reason=reason if unread else "",
                created_at=now,
            )
    except IntegrityError as problem:
        # The database's own guard: an author, or a second approval by the same person.
        raise base.NotAllowed(
            _("This approval is not possible: you wrote this verdict or approved it already.")
        ) from (problem)
    values: dict[str, object] = {}
    if publish_at is not None:
        if publish_at <= now:
            raise base.Refused(_("That time of publication has passed. Choose a later one, or none."))
        values |= {"publish_at": publish_at, "held": False}
    if last:
        values["state"] = after(Step.APPROVE, facts.state).value
    before = review.state
    review = transitions.swap(review, now=now, **values)
    base.audit(
        "verdict.approved",
        verdict,
        actor=actor,
        desk=review.desk,
        claim_id=review.claim_id,
        before=before,
        after=review.state,
        now=now,
        approval=approval.pk,
        kind=chosen.value,
        comment=approval.comment,
        unread=approval.unread,
        unread_reason=approval.unread_reason,
    )
    if last:
        publish.release_if_due(review, actor=actor, now=now)
    return transitions.lock(review)


@transaction.atomic
def return_verdict(*, actor: User, verdict: Verdict, comment: str, now: dt.datetime | None = None) -> Review:
    """Send a submitted or approved version back to its authors, with a comment that says what is missing."""
    now = now or timezone.now()
    review = transitions.lock(verdict.review)
    _newest(review, verdict)
    transitions.permitted(review, actor, policy.may_return, now=now)
    comment = comment_text(comment)
    if not comment:
        raise base.Refused(_("Say in a sentence what should change, so that the author can go on."))
    back = _back(review, verdict, "verdict.returned", actor, Step.RETURN, comment=comment, now=now)
    authors = VerdictAuthor.objects.filter(verdict=verdict).order_by("user_id")
    telling.tell(
        Notice.Kind.SENT_BACK, desk=review.desk, users=authors.values_list("user_id", flat=True), actor=actor,
        now=now, claims=[review.claim_id], words=comment,
    )  # fmt: skip
    return back


@transaction.atomic
def recall_verdict(*, actor: User, verdict: Verdict, now: dt.datetime | None = None) -> Review:
    """Take one's own submitted version back to go on writing; its approvals fall away with it."""
    now = now or timezone.now()
    review = transitions.lock(verdict.review)
    _newest(review, verdict)
    transitions.permitted(review, actor, policy.may_recall, now=now)
    return _back(review, verdict, "verdict.recalled", actor, Step.RECALL, comment="", now=now)


@transaction.atomic
def propose_wording(
    *, actor: User, verdict: Verdict, data: VerdictData, comment: str = "", now: dt.datetime | None = None
) -> VerdictDraft:
    """Offer the authors other words for a submitted version; only an author can make them the next one."""
    now = now or timezone.now()
    review = transitions.lock(verdict.review)
    _newest(review, verdict)
    base.require(actor, review.desk, *base.APPROVERS, what=_("propose other words"))
    if VerdictAuthor.objects.filter(verdict=verdict, user=actor).exists():
        raise base.Refused(_("You wrote this version: recall it and change it."))
    if review.state not in (Review.State.AWAITING_APPROVAL, Review.State.APPROVED):
        raise base.Stale(
            _("This review is now %(state)s; there is no submitted version.")
            % {"state": review.get_state_display()}
        )
    data = data.cleaned()
    kept = {**data.to_dict(), "proposal": True, "comment": comment_text(comment)}
    draft, _made = VerdictDraft.objects.update_or_create(
        review=review, user=actor, defaults={"data": kept, "base": verdict, "updated_at": now}
    )
    base.audit(
        "verdict.proposal_made", verdict, actor=actor, desk=review.desk, claim_id=review.claim_id, now=now,
        comment=kept["comment"],
    )  # fmt: skip
    return draft


@transaction.atomic
def accept_proposal(*, actor: User, draft: VerdictDraft, now: dt.datetime | None = None) -> Verdict:
    """Make a proposal the next version; its proposer is recorded and does not become an author by it."""
    now = now or timezone.now()
    if not draft.data.get("proposal") or draft.base is None:
        raise base.Refused(_("This is a draft, not a proposal."))
    review = transitions.lock(draft.review)
    _newest(review, draft.base)
    transitions.permitted(review, actor, policy.may_recall, now=now)
    review = _back(review, draft.base, "verdict.recalled", actor, Step.RECALL, comment="", now=now)
    data = dataclasses.replace(VerdictData.from_dict(draft.data), proposed_by=draft.user)
    proposer = draft.user
    verdict = submit(actor=actor, review=review, data=data, now=now)
    VerdictDraft.objects.filter(pk=draft.pk).delete()
    base.audit(
        "verdict.proposal_accepted",
        verdict,
        actor=actor,
        desk=verdict.desk,
        claim_id=verdict.claim_id,
        now=now,
        proposed_by=proposer.pk,
    )
    return verdict


@transaction.atomic
def decline_proposal(*, actor: User, draft: VerdictDraft, now: dt.datetime | None = None) -> None:
    """Turn a proposal down; the submitted version stays as it is."""
    now = now or timezone.now()
    if not draft.data.get("proposal") or draft.base is None:
        raise base.Refused(_("This is a draft, not a proposal."))
    mine = VerdictAuthor.objects.filter(verdict=draft.base, user=actor).exists()
    if not mine and actor.pk != draft.user_id:
        raise base.NotAllowed(
            _("Only the authors of the version, or who made the proposal, can turn it down.")
        )
    subject = draft.base
    if VerdictDraft.objects.filter(pk=draft.pk).delete()[0]:
        base.audit(
            "verdict.proposal_declined",
            subject,
            actor=actor,
            desk=subject.desk,
            claim_id=subject.claim_id,
            now=now,
        )


def comment_text(text: str) -> str:
    """Return a comment as it is stored; raise Refused where it is too long."""
    text = clean(text)
    if len(text) > COMMENT:
        raise base.Refused(_("The comment is too long: at most %(limit)s characters.") % {"limit": COMMENT})
    return text


def _newest(review: Review, verdict: Verdict) -> None:
    newest = latest_verdict(review)
    if newest is None or newest.pk != verdict.pk:
        raise base.Stale(
            _("There is a newer version of this verdict (number %(newest)s). Look at that one.")
            % {"newest": newest.number if newest else 0}
        )


def _back(
    review: Review, verdict: Verdict, verb: str, actor: User, step: Step, *, comment: str, now: dt.datetime
) -> Review:
    before = review.state
    # Nothing waits for an author who works here no longer.
    author = User.objects.get(pk=verdict.created_by_id)
    works_here = not review.desk.roles_of(author).isdisjoint(base.WORKERS)
    fresh = transitions.swap(
        review,
        now=now,
        state=after(step, review_facts(review, now=now).state).value,
        returned_note=comment,
        assignee_id=verdict.created_by_id if works_here else None,
        publish_at=None,
        held=False,
    )
    base.audit(
        verb,
        verdict,
        actor=actor,
        desk=fresh.desk,
        claim_id=fresh.claim_id,
        before=before,
        after=fresh.state,
        now=now,
        comment=comment,
    )
    return fresh


def _submitted_already(review: Review, actor: User, data: VerdictData) -> Verdict | None:
    """Return the newest version where it is this very submission, sent twice."""
    if review.state == Review.State.IN_PROGRESS:
        return None
    newest = latest_verdict(review)
    return newest if verdict_parts.is_same(newest, actor, data) else None


def _taken(review: Review, actor: User, *, now: dt.datetime) -> Review:
    """Take a claim from the queue for whoever submits a verdict on it."""
    if review.state != Review.State.QUEUED:
        return review
    facts = transitions.permitted(review, actor, whose_work.may_start, now=now)
    fresh = transitions.swap(
        review,
        now=now,
        state=after(Step.START, facts.state).value,
        assignee_id=review.assignee_id or actor.pk,
    )
    base.audit(
        "review.started",
        fresh,
        actor=actor,
        desk=fresh.desk,
        claim_id=fresh.claim_id,
        before=Review.State.QUEUED,
        after=fresh.state,
        now=now,
    )
    return fresh


__all__ = [
    "VerdictData",
    "accept_proposal",
    "approve",
    "base_verdict",
    "decline_proposal",
    "draft_of",
    "open_verdict",
    "propose_wording",
    "recall_verdict",
    "return_verdict",
    "save_draft",
    "submit",
    "submit_verdict",
]
