"""Single sentences: who is the source, and which words does the frame cover?"""

from __future__ import annotations

import pytest

from claims.splitting.attribution.results import Complement, CueClass, FrameWording
from tests.splitting.attribution_reading import frames, speech

# text, source, unit
PLAIN = [
    # subject before the verb, with and without "that"
    ("Lena Ortiz said the harbour would close in May.", "Lena Ortiz", "the harbour would close in May"),
    (
        "The ministry announced on Tuesday that exports fell by a fifth.",
        "The ministry",
        "exports fell by a fifth",
    ),
    ("Officials have repeatedly warned that the dam is unsafe.", "Officials", "the dam is unsafe"),
    ("She told reporters that the talks had failed.", "She", "the talks had failed"),
    ("He told the committee he had never met the banker.", "He", "he had never met the banker"),
    ("The bank says it has frozen 40 accounts.", "The bank", "it has frozen 40 accounts"),
    (
        "Mayor Tom Bell argued that buses cost less than trams.",
        "Mayor Tom Bell",
        "buses cost less than trams",
    ),
    (
        "The report found that one in five bridges needs repair.",
        "The report",
        "one in five bridges needs repair",
    ),
    ("Residents complained that the water smelled of oil.", "Residents", "the water smelled of oil"),
    ("The union insists that nobody was paid.", "The union", "nobody was paid"),
    ("Harlow conceded that the figures were wrong.", "Harlow", "the figures were wrong"),
    (
        "A spokeswoman for the airline confirmed that two flights were cancelled.",
        "A spokeswoman for the airline",
        "two flights were cancelled",
    ),
    ("The prosecutor alleges that the firm hid its losses.", "The prosecutor", "the firm hid its losses"),
    ("Scarborough also asked whether the tax had worked.", "Scarborough", "whether the tax had worked"),
    # frames behind and inside
    ("The war is being lost, Gen. Petraeus said.", "Gen. Petraeus", "The war is being lost"),
    (
        "Wages grew faster than prices, the statistics office said on Friday.",
        "the statistics office",
        "Wages grew faster than prices",
    ),
    ("The plan is dead, says Tarlo.", "Tarlo", "The plan is dead"),
    ("Nobody was hurt, said a spokesman, Scott Whiffen.", "a spokesman, Scott Whiffen", "Nobody was hurt"),
    ("The money is gone, according to the auditors.", "the auditors", "The money is gone"),
    ("According to the harbour board, 40 ships were delayed.", "the harbour board", "40 ships were delayed"),
    (
        "Rents, the tenants' league said, have doubled since 2015.",
        "the tenants' league",
        "Rents / have doubled since 2015",
    ),
    ("But, he said, it is a risky strategy.", "he", "it is a risky strategy"),
    ("As the judge noted, the law predates the treaty.", "the judge", "the law predates the treaty"),
    ("The economy is slowing, analysts say.", "analysts", "The economy is slowing"),
    (
        "The reserve will last ten years, people familiar with the survey said.",
        "people familiar with the survey",
        "The reserve will last ten years",
    ),
    # sources with clauses and appositions
    (
        "The association that represents agents says more is needed.",
        "The association that represents agents",
        "more is needed",
    ),
    (
        "Carla Roth, the mayor of Linden, said the school would stay open.",
        "Carla Roth, the mayor of Linden",
        "the school would stay open",
    ),
    (
        "Peter Voss, who ran the plant for ten years, said the filters were never changed.",
        "Peter Voss, who ran the plant for ten years",
        "the filters were never changed",
    ),
    (
        "One engineer who saw the report said it blamed the contractor.",
        "One engineer who saw the report",
        "it blamed the contractor",
    ),
    # direct speech
    ('"We did nothing wrong," the minister said.', "the minister", "We did nothing wrong"),
    ('The minister said: "We did nothing wrong."', "The minister", "We did nothing wrong"),
    ("“The ceasefire,” Orlov said, “must hold.”", "Orlov", "The ceasefire / must hold"),
    (
        '"It is over," said Dana Quist, a fisherman from Varna.',
        "Dana Quist, a fisherman from Varna",
        "It is over",
    ),
    ('"Will the bridge open?" asked Marek.', "Marek", "Will the bridge open?"),
    ('He told the crowd, "You will see it within a year."', "He", "You will see it within a year"),
    ("The commander was quoted as saying that the road was open.", "The commander", "the road was open"),
    (
        'A military solution was "unacceptable", Orlov said.',
        "Orlov",
        'A military solution was "unacceptable"',
    ),
    # speech acts
    ("She asked the council to delay the vote.", "She", "the council to delay the vote"),
    (
        "The union blames the ministry for hiding the report.",
        "The union",
        "the ministry for hiding the report",
    ),
    ("The editor accused the mayor of taking bribes.", "The editor", "the mayor of taking bribes"),
    ("The court ordered the company to pay a fine.", "The court", "the company to pay a fine"),
    ("The premier vowed to cut taxes by spring.", "The premier", "to cut taxes by spring"),
    ("The envoy urged both sides to talk.", "The envoy", "both sides to talk"),
    # before a noun phrase the verb stays
    ("She called for an early election.", "She", "called for an early election"),
    ("The club rejected the charge.", "The club", "rejected the charge"),
    ("The governor criticised the verdict.", "The governor", "criticised the verdict"),
    # denials keep their verb
    ("The company denied that it had paid anyone.", "The company", "denied that it had paid anyone"),
]


@pytest.mark.parametrize(("text", "source", "unit"), PLAIN, ids=[row[0][:40] for row in PLAIN])
def test_a_frame_has_this_source_and_this_unit(text: str, source: str, unit: str) -> None:
    found = speech(text)
    assert (source, unit) in [(frame.source, frame.unit) for frame in found]


COORDINATED = [
    (
        "Smith said taxes rose but stressed that wages grew and warned prices would follow.",
        [("Smith", "taxes rose"), ("Smith", "wages grew"), ("Smith", "prices would follow")],
    ),
    (
        "Orlov said talks would go on but added that time was short.",
        [("Orlov", "talks would go on"), ("Orlov", "time was short")],
    ),
    (
        "The minister defended the plan, saying that it would save money.",
        [("The minister", "it would save money")],
    ),
    (
        "Vega said the port was closed, and Lund said the road was open.",
        [("Vega", "the port was closed"), ("Lund", "the road was open")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), COORDINATED, ids=[row[0][:40] for row in COORDINATED])
def test_coordinated_frames_end_each_other_and_share_an_elided_subject(
    text: str, expected: list[tuple[str, str]]
) -> None:
    found = [(frame.source, frame.unit) for frame in speech(text)]
    for pair in expected:
        assert pair in found


def test_a_frame_keeps_its_scope_over_an_as_clause() -> None:
    found = speech("Ankara says it has not been involved, as Baku has not requested it.")
    assert found[0].unit == "it has not been involved, as Baku has not requested it"


def test_an_anonymous_passive_has_no_source() -> None:
    (frame,) = frames("It is believed that the car was stolen.")
    assert frame.source == ""
    assert frame.unit == "the car was stolen"
    assert frame.kind == "anonymous"
    assert "anonymous" in frame.row.flags


def test_a_claim_inside_a_subject_is_kept_with_its_owner() -> None:
    found = speech("His claim that crime doubled is false, police said.")
    assert ("police", "His claim that crime doubled is false") in [
        (frame.source, frame.unit) for frame in found
    ]
    assert ("His", "crime doubled") in [(frame.source, frame.unit) for frame in found]


def test_a_denied_statement_keeps_both_frames_and_the_denial() -> None:
    outer, inner = frames("He denied having said that taxes would rise.")
    assert outer.row.denial
    assert outer.unit == "denied having said that taxes would rise"
    assert inner.unit == "taxes would rise"


def test_nobody_but_denies_is_flagged_not_flipped() -> None:
    (frame,) = frames("Nobody but the army denies that it failed.")
    assert frame.source == "Nobody but the army"
    assert "complex-negation" in frame.row.flags


def test_a_negated_frame_says_so() -> None:
    (frame,) = speech("The board did not say that the fund was empty.")
    assert frame.row.negated


def test_a_relay_is_not_the_source() -> None:
    text = "“It is a close partner”, Lavrov was quoted as saying, as previously reported by Greek City Times."
    frame = speech(text)[0]
    assert frame.source == "Lavrov"
    assert frame.row.relay is not None
    assert text[frame.row.relay.start : frame.row.relay.end] == "Greek City Times"


def test_an_inner_speaker_has_a_frame_inside_the_quotation() -> None:
    found = frames("“He told me, ‘It is over.’ I did not believe him,” she said.")
    inner = next(frame for frame in found if frame.cue == "told")
    assert inner.source == "He"
    assert inner.unit == "It is over"
    assert inner.row.quote is not None
    outer = next(frame for frame in found if frame.source == "she")
    assert outer.row.wording is FrameWording.QUOTED


def test_a_first_person_frame_in_a_quotation_is_marked() -> None:
    found = frames('"I think that the bridge will hold," said the engineer.')
    inner = next(frame for frame in found if frame.row.quote is not None)
    assert inner.row.first_person
    assert inner.unit == "the bridge will hold"


def test_a_fragment_in_marks_makes_reported_speech_partial() -> None:
    (frame,) = speech("Orlov said the attack was “unacceptable” to everyone.")
    assert frame.row.wording is FrameWording.PARTIAL


def test_a_name_before_a_colon_is_a_source() -> None:
    (frame,) = speech("Gingrich: the party must decide.")
    assert frame.source == "Gingrich"
    assert frame.unit == "the party must decide"


@pytest.mark.parametrize(
    ("text", "cls"),
    [
        ("Farmers want the quota to end.", CueClass.ATTITUDE),
        ("Most economists believe that rates will fall.", CueClass.COGNITION),
        ("The deal seems to be dead.", CueClass.WEAK),
        ("Traders are worried about the new tariff.", CueClass.ATTITUDE),
        ("The clerk denied the rumour.", CueClass.SPEECH),
    ],
)
def test_cues_have_classes(text: str, cls: CueClass) -> None:
    assert cls in {frame.row.cue_class for frame in frames(text)}


@pytest.mark.parametrize(
    "text",
    [
        "The dog crossed the road.",
        "Unemployment fell to 4.1 percent.",
        "The report lies on the table.",
        "Claims and calls rose last year.",
    ],
)
def test_sentences_without_a_frame_have_none(text: str) -> None:
    assert [frame for frame in speech(text) if frame.row.complement is not Complement.PHRASE] == []


def test_the_grammatical_subject_of_a_relative_clause_is_kept_beside_its_noun() -> None:
    text = "She met voters who said the mill would close."
    frame = next(frame for frame in speech(text) if frame.cue == "said")
    assert frame.source == "voters"
    assert frame.row.subject is not None
    assert text[frame.row.subject.start : frame.row.subject.end] == "who"
