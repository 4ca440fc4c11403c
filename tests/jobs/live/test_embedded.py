"""The embedded mode with a real worker: it finds rows by itself, and survives its own death."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from django.db import connection, transaction

from claims.jobs import rows
from claims.models import Job
from tests.jobs.live.counting import JOBS, add, all_done, effects, kill_while_they_run, status
from tests.jobs.live.processes import Processes, wait_until

pytestmark = [
    pytest.mark.live,
    pytest.mark.embedded,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the embedded mode runs on SQLite"),
]


def test_a_job_starts_and_finishes_without_a_broker(embedded: Processes) -> None:
    before = add(3)
    embedded.worker()
    wait_until(all_done, "jobs queued before the worker are done")
    after = add(3)
    wait_until(all_done, "jobs queued while it runs are done")
    assert effects() == dict.fromkeys(before + after, 1)


def test_a_worker_asked_to_stop_finishes_what_it_runs(embedded: Processes) -> None:
    worker = embedded.worker()
    (job,) = add(seconds=1.0)
    wait_until(lambda: status(job) == Job.Status.RUNNING, "the job runs")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=30) == 0
    assert status(job) == Job.Status.DONE


def test_the_log_holds_no_warning_about_a_broker(embedded: Processes) -> None:
    embedded.worker()
    add()
    wait_until(all_done, "the job is done")
    assert "No hostname was supplied" not in embedded.log.read_text()


def test_a_missing_engine_makes_the_job_try_again_and_then_fail_with_a_reason(
    embedded: Processes, tmp_path: Path
) -> None:
    engine = tmp_path / "engine"
    (job,) = add(needs=str(engine))
    embedded.worker()

    def given_up() -> bool:
        # The pauses between attempts grow to minutes; let each be over as soon as it begins.
        Job.objects.filter(pk=job, status=Job.Status.QUEUED).update(run_after="2026-01-01T00:00:00Z")
        return status(job) == Job.Status.FAILED

    wait_until(given_up, "the job has failed")
    assert Job.objects.get(pk=job).attempts == rows.MAX_ATTEMPTS
    assert Job.objects.get(pk=job).error == "ConnectionError: The engine does not answer."
    assert effects() == {}
    engine.touch()
    assert rows.retry(Job.objects.get(pk=job))
    wait_until(all_done, "Retry works once the engine is back")
    assert effects() == {job: 1}


def test_what_can_never_succeed_is_not_tried_twice(embedded: Processes) -> None:
    (job,) = add(refuse=True)
    embedded.worker()
    wait_until(lambda: status(job) == Job.Status.FAILED, "the job has failed")
    row = Job.objects.get(pk=job)
    assert (row.error, row.attempts) == ("There is nothing to count here.", 1)


def test_a_killed_workers_job_runs_again_as_soon_as_the_next_one_starts(embedded: Processes) -> None:
    embedded.nursery()
    pid = embedded.fork_worker()
    (job,) = add(seconds=20.0)
    wait_until(lambda: status(job) == Job.Status.RUNNING, "the job runs")
    lease = Job.objects.get(pk=job).lease_until
    assert lease is not None
    Job.objects.filter(pk=job).update(arguments={"seconds": 0.0})
    embedded.kill(pid)
    embedded.fork_worker()
    wait_until(all_done, "the job is done")
    finished = Job.objects.get(pk=job).finished_at
    assert finished is not None
    assert finished < lease
    assert effects() == {job: 1}


def test_two_workers_share_the_jobs_without_doing_one_twice(embedded: Processes) -> None:
    embedded.nursery()
    embedded.fork_worker()
    embedded.fork_worker()
    made = add(60, seconds=0.02)
    wait_until(all_done, "all jobs are done")
    assert effects() == dict.fromkeys(made, 1)


def test_fifty_kills_at_random_moments_lose_and_double_nothing(embedded: Processes) -> None:
    assert connection.vendor == "sqlite"
    embedded.nursery()
    hit = kill_while_they_run(embedded, seed=20)
    done = effects()
    assert len(done) == JOBS
    assert set(done.values()) == {1}
    # Otherwise the kills fell between the jobs and prove nothing.
    assert hit >= 10


def hanging(how: str) -> int:
    with transaction.atomic():
        return rows.enqueue("live-hang", desk=None, arguments={"how": how}).pk


@pytest.mark.parametrize("how", ["child", "sleep", "compute", "deaf"])
def test_what_hangs_is_stopped_says_so_and_the_others_go_on(embedded: Processes, how: str) -> None:
    worker = embedded.worker()
    stuck = hanging(how)
    wait_until(lambda: Job.objects.get(pk=stuck).attempts == 1, "the job hangs")
    made = add(5)
    wait_until(lambda: status(stuck) == Job.Status.FAILED, "it has failed after its second attempt")
    wait_until(all_done, "the others are done")
    row = Job.objects.get(pk=stuck)
    assert re.match(r"Stopped after \d s\.", row.error), row.error
    assert row.attempts == 2
    assert effects() == dict.fromkeys(made, 1)
    assert worker.poll() is None, "the process is the same, or itself again"


def test_a_person_does_not_wait_behind_imports(embedded: Processes) -> None:
    embedded.worker()
    add(1)
    wait_until(all_done, "the worker is up")
    imports = add(40, seconds=0.5)
    with transaction.atomic():
        asked = rows.enqueue(
            "live-count", desk=None, arguments={"seconds": 0}, queue=Job.Queue.INTERACTIVE
        ).pk
    wait_until(lambda: status(asked) == Job.Status.DONE, "the person's job is done")
    left = Job.objects.filter(pk__in=imports, status=Job.Status.QUEUED).count()
    assert left > 20, "it did not wait for the imports"
