"""The ingest command: files, folders, lines and pages, item by item, and started again without harm."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.management.commands import ingest
from claims.models import AuditEvent, DateSource, Document, Job
from tests.builders import HARBOUR
from tests.net.server import Site, answer, serve
from tests.people import Cast

pytestmark = pytest.mark.django_db

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Lenna Post</title>
<item><title>Boats close</title><link>{link}</link><description>Eleven boats close.</description></item>
</channel></rss>"""


def run(*arguments: str | Path, code: int = 0) -> tuple[dict[str, Any], str]:
    """Run the command with --json; return its report and what it says on standard error."""
    out, err = io.StringIO(), io.StringIO()
    said = ""
    if code:
        with pytest.raises(CommandError) as refusal:
            call_command("ingest", *map(str, arguments), "--json", stdout=out, stderr=err)
        assert refusal.value.returncode == code
        said = str(refusal.value)
    else:
        call_command("ingest", *map(str, arguments), "--json", stdout=out, stderr=err)
    return json.loads(out.getvalue() or "{}"), err.getvalue() + said


@pytest.fixture
def site(settings: object) -> Iterator[Site]:
    with serve() as running:
        settings.FETCH_ALLOW = [f"127.0.0.1:{running.port}"]  # type: ignore[attr-defined]
        yield running


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "archive.jsonl"
    rows = [{"title": f"Article {n}", "text": f"Article number {n} tells of {n} boats."} for n in range(5)]
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    return path


def test_files_go_into_the_default_desks_archive_and_are_queued_for_analysis(
    cast: Cast, tmp_path: Path
) -> None:
    path = tmp_path / "fees.txt"
    path.write_text(HARBOUR, encoding="utf-8")
    report, _said = run(path, "--published", "2026-03-03", "--outlet", "Lenna Post")
    document = Document.objects.get()
    assert report["desk"] == "north"
    assert report["counts"] == {"new": 1}
    assert report["items"][0] == {
        "source": str(path),
        "place": "",
        "document": document.pk,
        "capture": document.captures.get().pk,
        "outcome": "new",
        "sentence": "Stored.",
        "notes": [],
    }
    assert (document.title, document.published, document.published_source) == (
        "fees",
        "2026-03-03",
        DateSource.PERSON,
    )
    assert document.outlet is not None
    assert document.outlet.name == "Lenna Post"
    assert Job.objects.filter(kind="analyse").count() == 1
    assert AuditEvent.objects.get(verb="document.added").via == "ingest"


def test_a_run_that_is_started_again_stores_nothing_twice(cast: Cast, lines: Path) -> None:
    first, _said = run(lines, "--no-analysis")
    again, _said = run(lines, "--no-analysis")
    assert first["counts"] == {"new": 5}
    assert again["counts"] == {"same": 5}
    assert [row["document"] for row in again["items"]] == [row["document"] for row in first["items"]]
    assert not Job.objects.filter(kind="analyse").exists()


def test_a_bad_line_is_reported_and_stops_nobody(cast: Cast, lines: Path) -> None:
    bad = (
        b'{"text": "broken\n{"title": "no text"}\n"just a string"\n\xff\xfe\n{"text": ""}\n{"text": "fine"}\n'
    )
    lines.write_bytes(lines.read_bytes() + bad)
    report, said = run(lines, code=1)
    assert report["counts"] == {"failed": 5, "new": 6}
    failed = [row for row in report["items"] if row["outcome"] == "failed"]
    assert [row["place"] for row in failed] == ["line 7", "line 8", "line 9", "line 10", "line 11"]
    assert all(row["sentence"].endswith(".") and row["document"] is None for row in failed)
    assert "5 of 11 items failed" in said


def test_a_folder_is_read_in_order_and_strange_files_are_told(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# Bread\n\nBread is cheap in Lenna.", encoding="utf-8")
    (tmp_path / "a.txt").write_text(HARBOUR, encoding="utf-8")
    (tmp_path / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / ".hidden").write_text("secret", encoding="utf-8")
    report, _said = run(tmp_path, code=1)
    assert [(Path(row["source"]).name, row["outcome"]) for row in report["items"]] == [
        ("a.txt", "new"),
        ("b.md", "new"),
        ("c.png", "failed"),
    ]


def test_a_page_is_fetched_and_a_feed_followed(cast: Cast, site: Site) -> None:
    head = "<head><title>Fees</title></head>"
    page = f"<html>{head}<body><article><p>{HARBOUR}</p></article></body></html>".encode()
    site.routes["/fees"] = answer(page, Content_Type="text/html")
    site.routes["/rss"] = answer(
        FEED.format(link=site.url("/fees")).encode(), Content_Type="application/rss+xml"
    )
    report, _said = run(site.url("/rss"))
    assert report["items"][0]["place"] == "entry 1"
    assert Document.objects.get().captures.get().text == "Eleven boats close."
    followed, _said = run(site.url("/rss"), "--follow")
    assert followed["counts"] == {"updated": 1}
    assert "raised its fees" in Document.objects.get().captures.order_by("-number")[0].text
    gone, _said = run(site.url("/gone"), code=1)
    assert "no page" in gone["items"][0]["sentence"]


def test_a_feed_in_a_file_is_a_feed(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(FEED.format(link="https://lenna-post.example/1"), encoding="utf-8")
    run(path)
    document = Document.objects.get()
    assert (document.title, document.url) == ("Boats close", "https://lenna-post.example/1")


def test_an_entry_that_an_aggregator_passes_on_belongs_to_the_outlet_it_names(
    cast: Cast, site: Site, tmp_path: Path
) -> None:
    source = '<source url="https://herald.example/">Quay Herald</source>'
    feed = FEED.format(link="/out/1").replace("</item>", f"{source}</item>")
    site.routes["/rss"] = answer(feed.encode(), Content_Type="application/rss+xml")
    run(site.url("/rss"), "--no-analysis")
    document = Document.objects.get()
    assert document.url == site.url("/out/1")
    assert document.outlet is not None
    assert (document.outlet.name, document.outlet.site) == ("Quay Herald", "herald.example")


def test_a_json_feed_is_read_from_a_file_and_from_an_address(cast: Cast, site: Site, tmp_path: Path) -> None:
    entry = {
        "id": "1",
        "url": "/a",
        "content_text": "Eleven boats close.",
        "date_published": "2026-03-02T23:00:00-05:00",
    }
    feed = json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Quay", "items": [entry]}
    ).encode()
    site.routes["/feed"] = answer(feed, Content_Type="application/feed+json")
    run(site.url("/feed"), "--no-analysis")
    document = Document.objects.get()
    assert (document.url, document.published) == (site.url("/a"), "2026-03-02")
    path = tmp_path / "feed.json"
    path.write_bytes(feed.replace(b'"/a"', b'"https://quay.example/a"'))
    report, _said = run(path, "--no-analysis")
    assert report["counts"] == {"copy": 1}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--desk", "nowhere"], "There is no desk “nowhere”. There is: north, south."),
        (["--published", "yesterday"], "not a date"),
        (["--published", "2099-01-01"], "future"),
    ],
)
def test_wrong_use_is_told_in_one_sentence_with_status_2(
    cast: Cast, tmp_path: Path, arguments: list[str], words: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(HARBOUR, encoding="utf-8")
    _report, said = run(path, *arguments, code=2)
    assert words in said
    assert not Document.objects.exists()


def test_without_any_desk_the_command_says_so(db: None, tmp_path: Path) -> None:
    _report, said = run(tmp_path / "x", code=2)
    assert "no default desk" in said


def test_a_missing_file_and_an_empty_folder_are_failures(cast: Cast, tmp_path: Path) -> None:
    report, _said = run(tmp_path / "missing.txt", code=1)
    assert report["items"][0]["sentence"] == "There is no such file."
    _report, said = run(tmp_path, code=1)
    assert "nothing to read" in said


def test_breaking_off_says_how_to_go_on(cast: Cast, lines: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = ingest.coming, []

    def interrupted(*arguments: Any, **options: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*arguments, **options)

    monkeypatch.setattr(ingest, "coming", interrupted)
    _report, said = run(lines, code=130)
    assert "Run the same command again" in said
    assert Document.objects.count() == 2


def test_people_read_one_line_per_item(cast: Cast, lines: Path, tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError):
        call_command("ingest", str(lines), str(tmp_path / "missing.txt"), stdout=out, stderr=err)
    assert out.getvalue().splitlines()[0].startswith("new     ")
    assert "[document " in out.getvalue()
    assert "There is no such file." in err.getvalue()
    assert "5 new, 1 failed." in err.getvalue()


def warc(*pages: tuple[str, str]) -> bytes:
    parts = []
    for url, text in pages:
        page = f"<html><head><title>t</title></head><body><article><p>{text}</p></article></body></html>".encode()
        body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-03-02T00:00:00Z\r\n"
        head += f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n"
        parts.append(gzip.compress(head.encode() + body + b"\r\n\r\n"))
    return b"".join(parts)


LONG = " ".join(f"The ferry of Osk carried {n} people on day {n}." for n in range(40))


def test_a_web_archive_is_read_page_by_page(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    whole = warc(("https://osk.example/1", f"One. {LONG}"), ("https://osk.example/2", f"Two. {LONG}"))
    path.write_bytes(whole + warc(("https://osk.example/3", LONG))[:-60])
    report, _said = run(path, code=1)
    assert report["counts"] == {"failed": 1, "new": 2}
    assert "cut off" in report["items"][2]["sentence"]
    assert set(Document.objects.values_list("url", flat=True)) == {
        "https://osk.example/1",
        "https://osk.example/2",
    }
    assert not Job.objects.filter(kind="analyse").exists()


def test_packed_tables_and_folders_and_lists_of_addresses(cast: Cast, site: Site, tmp_path: Path) -> None:
    rows = "\n".join(json.dumps({"text": f"Packed article {n} tells of boats."}) for n in range(3))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(rows.encode()))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as packed:
        packed.writestr("in/one.txt", HARBOUR)
        packed.writestr("in/two.jsonl", json.dumps({"text": "From a line in a zip."}))
        packed.writestr("in/three.bin", b"\0\1\2\3" * 50)
    site.routes["/1"] = answer(f"<html><body><article><p>{LONG}</p></article></body></html>".encode(),
                               Content_Type="text/html")  # fmt: skip
    (tmp_path / "c.txt").write_text(f"# pages\n{site.url('/1')}\n{site.url('/none')}\n", encoding="utf-8")
    (tmp_path / "d.warc").write_bytes(gzip.decompress(warc(("https://osk.example/9", LONG))))
    report, _said = run(tmp_path, code=1)
    places = {(Path(row["source"]).name, row["place"]): row["outcome"] for row in report["items"]}
    assert places == {
        ("a.jsonl.gz", "line 1"): "new", ("a.jsonl.gz", "line 2"): "new", ("a.jsonl.gz", "line 3"): "new",
        ("b.zip", "in/one.txt"): "new", ("b.zip", "in/two.jsonl line 1"): "new", ("b.zip", "in/three.bin"): "failed",
        ("c.txt", "line 2"): "failed", ("c.txt", "line 1"): "new", ("d.warc", "record 1"): "copy",
    }  # fmt: skip
    assert not Job.objects.filter(kind="analyse").exists()


def test_a_large_table_is_read_row_by_row(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.management.archive_sources.BYTES_LIMIT", 1_000)
    path = tmp_path / "big.csv"
    rows = "".join(f'{n};"Zeile {n} der Tabelle\nüber Boote";https://osk.example/{n}\n' for n in range(50))
    path.write_text("nr;text;url\n" + rows + '51;"";\n', encoding="utf-8")
    report, _said = run(path, code=1)
    assert report["counts"] == {"failed": 1, "new": 50}
    assert (
        "Zeile 7 der Tabelle\nüber Boote"
        in Document.objects.get(url="https://osk.example/7").captures.get().text
    )


def test_a_journal_goes_on_where_a_run_was_broken_off(cast: Cast, lines: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    lines.write_bytes(lines.read_bytes() + b"{broken\n")
    report, _said = run(lines, "--journal", journal, code=1)
    assert report["counts"] == {"failed": 1, "new": 5}
    assert [row["place"] for row in report["items"]] == ["line 7"]
    kept = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    assert [row["outcome"] for row in kept] == ["new"] * 5 + ["failed"]
    assert kept[5]["sentence"]
    # A run that was killed may leave half a line; what failed is tried again.
    journal.write_bytes(journal.read_bytes() + b'{"source": "x')
    Document.objects.update(title="touched")
    report, _said = run(lines, "--journal", journal, code=1)
    assert report["counts"] == {"before": 5, "failed": 1}
    journal.write_text('{"a": 1}\n', encoding="utf-8")
    assert "no journal" in run(lines, "--journal", journal, code=2)[1]


def test_what_is_named_alone_is_split_and_an_archive_only_where_that_is_asked(
    cast: Cast, lines: Path, tmp_path: Path
) -> None:
    run(lines)
    assert not Job.objects.filter(kind="analyse").exists()
    lines.write_text(lines.read_text(encoding="utf-8").replace("Article", "Story"), encoding="utf-8")
    run(lines, "--analyse")
    assert Job.objects.filter(kind="analyse").count() == 5


@pytest.mark.parametrize(
    ("name", "before"), [("endless.jsonl", b'{"text": "'), ("endless.csv", b"title,text\nA,")]
)
def test_a_line_without_end_is_told_and_never_held_in_memory(
    cast: Cast, tmp_path: Path, name: str, before: bytes
) -> None:
    file = tmp_path / name
    good = json.dumps(
        {"text": "The council of Ellery raised the harbour fees on Monday by a tenth."}
    ).encode()
    with file.open("wb") as out:
        out.write(before)
        for _megabyte in range(64):
            out.write(b"harbour " * (1024 * 1024 // 8))
        out.write(b"\n" + good + b"\n")
    tracemalloc.start()
    try:
        report, _said = run(file, code=1)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    failed = [item for item in report["items"] if item["outcome"] == "failed"]
    assert [item["sentence"] for item in failed] == [
        "The line is longer than 5 MB. A file of lines holds one article in each."
    ]
    assert report["counts"].get("new", 0) == (1 if name.endswith("jsonl") else 0)
    assert peak < 40 * 1024 * 1024


def test_a_hundred_copies_cost_each_what_the_second_did(cast: Cast, tmp_path: Path) -> None:
    """However many copies there are, as many statements for the next, and all of them one origin."""
    text = (HARBOUR + "\n\n") * 3
    asked = []
    for begin in (0, 40):
        file = tmp_path / f"{begin}.jsonl"
        rows = [{"url": f"https://paper.example/{begin + n}", "text": text} for n in range(40)]
        file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        with CaptureQueriesContext(connection) as queries:
            run(file)
        asked.append(len(queries))
    assert Document.objects.count() == 80
    assert Document.objects.values("origin").distinct().count() == 1
    assert asked[1] <= asked[0] * 1.05


def test_two_importers_that_take_the_same_texts_in_another_order_lose_none(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two transactions that wait for each other one is broken off; its texts are stored one by one."""
    rows = [{"url": f"https://paper.example/{n}", "text": f"{HARBOUR}\n\nEdition {n}."} for n in range(12)]
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    real, broken = ingest.store_all, []

    def deadlocked(*given: Any, **named: Any) -> Any:
        with transaction.atomic():
            made = real(*given, **named)
            if not broken:
                broken.append(1)
                raise OperationalError("deadlock detected")
            return made

    monkeypatch.setattr(ingest, "store_all", deadlocked)
    report, _said = run(file)
    assert broken == [1]
    assert report["counts"] == {"new": 12}
    assert Document.objects.count() == 12
