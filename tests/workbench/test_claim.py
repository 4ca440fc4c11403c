"""The claim page: its head, evidence and searches, and what people do to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from claims.actions.claims import changes as claim_actions
from claims.actions.evidence.decisions import add_quotation
from claims.models import Claim, Evidence, FactCheck, Job, Match, Review, SearchRun
from claims.workbench.claim.evidence_board import evidence_part
from claims.workbench.claim.wording_hints import hints
from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db


def test_the_wording_is_confirmed_by_storing_it(cast: Cast) -> None:
    claim = builders.claim(cast)
    client = pages.signed_in(cast.ada)
    sent = {"wording": "The bridge carries 900 cars a day.", "expected_version": claim.version}
    answer = client.post(f"/claims/{claim.pk}/wording/", sent)
    assert answer.status_code == 303
    claim.refresh_from_db()
    assert claim.wording == "The bridge carries 900 cars a day."
    assert claim.wording_confirmed_by == cast.ada


def test_a_change_by_somebody_else_is_a_409_that_keeps_the_typed_words(cast: Cast) -> None:
    claim = builders.claim(cast)
    old = claim.version
    claim_actions.edit_wording(actor=cast.ben, claim=claim, wording="Ben was here first.")
    client = pages.signed_in(cast.ada)
    sent = {"wording": "Words that Ada typed.", "expected_version": old}
    answer = client.post(f"/claims/{claim.pk}/wording/", sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Words that Ada typed." in text
    assert "Ben was here first." in text


def test_a_contributor_is_told_who_could_change_it(cast: Cast) -> None:
    claim = builders.claim(cast)
    sent = {"wording": "No.", "expected_version": claim.version}
    answer = pages.signed_in(cast.eli).post(f"/claims/{claim.pk}/wording/", sent)
    assert answer.status_code == 403
    assert b"fact-checker" in answer.content


def test_claimant_dates_and_checks_are_set_on_the_page(cast: Cast) -> None:
    claim = builders.claim(cast)
    client = pages.signed_in(cast.ada)
    version = claim.version
    client.post(
        f"/claims/{claim.pk}/claimant/",
        {"name": "Harbour authority", "kind": "organisation", "expected_version": version},
    )
    client.post(
        f"/claims/{claim.pk}/dates/", {"made_on": "2026-03", "about": "2025", "expected_version": version + 1}
    )
    client.post(f"/claims/{claim.pk}/checks/", {"checks": "said", "expected_version": version + 2})
    claim.refresh_from_db()
    assert claim.claimant is not None
    assert (claim.claimant.name, claim.made_on, claim.about, claim.checks) == (
        "Harbour authority", "2026-03", "2025", "said",
    )  # fmt: skip


def test_a_date_that_is_none_is_said_beside_what_was_typed(cast: Cast) -> None:
    claim = builders.claim(cast)
    sent = {"made_on": "last week", "expected_version": claim.version}
    answer = pages.signed_in(cast.ada).post(f"/claims/{claim.pk}/dates/", sent)
    assert answer.status_code == 422
    assert "last week" in answer.content.decode()


def test_hints_name_verdict_words_loaded_words_length_and_what_is_unresolved() -> None:
    wording = "The regime falsely said that they would pay for it " + "again " * 10
    found = {hint.kind: hint.words for hint in hints(wording, [{"start": 29, "end": 33, "why": "who?"}])}
    assert found == {"unresolved": "they", "verdict": "falsely", "loaded": "regime", "long": ""}
    assert hints("The bridge carries 900 cars.") == []


def test_the_quotation_stands_in_its_paragraph(cast: Cast) -> None:
    builders.analysed(cast, builders.article(cast))
    claim = builders.accepted(cast, "300 jobs")
    answer = pages.signed_in(cast.ada).get(f"/claims/{claim.pk}/")
    (place,) = answer.context["appearances"]
    assert place.quotation == "the port had lost 300 jobs since 2024"
    assert place.before.endswith("Minister Ilse Brandt said ")
    assert place.after.startswith(". “We never")


def test_a_stance_is_decided_with_one_button(cast: Cast) -> None:
    claim, _review, source = pages.ready(cast)
    sent = {"stance": "partly", "expected_version": source.version}
    answer = pages.signed_in(cast.ada).post(f"/evidence/{source.pk}/", sent)
    assert answer.status_code == 303
    assert answer["Location"] == f"/claims/{claim.pk}/#e{source.pk}"
    source.refresh_from_db()
    assert (source.stance, source.decided_by) == ("partly", cast.ada)
    assert source.cited, "what was not sent stays as it was"


def test_htmx_gets_the_row_the_figures_and_a_way_back(cast: Cast) -> None:
    _claim, _review, source = pages.ready(cast)
    client = pages.signed_in(cast.ada)
    answer = client.post(
        f"/evidence/{source.pk}/",
        {"rejected": "true", "expected_version": source.version},
        headers={"HX-Request": "true"},
    )
    text = answer.content.decode()
    assert f'id="e{source.pk}"' in text
    assert 'id="evidence-figures"' in text
    assert "hx-swap-oob" in text
    assert "<html" not in text
    source.refresh_from_db()
    assert source.rejected
    assert not source.cited
    undo = {"stance": "refutes", "rejected": "false", "cited": "true", "expected_version": source.version}
    client.post(f"/evidence/{source.pk}/", undo, headers={"HX-Request": "true"})
    source.refresh_from_db()
    assert source.cited
    assert not source.rejected


def test_a_decision_on_an_old_row_is_a_409_with_the_newer_row(cast: Cast) -> None:
    _claim, _review, source = pages.ready(cast)
    pages.signed_in(cast.ben).post(
        f"/evidence/{source.pk}/", {"stance": "context", "expected_version": source.version}
    )
    sent = {"stance": "supports", "expected_version": source.version}
    answer = pages.signed_in(cast.ada).post(f"/evidence/{source.pk}/", sent, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "Somebody else" in answer.content.decode()
    source.refresh_from_db()
    assert source.stance == "context"


def test_what_is_known_about_a_source_is_kept(cast: Cast) -> None:
    _claim, _review, source = pages.ready(cast)
    sent = {
        "according_to": "the road office", "primacy": "primary", "interest": "runs the counter",
        "is_public": "true", "translation": "", "expected_version": source.version,
    }  # fmt: skip
    pages.signed_in(cast.ada).post(f"/evidence/{source.pk}/", sent)
    source.refresh_from_db()
    assert (source.according_to, source.primacy, source.interest) == (
        "the road office",
        "primary",
        "runs the counter",
    )
    assert source.stance == "refutes"


def test_the_rest_is_seen_and_not_used_in_one_gesture(cast: Cast) -> None:
    claim, _review, source = pages.ready(cast)
    rest = add_quotation(actor=cast.ada, claim=claim, quotation="Something else.", source_title="A leaflet")
    pages.signed_in(cast.ada).post(f"/claims/{claim.pk}/evidence/rest/")
    rest.refresh_from_db()
    source.refresh_from_db()
    assert rest.rejected
    assert rest.reason == "seen, not used"
    assert not source.rejected


def test_copies_of_one_report_are_one_origin(cast: Cast) -> None:
    from claims.models import Archive, Document, Origin

    claim = builders.claim(cast)
    origin = Origin.objects.create(archive=Archive.objects.get(desk=cast.desk))
    for number in range(3):
        added = builders.article(cast, f"{builders.HARBOUR} Edition {number}.", title=f"Edition {number}")
        Document.objects.filter(pk=added.document.pk).update(origin=origin if number < 2 else None)
        Evidence.objects.create(
            desk=cast.desk, claim=claim, kind="passage", document=added.document, quotation="Fees rose.",
            place_key=f"test:{number}", rank=number, according_to="The Union" if number else "the  union",
        )  # fmt: skip
    part = evidence_part(claim, cast.ada)
    assert (part.counted.articles, part.counted.origins, part.counted.ultimate) == (3, 2, 1)
    assert part.sentence == "3 articles · 2 origins · 1 ultimate source"


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("quotation", {"quotation": "Nine hundred.", "source_title": "The almanac", "source_date": "2025"}),
        ("contact", {"who": "Press desk", "asked_at": "2026-03-01T10:00", "quotation": "We do not know."}),
        ("url", {"url": "https://news.example/bridge", "quotation": "Nine hundred cars.", "title": "Bridge"}),
    ],
)
def test_evidence_is_added_by_hand(cast: Cast, kind: str, sent: dict[str, str]) -> None:
    claim = builders.claim(cast)
    answer = pages.signed_in(cast.ada).post(f"/claims/{claim.pk}/evidence/add/{kind}/", sent)
    assert answer.status_code == 303
    assert claim.evidence.get().kind == kind


def test_a_file_is_added_with_the_words_that_stand_in_it(cast: Cast, drain: Callable[..., int]) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    claim = builders.claim(cast)
    client = pages.signed_in(cast.ada)
    upload = SimpleUploadedFile(
        "count.txt", b"The counter of the bridge\n\nNine hundred cars passed on that day in May."
    )
    wrong = client.post(
        f"/claims/{claim.pk}/evidence/add/file/", {"file": upload, "quotation": "A thousand cars"}
    )
    # The file is read by a job, which says what does not stand in it.
    assert wrong.status_code == 303
    drain("read")
    failed = Job.objects.filter(kind="read").latest("pk")
    assert failed.status == Job.Status.FAILED
    assert failed.error
    assert not claim.evidence.exists()
    upload.seek(0)
    client.post(
        f"/claims/{claim.pk}/evidence/add/file/", {"file": upload, "quotation": "Nine hundred cars passed"}
    )
    drain("read")
    row = claim.evidence.get()
    assert row.capture is not None
    assert row.capture.text[row.start : row.end] == "Nine hundred cars passed"


def test_refused_evidence_keeps_every_typed_word(cast: Cast) -> None:
    claim = builders.claim(cast)
    sent = {"quotation": "A long quotation that nobody wants to type again.", "source_title": ""}
    answer = pages.signed_in(cast.ada).post(f"/claims/{claim.pk}/evidence/add/quotation/", sent)
    assert answer.status_code == 422
    assert "nobody wants to type again" in answer.content.decode()
    assert not claim.evidence.exists()


def test_asking_in_own_words_queues_a_search_that_the_page_shows(cast: Cast) -> None:
    claim = builders.claim(cast)
    Job.objects.all().delete()
    client = pages.signed_in(cast.ada)
    client.post(f"/claims/{claim.pk}/search/", {"own_words": "ferry timetable"})
    assert Job.objects.get(kind="search").arguments["own_words"] == "ferry timetable"
    assert "waiting for its turn" in client.get(f"/claims/{claim.pk}/").content.decode()


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("nothing", "It says nothing about whether the claim is true"),
        ("not_covered", "does not cover this time"),
    ],
)
def test_no_evidence_is_said_as_a_result(cast: Cast, outcome: str, words: str) -> None:
    claim = builders.claim(cast)
    SearchRun.objects.create(
        desk=cast.desk, claim=claim, questions=[{"text": "x", "terms": []}], searched=12340, in_window=812,
        outcome=outcome,
    )  # fmt: skip
    text = pages.signed_in(cast.ada).get(f"/claims/{claim.pk}/").content.decode()
    assert words in text
    assert "1 question to 12,340 passages, 812 of them in the claim&#x27;s time, 0 hits" in text


def test_a_search_outside_is_logged_and_leads_there(cast: Cast) -> None:
    claim = builders.claim(cast)
    client = pages.signed_in(cast.ada)
    answer = client.post(f"/claims/{claim.pk}/outside/", {"where": "wikipedia", "text": "Lenna bridge"})
    run = SearchRun.objects.get(claim=claim, kind="outside")
    assert run.questions[0]["text"] == "Lenna bridge"
    assert "https://en.wikipedia.org/w/index.php?search=Lenna+bridge" in answer.content.decode()
    refused = client.post(f"/claims/{claim.pk}/outside/", {"where": "https://evil.example", "text": "x"})
    assert refused.status_code == 422


def test_a_confirmed_earlier_check_closes_the_claim(cast: Cast) -> None:
    check = pages.published(cast)
    claim = builders.claim(cast)
    match = Match.objects.create(claim=claim, factcheck=FactCheck.objects.get(pk=check.pk))
    client = pages.signed_in(cast.ada)
    assert "Checked before?" in client.get(f"/claims/{claim.pk}/").content.decode()
    client.post(f"/matches/{match.pk}/", {"decision": "confirm"})
    review = pages.review_of(claim)
    assert (review.state, review.closed_reason) == ("closed", "already_checked")


def test_work_is_taken_put_down_assigned_closed_and_reopened(cast: Cast) -> None:
    claim = builders.claim(cast)
    review = pages.review_of(claim)
    ada, carla = pages.signed_in(cast.ada), pages.signed_in(cast.carla)
    ada.post(f"/reviews/{review.pk}/take/")
    review.refresh_from_db()
    assert (review.state, review.lease_user, review.assignee) == ("in_progress", cast.ada, cast.ada)
    page = pages.signed_in(cast.ben).get(f"/claims/{claim.pk}/").content.decode()
    assert "Ada is working on this claim." in page
    ada.post(f"/reviews/{review.pk}/put-down/")
    carla.post(f"/reviews/{review.pk}/assign/", {"to": cast.ben.pk})
    review.refresh_from_db()
    assert (review.lease_user, review.assignee) == (None, cast.ben)
    assert ada.post(f"/reviews/{review.pk}/close/", {"reason": "not_worth_it"}).status_code == 403
    carla.post(f"/reviews/{review.pk}/close/", {"reason": "not_worth_it", "note": "A slip of the tongue"})
    review.refresh_from_db()
    assert (review.state, review.closed_note) == ("closed", "A slip of the tongue")
    ada.post(f"/reviews/{review.pk}/reopen/")
    assert Review.objects.get(pk=review.pk).state == "queued"


def test_a_merged_claim_leads_on(cast: Cast) -> None:
    one, two = builders.claim(cast), builders.claim(cast)
    client = pages.signed_in(cast.ada)
    client.post(f"/claims/{one.pk}/merge/", {"into": two.pk})
    assert client.get(f"/claims/{one.pk}/")["Location"] == f"/claims/{two.pk}/"
    assert client.post(f"/claims/{two.pk}/merge/", {"into": 10**9}).status_code == 422


def test_the_timeline_names_people_and_what_they_decided(cast: Cast) -> None:
    claim, _review, source = pages.ready(cast)
    pages.signed_in(cast.ben).post(
        f"/evidence/{source.pk}/", {"stance": "context", "expected_version": source.version}
    )
    events = pages.signed_in(cast.ada).get(f"/claims/{claim.pk}/").context["events"]
    assert (events[0].person, events[0].sentence, events[0].note) == (
        "Ben",
        "decided about evidence",
        "context",
    )


def test_every_object_of_another_desk_is_404(cast: Cast) -> None:
    claim, review, source = pages.ready(cast)
    otto = pages.signed_in(cast.otto)
    for path in (f"/claims/{claim.pk}/", f"/evidence/{source.pk}/", f"/claims/{claim.pk}/evidence/"):
        assert otto.get(path).status_code == 404
    for path in (f"/claims/{claim.pk}/wording/", f"/reviews/{review.pk}/take/", f"/evidence/{source.pk}/"):
        assert otto.post(path, {}).status_code == 404


def test_forty_pieces_of_evidence_cost_as_many_queries_as_one(
    cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    claim, _review, _source = pages.working(cast)
    for number in range(40):
        Evidence.objects.create(
            desk=cast.desk, claim=claim, kind="quotation", quotation=f"Number {number} counted 900 cars",
            source_title=f"Source {number}", place_key=f"test:{number}", matched=["car", "900"],
        )  # fmt: skip
    client = pages.signed_in(cast.ada)
    with django_assert_max_num_queries(45):  # type: ignore[attr-defined]
        answer = client.get(f"/claims/{claim.pk}/")
    assert answer.content.decode().count("<mark>Number") >= 40


def test_the_lease_of_somebody_who_left_lapses(cast: Cast) -> None:
    claim, review, _source = pages.working(cast)
    Review.objects.filter(pk=review.pk).update(lease_until=timezone.now() - dt.timedelta(minutes=1))
    page = pages.signed_in(cast.ben).get(f"/claims/{claim.pk}/")
    assert page.context["lease"] is None
    assert Claim.objects.filter(pk=claim.pk).exists()
