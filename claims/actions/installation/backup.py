"""How is everything that cannot be made again put into one file, while people go on working?

Database, stored bytes of the captures, the secret key and the file of first logins; not the search index (a
cache) nor the logs. The database comes first: bytes are stored before the row that speaks of them, so whatever
the copy of the database speaks of is there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import platform
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from claims.actions import base
from claims.actions.documents import blobs
from claims.actions.installation import postgresql_copy, sqlite_copy
from claims.backups.archive import DATABASE, KEY, LOGINS, ArchiveWriter
from claims.backups.manifest import Manifest

Say = Callable[[str], None]
#: How many of the copies that are made before migrations are kept.
KEPT = 3
_BEFORE = "before-"
_SUFFIX = ".tar.gz"


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup."""

    path: Path
    size: int
    manifest: Manifest


def make_backup(
    *,
    to: Path,
    with_blobs: bool = True,
    now: dt.datetime | None = None,
    say: Say = lambda sentence: None,
) -> Made:
    """Write a backup to a file, or into a folder under a name of its time; raises Refused.

    The file appears whole under its name, or not at all; a former one of that name is replaced then.
    """
    now = now or timezone.now()
    path = to / f"factcheck-{now:%Y%m%d-%H%M%S}{_SUFFIX}" if to.is_dir() else to
    try:
        with (
            ArchiveWriter(path) as archive,
            tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-work-") as folder,
        ):
            say("Copying the database …")
            found = _database(archive, Path(folder))
            missing = _files(archive, found.pop("blobs"), with_blobs, say)
            manifest = Manifest(
                made_at=now.astimezone(dt.UTC).isoformat(timespec="seconds"),
                vendor=connection.vendor,
                has_key=KEY in archive.members,
                has_blobs=with_blobs,
                missing_blobs=missing,
                versions={"django": django.get_version(), "python": platform.python_version()},
                members=archive.members,
                **found,
            )
            size = archive.finish(manifest)
    except OSError as error:
        raise base.Refused(
            f"The backup could not be written to {path} ({error.strerror or error}). Nothing was left there."
        ) from error
    except DatabaseError as error:
        raise base.Refused(
            f"The database could not be read ({str(error).strip().splitlines()[0]})."
        ) from error
    return Made(path, size, manifest)


def _database(archive: ArchiveWriter, folder: Path) -> dict[str, Any]:
    """Add the database, and return what the description says about it, with the names of all blobs."""
    if connection.vendor == "postgresql":
        with postgresql_copy.snapshot() as moment:
            counts = {}
            for table in moment.columns:
                rows = folder / "rows"
                counts[table] = moment.write(table, rows)
                archive.add_file(f"tables/{table}", rows)
            return {
                "migrations": moment.migrations,
                "counts": counts,
                "columns": moment.columns,
                "sequences": moment.sequences(),
                "blobs": moment.column("claims_capture", "blob")
                if "claims_capture" in moment.columns
                else [],
            }
    database = folder / DATABASE
    sqlite_copy.copy(database)
    counts = sqlite_copy.counts(database)
    migrations = sqlite_copy.migrations(database) if "django_migrations" in counts else {}
    archive.add_file(DATABASE, database)
    named = sqlite_copy.column(database, "claims_capture", "blob") if "claims_capture" in counts else []
    return {"migrations": migrations, "counts": counts, "blobs": named}


def _files(archive: ArchiveWriter, named: list[str], with_blobs: bool, say: Say) -> list[str]:
    """Add key, logins and the blobs that captures speak of; returns those that are not there or not whole."""
    data = Path(settings.DATA_DIR)
    for name in (KEY, LOGINS):
        if (data / name).is_file():
            archive.add(name, (data / name).read_bytes())
    if not with_blobs:
        return []
    wanted = sorted(set(filter(None, named)))
    say(f"Copying {len(wanted)} stored files …")
    missing = []
    for name in wanted:
        try:
            content = blobs.read(name)
        except blobs.BlobMissing:
            missing.append(name)
            continue
        archive.add(f"blobs/{hashlib.sha256(content).hexdigest()}", content)
    return missing


# --- before a migration -----------------------------------------------------------------------------------------


def copies_folder() -> Path:
    return Path(settings.DATA_DIR) / "backups"


def copy_before(what: str, *, now: dt.datetime | None = None) -> Made:
    """Keep a copy of the database before something changes it as a whole, and drop the oldest such copies.

    Without the blobs, which stay where they are. Raises Refused where it cannot be written: then nothing has
    been changed yet.
    """
    now = now or timezone.now()
    folder = copies_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise base.Refused(f"The folder {folder} cannot be made ({error.strerror}).") from error
    made = make_backup(to=folder / f"{_BEFORE}{what}-{now:%Y%m%d-%H%M%S}{_SUFFIX}", with_blobs=False, now=now)
    for old in list(_copies(folder))[KEPT:]:
        old.unlink(missing_ok=True)
    return made


def _copies(folder: Path) -> Iterator[Path]:
    """Return the copies of this kind, newest first; backups that people put here are not among them."""
    found = [path for path in folder.glob(f"{_BEFORE}*{_SUFFIX}") if path.is_file()]
    yield from sorted(found, key=lambda path: os.stat(path).st_mtime_ns, reverse=True)
