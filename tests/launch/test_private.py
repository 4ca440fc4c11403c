"""What lies in the data folder is its owner's alone, whoever made it and however loose it was."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError

from claims.management.commands import doctor
from factcheck.launch.private import looser, tighten
from tests.launch.conftest import ROOT


def modes(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode) & 0o077
        for path in [folder, *folder.rglob("*")]
    }


@pytest.fixture
def loose(tmp_path: Path) -> Path:
    """A data folder as an earlier release left it."""
    data = tmp_path / "data"
    for name in (
        *("desk.sqlite3", "desk.sqlite3-wal", "secret-key", "logins.txt", "run.lock", "log/web.log"),
        *("blobs/ab/cd/abcd", "index/CURRENT", "index/s1/meta.json", "backups/a.tar.gz", "workers/1"),
    ):
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        path.chmod(0o644)
    for folder in [data, *filter(Path.is_dir, data.rglob("*"))]:
        folder.chmod(0o755)
    return data


def test_everything_is_tightened(loose: Path) -> None:
    assert len(list(looser(loose))) == len(modes(loose))
    assert tighten(loose) == []
    assert set(modes(loose).values()) == {0}
    assert list(looser(loose)) == []
    assert (loose / "log" / "web.log").stat().st_mode & 0o600 == 0o600


def test_what_is_not_ours_is_left_as_it_is(loose: Path, tmp_path: Path) -> None:
    (loose / "holiday.jpg").write_text("x")
    (loose / "holiday.jpg").chmod(0o644)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("x")
    elsewhere.chmod(0o644)
    (loose / "blobs" / "link").symlink_to(elsewhere)
    tighten(loose)
    assert stat.S_IMODE((loose / "holiday.jpg").stat().st_mode) == 0o644
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644


def test_a_folder_that_everybody_writes_to_stays_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    tighten(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777


def test_doctor_names_what_is_open_to_others(loose: Path, settings: object) -> None:
    settings.DATA_DIR = loose  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match=r"are open to others .*chmod -R go="):
        doctor.data_folder()
    tighten(loose)
    assert "nobody else reads it" in doctor.data_folder()


@pytest.mark.live
def test_a_start_makes_and_leaves_nothing_open_to_others(tmp_path: Path) -> None:
    """Whatever the umask of the shell: database, log in WAL, blobs, index, key, logins and static files."""
    data = tmp_path / "data"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ELASTICSEARCH_")}
    env = {**kept, "FACTCHECK_DATA": str(data), "DATABASE_URL": "", "REDIS_URL": ""}
    command = f"umask 0; exec {sys.executable} {ROOT / 'manage.py'} prepare"
    done = subprocess.run(["sh", "-c", command], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = modes(data)
    assert {name.partition("/")[0] for name in found} >= {
        "desk.sqlite3",
        "blobs",
        "index",
        "secret-key",
        "static",
    }
    assert {name: mode for name, mode in found.items() if mode} == {}
