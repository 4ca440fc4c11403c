"""Bytes become characters: marks, wrong headers, damage, and what is no text."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.intake.decode import clean, decode
from claims.intake.types import IntakeError

WORDS = "Der Müller von Görlitz hat „Süßes“ für 5 € gekauft – sagte er."


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_mark_decides_and_is_removed(mark: bytes, encoding: str) -> None:
    got = decode(mark + WORDS.encode(encoding), "windows-1252")
    assert (got.text, got.encoding) == (WORDS, encoding)


def test_utf8_wins_over_a_wrong_header_and_says_so() -> None:
    got = decode(WORDS.encode(), "iso-8859-1")
    assert got.text == WORDS
    assert "declares iso-8859-1" in got.notes[0]


def test_latin1_means_what_browsers_take_it_for() -> None:
    got = decode(WORDS.encode("cp1252"), "iso-8859-1")
    assert (got.text, got.notes) == (WORDS, ())


def test_a_header_that_claims_utf8_for_a_western_page_is_found_out() -> None:
    got = decode(WORDS.encode("cp1252"), "utf-8")
    assert "Müller von Görlitz" in got.text
    assert got.notes


def test_the_page_itself_may_declare_its_encoding() -> None:
    page = f'<html><head><meta charset="windows-1251"></head><p>{"Собрание перенесли на вторник."}</p>'
    assert "Собрание" in decode(page.encode("cp1251"), "", markup=True).text
    assert "Собрание" in decode(page.encode("cp1251"), "utf-8", markup=True).text


def test_an_undeclared_cyrillic_file_is_guessed_with_a_note() -> None:
    words = "Собрание перенесли на вторник, сообщили в городском совете. Жители против строительства дороги."
    got = decode(words.encode("cp1251"))
    assert got.text == words
    assert "guessed" in got.notes[-1]


def test_an_encoding_that_looks_like_ascii_is_taken_from_its_declaration() -> None:
    words = "ダムの道路は閉鎖された。"
    assert decode(words.encode("iso2022_jp"), "ISO-2022-JP").text == words


def test_utf16_without_a_mark_is_seen() -> None:
    assert decode(WORDS.encode("utf-16-le")).text == WORDS
    assert decode(WORDS.encode("utf-16-be")).text == WORDS


def test_a_few_damaged_bytes_do_not_turn_the_whole_file_into_another_encoding() -> None:
    data = WORDS.encode() * 5
    got = decode(data[:3] + b"\xff" + data[3:])
    assert got.text.count("\ufffd") == 1
    assert "Süßes" in got.text


def test_nul_and_lone_surrogates_are_replaced_one_for_one_and_line_ends_stay() -> None:
    assert decode(b"a\0b\r\nc\rd").text == "a\ufffdb\r\nc\rd"
    assert clean("a\ud800b\0") == "a\ufffdb\ufffd"


@pytest.mark.parametrize("label", ["utf-7", "base64", "rot13", "no-such", "unicode_escape", "\0", "x" * 500])
def test_a_declared_encoding_that_is_none_is_ignored(label: str) -> None:
    assert decode("Grüße".encode(), label).text == "Grüße"
    assert decode(b"+ADw-script+AD4-", label).text == "+ADw-script+AD4-"


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x00\x01\x02\x03" * 100, b"\x7fELF" + bytes(500)])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(IntakeError) as caught:
        decode(data)
    assert caught.value.code == "binary"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"])))
def test_any_utf8_text_comes_back_as_it_is(text: str) -> None:
    assert decode(text.encode()).text == text.removeprefix("\ufeff").removeprefix("\ufeff")


@given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "latin-1", "shift_jis", "utf-16", "gb2312"]))
def test_any_bytes_become_storable_text_or_a_refusal(data: bytes, label: str) -> None:
    text, code = "", ""
    try:
        text = decode(data, label, markup=True).text
    except IntakeError as error:
        code = error.code
    assert code in ("", "binary")
    assert "\0" not in text
    text.encode()
