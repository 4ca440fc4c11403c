"""What people change about a claim after it was accepted, and whose work it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from claims.actions import base
from claims.actions.claims import changes as claims
from claims.models import (
    Appearance,
    AuditEvent,
    Claim,
    Evidence,
    IndexEntry,
    Job,
    Review,
    Verdict,
    VerdictAuthor,
)
from tests.builders import accepted, analysed, article, claim, suggestion
from tests.people import Cast

pytestmark = pytest.mark.django_db

State = Review.State


@pytest.fixture
def one(cast: Cast) -> Claim:
    return claim(cast, "The port had lost 300 jobs")


def review_of(row: Claim) -> Review:
    return row.reviews.get()


def in_state(row: Claim, state: str) -> Review:
    """Put a claim's review into a state that other actions lead to."""
    reason = "other" if state == State.CLOSED else ""
    Review.objects.filter(claim=row).update(state=state, closed_reason=reason)
    return review_of(row)


# --- what it says -------------------------------------------------------------------------------------------


def test_a_confirmed_wording_is_one_sentence_and_is_searched_again(cast: Cast, one: Claim) -> None:
    Job.objects.all().delete()
    claims.edit_wording(
        actor=cast.ben, claim=one, wording=" the port of Lenna\nlost 300 jobs ", expected_version=1
    )
    assert one.wording == "The port of Lenna lost 300 jobs."
    assert (one.wording_confirmed_by, one.wording_unresolved, one.version) == (cast.ben, [], 2)
    assert Job.objects.filter(kind="search").count() == 1
    event = AuditEvent.objects.get(verb="claim.wording_set")
    assert event.detail.data["old"] == "The port had lost 300 jobs."
    assert IndexEntry.objects.get(collection="claims", object_id=one.pk).version == 2


def test_confirming_a_wording_as_it_is_asks_no_new_question(cast: Cast, one: Claim) -> None:
    Job.objects.all().delete()
    claims.edit_wording(actor=cast.ada, claim=one, wording=one.wording)
    assert one.wording_confirmed_by == cast.ada
    assert not Job.objects.filter(kind="search").exists()


@pytest.mark.parametrize("wording", ["", " ", "…", "x " * 600])
def test_a_wording_without_words_or_without_end_is_refused(cast: Cast, one: Claim, wording: str) -> None:
    with pytest.raises(base.Refused):
        claims.edit_wording(actor=cast.ada, claim=one, wording=wording)


def test_the_claimant_is_linked_by_name_and_made_when_new(cast: Cast, one: Claim) -> None:
    same = claims.set_claimant(actor=cast.ada, claim=one, name="  ilse   BRANDT ").claimant
    assert same is not None
    assert same.name == "Ilse Brandt"
    claims.set_claimant(actor=cast.ada, claim=one, name="Port Authority", kind="government")
    assert one.claimant is not None
    assert (one.claimant.name, one.claimant.kind) == ("Port Authority", "government")
    with pytest.raises(base.Refused, match="Name who"):
        claims.set_claimant(actor=cast.ada, claim=one, name=" ")
    with pytest.raises(base.Refused, match="kind"):
        claims.set_claimant(actor=cast.ada, claim=one, name="X", kind="robot")


def test_what_is_checked_and_its_dates_are_set_by_people(cast: Cast, one: Claim) -> None:
    claims.set_checks(actor=cast.ada, claim=one, checks="said")
    claims.set_dates(actor=cast.ada, claim=one, made_on="2026-02", about="2024/2026")
    assert (one.checks, one.made_on, one.about) == ("said", "2026-02", "2024/2026")
    assert (str(one.about_earliest), str(one.about_latest)) == ("2024-01-01", "2026-12-31")
    claims.set_dates(actor=cast.ada, claim=one, about="")
    assert (one.made_on, one.about, one.about_earliest) == ("2026-02", "", None)
    for wrong in ({"made_on": "2099"}, {"about": "soon"}):
        with pytest.raises(base.Refused):
            claims.set_dates(actor=cast.ada, claim=one, **wrong)
    with pytest.raises(base.Refused):
        claims.set_checks(actor=cast.ada, claim=one, checks="vibes")


def test_who_is_slower_does_not_overwrite(cast: Cast, one: Claim) -> None:
    mine = Claim.objects.get(pk=one.pk)
    claims.edit_wording(actor=cast.ben, claim=one, wording="The port lost 250 jobs.")
    with pytest.raises(base.Stale):
        claims.edit_wording(actor=cast.ada, claim=mine, wording="The port lost 350 jobs.")
    assert Claim.objects.get(pk=one.pk).wording == "The port lost 250 jobs."


@pytest.mark.parametrize("state", [State.AWAITING_APPROVAL, State.APPROVED, State.PUBLISHED, State.CLOSED])
def test_a_claim_is_not_changed_under_a_verdict_that_waits_or_stands(
    cast: Cast, one: Claim, state: str
) -> None:
    in_state(one, state)
    with pytest.raises(base.Refused, match="first"):
        claims.edit_wording(actor=cast.ada, claim=one, wording="Something else.")


def test_while_somebody_works_on_a_claim_others_are_told_who(
    cast: Cast, one: Claim, now: dt.datetime
) -> None:
    claims.take_lease(actor=cast.ada, review=review_of(one), now=now)
    with pytest.raises(base.Refused, match="Ada is working"):
        claims.edit_wording(actor=cast.ben, claim=one, wording="Mine.", now=now)
    later = now + claims.LEASE + dt.timedelta(seconds=1)
    assert (
        claims.edit_wording(actor=cast.ben, claim=one, wording="Mine now.", now=later).wording == "Mine now."
    )


@pytest.mark.parametrize("name", ["eli", "otto"])
@pytest.mark.parametrize(
    "act",
    [
        lambda actor, row: claims.edit_wording(actor=actor, claim=row, wording="x y"),
        lambda actor, row: claims.set_claimant(actor=actor, claim=row, name="X"),
        lambda actor, row: claims.set_checks(actor=actor, claim=row, checks="said"),
        lambda actor, row: claims.set_dates(actor=actor, claim=row, about="2020"),
        lambda actor, row: claims.merge_claims(actor=actor, claim=row, into=row),
        lambda actor, row: claims.take_lease(actor=actor, review=row.reviews.get()),
        lambda actor, row: claims.assign(actor=actor, review=row.reviews.get(), to=actor),
        lambda actor, row: claims.close(actor=actor, review=row.reviews.get(), reason="other"),
        lambda actor, row: claims.put_back(actor=actor, review=row.reviews.get()),
        lambda actor, row: claims.reopen(actor=actor, review=row.reviews.get()),
        lambda actor, row: claims.drop_lease(actor=actor, review=row.reviews.get()),
    ],
)
def test_contributors_and_outsiders_change_no_claim(
    cast: Cast, one: Claim, name: str, act: Callable[..., object]
) -> None:
    with pytest.raises(base.NotAllowed):
        act(getattr(cast, name), one)
    one.refresh_from_db()
    assert (one.version, review_of(one).version) == (1, 1)


# --- merging ------------------------------------------------------------------------------------------------


def test_a_merged_claim_hands_over_its_appearances_and_what_people_decided(cast: Cast, one: Claim) -> None:
    other = claim(cast, "Lenna's port is 300 jobs smaller")
    typed = Evidence.objects.create(
        desk=cast.desk, claim=one, kind="quotation", quotation="x", place_key="a", added_by=cast.ada
    )
    machine = Evidence.objects.create(desk=cast.desk, claim=one, kind="passage", quotation="y", place_key="b")
    there = Evidence.objects.create(
        desk=cast.desk, claim=one, kind="passage", quotation="z", place_key="c", decided_by=cast.ada
    )
    Evidence.objects.create(desk=cast.desk, claim=other, kind="passage", quotation="z", place_key="c")
    assert claims.merge_claims(actor=cast.ada, claim=one, into=other) == other
    one.refresh_from_db()
    assert one.merged_into == other
    assert other.appearances.count() == 2
    assert not one.appearances.exists()
    assert (review_of(one).state, review_of(one).closed_reason) == (State.CLOSED, "merged")
    assert [Evidence.objects.get(pk=row.pk).claim for row in (typed, machine, there)] == [other, one, one]
    with pytest.raises(base.Refused, match="merged"):
        claims.edit_wording(actor=cast.ada, claim=one, wording="Again.")
    with pytest.raises(base.Refused, match="merged"):
        claims.merge_claims(actor=cast.ada, claim=claim(cast), into=one)
    with pytest.raises(base.Refused, match="merged"):
        claims.reopen(actor=cast.carla, review=review_of(one))


def test_merging_needs_two_claims_of_one_desk_and_none_with_a_verdict(cast: Cast, one: Claim) -> None:
    with pytest.raises(base.Refused, match="same claim"):
        claims.merge_claims(actor=cast.ada, claim=one, into=one)
    theirs = claim(cast, actor=cast.otto, desk=cast.other_desk)
    with pytest.raises(base.Refused, match="desks"):
        claims.merge_claims(actor=cast.ada, claim=one, into=theirs)
    rating = cast.desk.scales.get().ratings.first()
    Verdict.objects.create(
        review=review_of(one),
        desk=cast.desk,
        claim=one,
        number=1,
        wording="x",
        headline="x",
        rating=rating,
        short_answer="x",
        justification="x",
        created_by=cast.ada,
    )
    with pytest.raises(base.Refused, match="verdict already"):
        claims.merge_claims(actor=cast.ada, claim=one, into=claim(cast))
    assert not VerdictAuthor.objects.exists()


def test_a_later_acceptance_of_the_same_article_goes_to_the_claim_that_stands(cast: Cast) -> None:
    analysed(cast, article(cast))
    first, second = accepted(cast, "raised its fees"), accepted(cast, "300 jobs")
    claims.merge_claims(actor=cast.ada, claim=first, into=second)
    with pytest.raises(base.Refused, match="merged"):
        accepted(cast, "never promised", claim=first)
    assert suggestion(cast, "never promised").triage == Appearance.Triage.SUGGESTED


# --- whose work it is ---------------------------------------------------------------------------------------


def test_taking_a_claim_starts_it_and_shows_who_works_on_it(cast: Cast, one: Claim, now: dt.datetime) -> None:
    review = claims.take_lease(actor=cast.ada, review=review_of(one), now=now)
    assert (review.state, review.assignee, review.lease_user) == (State.IN_PROGRESS, cast.ada, cast.ada)
    assert review.lease_until == now + claims.LEASE
    version = review.version
    later = claims.take_lease(actor=cast.ada, review=review, now=now + dt.timedelta(minutes=5))
    assert later.lease_until == now + dt.timedelta(minutes=5) + claims.LEASE
    assert later.version == version
    with pytest.raises(base.Refused, match="Ada is working"):
        claims.take_lease(actor=cast.ben, review=review_of(one), now=now)
    claims.drop_lease(actor=cast.ada, review=review)
    with pytest.raises(base.Refused, match="with Ada"):
        claims.take_lease(actor=cast.ben, review=review_of(one), now=now)
    assert review_of(one).assignee == cast.ada


def test_of_two_who_take_a_claim_at_once_one_is_told(cast: Cast, one: Claim) -> None:
    first, second = review_of(one), review_of(one)
    claims.take_lease(actor=cast.ada, review=first)
    with pytest.raises(base.Refused, match="Ada"):
        claims.take_lease(actor=cast.ben, review=second)


def test_who_writes_takes_a_free_claim_and_an_editor_gives_it(cast: Cast, one: Claim) -> None:
    review = claims.assign(actor=cast.ada, review=review_of(one), to=cast.ada)
    assert review.assignee == cast.ada
    assert claims.assign(actor=cast.ada, review=review, to=cast.ada).version == review.version
    with pytest.raises(base.NotAllowed, match="desk editor"):
        claims.assign(actor=cast.ben, review=review_of(one), to=cast.ben)
    claims.assign(actor=cast.carla, review=review, to=cast.ben)
    assert review_of(one).assignee == cast.ben
    with pytest.raises(base.Refused, match="lie still"):
        claims.assign(actor=cast.carla, review=review_of(one), to=cast.eli)
    claims.assign(actor=cast.ben, review=review_of(one), to=None)
    assert review_of(one).assignee is None


def test_giving_a_claim_away_ends_the_lease_of_whoever_held_it(cast: Cast, one: Claim) -> None:
    claims.take_lease(actor=cast.ada, review=review_of(one))
    claims.assign(actor=cast.carla, review=review_of(one), to=cast.ben)
    assert review_of(one).lease_user is None


def test_a_claim_goes_back_to_the_queue(cast: Cast, one: Claim) -> None:
    review = claims.take_lease(actor=cast.ada, review=review_of(one))
    with pytest.raises(base.NotAllowed):
        claims.put_back(actor=cast.ben, review=review_of(one))
    claims.put_back(actor=cast.ada, review=review)
    assert (review.state, review.assignee, review.lease_user) == (State.QUEUED, None, None)
    with pytest.raises(base.Stale):
        claims.put_back(actor=cast.ada, review=review)


def test_closing_needs_a_reason_and_reopening_takes_it_away(cast: Cast, one: Claim) -> None:
    with pytest.raises(base.Refused, match="why"):
        claims.close(actor=cast.ada, review=review_of(one), reason="")
    with pytest.raises(base.Refused, match="why"):
        claims.close(actor=cast.ada, review=review_of(one), reason="bored")
    review = claims.close(actor=cast.ada, review=review_of(one), reason="other", note="settled\nelsewhere")
    assert (review.state, review.closed_note) == (State.CLOSED, "settled elsewhere")
    assert claims.close(actor=cast.ada, review=review, reason="other").version == review.version
    with pytest.raises(base.Refused, match="nothing to assign"):
        claims.assign(actor=cast.ada, review=review, to=cast.ada)
    claims.reopen(actor=cast.ben, review=review)
    assert (review.state, review.closed_reason, review.closed_note) == (State.QUEUED, "", "")
    with pytest.raises(base.Stale):
        claims.reopen(actor=cast.ben, review=review)


def test_the_work_of_others_is_closed_by_an_editor_only(cast: Cast, one: Claim) -> None:
    claims.take_lease(actor=cast.ada, review=review_of(one))
    with pytest.raises(base.NotAllowed):
        claims.close(actor=cast.ben, review=review_of(one), reason="other")
    assert claims.close(actor=cast.carla, review=review_of(one), reason="other").state == State.CLOSED


def test_a_published_review_is_not_closed(cast: Cast, one: Claim) -> None:
    review = in_state(one, State.PUBLISHED)
    with pytest.raises(base.Stale):
        claims.close(actor=cast.carla, review=review, reason="other")
    with pytest.raises(base.Stale):
        claims.take_lease(actor=cast.ada, review=review)


def test_only_one_review_of_a_claim_is_open(cast: Cast, one: Claim) -> None:
    closed = claims.close(actor=cast.ada, review=review_of(one), reason="other")
    Review.objects.create(desk=cast.desk, claim=one, number=2, state_at=closed.state_at)
    with pytest.raises(base.Refused, match="Another review"):
        claims.reopen(actor=cast.ada, review=closed)


def test_a_step_from_an_old_page_is_told_the_newer_state(cast: Cast, one: Claim) -> None:
    old = review_of(one)
    claims.close(actor=cast.ada, review=review_of(one), reason="other")
    with pytest.raises(base.Stale, match="closed"):
        claims.assign(actor=cast.ada, review=old, to=cast.ada)
