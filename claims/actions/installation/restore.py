"""How does a backup become an installation again? Whole, or nothing is changed.

Refuses a running workbench, a target that holds something (unless told otherwise), a damaged or foreign file,
and one of a newer release. A backup of an older release is migrated forward. The search index is built anew.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from claims.actions import base
from claims.actions.documents import blobs
from claims.actions.indexing import engines, outbox
from claims.actions.installation import backup, postgresql_copy, schema, sqlite_copy
from claims.backups import archive
from claims.backups.manifest import BadArchive, Manifest
from claims.models import Desk, guards
from claims.search.engine import EngineError

Say = Callable[[str], None]
_VENDORS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it; ``kept`` is where the former database lies, if there was one."""

    manifest: Manifest
    migrated: list[str]
    kept: Path | None
    missing_blobs: list[str]


def check_backup(*, file: Path) -> Manifest:
    """Read a backup to its end and return its description; raises Refused."""
    try:
        manifest = archive.check(file)
    except FileNotFoundError:
        raise base.Refused(f"There is no file {file}.") from None
    except OSError as error:
        raise base.Refused(f"{file} cannot be read ({error.strerror or error}).") from error
    except BadArchive as problem:
        raise base.Refused(f"{file} {problem}.") from problem
    newer = schema.unknown(manifest.migrations)
    if newer:
        raise base.Refused(
            f"{file} was made by a newer release ({newer[-1]} is not known here): update the program first."
        )
    return manifest


def restore(
    *,
    file: Path,
    force: bool = False,
    now: dt.datetime | None = None,
    say: Say = lambda sentence: None,
) -> Restored:
    """Put a backup into this installation; with ``force`` in the place of what it holds, which is copied first."""
    now = now or timezone.now()
    say("Checking the file …")
    manifest = check_backup(file=file)
    if manifest.vendor != connection.vendor:
        raise base.Refused(
            f"{file} is of an installation on {_VENDORS.get(manifest.vendor, manifest.vendor)}, and this one runs"
            f" on {_VENDORS[connection.vendor]}: restore it where DATABASE_URL names the same kind of database."
        )
    with _alone():
        kept = _make_room(force, say)
        try:
            say("Putting the stored files back …")
            missing = _blobs(file, manifest)
            say("Putting the database back …")
            put = _postgresql if connection.vendor == "postgresql" else _sqlite
            migrated = put(file, manifest, now)
            _private_files(file)
        except OSError as error:
            raise base.Refused(
                f"The backup could not be put back ({error.strerror or error}); the database is as it was."
            ) from error
        except DatabaseError as error:
            raise base.Refused(
                f"The backup could not be put back ({str(error).strip().splitlines()[0]});"
                " the database is as it was."
            ) from error
        _fresh_index()
    return Restored(manifest, migrated, kept, missing)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold the installation for ourselves; raises Refused while it runs."""
    data = Path(settings.DATA_DIR)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The same file as the launcher's: neither starts while the other is at work.
    with (data / "run.lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise base.Refused(
                f"The workbench runs on {data}: stop it first (Ctrl-C where it was started), then restore."
            ) from None
        kind = postgresql_copy if connection.vendor == "postgresql" else sqlite_copy
        kind.insist_unused()
        yield


def _make_room(force: bool, say: Say) -> Path | None:
    """Insist on an empty database, or keep a copy of what is there; returns where that lies."""
    try:
        filled = schema.filled_tables()
        damaged = ""
    except DatabaseError as error:
        filled, damaged = ["?"], str(error)
    finally:
        connection.close()
    if not filled:
        return None
    if not force:
        raise base.Refused(
            f"The database here cannot be read ({damaged}): with --force it is set aside and replaced."
            if damaged
            else "This installation holds something already: restore into an empty one (another FACTCHECK_DATA"
            " or DATABASE_URL), or replace what is here with --force; a copy of it is kept."
        )
    if not damaged:
        say("Keeping a copy of what is here …")
        return backup.copy_before("restore").path
    folder = backup.copies_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder, prefix="damaged-"))
    if connection.vendor == "sqlite":
        for suffix in ("", *sqlite_copy.BESIDE):
            file = Path(f"{sqlite_copy.place()}{suffix}")
            if file.exists():
                shutil.copy2(file, aside / file.name)
    return aside


def _sqlite(file: Path, manifest: Manifest, now: dt.datetime) -> list[str]:
    place = sqlite_copy.place()
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}-restoring-")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            for member, source in archive.members(file):
                if member == archive.DATABASE:
                    shutil.copyfileobj(source, out, 1024 * 1024)
            out.flush()
            os.fsync(out.fileno())
        sqlite_copy.insist_sound(fresh, "Nothing was changed")
        if sqlite_copy.counts(fresh) != manifest.counts:
            raise base.Refused(f"{file} does not hold the rows that it speaks of. Nothing was changed.")
        with sqlite_copy.pointing_at(fresh):
            migrated = _forward(manifest, now)
        sqlite_copy.put_in_place(fresh)
    finally:
        for suffix in ("", *sqlite_copy.BESIDE):
            Path(f"{fresh}{suffix}").unlink(missing_ok=True)
    return migrated


def _postgresql(file: Path, manifest: Manifest, now: dt.datetime) -> list[str]:
    with transaction.atomic():
        coming = postgresql_copy.Replacement(manifest, lambda: schema.migrate_to(manifest.migrations))
        for name, source in archive.members(file):
            if name.startswith("tables/"):
                coming.load(name.removeprefix("tables/"), source)
        coming.settle()
        return _forward(manifest, now)


def _forward(manifest: Manifest, now: dt.datetime) -> list[str]:
    """Migrate to this release, insist on the guards, and write down that this was restored."""
    waiting = schema.waiting()
    if waiting:
        guards.remove()
        schema.apply_waiting()
    # Installs the guards, also where nothing waited.
    call_command("migrate", verbosity=0, interactive=False)
    absent = guards.missing()
    if absent:
        raise base.Refused(f"The guards {', '.join(absent)} could not be installed. Nothing was changed.")
    desk = Desk.objects.order_by("-is_default", "pk").first()
    if desk is not None:
        base.audit(
            "installation.restored", desk, actor=None, desk=None, now=now, backup_made_at=manifest.made_at
        )
    # Whatever the index holds, it is of another past than these rows.
    with contextlib.suppress(EngineError):
        outbox.request_rebuild(actor=None, now=now)
    return waiting


def _blobs(file: Path, manifest: Manifest) -> list[str]:
    """Store the bytes of the backup; returns the names that neither it nor this folder has."""
    for name, source in archive.members(file):
        if not name.startswith("blobs/"):
            continue
        own = name.removeprefix("blobs/")
        with contextlib.suppress(blobs.BlobMissing):
            blobs.read(own)
            continue
        # What lies there is damaged.
        blobs.put_anew(source.read())
    return [name for name in manifest.missing_blobs if not blobs.exists(name)]


def _private_files(file: Path) -> None:
    data = Path(settings.DATA_DIR)
    for name, source in archive.members(file):
        if name in (archive.KEY, archive.LOGINS):
            handle, temporary = tempfile.mkstemp(dir=data, prefix=f".{name}-")
            with os.fdopen(handle, "wb") as out:
                out.write(source.read())
            Path(temporary).replace(data / name)


def _fresh_index() -> None:
    """Empty the embedded index: what it holds could pass for newer than the restored rows."""
    if settings.SEARCH_ENGINE == "embedded":
        with contextlib.suppress(EngineError):
            engines.writer().erase()
    engines.close_all()
