"""Word and OpenDocument files give their text in order; what is hostile, locked or endless is refused in a sentence."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.intake.types import IntakeError, PublishedSource, Upload
from claims.intake.upload import read_upload
from tests.intake.office_files import ODT, docx, odt, packed, paragraph

TODAY = date(2026, 3, 20)
FEES = "The port of Lenna raised its fees by nine percent."


def read(name: str, data: bytes) -> Upload:
    return read_upload(name, data, today=TODAY)


def text_of(data: bytes) -> str:
    return read("a.docx", data).items[0].extracted.text


def refused(data: bytes, name: str = "a.docx") -> IntakeError:
    with pytest.raises(IntakeError) as caught:
        read(name, data)
    assert caught.value.sentence.endswith(".")
    return caught.value


def cell(words: str) -> str:
    return f"<w:tc>{paragraph(words)}</w:tc>"


ITEM = "<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>"


def test_a_word_document_gives_paragraphs_lists_and_tables_in_order() -> None:
    table = f"<w:tbl><w:tr>{cell('Year')}{cell('Fees')}</w:tr><w:tr>{cell('2025')}{cell('nine percent')}</w:tr></w:tbl>"
    got = text_of(
        docx(paragraph(FEES) + ITEM.format("Boats") + ITEM.format("Nets") + table + paragraph("The end."))
    )
    assert got == f"{FEES}\n\n- Boats\n- Nets\n\nYear | Fees\n2025 | nine percent\n\nThe end."


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<w:r><w:t>The po</w:t></w:r><w:r><w:t>rt grew.</w:t></w:r>", "The port grew."),
        ("<w:hyperlink><w:r><w:t>The p</w:t></w:r></w:hyperlink><w:r><w:t>ort grew.</w:t></w:r>", "The port grew."),
        ("<w:r><w:t>The port</w:t><w:tab/><w:t>grew.</w:t></w:r>", "The port grew."),
        ("<w:r><w:t>The port</w:t><w:br/><w:t>grew.</w:t></w:r>", "The port\ngrew."),
        ("<w:r><w:t>The e</w:t><w:noBreakHyphen/><w:t>port grew.</w:t></w:r>", "The e-port grew."),
        ("<w:ins><w:r><w:t>The port grew.</w:t></w:r></w:ins>", "The port grew."),
        ("<w:r><w:t>The port grew.</w:t></w:r><w:del><w:r><w:delText>Not.</w:delText></w:r></w:del>", "The port grew."),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>No.</w:t></w:r><w:r><w:t>The port grew.</w:t></w:r>", "The port grew."),
        ("<w:r><w:instrText>PAGE 3</w:instrText></w:r><w:r><w:t>The port grew.</w:t></w:r>", "The port grew."),
        ("<w:sdt><w:sdtContent><w:r><w:t>The port grew.</w:t></w:r></w:sdtContent></w:sdt>", "The port grew."),
    ],
)  # fmt: skip
def test_what_is_shown_of_a_paragraph_is_read(inner: str, text: str) -> None:
    assert text_of(docx(f"<w:p>{inner}</w:p>")) == text


def test_text_boxes_are_read_once_and_notes_stand_at_the_end() -> None:
    box = f"<w:txbxContent>{paragraph('In a box.')}</w:txbxContent>"
    twice = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = (
        f"<w:footnotes {space}><w:footnote w:type='separator'>{paragraph('x')}</w:footnote>"
        f"<w:footnote>{paragraph('A note.')}</w:footnote></w:footnotes>"
    )
    got = text_of(docx(twice + paragraph(FEES), more={"word/footnotes.xml": notes}))
    assert got == f"In a box.\n\n{FEES}\n\nA note."


def test_a_paragraph_in_the_style_of_a_quotation_has_marks() -> None:
    style = "<w:pPr><w:pStyle w:val='IntenseQuote'/></w:pPr>"
    said = f"<w:p>{style}<w:r><w:t>We lost 300 jobs.</w:t><w:br/><w:t>— Jens Holt</w:t></w:r></w:p>"
    assert text_of(docx(paragraph(FEES) + said)) == f"{FEES}\n\n“We lost 300 jobs.” – Jens Holt"
    body = f"<text:p>{FEES}</text:p><text:p text:style-name='Quotations'>We lost 300 jobs.</text:p>"
    assert read("a.odt", odt(body)).items[0].extracted.text == f"{FEES}\n\n“We lost 300 jobs.”"


def test_tracked_changes_are_told() -> None:
    body = f"<w:p><w:ins><w:r><w:t>{FEES}</w:t></w:r></w:ins></w:p>"
    assert "tracked changes" in read("a.docx", docx(body)).items[0].extracted.notes[0]


def test_an_open_document_gives_paragraphs_lists_tables_and_notes() -> None:
    body = (
        f"<text:h>Fees</text:h><text:p>{FEES}<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>A note.</text:p></text:note-body></text:note></text:p>"
        "<text:list><text:list-item><text:p>Boats</text:p></text:list-item>"
        "<text:list-item><text:p>Nets</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>2025</text:p></table:table-cell>"
        "<table:table-cell table:number-columns-repeated='16384'><text:p>nine</text:p></table:table-cell>"
        "</table:table-row></table:table>"
        "<text:p>One<text:s text:c='999999999'/>two<text:line-break/>three<text:tab/>four"
        "<office:annotation><text:p>No.</text:p></office:annotation></text:p>"
        "<text:tracked-changes><text:p>Gone.</text:p></text:tracked-changes>"
        "<text:p><draw:frame><draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame></text:p>"
    )
    (item,) = read("a.odt", odt(body)).items
    assert item.source == "odt"
    assert item.extracted.text == (
        f"Fees\n\n{FEES}\n\n- Boats\n- Nets\n\n2025 | nine\n\nOne two\nthree four\n\nIn a box.\n\nA note."
    )


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_title_author_and_the_day_it_was_made_are_suggested(kind: str) -> None:
    about = {"title": "Fees", "author": "Ana Ruiz; Ben Ito", "created": "2026-03-02T09:00:00Z"}
    data = docx(paragraph(FEES), **about) if kind == "docx" else odt(f"<text:p>{FEES}</text:p>", **about)
    upload = read(f"a.{kind}", data)
    got = upload.items[0].extracted
    assert (got.title, got.authors) == ("Fees", ("Ana Ruiz", "Ben Ito"))
    assert (got.published, got.published_source) == ("2026-03-02", PublishedSource.FILE)
    assert upload.media_type.startswith("application/vnd.")


def test_the_name_of_a_file_is_no_title_and_a_day_to_come_no_date() -> None:
    got = (
        read("a.docx", docx(paragraph(FEES), title="fees_final.docx", created="2031-01-01T09:00:00Z"))
        .items[0]
        .extracted
    )
    assert (got.title, got.published, got.published_evidence) == ("", "", "")


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.txt", "download", "a.aspx"])
def test_a_document_is_known_by_its_bytes(name: str) -> None:
    assert read(name, docx(paragraph(FEES))).items[0].extracted.text == FEES


BOMB = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FOREIGN = '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("before", [BOMB, FOREIGN, '<!DOCTYPE r SYSTEM "https://quay.example/a.dtd">'])
def test_entities_of_a_documents_own_are_refused(before: str) -> None:
    assert "entities" in refused(docx(paragraph("&a;"), before=before)).sentence
    assert "entities" in refused(odt("<text:p>&a;</text:p>", before=before), "a.odt").sentence


def test_entities_hidden_behind_a_long_comment_are_refused() -> None:
    before = f"<!--{'x' * 9_000}-->{BOMB.replace(' r ', ' w:document ')}"
    assert "entities" in refused(docx(paragraph(FEES), before=before)).sentence


def test_entities_hidden_by_an_encoding_are_refused() -> None:
    source = f'<?xml version="1.0" encoding="UTF-16"?>{BOMB}<w:document xmlns:w="x"><w:body/></w:document>'
    data = packed({"[Content_Types].xml": "", "word/document.xml": source.encode("utf-16")})
    assert refused(data).code == "broken"


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (docx(paragraph(FEES), more={"word/vbaProject.bin": b"x"}), "wrong_type", "macros"),
        (
            docx(paragraph(FEES), more={"[Content_Types].xml": "<Types>macroEnabled</Types>"}),
            "wrong_type",
            "macros",
        ),
        (odt(f"<text:p>{FEES}</text:p>", more={"Basic/Standard/Module1.xml": "x"}), "wrong_type", "macros"),
        (
            odt(f"<text:p>{FEES}</text:p>", more={"META-INF/manifest.xml": "<encryption-data/>"}),
            "encrypted",
            "password",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "wrong_type", "password"),
        (packed({"xl/workbook.xml": "x"}), "wrong_type", "packed"),
        (packed({"a.txt": "x", "mimetype": "application/epub+zip"}), "wrong_type", "packed"),
        (docx(paragraph(FEES))[:-40], "broken", "damaged"),
        (docx("<w:p><w:broken></w:p>"), "broken", "damaged"),
        (docx(""), "empty", "no text"),
        (packed({"mimetype": ODT}), "wrong_type", "packed"),
    ],
)
def test_what_cannot_be_taken_in_has_its_sentence(data: bytes, code: str, word: str) -> None:
    error = refused(data)
    assert error.code == code
    assert word in error.sentence


def test_a_zip_bomb_is_stopped_whatever_its_header_says() -> None:
    begun = time.process_time()
    data = docx(paragraph(FEES) + "<w:p/>" * 7_000_000)
    assert len(data) < 300_000
    assert "unpacks to more than" in refused(data).sentence
    assert time.process_time() - begun < 20


def test_a_document_of_too_many_parts_cells_or_words_is_refused() -> None:
    assert (
        "parts" in refused(docx(paragraph(FEES), more={f"word/x{n}.xml": "" for n in range(5_001)})).sentence
    )
    row = f"<w:tr>{cell('1') * 50}</w:tr>"
    assert "cells" in refused(docx(f"<w:tbl>{row * 401}</w:tbl>")).sentence
    assert refused(docx(paragraph("word " * 100) * 500)).code == "too_long"


def test_deep_nesting_is_read_as_far_as_office_programs_go_and_refused_beyond() -> None:
    def nested(times: int) -> bytes:
        return docx("<w:tbl><w:tr><w:tc>" * times + paragraph(FEES) + "</w:tc></w:tr></w:tbl>" * times)

    assert text_of(nested(10)) == FEES
    assert refused(nested(200)).code == "broken"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_document_with_any_byte_changed_is_read_or_refused(drawn: st.DataObject) -> None:
    data = bytearray(docx(paragraph(FEES)))
    for at in drawn.draw(st.lists(st.integers(4, len(data) - 1), max_size=4)):
        data[at] = drawn.draw(st.integers(0, 255))
    sentence = "."
    try:
        assert read("a.docx", bytes(data)).items
    except IntakeError as error:
        sentence = error.sentence
    assert sentence.endswith(".")
