"""Transcripts and subtitles become turns whose spans stay contiguous in the stored text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.language.blocks import BlockKind, layout
from claims.language.sentences import sentences
from claims.language.transcripts import detect, heard, turns, words

SRT = (
    "1\r\n00:00:01,000 --> 00:00:03,500\r\n<i>Unemployment fell</i> to\r\n\r\n"
    "2\r\n00:00:03,500 --> 00:00:06,000\r\nfour percent. [applause] Wages\r\nrose.\r\n\r\n"
    "3\r\n00:00:20,000 --> 00:00:22,250\r\n- MS. DOE: No.\r\n"
)
VTT = (
    "WEBVTT\n\nNOTE made for a test\n\nfirst\n00:01.000 --> 00:02.000 align:start\n<v Jane Doe>We won\n\n"
    "00:02.000 --> 00:03.000\n<v Jane Doe>again.\n\n01:00:02.000 --> 01:00:03.000\n<v John Roe>Did you?\n"
)
INTERVIEW = "LAVROV: We did not agree.\nQUESTION: Why not?"
DEBATE = "SEN. ROE: Taxes rose.\nThey rose twice.\n\nMODERATOR: Thank you.\n\nSEN. ROE: No."


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (SRT, "srt"),
        (VTT, "vtt"),
        (INTERVIEW, "transcript"),
        (DEBATE, "transcript"),
        ("The minister said: no.\nAll is well.", "text"),
        ("Photo: A Roe\nRead more: Five things\nThe town grew.", "text"),
        ("", "text"),
    ],
)
def test_the_kind_of_a_text_is_detected(text: str, source: str) -> None:
    assert detect(text) == source


def test_interview_turns_have_speakers_and_roles() -> None:
    first, second = turns(INTERVIEW)
    assert (first.speaker, first.role, INTERVIEW[first.body : first.end]) == (
        "LAVROV",
        "answer",
        "We did not agree.",
    )
    assert (second.speaker, second.role, INTERVIEW[second.body : second.end]) == (
        "QUESTION",
        "question",
        "Why not?",
    )


def test_lines_without_label_go_on_with_the_turn() -> None:
    first, _, third = turns(DEBATE)
    assert words(DEBATE, first.body, first.end, first.pieces) == "Taxes rose. They rose twice."
    assert (first.speaker, third.speaker) == ("SEN. ROE", "SEN. ROE")


def test_a_sentence_runs_over_cues_and_is_read_without_time_codes() -> None:
    laid = layout(SRT, source="auto")
    first, second = laid.blocks
    found = sentences(laid.view, first.body, first.end)
    said = [words(SRT, start, end, first.pieces) for start, end in found]
    assert said == ["Unemployment fell to four percent.", "Wages rose."]
    assert "-->" in SRT[found[0].start : found[0].end]
    assert "-->" not in laid.view
    assert heard(found[0].start, found[0].end, first.pieces) == (1.0, 6.0)
    assert (second.kind, second.speaker) == (BlockKind.CUE, "MS. DOE")
    assert heard(second.body, second.end, second.pieces) == (20.0, 22.25)


def test_voices_of_webvtt_are_speakers() -> None:
    first, second = turns(VTT)
    assert (first.speaker, words(VTT, first.body, first.end, first.pieces)) == ("Jane Doe", "We won again.")
    assert second.speaker == "John Roe"
    assert second.pieces[0].since == 3602.0


@given(st.text(alphabet=st.sampled_from("A: \n<>-1i023,.[]♪") | st.characters(), max_size=120))
@pytest.mark.parametrize("source", ["srt", "vtt", "transcript"])
def test_any_text_gives_ordered_turns(source: str, text: str) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n" + text
    at = 0
    for turn in turns(text, source):
        assert at <= turn.start <= turn.body <= turn.end <= len(text)
        assert all(turn.start <= piece.start < piece.end <= turn.end for piece in turn.pieces)
        at = turn.end
