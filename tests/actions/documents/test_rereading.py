"""Old articles and newer rules: preview, taking over, decisions of people, stops of every kind, taking back."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions import base
from claims.actions.desk.jobs import cancel_job
from claims.actions.documents import parsing, rereading_jobs
from claims.actions.documents.details import set_metadata
from claims.actions.documents.rereading import (
    Scope,
    apply,
    cancel,
    chosen,
    go_on,
    preview,
    read_by_older_rules,
    undo,
    undo_picked,
    work_of,
)
from claims.actions.triage import spans
from claims.actions.triage.decisions import accept, dismiss, finish_article, reopen
from claims.actions.triage.undo import last_gesture
from claims.actions.triage.undo import undo as undo_act
from claims.jobs import rows as job_rows
from claims.models import (
    AnalysisRun,
    Appearance,
    AuditEvent,
    Capture,
    Document,
    Job,
    RereadArticle,
    Rereading,
    User,
)
from claims.models.together import answered
from claims.splitting import ANALYSER
from claims.tasks.base import run_now
from tests import builders
from tests.conftest import NOW
from tests.people import Cast
from tests.reread import FEES, JOBS, LAST, PROMISE, UNION, current, newer, old_article, rows_of, rules_find

pytestmark = pytest.mark.django_db
Triage = Appearance.Triage
Row = RereadArticle.State
State = Rereading.State
Drain = Callable[..., int]


@pytest.fixture(autouse=True)
def _newer_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    rules_find(monkeypatch)


def previewed(cast: Cast, drain: Drain, **scope: Any) -> Rereading:
    nobody_waits()
    batch = preview(actor=cast.carla, desk=cast.desk, scope=Scope(**scope))
    drain("reread")
    batch.refresh_from_db()
    return batch


def nobody_waits() -> None:
    """Let the searches and readings that the acts before have queued be done."""
    Job.objects.filter(status=Job.Status.QUEUED).exclude(kind="reread").update(status=Job.Status.DONE)


def applied(cast: Cast, drain: Drain, batch: Rereading, **options: Any) -> Rereading:
    nobody_waits()
    apply(actor=cast.carla, batch=batch, **options)
    drain("reread")
    batch.refresh_from_db()
    return batch


def state(added: Any) -> Any:
    """Return all that an appearance holds, for comparing."""
    return list(Appearance.objects.filter(document=added.document).order_by("pk").values())


# --- preview -----------------------------------------------------------------------------------------------


def test_a_preview_counts_and_changes_nothing(cast: Cast, drain: Drain) -> None:
    added = old_article(cast)
    before, run = state(added), current(added)
    batch = previewed(cast, drain)
    row = batch.rows.get()
    assert (batch.state, row.state) == (State.READY, Row.READ)
    assert (row.new, row.gone, row.changed, row.held) == (1, 1, 1, 0)
    assert [(one["kind"], one["words"]) for one in row.differences] == [
        ("changed", JOBS),
        ("gone", PROMISE),
        ("new", LAST),
    ]
    assert row.differences[0]["fields"] == {"claimant_text": ["Ilse Brandt", "Minister Ilse Brandt"]}
    assert (state(added), current(added)) == (before, run)


def test_taking_over_does_what_was_shown(cast: Cast, drain: Drain) -> None:
    added = old_article(cast)
    batch = applied(cast, drain, previewed(cast, drain))
    rows = rows_of(added)
    assert (batch.state, batch.rows.get().state) == (State.DONE, Row.APPLIED)
    assert rows[LAST].triage == Triage.SUGGESTED
    assert rows[PROMISE].triage == Triage.SUPERSEDED
    assert rows[JOBS].claimant_text == "Minister Ilse Brandt"
    assert rows[FEES].score == 0.71
    assert batch.rows.get().applied == {"new": 1, "gone": 1, "changed": 1, "held": 0}
    assert current(added).analyser == ANALYSER
    assert answered(read_by_older_rules(cast.desk, cast.carla)) == 0
    event = AuditEvent.objects.filter(verb="document.analysed").latest("id")
    assert event.actor_id == cast.carla.pk
    verbs = AuditEvent.objects.filter(object_kind="rereading").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["rereading.asked", "rereading.applied"]


def test_only_the_picked_articles_are_taken_over_and_the_rest_later(cast: Cast, drain: Drain) -> None:
    one, other = old_article(cast, 1), old_article(cast, 2)
    batch = applied(cast, drain, previewed(cast, drain), documents=[one.document.pk])
    assert batch.state == State.READY
    assert (LAST in rows_of(one), LAST in rows_of(other)) == (True, False)
    batch = applied(cast, drain, batch)
    assert batch.state == State.DONE
    assert LAST in rows_of(other)


SCOPES: list[tuple[dict[str, Any], set[int]]] = [
    ({}, {1, 2, 3}),
    ({"older": True}, {1, 2}),
    ({"unfinished": True}, {1, 3}),
    ({"since": "2026-03-18"}, {2, 3}),
    ({"until": "2026-03-17"}, {1}),
    ({"since": "2026-03-18", "until": "2026-03-18"}, {2, 3}),
    ({"older": True, "unfinished": True, "since": "2026-03-01"}, {1}),
]


@pytest.mark.parametrize(("scope", "expected"), SCOPES)
def test_a_scope_is_the_articles_that_it_says(cast: Cast, scope: dict[str, Any], expected: set[int]) -> None:
    documents = {number: old_article(cast, number).document for number in (1, 2, 3)}
    Document.objects.filter(pk=documents[1].pk).update(created_at=builders.moment(-1))
    Document.objects.filter(pk__in=[documents[2].pk, documents[3].pk]).update(created_at=NOW)
    builders.analysed(cast, builders.article(cast, f"{builders.HARBOUR}\n\nEdition 3."), analyser=ANALYSER)
    finish_article(actor=cast.ada, document=documents[2], desk=cast.desk)
    runs = chosen(Scope(**scope), cast.desk, cast.carla)
    found = set(runs.values_list("capture__document", flat=True))
    assert found == {documents[number].pk for number in expected}


def test_picked_articles_and_one_archive_are_scopes(cast: Cast) -> None:
    one, _other = old_article(cast, 1), old_article(cast, 2)
    picked = chosen(Scope(documents=(one.document.pk,)), cast.desk, cast.carla)
    assert [run.capture_id for run in picked] == [one.capture.pk]
    assert chosen(Scope(archive=one.document.archive_id), cast.desk, cast.carla).count() == 2
    assert chosen(Scope(archive=cast.other_desk.own_archives.get().pk), cast.desk, cast.carla).count() == 0


def test_an_article_that_was_never_read_and_an_older_text_are_in_no_batch(cast: Cast) -> None:
    builders.article(cast, "Nobody has looked for claims here.")
    address = "https://harbour.example/fees"
    first = old_article(cast, 1, url=address)
    second = builders.article(cast, builders.HARBOUR + "\n\nUpdated.", url=address)
    assert second.document == first.document
    assert chosen(Scope(), cast.desk, cast.carla).count() == 0


# --- decisions of people -------------------------------------------------------------------------------------


def _accepted(cast: Cast, row: Appearance) -> None:
    accept(actor=cast.ada, appearance=row)


def _accepted_in_other_words(cast: Cast, row: Appearance) -> None:
    accept(actor=cast.ada, appearance=row, wording="She never promised lower fees.", claimant="Ilse Brandt")


def _dismissed(cast: Cast, row: Appearance) -> None:
    dismiss(actor=cast.ada, appearance=row, reason="old news")


def _dismissed_and_reopened(cast: Cast, row: Appearance) -> None:
    reopen(actor=cast.ada, appearance=dismiss(actor=cast.ada, appearance=row) or row)


def _moved(cast: Cast, row: Appearance) -> None:
    spans.edit_span(actor=cast.ada, appearance=row, start=row.start + 3, end=row.end)


def _cut(cast: Cast, row: Appearance) -> None:
    spans.split_span(actor=cast.ada, appearance=row, at=row.start + len("We never promised"))


def _joined(cast: Cast, row: Appearance) -> None:
    spans.merge(actor=cast.ada, appearances=[row, builders.suggestion(cast, JOBS)])


def _added(cast: Cast, row: Appearance) -> None:
    assert row.capture is not None
    assert row.document is not None
    start = row.capture.text.index("raised its fees")
    spans.add_from_selection(
        actor=cast.ada, document=row.document, capture=row.capture, start=start, end=start + 15
    )


def _finished(cast: Cast, row: Appearance) -> None:
    assert row.document is not None
    finish_article(actor=cast.ada, document=row.document, desk=cast.desk)


WAYS = [
    _accepted, _accepted_in_other_words, _dismissed, _dismissed_and_reopened, _moved, _cut, _joined, _added,
    _finished,
]  # fmt: skip


def decided(added: Any) -> list[dict[str, Any]]:
    """Return the rows that a person has decided about, in every column but the links and the run."""
    loose = {"run_id", "within_id", "repeats_id"}
    return [
        {name: value for name, value in row.items() if name not in loose}
        for row in state(added)
        if row["touched_at"] is not None or row["triage"] in ("accepted", "dismissed", "not_selected")
    ]


@pytest.mark.parametrize("decide", WAYS)
@pytest.mark.parametrize("when", ["before the preview", "after the preview", "while it is taken over"])
def test_what_people_decided_stays_whenever_they_did(
    cast: Cast,
    drain: Drain,
    monkeypatch: pytest.MonkeyPatch,
    decide: Callable[[Cast, Appearance], None],
    when: str,
) -> None:
    added = old_article(cast)
    if when.startswith("before"):
        decide(cast, rows_of(added)[PROMISE])
    batch = previewed(cast, drain)
    if when.startswith("after"):
        decide(cast, rows_of(added)[PROMISE])
    before = decided(added)
    if when.startswith("while"):
        find = parsing.find_claims

        def meanwhile(text: str, **options: Any) -> Any:
            decide(cast, rows_of(added)[PROMISE])
            before.extend(decided(added))
            return find(text, **options)

        monkeypatch.setattr(parsing, "find_claims", meanwhile)
    applied(cast, drain, batch)
    assert before
    assert batch.rows.get().state == Row.APPLIED
    pks = {row["id"] for row in before}
    assert [row for row in decided(added) if row["id"] in pks] == before
    # What they decided about is not offered a second time either.
    mine = [(row["start"], row["end"]) for row in before]
    fresh = Appearance.objects.filter(document=added.document, triage=Triage.SUGGESTED).exclude(pk__in=pks)
    for row in fresh.exclude(quotation=FEES):
        assert not any(start <= row.start and row.end <= end for start, end in mine)


@pytest.mark.parametrize("decide", [_accepted, _dismissed, _moved, _finished])
def test_decided_words_are_not_offered_again_under_other_ends(
    cast: Cast, drain: Drain, monkeypatch: pytest.MonkeyPatch, decide: Callable[[Cast, Appearance], None]
) -> None:
    added = old_article(cast)
    decide(cast, rows_of(added)[PROMISE])

    def wider(text: str) -> tuple[Any, ...]:
        return (*newer(text), builders.unit(text, "“We never promised lower fees,” she told", 7))

    rules_find(monkeypatch, wider)
    batch = applied(cast, drain, previewed(cast, drain))
    assert not any("she told" in words for words in rows_of(added))
    assert batch.rows.get().held == 1


def test_what_is_new_in_a_finished_article_is_proposed_and_not_suggested(cast: Cast, drain: Drain) -> None:
    added = old_article(cast)
    finish_article(actor=cast.ada, document=added.document, desk=cast.desk)
    applied(cast, drain, previewed(cast, drain))
    assert rows_of(added)[LAST].triage == Triage.NOT_SELECTED
    assert [one["kind"] for one in current(added).proposals] == ["new"]


def test_an_accepted_claim_that_would_be_read_differently_is_asked_about(cast: Cast, drain: Drain) -> None:
    added = old_article(cast)
    _accepted(cast, rows_of(added)[JOBS])
    applied(cast, drain, previewed(cast, drain))
    (proposal,) = current(added).proposals
    assert (proposal["kind"], proposal["fields"]) == (
        "change",
        {"claimant_text": ["Ilse Brandt", "Minister Ilse Brandt"]},
    )


def test_whoever_decides_on_a_suggestion_that_was_taken_away_meanwhile_is_told(
    cast: Cast, drain: Drain
) -> None:
    added = old_article(cast)
    row = rows_of(added)[PROMISE]
    applied(cast, drain, previewed(cast, drain))
    with pytest.raises(base.Stale):
        dismiss(actor=cast.ada, appearance=row, expected_version=row.version)


# --- stops of every kind --------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here."""


def killing(monkeypatch: pytest.MonkeyPatch, after: int) -> list[str]:
    """End the process while it reads the article after so many."""
    read: list[str] = []
    find = parsing.find_claims

    def dying(text: str, **options: Any) -> Any:
        if len(read) == after:
            raise Killed
        read.append(text)
        return find(text, **options)

    monkeypatch.setattr(parsing, "find_claims", dying)
    return read


def come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker starts again, finds what the ended one left, and reads with the rules of the tests."""
    monkeypatch.setattr("claims.jobs.workers.has_ended", lambda name: True)
    assert job_rows.release_ended() == 1
    Job.objects.filter(kind="reread", status=Job.Status.QUEUED).update(run_after=NOW)
    rules_find(monkeypatch)


def test_a_killed_preview_goes_on_where_it_was(
    cast: Cast, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 5):
        old_article(cast, number)
    batch = preview(actor=cast.carla, desk=cast.desk, scope=Scope())
    read = killing(monkeypatch, 2)
    job = work_of(batch)
    assert job is not None
    with pytest.raises(Killed):
        run_now(job.pk)
    assert batch.rows.filter(state=Row.READ).count() == 2
    come_back(monkeypatch)
    again = killing(monkeypatch, 99)
    drain("reread")
    batch.refresh_from_db()
    assert batch.state == State.READY
    assert (len(read), len(again)) == (2, 2)
    assert set(batch.rows.values_list("state", flat=True)) == {Row.READ}


def test_killed_while_taking_over_each_article_is_taken_over_once(
    cast: Cast, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [old_article(cast, number) for number in range(1, 4)]
    batch = previewed(cast, drain)
    apply(actor=cast.carla, batch=batch)
    killing(monkeypatch, 1)
    job = work_of(batch)
    assert job is not None
    with pytest.raises(Killed):
        run_now(job.pk)
    assert batch.rows.filter(state=Row.APPLIED).count() == 1
    come_back(monkeypatch)
    drain("reread")
    batch.refresh_from_db()
    assert batch.state == State.DONE
    assert all(list(rows_of(one)).count(LAST) == 1 for one in articles)
    assert AuditEvent.objects.filter(verb="document.analysed", after=ANALYSER[:40]).count() == 3


def test_an_article_that_cannot_be_read_says_why_and_stops_no_other(
    cast: Cast, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, well = old_article(cast, 1), old_article(cast, 2)

    def found(text: str) -> tuple[Any, ...]:
        if "Edition 1" in text:
            raise ValueError("a tree without a root")
        return newer(text)

    rules_find(monkeypatch, found)
    batch = previewed(cast, drain)
    assert batch.state == State.READY
    assert batch.rows.get(document=broken.document).error == "ValueError: a tree without a root"
    assert batch.rows.get(document=well.document).state == Row.READ
    rules_find(monkeypatch)
    assert go_on(actor=cast.carla, batch=batch) == 1
    drain("reread")
    assert batch.rows.get(document=broken.document).state == Row.READ


def test_an_article_that_ends_its_worker_again_and_again_is_given_up(
    cast: Cast, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = old_article(cast)
    batch = preview(actor=cast.carla, desk=cast.desk, scope=Scope())
    for _time in range(rereading_jobs.TRIES):
        killing(monkeypatch, 0)
        job = work_of(batch)
        assert job is not None
        with pytest.raises(Killed):
            run_now(job.pk)
        come_back(monkeypatch)
    killing(monkeypatch, 0)
    drain("reread")
    row = batch.rows.get(document=added.document)
    assert (row.state, row.error) == (Row.FAILED, "Reading it ended the worker 3 times.")


def test_the_work_lets_others_go_first(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    old_article(cast, 1), old_article(cast, 2)
    batch = preview(actor=cast.carla, desk=cast.desk, scope=Scope())
    Job.objects.create(kind="fetch", desk=cast.desk, queue=Job.Queue.INTERACTIVE)
    job = work_of(batch)
    assert job is not None
    assert job.queue == Job.Queue.BULK
    assert run_now(job.pk)
    assert batch.rows.filter(state=Row.READ).count() == 1
    following = work_of(batch)
    assert following is not None
    assert (following.status, following.queue) == (Job.Status.QUEUED, Job.Queue.BULK)
    assert following.run_after > following.created_at


def test_after_its_stretch_the_work_goes_to_the_end_of_the_queue(
    cast: Cast, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rereading_jobs, "STRETCH", 0.0)
    for number in range(1, 4):
        old_article(cast, number)
    batch = previewed(cast, drain)
    assert batch.state == State.READY
    assert Job.objects.filter(kind="reread", status=Job.Status.DONE).count() >= 3


def test_a_stopped_batch_stops_and_goes_on(cast: Cast, drain: Drain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rereading_jobs, "STRETCH", 0.0)
    for number in range(1, 4):
        old_article(cast, number)
    batch = preview(actor=cast.carla, desk=cast.desk, scope=Scope())
    job = work_of(batch)
    assert job is not None
    run_now(job.pk)
    cancel(actor=cast.carla, batch=batch)
    assert drain("reread") == 0
    batch.refresh_from_db()
    assert batch.state == State.CANCELLED
    assert batch.rows.filter(state=Row.WAITING).count() == 2
    assert go_on(actor=cast.carla, batch=batch) == 2
    drain("reread")
    batch.refresh_from_db()
    assert batch.state == State.READY


def test_stopped_while_an_article_is_being_read_nothing_of_it_is_taken_over(
    cast: Cast, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = old_article(cast)
    batch = previewed(cast, drain)
    apply(actor=cast.carla, batch=batch)
    find = parsing.find_claims

    def meanwhile(text: str, **options: Any) -> Any:
        cancel(actor=cast.carla, batch=batch)
        return find(text, **options)

    monkeypatch.setattr(parsing, "find_claims", meanwhile)
    drain("reread")
    batch.refresh_from_db()
    assert (batch.state, batch.rows.get().state) == (State.CANCELLED, Row.READ)
    assert LAST not in rows_of(added)


def test_a_batch_whose_job_was_cancelled_can_be_gone_on_with(cast: Cast, drain: Drain) -> None:
    old_article(cast)
    batch = preview(actor=cast.carla, desk=cast.desk, scope=Scope())
    job = work_of(batch)
    assert job is not None
    cancel_job(actor=cast.carla, job=job)
    go_on(actor=cast.carla, batch=batch)
    drain("reread")
    batch.refresh_from_db()
    assert batch.state == State.READY


def test_nothing_is_stopped_or_gone_on_with_that_has_ended(cast: Cast, drain: Drain) -> None:
    old_article(cast)
    batch = previewed(cast, drain)
    with pytest.raises(base.Stale, match="nothing is to be stopped"):
        cancel(actor=cast.carla, batch=batch)
    with pytest.raises(base.Refused, match="nothing to go on with"):
        go_on(actor=cast.carla, batch=batch)
    applied(cast, drain, batch)
    with pytest.raises(base.Refused, match="at least one article"):
        apply(actor=cast.carla, batch=batch)


def test_a_second_batch_over_the_same_articles_says_that_one_is_running(cast: Cast, drain: Drain) -> None:
    one, other = old_article(cast, 1), old_article(cast, 2)
    first = preview(actor=cast.carla, desk=cast.desk, scope=Scope(documents=(one.document.pk,)))
    for scope in (Scope(), Scope(documents=(one.document.pk,))):
        with pytest.raises(base.Stale, match=f"Batch {first.pk} is reading such articles already"):
            preview(actor=cast.carla, desk=cast.desk, scope=scope)
    second = preview(actor=cast.carla, desk=cast.desk, scope=Scope(documents=(other.document.pk,)))
    drain("reread")
    # Both are looked at; one is taken over and the other waits for it.
    third = previewed(cast, drain)
    apply(actor=cast.carla, batch=third)
    first.refresh_from_db()
    with pytest.raises(base.Stale, match=f"Batch {third.pk}"):
        apply(actor=cast.carla, batch=first)
    drain("reread")
    second.refresh_from_db()
    assert applied(cast, drain, second).state == State.DONE
    assert list(rows_of(other)).count(LAST) == 1


def test_a_preview_by_rules_that_have_changed_since_is_not_taken_over(
    cast: Cast, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = old_article(cast)
    batch = previewed(cast, drain)
    rules_find(monkeypatch, analyser="rules 99")
    applied(cast, drain, batch)
    row = batch.rows.get()
    assert row.state == Row.FAILED
    assert "The rules have changed since this preview" in row.error
    assert LAST not in rows_of(added)
    go_on(actor=cast.carla, batch=batch)
    drain("reread")
    assert batch.rows.get().read_by == "rules 99"


def test_a_text_that_was_updated_since_the_preview_is_left_alone(cast: Cast, drain: Drain) -> None:
    address = "https://harbour.example/fees"
    added = old_article(cast, 1, url=address)
    batch = previewed(cast, drain)
    builders.article(cast, builders.HARBOUR + "\n\nUpdated.", url=address)
    applied(cast, drain, batch)
    assert batch.rows.get().state == Row.FAILED
    assert LAST not in rows_of(added)


# --- taking back ----------------------------------------------------------------------------------------------


def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "version"} for row in rows]


def test_what_was_taken_over_can_be_taken_back_to_the_letter(cast: Cast, drain: Drain) -> None:
    added = old_article(cast)
    _accepted(cast, rows_of(added)[FEES])
    before, run = state(added), current(added)
    batch = applied(cast, drain, previewed(cast, drain))
    undo(actor=cast.carla, row=batch.rows.get())
    after = [row for row in state(added) if row["id"] in {one["id"] for one in before}]
    assert plain(after) == plain(before)
    assert rows_of(added)[LAST].triage == Triage.SUPERSEDED
    assert current(added) == run
    assert batch.rows.get().state == Row.UNDONE
    assert AuditEvent.objects.filter(verb="document.reading_undone", actor_id=cast.carla.pk).count() == 1
    with pytest.raises(base.Stale):
        undo(actor=cast.carla, row=batch.rows.get())


def test_taken_back_it_can_be_taken_over_once_more(cast: Cast, drain: Drain) -> None:
    added = old_article(cast)
    undo(actor=cast.carla, row=applied(cast, drain, previewed(cast, drain)).rows.get())
    again = previewed(cast, drain)
    assert [again.rows.get().new, again.rows.get().gone] == [1, 1]
    applied(cast, drain, again)
    rows = rows_of(added)
    assert (rows[LAST].triage, rows[PROMISE].triage) == (Triage.SUGGESTED, Triage.SUPERSEDED)
    assert Appearance.objects.filter(document=added.document).count() == 4


@pytest.mark.parametrize("words", [LAST, JOBS, PROMISE])
def test_once_somebody_decided_about_it_nothing_is_taken_back(cast: Cast, drain: Drain, words: str) -> None:
    added = old_article(cast)
    batch = applied(cast, drain, previewed(cast, drain))
    accept(actor=cast.ada, appearance=rows_of(added)[words])
    before = state(added)
    with pytest.raises(base.Stale, match="Somebody has decided"):
        undo(actor=cast.carla, row=batch.rows.get())
    assert state(added) == before
    assert undo_picked(actor=cast.carla, batch=batch) == (0, 1)
    # The decision taken back, the reading can be.
    last = last_gesture(actor=cast.ada, desk=cast.desk)
    assert last is not None


def test_a_decision_about_what_the_reading_left_alone_keeps_nothing_from_being_taken_back(
    cast: Cast, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = old_article(cast)
    rules_find(monkeypatch, lambda text: (*builders.harbour_units(), builders.unit(text, UNION, 3)))
    batch = applied(cast, drain, previewed(cast, drain))
    dismiss(actor=cast.ada, appearance=rows_of(added)[FEES])
    undo(actor=cast.carla, row=batch.rows.get())
    assert rows_of(added)[UNION].triage == Triage.SUPERSEDED
    assert rows_of(added)[FEES].triage == Triage.DISMISSED


def test_a_later_reading_is_not_taken_back_with_an_earlier_one(
    cast: Cast, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_article(cast)
    first = applied(cast, drain, previewed(cast, drain))
    rules_find(monkeypatch, analyser="rules 99")
    applied(cast, drain, previewed(cast, drain))
    with pytest.raises(base.Stale, match="read again since"):
        undo(actor=cast.carla, row=first.rows.get())


def test_an_undone_act_of_a_person_is_no_decision_any_more(cast: Cast, drain: Drain) -> None:
    added = old_article(cast)
    dismiss(actor=cast.ada, appearance=rows_of(added)[PROMISE])
    last = last_gesture(actor=cast.ada, desk=cast.desk)
    assert last is not None
    undo_act(actor=cast.ada, gesture=last[0])
    applied(cast, drain, previewed(cast, drain))
    assert rows_of(added)[PROMISE].triage == Triage.SUPERSEDED


# --- who may, and who sees ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "many", "one"),
    [
        ("eli", False, False),
        ("ada", False, True),
        ("ben", False, True),
        ("carla", True, True),
        ("dana", True, True),
        ("otto", False, False),
    ],
)
def test_editors_read_many_articles_again_and_whoever_triages_one(
    cast: Cast, drain: Drain, name: str, many: bool, one: bool
) -> None:
    person: User = getattr(cast, name)
    added = old_article(cast)
    old_article(cast, 1)
    for scope, may in ((Scope(), many), (Scope(documents=(added.document.pk,)), one)):
        if not may:
            with pytest.raises(base.NotAllowed):
                preview(actor=person, desk=cast.desk, scope=scope)
        batch = preview(actor=cast.carla, desk=cast.desk, scope=scope)
        for act in (cancel, go_on, apply):
            if may:
                act(actor=person, batch=batch)
            else:
                with pytest.raises(base.NotAllowed):
                    act(actor=person, batch=batch)
                act(actor=cast.carla, batch=batch)
            drain("reread")
        row = batch.rows.filter(state=Row.APPLIED)[0]
        if not may:
            with pytest.raises(base.NotAllowed):
                undo(actor=person, row=row)
        undo_picked(actor=cast.carla, batch=batch)


def test_what_is_hidden_from_a_person_is_neither_read_nor_taken_over_nor_taken_back_by_them(
    cast: Cast, drain: Drain
) -> None:
    shown, hidden = old_article(cast, 1), old_article(cast, 2)
    mine = previewed(cast, drain)
    set_metadata(actor=cast.ada, document=hidden.document, visibility=Document.Visibility.NAMED, named=[])
    assert answered(read_by_older_rules(cast.desk, cast.carla)) == 1
    assert chosen(Scope(), cast.desk, cast.carla).count() == 1
    assert chosen(Scope(), cast.desk, None).count() == 2
    assert apply(actor=cast.carla, batch=mine, documents=[shown.document.pk, hidden.document.pk]) == 1
    drain("reread")
    assert (LAST in rows_of(shown), LAST in rows_of(hidden)) == (True, False)
    assert set(RereadArticle.objects.visible_to(cast.carla).values_list("document", flat=True)) == {
        shown.document.pk
    }
    apply(actor=None, batch=mine)
    drain("reread")
    assert undo_picked(actor=cast.carla, batch=mine) == (1, 0)
    assert rows_of(hidden)[LAST].triage == Triage.SUGGESTED


def test_another_desk_of_the_same_archive_keeps_its_own_suggestions(cast: Cast, drain: Drain) -> None:
    added = old_article(cast)
    cast.other_desk.archives.add(added.document.archive)
    builders.store_split(
        desk=cast.other_desk,
        capture=added.capture,
        split=builders.split_of(builders.HARBOUR, builders.harbour_units(), analyser="rules 0.9"),
    )
    theirs = list(Appearance.objects.filter(desk=cast.other_desk).order_by("pk").values())
    applied(cast, drain, previewed(cast, drain))
    assert list(Appearance.objects.filter(desk=cast.other_desk).order_by("pk").values()) == theirs


# --- size -----------------------------------------------------------------------------------------------------


def test_a_wrong_day_and_an_empty_scope_are_said(cast: Cast) -> None:
    with pytest.raises(base.Refused, match="no day"):
        preview(actor=cast.carla, desk=cast.desk, scope=Scope(since="18.3.2026"))
    with pytest.raises(base.Refused, match="nothing is to be read again"):
        preview(actor=cast.carla, desk=cast.desk, scope=Scope())


def test_a_batch_is_made_by_as_many_statements_for_many_as_for_few(cast: Cast) -> None:
    counts = []
    for size in (2, 20):
        for number in range(size):
            old_article(cast, size * 100 + number)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            batch = preview(actor=cast.carla, desk=cast.desk, scope=Scope())
        cancel(actor=cast.carla, batch=batch)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_each_article_costs_the_same_statements_whatever_the_batch_holds(cast: Cast, drain: Drain) -> None:
    costs = []
    for size in (2, 10):
        for number in range(size):
            old_article(cast, size * 100 + number)
        batch = preview(actor=cast.carla, desk=cast.desk, scope=Scope())
        with CaptureQueriesContext(connection) as asked:
            drain("reread")
        costs.append(len(asked) / batch.articles)
    assert costs[1] <= costs[0]


def test_a_thousand_articles_are_previewed_in_bounded_time_and_memory(
    cast: Cast, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rereading_jobs, "STRETCH", 2.0)
    first = old_article(cast)
    documents = Document.objects.bulk_create(
        Document(
            archive=first.document.archive,
            desk=cast.desk,
            kind="pasted",
            address_key=f"text:{number}",
            captures_made=1,
            updated_at=NOW,
        )
        for number in range(999)
    )
    captures = Capture.objects.bulk_create(
        Capture(
            document=document,
            number=1,
            text=builders.HARBOUR,
            text_hash=str(document.pk),
            characters=len(builders.HARBOUR),
            language="en",
        )
        for document in documents
    )
    AnalysisRun.objects.bulk_create(
        AnalysisRun(desk=cast.desk, capture=capture, analyser="rules 0.9") for capture in captures
    )
    nobody_waits()
    begun = time.process_time()
    tracemalloc.start()
    batch = preview(actor=cast.carla, desk=cast.desk, scope=Scope())
    job = work_of(batch)
    assert job is not None
    run_now(job.pk)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    drain("reread")
    batch.refresh_from_db()
    assert batch.state == State.READY
    assert batch.rows.filter(state=Row.READ, new__gt=0).count() == 1000
    # Reading the texts themselves is not counted here. A tenth of the time and a third of the memory are usual.
    assert time.process_time() - begun < 300
    assert peak < 40_000_000
