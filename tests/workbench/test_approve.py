"""Approval: read beside its sources, tick, approve, return, propose, plan the publication."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.utils import timezone

from claims.actions.desk.settings import change_desk
from claims.actions.publishing.publish import start_correction
from claims.actions.review.verdicts import VerdictData, submit_verdict
from claims.models import (
    Approval,
    CitationReading,
    Claimant,
    Evidence,
    FactCheck,
    Review,
    Verdict,
    VerdictDraft,
    VerdictReading,
)
from claims.workbench.approval import differences
from claims.workbench.approval.differences import word_diff
from tests.checks_made import read_whole
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
    read_whole(actor=cast.ben, verdict=verdict)
    client.post(f"/verdicts/{verdict.pk}/approve/", {"kind": "editorial", "comment": "Well done"})
    check = FactCheck.objects.get(claim=verdict.claim)
    assert check.status == "live"
    assert "Published." in client.get(f"/verdicts/{verdict.pk}/").content.decode()


def test_a_double_click_approves_once(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ben)
    client.get(f"/verdicts/{verdict.pk}/")
    read_whole(actor=cast.ben, verdict=verdict)
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


def test_two_approvals_are_needed_where_the_desk_says_so(cast: Cast) -> None:
    change_desk(actor=cast.dana, desk=cast.desk, values={"editorial_approvals": 2})
    verdict = pages.submitted(cast)
    for person, state in ((cast.ben, "awaiting_approval"), (cast.carla, "published")):
        client = pages.signed_in(person)
        page = client.get(f"/verdicts/{verdict.pk}/").content.decode()
        assert ("1 more approval is needed after yours" in page) == (person is cast.ben)
        read_whole(actor=person, verdict=verdict)
        client.post(f"/verdicts/{verdict.pk}/approve/", {"kind": "editorial"})
        assert Review.objects.get(pk=verdict.review_id).state == state


def test_an_approval_for_later_waits_for_its_time(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ben)
    client.get(f"/verdicts/{verdict.pk}/")
    read_whole(actor=cast.ben, verdict=verdict)
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
    read_whole(actor=cast.ben, verdict=verdict)
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
    read_whole(actor=cast.ben, verdict=verdict)
    (source,) = Evidence.objects.filter(pk__in=verdict.citations)
    sent = pages.words(cast, source, headline="Far fewer cars cross it", comment="Shorter")
    assert client.post(f"/verdicts/{verdict.pk}/propose/", sent).status_code == 303
    draft = VerdictDraft.objects.get(user=cast.ben)
    assert (draft.data["headline"], draft.data["comment"]) == ("Far fewer cars cross it", "Shorter")
    pages.signed_in(cast.ada).post(f"/proposals/{draft.pk}/", {"decision": "accept"})
    newest = Verdict.objects.filter(review=verdict.review_id).order_by("-number")[0]
    client.get(f"/verdicts/{newest.pk}/")
    read_whole(actor=cast.ben, verdict=newest)
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


def corrected(cast: Cast, note: str = "We misread the count.") -> Verdict:
    """Return a correction of a published check that waits for approval."""
    check = pages.published(cast)
    review = start_correction(actor=cast.ada, factcheck=check, kind="correction", public_note=note)
    old = Verdict.objects.get(claim=check.claim_id)
    data = {**VerdictData.from_verdict(old).to_dict(), "headline": "The bridge carries 800 cars"}
    return submit_verdict(
        actor=cast.ada,
        review=review,
        data=VerdictData.from_dict({**data, "release_kind": "correction", "public_note": note}),
    )


TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?|\d\d:\d\d(?=</time>)")


def test_the_page_itself_is_what_the_public_gets_to_the_byte(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All in one second: a page says that it was changed from the next one on.
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    verdict = corrected(cast)
    client = pages.signed_in(cast.ben)
    before = client.get(f"/verdicts/{verdict.pk}/public/").content.decode()
    read_whole(actor=cast.ben, verdict=verdict)
    client.post(f"/verdicts/{verdict.pk}/approve/", {})
    check = FactCheck.objects.get(claim=verdict.claim)
    after = pages.signed_in(cast.ben).get(f"/checks/{check.public_id}/").content.decode()
    assert "We misread the count." in before
    assert TIMES.sub("", before) == TIMES.sub("", after)


def test_what_changes_for_the_reader_is_told_against_what_is_public(cast: Cast) -> None:
    verdict = corrected(cast)
    answer = pages.signed_in(cast.ben).get(f"/verdicts/{verdict.pk}/")
    changes = {str(one.label): one for one in answer.context["for_readers"]}
    assert set(changes) == {"Headline"}
    assert "<ins>800</ins>" in answer.content.decode()
    assert "We misread the count." in answer.content.decode()


def test_a_first_verdict_changes_nothing_that_is_public(cast: Cast) -> None:
    answer = pages.signed_in(cast.ben).get(f"/verdicts/{pages.submitted(cast).pk}/")
    assert answer.context["for_readers"] is None
    assert "What changes for the reader" not in answer.content.decode()


def test_sources_that_came_and_went_are_told_line_by_line() -> None:
    cited = {"url": "", "outlet": "", "published": ""}
    one, two, three = (SimpleNamespace(title=title, quotation="", **cited) for title in ("A", "B", "C"))
    pieces = differences._sources([one, two], [one, three])  # type: ignore[arg-type, list-item]
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "A\n"),
        ("gone", "B\n"),
        ("new", "C\n"),
    ]


def test_a_source_is_opened_on_the_page_and_ticked_by_a_post_of_its_own(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    (source,) = verdict.citations
    client = pages.signed_in(cast.ben)
    client.get(f"/verdicts/{verdict.pk}/")
    assert not CitationReading.objects.exists()
    early = client.post(f"/verdicts/{verdict.pk}/tick/", {"source": source})
    assert early.status_code == 422
    assert client.get(f"/verdicts/{verdict.pk}/tick/").status_code == 405
    page = client.get(f"/verdicts/{verdict.pk}/?source={source}").content.decode()
    assert "What the verdict says" in page
    assert "shows 900 cars a day [1]." in page
    assert CitationReading.objects.get(user=cast.ben).ticked_at is None
    assert client.post(f"/verdicts/{verdict.pk}/tick/", {"source": source}).status_code == 303
    assert CitationReading.objects.get(user=cast.ben).ticked_at is not None
    client.post(f"/verdicts/{verdict.pk}/tick/", {"source": source, "ticked": "0"})
    assert CitationReading.objects.get(user=cast.ben).ticked_at is None


@pytest.mark.parametrize("wanted", ["999999", "0", "x", "9" * 40])
def test_a_source_that_is_not_cited_opens_nothing(cast: Cast, wanted: str) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ben)
    assert client.get(f"/verdicts/{verdict.pk}/?source={wanted}").status_code in (200, 422)
    assert client.post(f"/verdicts/{verdict.pk}/tick/", {"source": wanted}).status_code == 422
    assert not CitationReading.objects.exists()


def test_approving_unread_keeps_the_typed_reason_or_asks_for_it(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ben)
    assert "Approve with 1 unread" in client.get(f"/verdicts/{verdict.pk}/").content.decode()
    refused = client.post(f"/verdicts/{verdict.pk}/approve/", {"comment": "Words that took a while."})
    assert refused.status_code == 422
    assert "Source [1] is not ticked" in refused.content.decode()
    assert "Words that took a while." in refused.content.decode()
    client.post(f"/verdicts/{verdict.pk}/approve/", {"unread_reason": "Read on paper."})
    assert Approval.objects.get().unread_reason == "Read on paper."
    assert "Read on paper." in client.get(f"/verdicts/{verdict.pk}/").content.decode()


def test_the_desk_chooses_the_rule_and_a_form_without_it_leaves_it(cast: Cast) -> None:
    client = pages.signed_in(cast.dana)
    form = client.get("/desk/north/settings/").context["form"]
    sent = {name: value for name, value in form.initial.items() if value is not None}
    client.post("/desk/north/settings/", sent | {"unread_sources": "refused"})
    cast.desk.refresh_from_db()
    assert cast.desk.unread_sources == "refused"
    sent.pop("unread_sources")
    client.post("/desk/north/settings/", sent | {"feed_title": "Other"})
    cast.desk.refresh_from_db()
    assert (cast.desk.unread_sources, cast.desk.feed_title) == ("refused", "Other")


def test_what_happens_next_names_the_hour_it_is_held_until(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    Review.objects.filter(pk=verdict.review_id).update(
        publish_at=dt.datetime(2031, 5, 3, 9, 30, tzinfo=dt.UTC)
    )
    page = pages.signed_in(cast.ben).get(f"/verdicts/{verdict.pk}/").content.decode()
    assert "It is then held until 3 May 2031, " in page
