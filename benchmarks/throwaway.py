"""A database of its own for a benchmark, made like a test database and gone afterwards, with a desk in it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from claims.models import Claim, Desk, User


@dataclass(frozen=True)
class Installation:
    """The desk, somebody who may do everything there, and what another process needs to work on it."""

    desk: Desk
    person: User
    folder: Path
    environment: dict[str, str]


@contextmanager
def installation(keep: Path | None = None, *, stays: bool = False) -> Iterator[Installation]:
    """Offer a migrated database and a data folder; the configured ones are left alone.

    ``keep`` is a folder whose database and index lie ready from an earlier call with ``stays``: the index is used where
    it is, the database as a copy. With ``stays`` both are made there, or opened as they are, and left.
    """
    from claims.actions.indexing import engines

    kept = {
        name: getattr(settings, name)
        for name in ("DATA_DIR", "BLOB_DIR", "INDEX_DIR", "STATIC_ROOT", "STORAGES")
    }
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        data = Path(folder)
        name = str(connection.settings_dict["NAME"])
        _take_database(data, keep, stays=stays)
        settings.DATA_DIR, settings.BLOB_DIR = data, data / "blobs"
        settings.INDEX_DIR = (keep or data) / "index"
        settings.STATIC_ROOT = data / "static"
        settings.STATIC_ROOT.mkdir()
        connection.creation.create_test_db(
            verbosity=0, autoclobber=True, serialize=False, keepdb=keep is not None
        )
        try:
            yield Installation(*_people(), data, _environment(data))
        finally:
            engines.close_all()
            connection.close()
            connection.creation.destroy_test_db(name, verbosity=0, keepdb=stays)
            for key, value in kept.items():
                setattr(settings, key, value)


def _take_database(data: Path, keep: Path | None, *, stays: bool) -> None:
    """Say which database is to be made: one of its own, one that stays, or a copy of that."""
    named: dict[str, Any] = {"TEMPLATE": None}
    if connection.vendor == "sqlite":
        named["NAME"] = str((keep if keep and stays else data) / "desk.sqlite3")
        if keep and stays:
            keep.mkdir(parents=True, exist_ok=True)
        elif keep:
            shutil.copyfile(keep / "desk.sqlite3", named["NAME"])
    else:
        ready = f"benchmark_{keep.name}" if keep else None
        named["NAME"] = ready if stays else f"benchmark_{os.getpid()}"
        if ready and not stays:
            named["TEMPLATE"] = ready
    connection.settings_dict["TEST"] = {**connection.settings_dict.get("TEST", {}), **named}


def _people() -> tuple[Desk, User]:
    """Return the desk and somebody who may do everything there, made where they are not yet."""
    from claims.actions.desk.accounts import make_person
    from claims.actions.desk.setup import make_desk
    from claims.vocabulary import Role

    desk = Desk.objects.filter(slug="desk").first()
    if desk is not None:
        return desk, User.objects.get(email="editor@desk.invalid")
    desk = make_desk(slug="desk", name="Desk")
    return desk, make_person(
        actor=None, desk=desk, email="editor@desk.invalid", display_name="Editor", roles=list(Role)
    )


def _environment(data: Path) -> dict[str, str]:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{database['NAME']}"
    else:
        login = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
        address = f"postgres://{login}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    limits = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    return {**os.environ, **limits, "FACTCHECK_DATA": str(data), "DATABASE_URL": address}


def collect_static(data: Path, environment: dict[str, str]) -> None:
    """Give a web process the files that pages name."""
    import subprocess

    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        env=environment,
        cwd=settings.BASE_DIR,
        check=True,
    )


def use_plain_static_names() -> None:
    """Let pages of this process be rendered without collected files."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def claims(place: Installation, count: int) -> list[Claim]:
    """Make claims of a made-up radio programme, through the action that people use."""
    from claims.actions.triage.outside import claim_without_article

    made = []
    with transaction.atomic():
        for number in range(count):
            made.append(
                claim_without_article(
                    actor=place.person,
                    desk=place.desk,
                    quotation=f"Bridge number {number} of Lenna carries {number * 37 + 1000} cars a day",
                    who=f"Speaker {number % 40}",
                    where="Radio Lenna",
                    when="2026-03-10",
                )
            )
    return made
