"""Sources of a version are opened, then ticked; who approves with one unread says why, on every path."""

from __future__ import annotations

import pytest

from claims.actions import base
from claims.actions.desk.settings import change_desk
from claims.actions.review import bulk, readings
from claims.actions.review import verdicts as review
from claims.models import (
    Approval,
    AuditDetail,
    AuditEvent,
    CitationReading,
    Document,
    Evidence,
    Review,
    Verdict,
)
from tests import builders
from tests.checks_made import read_whole, submitted
from tests.conftest import NOW
from tests.people import Cast

pytestmark = pytest.mark.django_db


def opened(cast: Cast) -> tuple[Verdict, int]:
    """Return a version that Ben has opened, none of its sources, and its one source."""
    verdict = submitted(cast)
    review.open_verdict(actor=cast.ben, verdict=verdict, now=NOW)
    return verdict, verdict.citations[0]


def state(verdict: Verdict) -> str:
    return Review.objects.get(pk=verdict.review_id).state


def test_a_source_is_opened_before_it_is_ticked_and_both_are_logged(cast: Cast) -> None:
    verdict, source = opened(cast)
    with pytest.raises(base.Refused, match="have not opened source"):
        readings.tick_citation(actor=cast.ben, verdict=verdict, evidence=source, now=NOW)
    for _way in range(2):
        readings.open_source(actor=cast.ben, verdict=verdict, evidence=source, now=NOW)
    assert CitationReading.objects.get().ticked_at is None
    for _way in range(2):
        readings.tick_citation(actor=cast.ben, verdict=verdict, evidence=source, now=NOW)
    assert CitationReading.objects.get().ticked_at == NOW
    readings.tick_citation(actor=cast.ben, verdict=verdict, evidence=source, matches=False, now=NOW)
    assert CitationReading.objects.get().ticked_at is None
    verbs = (
        AuditEvent.objects.filter(verb__startswith="citation.").order_by("id").values_list("verb", "actor_id")
    )
    assert list(verbs) == [
        (verb, cast.ben.pk) for verb in ("citation.opened", "citation.ticked", "citation.unticked")
    ]


@pytest.mark.parametrize("who", ["otto", "stranger source"])
def test_what_is_not_cited_or_not_ones_own_to_read_is_neither_opened_nor_ticked(cast: Cast, who: str) -> None:
    verdict, source = opened(cast)
    actor = cast.otto if who == "otto" else cast.ben
    wanted = source if who == "otto" else source + 999
    for act in (readings.open_source, readings.tick_citation):
        with pytest.raises(base.Refused):
            act(actor=actor, verdict=verdict, evidence=wanted, now=NOW)
    assert not CitationReading.objects.exists()


def test_ticks_are_each_persons_and_each_versions_own(cast: Cast) -> None:
    verdict, _source = opened(cast)
    read_whole(actor=cast.carla, verdict=verdict, now=NOW)
    with pytest.raises(base.Refused, match=r"Source \[1\] is not ticked"):
        review.approve(actor=cast.ben, verdict=verdict, now=NOW)
    assert state(verdict) == "awaiting_approval"


@pytest.mark.parametrize("reason", ["", " ", "\n\t", "\u00a0"])
def test_an_approval_with_an_unread_source_needs_a_reason(cast: Cast, reason: str) -> None:
    verdict, source = opened(cast)
    readings.open_source(actor=cast.ben, verdict=verdict, evidence=source, now=NOW)
    with pytest.raises(base.Refused, match="say why you approve"):
        review.approve(actor=cast.ben, verdict=verdict, unread_reason=reason, comment="A comment", now=NOW)
    assert not Approval.objects.exists()
    assert state(verdict) == "awaiting_approval"


def test_the_reason_is_kept_and_logged(cast: Cast) -> None:
    verdict, _source = opened(cast)
    review.approve(actor=cast.ben, verdict=verdict, unread_reason=" Read it on paper. ", now=NOW)
    approval = Approval.objects.get()
    assert (approval.unread, approval.unread_reason) == ([1], "Read it on paper.")
    assert state(verdict) == "published"
    event = AuditEvent.objects.get(verb="verdict.approved")
    assert AuditDetail.objects.get(event=event).data["unread_reason"] == "Read it on paper."


def test_with_every_source_ticked_no_reason_is_asked_for_or_kept(cast: Cast) -> None:
    verdict, _source = opened(cast)
    read_whole(actor=cast.ben, verdict=verdict, now=NOW)
    review.approve(actor=cast.ben, verdict=verdict, unread_reason="Left over.", now=NOW)
    assert (Approval.objects.get().unread, Approval.objects.get().unread_reason) == ([], "")


def test_a_tick_taken_back_counts_no_more(cast: Cast) -> None:
    verdict, source = opened(cast)
    read_whole(actor=cast.ben, verdict=verdict, now=NOW)
    readings.tick_citation(actor=cast.ben, verdict=verdict, evidence=source, matches=False, now=NOW)
    with pytest.raises(base.Refused):
        review.approve(actor=cast.ben, verdict=verdict, now=NOW)


def test_a_desk_may_refuse_it_whatever_the_reason(cast: Cast) -> None:
    change_desk(actor=cast.dana, desk=cast.desk, values={"unread_sources": "refused"})
    verdict, _source = opened(cast)
    with pytest.raises(base.Refused, match="only with every source ticked"):
        review.approve(actor=cast.ben, verdict=verdict, unread_reason="On paper.", now=NOW)
    read_whole(actor=cast.ben, verdict=verdict, now=NOW)
    review.approve(actor=cast.ben, verdict=verdict, now=NOW)
    assert state(verdict) == "published"


@pytest.mark.parametrize("rule", ["reason", "refused"])
def test_in_bulk_the_rule_is_the_same_and_the_preview_says_so(cast: Cast, rule: str) -> None:
    change_desk(actor=cast.dana, desk=cast.desk, values={"unread_sources": rule})
    verdict, _source = opened(cast)
    claims = [verdict.claim_id]
    plan = bulk.approve_many(actor=cast.ben, claims=claims, dry_run=True, now=NOW)
    report = bulk.approve_many(actor=cast.ben, claims=claims, now=NOW)
    for rows in (plan.rows, report.rows):
        (row,) = rows
        assert "not ticked" in row.why
    assert state(verdict) == "awaiting_approval"
    read_whole(actor=cast.ben, verdict=verdict, now=NOW)
    bulk.approve_many(actor=cast.ben, claims=claims, now=NOW)
    assert state(verdict) == "published"


def test_a_source_that_the_approver_may_not_read_stays_unread(cast: Cast) -> None:
    verdict, source = opened(cast)
    document = builders.article(cast).document
    Document.objects.filter(pk=document.pk).update(visibility=Document.Visibility.NAMED)
    Evidence.objects.filter(pk=source).update(document=document)
    with pytest.raises(base.NotAllowed, match="named people"):
        readings.open_source(actor=cast.ben, verdict=verdict, evidence=source, now=NOW)
