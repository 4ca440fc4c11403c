"""Start the workers of one machine: threads and the dispatcher on the embedded default, prefork behind Redis.

    python -m factcheck.worker [--concurrency N]

Behind Redis these are two Celery workers, one for publication and people, one for the index and imports, so that
neither waits for the other: the same as ``celery -A factcheck worker -Q publishing,interactive`` and
``… -Q index,bulk``. Celery's own command line is not used: what it imports takes a third of the start and ten
megabytes.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from typing import Any

LANES = {"people": "publishing,interactive", "imports": "index,bulk"}


def main(arguments: list[str]) -> int:
    """Run until stopped; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m factcheck.worker", description="Runs the jobs.")
    parser.add_argument(
        "--concurrency",
        type=int,
        default=2,
        help="Jobs of people at a time, and with Redis as many imports (2).",
    )
    chosen = parser.parse_args(arguments).concurrency
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    import django
    from django.conf import settings

    django.setup()
    if settings.REDIS_URL:
        return _lanes(chosen)
    from claims.jobs.dispatcher import Dispatcher, slots
    from factcheck.celery import app

    app.conf["factcheck_dispatcher"] = slots(chosen)
    app.steps["worker"].add(Dispatcher)
    # One more for the tick.
    threads = sum(app.conf["factcheck_dispatcher"].values()) + 1
    return _work(pool="threads", concurrency=threads, without_heartbeat=True)


def _work(**options: Any) -> int:
    from factcheck.celery import app

    worker = app.Worker(loglevel="INFO", without_gossip=True, without_mingle=True, **options)
    worker.start()
    return int(worker.exitcode or 0)


def _lanes(concurrency: int) -> int:
    """Fork one Celery worker for each lane; when one ends, all do, and whoever started us starts us again."""
    children: dict[int, str] = {}
    for name, queues in LANES.items():
        pid = os.fork()
        if pid == 0:
            _end_with_parent()
            os._exit(_work(pool="prefork", concurrency=concurrency, queues=queues, hostname=f"{name}@%h"))
        children[pid] = name
    stopping: list[int] = []

    def stop(number: int, frame: object) -> None:
        stopping.append(number)
        for pid in children:
            os.kill(pid, number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, stop)
    status = 0
    while children:
        pid, ended = os.wait()
        if pid not in children:
            continue
        name = children.pop(pid)
        code = os.waitstatus_to_exitcode(ended)
        if not stopping:
            print(f"The worker “{name}” ended (status {code}).", file=sys.stderr)
            stop(signal.SIGTERM, None)
            status = code or 1
        status = status or max(code, 0)
    return status


def _end_with_parent() -> None:
    """Ask Linux to stop this process when the one that forked it is killed; elsewhere that is done by hand."""
    import contextlib
    import ctypes

    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
