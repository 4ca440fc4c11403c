"""A real worker with one more kind of job, whose effect can be counted; and a nursery that starts it fast.

    python -m tests.jobs.live.child worker [Celery arguments]
    python -m tests.jobs.live.child nursery [Celery arguments]

The nursery imports everything once and forks a worker for each line it reads, answering with its process id.
It exists because a test that kills fifty workers cannot wait for fifty imports; what it forks is the worker.
"""

from __future__ import annotations

import importlib
import os
import socket
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
django.setup()

from claims.actions import base  # noqa: E402
from claims.jobs import child  # noqa: E402
from claims.jobs.rows import JobRefused, Running  # noqa: E402
from tests.jobs.declaring import declare  # noqa: E402

# Limits of the job that hangs, in seconds.
SOFT, HARD = 2, 4

# What a worker imports only while it starts.
LATE = (
    "celery.apps.worker",
    "celery.concurrency.prefork",
    "celery.concurrency.thread",
    "celery.worker.components",
    "celery.worker.consumer",
    "celery.worker.loops",
    "celery.worker.pidbox",
    "celery.worker.strategy",
    "celery.loaders.app",
    "kombu.asynchronous",
    "kombu.transport.memory",
    "kombu.transport.redis",
    "claims.tasks",
)


def register() -> None:
    """Add kinds of the tests' own: one that counts, one that hangs in a way it is told, on a short limit."""
    declare("live-count", count)
    declare("live-hang", hang, soft_time_limit=SOFT, time_limit=HARD, max_retries=1)


def count(job: Running) -> None:
    """Work a while, then leave one audit row together with the end."""
    seconds = job.row.arguments.get("seconds", 0)
    time.sleep(seconds / 2)
    job.progress(1, 2, "half way")
    time.sleep(seconds / 2)
    if job.row.arguments.get("refuse"):
        raise JobRefused("There is nothing to count here.")
    needed = job.row.arguments.get("needs")
    if needed and not os.path.exists(needed):
        raise ConnectionError("The engine does not answer.")
    with job.fenced():
        base.audit("live.counted", job.row, actor=None, desk=None)
        time.sleep(0.003)  # a kill may also fall between the write and the commit
        job.finish({"process": os.getpid()})


def hang(job: Running) -> None:
    """Never end: asleep, computing, deaf to exceptions, or in a child process."""
    how = job.row.arguments["how"]
    if how == "child":
        child.run(time.sleep, 600, limits=child.ChildLimits(seconds=SOFT))
    while True:
        try:
            if how == "sleep":
                time.sleep(600)
            elif how == "network":
                a, _b = socket.socketpair()
                a.recv(1)
            sum(range(10_000))
        except Exception:
            if how != "deaf":
                raise


def nursery(arguments: list[str]) -> None:
    """Fork one worker for each line of standard input until it ends."""
    from factcheck import worker

    for name in LATE:
        importlib.import_module(name)
    print("ready", flush=True)
    for _line in sys.stdin:
        while True:
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    break
            except ChildProcessError:
                break
        pid = os.fork()
        if pid == 0:
            os.setsid()
            null = os.open(os.devnull, os.O_RDONLY)
            os.dup2(null, 0)
            os.dup2(2, 1)
            os._exit(worker.main(arguments))
        print(pid, flush=True)


if __name__ == "__main__":
    register()
    if sys.argv[1] == "nursery":
        nursery(sys.argv[2:])
    else:
        from factcheck.worker import main

        sys.exit(main(sys.argv[2:]))
