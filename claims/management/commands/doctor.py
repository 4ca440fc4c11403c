"""Look an installation over: database, guards, engine, broker, data folder; status 1 on trouble."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from claims.actions.indexing import engines, outbox
from claims.actions.installation import schema
from claims.models import Worker, guards
from claims.ops import health
from claims.search.engine import EngineError
from factcheck.launch.private import looser


def database() -> str:
    newer = schema.unknown()
    if newer:
        raise CommandError(f"it is of a newer release ({newer[-1]} is not known here): update the program")
    if schema.waiting():
        raise CommandError("migrations are missing: run manage.py prepare")
    return f"{connection.vendor}, all migrations applied"


def triggers() -> str:
    faults = guards.faults()
    if faults:
        named = ", ".join(f"{name} {what}" for name, what in faults.items())
        raise CommandError(f"{named}: run manage.py migrate, and look who changed the database")
    return "every guard in place, as it is written"


def engine() -> str:
    try:
        status = engines.reader().status()
    except EngineError as error:
        raise CommandError(str(error)) from error
    if status.outdated:
        raise CommandError("built by another version: run manage.py reindex")
    trouble = outbox.trouble_of_live()
    if trouble:
        raise CommandError(f"{trouble}: the worker builds it anew from the rows")
    passages = sum(status.passages.values())
    return f"{status.engine} {status.version}, {passages:,} passages"


def _judged(part: health.HealthPart) -> str:
    """Return what a part of the probes says, as doctor says it."""
    if not part.ok:
        raise CommandError(part.reason)
    return part.reason or "nothing waits"


def index() -> str:
    part = health.index(timezone.now())
    if outbox.standing().given_up:
        raise CommandError(f"{part.reason}: see the page Sources, or run manage.py reindex --failed")
    return _judged(part)


def workers() -> str:
    part = health.worker(timezone.now())
    # Before the first start, or stopped in order: nothing is wrong with what is looked over here.
    return _judged(part) if part.ok or Worker.objects.exists() else f"{part.reason} at the moment"


def queues() -> str:
    return _judged(health.queues(timezone.now()))


def broker() -> str:
    if not settings.REDIS_URL:
        return "none needed: the worker reads due jobs from the database"
    import redis

    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2).ping()
    except redis.RedisError as error:
        raise CommandError(f"Redis does not answer ({error}); jobs start with the next tick") from error
    return "Redis answers"


def data_folder() -> str:
    folder = Path(settings.DATA_DIR)
    if not os.access(folder, os.W_OK):
        raise CommandError(f"{folder} cannot be written")
    open_to_others = list(looser(folder))
    if open_to_others:
        raise CommandError(
            f"{len(open_to_others)} files or folders are open to others ({open_to_others[0]}): "
            f"chmod -R go= {folder}, as their owner"
        )
    return f"{folder} can be written, and nobody else reads it"


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("database", database),
    ("guards", triggers),
    ("engine", engine),
    ("index", index),
    ("worker", workers),
    ("queues", queues),
    ("broker", broker),
    ("data folder", data_folder),
)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, as_json: bool, **options: Any) -> None:
        rows = []
        for name, check in CHECKS:
            try:
                rows.append({"what": name, "well": True, "says": check()})
            except CommandError as trouble:
                rows.append({"what": name, "well": False, "says": str(trouble)})
        engines.close_all()
        if as_json:
            self.stdout.write(json.dumps(rows))
        else:
            for row in rows:
                self.stdout.write(f"{'well' if row['well'] else 'TROUBLE'}  {row['what']}: {row['says']}")
        if not all(row["well"] for row in rows):
            raise CommandError("Something needs attention; see above.")
