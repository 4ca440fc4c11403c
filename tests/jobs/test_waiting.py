"""A job whose service is away: how long it waits, what it costs, and what ends the waiting."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F
from django.utils import timezone

from claims.jobs import rows
from claims.jobs.rows import MAX_ATTEMPTS, PATIENCE, WAITS, Running
from claims.models import Job
from tests.people import Cast

pytestmark = pytest.mark.django_db

Status = Job.Status
SECOND = dt.timedelta(seconds=1)
AWAY = "the engine does not answer"


def queued(now: dt.datetime, **options: object) -> Job:
    return rows.enqueue("test", desk=None, now=now, **options)  # type: ignore[arg-type]


def taken(job: Job, now: dt.datetime) -> Running:
    running = rows.claim(job.pk, now=now)
    assert running is not None
    return running


def waiting(now: dt.datetime, **options: object) -> Job:
    job = queued(now, **options)
    taken(job, now).wait(AWAY, now=now)
    job.refresh_from_db()
    return job


def test_waiting_uses_up_no_attempt_and_goes_on_for_days(cast: Cast, now: dt.datetime) -> None:
    job = queued(now)
    moment, pauses = now, []
    while moment - now < PATIENCE:
        taken(job, moment).wait(AWAY, now=moment)
        job.refresh_from_db()
        assert (job.status, job.attempts, job.error, job.waiting_since) == (Status.QUEUED, 0, AWAY, now)
        pauses.append((job.run_after - moment).total_seconds())
        # Once the pauses grow no more, an hour of them is counted at a time.
        more = 12 if len(pauses) > len(WAITS) + 1 else 0
        moment = job.run_after + more * dt.timedelta(seconds=WAITS[-1])
        Job.objects.filter(pk=job.pk).update(waits=F("waits") + more)
    job.refresh_from_db()
    assert job.waits > 100 * MAX_ATTEMPTS
    assert pauses[: len(WAITS) + 1] == [*WAITS, WAITS[-1]]
    assert max(pauses) <= 300


def test_patience_ends_and_the_row_says_for_how_long_and_why(cast: Cast, now: dt.datetime) -> None:
    job = waiting(now)
    taken(job, now + PATIENCE).wait(AWAY, now=now + PATIENCE)
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert "72 hours" in job.error
    assert AWAY in job.error
    assert rows.retry(job, now=now + PATIENCE)
    job.refresh_from_db()
    assert (job.status, job.waits, job.waiting_since) == (Status.QUEUED, 0, None)


def test_attempts_that_broke_are_remembered_through_a_wait(cast: Cast, now: dt.datetime) -> None:
    job = queued(now)
    taken(job, now).fail("broke", final=False)
    later = now + dt.timedelta(days=3650)
    taken(job, later).wait(AWAY, now=later)
    job.refresh_from_db()
    assert job.attempts == 1


def test_a_job_that_breaks_waits_no_more_and_counts_anew(cast: Cast, now: dt.datetime) -> None:
    job = waiting(now)
    taken(job, now + 10 * SECOND).fail("broke", final=False)
    job.refresh_from_db()
    assert (job.waits, job.waiting_since, job.attempts) == (0, None, 1)


def test_a_done_job_waits_for_nothing(cast: Cast, now: dt.datetime) -> None:
    job = waiting(now)
    running = taken(job, timezone.now())
    with running.fenced():
        running.finish()
    job.refresh_from_db()
    assert (job.status, job.waiting_since, job.waits, job.error) == (Status.DONE, None, 0, "")


def test_a_service_that_is_away_is_asked_by_one_job_at_a_time(cast: Cast, now: dt.datetime) -> None:
    crowd = [waiting(now + number * SECOND) for number in range(4)]
    other = rows.enqueue("other", desk=None, now=now)
    new = queued(now)
    moment = now + dt.timedelta(hours=1)
    first, *rest = crowd
    taken(first, moment).wait(AWAY, now=moment)
    first.refresh_from_db()
    assert first.run_after > moment
    for job in rest:
        job.refresh_from_db()
        assert job.run_after == first.run_after
        assert rows.claim(job.pk, now=moment) is None
    # What has not asked yet may, and other kinds need other things.
    assert set(rows.due(now=moment)) == {other.pk, new.pk}


def test_the_first_that_is_answered_ends_the_waiting_of_all(cast: Cast, now: dt.datetime) -> None:
    crowd = [waiting(now) for _ in range(3)]
    later = queued(now, run_after=now + dt.timedelta(days=1))
    other = rows.enqueue("other", desk=None, now=now)
    taken(other, now).wait(AWAY, now=now)
    moment = now + SECOND
    assert rows.due(now=moment) == []
    assert rows.stop_waiting("test", now=moment) == 3
    assert set(rows.due(now=moment)) == {job.pk for job in crowd}
    later.refresh_from_db()
    assert later.run_after == now + dt.timedelta(days=1)


def test_an_equal_job_queued_meanwhile_does_the_waiting(cast: Cast, now: dt.datetime) -> None:
    first = queued(now, dedupe_key="k")
    running = taken(first, now)
    second = queued(now, dedupe_key="k")
    running.wait(AWAY, now=now)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (Status.CANCELLED, Status.QUEUED)


def test_who_asks_again_is_served_at_once(cast: Cast, now: dt.datetime) -> None:
    job = waiting(now, dedupe_key="k")
    assert job.run_after > now + SECOND
    assert queued(now + SECOND, dedupe_key="k") == job
    assert rows.due(now=now + SECOND) == [job.pk]


def test_a_job_taken_over_by_another_worker_is_left_alone(cast: Cast, now: dt.datetime) -> None:
    job = queued(now)
    late = taken(job, now)
    mine = taken(job, now + 2 * rows.LEASE)
    late.wait(AWAY, now=now)
    job.refresh_from_db()
    assert (job.status, job.token) == (Status.RUNNING, mine.token)
