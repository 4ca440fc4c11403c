"""From draft to approval: who may, what is missing, what happens on a second click."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from claims.actions import base, transitions
from claims.actions.claims import changes as claim_actions
from claims.actions.documents.intake import set_metadata
from claims.actions.evidence import decisions as evidence_actions
from claims.actions.publishing.payload import cited_ids, numbered, recited
from claims.actions.review import previews
from claims.actions.review import verdicts as review
from claims.actions.review.drafts import draft_of, save_draft
from claims.actions.review.verdict_text import VerdictData
from claims.models import (
    Approval,
    AuditEvent,
    Document,
    Evidence,
    FactCheck,
    Release,
    Review,
    Verdict,
    VerdictAuthor,
)
from tests import builders
from tests.builders import claim
from tests.checks_made import approved, checked_claim, current, rating, read_whole, source, submitted, words
from tests.conftest import NOW
from tests.people import Cast, make_cast

pytestmark = pytest.mark.django_db


def test_a_complete_verdict_becomes_a_version_that_waits_for_approval(cast: Cast) -> None:
    made = checked_claim(cast)
    cited = source(cast, made)
    verdict = review.submit_verdict(actor=cast.ada, review=current(made), data=words(cast, cited), now=NOW)
    assert (verdict.number, verdict.citations, verdict.wording) == (1, [cited.pk], made.wording)
    assert verdict.byline == "Ada Example"
    assert current(made).state == "awaiting_approval"
    assert [row.user for row in verdict.authors.all()] == [cast.ada]
    cited.refresh_from_db()
    assert cited.cited
    assert AuditEvent.objects.filter(verb="verdict.submitted", object_id=verdict.pk).count() == 1


def test_everything_that_is_missing_is_said_at_once(cast: Cast) -> None:
    made = claim(cast, who="", now=NOW)
    with pytest.raises(base.Refused) as refused:
        review.submit_verdict(actor=cast.ada, review=current(made), data=VerdictData(), now=NOW)
    for part in ("who made the claim", "rating", "headline", "short answer", "justification", "cite"):
        assert part in str(refused.value)
    assert not Verdict.objects.exists()
    assert current(made).state == "queued"


def test_what_the_author_may_not_see_is_no_citation_unless_the_version_holds_it(cast: Cast) -> None:
    made = checked_claim(cast)
    open_row = source(cast, made)
    document = builders.article(cast, "The counters of Osk said 400 cars a day.", title="Memo").document
    hidden = Evidence.objects.create(
        desk=cast.desk, claim=made, kind="passage", document=document, capture=document.captures.get(), start=0,
        end=20, quotation="The counters of Osk", place_key="capture:9",
    )  # fmt: skip
    set_metadata(actor=cast.ada, document=document, visibility=Document.Visibility.NAMED)
    typed = words(cast, open_row, justification=f"It is so [e:{open_row.pk}] [e:{hidden.pk}].")
    with pytest.raises(base.Refused, match=rf"citations that do not hold \(\[e:{hidden.pk}\]\)"):
        review.submit_verdict(actor=cast.ben, review=current(made), data=typed, now=NOW)
    shown = previews.preview_draft(actor=cast.ben, review=current(made), data=typed, now=NOW)
    assert [one.evidence_id for one in shown.citations] == [str(open_row.pk)]
    # Ada added the document. Who changes her version later keeps what it cites.
    first = review.submit_verdict(actor=cast.ada, review=current(made), data=typed, now=NOW)
    review.open_verdict(actor=cast.carla, verdict=first, now=NOW)
    review.return_verdict(actor=cast.carla, verdict=first, comment="Say more.", now=NOW)
    changed = words(cast, open_row, justification=f"It is so, once more [e:{open_row.pk}] [e:{hidden.pk}].")
    second = review.submit_verdict(actor=cast.ben, review=current(made), data=changed, now=NOW)
    assert second.citations == [open_row.pk, hidden.pk]


def test_a_citation_must_be_evidence_of_this_claim_and_not_rejected(cast: Cast) -> None:
    made, other = checked_claim(cast), checked_claim(cast)
    foreign, rejected = source(cast, other), source(cast, made, "Something that was rejected.")
    evidence_actions.decide(actor=cast.ada, evidence=rejected, rejected=True, now=NOW)
    for cited in (foreign, rejected):
        with pytest.raises(base.Refused, match=rf"citations that do not hold \(\[e:{cited.pk}\]\)"):
            review.submit_verdict(actor=cast.ada, review=current(made), data=words(cast, cited), now=NOW)
    odd = words(cast, source(cast, made), justification="It is so [e:twelve].")
    with pytest.raises(base.Refused, match="e:twelve"):
        review.submit_verdict(actor=cast.ada, review=current(made), data=odd, now=NOW)


def test_only_an_open_finding_may_rest_on_a_documented_search_alone(cast: Cast) -> None:
    made = checked_claim(cast)
    empty = words(cast, None, not_found="We asked the road office and searched its reports.")
    with pytest.raises(base.Refused, match="cite at least one source"):
        review.submit_verdict(actor=cast.ada, review=current(made), data=empty, now=NOW)
    unproven = replace(empty, rating_id=rating(cast.desk, "unproven").pk)
    bare = replace(unproven, not_found="")
    with pytest.raises(base.Refused, match="what was searched and not found"):
        review.submit_verdict(actor=cast.ada, review=current(made), data=bare, now=NOW)
    assert review.submit_verdict(actor=cast.ada, review=current(made), data=unproven, now=NOW).citations == []


def test_a_rating_of_another_desk_is_refused(cast: Cast) -> None:
    made = checked_claim(cast)
    data = words(cast, source(cast, made), rating_id=rating(cast.other_desk).pk)
    with pytest.raises(base.Refused, match="not on your desk's scale"):
        review.submit_verdict(actor=cast.ada, review=current(made), data=data, now=NOW)


def test_a_wording_changed_in_the_form_is_confirmed_by_whoever_submits(cast: Cast) -> None:
    made = claim(cast, now=NOW)
    data = words(cast, source(cast, made), wording="The Lenna bridge carries 2,000 cars a day.")
    verdict = review.submit_verdict(actor=cast.ada, review=current(made), data=data, now=NOW)
    made.refresh_from_db()
    assert made.wording == verdict.wording == "The Lenna bridge carries 2,000 cars a day."
    assert made.wording_confirmed_by == cast.ada


def test_submitting_twice_makes_one_version(cast: Cast) -> None:
    made = checked_claim(cast)
    data = words(cast, source(cast, made))
    first = review.submit_verdict(actor=cast.ada, review=current(made), data=data, now=NOW)
    stale = current(made)
    assert review.submit_verdict(actor=cast.ada, review=stale, data=data, now=NOW) == first
    changed = replace(data, short_answer="Something else.")
    with pytest.raises(base.Stale, match="waiting for approval"):
        review.submit_verdict(actor=cast.ada, review=stale, data=changed, now=NOW)
    assert Verdict.objects.count() == 1


def test_contributors_and_outsiders_submit_nothing(cast: Cast) -> None:
    made = checked_claim(cast)
    data = words(cast, source(cast, made))
    for who in (cast.eli, cast.otto, cast.dana):
        with pytest.raises(base.NotAllowed):
            review.submit_verdict(actor=who, review=current(made), data=data, now=NOW)


def test_an_author_cannot_approve_and_is_told_who_could(cast: Cast) -> None:
    verdict = submitted(cast)
    read_whole(actor=cast.ada, verdict=verdict, now=NOW)
    with pytest.raises(base.NotAllowed, match=r"nobody approves their own\. Ben or Carla could"):
        review.approve(actor=cast.ada, verdict=verdict, now=NOW)
    assert not Approval.objects.exists()


def test_even_the_database_refuses_an_approval_by_an_author(cast: Cast) -> None:
    verdict = submitted(cast)
    with pytest.raises(IntegrityError, match="cannot approve"), transaction.atomic():
        Approval.objects.create(verdict=verdict, user=cast.ada)


def test_who_has_not_opened_the_version_cannot_approve_it(cast: Cast) -> None:
    verdict = submitted(cast)
    with pytest.raises(base.Refused, match="not opened"):
        review.approve(actor=cast.ben, verdict=verdict, now=NOW)
    assert not Release.objects.exists()


def test_the_last_approval_publishes_and_a_double_click_changes_nothing(cast: Cast) -> None:
    verdict = submitted(cast)
    assert approved(cast, verdict).state == "published"
    assert review.approve(actor=cast.ben, verdict=verdict, now=NOW).state == "published"
    assert Approval.objects.count() == Release.objects.count() == FactCheck.objects.count() == 1


def test_two_editorial_and_a_legal_approval_are_counted_by_person_and_kind(cast: Cast) -> None:
    cast.desk.editorial_approvals, cast.desk.legal_approvals = 1, 1
    cast.desk.save()
    verdict = submitted(cast)
    for who in (cast.ben, cast.carla):
        read_whole(actor=who, verdict=verdict, now=NOW)
    with pytest.raises(base.NotAllowed, match="legal"):
        review.approve(actor=cast.ben, verdict=verdict, kind="legal", now=NOW)
    assert review.approve(actor=cast.ben, verdict=verdict, now=NOW).state == "awaiting_approval"
    assert not Release.objects.exists()
    assert review.approve(actor=cast.carla, verdict=verdict, kind="legal", now=NOW).state == "published"


def test_a_returned_version_needs_fresh_approval_of_the_next_one(cast: Cast) -> None:
    cast.desk.publish_mode = "hold"
    cast.desk.save()
    verdict = submitted(cast)
    assert approved(cast, verdict).state == "approved"
    with pytest.raises(base.Refused, match="what should change"):
        review.return_verdict(actor=cast.carla, verdict=verdict, comment=" ", now=NOW)
    back = review.return_verdict(actor=cast.carla, verdict=verdict, comment="Name the day.", now=NOW)
    assert (back.state, back.returned_note, back.assignee) == ("in_progress", "Name the day.", cast.ada)
    data = replace(VerdictData.from_verdict(verdict), short_answer="On 1 March it was 412.")
    second = review.submit_verdict(actor=cast.ada, review=current(verdict.claim), data=data, now=NOW)
    assert second.number == 2
    with pytest.raises(base.Stale, match="newer version"):
        review.approve(actor=cast.carla, verdict=verdict, now=NOW)
    with pytest.raises(base.Refused, match="not opened"):
        review.approve(actor=cast.ben, verdict=second, now=NOW)
    assert approved(cast, second).state == "approved"


def test_whoever_rewrites_a_returned_version_joins_its_authors(cast: Cast) -> None:
    verdict = submitted(cast)
    review.return_verdict(actor=cast.ben, verdict=verdict, comment="Shorter.", now=NOW)
    data = replace(VerdictData.from_verdict(verdict), short_answer="412.")
    second = review.submit_verdict(actor=cast.ben, review=current(verdict.claim), data=data, now=NOW)
    assert set(second.authors.values_list("user__display_name", flat=True)) == {"Ada", "Ben"}
    for who in (cast.ada, cast.ben):
        read_whole(actor=who, verdict=second, now=NOW)
        with pytest.raises(base.NotAllowed):
            review.approve(actor=who, verdict=second, now=NOW)


def test_an_accepted_proposal_does_not_make_its_proposer_an_author(cast: Cast) -> None:
    verdict = submitted(cast)
    data = replace(VerdictData.from_verdict(verdict), short_answer="It was 412, not 4,000.")
    draft = review.propose_wording(actor=cast.ben, verdict=verdict, data=data, comment="clearer", now=NOW)
    assert draft_of(current(verdict.claim), cast.ben) is None
    with pytest.raises(base.NotAllowed):
        review.accept_proposal(actor=cast.carla, draft=draft, now=NOW)
    second = review.accept_proposal(actor=cast.ada, draft=draft, now=NOW)
    assert (second.number, second.proposed_by, second.short_answer) == (2, cast.ben, "It was 412, not 4,000.")
    assert [row.user for row in second.authors.all()] == [cast.ada]
    assert approved(cast, second).state == "published"


def test_a_verdict_nobody_could_approve_is_not_taken(cast: Cast) -> None:
    for person in (cast.ben, cast.carla):
        person.is_active = False
        person.save()
    made = checked_claim(cast)
    data = words(cast, source(cast, made))
    with pytest.raises(base.Refused, match="Nobody could approve it"):
        review.submit_verdict(actor=cast.ada, review=current(made), data=data, now=NOW)
    assert not Verdict.objects.exists()
    assert not VerdictAuthor.objects.exists()


@pytest.mark.parametrize("needed", ["the last approval", "one of two approvals", "an approval that is held"])
@pytest.mark.parametrize("what", ["claimant", "date", "evidence"])
def test_what_was_changed_beside_a_submitted_verdict_is_not_approved_unseen(
    cast: Cast, what: str, needed: str
) -> None:
    # Where nothing is published right away, the approval itself has to ask.
    cast.desk.editorial_approvals = 2 if "two" in needed else 1
    cast.desk.publish_mode = "hold" if "held" in needed else "at_once"
    cast.desk.save()
    verdict = submitted(cast)
    made = verdict.claim
    read_whole(actor=cast.ben, verdict=verdict, now=NOW)
    if what == "claimant":
        type(made.claimant).objects.filter(pk=made.claimant_id).update(name="Somebody Else")
    elif what == "date":
        type(made).objects.filter(pk=made.pk).update(made_on="2025-01-01")
    else:
        made.evidence.update(quotation="Something that nobody has read.")
    verdict = Verdict.objects.get(pk=verdict.pk)
    with pytest.raises(base.Refused, match="changed after it was submitted"):
        review.approve(actor=cast.ben, verdict=verdict, now=NOW)
    assert not Approval.objects.exists()
    assert not Release.objects.exists()


def test_somebody_elses_lease_keeps_others_from_submitting(cast: Cast) -> None:
    made = checked_claim(cast)
    data = words(cast, source(cast, made))
    claim_actions.take_lease(actor=cast.ben, review=current(made), now=NOW)
    with pytest.raises(base.Stale, match="Ben is working"):
        review.submit_verdict(actor=cast.ada, review=current(made), data=data, now=NOW)
    later = NOW + dt.timedelta(hours=3)
    assert review.submit_verdict(actor=cast.ada, review=current(made), data=data, now=later).number == 1


def test_a_lease_that_ran_out_keeps_nobody(cast: Cast) -> None:
    made = checked_claim(cast)
    data = words(cast, source(cast, made))
    Review.objects.filter(claim=made).update(
        state="in_progress", lease_user=cast.ben, lease_until=NOW - dt.timedelta(minutes=1)
    )
    assert review.submit_verdict(actor=cast.ada, review=current(made), data=data, now=NOW).number == 1


def test_only_members_open_a_verdict(cast: Cast) -> None:
    with pytest.raises(base.NotAllowed, match="Only members"):
        read_whole(actor=cast.otto, verdict=submitted(cast), now=NOW)


def test_a_return_says_what_should_change(cast: Cast) -> None:
    with pytest.raises(base.Refused, match="what should change"):
        review.return_verdict(actor=cast.carla, verdict=submitted(cast), comment="  ", now=NOW)


def test_only_an_author_recalls(cast: Cast) -> None:
    verdict = submitted(cast)
    for who in (cast.ben, cast.carla):
        with pytest.raises(base.NotAllowed):
            review.recall_verdict(actor=who, verdict=verdict, now=NOW)


def test_an_older_version_is_not_returned(cast: Cast) -> None:
    first = submitted(cast)
    review.return_verdict(actor=cast.carla, verdict=first, comment="Not yet.", now=NOW)
    submitted(cast, first.claim, headline="No, it carries far fewer")
    with pytest.raises(base.Stale, match="newer version"):
        review.return_verdict(actor=cast.carla, verdict=first, comment="Not yet.", now=NOW)


def test_a_returned_version_forgets_its_planned_time(cast: Cast) -> None:
    verdict = submitted(cast)
    approved(cast, verdict, publish_at=NOW + dt.timedelta(hours=5))
    fresh = review.return_verdict(actor=cast.carla, verdict=verdict, comment="Not yet.", now=NOW)
    assert (fresh.state, fresh.publish_at, fresh.held) == ("in_progress", None, False)


def test_a_draft_is_kept_per_person_and_never_overwritten_unseen(cast: Cast) -> None:
    here = current(checked_claim(cast))
    first = save_draft(actor=cast.ada, review=here, data={"headline": "One"}, expected_version=None, now=NOW)
    second = save_draft(actor=cast.ada, review=here, data={"headline": "Two"}, expected_version=first.version)
    with pytest.raises(base.Stale, match="newer words"):
        save_draft(actor=cast.ada, review=here, data={"headline": "Three"}, expected_version=first.version)
    second.refresh_from_db()
    assert second.data == {"headline": "Two"}
    assert draft_of(here, cast.ben) is None
    assert not AuditEvent.objects.filter(object_kind="verdictdraft").exists()
    with pytest.raises(base.NotAllowed):
        save_draft(actor=cast.eli, review=here, data={}, expected_version=None)


def test_a_draft_that_looks_like_a_proposal_is_none(cast: Cast) -> None:
    verdict = submitted(cast)
    forged = save_draft(
        actor=cast.ben,
        review=current(verdict.claim),
        data={"proposal": True, "headline": "Mine"},
        expected_version=None,
        now=NOW,
    )
    with pytest.raises(base.Refused, match="not a proposal"):
        review.accept_proposal(actor=cast.ada, draft=forged, now=NOW)


def test_odd_characters_are_stored_as_characters_every_database_takes(cast: Cast) -> None:
    made = checked_claim(cast)
    cited = source(cast, made)
    data = words(cast, cited, short_answer="a\x00b\ud800c\r\nd", headline="x" * 201)
    with pytest.raises(base.Refused, match="201 characters"):
        review.submit_verdict(actor=cast.ada, review=current(made), data=data, now=NOW)
    data = replace(data, headline="Fine")
    verdict = review.submit_verdict(actor=cast.ada, review=current(made), data=data, now=NOW)
    assert verdict.short_answer == "a\ufffdb\ufffdc\nd"


def test_a_stale_page_is_told_the_newer_state(cast: Cast) -> None:
    verdict = submitted(cast)
    seen = Review.objects.get(pk=verdict.review_id)
    Review.objects.filter(pk=seen.pk).update(state="closed", closed_reason="other", version=99)
    read_whole(actor=cast.ben, verdict=verdict, now=NOW)
    with pytest.raises(base.Stale, match="closed"):
        review.approve(actor=cast.ben, verdict=verdict, now=NOW)


def test_who_is_slower_overwrites_nothing(cast: Cast) -> None:
    seen = current(submitted(cast).claim)
    faster = Review.objects.get(pk=seen.pk)
    transitions.swap(faster, now=NOW, held=True)
    with pytest.raises(base.Stale, match="faster"):
        transitions.swap(seen, now=NOW, held=False)
    assert Review.objects.get(pk=seen.pk).held


def test_citations_are_found_numbered_and_pointed_elsewhere() -> None:
    text = "One [e:7]. Two [e:12, e:7]. Three [e:7; e:3]. No [e:] nor [e:x]."
    assert cited_ids(text, "[e:3] [e:99]") == [7, 12, 3, 99]
    assert numbered(text, {7: 1, 12: 2, 3: 3}).startswith("One [1]. Two [2][1]. Three [1][3].")
    assert recited("[e:7] and [e:12, e:3]", {7: 70, 3: 30}) == "[e:70] and [e:12, e:30]"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_make_one_approval_and_one_release() -> None:
    cast = make_cast()
    verdict = submitted(cast)
    read_whole(actor=cast.ben, verdict=verdict, now=NOW)
    together, states = threading.Barrier(2), []

    def click() -> None:
        try:
            together.wait(timeout=10)
            mine = Verdict.objects.get(pk=verdict.pk)
            states.append(review.approve(actor=cast.ben, verdict=mine, now=NOW).state)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert states == ["published", "published"]
    assert Approval.objects.count() == Release.objects.count() == FactCheck.objects.count() == 1
