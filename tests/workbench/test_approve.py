"""Approval: read beside its sources, tick, approve, return, propose, plan the publication."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from claims.actions.desk.settings import change_desk
from claims.actions.publishing.publish import start_correction
from claims.actions.review.verdicts import VerdictData, submit_verdict
from claims.models import (
    Approval,
    Claimant,
    Evidence,
    FactCheck,
    Review,
    Verdict,
    VerdictDraft,
    VerdictReading,
)
from claims.workbench.approval.differences import word_diff
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db


def test_opening_the_page_is_the_reading_that_an_approval_rests_on(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ben)
    unread = client.post(f"/verdicts/{verdict.pk}/approve/", {"kind": "editorial"})
    assert unread.status_code == 422
    assert b"have not opened" in unread.content
    for _ in range(2):
        assert client.get(f"/verdicts/{verdict.pk}/").status_code == 200
    assert VerdictReading.objects.filter(verdict=verdict, user=cast.ben).count() == 1
    assert not Approval.objects.exists()


def test_an_approval_publishes_and_the_page_said_so_before(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ben)
    page = client.get(f"/verdicts/{verdict.pk}/").content.decode()
    assert "It is then published at once" in page
    client.post(f"/verdicts/{verdict.pk}/approve/", {"kind": "editorial", "comment": "Well done"})
    check = FactCheck.objects.get(claim=verdict.claim)
    assert check.status == "live"
    assert "Published." in client.get(f"/verdicts/{verdict.pk}/").content.decode()


def test_a_double_click_approves_once(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ben)
    client.get(f"/verdicts/{verdict.pk}/")
    answers = [client.post(f"/verdicts/{verdict.pk}/approve/", {}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert Approval.objects.count() == 1


def test_nobody_approves_what_they_wrote_and_is_told_who_could(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ada)
    text = client.get(f"/verdicts/{verdict.pk}/").content.decode()
    assert "nobody approves their own. Ben or Carla could." in text
    assert client.post(f"/verdicts/{verdict.pk}/approve/", {}).status_code == 403
    assert not Approval.objects.exists()


def test_the_verdict_is_shown_as_the_public_reads_it_beside_its_sources(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    answer = pages.signed_in(cast.ben).get(f"/verdicts/{verdict.pk}/")
    assert '<a class="citation" href="#source-1">[1]</a>' in answer.content.decode()
    assert [row["pk"] for row in answer.context["cited"]] == verdict.citations


def test_ticks_are_kept_and_other_evidence_is_not_ticked(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ben)
    sent = {"opened": [*verdict.citations, 10**9]}
    answer = client.post(f"/verdicts/{verdict.pk}/tick/", sent, headers={"X-Autosave": "1"})
    assert answer.status_code == 204
    assert VerdictReading.objects.get(verdict=verdict, user=cast.ben).matched == verdict.citations
    assert client.get(f"/verdicts/{verdict.pk}/").context["cited"][0]["ticked"]


def test_two_approvals_are_needed_where_the_desk_says_so(cast: Cast) -> None:
    change_desk(actor=cast.dana, desk=cast.desk, values={"editorial_approvals": 2})
    verdict = pages.submitted(cast)
    for person, state in ((cast.ben, "awaiting_approval"), (cast.carla, "published")):
        client = pages.signed_in(person)
        page = client.get(f"/verdicts/{verdict.pk}/").content.decode()
        assert ("1 more approval is needed after yours" in page) == (person is cast.ben)
        client.post(f"/verdicts/{verdict.pk}/approve/", {"kind": "editorial"})
        assert Review.objects.get(pk=verdict.review_id).state == state


def test_an_approval_for_later_waits_for_its_time(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ben)
    client.get(f"/verdicts/{verdict.pk}/")
    at = (timezone.now() + dt.timedelta(days=2)).replace(second=0, microsecond=0)
    sent = {"kind": "editorial", "when": "at", "publish_at": f"{at:%Y-%m-%dT%H:%M}"}
    client.post(f"/verdicts/{verdict.pk}/approve/", sent)
    review = Review.objects.get(pk=verdict.review_id)
    assert (review.state, review.publish_at) == ("approved", at)
    client.post(f"/reviews/{review.pk}/hold/")
    review.refresh_from_db()
    assert (review.held, review.publish_at) == (True, None)
    client.post(f"/reviews/{review.pk}/publish/")
    assert FactCheck.objects.get(claim=verdict.claim).status == "live"


def test_an_approval_can_hold_the_publication(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ben)
    client.get(f"/verdicts/{verdict.pk}/")
    client.post(f"/verdicts/{verdict.pk}/approve/", {"when": "hold"})
    review = Review.objects.get(pk=verdict.review_id)
    assert (review.state, review.held) == ("approved", True)
    assert not FactCheck.objects.filter(claim=verdict.claim).exists()


def test_a_refused_approval_holds_nothing(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    answer = pages.signed_in(cast.ben).post(f"/verdicts/{verdict.pk}/approve/", {"when": "hold"})
    assert answer.status_code == 422
    assert not Review.objects.get(pk=verdict.review_id).held


def test_a_return_needs_a_comment(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ben)
    assert client.post(f"/verdicts/{verdict.pk}/return/", {"comment": " "}).status_code == 422
    client.post(f"/verdicts/{verdict.pk}/return/", {"comment": "Which day?"})
    review = Review.objects.get(pk=verdict.review_id)
    assert (review.state, review.returned_note) == ("in_progress", "Which day?")


def test_proposed_words_do_not_make_an_author(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ben)
    client.get(f"/verdicts/{verdict.pk}/")
    (source,) = Evidence.objects.filter(pk__in=verdict.citations)
    sent = pages.words(cast, source, headline="Far fewer cars cross it", comment="Shorter")
    assert client.post(f"/verdicts/{verdict.pk}/propose/", sent).status_code == 303
    draft = VerdictDraft.objects.get(user=cast.ben)
    assert (draft.data["headline"], draft.data["comment"]) == ("Far fewer cars cross it", "Shorter")
    pages.signed_in(cast.ada).post(f"/proposals/{draft.pk}/", {"decision": "accept"})
    newest = Verdict.objects.filter(review=verdict.review_id).order_by("-number")[0]
    client.get(f"/verdicts/{newest.pk}/")
    assert client.post(f"/verdicts/{newest.pk}/approve/", {}).status_code == 303


def test_what_changed_since_the_published_version_is_shown_word_by_word(cast: Cast) -> None:
    check = pages.published(cast)
    review = start_correction(
        actor=cast.ada, factcheck=check, kind="correction", public_note="We misread it."
    )
    old = Verdict.objects.get(claim=check.claim_id)
    data = VerdictData.from_dict(
        {**VerdictData.from_verdict(old).to_dict(), "short_answer": "It counted 800 cars a day."}
    )
    verdict = submit_verdict(actor=cast.ada, review=review, data=data)
    answer = pages.signed_in(cast.ben).get(f"/verdicts/{verdict.pk}/")
    (change,) = answer.context["changes_between"]
    assert [piece.text for piece in change.pieces if piece.kind == "new"] == ["It", "800"]
    assert "<del>900</del><ins>800</ins>" in answer.content.decode()


def test_a_claimant_changed_beside_the_verdict_is_warned_of(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    other = Claimant.objects.create(desk=cast.desk, name="Other", name_key="other")
    type(verdict.claim).objects.filter(pk=verdict.claim_id).update(claimant=other)
    text = pages.signed_in(cast.ben).get(f"/verdicts/{verdict.pk}/").content.decode()
    assert "Changed beside the verdict since it was submitted" in text
    assert "the claimant changes" in text


def test_a_contributor_reads_and_cannot_approve(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.eli)
    assert "do not let you approve" in client.get(f"/verdicts/{verdict.pk}/").content.decode()
    assert client.post(f"/verdicts/{verdict.pk}/approve/", {}).status_code == 403
    assert client.post(f"/reviews/{verdict.review_id}/publish/").status_code in (403, 409)


def test_the_other_desk_finds_nothing_here(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    otto = pages.signed_in(cast.otto)
    assert otto.get(f"/verdicts/{verdict.pk}/").status_code == 404
    assert not VerdictReading.objects.exists()
    for act in ("approve", "return", "tick", "propose", "recall"):
        assert otto.post(f"/verdicts/{verdict.pk}/{act}/", {"comment": "x"}).status_code == 404


def test_a_word_diff_gives_both_texts_back() -> None:
    old, new = "The bridge carries 900 cars a day.", "The old bridge carries 900 lorries a day."
    pieces = word_diff(old, new)
    assert "".join(p.text for p in pieces if p.kind != "new") == old
    assert "".join(p.text for p in pieces if p.kind != "gone") == new
