"""What recorders write and other languages say: whose words are they, and is the claim a clean sentence?"""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.splitting import split

A, B, C = (
    "The deficit has doubled since 2019.",
    "The city lost 300 jobs in 2024.",
    "We built 40 schools in Lund.",
)
LENA, MARK = ("Lena Dorn", A), ("Mark Osei", B)

RECORDED = {
    "Zoom's chat": (
        f"09:01:12 From Lena Dorn to Everyone:\n\t{A}\n09:02:44 From Mark Osei to Everyone:\n\t{B}\n",
        [LENA, MARK],
    ),
    "Otter's last line": (
        f"Lena Dorn  0:01\n{A}\n\nMark Osei  0:14\n{B}\n\nTranscribed by https://otter.ai\n",
        [LENA, MARK],
    ),
    "Teams, surname first": (f"Dorn, Lena   0:03\n{A}\n\nOsei, Mark   0:14\n{B}\n", [LENA, MARK]),
    "Teams' captions, surname first": (
        f"WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Dorn, Lena>{A}</v>\n\n"
        f"00:00:05.000 --> 00:00:08.000\n<v Osei, Mark (Guest)>{B}</v>\n",
        [LENA, MARK],
    ),
    "Teams' first captions": (
        f"0:0:1.0 --> 0:0:4.0\nLena Dorn\n{A}\n\n0:0:5.0 --> 0:0:8.0\nMark Osei\n{B}\n\n"
        f"0:0:9.0 --> 0:0:12.0\nLena Dorn\n{C}\n",
        [LENA, MARK, ("Lena Dorn", C)],
    ),
    "captions that roll": (
        "WEBVTT\nKind: captions\n\n00:00:00.000 --> 00:00:02.000 align:start position:0%\n \n"
        "the<00:00:00.320><c> deficit</c><00:00:00.640><c> has</c><00:00:00.900><c> doubled</c>\n\n"
        "00:00:02.000 --> 00:00:02.010 align:start position:0%\nthe deficit has doubled\n \n\n"
        "00:00:02.010 --> 00:00:04.000 align:start position:0%\nthe deficit has doubled\n"
        "since<00:00:02.500><c> 2019.</c>\n",
        [("", A)],
    ),
    "role before the time": (
        f"Lena Dorn, Mayor (00:01):\n{A}\n\nMark Osei, Host (00:14):\n{B}\n",
        [LENA, MARK],
    ),
    "letters with full stops": (
        f"Q. What happened?\nA. {A}\nQ. And the jobs?\nA. {B}\n",
        [("interviewee", A), ("interviewee", B)],
    ),
    "letters of a court": (
        f"Q     What happened?\nA     {A}\nQ     And the jobs?\nA     {B}\n",
        [("interviewee", A), ("interviewee", B)],
    ),
    "the name behind the office": (
        f"The Minister (Lena Dorn): {A}\n\nMr Osei: {B}\n\nThe Minister: {C}\n",
        [LENA, ("Osei", B), ("", C)],
    ),
    "numbered voices": (f"[0:00:01] spk_0: {A}\n[0:00:05] spk_1: {B}\n", [("Spk 0", A), ("Spk 1", B)]),
    "Sonix": (f"[00:00:01] Lena Dorn  {A}\n\n[00:00:05] Mark Osei  {B}\n", [LENA, MARK]),
}


def told(text: str, language: str | None = None) -> list[tuple[str, str]]:
    made = split(text, published="2024-08-15", source="auto", language=language)
    return [(unit.claimant, unit.wording.text) for unit in made.units]


@pytest.mark.parametrize("form", RECORDED)
def test_what_recorders_write(form: str) -> None:
    text, expected = RECORDED[form]
    assert told(text) == expected


def test_a_line_that_is_said_twice_is_kept_where_nothing_rolls() -> None:
    text = (
        f"1\n00:00:01,000 --> 00:00:02,000\n{A}\n\n2\n00:00:03,000 --> 00:00:04,000\n{A}\n\n"
        f"3\n00:00:05,000 --> 00:00:06,000\n{B}\n"
    )
    assert [said for _who, said in told(text)] == [A, A, B]


@pytest.mark.parametrize(
    "text",
    [
        "Dorn, Mayor (00:01):\nThe deficit has doubled since 2019.\nOsei, Host (00:14):\nThe city lost 300 jobs.\n",
        "BRIGGS, ANCHOR: The deficit has doubled since 2019.\nDORN, MAYOR: The city lost 300 jobs in 2024.\n",
    ],
)
def test_a_role_behind_a_surname_is_no_given_name(text: str) -> None:
    assert {who for who, _said in told(text)} <= {"Dorn", "Osei", "Briggs"}


TURNS = {
    "de": ("Moderatorin: Was ist passiert?\nLena Dorn: Das Defizit ist seit 2019 gewachsen.\n"
           "Moderatorin: Und die Stellen?\nLena Dorn: Die Stadt hat 300 Stellen verloren.\n",
           ["Das Defizit ist seit 2019 gewachsen.", "Die Stadt hat 300 Stellen verloren."]),
    "fr": ("Journaliste : Que s’est-il passé ?\nLena Dorn : Le déficit a doublé depuis 2019.\n"
           "Journaliste : Et les emplois ?\nLena Dorn : La ville a perdu 300 emplois.\n",
           ["Le déficit a doublé depuis 2019.", "La ville a perdu 300 emplois."]),
    "es": ("Periodista: ¿Qué pasó?\nLena Dorn: El déficit se duplicó desde 2019.\n"
           "Periodista: ¿Y los empleos?\nLena Dorn: La ciudad perdió 300 empleos.\n",
           ["El déficit se duplicó desde 2019.", "La ciudad perdió 300 empleos."]),
    "pl": ("Lena Dorn: Deficyt podwoił się od 2019 roku.\nMark Osei: Miasto straciło 300 miejsc pracy.\n"
           "Lena Dorn: Zbudowaliśmy 40 szkół w Lund.\n",
           ["Deficyt podwoił się od 2019 roku.", "Zbudowaliśmy 40 szkół w Lund."]),
}  # fmt: skip


@pytest.mark.parametrize("language", TURNS)
def test_turns_have_their_speaker_in_every_language(language: str) -> None:
    text, said = TURNS[language]
    assert [wording for who, wording in told(text, language) if who == "Lena Dorn"] == said


def test_somebody_else_in_a_turn_keeps_their_words() -> None:
    text = (
        "Lena Dorn: Bürgermeister Jens Holt sagte, die Stadt habe 300 Stellen verloren.\n"
        "Mark Osei: Das Defizit wächst.\nLena Dorn: Wir haben 40 Schulen gebaut.\n"
    )
    assert [who for who, _said in told(text, "de")] == ["Jens Holt", "Mark Osei", "Lena Dorn"]


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("de", "Der Rat tagte.\n\n„Wir haben 300 Stellen verloren.“ – Jens Holt, Bürgermeister\n\nMehr dazu später.",
         "Wir haben 300 Stellen verloren."),
        ("fr", "Le conseil a siégé.\n\n« Nous avons perdu 300 emplois. » – Jens Holt, maire\n\nLa suite plus tard.",
         "Nous avons perdu 300 emplois."),
        ("en", "The council met.\n\n“We lost 300 jobs in 2024.”\nDavid Holt, mayor of Lund\n\nMore on this later.",
         "We lost 300 jobs in 2024."),
    ],
)  # fmt: skip
def test_signatures_below_quotations(language: str, text: str, said: str) -> None:
    found = told(text, language)
    assert [(who.split()[-1], wording) for who, wording in found if who] == [("Holt", said)]
    assert not [wording for _who, wording in found if "Holt" in wording]


FRAMES = [
    line.split("\t")
    for line in Path(__file__).with_name("frames.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("language", "text", "who", "said"), FRAMES)
def test_plain_frames(language: str, text: str, who: str, said: str) -> None:
    assert told(text, language) == [(who, said)]
