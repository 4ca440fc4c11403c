"""Which characters count as unseen, and what are they called?"""

from __future__ import annotations

import sys
import unicodedata

import pytest

from claims.language import control_characters as controls

#: Signs of Arabic, Syriac and Kaithi that stand before digits and are seen.
SEEN = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}


def test_every_control_and_format_character_counts_but_tab_and_line_ends() -> None:
    for point in range(sys.maxunicode + 1):
        character = chr(point)
        wanted = unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") and point not in SEEN
        wanted = wanted and character not in "\t\n\r"
        assert not wanted or controls.CONTROL.match(character), hex(point)
        if unicodedata.category(character)[0] in "LN" and controls.CONTROL.match(character):
            assert "FILLER" in unicodedata.name(character), hex(point)


@pytest.mark.parametrize("character", ["a", "é", "א", "ع", "中", "\t", "\n", "\r", "\xa0", "️", "😀"])
def test_what_is_seen_is_left(character: str) -> None:
    assert not controls.CONTROL.search(character)


@pytest.mark.parametrize(
    ("character", "name", "label"),
    [
        ("\u202e", "RIGHT-TO-LEFT OVERRIDE, U+202E", "RLO"),
        ("\u200b", "ZERO WIDTH SPACE, U+200B", "ZWSP"),
        ("\x1b", "ESCAPE, U+001B", "ESC"),
        ("\x9d", "CONTROL CHARACTER, U+009D", "U+009D"),
        ("\ufffe", "INVISIBLE CHARACTER, U+FFFE", "U+FFFE"),
        ("\U000e0041", "TAG LATIN CAPITAL LETTER A, U+E0041", "U+E0041"),
    ],
)
def test_each_has_a_name(character: str, name: str, label: str) -> None:
    assert (controls.name(character), controls.label(character)) == (name, label)


def test_names_of_the_old_controls_are_those_of_the_standard() -> None:
    for point in (*range(0x20), 0x7F, 0x85):
        name = controls.name(chr(point)).partition(",")[0]
        if not name.startswith("INFORMATION SEPARATOR"):
            assert unicodedata.lookup(name) == chr(point)


def test_where_no_markup_stands_the_code_point_is_written_out() -> None:
    assert controls.in_words("a\u202eb\u00adc") == "a[U+202E]b[U+00AD]c"


ZWNJ, ZWJ = "\u200c", "\u200d"


@pytest.mark.parametrize(
    "text",
    [
        f"می{ZWNJ}خواهم",  # Persian: I want
        f"کتابِ{ZWNJ}ها",  # after a vowel sign
        f"क{ZWNJ}ष",  # Devanagari letters
        f"क्{ZWNJ}ष",  # Devanagari, the sign between them shown
        f"क्{ZWJ}ष",  # a half form
        f"শ্রী র{ZWJ}্যাম",  # Bengali
        f"ශ්{ZWJ}රී ලංකා",  # Sinhala: Sri Lanka
        f"അവന്{ZWJ} വന്നു",  # Malayalam, at the end of a word
        f"ಸಾಫ್ಟ್{ZWNJ}ವೇರ್",  # Kannada
        f"👩{ZWJ}🔬",
        f"👩🏽{ZWJ}🔬",
        f"👨{ZWJ}👩{ZWJ}👧",
        f"🏳️{ZWJ}🌈",
        f"🤷🏾{ZWJ}♂️",
    ],
)
def test_a_joiner_that_does_its_work_is_text(text: str) -> None:
    assert not controls.CONTROL.search(text)
    assert controls.in_words(text) == text


@pytest.mark.parametrize(
    "text",
    [
        f"pay{ZWJ}pal",
        f"pay{ZWNJ}pal",
        f"Москва{ZWNJ}",
        f"м{ZWJ}а",
        f"א{ZWNJ}ב",
        f"中{ZWJ}文",
        f"a{ZWNJ}می",
        f"می{ZWNJ}a",
        f"می{ZWNJ}ক",
        f"ক{ZWJ}क",
        f"{ZWNJ}می",
        f"می{ZWNJ}",
        f"می{ZWNJ} خواهم",
        f"می{ZWNJ}، خواهم",
        f"۱{ZWNJ}۲",
        f"അവന്{ZWJ}x",
        f"👩{ZWNJ}🔬",
        f"👩{ZWJ}",
        f"👩{ZWJ}x",
        f"x{ZWJ}🔬",
        f"1{ZWJ}2",
        f"©{ZWJ}®",
    ],
)
def test_a_joiner_anywhere_else_counts(text: str) -> None:
    assert len(controls.CONTROL.findall(text)) == 1


@pytest.mark.parametrize("text", [f"می{ZWNJ}{ZWNJ}خواهم", f"👩{ZWJ}{ZWJ}🔬", f"می{ZWNJ}{ZWJ}خواهم"])
def test_two_joiners_do_no_work(text: str) -> None:
    assert len(controls.CONTROL.findall(text)) == 2
    assert [len(run) for run in controls.CONTROLS.findall(text)] == [2]


def test_a_joiner_at_work_hides_no_neighbour() -> None:
    assert controls.in_words(f"می{ZWNJ}خوا\u202eهم") == f"می{ZWNJ}خوا[U+202E]هم"


@pytest.mark.parametrize("around", ["The works of Osk.\t\r\n", "Ein „großer“ Tag – 5 €, 😀", ""])
def test_whether_a_page_may_hold_any_is_sure_where_it_says_no(around: str) -> None:
    assert not controls.may_hold_any((around * 3).encode())
    for point in [*range(0xD800), *range(0xE000, 0x30000), *range(0xE0000, 0xE0100)]:
        one = chr(point)
        if controls.CONTROL.search(one):
            assert controls.may_hold_any(f"{around}{one}{around}".encode()), hex(point)
    # What is no UTF-8 becomes a character that counts.
    assert controls.may_hold_any(around.encode() + b"\xff")
