"""Make the stored dumps of the first release again: one per database, with what lay beside it.

    git worktree add ../first bfb8a9f
    python tests/upgrade/make_dumps.py ../first tests/upgrade/first [postgres://user@host:port]

The Python that runs this has the packages of the first release; the server's pg_dump has to be on the PATH or
in Debian's place. The dumps are loaded by ``tests/upgrade/first_release.py`` with neither pg_dump nor psql.
"""

from __future__ import annotations

import json
import lzma
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import psycopg

HERE = Path(__file__).parent
#: What pg_dump writes for psql or for the newest servers alone.
NOT_SQL = ("\\", "SET transaction_timeout")


def main(tree: Path, into: Path, server: str) -> None:
    """Fill one installation per database and store both."""
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "sqlite")
        facts = _fill(tree, data, "")
        _store_sqlite(data / "desk.sqlite3", into / "sqlite.xz")
        _store_files(data, into / "sqlite-files.tar.xz")
        (into / "sqlite.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", "utf-8")
        if server:
            data = Path(folder, "postgresql")
            with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
                connection.execute("DROP DATABASE IF EXISTS factcheck_first")
                connection.execute("CREATE DATABASE factcheck_first")
                facts = _fill(tree, data, f"{server}/factcheck_first")
                _store_postgresql(f"{server}/factcheck_first", into / "postgresql.sql.xz")
                connection.execute("DROP DATABASE factcheck_first")
            _store_files(data, into / "postgresql-files.tar.xz")
            (into / "postgresql.json").write_text(
                json.dumps(facts, indent=1, ensure_ascii=False) + "\n", "utf-8"
            )


def _fill(tree: Path, data: Path, database: str) -> dict[str, object]:
    """Load the sample desk with the code of the first release, add what it lacks, and return where that is."""
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ELASTICSEARCH_", "FACTCHECK_", "REDIS_"))
    }
    env = {**plain, "FACTCHECK_DATA": str(data), "DATABASE_URL": database}
    manage = [sys.executable, str(tree.resolve() / "manage.py")]
    subprocess.run([*manage, "prepare"], env=env, check=True, stdout=subprocess.DEVNULL)
    script = f"exec(open({str(HERE.resolve() / 'fill_first_release.txt')!r}).read())"
    done = subprocess.run(
        [*manage, "shell", "-v0", "-c", script], env=env, check=True, stdout=subprocess.PIPE
    )
    facts: dict[str, object] = json.loads(done.stdout)
    return facts


def _store_sqlite(database: Path, into: Path) -> None:
    whole = database.with_name("whole")
    with sqlite3.connect(database) as connection:
        connection.execute("VACUUM INTO ?", (str(whole),))
    connection.close()
    into.write_bytes(lzma.compress(whole.read_bytes(), preset=9 | lzma.PRESET_EXTREME))


def _store_postgresql(database: str, into: Path) -> None:
    places = [os.environ["PATH"], *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))]
    dumped = subprocess.run(
        ["pg_dump", "--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=100", database],
        env={**os.environ, "PATH": os.pathsep.join(places)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    # A line of data never begins like these: newlines inside words are followed by what people typed.
    lines = [line for line in dumped.split("\n") if not line.startswith(NOT_SQL)]
    into.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME))


def _store_files(data: Path, into: Path) -> None:
    with tarfile.open(into, "w:xz", preset=9) as tar:
        for name in ("secret-key", "blobs"):
            tar.add(data / name, name)


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 4:
        sys.exit(f"Use: {sys.argv[0]} TREE_OF_THE_FIRST_RELEASE INTO [postgres://…]")
    main(Path(sys.argv[1]), Path(sys.argv[2]), (sys.argv[3] if len(sys.argv) == 4 else "").rstrip("/"))
