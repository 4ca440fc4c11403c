"""Keep two children alive, web and worker, until Ctrl-C: standard library only, so that it stays small."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 12.0
PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """Let Linux ask the child to stop when the supervisor is killed; elsewhere it has to be stopped by hand."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process group with its log; restarted with a growing pause when it dies."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.5
    again_at: float = field(default=0.0)

    def start(self, env: dict[str, str], cwd: Path) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(  # noqa: S603
                self.command,
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                env=env,
                cwd=cwd,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # the supervisor has one thread: safe
            )
        self.started = time.monotonic()

    def died(self) -> int | None:
        return self.process.poll() if self.process else None

    def signal(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def supervise(children: list[Child], *, env: dict[str, str], cwd: Path) -> int:
    """Run until a signal asks to stop; returns the exit status."""
    stopping = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    for child in children:
        if child.process is None:
            child.start(env, cwd)
    while not stopping:
        now = time.monotonic()
        for child in children:
            if child.again_at:
                if now >= child.again_at:
                    child.again_at = 0.0
                    child.start(env, cwd)
                continue
            status = child.died()
            if status is None:
                if now - child.started > 30:
                    child.pause = 0.5
                continue
            print(
                f"{child.name} ended (status {status}); starting it again. Its log: {child.log}",
                file=sys.stderr,
            )
            child.signal(signal.SIGKILL)
            child.again_at = now + child.pause
            child.pause = min(child.pause * 2, 30)
        time.sleep(0.2)
    print("Stopping …", file=sys.stderr)
    end(children)
    return 0


def end(children: list[Child]) -> None:
    """Ask every child to stop, wait, then make it."""
    for child in children:
        child.signal(signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and any(child.died() is None and child.process for child in children):
        time.sleep(0.05)
    for child in children:
        child.signal(signal.SIGKILL)
