"""Gathers from the tables what the policy asks about one review; decides nothing itself."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from claims.models.desks import Desk, Membership
from claims.models.factchecks import FactCheck
from claims.models.kept import kept
from claims.models.panels import Opinion
from claims.models.reviews import (
    Approval,
    CitationReading,
    Review,
    Verdict,
    VerdictAuthor,
    VerdictReading,
)
from claims.models.together import Asking, answered
from claims.models.users import User
from claims.review.facts import ApprovalGiven, Draft, Member, OpinionFacts, PanelFacts, ReviewFacts
from claims.review.policy import needed_for
from claims.review.states import PublishMode
from claims.vocabulary import (
    ApprovalKind,
    CheckStatus,
    PanelOutcome,
    PanelRule,
    ReleaseKind,
    ReviewState,
    Role,
)

# Legal approvals are a desk editor's: there is no role of its own for them.
_GIVES_LEGAL = frozenset({Role.DESK_EDITOR})


def member(desk: Desk, user: User) -> Member:
    """Return this person as a member of the desk, with whatever roles they hold there (perhaps none)."""
    return _member(user, desk.roles_of(user))


def with_people(desk: Desk) -> Desk:
    """Load who works at a desk, in one statement, for a page that asks several times what its people may do."""
    return answered(ask_people(desk))


def ask_people(desk: Desk) -> Asking[Desk]:
    """Ask for what ``with_people`` loads, beside other parts of a page."""
    asked = _memberships(desk.pk)
    yield [asked]
    rows = desk.memberships.all()
    rows._result_cache = list(asked)
    for row in asked:
        row.desk = desk
    desk._prefetched_objects_cache = {**getattr(desk, "_prefetched_objects_cache", {}), "memberships": rows}  # type: ignore[attr-defined]
    desk.people_are_loaded = True
    return desk


@kept
def _memberships(desk: int) -> QuerySet[Membership]:
    rows = Membership.objects.filter(desk=desk).select_related("user")
    return rows.order_by("user__display_name", "user_id", "role", "id")


def members(desk: Desk) -> tuple[Member, ...]:
    """Return the desk's active people by name."""
    if desk.people_are_loaded:
        return _members(row for row in desk.memberships.all() if row.user.is_active)
    return _members(_at_work(desk.pk))


@kept
def _at_work(desk: int) -> QuerySet[Membership]:
    rows = Membership.objects.filter(desk=desk, user__is_active=True)
    return rows.select_related("user").order_by("user__display_name", "user_id", "role")


def _members(rows: Iterable[Membership]) -> tuple[Member, ...]:
    roles: dict[int, set[Role]] = defaultdict(set)
    people: dict[int, User] = {}
    for row in rows:
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


def latest_verdicts(reviews: Iterable[Review]) -> dict[int, Verdict]:
    """Return the newest submitted version of each review, by review id."""
    newer = Verdict.objects.filter(review=OuterRef("review"), number__gt=OuterRef("number"))
    rows = Verdict.objects.filter(~Exists(newer), review__in=[review.pk for review in reviews])
    return {row.review_id: row for row in rows.select_related("rating__scale").order_by("pk")}


def review_facts(
    review: Review, *, draft: Draft | None = None, now: dt.datetime | None = None
) -> ReviewFacts:
    """Gather one review as the policy sees it; ``draft`` is what is about to be submitted, if anything."""
    facts = review_facts_of([review], now=now)[review.pk]
    return replace(facts, draft=draft) if draft is not None else facts


def review_facts_of(reviews: Iterable[Review], *, now: dt.datetime | None = None) -> dict[int, ReviewFacts]:
    """Gather reviews as the policy sees them, by id, in as many statements for many as for one of a desk.

    Reads ``desk`` and ``claim`` of each: load them with the reviews.
    """
    return answered(ask_review_facts_of(reviews, now=now))


def ask_review_facts(review: Review, *, now: dt.datetime | None = None) -> Asking[ReviewFacts]:
    """Ask for what ``review_facts`` returns of what is stored, beside other parts of a page."""
    found = yield from ask_review_facts_of([review], now=now)
    return found[review.pk]


def ask_review_facts_of(
    reviews: Iterable[Review], *, now: dt.datetime | None = None
) -> Asking[dict[int, ReviewFacts]]:
    """Ask for what ``review_facts_of`` returns, beside other parts of a page."""
    now = now or timezone.now()
    rows = list(reviews)
    ids = [review.pk for review in rows]
    columns, shown = _versions(ids), _published([review.claim_id for review in rows])
    # Of every version, though only the newest counts: which that is comes back by the same statement.
    written, read, given, ticked_rows = _authors(ids), _readers(ids), _approvals(ids), _ticks(ids)
    desks = {review.desk_id: review.desk for review in rows}
    at_work = {pk: _at_work(pk) for pk, desk in desks.items() if not desk.people_are_loaded}
    opinions = _opinions([review.pk for review in rows if review.desk.panels != PanelRule.OFF])
    yield [columns, shown, written, read, given, ticked_rows, opinions, *at_work.values()]
    newest: dict[int, tuple[int, int]] = {}
    citations: dict[int, tuple[int, ...]] = {}
    for one, pk, version_number, cited in columns:
        newest[one], citations[one] = (pk, version_number), tuple(cited)
    checks = {claim: (status, latest, number) for claim, status, latest, number in shown}
    authors, readers = _by_version(written), _by_version(read)
    approvals: dict[int, list[ApprovalGiven]] = defaultdict(list)
    for row in given:
        approvals[row.verdict_id].append(ApprovalGiven(row.user_id, ApprovalKind(row.kind)))
    ticked = _ticked(ticked_rows)
    panels = _panels(opinions)
    people = {pk: _members(at_work[pk]) if pk in at_work else members(desk) for pk, desk in desks.items()}
    found = {}
    for review in rows:
        verdict, version = newest.get(review.pk, (0, None))
        status, latest, number = checks.get(review.claim_id, (None, None, None))
        leased = review.lease_until is not None and review.lease_until > now
        found[review.pk] = ReviewFacts(
            state=ReviewState(review.state),
            version=version,
            authors=frozenset(authors.get(verdict, ())),
            opened_by=frozenset(readers.get(verdict, ())),
            approvals=tuple(approvals.get(verdict, ())),
            citations=citations.get(review.pk, ()),
            ticked={person: frozenset(ids) for person, ids in ticked.get(verdict, {}).items()},
            refuses_unread=review.desk.unread_sources == Desk.UnreadSources.REFUSED,
            needed=needed(review),
            members=people[review.desk_id],
            assignee=review.assignee_id,
            lease_holder=review.lease_user_id if leased else None,
            mode=mode(review),
            held=review.held,
            check=CheckStatus(status) if status and latest else None,
            published_version=number,
            claim_merged=review.claim.merged_into_id is not None,
            release_kind=ReleaseKind(review.release_kind),
            panels=PanelRule(review.desk.panels),
            panel=panels.get(review.pk),
        )
    return found


@kept
def _versions(reviews: list[int]) -> QuerySet[Any, Any]:
    rows = Verdict.objects.filter(review__in=reviews).order_by("review_id", "number")
    return rows.values_list("review_id", "pk", "number", "citations")


@kept
def _published(claims: list[int]) -> QuerySet[Any, Any]:
    rows = FactCheck.objects.filter(claim__in=claims).order_by("pk")
    return rows.values_list("claim_id", "status", "latest_id", "latest__verdict__number")


@kept
def _authors(reviews: list[int]) -> QuerySet[Any, Any]:
    rows = VerdictAuthor.objects.filter(verdict__review__in=reviews).order_by("pk")
    return rows.values_list("verdict_id", "user_id")


@kept
def _readers(reviews: list[int]) -> QuerySet[Any, Any]:
    rows = VerdictReading.objects.filter(verdict__review__in=reviews).order_by("pk")
    return rows.values_list("verdict_id", "user_id")


@kept
def _approvals(reviews: list[int]) -> QuerySet[Approval]:
    return Approval.objects.filter(verdict__review__in=reviews).order_by("id")


@kept
def _ticks(reviews: list[int]) -> QuerySet[Any, Any]:
    rows = CitationReading.objects.filter(verdict__review__in=reviews, ticked_at__isnull=False)
    return rows.order_by("pk").values_list("verdict_id", "user_id", "evidence_id")


@kept
def _opinions(reviews: list[int]) -> QuerySet[Opinion]:
    """Ask for the opinions of all panels of these reviews, as ``_panels`` takes them; nothing is asked for none."""
    rows = Opinion.objects.filter(panel__review__in=reviews).order_by("panel_id", "id")
    return rows.select_related("panel__rating", "reader", "rating", "first_rating")


def _panels(rows: Iterable[Opinion]) -> dict[int, PanelFacts]:
    """Return the newest panel of each review; what was said in it only where it has ended."""
    said: dict[int, list[Opinion]] = defaultdict(list)
    for row in rows:
        said[row.panel_id].append(row)
    found = {}
    for opinions in said.values():
        panel = opinions[0].panel
        found[panel.review_id] = PanelFacts(
            id=panel.pk,
            asked_by=panel.asked_by_id,
            needed=panel.needed,
            opinions=tuple(_opinion(row, ended=panel.closed_at is not None) for row in opinions),
            due_at=panel.due_at,
            closed_at=panel.closed_at,
            outcome=PanelOutcome(panel.outcome) if panel.outcome else None,
            rating=panel.rating_id,
            label=panel.rating.label if panel.rating is not None else "",
            finding=panel.rating.finding if panel.rating is not None else "",
        )
    return found


def _opinion(row: Opinion, *, ended: bool) -> OpinionFacts:
    known = OpinionFacts(
        reader=row.reader_id,
        name=row.reader.display_name,
        given=row.given_at is not None,
        declined=row.declined_at is not None,
        had_seen=row.had_seen,
    )
    if not ended or row.rating is None:
        return known
    changed = row.first_rating is not None and row.first_rating_id != row.rating_id
    return replace(
        known,
        rating=row.rating.label,
        finding=row.rating.finding,
        reason=row.reason,
        first=row.first_rating.label if changed and row.first_rating is not None else "",
        set_aside=row.set_aside,
    )


def _ticked(rows: Iterable[tuple[int, int, int]]) -> dict[int, dict[int, set[int]]]:
    """Return by version and person the sources they ticked."""
    found: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for verdict, user, evidence in rows:
        found[verdict][user].add(evidence)
    return found


def _by_version(rows: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for verdict, user in rows:
        found[verdict].add(user)
    return found


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


__all__ = [
    "latest_verdict",
    "latest_verdicts",
    "member",
    "members",
    "mode",
    "needed",
    "review_facts",
    "review_facts_of",
]
