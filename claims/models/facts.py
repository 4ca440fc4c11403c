"""Gathers from the tables what the policy asks about one review; decides nothing itself."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.utils import timezone

from claims.models.desks import Desk, Membership
from claims.models.factchecks import FactCheck
from claims.models.reviews import Approval, Review, Verdict, VerdictAuthor, VerdictReading
from claims.models.users import User
from claims.review.facts import ApprovalGiven, Draft, Member, ReviewFacts
from claims.review.policy import needed_for
from claims.review.states import PublishMode
from claims.vocabulary import ApprovalKind, CheckStatus, ReleaseKind, ReviewState, Role

# Legal approvals are a desk editor's: there is no role of its own for them.
_GIVES_LEGAL = frozenset({Role.DESK_EDITOR})


def member(desk: Desk, user: User) -> Member:
    """Return this person as a member of the desk, with whatever roles they hold there (perhaps none)."""
    return _member(user, desk.roles_of(user))


def members(desk: Desk) -> tuple[Member, ...]:
    """Return the desk's active people by name."""
    roles: dict[int, set[Role]] = defaultdict(set)
    people: dict[int, User] = {}
    rows = Membership.objects.filter(desk=desk, user__is_active=True).select_related("user")
    for row in rows.order_by("user__display_name", "user_id"):
        people[row.user_id] = row.user
        roles[row.user_id].add(Role(row.role))
    return tuple(_member(person, frozenset(roles[pk])) for pk, person in people.items())


def latest_verdict(review: Review) -> Verdict | None:
    """Return the newest submitted version of this review."""
    return Verdict.objects.filter(review=review).order_by("-number").first()


def needed(review: Review) -> dict[ApprovalKind, int]:
    """Return how many approvals of which kind the desk asks for before this review may be published."""
    desk = review.desk
    asked = {
        ApprovalKind.EDITORIAL: desk.editorial_approvals,
        ApprovalKind.LEGAL: desk.legal_approvals,
    }
    return needed_for(ReleaseKind(review.release_kind), asked)


def mode(review: Review) -> PublishMode:
    """Return what follows the last approval: a time set for this review goes before the desk's habit."""
    if review.publish_at is not None:
        return PublishMode.AT_TIME
    if review.desk.publish_mode == Desk.AfterApproval.HOLD:
        return PublishMode.ON_RELEASE
    return PublishMode.AT_ONCE


def review_facts(
    review: Review, *, draft: Draft | None = None, now: dt.datetime | None = None
) -> ReviewFacts:
    """Gather one review as the policy sees it; ``draft`` is what is about to be submitted, if anything."""
    now = now or timezone.now()
    verdict = latest_verdict(review)
    check = FactCheck.objects.filter(claim_id=review.claim_id).select_related("latest__verdict").first()
    shown = check.latest.verdict if check and check.latest else None
    leased = review.lease_until is not None and review.lease_until > now
    return ReviewFacts(
        state=ReviewState(review.state),
        version=verdict.number if verdict else None,
        authors=_people(VerdictAuthor, verdict),
        opened_by=_people(VerdictReading, verdict),
        approvals=tuple(
            ApprovalGiven(row.user_id, ApprovalKind(row.kind))
            for row in (Approval.objects.filter(verdict=verdict).order_by("id") if verdict else ())
        ),
        needed=needed(review),
        members=members(review.desk),
        draft=draft or Draft(),
        assignee=review.assignee_id,
        lease_holder=review.lease_user_id if leased else None,
        mode=mode(review),
        held=review.held,
        check=CheckStatus(check.status) if check and check.latest else None,
        published_version=shown.number if shown else None,
        claim_merged=review.claim.merged_into_id is not None,
    )


def _people(model: type[VerdictAuthor] | type[VerdictReading], verdict: Verdict | None) -> frozenset[int]:
    if verdict is None:
        return frozenset()
    return frozenset(model._default_manager.filter(verdict=verdict).values_list("user_id", flat=True))


def _member(person: User, roles: frozenset[Role]) -> Member:
    gives = {ApprovalKind.EDITORIAL}
    if roles & _GIVES_LEGAL:
        gives.add(ApprovalKind.LEGAL)
    return Member(
        id=person.pk,
        name=person.display_name,
        roles=roles,
        active=person.is_active,
        may_give=frozenset(gives),
    )


__all__ = ["latest_verdict", "member", "members", "mode", "needed", "review_facts"]
