"""PDF files: text by page, and a sentence for those without."""

from __future__ import annotations

from datetime import date

import pytest

from claims.intake.pdf import extract_pdf
from claims.intake.types import IntakeError, PublishedSource
from tests.intake.pdfs import pdf

ONE = "The weir at Lake Ostra was inspected in 2019.\nIt has three gates."
TWO = "The repair will cost 4.2 million crowns, the board said."
TODAY = date(2021, 3, 1)


def test_every_page_has_its_place_in_the_text() -> None:
    got = extract_pdf(pdf(ONE, TWO), today=TODAY)
    first, second = got.pages
    assert got.text[first.start : first.end].splitlines() == ONE.splitlines()
    assert got.text[second.start : second.end] == TWO
    assert (first.number, second.number) == (1, 2)


def test_the_day_the_file_was_made_is_a_suggestion_and_the_title_is_read() -> None:
    got = extract_pdf(pdf(ONE, title="Inspection report", created="D:20201014101500+02'00'"), today=TODAY)
    assert (got.title, got.published, got.published_source) == (
        "Inspection report",
        "2020-10-14",
        PublishedSource.FILE,
    )
    assert extract_pdf(pdf(ONE, title="report_final.docx"), today=TODAY).title == ""
    assert extract_pdf(pdf(ONE, created="D:20350101000000Z"), today=TODAY).published == ""


def test_a_page_without_text_is_named() -> None:
    assert extract_pdf(pdf(ONE, "", TWO), today=TODAY).notes == ("Without readable text: page 2.",)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pdf("", ""), "scanned"),
        (pdf("7"), "scanned"),
        (pdf(ONE, password="secret"), "encrypted"),
        (pdf(ONE)[:200], "broken"),
        (b"%PDF-1.7\n" + b"\0" * 400, "broken"),
        (b"", "empty"),
    ],
)
def test_what_holds_no_text_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(IntakeError) as caught:
        extract_pdf(data, today=TODAY)
    assert caught.value.code == code
    assert caught.value.sentence.endswith(".")


def test_a_text_over_the_limit_is_refused_at_its_page() -> None:
    with pytest.raises(IntakeError) as caught:
        extract_pdf(pdf(*["word " * 12_000] * 5), today=TODAY)
    assert caught.value.code == "too_long"
    assert "by page 4" in caught.value.sentence
