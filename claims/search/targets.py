"""How physical indexes are named, and which of them a folder of index files lets be read.

Answers: a name that says schema, analyser and moment; for the embedded engine, which targets a folder holds
and the one that ``CURRENT`` names. The pointer file is only ever replaced as a whole, so a reader sees the
old target or the new one, also when the writer is killed in between. Knows nothing of any engine.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from claims.query.analysis import ANALYSER_VERSION
from claims.query.types import Collection
from claims.search.engine import SCHEMA_VERSION, EngineUnavailable

KEPT_ASIDE = 2
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
STAMP = {"schema": SCHEMA_VERSION, "analyser": ANALYSER_VERSION}


def new_target_name() -> str:
    """Return a name no other target has, sorted by the moment it was made."""
    moment = f"{datetime.now(UTC):%Y%m%dt%H%M%S%f}"
    return f"s{SCHEMA_VERSION}a{ANALYSER_VERSION}-{moment}-{secrets.token_hex(2)}"


class TargetFolder:
    """``targets/<name>/<collection>/``, ``CURRENT``, and ``set-aside/<name>/`` for what was found damaged."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, target: str, collection: Collection) -> Path:
        return self._root / "targets" / target / collection.value

    def targets(self) -> list[str]:
        folder = self._root / "targets"
        return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []

    def current(self) -> str | None:
        """Return the target that the pointer names; None where there is no pointer, or none that can be read."""
        try:
            name = (self._root / "CURRENT").read_text("ascii").strip()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, UnicodeDecodeError):
            return None
        except OSError as error:
            raise EngineUnavailable(f"the index folder cannot be read: {error}") from error
        return name if _NAME.fullmatch(name) else None

    def prepare(self) -> None:
        """Make room for targets; a file or a folder that lies where the other belongs is moved out of the way."""
        wrong = []
        if (self._root / "targets").exists() and not (self._root / "targets").is_dir():
            wrong.append("targets")
        if (self._root / "CURRENT").is_dir():
            wrong.append("CURRENT")
        for name in wrong:
            self._keep_aside(self._root / name)
        (self._root / "targets").mkdir(parents=True, exist_ok=True)

    def stamp(self, target: str) -> None:
        """Note by which schema and analyser a target is built."""
        (self._root / "targets" / target / "stamp.json").write_text(json.dumps(STAMP), "utf-8")

    def outdated(self, target: str) -> bool:
        try:
            return bool(
                json.loads((self._root / "targets" / target / "stamp.json").read_text("utf-8")) != STAMP
            )
        except (OSError, ValueError):
            return True

    def point_to(self, target: str) -> None:
        """Replace the pointer in one step, on the disk before this returns."""
        self.prepare()
        fresh = self._root / f"CURRENT.{secrets.token_hex(4)}"
        with fresh.open("w", encoding="ascii") as file:
            file.write(target)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._root / "CURRENT")
        folder = os.open(self._root, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def set_aside(self, target: str) -> None:
        """Move what is left of a target out of the way; the newest two are kept, older ones deleted."""
        path = self._root / "targets" / target
        if os.path.lexists(path):
            self._keep_aside(path)

    def _keep_aside(self, path: Path) -> None:
        aside = self._root / "set-aside"
        aside.mkdir(parents=True, exist_ok=True)
        moment = f"{datetime.now(UTC):%Y%m%dt%H%M%S%f}"
        path.rename(aside / f"{moment}-{path.name}")
        for old in sorted(aside.iterdir())[:-KEPT_ASIDE]:
            if old.is_dir() and not old.is_symlink():
                shutil.rmtree(old, ignore_errors=True)
            else:
                with suppress(OSError):
                    old.unlink()

    def delete(self, target: str) -> None:
        if target in self.targets():
            shutil.rmtree(self._root / "targets" / target, ignore_errors=True)

    def erase(self) -> None:
        """Delete pointer and targets, the pointer first: no reader is sent to a target that is gone."""
        with suppress(FileNotFoundError, IsADirectoryError, PermissionError):
            (self._root / "CURRENT").unlink()
        for name in ("targets", "set-aside"):
            shutil.rmtree(self._root / name, ignore_errors=True)
