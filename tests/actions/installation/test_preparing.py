"""Before a filled database is changed as a whole, a copy of it is kept; the oldest copies go."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from claims.actions.base import Refused
from claims.actions.installation import backup, preparing, schema
from claims.actions.installation.restore import check_backup
from tests.people import Cast


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def migrated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let two migrations wait, and note when they are applied instead of applying them."""
    done: list[str] = []
    monkeypatch.setattr(schema, "waiting", lambda: ["auth.0099_x", "claims.0099_more"])
    monkeypatch.setattr(preparing, "call_command", lambda name, **_: done.append(name))
    return done


def copies(data: Path) -> list[Path]:
    return sorted((data / "backups").glob("*")) if (data / "backups").exists() else []


def test_a_filled_database_is_copied_first_and_that_is_said(
    cast: Cast, data: Path, migrated: list[str]
) -> None:
    said: list[str] = []
    preparing.bring_up_to_date(say=said.append)
    (copy,) = copies(data)
    assert copy.name.startswith("before-claims-0099_more-")
    assert check_backup(file=copy).has_blobs is False
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert any(str(copy) in sentence for sentence in said)
    assert migrated == ["migrate"]


def test_an_empty_database_is_not_copied(db: None, data: Path, migrated: list[str]) -> None:
    preparing.bring_up_to_date()
    assert copies(data) == []
    assert migrated == ["migrate"]


def test_nothing_is_migrated_where_the_copy_cannot_be_written(
    cast: Cast, data: Path, migrated: list[str]
) -> None:
    (data / "backups").write_text("a file where the folder should be")
    with pytest.raises(Refused, match=r"cannot be made.*The database was not changed.*--without-copy"):
        preparing.bring_up_to_date()
    assert migrated == []
    preparing.bring_up_to_date(with_copy=False)
    assert migrated == ["migrate"]


def test_a_database_of_a_newer_release_is_not_touched(
    cast: Cast, data: Path, migrated: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    applied = {"claims": ["0001_initial", "9999_of_the_future"], "gone_application": ["0001_initial"]}
    monkeypatch.setattr(schema, "applied", lambda: applied)
    with pytest.raises(Refused, match=r"newer release \(claims\.9999_of_the_future is not known here\)"):
        preparing.bring_up_to_date()
    assert copies(data) == []
    assert migrated == []


def test_the_last_copies_are_kept_and_what_people_put_there(data: Path, db: None) -> None:
    (data / "backups").mkdir()
    mine = data / "backups" / "my-own.tar.gz"
    mine.write_text("x")
    for number in range(5):
        made = backup.copy_before(f"step{number}")
        os.utime(made.path, (1000 + number, 1000 + number))
    newest = backup.copy_before("last").path
    names = [path.name for path in copies(data) if path != mine]
    assert len(names) == backup.KEPT
    assert newest.name in names
    assert mine.exists()
    assert not any(name.startswith(("before-step0", "before-step1", "before-step2")) for name in names)
