"""Which worker processes are alive? Told by locks that the kernel lets go of when a process ends.

Every process that runs jobs holds a lock on a small file of its own in the data folder, and the first
characters of a job's token name that file. A running row whose file nobody holds belongs to a process that
has ended, however it ended, and goes back to the queue at once instead of when its lease runs out. No file,
or a folder that cannot be locked, says nothing: then the lease decides.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import logging
import os
import secrets
import socket
import threading
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)

NAME_LENGTH = 12
_lock = threading.Lock()
_held: tuple[str, int] | None = None


def folder() -> Path:
    return Path(settings.DATA_DIR) / "workers"


def my_name() -> str:
    """Return this process's name as a worker, twelve characters, and hold its lock from the first call on."""
    global _held
    with _lock:
        if _held is None:
            name = secrets.token_hex(NAME_LENGTH // 2)
            _held = (name, _hold(name))
        return _held[0]


def _hold(name: str) -> int:
    """Lock a new file under a passing name, then give it its own: whoever sees it sees it locked."""
    fresh = folder() / f"{name}.new"
    try:
        folder().mkdir(parents=True, exist_ok=True)
        descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        since = dt.datetime.now(dt.UTC).isoformat()
        os.write(descriptor, f"{socket.gethostname()} {os.getpid()} {since}\n".encode())
        os.rename(fresh, folder() / f"{name}.lock")
    except OSError as error:
        log.warning("No lock for this worker (%s): after a crash its jobs wait for their lease.", error)
        return -1
    return descriptor


def _forget() -> None:
    """A forked child is another worker; the lock stays with the parent."""
    global _held, _lock
    _lock = threading.Lock()
    if _held is not None and _held[1] >= 0:
        with contextlib.suppress(OSError):
            os.close(_held[1])
    _held = None


os.register_at_fork(after_in_child=_forget)


def has_ended(name: str) -> bool:
    """Say whether the process of this name is known to have ended; False where nothing is known."""
    if _held is not None and _held[0] == name:
        return False
    try:
        descriptor = os.open(folder() / f"{name}.lock", os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def clear(keep: set[str]) -> None:
    """Remove the files of ended processes, except those named in ``keep``: their rows are not yet freed."""
    for path in folder().glob("*.lock"):
        if path.stem not in keep and has_ended(path.stem):
            with contextlib.suppress(OSError):
                path.unlink()
