"""Quotations and frames over several sentences."""

from __future__ import annotations

from tests.splitting.attribution_reading import frames, speech


def test_all_sentences_of_a_quotation_belong_to_its_frame() -> None:
    (frame,) = speech("“We did nothing wrong. We followed the law,” the minister said.")
    assert frame.source == "the minister"
    assert frame.unit == "We did nothing wrong / We followed the law"


def test_a_quotation_closed_by_a_full_stop_keeps_the_frame_behind_it() -> None:
    (frame,) = speech("“We will win.” Smith said on Monday. His rival laughed.")
    assert (frame.source, frame.unit) == ("Smith", "We will win")


def test_a_quotation_that_goes_on_after_its_frame_belongs_to_it() -> None:
    (frame,) = speech('"The road is open," Marta Lund said. "We cleared it on Sunday. Nobody helped us."')
    assert frame.source == "Marta Lund"
    assert "We cleared it on Sunday" in frame.unit
    assert "Nobody helped us" in frame.unit


def test_a_free_quotation_goes_to_the_frame_before_it() -> None:
    text = 'The mayor said the bridge was closed. "It is simply not safe, and we knew that."'
    (frame,) = speech(text)
    assert frame.source == "The mayor"
    assert "It is simply not safe, and we knew that" in frame.unit


def test_a_quotation_continued_in_the_next_paragraph_is_one_utterance() -> None:
    text = "“We opened the gates at noon.\n\n“By one the hall was full. Nobody paid,” Dana Quist said."
    units = " ".join(frame.unit for frame in speech(text))
    assert "Nobody paid" in units


def test_the_turns_of_an_interview_have_their_speakers() -> None:
    found = speech("LAVROV: We did not agree.\nQUESTION: Why not?\nLAVROV: They refused to sign.")
    assert [frame.source for frame in found][:1] == ["LAVROV"]
    assert any("They refused to sign" in frame.unit for frame in found)


def test_the_same_text_gives_the_same_frames() -> None:
    text = 'Smith said "no". Jones, who runs the port, said ships wait 4 days; "it is slow," he added.'
    assert frames(text) == frames(text)


def test_odd_input_breaks_nothing() -> None:
    for text in (
        "",
        "said",
        '"',
        "said said said",
        '"said" said "said',
        "according to",
        "As said.",
        ", said X",
        "' ' '' said",
    ):
        frames(text)
