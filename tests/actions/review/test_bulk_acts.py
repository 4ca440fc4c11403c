"""An act on a stored selection: looked at, done in batches, told, and taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from claims.actions import base
from claims.actions.claims import changes as claim_actions
from claims.actions.publishing.publish import publish_at
from claims.actions.review import bulk_acts, bulk_undo, selections
from claims.models import (
    AuditEvent,
    BulkAct,
    BulkActRow,
    Claim,
    Job,
    Membership,
    Notice,
    Review,
    Selection,
    User,
    VerdictDraft,
)
from claims.tasks.base import run_now
from tests import builders
from tests.checks_made import checked_claim, current, read_whole, submitted
from tests.conftest import NOW
from tests.people import Cast

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)


def chosen(cast: Cast, claims: list[Claim], by: User | None = None) -> Selection:
    return selections.select(
        actor=by or cast.carla, desk=cast.desk, claims=[one.pk for one in claims], now=NOW
    )


def looked_at(cast: Cast, claims: list[Claim], by: User | None = None, **asked: Any) -> BulkAct:
    actor = by or cast.carla
    return bulk_acts.preview(actor=actor, selection=chosen(cast, claims, actor), now=NOW, **asked)


def row(act: BulkAct, claim: Claim) -> BulkActRow:
    return BulkActRow.objects.get(act=act, claim=claim)


def kept(claims: list[Claim]) -> list[dict[str, Any]]:
    """Return all there is of the claims' reviews but their versions."""
    rows = Review.objects.filter(claim__in=claims).order_by("pk")
    return [{k: v for k, v in one.items() if k != "version"} for one in rows.values()]


def leased(cast: Cast, by: User) -> Claim:
    made = checked_claim(cast)
    claim_actions.take_lease(actor=by, review=current(made), now=NOW)
    return made


def test_what_takes_work_from_people_is_left_out_unless_it_is_ticked(cast: Cast) -> None:
    free, bens, opened = checked_claim(cast), checked_claim(cast), leased(cast, cast.ada)
    claim_actions.assign(actor=cast.carla, review=current(bens), to=cast.ben, now=NOW)
    Review.objects.filter(claim=opened).update(assignee=None)
    own = checked_claim(cast)
    claim_actions.assign(actor=cast.carla, review=current(own), to=cast.dana, now=NOW)
    act = looked_at(cast, [free, bens, opened, own], action="assign", to=cast.dana)
    assert (row(act, free).group, row(act, free).ticked) == ("", True)
    assert (row(act, bens).group, row(act, bens).ticked) == ("takes", False)
    assert "Ben has it" in row(act, bens).why
    assert (row(act, opened).group, row(act, opened).ticked) == ("takes", False)
    assert "Ada is working on it" in row(act, opened).why
    assert (row(act, own).group, row(act, own).why) == ("left", "Dana has it already.")
    bulk_acts.tick(actor=cast.carla, act=act, ticked=[bens.pk, free.pk], shown=[bens.pk, free.pk])
    bulk_acts.start(actor=cast.carla, act=act, now=NOW)
    assert [row(act, one).outcome for one in (free, bens, opened, own)] == [
        "done", "done", "skipped", "skipped",
    ]  # fmt: skip
    assert "not ticked" in row(act, opened).why
    assert current(opened).assignee is None
    told = {(one.user.display_name, one.kind, one.count) for one in Notice.objects.filter(act=act)}
    assert told == {("Ben", "taken", 1), ("Dana", "given", 2)}


def test_closing_says_what_would_be_dropped_and_asks_for_each(cast: Cast) -> None:
    drafted, planned = leased(cast, cast.carla), submitted(cast)
    VerdictDraft.objects.create(
        review=current(drafted), user=cast.carla, data={"headline": "No"}, updated_at=NOW
    )
    empty = leased(cast, cast.carla)
    VerdictDraft.objects.create(
        review=current(empty), user=cast.carla, data={"headline": " "}, updated_at=NOW
    )
    waiting = submitted(cast)
    read_whole(actor=cast.ben, verdict=planned, now=NOW)
    publish_at(actor=cast.carla, review=current(planned.claim), at=NOW + dt.timedelta(days=2), now=NOW)
    act = looked_at(
        cast, [drafted, empty, planned.claim, waiting.claim], action="dismiss", reason="not_worth_it"
    )
    assert row(act, drafted).consequences == ["draft"]
    assert row(act, empty).consequences == []
    assert "scheduled" in row(act, planned.claim).consequences
    assert "2026" in row(act, planned.claim).why
    assert "submitted" in row(act, waiting.claim).consequences
    assert cast.ada.pk in row(act, waiting.claim).told
    bulk_acts.start(actor=cast.carla, act=act, now=NOW)
    states = [current(one).state for one in (drafted, empty, planned.claim, waiting.claim)]
    assert states == ["in_progress", "closed", "awaiting_approval", "awaiting_approval"]


def test_every_row_has_one_audit_row_of_one_gesture(cast: Cast) -> None:
    rows = [checked_claim(cast) for _ in range(3)]
    act = looked_at(cast, rows, action="dismiss", reason="other", note="  old   news ")
    bulk_acts.start(actor=cast.carla, act=act, now=NOW)
    events = AuditEvent.objects.filter(verb="review.closed")
    assert events.count() == 3
    assert {(event.gesture, event.via, event.before, event.after) for event in events} == {
        (act.gesture, "bulk", "queued", "closed")
    }
    assert {event.detail.data["note"] for event in events} == {"old news"}
    assert {one.closed_note for one in Review.objects.filter(claim__in=rows)} == {"old news"}


def test_the_rules_of_the_single_act_hold_for_each_row(cast: Cast) -> None:
    free, carlas = checked_claim(cast), checked_claim(cast)
    claim_actions.assign(actor=cast.carla, review=current(carlas), to=cast.carla, now=NOW)
    act = looked_at(cast, [free, carlas], by=cast.ada, action="assign", to=cast.ada)
    assert row(act, carlas).group == "left"
    assert "Only a" in row(act, carlas).why
    with pytest.raises(base.NotAllowed):
        looked_at(cast, [free], by=cast.eli, action="assign", to=cast.ada)
    with pytest.raises(base.Refused, match="Choose why"):
        looked_at(cast, [free], action="dismiss", reason="")


def test_who_lost_the_role_between_preview_and_act_does_nothing(cast: Cast) -> None:
    rows = [checked_claim(cast) for _ in range(2)]
    act = looked_at(cast, rows, action="assign", to=cast.ada)
    Membership.objects.filter(user=cast.carla).delete()
    with pytest.raises(base.NotAllowed):
        bulk_acts.start(actor=cast.carla, act=act, now=NOW)
    assert not Review.objects.filter(claim__in=rows, assignee=cast.ada).exists()


def test_a_row_that_changed_since_stays_as_it_is(cast: Cast) -> None:
    moved, drafted, free = checked_claim(cast), checked_claim(cast), checked_claim(cast)
    act = looked_at(cast, [moved, drafted, free], action="dismiss", reason="other")
    claim_actions.assign(actor=cast.ben, review=current(moved), to=cast.ben, now=NOW)
    # A draft changes no version of the review.
    VerdictDraft.objects.create(
        review=current(drafted), user=cast.ben, data={"headline": "No"}, updated_at=NOW
    )
    bulk_acts.start(actor=cast.carla, act=act, now=NOW)
    assert [row(act, one).outcome for one in (moved, drafted, free)] == ["skipped", "skipped", "done"]
    assert "changed since you looked" in row(act, moved).why
    assert "Ben has a draft" in row(act, drafted).why
    assert current(moved).state == current(drafted).state == "queued"


def test_sent_twice_it_is_done_once(cast: Cast) -> None:
    rows = [checked_claim(cast) for _ in range(2)]
    act = looked_at(cast, rows, action="assign", to=cast.ada)
    again = BulkAct.objects.get(pk=act.pk)
    bulk_acts.start(actor=cast.carla, act=act, now=NOW)
    assert bulk_acts.start(actor=cast.carla, act=again, now=NOW).state == "done"
    assert AuditEvent.objects.filter(verb="review.assigned").count() == 2
    assert Notice.objects.filter(user=cast.ada).count() == 1


def test_permission_is_asked_before_anything_is_looked_at(cast: Cast) -> None:
    one = checked_claim(cast)
    kept = selections.select(actor=cast.eli, desk=cast.desk, claims=[one.pk], now=NOW)
    for asked in (
        {"action": "assign", "to": cast.ada},
        {"action": "dismiss", "reason": "other"},
        {"action": "search"},
    ):
        with pytest.raises(base.NotAllowed):
            bulk_acts.preview(actor=cast.eli, selection=kept, now=NOW, **asked)
    assert not BulkAct.objects.exists()


def test_closing_needs_a_reason_and_closes_once(cast: Cast) -> None:
    rows = [checked_claim(cast), checked_claim(cast)]
    for reason in ("", "because"):
        with pytest.raises(base.Refused, match="Choose why"):
            looked_at(cast, rows, action="dismiss", reason=reason)
    bulk_acts.start(actor=cast.carla, act=looked_at(cast, rows, action="dismiss", reason="other"), now=NOW)
    again = looked_at(cast, rows, action="dismiss", reason="other")
    assert [row(again, one).group for one in rows] == ["left", "left"]
    assert "closed" in row(again, rows[0]).why


def test_a_selection_is_its_owners_and_of_one_desk(cast: Cast) -> None:
    mine = checked_claim(cast)
    theirs = builders.claim(cast, desk=cast.other_desk, actor=cast.otto, now=NOW)
    both = chosen(cast, [mine, theirs])
    assert both.claims == [mine.pk]
    with pytest.raises(base.NotAllowed):
        bulk_acts.preview(actor=cast.dana, selection=both, action="search", now=NOW)
    with pytest.raises(base.Refused, match="Select at least one"):
        chosen(cast, [theirs])
    with pytest.raises(base.Stale, match="week old"):
        bulk_acts.preview(actor=cast.carla, selection=both, action="search", now=NOW + dt.timedelta(days=8))
    act = bulk_acts.preview(actor=cast.carla, selection=both, action="search", now=NOW)
    with pytest.raises(base.NotAllowed):
        bulk_acts.start(actor=cast.dana, act=act, now=NOW)


def test_ticks_of_several_pages_come_together(cast: Cast) -> None:
    one, two, three = (checked_claim(cast) for _ in range(3))
    first = chosen(cast, [one, two])
    more = selections.select(
        actor=cast.carla, desk=cast.desk, claims=[three.pk], add_to=first, shown=[two.pk, three.pk], now=NOW
    )
    assert (more.pk, more.claims) == (first.pk, [one.pk, three.pk])


def many(cast: Cast, count: int) -> list[Claim]:
    """Make many claims that are equal but for their words, quickly."""
    pattern = checked_claim(cast)
    rows = Claim.objects.bulk_create(
        Claim(desk=cast.desk, wording=f"Claim number {n}.", added_by=cast.ada, updated_at=NOW)
        for n in range(count)
    )
    assert pattern.pk
    Review.objects.bulk_create(Review(desk=cast.desk, claim=one, state_at=NOW) for one in rows)
    return rows


def drained(act: BulkAct) -> None:
    """Run the jobs of an act until none is left."""
    while job := Job.objects.filter(kind="bulk", status="queued").first():
        run_now(job.pk)
    act.refresh_from_db()


def test_more_than_a_hundred_rows_are_a_job_that_can_be_cut_anywhere(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = many(cast, 130)
    act = looked_at(cast, rows, action="assign", to=cast.ada)
    bulk_acts.start(actor=cast.carla, act=act, now=NOW)
    assert act.state == "running"
    assert not Review.objects.filter(assignee=cast.ada).exists()
    done = bulk_acts._do
    batches: list[int] = []

    def cut(*given: Any) -> None:
        done(*given)
        batches.append(len(given[1]))
        if len(batches) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(bulk_acts, "_do", cut)
    with pytest.raises(KeyboardInterrupt):
        bulk_acts.carry_on(act, fence=transaction.atomic, now=NOW)
    monkeypatch.undo()
    assert Review.objects.filter(assignee=cast.ada).count() == 100
    drained(act)
    act.refresh_from_db()
    assert act.state == "done"
    assert Review.objects.filter(assignee=cast.ada).count() == 130
    assert AuditEvent.objects.filter(verb="review.assigned", gesture=act.gesture).count() == 130
    assert Notice.objects.get(user=cast.ada).count == 130


def test_more_than_a_thousand_claims_are_looked_at_by_a_job(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    bens, *rows = [checked_claim(cast), *many(cast, 9)]
    claim_actions.assign(actor=cast.carla, review=current(bens), to=cast.ben, now=NOW)
    at_once = looked_at(cast, [bens, *rows], action="assign", to=cast.dana)
    monkeypatch.setattr(bulk_acts, "LOOKED_AT_ONCE", 4)
    kept = chosen(cast, [bens, *rows])
    act = bulk_acts.preview(actor=cast.carla, selection=kept, action="assign", to=cast.dana, now=NOW)
    assert (act.state, act.rows.count()) == ("looking", 0)
    assert not BulkAct.objects.visible_to(cast.dana).filter(pk=act.pk).exists()
    # What is ticked meanwhile is no part of what is looked at.
    selections.select(actor=cast.carla, desk=cast.desk, claims=[], add_to=kept, shown=[rows[0].pk], now=NOW)
    assert bulk_acts.start(actor=cast.carla, act=act, now=NOW).state == "looking"
    seen: list[tuple[int, int]] = []

    def cut(done: int, total: int) -> None:
        seen.append((done, total))
        if len(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bulk_acts.look_on(act, fence=transaction.atomic, progress=cut, now=NOW)
    assert seen == [(0, 10), (2, 10), (4, 10)]
    assert act.rows.count() == 4
    drained(act)
    assert (act.state, act.total) == ("preview", 10)
    same = ("claim_id", "group", "ticked", "why", "before", "told", "consequences", "seen_version")
    assert list(act.rows.order_by("id").values(*same)) == list(at_once.rows.order_by("id").values(*same))
    assert not Review.objects.filter(assignee=cast.dana).exists()
    bulk_acts.start(actor=cast.carla, act=act, now=NOW)
    assert Review.objects.filter(assignee=cast.dana).count() == 9


def test_looking_ends_with_a_reason_where_the_lead_is_gone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_acts, "LOOKED_AT_ONCE", 1)
    lead, rows = submitted(cast).claim, many(cast, 2)
    act = looked_at(cast, rows, by=cast.ada, action="verdict", lead=lead)
    BulkAct.objects.filter(pk=act.pk).update(said={**act.said, "lead": 0})
    job = Job.objects.get(kind="bulk")
    run_now(job.pk)
    job.refresh_from_db()
    assert (job.status, "lead claim is not there" in job.error) == ("failed", True)


def test_a_job_that_is_stopped_leaves_the_rest(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = many(cast, 120)
    act = looked_at(cast, rows, action="assign", to=cast.ada)
    bulk_acts.start(actor=cast.carla, act=act, now=NOW)
    done = bulk_acts._do

    def stopped(*given: Any) -> None:
        done(*given)
        bulk_acts.stop(actor=cast.carla, act=BulkAct.objects.get(pk=act.pk), now=NOW)

    monkeypatch.setattr(bulk_acts, "_do", stopped)
    bulk_acts.carry_on(act, fence=transaction.atomic, now=NOW)
    assert Review.objects.filter(assignee=cast.ada).count() == 100
    left = BulkActRow.objects.filter(act=act, outcome="skipped")
    assert left.count() == 20
    assert set(left.values_list("why", flat=True)) == {"Stopped before its turn."}


def test_one_row_that_breaks_stops_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [checked_claim(cast) for _ in range(3)]
    bad = current(rows[1]).pk
    original = bulk_acts.together.assign_all

    def breaking(**given: Any) -> Any:
        if bad in given["reviews"]:
            raise RuntimeError("the disk is full")
        return original(**given)

    monkeypatch.setattr(bulk_acts.together, "assign_all", breaking)
    act = looked_at(cast, rows, action="assign", to=cast.ada)
    bulk_acts.start(actor=cast.carla, act=act, now=NOW)
    assert [row(act, one).outcome for one in rows] == ["done", "skipped", "done"]
    assert "disk" not in row(act, rows[1]).why


def test_undo_restores_equal_rows(cast: Cast) -> None:
    free, bens, leasedone = checked_claim(cast), checked_claim(cast), leased(cast, cast.ada)
    claim_actions.assign(actor=cast.carla, review=current(bens), to=cast.ben, now=NOW)
    planned = submitted(cast)
    read_whole(actor=cast.ben, verdict=planned, now=NOW)
    publish_at(actor=cast.carla, review=current(planned.claim), at=NOW + dt.timedelta(days=2), now=NOW)
    rows = [free, bens, leasedone, planned.claim]
    for asked in ({"action": "assign", "to": cast.dana}, {"action": "dismiss", "reason": "other"}):
        before = kept(rows)
        act = looked_at(cast, rows, **asked)
        for group in ("takes", "scheduled", "submitted", "draft"):
            bulk_acts.tick(actor=cast.carla, act=act, group=group)
        bulk_acts.start(actor=cast.carla, act=act, now=NOW)
        assert act.rows.filter(outcome="done").count() == 4
        assert kept(rows) != before
        bulk_undo.undo(actor=cast.carla, act=act, now=LATER)
        assert act.state == "undone"
        assert kept(rows) == before
        assert set(act.rows.values_list("outcome", flat=True)) == {"undone"}
    assert Notice.objects.filter(user=cast.ben, kind="returned").count() == 2


def test_a_row_that_somebody_worked_on_since_is_not_taken_back(cast: Cast) -> None:
    worded, drafted, reopened, quiet, mergedone = (checked_claim(cast) for _ in range(5))
    act = looked_at(cast, [worded, drafted, quiet], action="assign", to=cast.ada)
    bulk_acts.start(actor=cast.carla, act=act, now=NOW)
    claim_actions.edit_wording(actor=cast.ada, claim=worded, wording="Another one.", now=LATER)
    VerdictDraft.objects.create(
        review=current(drafted), user=cast.ada, data={"headline": "No"}, updated_at=LATER
    )
    bulk_undo.undo(actor=cast.carla, act=act, now=LATER)
    assert [row(act, one).outcome for one in (worded, drafted, quiet)] == ["kept", "kept", "undone"]
    assert "Ada has worked on it since" in row(act, worded).why
    act = looked_at(cast, [reopened, mergedone], action="dismiss", reason="other")
    bulk_acts.start(actor=cast.carla, act=act, now=NOW)
    claim_actions.reopen(actor=cast.ada, review=current(reopened), now=LATER)
    Claim.objects.filter(pk=mergedone.pk).update(merged_into=quiet)
    bulk_undo.undo(actor=cast.carla, act=act, now=LATER)
    assert [row(act, one).outcome for one in (reopened, mergedone)] == ["kept", "kept"]
    assert current(reopened).state == "queued"
    assert "merged" in row(act, mergedone).why


def test_a_publication_whose_hour_has_passed_does_not_come_back(cast: Cast) -> None:
    planned = submitted(cast)
    read_whole(actor=cast.ben, verdict=planned, now=NOW)
    publish_at(actor=cast.carla, review=current(planned.claim), at=NOW + dt.timedelta(minutes=30), now=NOW)
    act = looked_at(cast, [planned.claim], action="dismiss", reason="other")
    bulk_acts.tick(actor=cast.carla, act=act, group="scheduled")
    bulk_acts.tick(actor=cast.carla, act=act, group="takes")
    bulk_acts.start(actor=cast.carla, act=act, now=NOW)
    bulk_undo.undo(actor=cast.carla, act=act, now=LATER)
    assert row(act, planned.claim).outcome == "kept"
    assert "published meanwhile" in row(act, planned.claim).why
    assert current(planned.claim).state == "closed"


def test_undo_is_there_for_a_day_and_for_who_may(cast: Cast) -> None:
    act = looked_at(cast, [checked_claim(cast)], by=cast.ada, action="assign", to=cast.ada)
    bulk_acts.start(actor=cast.ada, act=act, now=NOW)
    assert bulk_undo.may_undo(cast.ada, act, now=LATER)
    assert bulk_undo.may_undo(cast.carla, act, now=LATER)
    assert not bulk_undo.may_undo(cast.ben, act, now=LATER)
    late = NOW + dt.timedelta(hours=25)
    assert not bulk_undo.may_undo(cast.ada, act, now=late)
    with pytest.raises(base.Stale, match="more than a day ago"):
        bulk_undo.undo(actor=cast.ada, act=act, now=late)
    bulk_undo.undo(actor=cast.ada, act=act, now=LATER)
    events = AuditEvent.objects.count()
    bulk_undo.undo(actor=cast.ada, act=BulkAct.objects.get(pk=act.pk), now=LATER)
    assert AuditEvent.objects.count() == events
    searched = looked_at(cast, [checked_claim(cast)], action="search")
    bulk_acts.start(actor=cast.carla, act=searched, now=NOW)
    assert not bulk_undo.may_undo(cast.carla, searched, now=LATER)


def test_an_undo_of_many_is_a_job(cast: Cast) -> None:
    rows = many(cast, 120)
    before = kept(rows)
    act = looked_at(cast, rows, action="dismiss", reason="other")
    bulk_acts.start(actor=cast.carla, act=act, now=NOW)
    drained(act)
    bulk_undo.undo(actor=cast.carla, act=act)
    assert act.state == "undoing"
    drained(act)
    assert act.state == "undone"
    assert kept(rows) == before


def test_searching_many_queues_one_job_and_joins_what_waits(cast: Cast) -> None:
    rows = [checked_claim(cast) for _ in range(3)]
    Job.objects.all().delete()
    for _ in range(2):
        act = looked_at(cast, rows, action="search")
        bulk_acts.start(actor=cast.carla, act=act, now=NOW)
        assert act.rows.filter(outcome="done").count() == 3
    job = Job.objects.get(kind="searches")
    assert (job.queue, job.desk_id, job.status) == ("bulk", cast.desk.pk, "queued")
    assert sorted(job.arguments["claims"]) == sorted(one.pk for one in rows)
    assert not Job.objects.filter(kind="search").exists()


def test_a_verdict_for_many_is_warned_of_and_approving_publishes(cast: Cast) -> None:
    lead = submitted(cast, checked_claim(cast, "The bridge of Lenna carries many cars, said Anna"))
    same = checked_claim(cast, "The bridge of Lenna carries many cars, said Bela")
    other = checked_claim(cast, "The bridge of Lenna carries many cars, said Cora", who="Otto Brand")
    act = looked_at(cast, [same, other], by=cast.ada, action="verdict", lead=lead.claim)
    assert (row(act, same).group, row(act, other).group) == ("", "differs")
    bulk_acts.start(actor=cast.ada, act=act, now=NOW)
    assert (current(same).state, current(other).state) == ("awaiting_approval", "queued")
    read_whole(actor=cast.ben, verdict=lead, now=NOW)
    act = looked_at(cast, [lead.claim, same], by=cast.ben, action="approve")
    assert (row(act, lead.claim).group, row(act, same).group) == ("", "left")
    bulk_acts.start(actor=cast.ben, act=act, now=NOW)
    assert current(lead.claim).state == "published"
    assert not bulk_undo.may_undo(cast.ben, act, now=NOW)
