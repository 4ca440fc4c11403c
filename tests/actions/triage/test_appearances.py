"""From suggestion to claim: storing a splitting, deciding, moving spans, and taking it back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest

from claims.actions import base
from claims.actions.documents import intake
from claims.actions.documents.analysis import apply_proposal, reanalyse
from claims.actions.triage.decisions import accept, dismiss, finish_article, reopen, reopen_article
from claims.actions.triage.outside import claim_without_article
from claims.actions.triage.spans import add_from_selection, edit_span, joined_words, merge, split_span
from claims.actions.triage.undo import last_gesture, undo
from claims.models import (
    AnalysisRun,
    Appearance,
    AuditEvent,
    Claim,
    Claimant,
    DateSource,
    Document,
    Evidence,
    FinishedArticle,
    IndexEntry,
    Job,
    Review,
    SearchRun,
)
from claims.splitting.types import Unit
from claims.vocabulary import Attribution
from tests.builders import HARBOUR, accepted, analysed, article, date, harbour_units, suggestion, unit
from tests.people import Cast

pytestmark = pytest.mark.django_db

Triage = Appearance.Triage
FEES, JOBS, PROMISE = "raised its fees", "lost 300 jobs", "never promised"


@pytest.fixture
def document(cast: Cast) -> Document:
    """An analysed article with three suggestions."""
    added = article(cast, outlet="Lenna Post", published="2026-03-03")
    analysed(cast, added)
    return added.document


def gesture_of(verb: str) -> uuid.UUID:
    return AuditEvent.objects.filter(verb=verb).latest("id").gesture


# --- storing a splitting ----------------------------------------------------------------------------------


def test_units_become_suggestions_whose_quotation_is_the_text_at_their_place(
    cast: Cast, document: Document
) -> None:
    rows = list(document.appearances.all())
    assert [row.triage for row in rows] == [Triage.SUGGESTED] * 3
    assert all(HARBOUR[row.start : row.end] == row.quotation for row in rows)
    jobs = suggestion(cast, JOBS)
    assert (jobs.claimant_text, jobs.claimant_kind, jobs.attribution) == ("Ilse Brandt", "person", "reported")
    assert jobs.reasons == [{"feature": "figure", "weight": 1.2, "text": "gives a figure: 300"}]
    assert jobs.wording_unresolved == [{"start": 0, "end": 8, "why": "which port"}]
    assert suggestion(cast, FEES).dates[0]["value"] == "2026-03-02"
    assert AuditEvent.objects.filter(verb="document.analysed", actor_id=None).count() == 1


def test_the_same_splitting_twice_changes_nothing(cast: Cast) -> None:
    added = article(cast)
    first = analysed(cast, added)
    versions = list(Appearance.objects.values_list("pk", "version"))
    assert analysed(cast, added) == first
    assert list(Appearance.objects.values_list("pk", "version")) == versions
    assert AnalysisRun.objects.count() == 1
    first.refresh_from_db()
    assert first.is_current


def test_nested_and_repeated_units_keep_their_links(cast: Cast) -> None:
    added = article(cast)
    outer, inner, again = harbour_units()
    analysed(cast, added, (outer, replace(inner, within=0), replace(again, repeats=1)))
    rows = {row.unit: row for row in Appearance.objects.all()}
    assert rows[1].within == rows[0]
    assert rows[2].repeats == rows[1]


def test_a_newer_analysis_renews_what_nobody_touched(cast: Cast, document: Document) -> None:
    added = article(cast)
    units = harbour_units()
    renewed = (
        replace(units[0], score=0.9, claimant="Port Lenna"),
        units[1],
        unit(HARBOUR, "Fees were last raised in 2019", 3),
    )
    run = analysed(cast, added, renewed, analyser="test/2")
    fees = suggestion(cast, FEES)
    assert (fees.score, fees.claimant_text, fees.run, fees.version) == (0.9, "Port Lenna", run, 2)
    assert suggestion(cast, "last raised").triage == Triage.SUGGESTED
    assert suggestion(cast, PROMISE).triage == Triage.SUPERSEDED
    assert run.proposals == []
    back = analysed(cast, added, units, analyser="test/3")
    assert back.is_current
    assert suggestion(cast, PROMISE).triage == Triage.SUGGESTED


def test_a_newer_analysis_never_overwrites_a_person_and_shows_what_it_would_change(
    cast: Cast, document: Document
) -> None:
    claim = accepted(cast, FEES)
    dismiss(actor=cast.ada, appearance=suggestion(cast, JOBS), reason="old news")
    before = {row.pk: (row.claimant_text, row.triage, row.claim_id) for row in document.appearances.all()}
    units = harbour_units()
    run = analysed(
        cast,
        article(cast),
        (replace(units[0], claimant="Harbour authority"), replace(units[1], negated=True)),
        analyser="test/2",
    )
    fees, jobs = suggestion(cast, FEES), suggestion(cast, JOBS)
    assert before[fees.pk] == (fees.claimant_text, fees.triage, claim.pk)
    assert before[jobs.pk] == (jobs.claimant_text, jobs.triage, None)
    assert [(p["kind"], p["appearance"], sorted(p["fields"])) for p in run.proposals] == [
        ("change", fees.pk, ["claimant_text"]),
        ("change", jobs.pk, ["negated"]),
    ]
    assert suggestion(cast, PROMISE).triage == Triage.SUPERSEDED
    applied = apply_proposal(actor=cast.ada, run=run, number=0)
    assert applied is not None
    assert suggestion(cast, FEES).claimant_text == "Harbour authority"
    apply_proposal(actor=cast.ada, run=run, number=0, accept=False)
    assert suggestion(cast, JOBS).negated is False
    run.refresh_from_db()
    assert run.proposals == []
    with pytest.raises(base.Stale):
        apply_proposal(actor=cast.ada, run=run, number=0)


def test_what_an_analysis_no_longer_finds_stays_where_a_person_decided(
    cast: Cast, document: Document
) -> None:
    accepted(cast, PROMISE)
    run = analysed(cast, article(cast), harbour_units()[:2], analyser="test/2")
    assert suggestion(cast, PROMISE).triage == Triage.ACCEPTED
    assert [p["kind"] for p in run.proposals] == ["gone"]
    with pytest.raises(base.Refused, match="close its claim"):
        apply_proposal(actor=cast.ada, run=run, number=0)


def test_what_is_new_in_a_finished_article_is_only_proposed(cast: Cast, document: Document) -> None:
    finish_article(actor=cast.ada, document=document, desk=cast.desk)
    units = (*harbour_units(), unit(HARBOUR, "Fees were last raised in 2019", 3))
    run = analysed(cast, article(cast), units, analyser="test/2")
    assert suggestion(cast, "last raised").triage == Triage.NOT_SELECTED
    assert [p["kind"] for p in run.proposals] == ["new"]
    apply_proposal(actor=cast.ada, run=run, number=0)
    assert suggestion(cast, "last raised").triage == Triage.SUGGESTED


def test_a_moved_span_is_not_suggested_again_at_its_old_place(cast: Cast, document: Document) -> None:
    row = suggestion(cast, FEES)
    edit_span(actor=cast.ada, appearance=row, start=row.start, end=row.end - len(" on 2 March 2026"))
    analysed(cast, article(cast), analyser="test/2")
    assert document.appearances.count() == 3
    assert suggestion(cast, FEES).quotation.endswith("40 percent")


def test_a_splitting_of_another_text_is_a_fault(cast: Cast) -> None:
    added = article(cast)
    with pytest.raises(ValueError, match="another text"):
        analysed(cast, added, characters=3)


def test_a_date_that_the_text_shows_becomes_a_marked_guess(cast: Cast) -> None:
    added = article(cast)
    analysed(cast, added, published="2026-03-03", published_source="visible")
    added.document.refresh_from_db()
    assert (added.document.published, added.document.published_source) == ("2026-03-03", DateSource.VISIBLE)
    assert str(added.document.published_earliest) == "2026-03-03"


def test_an_analysis_can_be_asked_for_and_runs_as_a_job(
    cast: Cast, document: Document, drain: Callable[..., int]
) -> None:
    drain("analyse")
    capture = document.captures.get()
    job = reanalyse(actor=cast.eli, capture=capture, desk=cast.desk)
    assert reanalyse(actor=cast.ada, capture=capture, desk=cast.desk) == job
    drain("analyse")
    job.refresh_from_db()
    assert job.status == Job.Status.DONE
    with pytest.raises(base.NotAllowed):
        reanalyse(actor=cast.otto, capture=capture, desk=cast.desk)


# --- the publication date -----------------------------------------------------------------------------------


def test_a_new_publication_date_resolves_dates_again_and_lists_what_changed(cast: Cast) -> None:
    text = "The council met on Friday and voted for the bridge. It will open in June."
    added = article(cast, text)
    analysed(
        cast,
        added,
        (
            unit(text, "The council met on Friday", 0, dates=(date(text, "Friday", "unresolved"),)),
            unit(text, "It will open in June", 1, dates=(date(text, "in June", "XXXX-06"),)),
        ),
    )
    done = intake.set_publication(actor=cast.ada, document=added.document, value="2026-03-18")
    met = suggestion(cast, "met on")
    assert met.dates[0]["value"] == "2026-03-13"
    assert met.dates[0]["earliest"] == "2026-03-13"
    assert met.appeared_on == "2026-03-18"
    first = done.changes[0]
    assert (first.appearance, first.before, first.after) == (met, "unresolved", "2026-03-13")
    assert Job.objects.filter(kind="analyse", status=Job.Status.QUEUED).count() == 1
    again = intake.set_publication(actor=cast.ada, document=added.document, value="2026-03-18")
    assert again.changes == ()
    gone = intake.set_publication(actor=cast.ada, document=added.document, value="")
    assert gone.changes


# --- deciding -----------------------------------------------------------------------------------------------


def test_accepting_makes_a_claim_with_a_queued_review_and_a_search(cast: Cast, document: Document) -> None:
    claim = accepted(cast, FEES, why="Readers asked")
    row = suggestion(cast, FEES)
    assert (row.triage, row.claim, row.touched_by) == (Triage.ACCEPTED, claim, cast.ada)
    assert claim.wording.startswith("The harbour authority of Port Lenna raised")
    assert claim.wording_confirmed_by is None
    assert claim.claimant is not None
    assert (claim.claimant.name, claim.claimant.kind) == ("Lenna Post", "outlet")
    assert (claim.made_on, claim.about, str(claim.about_earliest)) == (
        "2026-03-03",
        "2026-03-02",
        "2026-03-02",
    )
    assert claim.why == "Readers asked"
    assert claim.reviews.get().state == Review.State.QUEUED
    assert Job.objects.get(kind="search").arguments["claim"] == claim.pk
    assert IndexEntry.objects.filter(collection="claims", object_id=claim.pk, deleted=False).exists()
    event = AuditEvent.objects.get(verb="appearance.accepted")
    assert (event.claim_id, event.before, event.after) == (claim.pk, "suggested", "accepted")


def test_a_speaker_becomes_the_claimant_and_only_the_saying_is_checked_where_only_it_can_be(
    cast: Cast, document: Document
) -> None:
    promise = accepted(cast, PROMISE)
    jobs = accepted(cast, JOBS, wording="the port of Lenna lost 300 jobs between 2024 and 2026")
    assert promise.claimant == jobs.claimant == Claimant.objects.get(name="Ilse Brandt")
    assert promise.checks == Claim.Checks.SAID
    assert jobs.checks == Claim.Checks.CONTENT
    assert jobs.wording == "The port of Lenna lost 300 jobs between 2024 and 2026."
    assert (jobs.wording_confirmed_by, jobs.wording_unresolved) == (cast.ada, [])


def test_an_unconfirmed_wording_keeps_its_marks(cast: Cast, document: Document) -> None:
    assert accepted(cast, JOBS).wording_unresolved == [{"start": 0, "end": 8, "why": "which port"}]


def test_repeats_inside_the_article_become_appearances_of_one_claim(cast: Cast) -> None:
    units = harbour_units()
    analysed(cast, article(cast), (units[0], units[1], replace(units[2], repeats=1)))
    claim = accepted(cast, PROMISE)
    assert sorted(row.unit for row in claim.appearances.all()) == [1, 2]
    undo(actor=cast.ada, gesture=gesture_of("appearance.accepted"))
    assert set(Appearance.objects.values_list("triage", flat=True)) == {Triage.SUGGESTED}
    assert not Claim.objects.exists()


def test_a_suggestion_can_become_another_appearance_of_an_earlier_claim(
    cast: Cast, document: Document
) -> None:
    claim = accepted(cast, JOBS)
    assert accepted(cast, PROMISE, claim=claim) == claim
    assert claim.appearances.count() == 2
    assert Review.objects.count() == 1
    undo(actor=cast.ada, gesture=gesture_of("appearance.accepted"))
    assert claim.appearances.count() == 1
    assert Claim.objects.filter(pk=claim.pk).exists()


def test_a_claim_of_another_desk_takes_no_appearance(cast: Cast, document: Document) -> None:
    theirs = claim_without_article(actor=cast.otto, desk=cast.other_desk, quotation="Fees rose.", who="X")
    with pytest.raises(base.Refused, match="this desk"):
        accepted(cast, JOBS, claim=theirs)
    assert suggestion(cast, JOBS).triage == Triage.SUGGESTED


def test_a_double_click_on_accept_makes_one_claim(cast: Cast, document: Document) -> None:
    row, second = suggestion(cast, FEES), suggestion(cast, FEES)
    claim = accept(actor=cast.ada, appearance=row, expected_version=1)
    assert accept(actor=cast.ada, appearance=second, expected_version=1) == claim
    with pytest.raises(base.Stale):
        accept(actor=cast.ben, appearance=suggestion(cast, FEES), expected_version=1)
    assert Claim.objects.count() == 1


def test_who_is_slower_is_told_and_changes_nothing(cast: Cast, document: Document) -> None:
    seen = suggestion(cast, FEES)
    dismiss(actor=cast.ben, appearance=suggestion(cast, FEES))
    with pytest.raises(base.Stale):
        accept(actor=cast.ada, appearance=seen)
    with pytest.raises(base.Stale):
        edit_span(actor=cast.ada, appearance=seen, start=seen.start, end=seen.end - 5)
    jobs = suggestion(cast, JOBS)
    with pytest.raises(base.Stale):
        dismiss(actor=cast.ada, appearance=jobs, expected_version=jobs.version + 1)
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda actor, row: accept(actor=actor, appearance=row),
        lambda actor, row: dismiss(actor=actor, appearance=row),
        lambda actor, row: edit_span(actor=actor, appearance=row, start=row.start, end=row.end - 4),
        lambda actor, row: split_span(actor=actor, appearance=row, at=row.start + 20),
        lambda actor, row: finish_article(actor=actor, document=row.document, desk=row.desk),
    ],
    ids=["accept", "dismiss", "edit", "split", "finish"],
)
@pytest.mark.parametrize("name", ["eli", "otto"])
def test_contributors_and_outsiders_decide_nothing(
    cast: Cast, document: Document, act: Callable[..., object], name: str
) -> None:
    with pytest.raises(base.NotAllowed):
        act(getattr(cast, name), suggestion(cast, FEES))
    assert suggestion(cast, FEES).version == 1


def test_dismissing_and_reopening_leave_a_reason_and_a_trace(cast: Cast, document: Document) -> None:
    row = dismiss(actor=cast.ada, appearance=suggestion(cast, FEES), reason="  settled\nlong ago ")
    assert (row.triage, row.dismiss_reason, row.version) == (Triage.DISMISSED, "settled long ago", 2)
    assert dismiss(actor=cast.ada, appearance=row).version == 2
    assert reopen(actor=cast.ben, appearance=row).triage == Triage.SUGGESTED
    accept(actor=cast.ada, appearance=row)
    with pytest.raises(base.Refused, match="claim already"):
        dismiss(actor=cast.ada, appearance=row)
    with pytest.raises(base.Refused, match="claim already"):
        reopen(actor=cast.ada, appearance=row)


def test_finishing_an_article_leaves_the_rest_unselected_and_opens_again(
    cast: Cast, document: Document
) -> None:
    accepted(cast, FEES)
    assert finish_article(actor=cast.ada, document=document, desk=cast.desk) == 2
    assert suggestion(cast, JOBS).triage == Triage.NOT_SELECTED
    assert FinishedArticle.objects.when(document, cast.desk) is not None
    assert reopen_article(actor=cast.ada, document=document, desk=cast.desk) == 2
    assert FinishedArticle.objects.when(document, cast.desk) is None
    assert suggestion(cast, FEES).triage == Triage.ACCEPTED


# --- which words --------------------------------------------------------------------------------------------


def test_a_moved_span_takes_its_text_its_dates_and_a_plain_wording(cast: Cast, document: Document) -> None:
    row = suggestion(cast, JOBS)
    start = HARBOUR.index("Minister Ilse")
    edit_span(actor=cast.ada, appearance=row, start=start - 1, end=row.end + 1)
    assert (
        row.quotation
        == HARBOUR[start : row.end]
        == "Minister Ilse Brandt said the port had lost 300 jobs since 2024."
    )
    assert row.wording == row.quotation
    assert [d["value"][:4] for d in row.dates] == ["2024"]
    assert row.sentence_start <= start < row.end <= row.sentence_end
    assert (row.touched_by, row.version) == (cast.ada, 2)


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (9, 3), (0, 10**6), (30, 32)], ids=str)
def test_a_span_outside_the_words_of_the_article_is_refused(
    cast: Cast, document: Document, start: int, end: int
) -> None:
    row = suggestion(cast, JOBS)
    if (start, end) == (30, 32):
        start = HARBOUR.index("\n\n")
        end = start + 2
    with pytest.raises(base.Refused):
        edit_span(actor=cast.ada, appearance=row, start=start, end=end)
    assert suggestion(cast, JOBS).version == 1


def test_two_suggestions_never_stand_at_the_same_words(cast: Cast, document: Document) -> None:
    fees, jobs = suggestion(cast, FEES), suggestion(cast, JOBS)
    with pytest.raises(base.Refused, match="already"):
        edit_span(actor=cast.ada, appearance=jobs, start=fees.start, end=fees.end)


def test_a_suggestion_is_cut_in_two(cast: Cast, document: Document) -> None:
    row = suggestion(cast, FEES)
    at = HARBOUR.index(" on 2 March 2026")
    first, second = split_span(actor=cast.ada, appearance=row, at=at)
    assert first.quotation.endswith("by 40 percent")
    assert second.quotation == "on 2 March 2026"
    assert first.dates == []
    assert second.dates[0]["value"] == "2026-03-02"
    assert second.claimant_text == first.claimant_text
    with pytest.raises(base.Refused):
        split_span(actor=cast.ada, appearance=first, at=first.end)
    assert undo(actor=cast.ada, gesture=gesture_of("appearance.split"))
    assert document.appearances.count() == 3
    assert suggestion(cast, FEES).quotation.endswith("2 March 2026")


def test_suggestions_are_joined_and_the_others_put_aside(cast: Cast, document: Document) -> None:
    fees, jobs, promise = (suggestion(cast, words) for words in (FEES, JOBS, PROMISE))
    joined = merge(actor=cast.ada, appearances=[jobs, fees])
    assert joined.pk == fees.pk
    assert joined.quotation == HARBOUR[fees.start : jobs.end]
    assert joined.claimant_text == "Ilse Brandt"
    jobs.refresh_from_db()
    assert (jobs.triage, jobs.dismiss_reason) == (Triage.DISMISSED, "merged with its neighbour")
    with pytest.raises(base.Refused):
        merge(actor=cast.ada, appearances=[promise, promise])
    undo(actor=cast.ada, gesture=gesture_of("appearance.merged"))
    restored, jobs_again = Appearance.objects.get(pk=fees.pk), Appearance.objects.get(pk=jobs.pk)
    assert restored.quotation == HARBOUR[restored.start : restored.end]
    assert (restored.quotation.endswith("2026"), restored.claimant_text) == (True, "")
    assert (jobs_again.triage, jobs_again.touched_at) == (Triage.SUGGESTED, None)


def test_an_outer_suggestion_takes_in_its_inner_one(cast: Cast) -> None:
    outer = unit(HARBOUR, "Minister Ilse Brandt said the port had lost 300 jobs since 2024", 0)
    inner = replace(harbour_units()[1], within=0)
    analysed(cast, article(cast), (outer, inner))
    rows = list(Appearance.objects.all())
    joined = merge(actor=cast.ada, appearances=rows)
    assert joined.quotation == outer.text
    assert Appearance.objects.filter(triage=Triage.DISMISSED).count() == 1


def test_only_neighbours_are_joined(cast: Cast, document: Document) -> None:
    fees, jobs, promise = (suggestion(cast, words) for words in (FEES, JOBS, PROMISE))
    with pytest.raises(base.Refused, match="another claim stands between"):
        merge(actor=cast.ada, appearances=[fees, promise])
    Appearance.objects.filter(pk=jobs.pk).update(triage=Triage.DISMISSED)
    with pytest.raises(base.Refused, match="too far apart"):
        joined_words(actor=cast.ada, appearances=[fees, promise])
    assert suggestion(cast, FEES).version == fees.version


def test_looking_at_a_joining_says_the_words_and_changes_nothing(cast: Cast, document: Document) -> None:
    fees, jobs = suggestion(cast, FEES), suggestion(cast, JOBS)
    assert joined_words(actor=cast.ada, appearances=[jobs, fees]) == HARBOUR[fees.start : jobs.end]
    assert Appearance.objects.exclude(touched_at=None).count() == 0


def test_selected_words_become_a_suggestion_of_a_person(cast: Cast, document: Document) -> None:
    capture = document.captures.get()
    start = HARBOUR.index("the new fees")
    row = add_from_selection(actor=cast.eli, document=document, capture=capture, start=start, end=start + 36)
    assert row.quotation == HARBOUR[start : start + 36].strip()
    assert (row.triage, row.run, row.touched_by) == (Triage.SUGGESTED, None, cast.eli)
    analysed(cast, article(cast), analyser="test/2")
    row.refresh_from_db()
    assert row.triage == Triage.SUGGESTED
    assert undo(actor=cast.eli, gesture=gesture_of("appearance.added"))
    assert not Appearance.objects.filter(pk=row.pk).exists()


def test_a_selection_inside_a_quotation_takes_its_speaker(cast: Cast, document: Document) -> None:
    capture = document.captures.get()
    promise = suggestion(cast, PROMISE)
    row = add_from_selection(
        actor=cast.ada, document=document, capture=capture, start=promise.start + 3, end=promise.end
    )
    assert (row.claimant_text, row.attribution, row.within) == ("Ilse Brandt", Attribution.QUOTED, promise)


def test_selecting_the_words_of_a_dismissed_suggestion_opens_it_again(cast: Cast, document: Document) -> None:
    row = dismiss(actor=cast.ada, appearance=suggestion(cast, FEES))
    capture = document.captures.get()
    again = add_from_selection(
        actor=cast.ada, document=document, capture=capture, start=row.start, end=row.end
    )
    assert again.pk == row.pk
    assert again.triage == Triage.SUGGESTED
    other = article(cast, "Another text about the fees of the harbour.")
    with pytest.raises(base.Refused, match="another article"):
        add_from_selection(actor=cast.ada, document=document, capture=other.capture, start=0, end=7)


# --- undo ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "act",
    [
        lambda cast, row: accept(actor=cast.ada, appearance=row),
        lambda cast, row: dismiss(actor=cast.ada, appearance=row, reason="x"),
        lambda cast, row: edit_span(actor=cast.ada, appearance=row, start=row.start + 4, end=row.end),
        lambda cast, row: split_span(actor=cast.ada, appearance=row, at=row.start + 25),
        lambda cast, row: finish_article(actor=cast.ada, document=row.document, desk=cast.desk),
    ],
    ids=["accept", "dismiss", "edit", "split", "finish"],
)
def test_every_act_is_undone_to_what_was(cast: Cast, document: Document, act: Callable[..., object]) -> None:
    def state() -> list[tuple[object, ...]]:
        fields = (
            "pk",
            "start",
            "end",
            "quotation",
            "wording",
            "triage",
            "claim",
            "touched_by",
            "touched_at",
            "dates",
        )
        return [
            tuple(str(value) for value in row)
            for row in Appearance.objects.order_by("pk").values_list(*fields)
        ]

    before = state()
    act(cast, suggestion(cast, FEES))
    found = last_gesture(actor=cast.ada, desk=cast.desk, document=document)
    assert found is not None
    assert undo(actor=cast.ada, gesture=found[0]).endswith(".")
    assert state() == before
    assert FinishedArticle.objects.when(document, cast.desk) is None
    assert not Claim.objects.exists()
    assert last_gesture(actor=cast.ada, desk=cast.desk, document=document) is None
    with pytest.raises(base.Stale):
        undo(actor=cast.ada, gesture=found[0])


def test_acts_are_undone_one_by_one_from_the_newest(cast: Cast, document: Document) -> None:
    dismiss(actor=cast.ada, appearance=suggestion(cast, JOBS))
    accepted(cast, FEES)
    first = last_gesture(actor=cast.ada, desk=cast.desk, document=document)
    assert first is not None
    assert first[1] == "appearance.accepted"
    undo(actor=cast.ada, gesture=first[0])
    second = last_gesture(actor=cast.ada, desk=cast.desk, document=document)
    assert second is not None
    assert second[1] == "appearance.dismissed"
    assert last_gesture(actor=cast.ben, desk=cast.desk, document=document) is None


def test_only_who_did_it_undoes_it(cast: Cast, document: Document) -> None:
    dismiss(actor=cast.ada, appearance=suggestion(cast, JOBS))
    with pytest.raises(base.NotAllowed):
        undo(actor=cast.ben, gesture=gesture_of("appearance.dismissed"))
    with pytest.raises(base.Refused):
        undo(actor=cast.ada, gesture=uuid.uuid4())


def test_what_changed_since_is_not_undone(cast: Cast, document: Document) -> None:
    dismiss(actor=cast.ada, appearance=suggestion(cast, JOBS))
    gesture = gesture_of("appearance.dismissed")
    reopen(actor=cast.ben, appearance=suggestion(cast, JOBS))
    with pytest.raises(base.Stale):
        undo(actor=cast.ada, gesture=gesture)
    assert suggestion(cast, JOBS).triage == Triage.SUGGESTED


def test_undoing_removes_what_only_the_machine_made_and_stops_its_search(
    cast: Cast, document: Document
) -> None:
    claim = accepted(cast, FEES)
    run = SearchRun.objects.create(desk=cast.desk, claim=claim, outcome="found")
    Evidence.objects.create(
        desk=cast.desk, claim=claim, kind="passage", quotation="x", place_key="a", run=run
    )
    undo(actor=cast.ada, gesture=gesture_of("appearance.accepted"))
    assert not Claim.objects.exists()
    assert Job.objects.get(kind="search").status == Job.Status.CANCELLED
    assert IndexEntry.objects.get(collection="claims", object_id=claim.pk).deleted


@pytest.mark.parametrize("how", ["assigned", "evidence", "wording"])
def test_a_claim_that_somebody_worked_on_is_not_undone(cast: Cast, document: Document, how: str) -> None:
    claim = accepted(cast, FEES)
    if how == "assigned":
        claim.reviews.update(assignee=cast.ben)
    elif how == "evidence":
        Evidence.objects.create(
            desk=cast.desk, claim=claim, kind="quotation", quotation="x", place_key="a", added_by=cast.ben
        )
    else:
        Claim.objects.filter(pk=claim.pk).update(version=2)
    with pytest.raises(base.Refused, match="worked on"):
        undo(actor=cast.ada, gesture=gesture_of("appearance.accepted"))
    assert suggestion(cast, FEES).triage == Triage.ACCEPTED
    assert claim.reviews.count() == 1


# --- without an article -------------------------------------------------------------------------------------


def test_a_claim_from_a_broadcast_has_words_speaker_place_and_day(cast: Cast) -> None:
    claim = claim_without_article(
        actor=cast.ada,
        desk=cast.desk,
        quotation="“Nobody lost a job.”",
        who="Ilse Brandt",
        where="Radio Lenna, 8 o'clock news",
        when="2026-03",
        checks="wording",
    )
    row = claim.appearances.get()
    assert (row.quotation, row.locator, row.capture) == (
        "“Nobody lost a job.”",
        "Radio Lenna, 8 o'clock news",
        None,
    )
    assert claim.claimant is not None
    assert (claim.claimant.name, claim.made_on, claim.checks) == ("Ilse Brandt", "2026-03", "wording")
    assert claim.reviews.get().state == Review.State.QUEUED
    assert Job.objects.filter(kind="search").exists()


def test_a_file_with_the_words_gives_the_claim_its_place(cast: Cast, drain: Callable[..., int]) -> None:
    claim = claim_without_article(
        actor=cast.ada,
        desk=cast.desk,
        quotation="the port had lost 300 jobs",
        who="Ilse Brandt",
        file=("speech.txt", HARBOUR.encode()),
    )
    assert claim.appearances.get().document is None
    drain("read")
    row = claim.appearances.get()
    assert row.document is not None
    assert row.document.title == "speech"
    assert HARBOUR[row.start : row.end] == row.quotation == "the port had lost 300 jobs"


def test_an_address_is_fetched_and_a_known_one_is_linked(cast: Cast) -> None:
    url = "https://lenna-post.example/fees"
    document = article(cast, url=url).document
    known = claim_without_article(actor=cast.ada, desk=cast.desk, quotation="close eleven boats", url=url)
    assert known.appearances.get().document == document
    fresh = claim_without_article(
        actor=cast.ada, desk=cast.desk, quotation="close twelve boats", url="https://lenna-post.example/other"
    )
    job = Job.objects.get(kind="fetch")
    assert job.arguments["appearance"] == fresh.appearances.get().pk


@pytest.mark.parametrize(
    "wrong",
    [
        {"quotation": "  "},
        {"quotation": "…"},
        {"quotation": "x" * 6000},
        {"when": "tomorrow"},
        {"when": "2099-01-01"},
        {"url": "nowhere"},
        {"checks": "everything"},
        {"file": ("photo.png", b"\x89PNG\r\n\x1a\n")},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_claim_without_words_or_with_a_wrong_field_is_refused_whole(
    cast: Cast, wrong: dict[str, object]
) -> None:
    fields: dict[str, object] = {"quotation": "Fees rose.", "who": "Ilse Brandt"}
    with pytest.raises(base.Refused):
        claim_without_article(actor=cast.ada, desk=cast.desk, **(fields | wrong))  # type: ignore[arg-type]
    assert not Claim.objects.exists()
    assert not Claimant.objects.exists()
    assert not Document.objects.exists()


def test_contributors_add_no_claims_of_their_own(cast: Cast) -> None:
    with pytest.raises(base.NotAllowed):
        claim_without_article(actor=cast.eli, desk=cast.desk, quotation="Fees rose.")


def test_times_of_subtitles_are_kept(cast: Cast) -> None:
    timed: Unit = replace(harbour_units()[0], time=(3.5, 7.25))
    analysed(cast, article(cast), (timed,))
    row = suggestion(cast, FEES)
    assert (row.time_start, row.time_end) == (3.5, 7.25)


def test_the_moment_of_an_act_can_be_set(cast: Cast, document: Document, now: dt.datetime) -> None:
    claim = accepted(cast, FEES, now=now)
    assert claim.created_at == now
    assert suggestion(cast, FEES).touched_at == now
