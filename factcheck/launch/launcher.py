"""What `./run` does: environment, preparation, two children, and one sentence for everything that can go wrong."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from environment import SetupFailed, ready
from folder import BadFolder, insist_usable, told
from private import make_private
from supervisor import Child, end, supervise
from testing import run_tests

USAGE = "Use: ./run [--port N] [--empty]  |  ./run test [pytest arguments]  |  ./run manage COMMAND …"


class AlreadySaid(Exception):
    """It cannot be started, and the reason has been printed."""


def main(arguments: list[str], *, root: str) -> int:
    """Dispatch; wrong use is status 2, a failure is one sentence and status 1."""
    here = Path(root)
    try:
        if arguments[:1] == ["test"]:
            return run_tests(here, ready(here, "dev"), arguments[1:])
        if arguments[:1] == ["manage"]:
            python = ready(here, "base")
            os.execve(python, [str(python), str(here / "manage.py"), *arguments[1:]], _environment())  # noqa: S606
        return _start(here, arguments)
    except AlreadySaid:
        return 1
    except (SetupFailed, BadFolder) as failure:
        print(failure, file=sys.stderr)
        return 1
    except OSError as error:
        print(told(error, Path(os.environ.get("FACTCHECK_DATA", here / "var"))), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _environment(**more: str) -> dict[str, str]:
    # Threads of numpy cost more than they bring on few cores; without a limit each thread keeps an arena of
    # memory of its own.
    limits = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    return {**limits, "PYTHONUNBUFFERED": "1", **os.environ, **more}


def _start(root: Path, arguments: list[str]) -> int:
    port, empty = 8000, False
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--empty":
            empty = True
        elif word == "--port" and rest and rest[0].isdigit() and 0 < int(rest[0]) < 65536:
            port = int(rest.pop(0))
        elif word in ("-h", "--help"):
            print(USAGE)
            return 0
        else:
            print(USAGE, file=sys.stderr)
            return 2
    data = Path(os.environ.get("FACTCHECK_DATA", root / "var"))
    with _only_one(data) as lock:
        # Whatever ends us before the children are supervised must end them too.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _interrupt)
        _require_free(port)
        return _run(root, data, port, lock, empty)


@contextmanager
def _only_one(data: Path) -> Iterator[TextIO]:
    """Hold the data folder for this start; the file says to a second one where the first is."""
    insist_usable(data)
    (data / "log").mkdir(mode=0o700, exist_ok=True)
    with (data / "run.lock").open("a+", encoding="ascii", errors="replace") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            where = lock.read().strip() or "an address that it is still preparing"
            raise SetupFailed(
                f"The workbench already runs on this folder, at {where}: stop it first, or use that one."
            ) from None
        lock.truncate(0)
        yield lock


def _run(root: Path, data: Path, port: int, lock: TextIO, empty: bool) -> int:
    """Prepare, start both children, and stay with them until they are asked to stop."""
    python = ready(root, "base")
    make_private()
    address = f"http://127.0.0.1:{port}"
    # A public address behind a proxy is the operator's; the embedded start is reached where it listens.
    env = _environment(
        FACTCHECK_DATA=str(data), FACTCHECK_SITE_URL=os.environ.get("FACTCHECK_SITE_URL", address)
    )
    prepare = [str(python), str(root / "manage.py"), "prepare", *(["--empty"] if empty else [])]
    logins = _prepared(prepare, env, root, data / "log" / "prepare.log")
    lock.write(address)
    lock.flush()
    children = [_web(root, python, data, port), _worker(root, python, data)]
    for child in children:
        child.start(env, root)
    try:
        _wait(address, children)
    except (SetupFailed, KeyboardInterrupt):
        end(children)
        raise
    print(
        f"\nThe workbench runs at {address}/\n{logins}\nLogs: {data / 'log'}. Ctrl-C stops everything.",
        flush=True,
    )
    return supervise(children, env=env, cwd=root)


def _prepared(command: list[str], env: dict[str, str], root: Path, log: Path) -> str:
    """Run ``prepare``, passing on what it says as it says it; return how to come in."""
    broken, last = False, ""
    with (
        log.open("w", encoding="utf-8") as kept,
        subprocess.Popen(  # noqa: S603
            command, env=env, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stderr:
            kept.write(line)
            last = line.removeprefix("CommandError: ").strip() or last
            broken = broken or line.startswith("Traceback")
            if last and not broken:
                print(last, file=sys.stderr, flush=True)
        logins = process.stdout.read()
    if broken:
        raise SetupFailed(f"The workbench could not be prepared ({last}); more stands in {log}.")
    if process.returncode:
        # What it said last is the reason, and stands there already.
        raise AlreadySaid
    return logins


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _web(root: Path, python: Path, data: Path, port: int) -> Child:
    command = [str(python), "-m", "gunicorn", "factcheck.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += [
        "--workers",
        "1",
        "--threads",
        "8",
        "--timeout",
        "60",
        "--graceful-timeout",
        "5",
        "--no-control-socket",
    ]
    return Child("web", command, data / "log" / "web.log")


def _worker(root: Path, python: Path, data: Path) -> Child:
    command = [str(python), "-m", "factcheck.worker"]
    return Child("worker", command, data / "log" / "worker.log")


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            raise SetupFailed(f"Port {port} {why}: choose another with ./run --port N.") from error


def _wait(address: str, children: list[Child]) -> None:
    """Wait until the web process answers; a child that dies at once is told with its last words."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for child in children:
            if child.died() is not None:
                words = child.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
                said = words[-1].strip() if words else "it said nothing"
                raise SetupFailed(
                    f"The {child.name} process did not start ({said}); more stands in {child.log}."
                )
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SetupFailed("The web process did not answer within a minute; its log is in the data folder.")
