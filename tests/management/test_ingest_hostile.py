"""Files that would never end: each is read in bounded time and memory, said in a sentence, and loses no neighbour."""

from __future__ import annotations

import gzip
import io
import json
import time
import tracemalloc
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions.documents import intake
from claims.models import Capture, Document, Origin
from tests.builders import HARBOUR
from tests.people import Cast

pytestmark = pytest.mark.django_db

MANY = 100_000


def run(*sources: Path, code: int = 0) -> dict[str, Any]:
    out = io.StringIO()
    with pytest.raises(CommandError) if code else nullcontext():
        call_command("ingest", *map(str, sources), json=True, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())  # type: ignore[no-any-return]


def sentences(report: dict[str, Any]) -> list[str]:
    return [row["sentence"] for row in report["items"] if row["outcome"] == "failed"]


def test_a_million_columns_are_refused_in_a_sentence(cast: Cast, tmp_path: Path) -> None:
    table = tmp_path / "wide.csv"
    table.write_text(f"text,{'a,' * 1_000_000}\n{HARBOUR!r}\n", encoding="utf-8")
    begun = time.process_time()
    (said,) = sentences(run(table, code=1))
    assert "columns" in said
    assert len(said) < 200
    assert time.process_time() - begun < 5
    assert not Document.objects.exists()


def test_a_row_with_a_million_cells_is_read_by_its_header(cast: Cast, tmp_path: Path) -> None:
    table = tmp_path / "ragged.csv"
    table.write_text(
        f'title,text\nBoats,"{HARBOUR}"{",x" * 1_000_000}\nMore,"{HARBOUR} Again."\n', encoding="utf-8"
    )
    assert run(table)["counts"] == {"new": 2}
    assert set(Document.objects.values_list("title", flat=True)) == {"Boats", "More"}


@pytest.mark.parametrize("named", [True, False])
def test_an_object_with_very_many_keys_keeps_its_text_or_is_refused(
    cast: Cast, tmp_path: Path, named: bool
) -> None:
    wide: dict[str, Any] = {f"column {n}": n for n in range(200_000)}
    if named:
        wide["text"] = HARBOUR
    lines = tmp_path / "wide.jsonl"
    lines.write_text(f"{json.dumps(wide)}\n{json.dumps({'text': HARBOUR + ' Again.'})}\n", encoding="utf-8")
    begun = time.process_time()
    report = run(lines, code=0 if named else 1)
    assert report["counts"] == ({"new": 2} if named else {"new": 1, "failed": 1})
    assert all(len(said) < 500 for said in sentences(report))
    assert time.process_time() - begun < 20
    assert all(len(json.dumps(one.notes)) < 2_000 for one in Capture.objects.all())


def test_a_web_archive_that_was_cut_gives_what_is_whole_and_says_so(cast: Cast, tmp_path: Path) -> None:
    page = f"<html><title>Boats</title><body><p>{HARBOUR}</p></body></html>"
    records = [_record(f"https://paper.example/{n}", page.replace("eleven", str(n))) for n in range(5)]
    packed = tmp_path / "cut.warc.gz"
    packed.write_bytes(b"".join(map(gzip.compress, records))[:-60])
    plain = tmp_path / "cut.warc"
    plain.write_bytes(b"".join(records)[:-400].replace(b"paper.example", b"press.example"))
    report = run(packed, plain, code=1)
    assert report["counts"]["failed"] == 2
    stored = report["counts"].get("new", 0) + report["counts"].get("copy", 0)
    assert stored == 8
    assert Document.objects.count() == stored


def test_a_file_of_one_text_again_and_again_is_read_with_little_memory(cast: Cast, tmp_path: Path) -> None:
    lines = tmp_path / "same.jsonl"
    line = json.dumps({"text": HARBOUR, "url": "https://paper.example/boats"})
    lines.write_text(f"{line}\n" * 300, encoding="utf-8")
    tracemalloc.start()
    try:
        report = run(lines)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert report["counts"] == {"new": 1, "same": 299}
    assert Capture.objects.count() == 1
    assert peak < 30_000_000


@pytest.mark.parametrize("which", ["the same", "nearly the same"])
def test_among_a_hundred_thousand_identical_documents_the_next_costs_no_more(cast: Cast, which: str) -> None:
    first = intake.add_text(
        actor=cast.ada, desk=cast.desk, text=HARBOUR, url="https://paper.example/0"
    ).document
    copied(first, MANY)
    assert Document.objects.filter(origin=first.origin_id).count() == MANY + 1
    for number in (1, 2):
        begun = time.process_time()
        with CaptureQueriesContext(connection) as asked:
            added = intake.add_text(
                actor=cast.ada,
                desk=cast.desk,
                text=HARBOUR if which == "the same" else f"{HARBOUR} This is edition {number}.",
                url=f"https://press.example/{number}",
            )
        assert time.process_time() - begun < 2
        assert len(asked) < 60
        added.document.refresh_from_db()
        assert added.document.origin_id == first.origin_id
    assert Origin.objects.filter(documents__isnull=False).distinct().count() == 1


def copied(document: Document, count: int) -> None:
    """Put so many further documents with the same text and origin into the tables, as an import would have."""
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
    capture = Capture.objects.get(document=document)
    with connection.cursor() as cursor:
        columns = [field.column for field in Document._meta.concrete_fields if not field.primary_key]
        given = [f"'copy:' || n || ':' || {document.pk}" if one == "address_key" else one for one in columns]
        cursor.execute(
            f"INSERT INTO claims_document ({', '.join(columns)}) {numbers}"
            f" SELECT {', '.join(given)} FROM claims_document, numbers WHERE id = %s",
            [document.pk],
        )
        columns = [field.column for field in Capture._meta.concrete_fields if not field.primary_key]
        given = ["d.id" if one == "document_id" else f"c.{one}" for one in columns]
        cursor.execute(
            f"INSERT INTO claims_capture ({', '.join(columns)})"
            f" SELECT {', '.join(given)} FROM claims_capture c, claims_document d"
            " WHERE c.id = %s AND d.address_key LIKE 'copy:%%'",
            [capture.pk],
        )


def _record(url: str, page: str) -> bytes:
    body = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}".encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Date: 2026-10-14T10:00:00Z\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"
