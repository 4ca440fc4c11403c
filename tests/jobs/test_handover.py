"""Handing over: every row once, desks by turns, a person before an import, and nothing a broker loses is lost."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.utils import timezone

from claims.jobs import handover, rows, wakeup
from claims.jobs.handover import LIFETIME, WINDOW, Message
from claims.jobs.kinds import KINDS, Queue
from claims.jobs.rows import MAX_ATTEMPTS
from claims.jobs.turns import ASKED
from claims.models import Desk, Job
from claims.tasks.maintenance import tick
from factcheck.celery import QUEUES, app
from tests.people import Cast

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, settings: object) -> list[Message]:
    """Collect what would go to Redis."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]
    messages: list[Message] = []
    monkeypatch.setattr(wakeup, "breaker", wakeup.Breaker())
    monkeypatch.setattr(wakeup, "_send", messages.append)
    monkeypatch.setattr(wakeup, "_held", lambda: (None, 0))
    return messages


def bulk(desk: Desk | None, count: int, kind: str = "analyse", queue: str = Queue.BULK) -> list[int]:
    return [rows.enqueue(kind, desk=desk, arguments={"capture": 0}, queue=queue).pk for _ in range(count)]


def of_desk(messages: list[Message]) -> list[int | None]:
    desks = dict(Job.objects.values_list("pk", "desk"))
    return [desks[one.pk] for one in messages]


# --- once -----------------------------------------------------------------------------------------------------


def test_six_ticks_over_150_due_rows_send_150_messages(cast: Cast, sent: list[Message]) -> None:
    made = bulk(cast.desk, 150)
    for _ in range(6):
        tick()
    mine = [one.pk for one in sent if one.pk in made]
    assert sorted(mine) == sorted(made)


def test_every_message_names_its_task_its_queue_and_its_end(cast: Cast, sent: list[Message]) -> None:
    bulk(cast.desk, 1)
    bulk(cast.desk, 1, "search", Queue.INTERACTIVE)
    wakeup.hand_over_all()
    assert {(one.task, one.queue, one.expires) for one in sent} == {
        ("claims.tasks.documents.analyse", "bulk", 300.0),
        ("claims.tasks.search.search", "interactive", 30.0),
    }


def test_a_row_whose_message_expired_goes_out_again_and_not_before(cast: Cast) -> None:
    bulk(cast.desk, 1)
    now = timezone.now()
    assert len(handover.hand_over("bulk", limit=10, now=now)) == 1
    assert handover.hand_over("bulk", limit=10, now=now + LIFETIME[Queue.BULK] - SECOND) == []
    assert len(handover.hand_over("bulk", limit=10, now=now + LIFETIME[Queue.BULK] + SECOND)) == 1


def test_a_knock_and_a_tick_do_not_both_send(cast: Cast, sent: list[Message]) -> None:
    (pk,) = bulk(cast.desk, 1)
    wakeup.knock(pk)
    wakeup.knock(pk)
    wakeup.hand_over_all()
    assert [one.pk for one in sent] == [pk]


def test_what_could_not_be_sent_is_taken_back(
    cast: Cast, sent: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bulk(cast.desk, 5)

    def broken(message: Message) -> None:
        if len(sent) == 2:
            raise OSError("down")
        sent.append(message)

    monkeypatch.setattr(wakeup, "_send", broken)
    assert wakeup.hand_over_all() == 2
    assert Job.objects.filter(handed_until=None, pk__in=made).count() == 3
    assert not wakeup.breaker.may_try()


def test_a_failed_run_may_be_handed_over_again_at_once(cast: Cast) -> None:
    (pk,) = bulk(cast.desk, 1)
    handover.hand_over("bulk", limit=1)
    running = rows.claim(pk)
    assert running is not None
    running.fail("down", final=False)
    job = Job.objects.get(pk=pk)
    assert job.handed_until is None
    assert [one.pk for one in handover.hand_over("bulk", limit=1, now=job.run_after)] == [pk]


def test_an_unknown_kind_is_failed_with_its_name(cast: Cast, sent: list[Message]) -> None:
    job = rows.enqueue("knitting", desk=None)
    wakeup.hand_over_all()
    job.refresh_from_db()
    assert (job.status, sent) == (Job.Status.FAILED, [])
    assert "knitting" in job.error


# --- sized to the backlog -------------------------------------------------------------------------------------


def test_a_backlog_is_worked_off_as_fast_as_it_is_run(cast: Cast, sent: list[Message]) -> None:
    """One tick, then only the ends of jobs: with 100 rows a tick, ten ticks would be needed."""
    bulk(cast.desk, 1000)
    tick()
    done = 0
    while sent:
        message = sent.pop(0)
        Job.objects.filter(pk=message.pk).update(status=Job.Status.DONE)
        wakeup.refill("bulk")
        done += message.task == KINDS["analyse"].task
        assert (
            Job.objects.filter(queue="bulk", handed_until__gt=timezone.now(), status="queued").count()
            <= WINDOW
        )
    assert done == 1000


def test_no_desk_has_more_than_a_window_under_way(cast: Cast, sent: list[Message]) -> None:
    bulk(cast.desk, WINDOW + 50)
    wakeup.hand_over_all()
    (late,) = bulk(cast.desk, 1)
    wakeup.knock(late)
    (other,) = bulk(cast.other_desk, 1)
    wakeup.knock(other)
    assert Counter(of_desk(sent)) == {cast.desk.pk: WINDOW, cast.other_desk.pk: 1}
    # The broker serves small numbers first.
    assert sent[-1].priority < sent[-2].priority


# --- fair -----------------------------------------------------------------------------------------------------


def test_a_desk_with_many_rows_does_not_starve_another(cast: Cast) -> None:
    bulk(cast.desk, 60)
    few = bulk(cast.other_desk, 10)
    first = [one.pk for one in handover.hand_over("bulk", limit=20)]
    assert set(few) <= set(first)


def test_one_slot_at_a_time_alternates_between_desks(cast: Cast) -> None:
    bulk(cast.desk, 20)
    bulk(cast.other_desk, 5)
    served = []
    for _ in range(10):
        (message,) = handover.hand_over("bulk", limit=1)
        served.append(Job.objects.get(pk=message.pk).desk_id)
        Job.objects.filter(pk=message.pk).update(status=Job.Status.DONE)
    assert Counter(served) == {cast.desk.pk: 5, cast.other_desk.pk: 5}


def test_who_comes_late_begins_where_the_queue_stands(cast: Cast) -> None:
    bulk(cast.desk, 30)
    for message in handover.hand_over("bulk", limit=20):
        Job.objects.filter(pk=message.pk).update(status=Job.Status.DONE)
    bulk(cast.other_desk, 10)
    served = of_desk(handover.hand_over("bulk", limit=10))
    assert Counter(served) == {cast.desk.pk: 5, cast.other_desk.pk: 5}


def test_what_somebody_asked_for_goes_before_what_followed(cast: Cast) -> None:
    followed = [
        rows.enqueue("search", desk=cast.desk, queue=Queue.INTERACTIVE, follows=True).pk for _ in range(5)
    ]
    asked = rows.enqueue("search", desk=cast.desk, queue=Queue.INTERACTIVE)
    assert asked.turn == ASKED
    out = handover.hand_over("interactive", limit=10)
    assert [one.pk for one in out] == [asked.pk, *followed]
    assert out[0].priority < out[1].priority


def test_an_equal_job_that_somebody_asks_for_moves_up(cast: Cast, sent: list[Message]) -> None:
    slow = rows.enqueue("analyse", desk=cast.desk, dedupe_key="k")
    wakeup.hand_over_all()
    assert rows.enqueue("analyse", desk=cast.desk, dedupe_key="k", queue=Queue.INTERACTIVE) == slow
    slow.refresh_from_db()
    assert (slow.queue, slow.turn, slow.handed_until) == (Queue.INTERACTIVE, ASKED, None)
    assert rows.enqueue("analyse", desk=cast.desk, dedupe_key="k") == slow
    slow.refresh_from_db()
    assert slow.queue == Queue.INTERACTIVE


# --- lost -----------------------------------------------------------------------------------------------------


def test_what_the_broker_lost_goes_out_again(
    cast: Cast, sent: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bulk(cast.desk, 10)
    wakeup.hand_over_all()
    Job.objects.filter(pk__in=made).update(handed_until=timezone.now() + LIFETIME[Queue.BULK] - 20 * SECOND)
    monkeypatch.setattr(wakeup, "_held", lambda: (dict.fromkeys(QUEUES, 10), 0))
    assert wakeup.hand_over_all() == 0
    monkeypatch.setattr(wakeup, "_held", lambda: (dict.fromkeys(QUEUES, 0), 0))
    assert wakeup.hand_over_all() == 10


def test_a_message_sent_a_moment_ago_is_not_taken_for_lost(
    cast: Cast, sent: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk(cast.desk, 10)
    wakeup.hand_over_all()
    monkeypatch.setattr(wakeup, "_held", lambda: (dict.fromkeys(QUEUES, 0), 0))
    assert wakeup.hand_over_all() == 0


@pytest.mark.parametrize(("ago", "again"), [(10, 0), (25, 10)])
def test_what_a_dead_worker_had_reserved_goes_out_again_after_a_while(
    cast: Cast, sent: list[Message], monkeypatch: pytest.MonkeyPatch, ago: int, again: int
) -> None:
    made = bulk(cast.desk, 10)
    wakeup.hand_over_all()
    Job.objects.filter(pk__in=made).update(handed_until=timezone.now() + LIFETIME[Queue.BULK] - ago * SECOND)
    monkeypatch.setattr(wakeup, "_held", lambda: (dict.fromkeys(QUEUES, 0), 99))
    assert wakeup.hand_over_all() == again


# --- limits ---------------------------------------------------------------------------------------------------


def test_no_heartbeat_extends_a_lease_beyond_the_end_of_the_run(cast: Cast) -> None:
    (pk,) = bulk(cast.desk, 1)
    now = timezone.now()
    running = rows.claim(pk, limit=dt.timedelta(seconds=120), now=now)
    assert running is not None
    running.heartbeat(now=now + 100 * SECOND)
    job = Job.objects.get(pk=pk)
    assert job.lease_until is not None
    assert job.lease_until <= now + 120 * SECOND + rows.GRACE
    assert rows.release_lost(now=now + 120 * SECOND) == []
    assert rows.release_lost(now=now + 126 * SECOND) == [pk]
    job.refresh_from_db()
    assert (job.status, job.error, job.attempts) == (Job.Status.QUEUED, "Stopped after 120 s.", 1)
    with pytest.raises(rows.LostJob):
        running.heartbeat()


def test_a_run_that_hangs_each_time_is_failed_in_the_end(cast: Cast) -> None:
    (pk,) = bulk(cast.desk, 1)
    now = timezone.now()
    for _attempt in range(MAX_ATTEMPTS):
        assert rows.claim(pk, limit=10 * SECOND, now=now) is not None
        now += 60 * SECOND
        rows.release_lost(now=now)
        now += 60 * SECOND
    job = Job.objects.get(pk=pk)
    assert (job.status, job.error) == (Job.Status.FAILED, "Stopped after 10 s. 5 attempts were made.")


def test_the_main_process_stops_only_the_run_it_killed(cast: Cast) -> None:
    (pk,) = bulk(cast.desk, 1)
    now = timezone.now()
    rows.claim(pk, limit=60 * SECOND, now=now)
    assert not rows.stop(pk, 60, now=now + 10 * SECOND), "another run has begun meanwhile"
    assert rows.stop(pk, 60, now=now + 60 * SECOND)
    assert Job.objects.get(pk=pk).error == "Stopped after 60 s."


# --- the table ------------------------------------------------------------------------------------------------


def test_every_kind_is_a_task_with_limits_and_every_route_a_queue(cast: Cast) -> None:
    app.loader.import_default_modules()
    for kind, one in KINDS.items():
        task = app.tasks[one.task]
        assert task.kind == kind
        assert 0 < task.soft_time_limit < task.time_limit
        assert task.max_retries >= 1
        assert app.amqp.router.route({}, one.task)["queue"].name in QUEUES
    assert set(QUEUES) == set(Queue.values) == set(LIFETIME)
    named = {name for name in app.tasks if name.startswith("claims.")}
    assert named == {one.task for one in KINDS.values()} | {"claims.tasks.maintenance.tick"}
