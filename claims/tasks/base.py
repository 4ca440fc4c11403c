"""What all tasks that run a job row have in common: take the row, run, and write down how it ended.

A task is declared with Celery's own options: ``time_limit`` and ``soft_time_limit`` in seconds, ``max_retries``,
``rate_limit``. They mean what they mean everywhere, with one difference: a try is counted, and tried again, on
the row, so that no broker is needed for it. Its function is called with the running job.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from celery import Task, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.worker.request import Request
from django.db import close_old_connections, connection

from claims.jobs import rows, wakeup
from claims.jobs.child import ChildStopped
from claims.jobs.frames import call_with_room
from claims.jobs.heap import give_back
from claims.jobs.kinds import KINDS
from claims.jobs.rows import LEASE, JobRefused, LostJob, MustWait, Running
from claims.models import Job

log = logging.getLogger(__name__)


class JobRequest(Request):
    """A task as the main process of a prefork worker sees it: it says on the row what killed the task."""

    def on_timeout(self, soft: bool, timeout: float) -> None:
        super().on_timeout(soft, timeout)
        if soft:
            return  # the task writes that down itself
        try:
            rows.stop(int(self.args[0]), timeout)
            wakeup.refill(KINDS[self.task.kind].queue)
        except Exception:
            log.exception("Job %s was stopped; its row will say so with the next tick.", self.args)
        finally:
            # The process forks: what it opened must not be inherited.
            connection.close()


class JobTask(Task):
    """A task whose message names a job row; whoever comes second does nothing."""

    abstract = True
    Request = JobRequest
    kind = ""
    ignore_result = True
    acks_late = True
    reject_on_worker_lost = True
    max_retries = rows.MAX_ATTEMPTS - 1
    soft_time_limit: float = 110
    time_limit: float = 120

    def __call__(self, pk: int) -> bool:
        """Run one due job to its end; False where it was not ours to run. Never raises what the job raised."""
        fresh_connection()
        # A broker may hand over again at once what a process left behind when it ended.
        job = self._claim(pk) or (self._claim(pk) if rows.release_ended() else None)
        if job is None:
            return False
        try:
            with _kept_alive(job):
                call_with_room(self.run, job)
        except LostJob:
            log.warning("Job %s was taken over or stopped; this run leaves no trace.", pk)
        except JobRefused as refusal:
            job.fail(str(refusal), final=True)
        except MustWait as reason:
            log.warning("Job %s (%s) waits: %s", pk, job.row.kind, reason)
            job.wait(str(reason))
        except SoftTimeLimitExceeded:
            connection.close()  # whatever it was in the middle of
            log.warning("Job %s (%s) was stopped at its limit.", pk, job.row.kind)
            job.fail(rows.stopped_after(self.soft_time_limit), final=False)
        except ChildStopped as stopped:
            log.warning("Job %s (%s): %s", pk, job.row.kind, stopped)
            job.fail(str(stopped), final=False)
        except Exception as error:
            log.exception("Job %s (%s) failed", pk, job.row.kind)
            job.fail(f"{type(error).__name__}: {error}", final=False)
        finally:
            give_back()
        return True

    def _claim(self, pk: int) -> Running | None:
        limit = dt.timedelta(seconds=self.time_limit)
        return rows.claim(pk, limit=limit, max_attempts=self.max_retries + 1)


def job_task(kind: str, **options: Any) -> Callable[[Callable[[Running], None]], Any]:
    """Declare the task of one kind of job; ``options`` are Celery's."""

    def declare(function: Callable[[Running], None]) -> Any:
        return shared_task(name=KINDS[kind].task, base=JobTask, kind=kind, **options)(function)

    return declare


def fresh_connection() -> None:
    """Drop a connection that has aged or broken since the last task; not inside somebody's transaction."""
    if not connection.in_atomic_block:
        close_old_connections()


@contextmanager
def _kept_alive(job: Running) -> Iterator[None]:
    """Extend the lease from a thread while the job computes or waits, but not beyond its limit."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(LEASE.total_seconds() / 3):
            try:
                if job.seconds_left() < 0:
                    return
                job.heartbeat()
            except LostJob:
                return
            except Exception:
                log.warning("Heartbeat of job %s failed; trying again.", job.row.pk)
            finally:
                close_old_connections()

    thread = threading.Thread(target=beat, name=f"heartbeat-{job.row.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        wakeup.refill(job.row.queue)


@cache
def _app() -> Any:
    """Return the application with its tasks; looking for them takes longer than many a job."""
    from factcheck.celery import app

    app.loader.import_default_modules()
    return app


def run_now(pk: int) -> bool:
    """Run one job row in this process, as a worker would; False where it was not ours to run."""
    app = _app()
    kind = Job.objects.values_list("kind", flat=True).filter(pk=pk).first()
    if kind is None:
        return False
    if kind not in KINDS:
        unknown = f"This installation knows no job of the kind “{kind}”."
        job = rows.claim(pk)
        if job is not None:
            job.fail(unknown, final=True)
        return job is not None
    return cast(bool, app.tasks[KINDS[kind].task](pk))


def drain(limit: int = 1000) -> int:
    """Run due rows in this process until none is left; returns how many runs that took."""
    done = 0
    while done < limit:
        ids = rows.due()
        if not ids:
            return done
        progressed = False
        for pk in ids:
            progressed |= run_now(pk)
            done += 1
        if not progressed:
            return done
    raise RuntimeError(f"More than {limit} jobs were due; one of them queues itself for ever.")
