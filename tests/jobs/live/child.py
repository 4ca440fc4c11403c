"""A real worker with one more kind of job, whose effect can be counted; and a nursery that starts it fast.

    python -m tests.jobs.live.child worker [Celery arguments]
    python -m tests.jobs.live.child nursery [Celery arguments]

The nursery imports everything once and forks a worker for each line it reads, answering with its process id.
It exists because a test that kills fifty workers cannot wait for fifty imports; what it forks is the worker.
"""

from __future__ import annotations

import importlib
import os
import sys
import time

import django

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
    """Add the kind “live-count”: works a while, then leaves one audit row together with its end."""
    from claims.actions import base
    from claims.jobs.handlers import handles
    from claims.jobs.rows import JobRefused, Running

    @handles("live-count")
    def count(job: Running) -> None:
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


def nursery(arguments: list[str]) -> None:
    """Fork one worker for each line of standard input until it ends."""
    from claims.jobs import handlers
    from factcheck import worker

    for name in LATE:
        importlib.import_module(name)
    handlers.kinds()
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
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    django.setup()
    register()
    if sys.argv[1] == "nursery":
        nursery(sys.argv[2:])
    else:
        from factcheck.worker import main

        sys.exit(main(sys.argv[2:]))
