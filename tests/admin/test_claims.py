"""What a fact-checker does on a claim's page in the admin: look, decide about evidence, add, ask, assign, close."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.actions.claims import changes as claim_actions
from claims.models import AuditEvent, Claim, Evidence, Job, Match, Review, User
from claims.vocabulary import CloseReason
from tests import builders
from tests.admin.conftest import newest, quoted
from tests.people import Cast

SignIn = Callable[[User], Client]


def act(client: Client, claim: Claim, name: str, /, **fields: object) -> int:
    return client.post(f"/admin/claims/claim/{claim.pk}/act/{name}/", fields).status_code


def page(client: Client, claim: Claim) -> str:
    answer = client.get(f"/admin/claims/claim/{claim.pk}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_the_claim_in_its_paragraph_and_its_evidence(staff: Cast, as_: SignIn) -> None:
    added = builders.article(staff)
    builders.analysed(staff, added)
    claim = builders.accepted(staff)
    row = quoted(staff, claim)
    shown = page(as_(staff.ben), claim)
    assert claim.wording in shown
    assert "<mark>The harbour authority of Port Lenna raised its fees" in shown
    assert "lost 300 jobs" in shown
    assert row.quotation in shown
    assert f"[e:{row.pk}]" in shown
    assert "Traffic yearbook of Lenna" in shown


def test_stance_citation_and_rejection_are_decided_and_logged(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    row = quoted(staff, claim)
    client = as_(staff.ada)
    assert (
        act(
            client,
            claim,
            "evidence",
            evidence=row.pk,
            expected_version=row.version,
            stance="partly",
            cited="true",
        )
        == 302
    )
    row.refresh_from_db()
    assert (row.stance, row.cited) == ("partly", True)
    assert (
        act(client, claim, "evidence", evidence=row.pk, expected_version=row.version, rejected="true") == 302
    )
    row.refresh_from_db()
    assert (row.cited, row.rejected) == (False, True)
    # What was not sent stays.
    assert row.stance == "partly"
    event = AuditEvent.objects.filter(verb="evidence.decided").first()
    assert event is not None
    assert (event.via, event.actor_id) == ("admin", staff.ada.pk)


def test_deciding_about_what_somebody_decided_meanwhile_is_refused(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    row = quoted(staff, claim)
    client = as_(staff.ada)
    old = row.version
    act(client, claim, "evidence", evidence=row.pk, expected_version=old, stance="supports")
    assert act(client, claim, "evidence", evidence=row.pk, expected_version=old, stance="refutes") == 409
    row.refresh_from_db()
    assert row.stance == "supports"


def test_evidence_is_added_by_hand_in_four_ways(staff: Cast, as_: SignIn, drain: Callable[..., int]) -> None:
    claim = builders.claim(staff)
    client = as_(staff.ada)
    quotation = {
        "add-quotation-quotation": "Forty cars an hour.",
        "add-quotation-source_title": "Evening news",
        "add-quotation-stance": "refutes",
    }
    assert act(client, claim, "add-quotation", **quotation) == 302
    url = {"add-url-url": "https://counts.example/2025", "add-url-quotation": "400 cars a day"}
    assert act(client, claim, "add-url", **url) == 302
    file = SimpleUploadedFile(
        "counts.txt", b"Counters on the bridge of Lenna showed 400 cars on an average day in 2025."
    )
    words = {"add-file-file": file, "add-file-quotation": "showed 400 cars"}
    assert act(client, claim, "add-file", **words) == 302
    contact = {
        "add-contact-who": "Ministry of roads",
        "add-contact-asked_at": "2026-03-01T10:00",
        "add-contact-quotation": "We never counted.",
    }
    assert act(client, claim, "add-contact", **contact) == 302
    drain("read")  # a file is read by a job
    assert set(Evidence.objects.filter(claim=claim).values_list("kind", flat=True)) == {
        "quotation",
        "url",
        "file",
        "contact",
    }


def test_a_refused_addition_keeps_what_was_typed(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    answer = as_(staff.ada).post(
        f"/admin/claims/claim/{claim.pk}/act/add-quotation/",
        {"add-quotation-quotation": "Words that took me an hour", "add-quotation-source_title": ""},
    )
    assert answer.status_code == 422
    assert "Words that took me an hour" in answer.content.decode()
    assert not Evidence.objects.filter(claim=claim).exists()


def test_the_rest_is_seen_and_not_used(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    row = quoted(staff, claim)
    Evidence.objects.filter(pk=row.pk).update(stance="")
    assert act(as_(staff.ada), claim, "rest") == 302
    row.refresh_from_db()
    assert (row.rejected, row.reason) == (True, "seen, not used")


def test_a_search_is_queued_in_own_words(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    assert act(as_(staff.ada), claim, "search", own_words="cars per day") == 302
    assert Job.objects.filter(kind="search", arguments__own_words="cars per day").exists()


def test_an_earlier_check_is_confirmed_and_closes_the_claim(staff: Cast, as_: SignIn) -> None:
    from claims.models import FactCheck

    claim = builders.claim(staff)
    check = FactCheck.objects.create(
        desk=staff.desk, imported=True, import_key="k", claim_text="An old one", modified_at=claim.created_at
    )
    match = Match.objects.create(claim=claim, factcheck=check)
    assert act(as_(staff.ada), claim, "match", match=match.pk, decision="confirm") == 302
    assert newest(claim).closed_reason == CloseReason.ALREADY_CHECKED


def test_wording_claimant_dates_and_what_is_checked_are_set(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    client = as_(staff.ada)
    # Each act makes a newer version; the page hands out the current one.
    for name, fields in (
        ("wording", {"wording-wording": "The bridge of Lenna carries 9000 cars a day."}),
        ("claimant", {"claimant-name": "Otto Falk", "claimant-kind": "person"}),
        ("checks", {"checks-checks": "said"}),
        ("dates", {"dates-made_on": "2026-03", "dates-about": "2025"}),
    ):
        claim.refresh_from_db()
        assert act(client, claim, name, **fields, **{f"{name}-expected_version": claim.version}) == 302, name
    claim.refresh_from_db()
    assert claim.wording == "The bridge of Lenna carries 9000 cars a day."
    assert claim.claimant is not None
    assert (claim.claimant.name, claim.checks, claim.made_on, claim.about) == (
        "Otto Falk",
        "said",
        "2026-03",
        "2025",
    )
    assert (
        act(client, claim, "wording", **{"wording-wording": "Late words.", "wording-expected_version": 1})
        == 409
    )


def test_a_desk_editor_assigns_and_the_page_says_who_works(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    assert act(as_(staff.carla), claim, "assign", **{"assign-to": staff.ben.pk}) == 302
    assert newest(claim).assignee == staff.ben
    assert act(as_(staff.ben), claim, "take") == 302
    shown = page(as_(staff.carla), claim)
    assert re.search(r"Worked on by</dt><dd>Ben", shown)


def test_a_contributor_reads_and_changes_nothing(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    row = quoted(staff, claim)
    client = as_(staff.eli)
    assert row.quotation in page(client, claim)
    assert act(client, claim, "evidence", evidence=row.pk, cited="true") == 403
    assert act(client, claim, "rest") == 403
    assert act(client, claim, "draft", headline="x") == 403
    assert act(client, claim, "close", **{"close-reason": "other"}) == 403


def test_closing_and_reopening(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    client = as_(staff.ada)
    assert act(client, claim, "close") == 422
    assert (
        act(client, claim, "close", **{"close-reason": "not_worth_it", "close-note": "nobody heard it"})
        == 302
    )
    assert newest(claim).state == Review.State.CLOSED
    assert act(client, claim, "reopen") == 302
    assert newest(claim).state == Review.State.QUEUED


def test_acts_are_posted_and_known(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    client = as_(staff.ada)
    assert client.get(f"/admin/claims/claim/{claim.pk}/act/rest/").status_code == 405
    assert act(client, claim, "explode") == 404


def test_a_merged_claim_leads_on(staff: Cast, as_: SignIn) -> None:
    claim, into = builders.claim(staff), builders.claim(staff)
    claim_actions.merge_claims(actor=staff.ada, claim=claim, into=into)
    assert f"/admin/claims/claim/{into.pk}/change/" in page(as_(staff.ada), claim)


def test_the_page_costs_the_same_however_much_evidence_there_is(staff: Cast, as_: SignIn) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    claim = builders.claim(staff)
    quoted(staff, claim)
    client = as_(staff.ada)
    page(client, claim)
    with CaptureQueriesContext(connection) as few:
        page(client, claim)
    for number in range(8):
        quoted(staff, claim, f"Another {number} words")
    with CaptureQueriesContext(connection) as many:
        page(client, claim)
    assert len(many) == len(few)
