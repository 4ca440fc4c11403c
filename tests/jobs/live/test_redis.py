"""The mode with Redis and PostgreSQL: Redis only knocks, so losing it, or what it holds, loses no job."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.db import connection, transaction

from claims.jobs import rows, wakeup
from claims.jobs.kinds import KINDS
from claims.models import Job, Worker
from factcheck.celery import QUEUES
from tests.jobs.live.counting import JOBS, add, all_done, effects, kill_while_they_run, status
from tests.jobs.live.processes import ROOT, Processes, wait_until
from tests.jobs.live.redis_gate import RedisGate

pytestmark = [
    pytest.mark.live,
    pytest.mark.redis,
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
]
TWO = ("--concurrency", "2")


@pytest.fixture(autouse=True)
def _on_postgresql(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("DATABASE_URL names no PostgreSQL")


def messages(gate: RedisGate) -> int:
    import redis

    with redis.Redis.from_url(gate.url) as client:
        return sum(client.llen(key) for key in client.keys("bulk*"))


def test_a_commit_wakes_a_worker_without_any_tick(behind_redis: Processes) -> None:
    behind_redis.worker(*TWO)
    first = add()
    wait_until(all_done, "the worker is up")
    more = add(20)
    wait_until(all_done, "all jobs are done")
    assert effects() == dict.fromkeys(first + more, 1)


def test_what_was_queued_while_no_worker_ran_starts_with_the_first_one(
    behind_redis: Processes, gate: RedisGate
) -> None:
    gate.shut()
    made = add(5)
    gate.open()
    assert messages(gate) == 0
    behind_redis.worker(*TWO)
    wait_until(all_done, "the worker's greeting found the rows")
    assert effects() == dict.fromkeys(made, 1)


@pytest.mark.parametrize("way", ["shut", "silence"])
def test_queueing_never_fails_without_redis_and_asks_it_only_once(
    behind_redis: Processes, gate: RedisGate, way: str
) -> None:
    getattr(gate, way)()
    made = add(20)
    assert gate.asked <= 1
    assert not wakeup.breaker.may_try()
    assert Job.objects.filter(pk__in=made, status=Job.Status.QUEUED).count() == 20


def test_wake_ups_flow_again_after_redis_came_back(
    behind_redis: Processes, gate: RedisGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    add()
    assert messages(gate) == 1
    gate.shut()
    add()
    gate.open()
    add()
    assert messages(gate) == 1  # the breaker is still open
    monkeypatch.setattr(wakeup, "PAUSE", 0.0)
    wakeup.breaker.failed()
    add()
    assert messages(gate) == 2


def test_redis_missing_at_the_start_and_in_the_middle(behind_redis: Processes, gate: RedisGate) -> None:
    gate.shut()
    worker = behind_redis.worker(*TWO)
    behind_redis.beat()
    early = add(3)
    gate.open()
    wait_until(all_done, "jobs queued before Redis was there are done")
    gate.shut()
    late = add(3)
    gate.open()
    wait_until(all_done, "jobs queued while Redis was away are done")
    assert worker.poll() is None
    assert effects() == dict.fromkeys(early + late, 1)


def test_losing_everything_redis_holds_loses_no_job(behind_redis: Processes, gate: RedisGate) -> None:
    import redis

    behind_redis.worker(*TWO)
    behind_redis.beat()
    made = add()
    wait_until(all_done, "the worker is up")
    made += add(30, seconds=0.05)
    with redis.Redis.from_url(gate.url) as client:
        # Another database of the same Redis may be somebody else's: ours is emptied, bindings and all.
        client.flushdb()
    made += add(5)
    wait_until(all_done, "a tick found every row")
    assert effects() == dict.fromkeys(made, 1)


def test_a_pool_process_that_dies_takes_no_job_with_it(behind_redis: Processes, gate: RedisGate) -> None:
    import os
    import signal
    from pathlib import Path

    behind_redis.worker("--concurrency", "1")
    behind_redis.beat()
    (job,) = add(seconds=20.0)
    wait_until(lambda: status(job) == Job.Status.RUNNING, "the job runs")
    Job.objects.filter(pk=job).update(arguments={"seconds": 0.0})
    name = Job.objects.get(pk=job).token[:12]
    lock = Path(behind_redis.env["FACTCHECK_DATA"]) / "workers" / f"{name}.lock"
    os.kill(int(lock.read_text().split()[1]), signal.SIGKILL)
    wait_until(all_done, "another process has done it")
    assert effects() == {job: 1}


def test_fifty_kills_at_random_moments_lose_and_double_nothing(behind_redis: Processes) -> None:
    behind_redis.nursery(*TWO)
    behind_redis.beat()
    hit = kill_while_they_run(behind_redis, seed=21)
    done = effects()
    assert len(done) == JOBS
    assert set(done.values()) == {1}
    assert hit >= 10
    assert rows.due() == []


@pytest.mark.parametrize("how", ["sleep", "compute", "network", "deaf"])
def test_what_hangs_is_stopped_says_so_and_the_others_go_on(behind_redis: Processes, how: str) -> None:
    behind_redis.worker(*TWO)
    behind_redis.beat()
    with transaction.atomic():
        stuck = rows.enqueue("live-hang", desk=None, arguments={"how": how}).pk
    wait_until(lambda: Job.objects.get(pk=stuck).attempts == 1, "the job hangs")
    made = add(5)
    wait_until(lambda: status(stuck) == Job.Status.FAILED, "it has failed after its second attempt")
    wait_until(all_done, "the others are done")
    row = Job.objects.get(pk=stuck)
    # Celery's soft limit where the code lets it through, else the hard one.
    assert row.error.startswith("Stopped after 4 s." if how == "deaf" else "Stopped after 2 s."), row.error
    assert row.attempts == 2
    assert effects() == dict.fromkeys(made, 1)


def test_an_operator_sees_the_workers_and_their_tasks(behind_redis: Processes) -> None:
    """The command lines of docs/reference/celery.md, as they stand there."""
    for name, queues in (("people", "publishing,interactive"), ("imports", "index,bulk")):
        celery = ("-m", "celery", "-A", "factcheck", "worker")
        behind_redis.start(*celery, "-Q", queues, "-c", "1", "-n", f"{name}@here", "--loglevel", "WARNING")
    wait_until(lambda: Worker.objects.count() == 2, "both workers have said that they are there")

    def ask(what: str) -> str:
        command = [sys.executable, "-m", "celery", "-A", "factcheck", "inspect", what, "--timeout", "5"]
        return subprocess.run(command, env=behind_redis.env, cwd=ROOT, capture_output=True, text=True).stdout

    # A worker hears a broadcast only from the moment it has subscribed, a little after its row stands.
    wait_until(lambda: ask("ping").count("pong") == 2, "both workers hear what an operator asks")

    registered = ask("registered")
    assert "people@here" in registered
    assert all(one.task in registered for one in KINDS.values() if one.task.startswith("claims."))
    queues = ask("active_queues")
    assert all(f"'name': '{name}'" in queues for name in QUEUES)
    assert "imports@here" in ask("stats")
