"""Which pages does a WARC file hold, the format of web archives? Read record by record, packed or not.

Responses with a body, resources and texts made from pages come out; requests, notes about the crawl and mere
mentions of an unchanged page do not. A record that is damaged or too large is told and stops no other; a file that
is cut off gives what is whole. HTTP inside is read by the standard library.
"""

from __future__ import annotations

import gzip
import http.client
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from types import SimpleNamespace
from typing import IO, Any

from claims.intake.types import BYTES_LIMIT, IntakeError
from claims.net.errors import FetchError
from claims.net.unpack import unpacker
from claims.spoken import gettext as _

_KINDS = frozenset({"response", "resource", "conversion"})
#: Longer heads are no heads.
_LONGEST_HEAD = 64 * 1024
_LONGEST_VERSION = 20
#: So often a file is read again from where a length led over its end.
_MOST_REREADS = 20
_DAMAGED = (
    "This record's head is damaged, or the length of the one before it is wrong; reading goes on behind it."
)
_DAMAGED_LAST = "A record's head is damaged; there is no record after it."
_LYING = "The length of this record is wrong: it leads over the end of the file. Reading goes on behind it."
_CUT = "The file ends in the middle of this record: it was cut off."


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """One record with a body, or the sentence why it has none; ``place`` counts records from 1."""

    place: int
    url: str
    at: datetime | None = None
    status: int = 200
    content_type: str = ""
    charset: str = ""
    body: bytes = b""
    error: str = ""


class _NoHead(ValueError):
    """There is no record where one should begin."""


def read_warc(file: IO[bytes], *, limit: int = BYTES_LIMIT) -> Iterator[ArchivedPage]:
    """Yield the pages of an open file, each in memory alone; raises IntakeError where this is no WARC file."""
    stream = _plain(file)
    place, rereads, pending, before = 0, 0, b"", -1
    while True:
        body = -1
        try:
            head = _head(stream, place, pending)
            pending = b""
            if head is None:
                return
            place += 1
            length = int(head.get("content-length", "-1"))
            if length < 0:
                raise ValueError
            wanted = head.get("warc-type", "").lower() in _KINDS
            url = head.get("warc-target-uri", "").strip("<> ")
            body = before = stream.tell()
            data = _body(stream, length, keep=wanted and length <= limit)
        except (EOFError, zlib.error, OSError) as error:
            # A length that is a lie reads over the records behind it.
            if body >= 0 and isinstance(error, EOFError) and rereads < _MOST_REREADS:
                rereads += 1
                stream.seek(body)
                pending = _next_head(stream)
            yield ArchivedPage(place or 1, "", error=_LYING if pending else _CUT)
            if not pending:
                return
            continue
        except ValueError as error:
            if isinstance(error, _NoHead) and before >= 0 and rereads < _MOST_REREADS:
                # Where a record should begin there is none: the length of the one before it is wrong.
                rereads += 1
                stream.seek(before)
                before = -1
            pending = _next_head(stream)
            yield ArchivedPage(place, "", error=_DAMAGED if pending else _DAMAGED_LAST)
            if not pending:
                return
            continue
        if not wanted or not url:
            continue
        if length > limit:
            said = f"The page has {length / 1024**2:.1f} MB; up to {limit // 1024**2} MB are read."
            yield ArchivedPage(place, url, error=said)
            continue
        yield _page(place, url, head, data, limit)


def _next_head(stream: IO[bytes]) -> bytes:
    """Return the first line of the next record, nothing where there is none: what stands before it is passed over."""
    try:
        while line := stream.readline(_LONGEST_HEAD):
            if line.startswith(b"WARC/") and len(line) < _LONGEST_VERSION:
                return line
    except (EOFError, zlib.error, OSError):
        pass
    return b""


def _plain(file: IO[bytes]) -> IO[bytes]:
    start = file.read(10)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        # Each record is packed by itself; reading on goes through all of them.
        return gzip.GzipFile(fileobj=file)  # type: ignore[return-value]
    if not start.startswith(b"WARC/"):
        raise IntakeError("wrong_type", _("This is no WARC file: it does not begin with WARC/."))
    return file


def _head(stream: IO[bytes], place: int, line: bytes) -> dict[str, str] | None:
    """Read the head of a record; ``line`` is its first one where that was read already."""
    line = line or b"\r\n"
    while line in (b"\r\n", b"\n"):
        line = stream.readline(_LONGEST_HEAD)
    if not line:
        return None
    if not line.startswith(b"WARC/"):
        if place == 0:
            raise IntakeError("wrong_type", _("This is no WARC file: it does not begin with WARC/."))
        raise _NoHead("no head")
    found: dict[str, str] = {}
    size = 0
    while True:
        line = stream.readline(_LONGEST_HEAD)
        size += len(line)
        if not line:
            raise EOFError
        if line in (b"\r\n", b"\n"):
            return found
        if size > _LONGEST_HEAD:
            raise ValueError("no head")
        name, _sign, value = line.decode("utf-8", "replace").partition(":")
        found[name.strip().lower()] = value.strip()


def _body(stream: IO[bytes], length: int, *, keep: bool) -> bytes:
    kept = bytearray()
    left = length
    while left:
        piece = stream.read(min(left, 1 << 20))
        if not piece:
            raise EOFError
        left -= len(piece)
        if keep:
            kept += piece
    return bytes(kept)


def _page(place: int, url: str, head: dict[str, str], data: bytes, limit: int) -> ArchivedPage:
    at = _time(head.get("warc-date", ""))
    if "application/http" not in head.get("content-type", ""):
        kind, charset = _content_type(head.get("content-type", ""))
        return ArchivedPage(place, url, at, 200, kind, charset, data)
    try:
        # What the standard library reads an answer from.
        connection: Any = SimpleNamespace(makefile=lambda _mode: io.BytesIO(data))
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        body = answer.read()
        unpack = unpacker(answer.getheader("content-encoding") or "", url)
        plain = bytearray()
        for piece in unpack(body):
            plain += piece
            if len(plain) > limit:
                raise ValueError("too large unpacked")
    except (http.client.HTTPException, FetchError, ValueError, OSError):
        return ArchivedPage(place, url, at, error="The answer in this record is damaged.")
    kind, charset = _content_type(answer.getheader("content-type") or "")
    return ArchivedPage(place, url, at, answer.status, kind, charset, bytes(plain))


def _content_type(value: str) -> tuple[str, str]:
    message = Message()
    message["content-type"] = value.replace("\n", " ").replace("\r", " ")
    charset = message.get_param("charset", "")
    return (message.get_content_type() if value else ""), charset if isinstance(charset, str) else ""


def _time(value: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
