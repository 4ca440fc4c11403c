"""A kind of job of a test's own, declared as a task is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claims.jobs.kinds import KINDS, JobKind, Queue
from claims.jobs.rows import Running
from claims.tasks.base import JobTask
from factcheck.celery import app


def declare(
    kind: str, function: Callable[[Running], None], *, queue: Queue = Queue.BULK, **options: Any
) -> JobTask:
    """Make a kind known in this process; a second declaration replaces the first."""
    app.loader.import_default_modules()
    name = f"tests.{kind}"
    app.tasks.pop(name, None)
    KINDS[kind] = JobKind(name, queue)
    task = app.task(function, name=name, base=JobTask, kind=kind, **options)
    app.finalize()
    return app.tasks[task.name]


def forget(kind: str) -> None:
    app.tasks.pop(f"tests.{kind}", None)
    KINDS.pop(kind, None)
