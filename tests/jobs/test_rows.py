"""The job row: who owns it, for how long, how often it is tried, and what two at once leave behind."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from claims.jobs import rows, wakeup, workers
from claims.jobs.rows import BACK_OFF, LEASE, MAX_ATTEMPTS, JobRefused, LostJob, Running
from claims.models import Job
from claims.tasks import base
from claims.tasks.base import drain, run_now
from tests.jobs.declaring import declare, forget
from tests.people import Cast, make_cast

pytestmark = pytest.mark.django_db

Status = Job.Status
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def kind() -> Iterator[Callable[..., object]]:
    """Declare the kind “test” during one test."""
    yield partial(declare, "test")
    forget("test")


def queued(**options: object) -> Job:
    return rows.enqueue("test", desk=None, **options)  # type: ignore[arg-type]


def taken(job: Job, **options: dt.datetime) -> Running:
    running = rows.claim(job.pk, **options)
    assert running is not None
    return running


# --- queueing -----------------------------------------------------------------------------------------------


def test_an_equal_queued_job_is_joined_and_pulled_forward(cast: Cast, now: dt.datetime) -> None:
    later = now + dt.timedelta(hours=1)
    first = queued(dedupe_key="k", run_after=later, now=now)
    assert queued(dedupe_key="k", now=now) == first
    first.refresh_from_db()
    assert first.run_after == now
    assert queued(dedupe_key="k", run_after=later, now=now) == first
    first.refresh_from_db()
    assert first.run_after == now
    assert Job.objects.count() == 1


def test_an_edit_during_a_run_queues_the_next_run(cast: Cast) -> None:
    first = queued(dedupe_key="k")
    taken(first)
    second = queued(dedupe_key="k")
    assert second != first
    assert queued(dedupe_key="k") == second


def test_jobs_without_a_key_are_all_their_own(cast: Cast) -> None:
    assert queued() != queued()


def test_who_queues_at_the_same_moment_gets_the_others_row(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = queued(dedupe_key="k")
    real, looks = Job.objects.filter, []

    def unseen_at_first(_self: object, **by: object) -> object:
        """Find nothing at the look before the write, as it is when both look first."""
        if "dedupe_key" in by:
            looks.append(by)
            if len(looks) == 1:
                return real(pk=0)
        return real(**by)

    monkeypatch.setattr(type(Job.objects), "filter", unseen_at_first)
    assert queued(dedupe_key="k") == first
    assert Job.objects.count() == 1


def test_only_a_due_job_knocks_and_only_after_the_commit(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    knocked: list[int] = []
    monkeypatch.setattr(wakeup, "knock", knocked.append)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        job = queued()
        queued(run_after=timezone.now() + dt.timedelta(hours=1))
        assert knocked == []
    assert knocked == [job.pk]


# --- taking -------------------------------------------------------------------------------------------------


def test_due_rows_come_oldest_first_and_lost_ones_after_them(cast: Cast, now: dt.datetime) -> None:
    lost = queued(now=now)
    taken(lost, now=now)
    second, first = queued(now=now + 2 * SECOND), queued(now=now + SECOND)
    queued(now=now, run_after=now + dt.timedelta(days=1))
    assert rows.due(now=now + 3 * SECOND) == [first.pk, second.pk]
    after = now + LEASE + SECOND
    assert rows.due(now=after) == [first.pk, second.pk, lost.pk]
    assert rows.due(now=after, limit=1) == [first.pk]


def test_a_job_is_taken_once(cast: Cast, now: dt.datetime) -> None:
    job = queued(now=now)
    running = taken(job, now=now)
    assert (running.row.status, running.row.attempts, running.row.lease_until) == (
        Status.RUNNING,
        1,
        now + LEASE,
    )
    assert rows.claim(job.pk, now=now) is None
    assert rows.claim(job.pk, now=now + LEASE) is None


def test_a_job_that_is_not_due_done_or_gone_is_not_taken(cast: Cast, now: dt.datetime) -> None:
    assert rows.claim(queued(run_after=now + SECOND, now=now).pk, now=now) is None
    assert rows.claim(0) is None
    for status in (Status.DONE, Status.FAILED, Status.CANCELLED):
        job = queued(now=now)
        Job.objects.filter(pk=job.pk).update(status=status)
        assert rows.claim(job.pk, now=now) is None


def test_after_the_lease_somebody_else_takes_over_and_the_first_can_write_nothing(
    cast: Cast, now: dt.datetime
) -> None:
    job = queued(now=now)
    first = taken(job, now=now)
    second = taken(job, now=now + LEASE + SECOND)
    assert second.row.attempts == 2
    for act in (
        first.heartbeat,
        lambda: first.progress(1, 2),
        first.finish,
        lambda: first.fenced().__enter__(),
    ):
        with pytest.raises(LostJob), transaction.atomic():
            act()  # type: ignore[operator]
    first.fail("late", final=True)
    job.refresh_from_db()
    assert (job.status, job.token, job.error) == (Status.RUNNING, second.token, "")


def test_a_heartbeat_extends_the_lease_and_progress_is_seen(cast: Cast, now: dt.datetime) -> None:
    job = queued(now=now)
    running = taken(job, now=now)
    running.heartbeat(now=now + 30 * SECOND)
    job.refresh_from_db()
    assert job.lease_until == now + 30 * SECOND + LEASE
    running.progress(3, 10, "passages " * 50)
    job.refresh_from_db()
    assert (job.progress_done, job.progress_total, len(job.progress_note)) == (3, 10, 200)


def test_a_job_that_died_too_often_is_failed_instead_of_taken(cast: Cast, now: dt.datetime) -> None:
    job = queued(now=now)
    at = now
    for _attempt in range(MAX_ATTEMPTS):
        taken(job, now=at)
        at += LEASE + SECOND
    assert rows.claim(job.pk, now=at) is None
    job.refresh_from_db()
    assert (job.status, job.attempts) == (Status.FAILED, MAX_ATTEMPTS)
    assert "without an answer" in job.error
    assert rows.due(now=at + dt.timedelta(days=1)) == []


# --- writing ------------------------------------------------------------------------------------------------


def test_what_is_written_inside_the_fence_stands_or_falls_with_the_job(cast: Cast) -> None:
    job, other = queued(), queued(subject="before")
    running = taken(job)
    with running.fenced():
        Job.objects.filter(pk=other.pk).update(subject="written")
        running.finish({"n": 1})
    job.refresh_from_db()
    other.refresh_from_db()
    assert (job.status, job.result, job.token, job.lease_until) == (Status.DONE, {"n": 1}, "", None)
    assert other.subject == "written"

    lost = taken(queued())
    Job.objects.filter(pk=lost.row.pk).update(token="somebody else's")
    with pytest.raises(LostJob), lost.fenced():
        Job.objects.filter(pk=other.pk).update(subject="never")
    other.refresh_from_db()
    assert other.subject == "written"


def test_a_job_lost_in_the_middle_of_its_writes_undoes_them(cast: Cast) -> None:
    other = queued(subject="before")
    running = taken(queued())

    def write() -> None:
        with running.fenced():
            Job.objects.filter(pk=other.pk).update(subject="half")
            Job.objects.filter(pk=running.row.pk).update(token="somebody else's")
            running.finish()

    with pytest.raises(LostJob):
        write()
    other.refresh_from_db()
    assert other.subject == "before"


# --- workers that ended -------------------------------------------------------------------------------------


@pytest.fixture
def ended(settings: object, tmp_path: Path) -> str:
    """Return the name of a worker whose process has ended: its file is there, and nobody holds it."""
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    workers.folder().mkdir()
    name = "0123456789ab"
    (workers.folder() / f"{name}.lock").touch()
    return name


def left_behind(job: Job, name: str, **columns: object) -> None:
    taken(job)
    Job.objects.filter(pk=job.pk).update(token=name + "rest", **columns)


def test_what_an_ended_worker_left_behind_is_queued_at_once(cast: Cast, ended: str) -> None:
    job, other = queued(), queued()
    left_behind(job, ended)
    left_behind(other, "ffffffffffff")
    assert rows.release_ended() == 1
    job.refresh_from_db()
    other.refresh_from_db()
    assert (job.status, job.token, job.attempts) == (Status.QUEUED, "", 1)
    assert other.status == Status.RUNNING
    assert rows.release_ended() == 0


def test_a_job_that_ends_its_worker_each_time_waits_longer_and_stops(
    cast: Cast, ended: str, now: dt.datetime
) -> None:
    job = queued()
    left_behind(job, ended, attempts=3)
    rows.release_ended(now=now)
    job.refresh_from_db()
    assert job.run_after == now + dt.timedelta(seconds=4)
    last = queued()
    (workers.folder() / f"{ended}.lock").touch()
    left_behind(last, ended, attempts=MAX_ATTEMPTS * rows.ENDED)
    rows.release_ended(now=now)
    assert rows.claim(last.pk, now=now) is None
    last.refresh_from_db()
    assert last.status == Status.FAILED


def test_what_an_ended_worker_left_behind_gives_way_to_an_equal_job(cast: Cast, ended: str) -> None:
    first = queued(dedupe_key="k")
    left_behind(first, ended)
    queued(dedupe_key="k")
    rows.release_ended()
    first.refresh_from_db()
    assert first.status == Status.CANCELLED


# --- failing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attempt", range(1, MAX_ATTEMPTS))
def test_a_failure_waits_longer_each_time(cast: Cast, attempt: int) -> None:
    job = queued()
    Job.objects.filter(pk=job.pk).update(attempts=attempt - 1)
    running = taken(job)
    before = timezone.now()
    running.fail("down", final=False)
    job.refresh_from_db()
    waited = (job.run_after - before).total_seconds()
    base = BACK_OFF[attempt - 1]
    assert 0.75 * base <= waited <= 1.25 * base + 5
    assert (job.status, job.error, job.token) == (Status.QUEUED, "down", "")


def test_the_last_attempt_and_a_final_failure_are_for_a_person_to_see(cast: Cast) -> None:
    final = queued()
    taken(final).fail("never", final=True)
    last = queued()
    Job.objects.filter(pk=last.pk).update(attempts=MAX_ATTEMPTS - 1)
    taken(last).fail("x" * 5000, final=False)
    for job, words in ((final, "never"), (last, "x" * 2000)):
        job.refresh_from_db()
        assert (job.status, job.error) == (Status.FAILED, words)
        assert job.finished_at is not None


def test_a_failed_job_gives_way_to_an_equal_one_that_waits(cast: Cast) -> None:
    first = queued(dedupe_key="k")
    running = taken(first)
    second = queued(dedupe_key="k")
    running.fail("down", final=False)
    first.refresh_from_db()
    assert first.status == Status.CANCELLED
    assert list(Job.objects.filter(status=Status.QUEUED)) == [second]


def test_a_person_tries_a_failed_job_again_with_fresh_attempts(cast: Cast) -> None:
    job = queued(dedupe_key="k")
    taken(job).fail("down", final=True)
    job.refresh_from_db()
    assert rows.retry(job)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.error) == (Status.QUEUED, 0, "")
    assert not rows.retry(job)


def test_retrying_beside_an_equal_waiting_job_changes_nothing(cast: Cast) -> None:
    job = queued(dedupe_key="k")
    taken(job).fail("down", final=True)
    queued(dedupe_key="k")
    assert not rows.retry(job)
    job.refresh_from_db()
    assert job.status == Status.FAILED


# --- running ------------------------------------------------------------------------------------------------


def test_a_handler_runs_once_and_finishes_its_job(cast: Cast, kind: Callable[..., None]) -> None:
    seen: list[int] = []

    def handler(job: Running) -> None:
        seen.append(job.row.pk)
        with job.fenced():
            job.finish()

    kind(handler)
    job = queued()
    assert run_now(job.pk)
    assert not run_now(job.pk)
    assert seen == [job.pk]


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (JobRefused("There is no such page."), Status.FAILED, "There is no such page."),
        (OSError("down"), Status.QUEUED, "OSError: down"),
        (LostJob(1), Status.RUNNING, ""),
    ],
    ids=["refused", "trouble", "lost"],
)
def test_what_a_handler_raises_decides_what_becomes_of_the_job(
    cast: Cast, kind: Callable[..., None], error: Exception, status: str, words: str
) -> None:
    def handler(job: Running) -> None:
        raise error

    kind(handler)
    job = queued()
    assert run_now(job.pk)
    job.refresh_from_db()
    assert (job.status, job.error) == (status, words)


@pytest.mark.parametrize("error", [None, ValueError("broken"), JobRefused("no"), LostJob()])
def test_a_run_gives_memory_back_however_it_ended(
    cast: Cast, kind: Callable[..., None], monkeypatch: pytest.MonkeyPatch, error: Exception | None
) -> None:
    given_back: list[str] = []
    monkeypatch.setattr(base, "give_back", lambda: given_back.append(Job.objects.get().status))

    def work(job: Running) -> None:
        if error is not None:
            raise error
        job.finish()

    kind(work)
    job = queued()
    run_now(job.pk)
    assert given_back == [Job.objects.get().status]


def test_an_unknown_kind_fails_with_its_name(cast: Cast) -> None:
    job = rows.enqueue("knitting", desk=None)
    assert run_now(job.pk)
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert "knitting" in job.error


def test_draining_stops_with_what_is_due_and_notices_a_job_that_feeds_itself(
    cast: Cast, kind: Callable[..., None]
) -> None:
    def handler(job: Running) -> None:
        with job.fenced():
            job.finish()

    kind(handler)
    queued()
    queued(run_after=timezone.now() + dt.timedelta(hours=1))
    assert drain() == 1

    def endless(job: Running) -> None:
        with job.fenced():
            queued()
            job.finish()

    kind(endless)
    queued()
    with pytest.raises(RuntimeError, match="for ever"):
        drain(limit=5)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_reach_for_a_job_one_gets_it() -> None:
    make_cast()
    job = queued()
    got: list[Running] = []
    start = threading.Barrier(6)

    def reach() -> None:
        try:
            start.wait()
            running = rows.claim(job.pk)
            if running is not None:
                got.append(running)
        finally:
            connection.close()

    threads = [threading.Thread(target=reach) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(got) == 1
    job.refresh_from_db()
    assert (job.attempts, job.token) == (1, got[0].token)


@pytest.mark.django_db(transaction=True)
def test_many_who_queue_the_same_leave_one_row() -> None:
    make_cast()
    start = threading.Barrier(6)
    made: list[int] = []

    def queue() -> None:
        try:
            start.wait()
            made.append(queued(dedupe_key="k").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=queue) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(made) == 6
    assert len(set(made)) == 1
    assert Job.objects.count() == 1


def test_a_job_that_ends_with_its_writes_undoes_them_where_it_was_lost(cast: Cast) -> None:
    job = queued()
    lost = taken(job)
    Job.objects.filter(pk=job.pk).update(token="somebody else")

    def write() -> None:
        with lost.ending():
            queued(subject="written")
            lost.finish()

    with pytest.raises(LostJob):
        write()
    assert not Job.objects.filter(subject="written").exists()
    assert Job.objects.get(pk=job.pk).status == Status.RUNNING


def test_what_ends_a_job_has_to_finish_it(cast: Cast) -> None:
    job = queued()
    running = taken(job)
    with pytest.raises(RuntimeError, match="finish"), running.ending():
        queued(subject="written")
    assert not Job.objects.filter(subject="written").exists()
    with running.ending():
        queued(subject="written")
        running.finish({"made": 1})
    assert Job.objects.filter(subject="written").exists()
    job.refresh_from_db()
    assert (job.status, job.result) == (Status.DONE, {"made": 1})


def test_a_job_is_taken_and_read_in_one_statement(cast: Cast, django_assert_num_queries: Any) -> None:
    queued(subject="first", arguments={"some": ["text", 1]})
    job = queued(subject="second", arguments={"other": "ü"})
    with django_assert_num_queries(1):
        running = rows.claim(job.pk)
    assert running is not None
    assert not running.others_wait
    kept = Job.objects.get(pk=job.pk)
    for field in Job._meta.concrete_fields:
        assert getattr(running.row, field.attname) == getattr(kept, field.attname), field.attname
    assert kept.status == Status.RUNNING


def test_who_takes_a_job_is_told_that_others_of_its_kind_wait(cast: Cast) -> None:
    waiting = taken(queued())
    waiting.wait("the engine is away")
    running = rows.claim(queued().pk)
    assert running is not None
    assert running.others_wait
