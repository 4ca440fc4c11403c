"""Starts, watches and ends worker processes on the database of the running test."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 90.0


def wait_until(happened: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Wait for something that must happen; a machine under load only makes it later."""
    until = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > until:
            from tests.jobs.live.counting import standing

            raise AssertionError(f"It did not happen within {seconds:.0f} s: {what}. Left: {standing()}")
        time.sleep(0.02)


class Processes:
    """Real processes in groups of their own; all of them are ended with the test, those and no others."""

    def __init__(self, env: dict[str, str], log: Path) -> None:
        self.env = env
        self.log = log
        self._started: list[subprocess.Popen[str]] = []
        self._forked: set[int] = set()
        self._nursery: subprocess.Popen[str] | None = None

    def start(self, *command: str) -> subprocess.Popen[str]:
        with self.log.open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, *command],
                env=self.env,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                text=True,
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def worker(self, *arguments: str) -> subprocess.Popen[str]:
        return self.start("-m", "tests.jobs.live.child", "worker", *arguments)

    def beat(self) -> subprocess.Popen[str]:
        return self.start("-m", "celery", "-A", "factcheck", "beat", "--loglevel", "WARNING")

    def nursery(self, *arguments: str) -> None:
        """Start the process that forks workers, and wait until it has imported everything."""
        with self.log.open("ab") as out:
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.jobs.live.child", "nursery", *arguments],
                env={**self.env, "CELERY_SKIP_CHECKS": "1"},
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=out,
                text=True,
                start_new_session=True,
            )
        self._started.append(self._nursery)
        assert self._nursery.stdout is not None
        assert self._nursery.stdout.readline() == "ready\n", self.log.read_text(errors="replace")[-2000:]

    def fork_worker(self) -> int:
        nursery = self._nursery
        assert nursery is not None
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        nursery.stdin.write("\n")
        nursery.stdin.flush()
        pid = int(nursery.stdout.readline())
        self._forked.add(pid)
        return pid

    def kill(self, pid: int) -> None:
        """End a worker as a power cut would: it and its children, at once, without a word."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        self._forked.discard(pid)

    def end(self) -> None:
        for pid in list(self._forked):
            self.kill(pid)
        for process in self._started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
