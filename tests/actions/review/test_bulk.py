"""One act on many claims, with a report per row."""

from __future__ import annotations

import csv
import io

import pytest

from claims.actions import base
from claims.actions.documents.details import set_metadata
from claims.actions.review import bulk
from claims.actions.review import verdicts as review
from claims.models import (
    Approval,
    Claim,
    Document,
    Evidence,
    FactCheck,
    Release,
    Verdict,
)
from tests import builders
from tests.checks_made import checked_claim, current, read_whole, source, submitted, words
from tests.conftest import NOW
from tests.people import Cast

pytestmark = pytest.mark.django_db


def outcomes(report: bulk.BulkReport) -> list[str]:
    return [str(row.outcome) for row in report.rows]


def three(cast: Cast, **options: str) -> list[Claim]:
    words = "The bridge of Lenna carries many cars"
    return [checked_claim(cast, f"{words}, said {name}", **options) for name in ("Anna", "Bela", "Cora")]


def test_permission_is_asked_up_front(cast: Cast) -> None:
    rows = three(cast)
    with pytest.raises(base.NotAllowed):
        bulk.assign_verdict_many(actor=cast.eli, claims=rows, lead=rows[0], now=NOW)
    with pytest.raises(base.NotAllowed):
        bulk.approve_many(actor=cast.ada, claims=rows, now=NOW)


def test_claims_of_another_desk_are_named_by_their_number_only(cast: Cast) -> None:
    rows = three(cast)
    report = bulk.approve_many(actor=cast.otto, claims=rows, now=NOW)
    assert {row.outcome for row in report.rows} == {"skipped"}
    assert all(row.label == f"#{row.claim_id}" for row in report.rows)


def test_assigning_a_verdict_copies_rating_words_and_cited_evidence(cast: Cast) -> None:
    rows = three(cast)
    lead = submitted(cast, rows[0])
    plan = bulk.assign_verdict_many(actor=cast.ben, claims=rows, lead=rows[0], dry_run=True, now=NOW)
    assert outcomes(plan) == ["skipped", "done", "done"]
    assert Verdict.objects.count() == 1
    report = bulk.assign_verdict_many(actor=cast.ben, claims=rows, lead=rows[0], now=NOW)
    assert outcomes(report) == outcomes(plan)
    for made in rows[1:]:
        verdict = Verdict.objects.get(claim=made)
        copied = Evidence.objects.get(claim=made)
        assert verdict.citations == [copied.pk]
        assert f"[e:{copied.pk}]" in verdict.justification
        assert (verdict.rating_id, verdict.wording) == (lead.rating_id, made.wording)
        assert copied.place_key == Evidence.objects.get(claim=rows[0]).place_key
        authors = set(verdict.authors.values_list("user__display_name", flat=True))
        assert authors == {"Ada", "Ben"}
        read_whole(actor=cast.ada, verdict=verdict, now=NOW)
        with pytest.raises(base.NotAllowed):
            review.approve(actor=cast.ada, verdict=verdict, now=NOW)


def test_another_claimant_date_or_number_is_warned_of(cast: Cast) -> None:
    lead = checked_claim(cast, "The bridge carries 2000 cars")
    submitted(cast, lead)
    rows = [
        checked_claim(cast, "The bridge carries 2000 cars, they say", who="Otto Brand"),
        checked_claim(cast, "The bridge carries 2000 cars, we hear", when="2025-01-01"),
        checked_claim(cast, "The bridge carries 3000 cars"),
        checked_claim(cast, "The bridge carries 2000 cars indeed"),
    ]
    report = bulk.assign_verdict_many(
        actor=cast.ada, claims=rows, lead=lead, skip_warned=True, dry_run=True, now=NOW
    )
    assert outcomes(report) == ["skipped", "skipped", "skipped", "done"]
    report = bulk.assign_verdict_many(actor=cast.ada, claims=rows, lead=lead, now=NOW)
    assert outcomes(report) == ["warned", "warned", "warned", "done"]
    for row, part in zip(report.rows, ("claimant (Otto Brand)", "2025-01-01", "2000, 3000"), strict=False):
        assert part in row.why
    assert Verdict.objects.count() == 5


def test_a_lead_without_a_verdict_is_refused_before_any_row(cast: Cast) -> None:
    rows = three(cast)
    with pytest.raises(base.Refused, match="no verdict yet"):
        bulk.assign_verdict_many(actor=cast.ada, claims=rows[1:], lead=rows[0], now=NOW)


def test_a_lead_that_cites_what_the_person_may_not_see_is_assigned_to_nothing(cast: Cast) -> None:
    rows = three(cast)
    document = builders.article(cast, "The counters of Osk said 400 cars a day.", title="Memo").document
    hidden = Evidence.objects.create(
        desk=cast.desk, claim=rows[0], kind="passage", document=document, capture=document.captures.get(), start=0,
        end=20, quotation="The counters of Osk", place_key="capture:9",
    )  # fmt: skip
    set_metadata(actor=cast.ada, document=document, visibility=Document.Visibility.NAMED)
    said = words(cast, hidden)
    review.submit_verdict(actor=cast.ada, review=current(rows[0]), data=said, now=NOW)
    # Ben is not named: neither the preview nor the act, whether the words are the version's or typed again.
    for data in (None, said):
        for dry_run in (True, False):
            report = bulk.assign_verdict_many(
                actor=cast.ben, claims=rows[1:], lead=rows[0], data=data, dry_run=dry_run, now=NOW
            )
            assert outcomes(report) == ["skipped", "skipped"]
            assert all("do not hold" in row.why and "Osk" not in row.why for row in report.rows)
    assert Evidence.objects.filter(document=document).get() == hidden
    assert Verdict.objects.count() == 1
    assert {current(row).state for row in rows[1:]} == {"queued"}
    # Ada added the document, and may.
    report = bulk.assign_verdict_many(actor=cast.ada, claims=rows[1:], lead=rows[0], now=NOW)
    assert outcomes(report) == ["done", "done"]
    assert Evidence.objects.filter(document=document).count() == 3


def test_a_source_rejected_for_a_claim_is_not_cited_there_by_bulk(cast: Cast) -> None:
    lead, other = three(cast)[:2]
    submitted(cast, lead)
    Evidence.objects.filter(pk=source(cast, other).pk).update(rejected=True)
    report = bulk.assign_verdict_many(actor=cast.ada, claims=[other], lead=lead, now=NOW)
    assert outcomes(report) == ["skipped"]
    assert "rejected" in report.rows[0].why
    assert current(other).state == "queued"


def test_bulk_approval_skips_what_this_person_has_not_opened_or_has_written(cast: Cast) -> None:
    rows = three(cast)
    opened = submitted(cast, rows[0])
    submitted(cast, rows[1])
    read_whole(actor=cast.ben, verdict=opened, now=NOW)
    plan = bulk.approve_many(actor=cast.ben, claims=rows, dry_run=True, now=NOW)
    assert not Approval.objects.exists()
    report = bulk.approve_many(actor=cast.ben, claims=rows, now=NOW)
    assert outcomes(report) == outcomes(plan) == ["done", "skipped", "skipped"]
    assert "not opened" in report.rows[1].why
    assert "nothing to approve" in report.rows[2].why
    assert Release.objects.count() == FactCheck.objects.count() == 1
    own = review.base_verdict(current(rows[1]))
    assert own is not None
    again = bulk.approve_many(actor=cast.ben, claims=[rows[0]], now=NOW)
    assert outcomes(again) == ["skipped"]


def test_the_export_guards_against_formulas_and_leaves_out_other_desks(cast: Cast) -> None:
    made = checked_claim(cast, "=1+1 is what the bridge costs")
    text = bulk.export_csv(actor=cast.ada, claims=[made]).decode()
    (row,) = list(csv.DictReader(io.StringIO(text)))
    assert row["wording"].startswith("'=1+1")
    assert row["state"] == "queued"
    assert list(bulk.export_rows(actor=cast.otto, claims=[made])) == []
