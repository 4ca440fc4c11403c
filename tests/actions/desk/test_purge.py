"""What has grown old is deleted, and nothing else is."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session

from claims.actions.desk.purge import purge_by_time
from claims.actions.documents import blobs
from claims.models import AuditEvent, Capture, Job, Rereading
from claims.tasks.base import run_now
from tests import builders, reread
from tests.people import Cast

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def job(cast: Cast, status: str, age: int, now: dt.datetime, **fields: object) -> int:
    at = now - age * DAY
    return Job.objects.create(
        desk=cast.desk, kind="search", status=status, created_at=at, run_after=at, finished_at=at, **fields
    ).pk


def purge(now: dt.datetime) -> dict[str, int]:
    row = purge_by_time(now=now)
    assert row is not None
    assert run_now(row.pk)
    row.refresh_from_db()
    assert row.status == Job.Status.DONE, row.error
    return row.result


@pytest.fixture
def today() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def test_ended_jobs_go_after_their_time_and_waiting_ones_stay(cast: Cast, today: dt.datetime) -> None:
    gone = [job(cast, "done", 31, today), job(cast, "cancelled", 40, today), job(cast, "failed", 181, today)]
    kept = [
        job(cast, "done", 29, today),
        job(cast, "failed", 170, today),
        job(cast, "queued", 400, today, dedupe_key="k"),
    ]
    assert purge(today)["jobs"] == 3
    left = set(Job.objects.values_list("pk", flat=True))
    assert not left & set(gone)
    assert set(kept) <= left


def test_ended_sessions_go_and_audit_rows_stay(cast: Cast, today: dt.datetime) -> None:
    builders.article(cast)
    rows = AuditEvent.objects.count()
    Session.objects.create(session_key="old", session_data="", expire_date=today - DAY)
    Session.objects.create(session_key="new", session_data="", expire_date=today + DAY)
    assert purge(today)["sessions"] == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert AuditEvent.objects.count() == rows


def test_bytes_that_nothing_names_go_and_those_of_documents_and_waiting_files_stay(
    cast: Cast, today: dt.datetime, settings: object, tmp_path: Path
) -> None:
    settings.BLOB_DIR = tmp_path  # type: ignore[attr-defined]
    used = builders.article(cast).capture.blob
    orphan, waiting, fresh = blobs.put(b"orphan"), blobs.put(b"waiting"), blobs.put(b"fresh")
    Job.objects.create(desk=cast.desk, kind="read", arguments={"blob": waiting})
    old = (today - 60 * DAY).timestamp()
    for name in (used, orphan, waiting):
        os.utime(tmp_path / blobs.place_of(name), (old, old))
    assert purge(today)["blobs"] == 1
    assert not (tmp_path / blobs.place_of(orphan)).exists()
    assert all((tmp_path / blobs.place_of(name)).exists() for name in (used, waiting, fresh))
    assert Capture.objects.get().blob == used


def test_bytes_that_somebody_puts_again_meanwhile_stay(
    settings: object, tmp_path: Path, today: dt.datetime
) -> None:
    settings.BLOB_DIR = tmp_path  # type: ignore[attr-defined]
    name = blobs.put(b"again")
    old = (today - 60 * DAY).timestamp()
    os.utime(tmp_path / blobs.place_of(name), (old, old))
    assert list(blobs.older_than(today - 30 * DAY)) == [name]
    blobs.put(b"again")
    assert not blobs.remove(name, before=today - 30 * DAY)
    assert (tmp_path / blobs.place_of(name)).exists()


def test_once_a_day_is_enough(cast: Cast, today: dt.datetime) -> None:
    assert purge_by_time(now=today) is not None
    assert purge_by_time(now=today + dt.timedelta(hours=23)) is None
    Job.objects.all().delete()
    assert purge_by_time(now=today + DAY) is not None


def test_what_an_old_preview_showed_goes_and_what_it_counted_stays(cast: Cast, today: dt.datetime) -> None:
    reread.old_article(cast)
    old, waiting, young = (reread.previewed_batch(cast) for _batch in range(3))
    Rereading.objects.filter(pk=old.pk).update(ended_at=today - 181 * DAY)
    Rereading.objects.filter(pk=waiting.pk).update(ended_at=None)
    Rereading.objects.filter(pk=young.pk).update(ended_at=today - 170 * DAY)
    assert purge(today)["differences"] == 1
    assert (old.rows.get().differences, old.rows.get().new) == ([], 1)
    assert waiting.rows.get().differences
    assert young.rows.get().differences
