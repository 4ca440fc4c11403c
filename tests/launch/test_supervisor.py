"""The supervisor with real children: whoever dies is started again, and nobody outlives it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.launch.conftest import LAUNCH

# A child writes its id, then waits; one of them has a child of its own and does not listen to SIGTERM.
CHILD = """
import os, pathlib, signal, subprocess, sys, time
folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
if name == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    (folder / "inner").write_text(str(inner.pid))
with (folder / name).open("a") as out:
    out.write(f"{os.getpid()}\\n")
time.sleep(300)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A supervisor of two children, one of them deaf."""
    (tmp_path / "child.py").write_text(CHILD)
    script = f"""
        import sys
        from pathlib import Path
        sys.path.insert(0, {str(LAUNCH)!r})
        import supervisor
        supervisor.PATIENCE = 1.0
        folder = Path({str(tmp_path)!r})
        children = [
            supervisor.Child(name, [sys.executable, str(folder / "child.py"), str(folder), name], folder / "log")
            for name in ("web", "deaf")
        ]
        sys.exit(supervisor.supervise(children, env={{}}, cwd=folder))
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_until(lambda: len(started(tmp_path, "web")) == 1 and len(started(tmp_path, "deaf")) == 1)
    yield process
    process.kill()
    process.communicate()
    for name in ("web", "deaf"):
        for pid in started(tmp_path, name):
            kill(pid)


def started(folder: Path, name: str) -> list[int]:
    path = folder / name
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until(happened: Callable[[], bool], seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def test_a_killed_child_is_started_again_and_the_other_stays(
    supervisor: subprocess.Popen[str], tmp_path: Path
) -> None:
    (web,), (deaf,) = started(tmp_path, "web"), started(tmp_path, "deaf")
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: len(started(tmp_path, "web")) == 2)
    assert alive(started(tmp_path, "web")[1])
    assert started(tmp_path, "deaf") == [deaf]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_all_even_who_does_not_listen(
    supervisor: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    supervisor.send_signal(number)
    assert supervisor.wait(timeout=30) == 0
    inner = int((tmp_path / "inner").read_text())
    wait_until(lambda: not any(map(alive, [*started(tmp_path, "web"), *started(tmp_path, "deaf"), inner])))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_children_do_not_outlive_a_killed_supervisor(
    supervisor: subprocess.Popen[str], tmp_path: Path
) -> None:
    (web,) = started(tmp_path, "web")
    supervisor.kill()
    wait_until(lambda: not alive(web))
