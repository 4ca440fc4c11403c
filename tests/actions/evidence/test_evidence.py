"""What people decide about evidence, and what they add by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from claims.actions import base
from claims.actions.evidence import decisions as evidence
from claims.models import AuditEvent, Claim, ContactNote, Evidence, FactCheck, Match, Review
from claims.tasks.base import run_now
from tests import builders
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(cast: Cast) -> Claim:
    return builders.claim(cast)


@pytest.fixture
def quoted(cast: Cast, claim: Claim) -> Evidence:
    return evidence.add_quotation(
        actor=cast.ada,
        claim=claim,
        quotation="9,000 cars a day",
        source_title="Road census",
        source_date="2025-11",
    )


def test_a_quotation_keeps_its_source_and_its_partial_date(quoted: Evidence) -> None:
    assert (quoted.kind, quoted.source_title, quoted.source_date) == ("quotation", "Road census", "2025-11")
    assert AuditEvent.objects.filter(verb="evidence.added", object_id=quoted.pk).count() == 1


def test_adding_the_same_twice_is_one_row(cast: Cast, claim: Claim, quoted: Evidence) -> None:
    again = evidence.add_quotation(
        actor=cast.ben, claim=claim, quotation=" 9,000 cars a day ", source_title="Road census"
    )
    assert again == quoted
    assert Evidence.objects.filter(claim=claim).count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"quotation": "  "}, "Quote the words"),
        ({"source_title": " "}, "where the words are from"),
        ({"source_date": "yesterday"}, "yesterday"),
        ({"stance": "maybe"}, "five stances"),
        ({"quotation": "x" * 20_001}, "20,000"),
    ],
)
def test_bad_input_is_refused_in_words(
    cast: Cast, claim: Claim, fields: dict[str, str], sentence: str
) -> None:
    values = {"quotation": "words", "source_title": "Somewhere", **fields}
    with pytest.raises(base.Refused, match=sentence):
        evidence.add_quotation(actor=cast.ada, claim=claim, **values)
    assert not Evidence.objects.exists()


def test_citing_takes_a_rejection_back(cast: Cast, quoted: Evidence) -> None:
    evidence.decide(actor=cast.ada, evidence=quoted, rejected=True, reason="old")
    row = evidence.decide(actor=cast.ada, evidence=quoted, cited=True)
    assert (row.cited, row.rejected) == (True, False)
    row = evidence.decide(actor=cast.ada, evidence=row, rejected=True)
    assert (row.cited, row.rejected) == (False, True)


def test_the_database_refuses_cited_and_rejected(quoted: Evidence) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=quoted.pk).update(cited=True, rejected=True)


def test_redacted_evidence_cannot_be_cited(cast: Cast, quoted: Evidence) -> None:
    row = evidence.decide(actor=cast.ada, evidence=quoted, is_public=False)
    with pytest.raises(base.Refused, match="Redacted"):
        evidence.decide(actor=cast.ada, evidence=row, cited=True)


def test_a_decision_on_an_old_version_is_stale(cast: Cast, quoted: Evidence) -> None:
    version = quoted.version
    evidence.decide(actor=cast.ben, evidence=quoted, stance="refutes", expected_version=version)
    with pytest.raises(base.Stale):
        evidence.decide(actor=cast.ada, evidence=quoted, stance="supports", expected_version=version)
    quoted.refresh_from_db()
    assert quoted.stance == "refutes"


def test_the_rest_is_seen_but_not_used(cast: Cast, claim: Claim, quoted: Evidence) -> None:
    kept = evidence.add_quotation(actor=cast.ada, claim=claim, quotation="Other words", source_title="Census")
    evidence.decide(actor=cast.ada, evidence=kept, cited=True)
    assert evidence.reject_rest(actor=cast.ada, claim=claim) == 1
    quoted.refresh_from_db()
    assert (quoted.rejected, quoted.reason) == (True, "seen, not used")


def test_a_contact_note_says_who_was_asked_and_that_nobody_answered(cast: Cast, claim: Claim) -> None:
    asked = builders.moment(-1)
    row = evidence.add_contact(
        actor=cast.ada, claim=claim, who="Road office", quotation="", asked_at=asked, now=builders.moment()
    )
    note = ContactNote.objects.get(evidence=row)
    assert (note.who, note.asked_at, note.answered_at) == ("Road office", asked, None)
    assert row.quotation == "No answer so far."


def test_an_answer_is_not_older_than_its_question(cast: Cast, claim: Claim) -> None:
    now = builders.moment()
    with pytest.raises(base.Refused, match="older than the question"):
        evidence.add_contact(
            actor=cast.ada,
            claim=claim,
            who="Road office",
            quotation="No",
            asked_at=now,
            answered_at=now - dt.timedelta(hours=1),
            now=now,
        )
    with pytest.raises(base.Refused, match="future"):
        evidence.add_contact(
            actor=cast.ada,
            claim=claim,
            who="Road office",
            quotation="No",
            asked_at=builders.moment(2),
            now=now,
        )


def test_a_file_goes_into_the_archive_and_must_hold_the_quotation(cast: Cast, claim: Claim) -> None:
    data = b"The road census of 2025 counted 9,000 cars a day on the bridge of Lenna, more than ever before."
    job = evidence.add_by_file(
        actor=cast.ada, claim=claim, name="census.txt", data=data, quotation="9,000 cars a day"
    )
    assert not Evidence.objects.exists()
    assert run_now(job.pk)
    row = Evidence.objects.get()
    assert (row.added_by, row.kind) == (cast.ada, Evidence.Kind.FILE)
    assert row.document is not None
    assert row.capture is not None
    assert row.capture.text[row.start : row.end] == "9,000 cars a day"
    wrong = evidence.add_by_file(
        actor=cast.ada, claim=claim, name="census.txt", data=data, quotation="8,000 cars"
    )
    assert run_now(wrong.pk)
    wrong.refresh_from_db()
    assert "do not stand in the file" in wrong.error
    assert Evidence.objects.count() == 1


def test_an_outsider_decides_nothing(cast: Cast, quoted: Evidence) -> None:
    with pytest.raises(base.NotAllowed, match="not a member"):
        evidence.decide(actor=cast.otto, evidence=quoted, cited=True)


def test_a_confirmed_match_closes_the_claim_as_already_checked(cast: Cast, claim: Claim) -> None:
    earlier = FactCheck.objects.create(
        desk=cast.desk,
        imported=True,
        import_key="x",
        claim_text="Cars on the bridge",
        modified_at=builders.moment(),
    )
    match = Match.objects.create(claim=claim, factcheck=earlier)
    evidence.decide_match(actor=cast.ada, match=match, confirmed=True)
    review = Review.objects.get(claim=claim)
    assert (review.state, review.closed_reason) == ("closed", "already_checked")
    assert not FactCheck.objects.filter(claim=claim).exists()


def test_a_rejected_match_closes_nothing(cast: Cast, claim: Claim) -> None:
    earlier = FactCheck.objects.create(
        desk=cast.desk,
        imported=True,
        import_key="x",
        claim_text="Cars on the bridge",
        modified_at=builders.moment(),
    )
    match = Match.objects.create(claim=claim, factcheck=earlier)
    assert evidence.decide_match(actor=cast.ada, match=match, confirmed=False).state == "rejected"
    assert Review.objects.get(claim=claim).state == "queued"
