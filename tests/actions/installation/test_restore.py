"""The restore drill: a filled installation, copied while somebody writes, becomes the same one elsewhere.

On SQLite in the plain run, on PostgreSQL in the run with services; commands run as an operator runs them.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from claims.actions.base import Refused
from claims.actions.installation.restore import check_backup
from claims.backups.archive import ArchiveWriter
from claims.backups.manifest import Manifest
from tests.upgrade.first_release import ROOT, Installation, database_for, empty_database, first_release

pytestmark = pytest.mark.live
FEEDS = ("claimreview.json", "feed.json", "atom.xml", "rss.xml", "verdicts.csv")
NORA = "nora@ellerycheck.example"
#: Adds articles as fast as it can until it is told to stop.
WRITER = """
import pathlib
from claims.actions.documents import intake
from claims.models import Desk, User
desk, person = Desk.objects.get(slug="ellery"), User.objects.get(email="nora@ellerycheck.example")
number, stop = 0, pathlib.Path({stop!r})
while not stop.exists():
    number += 1
    intake.add_text(actor=person, desk=desk, text=f"Article {{number}} was written while a backup was made.")
    print(number, flush=True)
"""


@contextlib.contextmanager
def somebody_writing(at: Installation, folder: Path) -> Iterator[None]:
    """Let another process add articles to the installation inside the block; at least one before it."""
    stop = folder / "stop"
    script = WRITER.format(stop=str(stop))
    command = [sys.executable, str(ROOT / "manage.py"), "shell", "-v0", "-c", script]
    with subprocess.Popen(command, env=at.env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "1\n"
        try:
            yield
        finally:
            stop.touch()
            writer.communicate(timeout=60)
    assert writer.returncode == 0


class Drill:
    """One installation before and the one that its backup became."""

    def __init__(self, before: Installation, after: Installation, folder: Path) -> None:
        self.before, self.after, self.folder = before, after, folder
        before.manage("prepare")
        self.file = folder / "backup.tar.gz"
        with somebody_writing(before, folder):
            self.made = json.loads(before.manage("backup", str(self.file), "--json").stdout)
        self.said = json.loads(after.manage("restore", str(self.file), "--json").stdout)
        after.manage("prepare")
        requests: list[dict[str, Any]] = [
            *({"path": f"/feeds/{name}"} for name in FEEDS),
            {"path": "/login/", "post": {"email": NORA, "password": before.facts["password"]}},
        ]
        _, self.answers_before = before.look([], requests)
        commands, self.answers_after = after.look([["reindex", "--wait"], ["doctor", "--json"]], requests)
        self.reindex, self.doctor = commands


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Drill]:
    folder = tmp_path_factory.mktemp("drill")
    elsewhere = database_for("restored")
    with first_release(folder / "before", database_for("saved")) as before, empty_database(elsewhere):
        yield Drill(before, Installation(folder / "after", elsewhere, before.facts), folder)


def test_feeds_are_the_same_bytes(drill: Drill) -> None:
    for before, after in zip(drill.answers_before, drill.answers_after, strict=True):
        if before["path"].startswith("/feeds/"):
            assert before["status"] == 200
            assert len(before["body"]) > 1000
            assert after["body"] == before["body"], before["path"]


def test_people_sign_in_with_their_passwords(drill: Drill) -> None:
    assert [answers[-1]["status"] for answers in (drill.answers_before, drill.answers_after)] == [
        302,
        302,
    ] or [answers[-1]["status"] for answers in (drill.answers_before, drill.answers_after)] == [303, 303]


def test_doctor_is_content(drill: Drill) -> None:
    assert drill.reindex["trouble"] == ""
    troubled = [row["what"] for row in json.loads(drill.doctor["out"]) if not row["well"]]
    # No worker runs in the drill, so what is due waits too long where the machine is slow.
    assert set(troubled) <= {"worker", "queues"}, drill.doctor


def test_every_table_is_as_it_was_at_one_moment(drill: Drill) -> None:
    """What was written before the moment is there with everything that belongs to it, and nothing else."""
    written = "SELECT COUNT(*) FROM claims_document WHERE id > 49"
    (saved,), (all_of_them,) = drill.after.rows(written)[0], drill.before.rows(written)[0]
    assert 1 <= saved <= all_of_them
    for table in ("claims_verdict", "claims_release", "claims_approval", "claims_factcheck", "claims_user"):
        query = f"SELECT * FROM {table} ORDER BY id"
        # Signing in leaves its time at the person.
        before, after = drill.before.rows(query), drill.after.rows(query)
        assert len(before) == len(after)
        if table != "claims_user":
            assert after == before, table
    lonely = (
        "SELECT COUNT(*) FROM claims_document d WHERE NOT EXISTS"
        " (SELECT 1 FROM claims_capture c WHERE c.document_id = d.id) OR NOT EXISTS (SELECT 1 FROM"
        " claims_auditevent a WHERE a.verb = 'document.added' AND a.object_id = d.id)"
    )
    assert drill.after.rows(lonely) == drill.before.rows(lonely)


def test_every_stored_file_is_there_and_the_same(drill: Drill) -> None:
    names = {name for (name,) in drill.after.rows("SELECT blob FROM claims_capture WHERE blob <> ''")}
    assert len(names) >= 50
    for name in names:
        place = Path("blobs", name[:2], name[2:4], name)
        assert (drill.after.data / place).read_bytes() == (drill.before.data / place).read_bytes()


def test_the_key_comes_along_so_that_signed_links_hold(drill: Drill) -> None:
    before, after = (at.data / "secret-key" for at in (drill.before, drill.after))
    assert after.read_text() == before.read_text()
    assert stat.S_IMODE(after.stat().st_mode) == 0o600


def test_every_guard_stands_and_new_rows_get_new_ids(drill: Drill) -> None:
    assert drill.after.guards() == drill.after.wanted_guards()
    # Written by the restore itself, after the rows of the backup.
    (newest,) = drill.after.rows("SELECT verb FROM claims_auditevent ORDER BY id DESC LIMIT 1")[0]
    assert newest.startswith(("index.", "installation."))
    assert drill.after.rows(
        "SELECT COUNT(*) FROM claims_auditevent WHERE verb = 'installation.restored'"
    ) == [(1,)]


def test_a_second_restore_needs_force_and_then_keeps_what_was_there(drill: Drill) -> None:
    refused = drill.after.manage("restore", str(drill.file), well=False)
    assert refused.returncode == 1
    assert "holds something already" in refused.stderr
    assert "Traceback" not in refused.stderr
    done = json.loads(drill.after.manage("restore", str(drill.file), "--force", "--json").stdout)
    kept = check_backup(file=Path(done["kept"]))
    assert kept.counts["claims_document"] >= 49
    assert stat.S_IMODE(Path(done["kept"]).stat().st_mode) == 0o600


def test_a_running_workbench_is_not_restored_over(drill: Drill) -> None:
    with (drill.after.data / "run.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = drill.after.manage("restore", str(drill.file), "--force", well=False)
    assert refused.returncode == 1
    assert "The workbench runs on" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_that_somebody_has_open_is_not_restored_over(drill: Drill) -> None:
    if drill.after.database:
        opened: Any = psycopg.connect(drill.after.database)
    else:
        opened = sqlite3.connect(drill.after.data / "desk.sqlite3")
        opened.execute("PRAGMA journal_mode = WAL")
    with contextlib.closing(opened):
        opened.execute("SELECT COUNT(*) FROM claims_desk").fetchone()
        refused = drill.after.manage("restore", str(drill.file), "--force", well=False)
    assert refused.returncode == 1
    assert "stop" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_restore_that_fails_in_the_middle_changes_nothing(drill: Drill) -> None:
    """The rows are not those that the description speaks of: found after the old database was to go."""
    wrong = drill.folder / "wrong.tar.gz"
    from claims.backups.archive import check, members

    described = check(drill.file)
    counts = {**described.counts, "claims_searchhit": described.counts["claims_searchhit"] + 1}
    with ArchiveWriter(wrong) as archive:
        for name, source in members(drill.file):
            archive.add(name, source.read())
        archive.finish(
            Manifest(
                made_at=described.made_at,
                vendor=described.vendor,
                migrations=described.migrations,
                counts=counts,
                columns=described.columns,
                sequences=described.sequences,
                members=archive.members,
            )
        )
    before = drill.after.rows("SELECT id, verb FROM claims_auditevent ORDER BY id")
    refused = drill.after.manage("restore", str(wrong), "--force", well=False)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert drill.after.rows("SELECT id, verb FROM claims_auditevent ORDER BY id") == before
    assert drill.after.guards() == drill.after.wanted_guards()
    assert not list(drill.after.data.glob(".desk*"))


def test_a_backup_of_the_first_release_is_brought_forward(tmp_path: Path, django_db_setup: None) -> None:
    elsewhere = database_for("forward")
    with first_release(tmp_path / "old", database_for("old")) as old, empty_database(elsewhere):
        old.manage("backup", str(tmp_path / "old.tar.gz"))
        new = Installation(tmp_path / "new", elsewhere, old.facts)
        new.manage("restore", str(tmp_path / "old.tar.gz"))
        (found,), _ = new.look([["migrate"]], [])
        assert "No migrations to apply" in found["out"]
        query = "SELECT id, headline, justification FROM claims_verdict ORDER BY id"
        assert new.rows(query) == old.rows(query)
        assert new.guards() == new.wanted_guards()


def described(**fields: Any) -> Manifest:
    values: dict[str, Any] = {"made_at": "", "vendor": "sqlite", "migrations": {}, "counts": {}}
    return Manifest(**(values | fields))


def test_a_backup_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "newer.tar.gz"
    with ArchiveWriter(file) as archive:
        archive.finish(described(migrations={"claims": ["0001_initial", "9999_of_the_future"]}))
    with pytest.raises(Refused, match=r"claims\.9999_of_the_future is not known here.*update the program"):
        check_backup(file=file)


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "There is no file"), (b"Dear all,", "is not a backup"), ("folder", "cannot be read")],
)
def test_what_is_no_backup_is_told_in_a_sentence(tmp_path: Path, content: Any, says: str) -> None:
    file = tmp_path / "given"
    if content == "folder":
        file.mkdir()
    elif content is not None:
        file.write_bytes(content)
    with pytest.raises(Refused, match=says):
        check_backup(file=file)


def test_a_backup_into_a_place_that_cannot_be_written_is_one_sentence(drill: Drill) -> None:
    started = time.monotonic()
    refused = drill.before.manage("backup", "/proc/nowhere/backup.tar.gz", well=False)
    assert refused.returncode == 1
    assert "could not be written to /proc/nowhere/backup.tar.gz" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert time.monotonic() - started < 60
