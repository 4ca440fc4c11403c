"""Waiting before a process starts: what it waits for, for how long, and what it says when it gives up."""

from __future__ import annotations

import os
import socket
import socketserver
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def started(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_URL", "REDIS", "ELASTIC"))}
    return subprocess.run(
        [sys.executable, "-m", "factcheck.wait", *arguments],
        cwd=ROOT,
        env={**kept, "FACTCHECK_DATA": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


SAY = ("--", sys.executable, "-c", "print('started')")


def test_a_database_that_answers_lets_the_command_begin_in_the_same_process(tmp_path: Path) -> None:
    done = started(tmp_path, "database", *SAY)
    assert (done.returncode, done.stdout.strip()) == (0, "started")


def test_the_status_is_the_commands_own(tmp_path: Path) -> None:
    assert started(tmp_path, "database", "--", sys.executable, "-c", "raise SystemExit(7)").returncode == 7


def test_an_empty_database_lacks_its_migrations(tmp_path: Path) -> None:
    done = started(tmp_path, "--seconds", "0", "migrations", *SAY)
    assert (done.returncode, done.stdout) == (1, "")
    assert "manage.py prepare" in done.stderr


def test_a_database_that_is_away_is_named_and_waited_for_no_longer_than_said(tmp_path: Path) -> None:
    begun = time.monotonic()
    done = started(
        tmp_path,
        "--seconds",
        "1",
        "database",
        "migrations",
        *SAY,
        DATABASE_URL=f"postgres://nobody@127.0.0.1:{free_port()}/nothing",
    )
    assert done.returncode == 1
    assert "Not started after 1 s" in done.stderr
    assert "the database does not answer" in done.stderr
    assert time.monotonic() - begun < 30


def test_redis_is_waited_for_until_it_comes(tmp_path: Path) -> None:
    port = free_port()

    class Ping(socketserver.BaseRequestHandler):
        """A server that knows PING and nothing else."""

        def handle(self) -> None:
            while data := self.request.recv(4096):
                for command in data.split(b"*")[1:]:
                    known = b"PING" in command
                    self.request.sendall(b"+PONG\r\n" if known else b"-ERR unknown command\r\n")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = allow_reuse_address = True

    servers: list[Server] = []

    def come_late() -> None:
        time.sleep(3)
        servers.append(Server(("127.0.0.1", port), Ping))
        servers[0].serve_forever(poll_interval=0.05)

    late = threading.Thread(target=come_late, daemon=True)
    late.start()
    done = started(
        tmp_path, "--seconds", "120", "redis", *SAY, REDIS_URL=f"redis://127.0.0.1:{port}/0?protocol=2"
    )
    assert (done.returncode, done.stdout.strip()) == (0, "started"), done.stderr
    servers[0].shutdown()
    late.join(timeout=5)
    servers[0].server_close()


@pytest.mark.parametrize(
    ("variables", "words"),
    [({}, "REDIS_URL is not set"), ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "Redis does not answer")],
)
def test_redis_that_never_comes(tmp_path: Path, variables: dict[str, str], words: str) -> None:
    done = started(tmp_path, "--seconds", "0", "redis", *SAY, **variables)
    assert done.returncode == 1
    assert words in done.stderr


@pytest.mark.parametrize("arguments", [(), ("database",), ("elephant", *SAY)])
def test_wrong_use_is_status_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert started(tmp_path, *arguments).returncode == 2


def test_a_command_that_does_not_exist(tmp_path: Path) -> None:
    done = started(tmp_path, "database", "--", "/no/such/command")
    assert done.returncode == 127
    assert "/no/such/command" in done.stderr
