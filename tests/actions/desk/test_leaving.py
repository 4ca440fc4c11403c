"""What becomes of the work of somebody who leaves a desk? It goes back to the others, and keeps its author."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from claims.actions.claims import changes as claim_actions
from claims.actions.desk import accounts
from claims.actions.review import verdicts as review
from claims.actions.review.handing import take_over
from claims.models import AuditEvent, Review
from claims.vocabulary import Role
from tests.checks_made import checked_claim, current, submitted
from tests.conftest import NOW
from tests.people import Cast

pytestmark = pytest.mark.django_db
State = Review.State


def remove(cast: Cast) -> None:
    accounts.set_roles(actor=cast.dana, desk=cast.desk, user=cast.ada, roles=[], now=NOW)


def close(cast: Cast) -> None:
    accounts.deactivate(actor=cast.dana, desk=cast.desk, user=cast.ada, now=NOW)


def leave(cast: Cast) -> None:
    accounts.leave(actor=cast.ada, desk=cast.desk, now=NOW)


def demote(cast: Cast) -> None:
    accounts.set_roles(actor=cast.dana, desk=cast.desk, user=cast.ada, roles=[Role.CONTRIBUTOR], now=NOW)


WAYS = pytest.mark.parametrize("goes", [remove, close, leave, demote])


@WAYS
def test_claims_in_hand_go_back_to_the_queue(goes: Callable[[Cast], None], cast: Cast) -> None:
    row = current(checked_claim(cast))
    claim_actions.take_lease(actor=cast.ada, review=row, now=NOW)
    goes(cast)
    row = Review.objects.get(pk=row.pk)
    assert (row.state, row.assignee, row.lease_user, row.lease_until) == (State.QUEUED, None, None, None)
    assert AuditEvent.objects.filter(verb="review.put_back", object_id=row.pk).exists()
    # And somebody else can take it at once.
    claim_actions.take_lease(actor=cast.ben, review=row, now=NOW)


@WAYS
def test_an_assigned_claim_is_free_again(goes: Callable[[Cast], None], cast: Cast) -> None:
    row = current(checked_claim(cast))
    claim_actions.assign(actor=cast.carla, review=row, to=cast.ada, now=NOW)
    goes(cast)
    row = Review.objects.get(pk=row.pk)
    assert (row.state, row.assignee) == (State.QUEUED, None)
    assert AuditEvent.objects.filter(verb="review.assigned", object_id=row.pk, after="").exists()


@WAYS
def test_a_lease_on_a_claim_of_somebody_else_ends(goes: Callable[[Cast], None], cast: Cast) -> None:
    row = current(checked_claim(cast))
    claim_actions.assign(actor=cast.carla, review=row, to=cast.ben, now=NOW)
    take_over(actor=cast.ada, review=current(row.claim), now=NOW)
    goes(cast)
    row = Review.objects.get(pk=row.pk)
    assert (row.state, row.assignee, row.lease_user) == (State.IN_PROGRESS, cast.ben, None)


@WAYS
def test_a_submitted_verdict_stays_and_comes_back_to_nobody(goes: Callable[[Cast], None], cast: Cast) -> None:
    verdict = submitted(cast)
    assert verdict.created_by == cast.ada
    goes(cast)
    row = Review.objects.get(pk=verdict.review_id)
    assert (row.state, row.assignee) == (State.AWAITING_APPROVAL, None)
    review.return_verdict(actor=cast.ben, verdict=verdict, comment="Name the source.", now=NOW)
    row = Review.objects.get(pk=verdict.review_id)
    assert row.assignee is None
    assert list(verdict.authors.values_list("user_id", flat=True)) == [cast.ada.pk]


def test_a_verdict_comes_back_to_its_author_who_works_here(cast: Cast) -> None:
    verdict = submitted(cast)
    review.return_verdict(actor=cast.ben, verdict=verdict, comment="Name the source.", now=NOW)
    assert Review.objects.get(pk=verdict.review_id).assignee == cast.ada


def test_other_roles_change_nothing_in_hand(cast: Cast) -> None:
    row = current(checked_claim(cast))
    claim_actions.take_lease(actor=cast.ada, review=row, now=NOW)
    accounts.set_roles(actor=cast.dana, desk=cast.desk, user=cast.ada, roles=[Role.REVIEWER], now=NOW)
    row = Review.objects.get(pk=row.pk)
    assert (row.state, row.assignee, row.lease_user) == (State.IN_PROGRESS, cast.ada, cast.ada)
