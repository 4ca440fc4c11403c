"""Web archives, whole, packed, cut and damaged."""

from __future__ import annotations

import gzip
import io

import pytest

from claims.intake.types import IntakeError
from claims.intake.warc import ArchivedPage, read_warc

PAGE = b"<html><body>Ferry</body></html>"


def record(
    body: bytes,
    kind: str = "response",
    url: str = "https://osk.example/1",
    media: str = "application/http; msgtype=response",
) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2020-05-06T10:00:00Z\r\n"
    return f"{head}Content-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n"


def http(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = "".join(f"{one}\r\n" for one in ("Content-Type: text/html; charset=utf-8", *headers))
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def pages(data: bytes, **options: int) -> list[ArchivedPage]:
    return list(read_warc(io.BytesIO(data), **options))


WHOLE = [
    record(b"software: x\r\n", "warcinfo", "", "application/warc-fields"),
    record(b"GET / HTTP/1.1\r\n\r\n", "request"),
    record(http(PAGE)),
    record(http(b"", "304 Not Modified"), "revisit"),
    record(http(b"7\r\n<html>F\r\n5\r\nerry.\r\n0\r\n\r\n", "200 OK", "Transfer-Encoding: chunked")),
    record(http(gzip.compress(PAGE), "200 OK", "Content-Encoding: gzip")),
    record(http(b"none", "404 Not Found")),
    record("Fähre\n".encode(), "conversion", "https://osk.example/text", "text/plain"),
]


@pytest.mark.parametrize("packed", [False, True])
def test_pages_come_out_and_nothing_else(packed: bool) -> None:
    data = b"".join(gzip.compress(one) if packed else one for one in WHOLE)
    found = pages(data)
    assert [(one.place, one.status, one.body) for one in found] == [
        (3, 200, PAGE), (5, 200, b"<html>Ferry."), (6, 200, PAGE), (7, 404, b"none"), (8, 200, "Fähre\n".encode()),
    ]  # fmt: skip
    assert (found[0].content_type, found[0].charset, found[0].url) == (
        "text/html",
        "utf-8",
        "https://osk.example/1",
    )
    assert found[0].at is not None
    assert found[0].at.year == 2020


@pytest.mark.parametrize("packed", [False, True])
def test_a_cut_file_gives_what_is_whole_and_says_so(packed: bool) -> None:
    parts = [gzip.compress(one) if packed else one for one in (record(http(PAGE)), record(http(PAGE * 50)))]
    found = pages(parts[0] + parts[1][: len(parts[1]) // 2])
    assert [bool(one.error) for one in found] == [False, True]
    assert "cut off" in found[1].error


def test_a_damaged_record_stops_no_other_and_a_damaged_head_is_told() -> None:
    found = pages(record(b"no http at all") + record(http(PAGE)) + b"garbage\r\n\r\n")
    assert [one.error[:20] for one in found] == ["The answer in this r", "", "A record's head is d"]


def test_a_large_page_is_told_without_being_kept() -> None:
    found = pages(record(http(b"x" * 3_000_000)) + record(http(PAGE)), limit=1024 * 1024)
    assert "up to 1 MB" in found[0].error
    assert found[1].body == PAGE


@pytest.mark.parametrize("data", [b"", b"no archive", gzip.compress(b"no archive", mtime=0)])
def test_what_is_no_archive_says_so(data: bytes) -> None:
    with pytest.raises(IntakeError, match="no WARC"):
        pages(data)
