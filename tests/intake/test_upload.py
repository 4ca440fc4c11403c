"""Uploaded files: what they are is decided by their bytes, what they hold becomes documents or a sentence."""

from __future__ import annotations

import gzip
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.intake.types import BYTES_LIMIT, IntakeError, PublishedSource, Upload
from claims.intake.upload import read_upload
from tests.intake.pdfs import pdf

TODAY = date(2021, 3, 1)
TEXT = "The weir at Lake Ostra was inspected in 2019."
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


def read(name: str, data: bytes | str) -> Upload:
    return read_upload(name, data.encode() if isinstance(data, str) else data, today=TODAY)


def refused(name: str, data: bytes | str) -> IntakeError:
    with pytest.raises(IntakeError) as caught:
        read(name, data)
    return caught.value


def test_a_text_file_is_kept_as_it_is() -> None:
    (item,) = read("a.txt", "  First line\r\nSecond\tline\n").items
    assert item.extracted.text == "  First line\r\nSecond\tline\n"
    assert item.source == "text"


@pytest.mark.parametrize(
    ("name", "data", "source"),
    [
        ("a.html", f"<p>{TEXT}</p>", "html"),
        ("a.HTM", f"<!doctype html><p>{TEXT}</p>", "html"),
        ("saved page", f"<html><body><p>{TEXT}</p>", "html"),
        ("a.txt", f"<!DOCTYPE html><p>{TEXT}</p>", "html"),
        ("a.html", TEXT, "text"),
        ("a.md", f"# Weir\n\n{TEXT}", "markdown"),
        ("notes", TEXT, "text"),
        ("a.srt", f"1\n00:00:01,000 --> 00:00:04,000\n{TEXT}\n", "subtitles"),
        ("a.vtt", f"WEBVTT\n\n00:01.000 --> 00:04.000\n{TEXT}\n", "subtitles"),
        ("a.csv", f"text\n{TEXT}\n", "csv"),
        ("a.json", json.dumps({"text": TEXT}), "json"),
        ("a.pdf", pdf(TEXT), "pdf"),
        ("wrongly.txt", pdf(TEXT), "pdf"),
    ],
)
def test_each_kind_of_file_is_read(name: str, data: bytes | str, source: str) -> None:
    (item,) = read(name, data).items
    assert item.source == source
    assert TEXT in item.extracted.text


@pytest.mark.parametrize("name", ["photo.pdf", "photo.png", "photo.txt", "photo", "photo.html"])
def test_a_picture_is_refused_whatever_its_name(name: str) -> None:
    error = refused(name, PNG)
    assert error.code == "image"
    assert "picture (PNG)" in error.sentence
    assert ("although it is named .pdf" in error.sentence) is (name == "photo.pdf")


@pytest.mark.parametrize(
    "start", [b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftypheic", b"MM\0*"]
)
def test_other_pictures_are_known_too(start: bytes) -> None:
    assert refused("a.pdf", start + bytes(100)).code == "image"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", b"PK\x03\x04" + bytes(100)),
        ("a.txt", b"PK\x03\x04" + bytes(100)),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)),
        ("a.rtf", b"{\\rtf1 text}"),
        ("a.txt.gz", gzip.compress(b"text", mtime=0)),
        ("a.mp4", b"\0\0\0\x18ftypmp42" + bytes(100)),
        ("a.mp3", b"ID3\x04" + bytes(100)),
        ("a.exe", b"MZ\x90\0" + bytes(100)),
        ("a.pdf", TEXT),
        ("a.pdf", f"<html><p>{TEXT}"),
        ("a.xyz", TEXT),
    ],
)
def test_other_files_are_refused_with_what_to_do(name: str, data: bytes | str) -> None:
    error = refused(name, data)
    assert error.code == "wrong_type"
    assert error.sentence.endswith(".")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", " \n\t\r\n", "empty"),
        ("a.txt", "\u200b\ufeff…", "empty"),
        ("a.txt", bytes(range(256)) * 10, "binary"),
        ("a.txt", b"\x00" * 1000, "binary"),
        ("a.txt", b"x" * (BYTES_LIMIT + 1), "too_large"),
        ("a.txt", "word " * 40_001, "too_long"),
        ("a.csv", "name,value\na,1\n", "no_items"),
        ("a.csv", "text\n\n", "no_items"),
        ("a.json", "{broken", "broken"),
        ("a.json", "[1, 2]", "no_items"),
        ("a.json", "[" * 100_000, "broken"),
        ("a.json", '{"title": "x"}', "no_items"),
        ("a.html", "<html><body></body></html>", "no_article"),
        ("a.md", "---\ntitle: x\n---\n", "empty"),
    ],
)
def test_bad_files_have_their_sentence(name: str, data: bytes | str, code: str) -> None:
    error = refused(name, data)
    assert error.code == code
    assert error.sentence.endswith(".")


def test_a_table_becomes_one_document_per_row_and_bad_rows_are_told() -> None:
    table = (
        "Headline;Text;Link;Date;Source;Section\n"
        "Weir;The weir leaks, officials said.;https://weir.example/a?utm_source=x;2020-10-14;Ostra"
        " Herald;local\n"
        ";;;;;\n"
        'Gate;"Two lines\nin one cell";not a link;2020-10;;\n'
        "Empty;;;2020;;\n"
        "Future;The weir will leak.;;2031-01-01;;\n"
    )
    got = read("a.csv", table)
    first, second, third = got.items
    assert (first.place, first.url, first.outlet) == ("row 2", "https://weir.example/a", "Ostra Herald")
    assert (first.extracted.title, first.extracted.published) == ("Weir", "2020-10-14")
    assert first.extracted.published_source is PublishedSource.FILE
    assert first.extra == {"Section": "local"}
    assert second.extracted.text == "Two lines\nin one cell"
    assert second.extracted.published == "2020-10"
    assert "not a web address" in second.extracted.notes[0]
    assert third.extracted.published == ""
    assert "lies in the future" in third.extracted.notes[0]
    assert [s.code for s in got.skipped] == ["empty"]


@pytest.mark.parametrize(
    "column",
    [
        "publish_date",
        "Published on",
        "Date published",
        "pubDate",
        "posted_at",
        "release-date",
        "first published",
    ],
)
def test_the_day_of_publication_has_many_column_names(column: str) -> None:
    table = f"text,last_modified,updated,{column}\n{TEXT},2021-02-01,2021-02-02,2020-10-14\n"
    (item,) = read("a.csv", table).items
    assert (item.extracted.published, item.extracted.published_source) == ("2020-10-14", PublishedSource.FILE)


@pytest.mark.parametrize("column", ["last_modified", "updated", "updated_at", "date_modified", "crawled"])
def test_a_column_of_the_last_change_is_no_publication(column: str) -> None:
    (item,) = read("a.csv", f"text,{column}\n{TEXT},2020-10-14\n").items
    assert item.extracted.published == ""
    assert item.extra == {column: "2020-10-14"}


@pytest.mark.parametrize(
    "written",
    [
        "2020-10-14T23:30:00-05:00", "2020-10-14 08:00:00", "2020/10/14", "20201014", "October 14, 2020",
        "14 October 2020", "Wed, 14 Oct 2020 21:30:00 -0500", "14.10.2020", "Oct. 14, 2020, 9:30 p.m.",
    ],
)  # fmt: skip
def test_days_in_a_table_may_be_written_in_many_ways(written: str) -> None:
    (item,) = read("a.csv", f'text,publish_date\n{TEXT},"{written}"\n').items
    assert (item.extracted.published, item.extracted.notes) == ("2020-10-14", ())


@pytest.mark.parametrize("written", ["04/03/2020", "soon", "March", "14 or 15 October 2020"])
def test_a_day_with_two_readings_is_told_and_left_out(written: str) -> None:
    (item,) = read("a.csv", f'text,publish_date\n{TEXT},"{written}"\n').items
    assert item.extracted.published == ""
    assert written in item.extracted.notes[0]


@pytest.mark.parametrize(
    "data",
    [
        json.dumps([{"text": TEXT}, {"body": TEXT, "published_at": "2020-10-14T10:00:00Z"}]),
        json.dumps({"articles": [{"content": TEXT}, {"articleBody": TEXT}]}),
        f'{{"text": "{TEXT}"}}\n\n{{"text": "{TEXT}"}}\n',
    ],
)
def test_json_comes_as_list_object_or_lines(data: str) -> None:
    assert [item.extracted.text for item in read("a.json", data).items] == [TEXT, TEXT]


def test_a_markdown_file_loses_its_marks_and_gives_its_front_matter() -> None:
    source = (
        "---\ntitle: Cracks in the weir\ndate: 2020-10-14\nauthor: Ana Ruiz\n---\n"
        "# Weir\n\nThe **weir** [leaks](https://weir.example), *officials*\nsaid.\n\n- gate one\n- gate"
        " two\n\n"
        "> “It leaks.”\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    (item,) = read("a.md", source).items
    assert item.extracted.text == (
        "Weir\n\nThe weir leaks, officials said.\n\n- gate one\n- gate two\n\n“It leaks.”\n\na | b\n1 | 2"
    )
    assert (item.extracted.title, item.extracted.published) == ("Cracks in the weir", "2020-10-14")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("> We lost 300 jobs.\n>\n> — Jens Holt\n", "“We lost 300 jobs.” – Jens Holt"),
        ("> We lost 300 jobs.\n>\n> Nobody helped us.\n", "“We lost 300 jobs.\n\n“Nobody helped us.”"),
        ("> “We lost 300 jobs.”\n", "“We lost 300 jobs.”"),
        ("> HOLT: We lost 300 jobs.\n>\n> BERG: No.\n", "HOLT: We lost 300 jobs.\n\nBERG: No."),
        ("> - Berth one\n> - Berth two\n", "- Berth one\n- Berth two"),
    ],
)
def test_a_block_quotation_in_markdown_has_marks_and_its_signature(source: str, text: str) -> None:
    (item,) = read("a.md", f"The town is old.\n\n{source}\nIt is big.\n").items
    assert item.extracted.text == f"The town is old.\n\n{text}\n\nIt is big."


def test_a_row_in_utc_has_the_day_of_its_address() -> None:
    row = f"{TEXT},2020-10-14T02:25:54Z,https://weir.example/2020/10/13/cracks"
    (item,) = read("a.csv", f"text,publish_date,url\n{row}\n").items
    assert item.extracted.published == "2020-10-13"
    assert "the date in the address" in item.extracted.published_evidence


def test_a_path_in_the_name_does_no_harm() -> None:
    assert read("..\\..\\etc\\passwd.txt", TEXT).items[0].source == "text"
    assert read("../../a\0.txt", TEXT).items[0].source == "text"


@given(
    st.binary(max_size=400),
    st.sampled_from(["a.txt", "a.html", "a.csv", "a.json", "a.md", "a.pdf", "a", "a.vtt"]),
)
def test_any_bytes_are_read_or_refused_with_a_sentence(data: bytes, name: str) -> None:
    sentence = "."
    try:
        for item in read(name, data).items:
            item.extracted.text.encode()
            assert "\0" not in item.extracted.text
    except IntakeError as error:
        sentence = error.sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1/13/2024", "2024-01-13"),
        ("13/1/2024", "2024-01-13"),
        ("13-1-24", "2024-01-13"),
        ("01/02/2024", ""),
        ("1705104000", "2024-01-13"),
        ("1705104000000", "2024-01-13"),
        ("2024年1月13日", "2024-01-13"),
        ("13 de enero de 2024", "2024-01-13"),
    ],
)
def test_a_column_of_days_is_read_as_it_is_written(written: str, day: str) -> None:
    table = f'title,text,publish_date\nBoats,"The harbour lost 300 boats.","{written}"\n'
    [item] = read_upload("a.csv", table.encode(), today=date(2026, 11, 29)).items
    assert item.extracted.published == day
