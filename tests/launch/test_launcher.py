"""What can go wrong at `./run` is one sentence each, and no traceback."""

from __future__ import annotations

import ast
import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.launch.conftest import ROOT


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FACTCHECK_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def one_sentence(text: str) -> str:
    assert text.count("\n") == 1, text
    assert "Traceback" not in text
    return text


def start(modules: dict[str, ModuleType], *arguments: str) -> int:
    return modules["launcher"].main(list(arguments), root=str(ROOT))


def test_a_taken_port_is_told(
    modules: dict[str, ModuleType], data: Path, taken: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start(modules, "--port", str(taken)) == 1
    assert f"Port {taken} is taken: choose another" in one_sentence(capsys.readouterr().err)


def test_a_second_start_on_the_same_folder_is_refused_with_the_address_of_the_first(
    modules: dict[str, ModuleType], data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data.mkdir()
    with (data / "run.lock").open("w") as first:
        first.write("http://127.0.0.1:8123")
        first.flush()
        fcntl.flock(first, fcntl.LOCK_EX)
        assert start(modules) == 1
    assert "already runs on this folder, at http://127.0.0.1:8123" in one_sentence(capsys.readouterr().err)


def test_a_data_folder_that_cannot_be_made_is_told(
    modules: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FACTCHECK_DATA", "/dev/null/data")
    assert start(modules) == 1
    assert "/dev/null/data cannot be used" in one_sentence(capsys.readouterr().err)


@pytest.mark.parametrize(
    "words", [["--port"], ["--port", "x"], ["--port", "70000"], ["--prot", "1"], ["stop"]]
)
def test_wrong_use_is_status_2_and_says_the_right_one(
    modules: dict[str, ModuleType], data: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert start(modules, *words) == 2
    assert one_sentence(capsys.readouterr().err).startswith("Use: ./run [--port N]")
    assert not data.exists()


def run_as_old_python(path: str) -> subprocess.CompletedProcess[str]:
    script = (
        "import sys; sys.version_info = (3, 9, 2, 'final', 0); sys.argv = ['run', '--port', '8123'];"
        f"exec(compile(open({str(ROOT / 'run')!r}).read(), 'run', 'exec'))"
    )
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env={"PATH": path}, check=False
    )


def test_an_old_python_without_a_newer_one_is_told(tmp_path: Path) -> None:
    done = run_as_old_python(str(tmp_path))
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; this is Python 3.9" in one_sentence(done.stderr)


def test_an_old_python_hands_over_to_a_newer_one_on_the_path(tmp_path: Path) -> None:
    newer = tmp_path / "python3.12"
    newer.write_text('#!/bin/sh\necho "newer: $*"\n')
    newer.chmod(0o755)
    done = run_as_old_python(str(tmp_path) + os.pathsep + "/bin")
    assert done.stdout == "newer: run --port 8123\n"


def test_run_can_be_read_by_an_old_python() -> None:
    ast.parse((ROOT / "run").read_text(), feature_version=(3, 6))


def test_the_launcher_needs_nothing_but_the_standard_library(modules: dict[str, ModuleType]) -> None:
    names = set()
    for name in modules:
        for node in ast.walk(ast.parse((ROOT / "factcheck" / "launch" / f"{name}.py").read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add((node.module or "").partition(".")[0])
    assert names - set(sys.stdlib_module_names) <= set(modules)


def test_a_child_that_dies_at_once_is_told_with_its_last_words(
    modules: dict[str, ModuleType], tmp_path: Path
) -> None:
    launcher, supervisor = modules["launcher"], modules["supervisor"]
    command = [sys.executable, "-c", "raise SystemExit('no room left')"]
    child = supervisor.Child("web", command, tmp_path / "web.log")
    child.start({}, tmp_path)
    with pytest.raises(
        modules["environment"].SetupFailed,
        match=r"web process did not start \(no room left\); more stands in",
    ):
        launcher._wait("http://127.0.0.1:9", [child])
