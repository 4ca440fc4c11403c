"""The verdict editor: drafts that are never lost, submission that says what is missing, the preview."""

from __future__ import annotations

import pytest

from claims.actions.review.verdict_text import VerdictData
from claims.actions.review.verdicts import propose_wording, return_verdict
from claims.models import Review, Verdict, VerdictDraft
from tests import builders
from tests.checks_made import read_whole
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Autosave": "1"}


def test_a_complete_verdict_goes_to_approval(cast: Cast) -> None:
    _claim, review, source = pages.working(cast)
    answer = pages.signed_in(cast.ada).post(f"/reviews/{review.pk}/submit/", pages.words(cast, source))
    assert answer.status_code == 303
    verdict = Verdict.objects.get(review=review)
    assert (verdict.citations, verdict.byline) == ([source.pk], "Ada Example")
    assert Review.objects.get(pk=review.pk).state == "awaiting_approval"


def test_everything_that_is_missing_is_said_at_once_and_no_word_is_lost(cast: Cast) -> None:
    _claim, review, source = pages.working(cast)
    sent = pages.words(
        cast, source, headline="", short_answer="", justification="Only this, typed with care."
    )
    answer = pages.signed_in(cast.ada).post(f"/reviews/{review.pk}/submit/", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "write the headline; write the short answer; cite at least one source" in text
    assert "Only this, typed with care." in text
    assert VerdictDraft.objects.get(review=review).data["justification"] == "Only this, typed with care."


def test_points_are_kept_in_their_order(cast: Cast) -> None:
    _claim, review, source = pages.working(cast)
    sent = pages.words(
        cast,
        source,
        point_question=["How many?", "", "Since when?"],
        point_answer=[f"900 [e:{source.pk}].", "", "Since 2024."],
        point_finding=["Refuted", "", ""],
    )
    pages.signed_in(cast.ada).post(f"/reviews/{review.pk}/submit/", sent)
    points = Verdict.objects.get(review=review).points.order_by("number")
    assert [(p.question, p.finding) for p in points] == [("How many?", "Refuted"), ("Since when?", "")]


def test_the_script_keeps_a_draft_and_learns_its_version(cast: Cast) -> None:
    claim = builders.claim(cast)
    review = pages.review_of(claim)
    client = pages.signed_in(cast.ada)
    sent = {
        "headline": "Half a head",
        "expected_version": "0",
        "point_question": ["Why?"],
        "point_answer": [""],
    }
    first = client.post(f"/reviews/{review.pk}/draft/", sent, headers=SCRIPT)
    assert first.json()["version"] == 1
    second = client.post(
        f"/reviews/{review.pk}/draft/",
        {**sent, "headline": "Half a headline", "expected_version": "1"},
        headers=SCRIPT,
    )
    assert second.json()["version"] == 2
    page = client.get(f"/claims/{claim.pk}/").content.decode()
    assert "Half a headline" in page
    assert "Why?" in page


def test_another_window_is_not_overwritten(cast: Cast) -> None:
    _claim, review, _source = pages.working(cast)
    client = pages.signed_in(cast.ada)
    for version in ("0", "1"):
        sent = {"headline": f"After {version}", "expected_version": version}
        client.post(f"/reviews/{review.pk}/draft/", sent, headers=SCRIPT)
    late = client.post(
        f"/reviews/{review.pk}/draft/", {"headline": "Late", "expected_version": "1"}, headers=SCRIPT
    )
    assert late.status_code == 409
    assert "Another window" in late.json()["said"]
    assert VerdictDraft.objects.get(review=review).data["headline"] == "After 1"
    plain = client.post(f"/reviews/{review.pk}/draft/", {"headline": "Late words", "expected_version": "1"})
    assert plain.status_code == 409
    assert b"Late words" in plain.content


def test_writing_takes_the_claim_where_nobody_else_has_it(cast: Cast) -> None:
    claim = builders.claim(cast)
    review = pages.review_of(claim)
    pages.signed_in(cast.ada).post(f"/reviews/{review.pk}/draft/", {"headline": "Mine"}, headers=SCRIPT)
    review.refresh_from_db()
    assert (review.state, review.lease_user) == ("in_progress", cast.ada)
    answer = pages.signed_in(cast.ben).post(
        f"/reviews/{review.pk}/draft/", {"headline": "His"}, headers=SCRIPT
    )
    assert "Ada is working on this claim" in answer.json()["said"]
    assert VerdictDraft.objects.filter(review=review).count() == 2
    review.refresh_from_db()
    assert review.lease_user == cast.ada


def test_words_are_kept_even_after_the_review_moved_on(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ada)
    answer = client.post(f"/reviews/{verdict.review_id}/draft/", {"headline": "Too late?"}, headers=SCRIPT)
    assert answer.status_code == 200
    assert "your words wait here" in answer.json()["said"]


def test_the_preview_shows_what_the_public_would_read_and_submits_nothing(cast: Cast) -> None:
    claim, review, source = pages.working(cast)
    sent = pages.words(
        cast,
        source,
        point_question=["How many?"],
        point_answer=[f"Nine hundred [e:{source.pk}]."],
        point_finding=[""],
    )
    answer = pages.signed_in(cast.ada).post(f"/reviews/{review.pk}/preview/", sent)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert '900 cars a day <a class="citation"' in text
    assert "How many?" in text
    assert "Ilse Brandt" in text
    assert not Verdict.objects.filter(claim=claim).exists()


def test_the_preview_of_a_script_is_harmless(cast: Cast) -> None:
    _claim, review, source = pages.working(cast)
    sent = pages.words(
        cast, source, justification=f"<script>alert(1)</script> [x](javascript:alert(1)) [e:{source.pk}]"
    )
    text = pages.signed_in(cast.ada).post(f"/reviews/{review.pk}/preview/", sent).content.decode()
    assert "<script>alert" not in text
    assert 'href="javascript' not in text


def test_null_characters_are_refused_in_words(cast: Cast) -> None:
    _claim, review, source = pages.working(cast)
    sent = pages.words(cast, source, headline="Zero\x00byte")
    answer = pages.signed_in(cast.ada).post(f"/reviews/{review.pk}/submit/", sent)
    assert answer.status_code == 422
    assert not Verdict.objects.exists()


def test_a_returned_verdict_comes_back_with_its_comment_and_its_words(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    return_verdict(actor=cast.ben, verdict=verdict, comment="Which day was that?")
    text = pages.signed_in(cast.ada).get(f"/claims/{verdict.claim_id}/").content.decode()
    assert "Which day was that?" in text
    assert "The bridge carries far fewer cars" in text


def test_the_author_takes_a_submitted_version_back(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    assert pages.signed_in(cast.ben).post(f"/verdicts/{verdict.pk}/recall/").status_code == 403
    pages.signed_in(cast.ada).post(f"/verdicts/{verdict.pk}/recall/")
    assert Review.objects.get(pk=verdict.review_id).state == "in_progress"


def test_proposed_words_become_the_next_version_with_one_button(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    read_whole(actor=cast.ben, verdict=verdict)
    data = VerdictData.from_verdict(verdict).to_dict() | {"short_answer": "It counted nine hundred."}
    draft = propose_wording(
        actor=cast.ben, verdict=verdict, data=VerdictData.from_dict(data), comment="In words"
    )
    client = pages.signed_in(cast.ada)
    page = client.get(f"/claims/{verdict.claim_id}/").content.decode()
    assert "Ben proposes other words" in page
    assert "It counted nine hundred." in page
    client.post(f"/proposals/{draft.pk}/", {"decision": "accept"})
    newest = Verdict.objects.filter(review=verdict.review_id).order_by("-number")[0]
    assert (newest.number, newest.short_answer, newest.proposed_by) == (
        2,
        "It counted nine hundred.",
        cast.ben,
    )


def test_who_may_not_write_sees_why(cast: Cast) -> None:
    claim = builders.claim(cast)
    text = pages.signed_in(cast.eli).get(f"/claims/{claim.pk}/").content.decode()
    assert "do not let you write one" in text
    assert "Submit for approval" not in text


def test_a_suggested_wording_is_confirmed_by_a_tick_beside_it(cast: Cast) -> None:
    claim = builders.claim(cast)
    source = pages.cited(cast, claim)
    review = pages.review_of(claim)
    client = pages.signed_in(cast.ada)
    assert "The wording is right" in client.get(f"/claims/{claim.pk}/").content.decode()
    sent = pages.words(cast, source, wording=claim.wording)
    refused = client.post(f"/reviews/{review.pk}/submit/", sent)
    assert refused.status_code == 422
    assert b"confirm the wording" in refused.content
    assert client.post(f"/reviews/{review.pk}/submit/", {**sent, "confirm_wording": "on"}).status_code == 303
    claim.refresh_from_db()
    assert claim.wording_confirmed_by == cast.ada


def test_a_refused_submission_keeps_the_wording_unconfirmed(cast: Cast) -> None:
    claim = builders.claim(cast)
    source = pages.cited(cast, claim)
    sent = pages.words(cast, source, wording=claim.wording, headline="", confirm_wording="on")
    answer = pages.signed_in(cast.ada).post(f"/reviews/{pages.review_of(claim).pk}/submit/", sent)
    assert answer.status_code == 422
    claim.refresh_from_db()
    assert claim.wording_confirmed_at is None


def test_after_a_refused_submission_the_next_autosave_is_no_conflict(cast: Cast) -> None:
    _claim, review, source = pages.working(cast)
    client = pages.signed_in(cast.ada)
    answer = client.post(
        f"/reviews/{review.pk}/submit/", pages.words(cast, source, headline="", expected_version="0")
    )
    version = answer.context["verdict_form"].draft_version
    sent = {"headline": "Now with a head", "expected_version": str(version)}
    assert client.post(f"/reviews/{review.pk}/draft/", sent, headers=SCRIPT).status_code == 200
