"""Can the workbench keep its things in this data folder? Found out before anything starts; standard library only.

Every trouble is one sentence that says what to do. What only the database knows is told by ``prepare``.
"""

from __future__ import annotations

import contextlib
import errno
import os
import pwd
import shutil
import tempfile
from pathlib import Path

#: What a first start writes, rounded up; and enough that a full disk is told before something is half written.
LEAST_FREE = 50 * 1024 * 1024
FOLDERS = ("log", "blobs", "index", "backups", "workers", "static")
FILES = (
    *("desk.sqlite3", "desk.sqlite3-wal", "desk.sqlite3-shm", "run.lock", "secret-key", "logins.txt"),
    *("log/web.log", "log/worker.log"),
)
ELSEWHERE = "or set FACTCHECK_DATA to another folder"


class BadFolder(Exception):
    """The data folder cannot be used; the message is one sentence that says what to do."""


def insist_usable(data: Path) -> None:
    """Make the folder where it is missing, and raise BadFolder for whatever stands in the way."""
    _insist_folder(data, f"choose another with FACTCHECK_DATA, or move {data} away")
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadFolder(told(error, data)) from error
    _insist_writable(data)
    for name in FOLDERS:
        path = data / name
        _insist_folder(path, f"move {path} away")
        if path.exists():
            _insist_writable(path)
    for name in FILES:
        path = data / name
        if path.exists() and not path.is_file():
            raise BadFolder(f"{path} should be a file and is not: move it away, {ELSEWHERE}.")
        if path.exists() and not os.access(path, os.R_OK | os.W_OK, effective_ids=True):
            raise BadFolder(_not_ours(path))
    _insist_room(data)


def told(error: OSError, data: Path) -> str:
    """Return the sentence for what the system refused."""
    where = error.filename or data
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"The disk that holds {where} is full: make room, {ELSEWHERE}."
    if error.errno == errno.EROFS:
        return f"The disk that holds {where} can only be read: make it writable, {ELSEWHERE}."
    if error.errno in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
        return f"The path {where} cannot be used ({error.strerror}): move what is in the way, {ELSEWHERE}."
    return f"The data folder {data} cannot be written ({where}: {error.strerror}): give it to {_me()}, {ELSEWHERE}."


def _insist_folder(path: Path, advice: str) -> None:
    if path.is_symlink() and not path.exists():
        raise BadFolder(f"{path} is a link that leads nowhere: {advice}.")
    with contextlib.suppress(PermissionError):
        if path.exists() and not path.is_dir():
            raise BadFolder(f"{path} should be a folder and is not: {advice}.")


def _insist_writable(path: Path) -> None:
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK, effective_ids=True):
        if os.statvfs(path).f_flag & os.ST_RDONLY:
            raise BadFolder(f"The disk that holds {path} can only be read: make it writable, {ELSEWHERE}.")
        raise BadFolder(_not_ours(path))


def _not_ours(path: Path) -> str:
    try:
        owner = pwd.getpwuid(path.stat().st_uid).pw_name
    except (KeyError, OSError):
        owner = "somebody else"
    return f"{path} cannot be written by {_me()} (it belongs to {owner}): change its owner or rights, {ELSEWHERE}."


def _me() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"


def _insist_room(data: Path) -> None:
    try:
        free = shutil.disk_usage(data).free
        with tempfile.TemporaryFile(dir=data) as file:
            file.write(bytes(64 * 1024))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise BadFolder(told(error, data)) from error
    if free < LEAST_FREE:
        raise BadFolder(
            f"The disk that holds {data} is full ({free // 1024 // 1024} MB left, {LEAST_FREE // 1024 // 1024} are"
            f" needed): make room, {ELSEWHERE}."
        )
