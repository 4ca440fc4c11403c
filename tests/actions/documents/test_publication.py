"""A publication date entered late: every date that hangs on it is resolved again, accepted or not.

What the machine had suggested for claims follows, what people typed and what nobody may change now stays.
"""

from __future__ import annotations

import datetime as dt
import importlib
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps

from claims.actions import base
from claims.actions.claims import changes
from claims.actions.documents import intake
from claims.actions.documents.analysis import apply_proposal, store_split
from claims.actions.documents.publication import preview_publication, sentence_of, set_publication
from claims.actions.documents.storing import Added, store
from claims.actions.publishing import publish
from claims.actions.triage import decisions, spans
from claims.actions.triage.undo import last_gesture, undo
from claims.intake.types import Extracted, PublishedSource
from claims.models import AnalysisRun, Appearance, Archive, AuditEvent, Claim, DateSource, Document, Job
from claims.splitting import split
from claims.splitting.unit_dates import Datable, attach
from claims.vocabulary import Checkable
from tests.builders import accepted, analysed, article, suggestion, unit
from tests.checks_made import published, submitted
from tests.conftest import NOW
from tests.people import Cast

pytestmark = pytest.mark.django_db

VOTE = "The poll of 900 people showed Reed ahead in the Nov. 8 election."
BRIDGE = "The bridge over the Lenna was closed on 20 December after a flood."
PLAN = "The council will vote on the new bridge on Jan. 5."
TEXT = f"{VOTE} {BRIDGE} {PLAN}"
SEPTEMBER, NEW_YEAR = "2026-09-27", "2027-01-03"
LATER = dt.datetime(2027, 2, 1, 9, tzinfo=dt.UTC)


def read_by_machine(cast: Cast, text: str = TEXT, day: str = "", **options: Any) -> Added:
    """Store an article and what the real splitting finds in it."""
    added = article(cast, text, published=day, outlet="Lenna Post", now=LATER, **options)
    found = split(added.capture.text, published=day or None, language="en")
    store_split(desk=cast.desk, capture=added.capture, split=found)
    return added


def enter(cast: Cast, added: Added, day: str, **options: Any) -> Any:
    actor = options.pop("actor", cast.ada)
    document = Document.objects.get(pk=added.document.pk)
    return set_publication(actor=actor, document=document, value=day, now=LATER, **options)


def dates_of(claim: Claim) -> tuple[str, str]:
    row = Claim.objects.get(pk=claim.pk)
    return row.made_on, row.about


def everything() -> tuple[Any, ...]:
    """Return what an undo has to bring back."""
    return (
        list(Document.objects.order_by("pk").values("published", "published_earliest", "published_source")),
        list(Appearance.objects.order_by("pk").values("pk", "dates", "appeared_on", "version")),
        list(Claim.objects.order_by("pk").values("pk", "made_on", "about", "about_earliest", "about_latest")),
    )


def test_a_date_entered_after_acceptance_gives_the_claim_the_right_year(cast: Cast) -> None:
    added = read_by_machine(cast)
    claims = [accepted(cast, words) for words in ("Nov. 8", "20 December", "Jan. 5")]
    assert [dates_of(claim) for claim in claims] == [("", "")] * 3
    done = enter(cast, added, SEPTEMBER)
    assert [dates_of(claim) for claim in claims] == [
        (SEPTEMBER, "2026-11-08"),
        (SEPTEMBER, "2025-12-20"),
        (SEPTEMBER, "2027-01-05"),
    ]
    assert {change.after for change in done.changes} == {"2026-11-08", "2025-12-20", "2027-01-05"}
    enter(cast, added, NEW_YEAR)
    assert [dates_of(claim)[1] for claim in claims] == ["2026-11-08", "2026-12-20", "2027-01-05"]
    enter(cast, added, "")
    assert [dates_of(claim) for claim in claims] == [("", "")] * 3


@pytest.mark.parametrize("day", [SEPTEMBER, NEW_YEAR, "2026-12", "2026"])
def test_entered_late_or_known_from_the_beginning_it_is_the_same(cast: Cast, day: str) -> None:
    late = read_by_machine(cast)
    enter(cast, late, day)
    entered = {row.start: row.dates for row in Appearance.objects.filter(document=late.document)}
    early = read_by_machine(cast, TEXT + " ", day, url="https://news.example/early")
    known = {row.start: row.dates for row in Appearance.objects.filter(document=early.document)}
    assert early.document != late.document
    assert any(known.values())
    assert entered == known


def test_an_appearance_keeps_what_its_dates_were_resolved_by(cast: Cast) -> None:
    added = read_by_machine(cast)
    enter(cast, added, SEPTEMBER)
    (date,) = suggestion(cast, "20 December").dates
    assert (date["expr"], date["anchor"], date["direction"], date["value"]) == (
        "20 December",
        SEPTEMBER,
        "past",
        "2025-12-20",
    )


def test_dates_of_the_first_release_are_read_again_from_the_text(cast: Cast) -> None:
    added = read_by_machine(cast)
    claim = accepted(cast, "20 December")
    for row in Appearance.objects.all():
        row.dates = [{k: v for k, v in one.items() if k not in ("anchor", "direction")} for one in row.dates]
        row.save()
    enter(cast, added, NEW_YEAR)
    assert dates_of(claim) == (NEW_YEAR, "2026-12-20")


def test_looking_ahead_says_what_entering_does_and_writes_nothing(cast: Cast) -> None:
    added = read_by_machine(cast)
    accepted(cast, "Nov. 8")
    before, events = everything(), AuditEvent.objects.count()
    seen = preview_publication(actor=cast.ada, document=added.document, value=SEPTEMBER, now=LATER)
    assert seen.asks
    assert (everything(), AuditEvent.objects.count()) == (before, events)
    done = enter(cast, added, SEPTEMBER)
    assert [(one.appearance.pk, one.before, one.after) for one in seen.changes] == [
        (one.appearance.pk, one.before, one.after) for one in done.changes
    ]
    assert [(one.name, one.before, one.after, one.kept) for one in seen.claims] == [
        ("made_on", "", SEPTEMBER, ""),
        ("about", "", "2026-11-08", ""),
    ]
    assert sentence_of(done) == "3 dates changed, 1 claim with them."


def test_what_a_person_typed_stays_and_the_rest_follows(cast: Cast) -> None:
    added = read_by_machine(cast)
    claim = accepted(cast, "Nov. 8")
    changes.set_dates(actor=cast.ada, claim=claim, made_on="", about="2024-11", now=LATER)
    done = enter(cast, added, SEPTEMBER)
    assert dates_of(claim) == (SEPTEMBER, "2024-11")
    assert {one.name: bool(one.kept) for one in done.claims} == {"made_on": False, "about": True}
    changes.follow_article(actor=cast.ada, claim=Claim.objects.get(pk=claim.pk), now=LATER)
    assert dates_of(claim) == (SEPTEMBER, "2026-11-08")
    enter(cast, added, "")
    assert dates_of(claim) == ("", "")


def test_an_emptied_date_is_a_typed_one(cast: Cast) -> None:
    added = read_by_machine(cast, TEXT, SEPTEMBER)
    claim = accepted(cast, "Nov. 8")
    changes.set_dates(actor=cast.ada, claim=claim, about="", now=LATER)
    enter(cast, added, NEW_YEAR)
    assert dates_of(claim) == (NEW_YEAR, "")


def test_each_claim_that_follows_has_a_row_in_the_log(cast: Cast) -> None:
    added = read_by_machine(cast)
    claim, other = accepted(cast, "Nov. 8"), accepted(cast, "Jan. 5")
    enter(cast, added, SEPTEMBER)
    events = AuditEvent.objects.filter(verb="claim.dates_resolved")
    assert {event.claim_id for event in events} == {claim.pk, other.pk}
    whole = AuditEvent.objects.get(verb="document.published_set")
    assert {event.gesture for event in events} == {whole.gesture}
    assert events.get(claim_id=claim.pk).detail.data["new"] == {"made_on": SEPTEMBER, "about": "2026-11-08"}


def test_a_claim_under_approval_or_published_stays_as_it_was_approved(cast: Cast) -> None:
    added = read_by_machine(cast)
    waiting, out = accepted(cast, "Jan. 5", wording=PLAN), accepted(cast, "Nov. 8", wording=VOTE)
    submitted(cast, waiting)
    check = published(cast, made=out)
    payload = dict(check.latest.payload)
    done = enter(cast, added, SEPTEMBER)
    assert dates_of(waiting) == dates_of(out) == ("", "")
    assert all(one.kept for one in done.claims)
    assert len({one.claim.pk for one in done.claims}) == 2
    check.latest.refresh_from_db()
    assert check.latest.payload == payload
    assert changes.dates_of_article(Claim.objects.get(pk=out.pk)) == {
        "made_on": SEPTEMBER,
        "about": "2026-11-08",
    }
    with pytest.raises(base.Refused, match="published"):
        changes.follow_article(actor=cast.ada, claim=Claim.objects.get(pk=out.pk))
    publish.start_correction(actor=cast.ada, factcheck=check, kind="correction", public_note="The year.")
    changes.follow_article(actor=cast.ada, claim=Claim.objects.get(pk=out.pk))
    assert dates_of(out) == (SEPTEMBER, "2026-11-08")


def test_a_merged_claim_leaves_its_dates_to_the_one_it_went_into(cast: Cast) -> None:
    added = read_by_machine(cast)
    gone, into = accepted(cast, "Jan. 5"), accepted(cast, "Nov. 8")
    changes.merge_claims(actor=cast.ada, claim=gone, into=into)
    enter(cast, added, SEPTEMBER)
    assert dates_of(into) == (SEPTEMBER, "2026-11-08")
    assert dates_of(gone) == ("", "")


def test_repeats_in_the_article_change_with_it_and_the_claim_keeps_to_the_one_it_was_made_of(
    cast: Cast,
) -> None:
    text = f"{BRIDGE} It rained. The bridge was closed on 20 December."
    added = article(cast, text, now=LATER)
    first, second = unit(text, BRIDGE[:-1], 0), unit(text, "The bridge was closed on 20 December", 1)
    spans_of = [Datable(one.id, one.start, one.end, Checkable.FACT) for one in (first, second)]
    dates = attach(text, spans_of)
    analysed(cast, added, (replace(first, dates=dates[0]), replace(second, dates=dates[1], repeats=0)))
    claim = accepted(cast, "over the Lenna")
    assert claim.appearances.count() == 2
    enter(cast, added, NEW_YEAR)
    assert dates_of(claim) == (NEW_YEAR, "2026-12-20")
    assert {row.dates[0]["value"] for row in claim.appearances.all()} == {"2026-12-20"}


def test_what_older_captures_gave_changes_too(cast: Cast) -> None:
    address = "https://news.example/bridge"
    added = read_by_machine(cast, TEXT, url=address)
    claim = accepted(cast, "Nov. 8")
    newer = article(cast, TEXT.replace("900", "1,900"), url=address, now=LATER)
    assert newer.outcome == "updated"
    enter(cast, added, SEPTEMBER)
    assert dates_of(claim) == (SEPTEMBER, "2026-11-08")


def test_undo_brings_everything_back_and_only_once(cast: Cast) -> None:
    added = read_by_machine(cast, TEXT, SEPTEMBER)
    claim = accepted(cast, "20 December")
    before = everything()
    done = enter(cast, added, NEW_YEAR)
    assert dates_of(claim) == (NEW_YEAR, "2026-12-20")
    assert done.changes
    found = last_gesture(actor=cast.ada, desk=cast.desk, document=added.document)
    assert found is not None
    assert found[1] == "document.published_set"
    undo(actor=cast.ada, gesture=found[0])
    assert everything() == before
    with pytest.raises(base.Stale):
        undo(actor=cast.ada, gesture=found[0])
    # Accepting was the act before it, and can still be taken back.
    earlier = last_gesture(actor=cast.ada, desk=cast.desk, document=added.document)
    assert earlier is not None
    undo(actor=cast.ada, gesture=earlier[0])
    assert not Claim.objects.exists()


def test_undo_refuses_where_the_date_was_changed_again(cast: Cast) -> None:
    added = read_by_machine(cast)
    claim = accepted(cast, "20 December")
    enter(cast, added, SEPTEMBER)
    mine = AuditEvent.objects.get(verb="document.published_set").gesture
    enter(cast, added, NEW_YEAR, actor=cast.ben)
    with pytest.raises(base.Stale, match="changed since"):
        undo(actor=cast.ada, gesture=mine)
    assert dates_of(claim) == (NEW_YEAR, "2026-12-20")


def test_undo_leaves_what_was_typed_since(cast: Cast) -> None:
    added = read_by_machine(cast)
    claim = accepted(cast, "20 December")
    enter(cast, added, SEPTEMBER)
    row = Claim.objects.get(pk=claim.pk)
    changes.set_dates(actor=cast.ben, claim=row, about="2020", now=LATER)
    undo(actor=cast.ada, gesture=AuditEvent.objects.get(verb="document.published_set").gesture)
    assert dates_of(claim)[1] == "2020"
    assert Document.objects.get(pk=added.document.pk).published == ""


def test_a_contributor_enters_the_date_and_claims_wait_for_a_fact_checker(cast: Cast) -> None:
    added = read_by_machine(cast)
    claim = accepted(cast, "Nov. 8")
    done = enter(cast, added, SEPTEMBER, actor=cast.eli)
    assert dates_of(claim) == ("", "")
    assert suggestion(cast, "Nov. 8").dates[0]["value"] == "2026-11-08"
    assert all("fact-checker" in one.kept for one in done.claims)
    with pytest.raises(base.NotAllowed):
        enter(cast, added, NEW_YEAR, actor=cast.otto)


def test_claims_of_another_desk_stay_and_are_not_shown(cast: Cast) -> None:
    added = read_by_machine(cast)
    shared = Archive.objects.get(pk=added.document.archive_id)
    shared.readers.add(cast.other_desk)
    found = split(TEXT, language="en")
    store_split(desk=cast.other_desk, capture=added.capture, split=found)
    row = Appearance.objects.get(desk=cast.other_desk, quotation__contains="Nov. 8")
    theirs = decisions.accept(actor=cast.otto, appearance=row)
    done = enter(cast, added, SEPTEMBER)
    assert dates_of(theirs) == ("", "")
    assert done.claims == ()
    assert all(one.appearance.desk_id == cast.desk.pk for one in done.changes)
    row.refresh_from_db()
    assert row.dates[0]["value"] == "2026-11-08"
    assert changes.dates_of_article(Claim.objects.get(pk=theirs.pk))["about"] == "2026-11-08"


def test_a_text_that_is_there_takes_the_date_that_a_person_gives_with_it(cast: Cast) -> None:
    read_by_machine(cast)
    claim = accepted(cast, "Nov. 8")
    again = article(cast, TEXT, published=SEPTEMBER, now=LATER)
    assert (again.outcome, again.document.published) == ("same", SEPTEMBER)
    assert "Its date is 2026-09-27 now." in again.sentence
    assert dates_of(claim) == (SEPTEMBER, "2026-11-08")
    assert Job.objects.filter(kind="analyse", status=Job.Status.QUEUED).exists()
    third = article(cast, TEXT, published=NEW_YEAR, now=LATER)
    assert third.document.published == SEPTEMBER
    assert "stays 2026-09-27" in third.sentence


def test_a_date_that_a_page_states_later_moves_suggestions_but_no_claim(cast: Cast) -> None:
    address = "https://news.example/bridge"
    read_by_machine(cast, TEXT, url=address)
    claim = accepted(cast, "Nov. 8")
    page = Extracted(
        text=TEXT.replace("900", "1,900"),
        title="",
        published=SEPTEMBER,
        published_source=PublishedSource.METADATA,
        extractor="test",
    )
    fetched = store(actor=None, desk=cast.desk, extracted=page, url=address, now=LATER)
    assert fetched.document.published_source == DateSource.METADATA
    assert suggestion(cast, "Nov. 8").dates[0]["value"] == "2026-11-08"
    assert dates_of(claim) == ("", "")
    assert changes.dates_of_article(Claim.objects.get(pk=claim.pk))["made_on"] == SEPTEMBER


def test_a_proposal_of_other_dates_moves_the_claim_when_it_is_taken_over(cast: Cast) -> None:
    added = read_by_machine(cast)
    claim = accepted(cast, "20 December")
    Document.objects.filter(pk=added.document.pk).update(published=NEW_YEAR)
    found = split(added.capture.text, published=NEW_YEAR, language="en")
    run = store_split(desk=cast.desk, capture=added.capture, split=found)
    number = next(at for at, one in enumerate(run.proposals) if one.get("fields", {}).get("dates"))
    apply_proposal(actor=cast.ada, run=AnalysisRun.objects.get(pk=run.pk), number=number)
    assert dates_of(claim) == (NEW_YEAR, "2026-12-20")


def test_a_span_that_a_person_marks_is_dated_the_same_way(cast: Cast) -> None:
    added = read_by_machine(cast, TEXT, NEW_YEAR)
    row = suggestion(cast, "20 December")
    start = TEXT.index("closed on 20 December")
    moved = spans.edit_span(actor=cast.ada, appearance=row, start=start, end=start + 21)
    assert [(one["value"], one["direction"]) for one in moved.dates] == [("2026-12-20", "past")]
    enter(cast, added, "2025-06-01")
    moved.refresh_from_db()
    assert moved.dates[0]["value"] == "2024-12-20"


def test_a_date_of_the_future_is_refused_and_nothing_changes(cast: Cast) -> None:
    added = read_by_machine(cast)
    accepted(cast, "Nov. 8")
    before = everything()
    for act in (preview_publication, set_publication):
        with pytest.raises(base.Refused, match="future"):
            act(actor=cast.ada, document=added.document, value="2031-01-01", now=LATER)
    with pytest.raises(base.Stale):
        intake.set_publication(
            actor=cast.ada, document=added.document, value=SEPTEMBER, expected_version=99, now=LATER
        )
    assert everything() == before


def test_claims_of_the_first_release_learn_from_the_log_what_dated_them(cast: Cast) -> None:
    added = read_by_machine(cast)
    claim, typed = accepted(cast, "Nov. 8"), accepted(cast, "20 December")
    changes.set_dates(actor=cast.ada, claim=typed, made_on="", about="2020", now=NOW)
    Claim.objects.update(dates_from=None, made_on_typed=False, about_typed=False)
    migration = importlib.import_module("claims.migrations.0005_claim_dates_follow_rows")
    migration.fill(apps, None)
    enter(cast, added, SEPTEMBER)
    assert dates_of(claim) == (SEPTEMBER, "2026-11-08")
    assert dates_of(typed) == (SEPTEMBER, "2020")
