"""What lies behind the files, folders and addresses of an archive? One thing to store after the other.

Large files are read line by line or record by record. What cannot be read is one failed item and stops no other.
Items that a journal knows are not read again.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

from django.utils import timezone

from claims.actions.documents.fetching import FetchedPage, FetchRefused, read_address
from claims.actions.documents.parsing import read_answer
from claims.intake.checks.files import is_address_list
from claims.intake.checks.packed import is_packed, members
from claims.intake.decode import decode
from claims.intake.tables import read_csv_stream, read_json
from claims.intake.types import BYTES_LIMIT, Extracted, IntakeError, Item, Skipped
from claims.intake.upload import read_upload
from claims.intake.warc import ArchivedPage, read_warc
from claims.net.fetch import Fetched

_LINES = (".jsonl", ".ndjson")
_TABLES = (".csv", ".tsv")
_WARC = (".warc", ".wet")
#: A packed file is read into memory up to this size; larger ones of lines or records are read on the go.
PACKED_LIMIT = 500 * 1024 * 1024
_OK = 200
_PACKED_TIMES = 2
_PIECE = 1024 * 1024
_LONG_LINE = (
    f"The line is longer than {BYTES_LIMIT // 1024**2} MB. A file of lines holds one article in each."
)

Known = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """One thing to store, or the sentence why it could not even be read.

    ``alone``: somebody named just this one. ``before``: a journal knows it, so that it was not read.
    """

    source: str
    place: str = ""
    item: Item | None = None
    page: FetchedPage | None = None
    data: bytes = b""
    media_type: str = ""
    error: str = ""
    alone: bool = False
    before: bool = False


def found_in(source: str, *, follow: bool, known: Known) -> Iterator[Found]:
    """Yield everything behind one source as it was typed."""
    if source.startswith(("http://", "https://")):
        yield from _from_address(source, follow=follow, known=known)
        return
    path = Path(source)
    if not path.is_dir():
        for one in _from_file(path, follow=follow, known=known):
            yield replace(one, alone=one.alone and one.item is not None)
        return
    for file in sorted(path.rglob("*")):
        if file.is_file() and not file.name.startswith("."):
            for one in _from_file(file, follow=follow, known=known):
                yield replace(one, alone=False)


def _from_address(
    url: str, *, follow: bool, known: Known, place: str = "", source: str = ""
) -> Iterator[Found]:
    source = source or url
    if known(source, place):
        yield Found(source, place, before=True)
        return
    try:
        page = read_address(url, now=timezone.now())
    except FetchRefused as refusal:
        yield Found(source, place, error=str(refusal))
        return
    if page.extracted is not None:
        yield Found(
            source, place, page=page, data=page.fetched.body, media_type=page.media_type, alone=not place
        )
        return
    for item in page.items:
        yield from _entry(source, item, page.fetched.body, page.media_type, follow=follow, known=known)


def _entry(
    source: str, item: Item, data: bytes, media_type: str, *, follow: bool, known: Known, alone: bool = False
) -> Iterator[Found]:
    if follow and item.url and item.source == "feed":
        yield from _from_address(item.url, follow=False, known=known, place=item.place, source=source)
        return
    if known(source, item.place):
        yield Found(source, item.place, before=True)
        return
    yield Found(source, item.place, item=item, data=data, media_type=media_type, alone=alone)


def _from_file(path: Path, *, follow: bool, known: Known) -> Iterator[Found]:
    source = str(path)
    try:
        kinds = [one.lower() for one in path.suffixes[-2:]]
        inner = (
            kinds[-2]
            if kinds and kinds[-1] in (".gz", ".xz") and len(kinds) > 1
            else (kinds[-1] if kinds else "")
        )
        if inner in (*_LINES, *_WARC):
            with path.open("rb") as file:
                yield from _streamed(inner, _unpacked(file), source, known)
            return
        size = path.stat().st_size
        if inner in _TABLES and size > BYTES_LIMIT:
            with path.open("rb") as file:
                yield from _from_table(_unpacked(file), source, known)
            return
        with path.open("rb") as file:
            start = file.read(100)
        if size > (PACKED_LIMIT if is_packed(start) else BYTES_LIMIT):
            said = f"The file has {size / 1024**2:.1f} MB. Large tables are read as .jsonl or .csv, line by line."
            yield Found(source, error=said)
            return
        data = path.read_bytes()
    except FileNotFoundError:
        yield Found(source, error="There is no such file.")
        return
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile):
        yield Found(source, error="The packed file is damaged or cut off; what came before that was read.")
        return
    except OSError as error:
        yield Found(source, error=f"The file cannot be read: {error.strerror}.")
        return
    yield from _from_bytes(source, path.name, data, follow=follow, known=known)


def _unpacked(file: IO[bytes]) -> IO[bytes]:
    """Return what is in a packed file by its first bytes, whatever it is called; twice packed is unpacked twice."""
    for time in range(_PACKED_TIMES):
        start = file.read(6)
        file.seek(0)
        if not start.startswith((b"\x1f\x8b", b"\xfd7zXZ\x00")):
            break
        inner = file if time == 0 else io.BytesIO(file.read(PACKED_LIMIT))
        opened: object = gzip.GzipFile(fileobj=inner) if start[:1] == b"\x1f" else lzma.open(inner)  # noqa: SIM115
        file = cast("IO[bytes]", opened)
    return file


def _streamed(kind: str, file: IO[bytes], source: str, known: Known, within: str = "") -> Iterator[Found]:
    if kind in _LINES:
        yield from _from_lines(file, source, known, within)
    else:
        yield from _from_warc(file, source, known, within)


def _from_bytes(source: str, name: str, data: bytes, *, follow: bool, known: Known) -> Iterator[Found]:
    if is_packed(data):
        try:
            for member in members(name, data, limit=PACKED_LIMIT):
                if member.error:
                    yield Found(source, member.name, error=member.error)
                    continue
                yield from _member(source, member.name, member.data, known)
        except (IntakeError, zipfile.BadZipFile) as error:
            yield Found(source, error=getattr(error, "sentence", "The packed file is damaged."))
        return
    if name.lower().endswith(".txt") and (addresses := is_address_list(decode(data[:5_000_000]).text)):
        for number, address in enumerate(addresses, start=1):
            yield from _from_address(
                address, follow=follow, known=known, place=f"line {number}", source=source
            )
        return
    try:
        upload = read_upload(name, data, today=timezone.now().date())
    except IntakeError as error:
        yield Found(source, error=error.sentence)
        return
    single = len(upload.items) == 1
    for item in upload.items:
        if single and not item.extracted.title:
            item = replace(item, extracted=replace(item.extracted, title=Path(name).stem))
        alone = single and not item.place
        yield from _entry(source, item, data, "", follow=follow, known=known, alone=alone)
    for skipped in upload.skipped:
        yield Found(source, skipped.place, error=skipped.sentence)


def _member(source: str, name: str, data: bytes, known: Known) -> Iterator[Found]:
    """Yield what one file of a packed one holds; its place names it."""
    suffix = Path(name).suffix.lower()
    if suffix in (*_LINES, *_WARC):
        yield from _streamed(suffix, io.BytesIO(data), source, known, within=name)
        return
    if len(data) > BYTES_LIMIT and suffix in _TABLES:
        yield from _from_table(io.BytesIO(data), source, known, within=name)
        return
    for one in _from_bytes(source, name, data, follow=False, known=lambda _source, _place: False):
        place = f"{name} {one.place}".strip()
        if known(source, place):
            yield Found(source, place, before=True)
        else:
            yield replace(one, place=place, alone=False)


def _from_lines(file: IO[bytes], source: str, known: Known, within: str) -> Iterator[Found]:
    """Read one object per line without holding the file in memory; a bad line is one failed item."""
    today = timezone.now().date()
    if (whole := _one_value(file)) is not None:
        for one in _from_bytes(source, "lines.json", whole, follow=False, known=known):
            yield replace(one, place=f"{within} {one.place}".strip())
        return
    for number, line in enumerate(_lines(_in_utf8(file)), start=1):
        place = f"{within} line {number}".strip()
        if line is None:
            yield Found(source, place, error=_LONG_LINE)
            continue
        text = decode(line).text.strip("\x1e \t\r\n")
        # A list whose members stand on lines of their own has brackets and commas around them.
        text = text[:-1] if text.endswith(("},", "],")) else text
        if not text or text in ("[", "]"):
            continue
        if known(source, place):
            yield Found(source, place, before=True)
            continue
        try:
            upload = read_json(text, today=today)
        except IntakeError as error:
            yield Found(source, place, error=error.sentence)
            continue
        several = len(upload.items) + len(upload.skipped) > 1
        for item in upload.items:
            here = f"{place} {item.place}" if several else place
            yield Found(source, here, item=replace(item, place=here) if several else item, data=line)
        for skipped in upload.skipped:
            yield Found(source, f"{place} {skipped.place}" if several else place, error=skipped.sentence)


def _one_value(file: IO[bytes]) -> bytes | None:
    """Return a file that is called one of lines and is one list over several lines; None where it is one of lines."""
    try:
        head = file.read(BYTES_LIMIT + 1)
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile):
        # Cut off: lines are read up to there.
        head = b""
    file.seek(0)
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")[0].strip()
    if len(head) > BYTES_LIMIT or first[:1] not in (b"[", b"{") or first[-1:] in (b"}", b","):
        return None
    try:
        json.loads(head.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return head if b"\n" in head.strip() else None


def _in_utf8(file: IO[bytes]) -> IO[bytes]:
    """Return a file of two or four bytes a sign as one whose lines can be told by their bytes."""
    start = file.read(4)
    file.seek(0)
    if not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and start != codecs.BOM_UTF32_BE:
        return file
    encoding = "utf-32" if start in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE) else "utf-16"
    return io.BytesIO(file.read(PACKED_LIMIT).decode(encoding, "replace").encode())


def _lines(file: IO[bytes]) -> Iterator[bytes | None]:
    """Yield the lines of a file, None for one that is longer than any article: a file may have no line ends at all."""
    while line := file.readline(BYTES_LIMIT + 1):
        if len(line) <= BYTES_LIMIT or line.endswith(b"\n"):
            yield line
            continue
        while (rest := file.readline(_PIECE)) and not rest.endswith(b"\n"):
            pass
        yield None


def _bounded(file: IO[bytes]) -> Iterator[bytes]:
    for line in _lines(file):
        if line is None:
            raise IntakeError("too_large", _LONG_LINE)
        yield line


def _from_table(file: IO[bytes], source: str, known: Known, within: str = "") -> Iterator[Found]:
    """Read a large table row by row."""
    encoding = decode(file.read(1 << 16)).encoding
    file.seek(0)
    lines: Iterable[str] = codecs.iterdecode(_bounded(file), encoding, errors="replace")
    if encoding.startswith(("utf-16", "utf-32")):
        # Their line ends are no single bytes.
        lines = io.StringIO(file.read(PACKED_LIMIT).decode(encoding, "replace"), newline="")
    try:
        for one in read_csv_stream(lines, today=timezone.now().date()):
            place = f"{within} {one.place}".strip()
            if known(source, place):
                yield Found(source, place, before=True)
            elif isinstance(one, Skipped):
                yield Found(source, place, error=one.sentence)
            else:
                yield Found(source, place, item=one)
    except IntakeError as error:
        yield Found(source, within, error=error.sentence)
    except csv.Error:
        yield Found(source, within, error="The table cannot be read beyond this row. Save it again as CSV.")


def _from_warc(file: IO[bytes], source: str, known: Known, within: str) -> Iterator[Found]:
    """Read the pages of a web archive; what was no page when it was archived is passed by."""
    plain = file if file.seekable() else io.BytesIO(file.read(PACKED_LIMIT))
    try:
        for record in read_warc(plain):
            place = f"{within} record {record.place}".strip()
            if known(source, place):
                yield Found(source, place, before=True)
            elif record.error:
                yield Found(source, f"{place} {record.url}".strip(), error=record.error)
            elif record.status == _OK and _is_text(record):
                yield _archived(source, place, record)
    except IntakeError as error:
        yield Found(source, within, error=error.sentence)


def _is_text(record: ArchivedPage) -> bool:
    kinds = ("", "text/html", "text/plain", "application/xhtml+xml", "application/pdf")
    return bool(record.body) and record.content_type in kinds


def _archived(source: str, place: str, record: ArchivedPage) -> Found:
    at = record.at or datetime.now(UTC)
    if not record.url.startswith(("http://", "https://")):
        return Found(source, f"{place} {record.url}", error="The record is not of a web page.")
    fetched = Fetched(
        record.url, record.url, record.status, {}, record.content_type, record.charset, record.body, at
    )
    try:
        if record.content_type == "text/plain":
            text = decode(record.body, record.charset).text
            extracted: Extracted | None = Extracted(text=text, canonical_url=record.url, extractor="warc/1")
        else:
            extracted, _items = read_answer(fetched, at)
    except IntakeError as error:
        return Found(source, f"{place} {record.url}", error=error.sentence)
    if extracted is None:
        return Found(source, f"{place} {record.url}", error="The record holds a feed, not an article.")
    page = FetchedPage(fetched, extracted)
    return Found(source, place, page=page, data=record.body, media_type=record.content_type)
