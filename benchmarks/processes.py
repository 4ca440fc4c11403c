"""A web and a worker process as `./run` starts them, for a benchmark to look at."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from benchmarks.throwaway import collect_static


@contextmanager
def running(data: Path, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Run a web and a worker process as `./run` does, and yield their process ids."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    collect_static(data, environment)
    gunicorn = ["gunicorn", "factcheck.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    commands = (["-m", *gunicorn, "--threads", "8", "--no-control-socket"], ["-m", "factcheck.worker"])
    started = []
    with (data / "processes.log").open("ab") as log:
        for command in commands:
            started.append(
                subprocess.Popen(
                    [sys.executable, *command],
                    env=environment,
                    cwd=settings.BASE_DIR,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )
    try:
        wait_for(lambda: _answers(port), "the web process answers")
        yield started[0].pid, started[1].pid
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGTERM)
        for process in started:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _answers(port: int) -> bool:
    try:
        for path in ("healthz", "login/"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5).read()
    except OSError:
        return False
    return True


def wait_for(happened: Callable[[], bool], what: str, *, seconds: float = 60) -> None:
    """Look ten times a second; raises RuntimeError with ``what`` where it does not happen in time."""
    until = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > until:
            raise RuntimeError(f"It did not happen within {seconds:.0f} s: {what}.")
        time.sleep(0.1)


def family(pid: int) -> list[int]:
    """Return a process and all that come from it, from whichever of its threads."""
    inner: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            inner += [int(word) for word in children.read_text().split()]
    return [pid, *(one for child in inner for one in family(child))]
