"""Attribution is a pack per language: English, German, Spanish, French, and an honest nothing elsewhere."""

from __future__ import annotations

import pytest

from claims.splitting.attribution.results import FrameWording
from tests.splitting.attribution_reading import frames

GERMAN = [
    (
        "Laut dem Statistischen Amt stieg die Zahl um vier Prozent.",
        "dem Statistischen Amt",
        "stieg die Zahl um vier Prozent",
    ),
    (
        "Die Zahl sank nach Angaben der Polizei um zehn Prozent.",
        "der Polizei",
        "Die Zahl sank / um zehn Prozent",
    ),
    ("Nach Angaben von Anna Keller fehlen zwei Brücken.", "Anna Keller", "fehlen zwei Brücken"),
    ("Dem Bericht zufolge wurden 40 Menschen verletzt.", "Dem Bericht", "wurden 40 Menschen verletzt"),
    (
        "„Wir haben nichts falsch gemacht“, sagte die Ministerin Anna Keller.",
        "die Ministerin Anna Keller",
        "Wir haben nichts falsch gemacht",
    ),
    ("Am Montag sagte Keller: „Der Hafen bleibt offen.“", "Keller", "Der Hafen bleibt offen"),
    ("Keller erklärte, dass der Hafen schließen muss.", "Keller", "der Hafen schließen muss"),
    ("Der Sprecher sagte, die Brücke sei gesperrt.", "Der Sprecher", "die Brücke sei gesperrt"),
    ("Die Lage sei ernst, sagte ein Sprecher.", "ein Sprecher", "Die Lage sei ernst"),
    ("Die Firma bestreitet die Vorwürfe.", "Die Firma", "bestreitet die Vorwürfe"),
]


@pytest.mark.parametrize(("text", "source", "unit"), GERMAN, ids=[row[0][:30] for row in GERMAN])
def test_a_german_frame_has_this_source_and_this_unit(text: str, source: str, unit: str) -> None:
    assert (source, unit) in [(frame.source, frame.unit) for frame in frames(text, language="de")]


def test_the_german_subjunctive_carries_speech_over() -> None:
    first, second = frames(
        "Der Sprecher sagte, die Brücke sei gesperrt. Sie werde im Mai wieder geöffnet.", language="de"
    )
    assert second.source == first.source == "Der Sprecher"
    assert second.row.inherited
    assert "indirect-speech-continued" in second.row.flags


def test_german_quotations_are_quoted() -> None:
    (frame,) = frames("„Wir kommen wieder“, sagte Paul Brandt.", language="de")
    assert frame.row.wording is FrameWording.QUOTED
    assert frame.claimant == "Paul Brandt"


def test_a_german_surname_finds_its_full_name() -> None:
    found = frames("„Es ist spät“, sagte Paul Brandt. Brandt erklärte, dass niemand kam.", language="de")
    assert [frame.claimant for frame in found] == ["Paul Brandt", "Paul Brandt"]


def test_a_loud_dog_is_no_source() -> None:
    assert frames("Der Hund bellte laut und lief weg.", language="de") == []


def test_a_language_without_a_pack_has_no_frames() -> None:
    assert frames("„Przyjedziemy”, powiedział burmistrz.", language="pl") == []
