"""Who may read the data folder? Its owner alone: files 0600, folders 0700. Standard library only.

Set in one place for every process: whatever they make is made so. What was made looser before is tightened at
the start, and told where that cannot be done.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

_OTHERS = 0o077
_OURS = (
    *("desk.sqlite3*", "secret-key*", "logins.txt", "run.lock"),
    *("blobs", "index", "log", "backups", "workers", "files", "static"),
)


def make_private() -> None:
    """Let everything that this process makes from now on belong to its owner alone."""
    os.umask(_OTHERS)


def looser(data: Path) -> Iterator[Path]:
    """Return what others may read or write: the data folder and what the workbench keeps in it, nothing else."""
    with contextlib.suppress(OSError):
        mode = data.lstat().st_mode
        # A folder like /tmp is not ours alone.
        if mode & _OTHERS and not mode & stat.S_ISVTX:
            yield data
    for name in _OURS:
        for path in data.glob(name):
            yield from _within(path)


def tighten(data: Path) -> list[Path]:
    """Take the rights of others away; returns what is not ours to change."""
    left = []
    for path in list(looser(data)):
        try:
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS)
        except OSError:
            left.append(path)
    return left


def _within(path: Path) -> Iterator[Path]:
    """Return this and everything below it that is too open; links are not followed."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return
        if mode & _OTHERS:
            yield path
        if stat.S_ISDIR(mode):
            for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
                yield from _within(Path(entry.path))
    except OSError:  # gone meanwhile, or not ours to look into
        return
