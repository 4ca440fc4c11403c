"""What recorders write becomes who says what: no time code, mark or label is part of what was said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from claims.language.blocks import BlockKind, layout
from claims.language.recorders import is_recording
from claims.language.transcripts import detect, heard, label, turns, words
from claims.splitting import split

SAID = [
    ("Mark Osei", "Our party cut income tax for 27 million people in 2024."),
    ("Lena Dorn", "The deficit has doubled."),
    ("Mark Osei", "Inflation fell to 2 percent in March."),
    ("Lena Dorn", "Rents rose by 9 percent last year."),
]
#: How recorders, and people who clean up after them, write one turn: the n-th minute, a name, what was said.
FORMS: dict[str, Callable[[int, str, str], str]] = {
    "time in brackets": lambda n, who, said: f"[00:0{n}:12] {who}: {said}",
    "time in round brackets": lambda n, who, said: f"({n}:12) {who}: {said}",
    "bare time": lambda n, who, said: f"00:0{n}:12 {who}: {said}",
    "bare time, tab": lambda n, who, said: f"00:0{n}:12\t{who}: {said}",
    "Whisper": lambda n, who, said: f"[00:0{n}:12.000 --> 00:0{n}:15.000]  {who}: {said}",
    "WhisperX": lambda n, who, said: f"[00:0{n}:12.000 --> 00:0{n}:15.000] [{who}]: {said}",
    "Otter": lambda n, who, said: f"{who}  {n}:12\n{said}\n",
    "Rev": lambda n, who, said: f"{who} (0{n}:12):\n{said}\n",
    "Rev, time after the colon": lambda n, who, said: f"{who}: (0{n}:12)\n{said}\n",
    "Rev, one line": lambda n, who, said: f"{who} (0{n}:12): {said}\n",
    "time after the colon": lambda n, who, said: f"{who}: [00:0{n}:12] {said}",
    "Zoom": lambda n, who, said: f"[{who}] 10:0{n}:12\n{said}\n",
    "Teams": lambda n, who, said: f"0:{n}:12.345 --> 0:{n}:15.123\n{who}\n{said}\n",
    "name on the line of the time": lambda n, who, said: f"[00:0{n}:12] {who}\n{said}\n",
    "name below the time": lambda n, who, said: f"00:0{n}:12\n{who}: {said}\n",
    "dash": lambda n, who, said: f"{who} – 0{n}:12\n{said}\n",
    "bold": lambda _n, who, said: f"**{who}:** {said}\n",
    "bold, colon outside": lambda _n, who, said: f"**{who}**: {said}\n",
    "slanted": lambda _n, who, said: f"*{who}:* {said}\n",
    "bold above": lambda _n, who, said: f"**{who}**\n{said}\n",
    "bold with a time": lambda n, who, said: f"**{who}** (00:0{n}:12)\n{said}\n",
    "bold in HTML": lambda _n, who, said: f"<p><b>{who}:</b> {said}</p>\n",
    "role": lambda _n, who, said: f"{who.upper()}, CITY DESK ANCHOR: {said}\n",
    "role in small letters": lambda _n, who, said: f"{who}, City Desk Anchor: {said}\n",
    "role and time": lambda n, who, said: f"[00:0{n}:12] {who}, City Desk Anchor: {said}",
    "party and role": lambda _n, who, said: f"{who.upper()} (D-OH), MINORITY LEADER: {said}\n",
    "role and a note": lambda _n, who, said: f"{who.upper()}, CITY DESK ANCHOR (voice-over): {said}\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_speaker_and_only_the_words(form: str) -> None:
    text = "\n".join(FORMS[form](n, who, said) for n, (who, said) in enumerate(SAID))
    found = split(text, published="2026-03-04", source="auto", judge=None).units
    assert [(unit.claimant, unit.text.strip(" .")) for unit in found] == [
        (who, said.strip(" .")) for who, said in SAID
    ]


@pytest.mark.parametrize("mark", ["\n", " "])
def test_captions_without_names_run_on_over_their_times(mark: str) -> None:
    rows = [
        ("0:00", "our party cut income tax"),
        ("0:04", "for 27 million people in 2024."),
        ("0:09", "Rents rose."),
    ]
    text = "\n".join(f"{time}{mark}{said}" for time, said in rows)
    assert detect(text) == "recording"
    (turn,) = turns(text)
    assert words(text, turn.body, turn.end, turn.pieces) == " ".join(said for _, said in rows)
    assert heard(turn.body, turn.body + 5, turn.pieces) == (0.0, 4.0)
    laid = layout(text, source="auto")
    assert [block.kind for block in laid.blocks] == [BlockKind.CUE]
    assert "0:04" not in laid.view


def test_names_in_captions_are_speakers() -> None:
    text = "0:00\n>> LENA DORN: Rents rose\n0:04\nlast year.\n0:09\n>> MARK OSEI: They did not."
    first, second = turns(text)
    assert (first.speaker, words(text, first.body, first.end, first.pieces)) == (
        "LENA DORN",
        "Rents rose last year.",
    )
    assert (second.speaker, words(text, second.body, second.end, second.pieces)) == (
        "MARK OSEI",
        "They did not.",
    )


def test_what_stands_above_a_recording_is_no_turn() -> None:
    head = "Council meeting\nTranscribed by a machine\n\n"
    text = f"{head}Lena Dorn  0:01\nRents rose.\n\nMark Osei  0:09\nThey did not.\n"
    assert [turn.speaker for turn in turns(text)] == ["Lena Dorn", "Mark Osei"]


@pytest.mark.parametrize(
    "text",
    [
        "14:05 GMT\nThe vote began.\n\n14:20 - The vote ended.",
        "16:40\nThe vote ended.\n\n15:10\nThe vote began.\n\n14:05\nThe hall opened.",
        "9:00 Opening Speech\n10:30 Coffee Break\n11:00 Panel One\n12:00 Lunch",
        "The train left at 9:15.\nIt came at 10:20.\nNobody was there.",
        "Holt won 3:0 on Monday.\nBerg lost 2:1 on Tuesday.",
        "The mayor spoke.\n**Background**\nThe town is old.\n**What is next**\nThe council votes.",
    ],
)
def test_times_of_day_results_and_headings_make_no_recording(text: str) -> None:
    assert not is_recording(text)
    assert detect(text) == "text"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("DANA BRIGGS, CITY DESK ANCHOR: Taxes rose.", "DANA BRIGGS"),
        ("SARAH HOLT SANDERLIN, PRESS SECRETARY: Taxes rose.", "SARAH HOLT SANDERLIN"),
        ("SEN. ROE (D-OH), MINORITY LEADER: Taxes rose.", "SEN. ROE"),
        ("Jens Holt, mayor of Lund: Taxes rose.", "Jens Holt"),
        ("JENS HOLT, MAYOR (through interpreter): Taxes rose.", "JENS HOLT"),
        ("**Lena Dorn, Mayor:** Taxes rose.", "Lena Dorn"),
        ("SPEAKER_01: Taxes rose.", "SPEAKER_01"),
        ("Speaker 2: Taxes rose.", "Speaker 2"),
    ],
)
def test_a_label_is_the_name_and_not_what_the_speaker_is(line: str, name: str) -> None:
    found = label(line, 0, len(line))
    assert found is not None
    assert (found.name, line[found.start : found.end]) == (name, name)
    assert line[found.body :] == "Taxes rose."


@pytest.mark.parametrize(
    "line",
    [
        "In Lund, the mayor said: no.",
        "Berg, who was there, told us: no.",
        "The council met. Result: no.",
        "Photo: A Roe",
    ],
)
def test_what_introduces_something_else_is_no_label(line: str) -> None:
    assert label(line, 0, len(line)) is None


def test_hostile_lines_are_read_in_time() -> None:
    for text in ("[00:01:12] " * 8_000, ("A" * 60 + " ") * 1_500, "1:11 A\n" * 12_000, "[" * 90_000):
        assert len(layout(text, source="auto").view) == len(text)
