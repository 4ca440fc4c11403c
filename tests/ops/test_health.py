"""Probes and doctor: they judge what waits and since when, and notice a worker that died with nothing to do."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from claims.actions.indexing import outbox
from claims.jobs import presence, rows
from claims.models import IndexEntry, Job, Worker
from claims.ops import health
from tests.builders import article
from tests.people import Cast

pytestmark = pytest.mark.django_db
LATE = dt.timedelta(minutes=20)


def ready() -> dict[str, dict[str, object]]:
    return {part["name"]: part for part in Client().get("/readyz").json()["parts"]}


def said_by_doctor() -> str:
    out = StringIO()
    with suppress(CommandError):
        call_command("doctor", stdout=out)
    return out.getvalue()


def test_without_a_worker_nothing_is_ready_even_where_nothing_is_due() -> None:
    assert not Job.objects.exists()
    assert not ready()["worker"]["ok"]
    assert "no worker is there" in said_by_doctor()
    presence.report(queues="factcheck")
    assert ready()["worker"]["ok"]
    assert "well  worker" in said_by_doctor()
    presence.sign_off()
    assert not ready()["worker"]["ok"]


def test_an_idle_worker_that_died_is_noticed_and_one_that_is_there_makes_up_for_it() -> None:
    now = timezone.now()
    Worker.objects.create(name="gone", host="a", pid=1, seen_at=now - presence.SILENT * 2)
    assert "last one was heard of 60 s ago" in str(ready()["worker"]["reason"])
    presence.report()
    assert ready()["worker"]["ok"]
    assert "1 more stopped" in str(ready()["worker"]["reason"])
    assert "factcheck_workers 1" in Client().get("/metrics").content.decode()


def test_what_is_left_of_a_worker_is_forgotten_after_a_day() -> None:
    Worker.objects.create(name="gone", host="a", pid=1, seen_at=timezone.now() - presence.KEPT * 2)
    presence.report()
    presence.report()
    assert Worker.objects.count() == 1


def test_the_oldest_waiting_index_row_is_judged(cast: Cast) -> None:
    presence.report()
    article(cast)
    assert ready()["index"]["ok"]
    IndexEntry.objects.update(since=timezone.now() - LATE)
    part = ready()["index"]
    assert not part["ok"]
    assert "the oldest for 12" in str(part["reason"])
    assert "TROUBLE  index" in said_by_doctor()
    assert "factcheck_index_oldest_seconds 12" in Client().get("/metrics").content.decode()


def test_a_change_to_what_waits_already_does_not_make_it_younger(cast: Cast) -> None:
    added = article(cast)
    old = timezone.now() - LATE
    IndexEntry.objects.update(since=old)
    outbox.touch_index("documents", added.document.pk)
    assert outbox.standing().oldest == old


@pytest.mark.parametrize("kind", ["search", "analyse"])
def test_the_oldest_due_job_is_judged_by_queue(cast: Cast, kind: str) -> None:
    presence.report()
    job = rows.enqueue(kind, desk=cast.desk)
    assert ready()["queues"]["ok"]
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now() - LATE)
    assert f"a job of the queue “{job.queue}” has been due for 12" in str(ready()["queues"]["reason"])
    assert "TROUBLE  queues" in said_by_doctor()
    assert f'factcheck_jobs_oldest_due_seconds{{queue="{job.queue}"}} 12' in (
        Client().get("/metrics").content.decode()
    )


def test_a_job_that_waits_for_a_service_or_for_its_time_is_not_late(cast: Cast) -> None:
    presence.report()
    now = timezone.now()
    waiting = rows.enqueue("search", desk=cast.desk)
    Job.objects.filter(pk=waiting.pk).update(run_after=now - LATE, waiting_since=now - LATE)
    rows.enqueue("publish", desk=cast.desk, run_after=now + LATE)
    assert health.queues(now).ok


@pytest.mark.live
@pytest.mark.django_db(transaction=True)
def test_a_worker_says_that_it_is_there_and_is_missed_when_it_is_killed(tmp_path: Path) -> None:
    name = str(connection.settings_dict["NAME"])
    address = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        parts = connection.settings_dict
        address = (
            f"postgres://{parts['USER']}:{parts['PASSWORD']}@{parts['HOST']}:{parts['PORT'] or 5432}/{name}"
        )
    env = {
        **{key: value for key, value in os.environ.items() if key != "REDIS_URL"},
        "DATABASE_URL": address,
        "FACTCHECK_DATA": str(tmp_path),
    }
    with subprocess.Popen([sys.executable, "-m", "factcheck.worker"], env=env) as worker:
        try:
            until = time.monotonic() + 60
            while not Worker.objects.exists() and time.monotonic() < until:
                time.sleep(0.2)
            assert health.worker(timezone.now()).ok
        finally:
            os.kill(worker.pid, signal.SIGKILL)
    assert Worker.objects.exists()
    assert not health.worker(timezone.now() + presence.SILENT + dt.timedelta(seconds=1)).ok
