"""Which files are in a packed one (zip, gz, xz, bz2)? Unpacks no more than a limit.

Refuses what is locked, damaged, or larger unpacked than the limit: a small file can hold terabytes.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from claims.intake.types import IntakeError
from claims.spoken import gettext as _

MOST_MEMBERS = 20_000
#: A file that holds packed files is opened this often.
DEEPEST = 2
_OFFICE = ("[Content_Types].xml", "mimetype")


@dataclass(frozen=True, slots=True)
class PackedFile:
    """One file, by its name and bytes; ``error`` is the sentence why it could not be unpacked."""

    name: str
    data: bytes = b""
    error: str = ""


def is_packed(data: bytes) -> bool:
    """Tell by the first bytes whether this is a packed file, and no office file."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        head = data[30:80]
        return not any(head.startswith(name.encode()) for name in _OFFICE)
    return data.startswith((b"\x1f\x8b", b"\xfd7zXZ\x00", b"BZh"))


def members(name: str, data: bytes, *, limit: int, depth: int = 0) -> Iterator[PackedFile]:
    """Yield the files inside, or the file itself where it is not packed.

    ``limit`` is how many bytes all of it may have unpacked. One that cannot be unpacked comes out as a member
    with an error; raises IntakeError where nothing can be unpacked at all.
    """
    if not is_packed(data) or depth > DEEPEST:
        yield PackedFile(name, data)
        return
    if data.startswith(b"PK"):
        yield from _of_zip(name, data, limit, depth)
        return
    inner = PurePosixPath(name).with_suffix("").name if PurePosixPath(name).suffix else name
    try:
        plain = _unpack(data, limit)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        raise IntakeError("broken", _("The packed file is damaged or cut off. Pack it again.")) from None
    yield from members(inner, plain, limit=limit, depth=depth + 1)


def _of_zip(name: str, data: bytes, limit: int, depth: int) -> Iterator[PackedFile]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        rows = [row for row in archive.infolist() if not row.is_dir() and not _is_hidden(row.filename)]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise IntakeError("broken", _("The packed file is damaged or cut off. Pack it again.")) from None
    if len(rows) > MOST_MEMBERS:
        raise IntakeError(
            "too_large",
            _("The packed file holds more than %(most_members)s files. Add it in parts.")
            % {"most_members": f"{MOST_MEMBERS:,}"},
        )
    left = limit
    for row in rows:
        if row.flag_bits & 1:
            yield PackedFile(row.filename, error="It is locked with a password. Pack it again without one.")
            continue
        try:
            with archive.open(row) as file:
                plain = file.read(left + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            lzma.LZMAError,
            OSError,
            EOFError,
            RuntimeError,
            NotImplementedError,
        ):
            yield PackedFile(row.filename, error="It is damaged inside the packed file. Pack it again.")
            continue
        if len(plain) > left:
            raise _too_large(limit)
        left -= len(plain)
        yield from members(row.filename, plain, limit=limit, depth=depth + 1)


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)


def _unpack(data: bytes, limit: int) -> bytes:
    packed = io.BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        plain = gzip.open(packed).read(limit + 1)  # noqa: SIM115 - nothing but memory is open
    elif data.startswith(b"BZh"):
        plain = bz2.open(packed).read(limit + 1)  # noqa: SIM115
    else:
        plain = lzma.open(packed).read(limit + 1)  # noqa: SIM115
    if len(plain) > limit:
        raise _too_large(limit)
    return plain


def _too_large(limit: int) -> IntakeError:
    return IntakeError(
        "too_large",
        f"Unpacked it is larger than {max(1, limit // 1024**2):,} MB. Unpack it yourself and add it in parts.",
    )
