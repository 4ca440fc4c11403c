"""Wait until the services a process cannot start without are there, then become that process.

    python -m factcheck.wait [--seconds N] database|migrations|redis … -- COMMAND [ARGUMENTS]

Container engines differ in what they make of "start after": the processes look for themselves. What is not
there in time is named in one sentence, status 1, and the engine starts the container again. Elasticsearch is
not waited for: pages, splitting and publishing work without it, and searches wait by themselves.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence

PAUSE = 1.0


def _database() -> str:
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return f"the database does not answer: {str(error).strip().splitlines()[0]}"
    return ""


def _migrations() -> str:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        ahead = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"the database does not answer: {str(error).strip().splitlines()[0]}"
    finally:
        connection.close()
    return f"{len(ahead)} migrations have not been made (manage.py prepare makes them)" if ahead else ""


def _redis() -> str:
    import redis
    from django.conf import settings

    if not settings.REDIS_URL:
        return "REDIS_URL is not set"
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2
        ) as connection:
            connection.ping()
    except redis.RedisError as error:
        return f"Redis does not answer: {error}"
    return ""


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "migrations": _migrations, "redis": _redis}


def wait(names: Sequence[str], seconds: float) -> list[str]:
    """Look again and again until all are there; return what is missing when the time is over."""
    until = time.monotonic() + seconds
    missing = [problem for name in names if (problem := CHECKS[name]())]
    while missing and time.monotonic() < until:
        time.sleep(PAUSE)
        missing = [problem for name in names if (problem := CHECKS[name]())]
    return missing


def main(arguments: list[str]) -> int:
    """Return 1 where something is missing; else the process is replaced and nothing returns."""
    own, command = _parted(arguments)
    parser = argparse.ArgumentParser(prog="python -m factcheck.wait", usage=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("names", nargs="+", choices=sorted(CHECKS), metavar="SERVICE")
    chosen = parser.parse_args(own)
    if not command:
        parser.error("after -- there must be a command")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    import django
    from django.conf import settings

    # One connection that fails at once tells more than a pool that tries for long.
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("postgresql"):
        database["OPTIONS"] = {"connect_timeout": 3}
    django.setup()
    missing = wait(chosen.names, chosen.seconds)
    if missing:
        print(f"Not started after {chosen.seconds:.0f} s: {'; '.join(missing)}.", file=sys.stderr)
        return 1
    try:
        os.execvp(command[0], command)  # noqa: S606  # the command comes from whoever starts the container
    except OSError as error:
        print(f"Not started: {command[0]}: {error.strerror}.", file=sys.stderr)
        return 127


def _parted(arguments: list[str]) -> tuple[list[str], list[str]]:
    if "--" not in arguments:
        return arguments, []
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
