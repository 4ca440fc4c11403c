"""Whatever is wrong with the data folder, `./run` says it in one sentence with status 1, and no traceback."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.launch.conftest import ROOT
from tests.launch.test_launcher import one_sentence, start

NOBODY = 65534


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FACTCHECK_DATA", str(tmp_path / "data"))
    for name in ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL", "FACTCHECK_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "data"


@pytest.fixture
def launched(modules: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """The launcher with the environment that is here already, on a port that is free."""
    monkeypatch.setattr(modules["launcher"], "ready", lambda root, lock: Path(sys.executable))
    monkeypatch.setattr(modules["launcher"], "_require_free", lambda port: None)
    return modules


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after a first start, copied by each test."""
    data = tmp_path_factory.mktemp("prepared") / "data"
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("ELASTIC", "REDIS_"))}
    env = {**plain, "FACTCHECK_DATA": str(data), "DATABASE_URL": ""}
    command = [sys.executable, str(ROOT / "manage.py"), "prepare", "--empty"]
    subprocess.run(command, env=env, check=True, capture_output=True)
    return data


@contextlib.contextmanager
def somebody_else() -> Iterator[None]:
    """Act without the rights of root, where the tests have them."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def refused(modules: dict[str, ModuleType], capsys: pytest.CaptureFixture[str]) -> str:
    assert start(modules) == 1
    return one_sentence(capsys.readouterr().err)


def test_a_file_where_the_folder_should_be(
    launched: dict[str, ModuleType], data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data.write_text("x")
    said = refused(launched, capsys)
    assert f"{data} should be a folder and is not: choose another with FACTCHECK_DATA" in said


@pytest.mark.parametrize("name", ["log", "blobs", "index", "backups", "workers", "static"])
def test_a_file_where_a_folder_inside_should_be(
    launched: dict[str, ModuleType], data: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data.mkdir()
    (data / name).write_text("x")
    assert f"{data / name} should be a folder and is not: move" in refused(launched, capsys)


@pytest.mark.parametrize("name", ["desk.sqlite3", "run.lock", "secret-key", "logins.txt", "log/web.log"])
def test_a_folder_where_a_file_should_be(
    launched: dict[str, ModuleType], data: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / name).mkdir(parents=True)
    assert f"{data / name} should be a file and is not: move it away" in refused(launched, capsys)


def test_a_link_that_leads_nowhere(
    launched: dict[str, ModuleType], data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data.symlink_to("/nowhere/at/all")
    assert "is a link that leads nowhere" in refused(launched, capsys)


def _way_to(folder: Path) -> list[Path]:
    """Return the folder and those above it that the test run made: a parallel run nests them deeper."""
    return [one for one in (folder, *folder.parents) if "pytest" in str(one)]


def test_a_folder_of_somebody_else(
    launched: dict[str, ModuleType], data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data.mkdir()
    data.chmod(0o555)
    for folder in _way_to(tmp_path):
        folder.chmod(0o755)
    with somebody_else():
        said = refused(launched, capsys)
    assert f"{data} cannot be written by" in said
    assert "it belongs to" in said


@pytest.mark.parametrize(
    "name", ["desk.sqlite3", "run.lock", "secret-key", "log/web.log", "log/worker.log", "blobs", "index"]
)
def test_something_inside_of_somebody_else(
    launched: dict[str, ModuleType], data: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = data / name
    if path.suffix or "-" in name:
        path.parent.mkdir(parents=True)
        path.write_text("x")
    else:
        path.mkdir(parents=True)
    for folder in _way_to(tmp_path):
        folder.chmod(0o755)
    data.chmod(0o777)
    path.parent.chmod(0o777)
    path.chmod(0o555 if path.is_dir() else 0o444)
    with somebody_else():
        assert f"{path} cannot be written by" in refused(launched, capsys)


def test_a_disk_that_is_nearly_full(
    launched: dict[str, ModuleType],
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(launched["folder"], "LEAST_FREE", 1 << 62)
    assert f"The disk that holds {data} is full" in refused(launched, capsys)


@pytest.mark.parametrize(("options", "says"), [("size=32k", "is full"), ("size=64m,ro", "can only be read")])
def test_a_real_disk_that_is_full_or_read_only(
    launched: dict[str, ModuleType], data: Path, options: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data.mkdir()
    mounted = (
        shutil.which("mount")
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(data)], capture_output=True, check=False
        ).returncode
    )
    if not mounted:
        # Without root the same refusals come from the system calls.
        pytest.skip("only root mounts a disk")
    try:
        assert says in refused(launched, capsys)
    finally:
        subprocess.run(["umount", str(data)], check=True)


def test_a_disk_that_fills_up_while_it_prepares(
    launched: dict[str, ModuleType],
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No file may grow beyond a limit that the database needs more than."""
    monkeypatch.setattr(
        launched["launcher"],
        "_environment",
        lambda **more: {**os.environ, **more, "PYTHONUNBUFFERED": "1"},
    )
    popen = subprocess.Popen

    def limited(command: list[str], **options: object) -> object:
        return popen(["sh", "-c", 'trap "" XFSZ; ulimit -f 200; exec "$@"', "sh", *command], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(launched["launcher"].subprocess, "Popen", limited)
    assert start(launched) == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert "Traceback" not in "\n".join(said)
    assert "full" in said[-1] or "disk I/O error" in said[-1]


@pytest.mark.live
@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda path: path.write_bytes(b"this is no database" * 500), "is damaged (file is not a database)"),
        (
            lambda path: path.write_bytes(path.read_bytes()[:20_000]),
            "is damaged (database disk image is malformed)",
        ),
        (
            lambda path: path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 400_000),
            "is damaged (database disk image is malformed)",
        ),
    ],
)
def test_a_damaged_database(
    launched: dict[str, ModuleType],
    data: Path,
    prepared: Path,
    damage: object,
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(prepared, data)
    damage(data / "desk.sqlite3")  # type: ignore[operator]
    said = refused(launched, capsys)
    assert says in said
    assert "restore" in said


@pytest.mark.live
def test_a_database_of_a_newer_release(
    launched: dict[str, ModuleType], data: Path, prepared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(prepared, data)
    with contextlib.closing(sqlite3.connect(data / "desk.sqlite3")) as opened, opened:
        opened.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('claims', '9999_of_the_future', '2030-01-01')"
        )
    assert "of a newer release (claims.9999_of_the_future is not known here)" in refused(launched, capsys)


@pytest.mark.parametrize("content", [b"", b"short\n", "ключ".encode() * 20, b"\x00" * 60])
def test_a_damaged_key(
    launched: dict[str, ModuleType], data: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    data.mkdir()
    (data / "secret-key").write_bytes(content)
    assert f"The key file {data / 'secret-key'} is damaged: put it back from a backup" in refused(
        launched, capsys
    )


def test_a_crash_is_a_sentence_and_the_log_has_the_rest(
    launched: dict[str, ModuleType],
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FACTCHECK_SITE_URL", "http://127.0.0.1:8000")
    launcher = launched["launcher"]
    log = data / "log" / "prepare.log"
    log.parent.mkdir(parents=True)
    with pytest.raises(
        launched["environment"].SetupFailed, match=r"\(ValueError: odd\); more stands in"
    ) as caught:
        launcher._prepared([sys.executable, "-c", "raise ValueError('odd')"], dict(os.environ), ROOT, log)
    assert "Traceback" not in str(caught.value) + capsys.readouterr().err
    assert "Traceback" in log.read_text()


def test_any_command_says_in_a_sentence_that_the_database_is_damaged(data: Path) -> None:
    data.mkdir()
    (data / "desk.sqlite3").write_bytes(b"this is no database" * 500)
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "make_desk"],
        env={**os.environ, "FACTCHECK_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "is damaged (file is not a database)" in one_sentence(done.stderr)
