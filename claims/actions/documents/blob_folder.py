"""Stored bytes as files in a folder of this machine: the storage of one host, written so that a power cut halves none.

For several hosts ``FACTCHECK_BLOB_STORAGE`` names another storage of Django's kind; nothing but the settings knows
which one is in use.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils._os import safe_join


class BlobFolder(FileSystemStorage):
    """``BLOB_DIR``, looked up anew each time; saving what is there already only renews its time."""

    def __init__(self) -> None:
        super().__init__(allow_overwrite=True)

    def path(self, name: str) -> str:
        return str(safe_join(str(settings.BLOB_DIR), name))

    def _save(self, name: str, content: File[bytes]) -> str:
        """Write a file that appears under its name whole or not at all, also after a power cut."""
        target = Path(self.path(name))
        if target.exists():
            # Whoever purges what nothing names goes by the time of the last put.
            with contextlib.suppress(OSError):
                os.utime(target)
            return name
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                for piece in content.chunks():
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return name
