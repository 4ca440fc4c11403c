"""Ways to a release, or to one too many, that no page offers and that the actions refuse all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from claims.actions import base
from claims.actions.publishing import publish
from claims.actions.publishing.imports import import_factcheck
from claims.actions.publishing.schedule import due_by_time
from claims.actions.review import verdicts as review
from claims.actions.review.verdict_text import VerdictData
from claims.models import AuditEvent, FactCheck, IndexEntry, Job, Match, Release, Review, guards
from tests.actions.publishing.test_publish import FOREIGN, LATER, hold_desk
from tests.builders import moment
from tests.checks_made import approved, checked_claim, current, published, submitted
from tests.conftest import NOW
from tests.people import Cast

pytestmark = pytest.mark.django_db


def test_the_clock_is_not_early(cast: Cast) -> None:
    planned = approved(cast, submitted(cast), publish_at=LATER)
    with pytest.raises(base.Refused, match="not come yet"):
        publish.publish(actor=None, review=planned, now=NOW)
    assert not Release.objects.exists()


def test_only_what_is_approved_and_not_held_is_due(cast: Cast) -> None:
    waiting = current(submitted(cast).claim)
    publish.publish_at(actor=cast.carla, review=waiting, at=LATER, now=NOW)
    assert due_by_time(LATER) == 0
    held = approved(cast, submitted(cast), publish_at=LATER)
    Review.objects.filter(pk=held.pk).update(held=True)
    assert due_by_time(LATER) == 0
    Review.objects.filter(pk=held.pk).update(held=False)
    assert due_by_time(LATER) == 1


def test_only_approvers_plan_a_publication(cast: Cast) -> None:
    hold_desk(cast)
    held = approved(cast, submitted(cast))
    for who in (cast.ada, cast.eli, cast.otto):
        with pytest.raises(base.NotAllowed):
            publish.publish_at(actor=who, review=held, at=LATER, now=NOW)


def test_a_source_that_was_rejected_meanwhile_stops_the_publication(cast: Cast) -> None:
    hold_desk(cast)
    verdict = submitted(cast)
    held = approved(cast, verdict)
    verdict.claim.evidence.update(rejected=True, cited=False)
    with pytest.raises(base.Refused, match="rejected meanwhile"):
        publish.publish(actor=cast.carla, review=held, now=NOW)


def test_nothing_is_published_over_a_withdrawn_check(cast: Cast) -> None:
    check = published(cast)
    opened = publish.start_correction(
        actor=cast.ada, factcheck=check, kind="correction", public_note="We had miscounted.", now=moment(1)
    )
    publish.withdraw(actor=cast.carla, factcheck=check, note="The source was forged.", now=moment(1))
    before = review.base_verdict(opened)
    assert before is not None
    data = VerdictData.from_verdict(before)
    with pytest.raises(base.Refused, match="withdrawn, which is final"):
        review.submit_verdict(actor=cast.ada, review=opened, data=data, now=moment(1))


def test_one_correction_at_a_time(cast: Cast) -> None:
    check = published(cast)
    given: dict[str, Any] = {
        "factcheck": check,
        "kind": "update",
        "public_note": "More is known.",
        "now": moment(1),
    }
    publish.start_correction(actor=cast.ada, **given)
    with pytest.raises(base.Stale, match="in the works already"):
        publish.start_correction(actor=cast.ben, **given)
    assert Review.objects.filter(claim=check.claim).count() == 2


def test_a_suspension_says_why_and_happens_once(cast: Cast) -> None:
    check = published(cast)
    with pytest.raises(base.Refused, match="needs a note"):
        publish.suspend(actor=cast.carla, factcheck=check, note="  ")
    first = publish.suspend(actor=cast.carla, factcheck=check, note="A doubt.")
    assert publish.suspend(actor=cast.carla, factcheck=check, note="A doubt.") == first
    assert Release.objects.filter(factcheck=check).count() == 2


def test_a_suspended_check_leaves_the_search(cast: Cast) -> None:
    check = published(cast)
    entry = IndexEntry.objects.get(collection="factchecks", object_id=check.pk)
    assert not entry.deleted
    publish.suspend(actor=cast.carla, factcheck=check, note="A doubt.")
    entry.refresh_from_db()
    assert entry.deleted


def test_a_release_that_differs_from_its_own_hash_is_not_carried_on(
    cast: Cast, drain: Callable[..., int]
) -> None:
    check = published(cast)
    assert check.latest is not None
    with guards.lifted():
        Release.objects.filter(pk=check.latest.pk).update(payload=check.latest.payload | {"headline": "Yes"})
    drain("fanout")
    job = Job.objects.get(kind="fanout")
    assert job.status == Job.Status.FAILED
    assert "differs from its own hash" in job.error


def test_claims_whose_match_was_rejected_are_not_told(cast: Cast, drain: Callable[..., int]) -> None:
    check = published(cast)
    Match.objects.create(claim=checked_claim(cast), factcheck=check, state=Match.State.REJECTED)
    publish.suspend(actor=cast.carla, factcheck=check, note="A doubt.")
    drain("fanout")
    assert not AuditEvent.objects.filter(verb="match.factcheck_changed").exists()


def test_each_desk_imports_for_itself(cast: Cast) -> None:
    ours = import_factcheck(actor=cast.ada, desk=cast.desk, raw=FOREIGN, now=NOW)
    theirs = import_factcheck(actor=cast.otto, desk=cast.other_desk, raw=FOREIGN, now=NOW)
    assert (ours.desk, theirs.desk) == (cast.desk, cast.other_desk)
    assert FactCheck.objects.filter(imported=True).count() == 2
