"""Files of archives as programs leave them: cut, mislabelled, with lengths that lie. What is whole is read."""

from __future__ import annotations

import gzip
import json
import lzma
import time
from pathlib import Path
from typing import Any

import pytest

from claims.management.archive_sources import found_in

TEXT = "The town of Lund lost 300 jobs in 2019, the mayor said on Monday. " * 3
HEAD = "title,text,url,publish_date\n"


def row(number: int, **other: Any) -> dict[str, Any]:
    return {"title": f"T{number}", "text": f"{TEXT}{number}", "url": f"https://p.example/{number}", **other}


def line(number: int) -> str:
    return f'T{number},"{TEXT}{number}",https://p.example/{number},2024-01-02\n'


def lines(*rows: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(one) for one in rows).encode()


def record(number: int, *, length: object = None, words: str = TEXT) -> bytes:
    paragraphs = "".join(f"<p>{words}{at}</p>" for at in range(6))
    head = f"<!doctype html><html><head><title>T{number}</title></head>"
    page = f"{head}<body><article>{paragraphs}</article></body></html>"
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}".encode()
    size = len(http) if length is None else length
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://p.example/{number}\r\n"
        "WARC-Date: 2024-01-02T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {size}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


BOTH = lines(row(1), row(2))
WHOLE: dict[str, tuple[str, bytes]] = {
    "two bytes a sign": ("a.jsonl", BOTH.decode().encode("utf-16")),
    "a line of another encoding": (
        "a.jsonl",
        json.dumps(row(1, outlet="Zürich"), ensure_ascii=False).encode("latin-1") + b"\n" + lines(row(2)),
    ),
    "commas behind the lines of a list": ("a.jsonl", b"[\n" + BOTH.replace(b"\n", b",\n") + b"\n]\n"),
    "records with their sign": ("a.jsonl", b"\x1e" + BOTH.replace(b"\n", b"\n\x1e")),
    "Python's notation": ("a.jsonl", f"{row(1)!r}\n{row(2)!r}\n".encode()),
    "one list over several lines": ("a.jsonl", json.dumps([row(1), row(2)], indent=1).encode()),
    "one list on one line": ("a.jsonl", json.dumps([row(1), row(2)]).encode()),
    "documents in an object of their own": (
        "a.jsonl",
        lines({"_id": 1, "_source": row(1)}, {"article": row(2)}),
    ),
    "not packed, and called so": ("a.jsonl.gz", BOTH),
    "packed, and not called so": ("a.jsonl", gzip.compress(BOTH)),
    "packed otherwise than it is called": ("a.jsonl.gz", lzma.compress(BOTH)),
    "packed twice": ("a.jsonl.gz", gzip.compress(gzip.compress(BOTH))),
    "a mark inside a cell": (
        "a.csv",
        (HEAD + line(1).replace("the mayor", 'the "mayor"') + line(2)).encode(),
    ),
    "marks with a backslash": (
        "a.csv",
        (HEAD + line(1).replace("the mayor,", '\\"the mayor\\",') + line(2)).encode(),
    ),
    "a title above the names": ("a.csv", f"Export of 2024\n\n{HEAD}{line(1)}{line(2)}".encode()),
    "what a spreadsheet tells": (
        "a.csv",
        f"sep=;\ntitle;text;url\nT1;{TEXT}1;https://p.example/1\nT2;{TEXT}2;https://p.example/2\n".encode(),
    ),
}


def read(folder: Path, name: str, data: bytes) -> tuple[list[str], list[tuple[str, str]]]:
    (folder / name).write_bytes(data)
    found = list(found_in(str(folder / name), follow=False, known=lambda _source, _place: False))
    titles = [one.item.extracted.title for one in found if one.item is not None]
    titles += [
        one.page.extracted.title for one in found if one.page is not None and one.page.extracted is not None
    ]
    return titles, [(one.place, one.error) for one in found if one.error]


@pytest.mark.parametrize("fault", WHOLE)
def test_what_is_whole_is_read_whatever_it_is_called(fault: str, tmp_path: Path) -> None:
    assert read(tmp_path, *WHOLE[fault]) == (["T1", "T2"], [])


def test_a_text_keeps_its_words_and_its_address(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        HEAD + line(1).replace('"', "", 1).replace("T1,", 'T1,"', 1) + line(2), "utf-8"
    )
    [first, second] = found_in(str(tmp_path / "a.csv"), follow=False, known=lambda _source, _place: False)
    assert first.item is not None
    assert second.item is not None
    assert first.item.url == "https://p.example/1"
    assert first.item.extracted.text.startswith(TEXT.strip())


@pytest.mark.parametrize("large", [False, True])
def test_a_mark_that_is_missing_swallows_no_article(large: bool, tmp_path: Path) -> None:
    broken = f'T1,"{TEXT},https://p.example/1,2024-01-02\n'
    rest = "".join(line(n) for n in range(2, 5))
    # Beyond what is held in memory a table is read as it comes.
    more = "".join(f"M,{'word ' * 2_000},https://p.example/m{n},2024-01-02\n" for n in range(600 * large))
    titles, errors = read(tmp_path, "a.csv", f"{HEAD}{broken}{rest}{more}".encode())
    assert titles[:4] == ["T1", "T2", "T3", "T4"]
    assert len(titles) == 4 + 600 * large
    assert errors == []


def test_a_mark_that_is_missing_in_a_table_without_addresses_is_told(tmp_path: Path) -> None:
    table = f'title,text\nT1,"{TEXT}\nT2,{"word " * 9}\nT3,{"word " * 9}\n'
    titles, errors = read(tmp_path, "a.csv", table.encode())
    assert titles == ["T2", "T3"]
    assert errors == [("row 2", "A quotation mark is missing in line 2, so that its columns cannot be told.")]


def test_what_was_cut_off_is_read_up_to_there(tmp_path: Path) -> None:
    packed = gzip.compress(lines(*(row(n) for n in range(500))))
    titles, errors = read(tmp_path, "a.jsonl.gz", packed[: len(packed) // 2])
    assert len(titles) > 100
    assert [said for _place, said in errors][-1].startswith("The packed file is damaged or cut off")


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (100, "the one before it is wrong"),
        (10**9, "leads over the end of the file"),
        (10**5, "leads over the end of the file"),
        (-5, "head is damaged"),
        ("abc", "head is damaged"),
    ],
)
def test_a_length_that_lies_costs_no_other_record(length: object, told: str, tmp_path: Path) -> None:
    titles, errors = read(tmp_path, "a.warc", record(1, length=length) + record(2) + record(3))
    assert titles == ["T2", "T3"]
    assert any(told in said for _place, said in errors)


def test_a_length_a_little_too_long_costs_no_other_record(tmp_path: Path) -> None:
    long = record(1)
    size = int(long.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
    titles, errors = read(tmp_path, "a.warc", record(1, length=size + 60) + record(2) + record(3))
    assert titles[-2:] == ["T2", "T3"]
    assert errors


def test_what_stands_between_records_is_told(tmp_path: Path) -> None:
    titles, errors = read(tmp_path, "a.warc", record(1) + b"proxy error\r\n\r\n" + record(2))
    assert titles == ["T1", "T2"]
    assert len(errors) == 1


def test_lengths_that_all_lie_end_in_bounded_time(tmp_path: Path) -> None:
    begun = time.process_time()
    _titles, errors = read(tmp_path, "a.warc", b"".join(record(n, length=10**9) for n in range(400)))
    assert len(errors) <= 400
    assert time.process_time() - begun < 20
