"""The 29 families of hard input: every line met, or argued where we decide otherwise."""

from __future__ import annotations

import pytest

from claims.independence.shingles import overlap, shingles
from claims.matching.sameness import Assertion, Check, Sameness, compare
from tests.independence.stories import AGENCY, COPY_WITH_NEW_HEAD, CUT, EDITED
from tests.splitting.seen import analysed, reasons_left_out, said, units, words


def dates(text: str, published: str = "2020-10-15") -> list[str]:
    return [value for unit in units(text, published=published) for value in unit.dates]


# 1, 2 ---------------------------------------------------------------------------------------------------------


def test_01_a_frame_behind_its_clause_and_an_abbreviated_rank() -> None:
    text = "The war is being lost, Gen. Petraeus said. He left."
    assert said(text) == [("The war is being lost", "reported", "Petraeus"), ("He left", "article", "")]


def test_02_an_abbreviation_ends_a_sentence_only_where_the_next_begins() -> None:
    assert words("He returned to the U.S. Officials declined to comment.") == [
        "He returned to the U.S.",
        "Officials declined to comment",
    ]
    assert words("The U.S. Senate voted.") == ["The U.S. Senate voted"]


# 3–7 quotations -----------------------------------------------------------------------------------------------


def test_03_every_sentence_of_a_quotation_is_a_unit_of_one_speaker_and_one_quotation() -> None:
    first, second = units("“We did nothing wrong. We followed the law,” the minister said.")
    assert (first.words, second.words) == ("We did nothing wrong", "We followed the law")
    assert first.attribution == second.attribution == "quoted"
    assert first.claimant == second.claimant == "minister"
    assert first.unit.quote == second.unit.quote is not None


def test_04_a_frame_behind_a_finished_quotation_belongs_to_it() -> None:
    assert said("“We will win.” Smith said on Monday. His rival laughed.") == [
        ("We will win", "quoted", "Smith"),
        ("His rival laughed", "article", ""),
    ]


def test_04_a_quotation_split_by_its_frame_is_one() -> None:
    assert said("“The ceasefire,” Lavrov said, “must hold.” He gave no date.") == [
        ("The ceasefire,” Lavrov said, “must hold", "quoted", "Lavrov"),
        ("He gave no date", "article", ""),
    ]


def test_05_a_quotation_inside_a_quotation_has_a_speaker_of_its_own() -> None:
    inner, outer = units("“He told me, ‘It is over.’ I did not believe him,” she said.")
    assert (inner.words, outer.words) == ("It is over", "I did not believe him")
    assert inner.claimant != outer.claimant
    # Neither pronoun has a name in this text, and both say so.
    assert "pronoun-unresolved" in inner.flags
    assert "pronoun-unresolved" in outer.flags


def test_05_a_quotation_goes_on_in_the_next_paragraph() -> None:
    text = "“We opened the gate at noon. Nobody came,\n\n“Then the soldiers left,” Ms Orr said."
    assert said(text) == [
        ("We opened the gate at noon", "quoted", "Orr"),
        ("Nobody came", "quoted", "Orr"),
        ("Then the soldiers left", "quoted", "Orr"),
    ]


def test_06_editorial_brackets_are_marked_as_insertions() -> None:
    text = '"We asked for participation in the [verification mechanism]", the minister said.'
    (unit,) = units(text)
    assert [text[start:end] for start, end in unit.unit.insertions] == ["[verification mechanism]"]
    text = "“It [Turkey] is a close partner,” Lavrov said."
    (unit,) = units(text)
    assert [text[start:end] for start, end in unit.unit.insertions] == ["[Turkey]"]
    assert unit.unit.wording.text == "Turkey is a close partner."


def test_06_brackets_inside_a_name_are_no_part_of_it() -> None:
    first, _ = units("[Azerbaijani] President [Ilham] Aliyev said that the talks had failed. Aliyev left.")
    assert first.claimant == "Ilham Aliyev"


def test_07_dots_end_a_sentence_once() -> None:
    assert words("“I think... we should wait. . . . We will not return,” he said.") == [
        "we should wait",
        "We will not return",
    ]


def test_07_an_omission_in_brackets_is_an_insertion() -> None:
    # "[. . .]" between two sentences without a stop of their own is kept in one unit: the words left out may have
    # joined them. The insertion is marked, so that an editor sees the gap.
    (unit,) = units("“We will wait [. . .] We will not return,” he said.")
    assert len(unit.unit.insertions) == 1


# 8–11 lines ---------------------------------------------------------------------------------------------------


def test_08_a_sentence_may_begin_with_a_figure() -> None:
    found = units("Unemployment fell to 4.1 percent. 3.2 million people found work.")
    assert [unit.words for unit in found] == [
        "Unemployment fell to 4.1 percent",
        "3.2 million people found work",
    ]
    assert [unit.unit.type for unit in found] == ["quantity", "quantity"]


def test_08_the_items_of_a_list_are_units_without_their_numbers() -> None:
    text = "1. Crime fell by 12 percent.\n2. Arrests rose.\n3. No. of officers is unchanged."
    assert words(text) == ["Crime fell by 12 percent", "Arrests rose", "No. of officers is unchanged"]


def test_09_heading_and_byline_are_left_out_with_their_reasons() -> None:
    text = "Economy slows\n\nBy Jane Doe, Staff Writer\n\nGDP grew 0.2%"
    assert words(text) == ["GDP grew 0.2%"]
    assert reasons_left_out(text) == {"Economy slows": "heading", "By Jane Doe, Staff Writer": "byline"}


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("WASHINGTON, Oct. 14 (Reuters) - The U.S. economy grew 3.1%.", "The U.S. economy grew 3.1%"),
        ("MOSCOW. October 14. INTERFAX - Sergei Orlov met Ana Petri.", "Sergei Orlov met Ana Petri"),
    ],
)
def test_10_a_dateline_is_no_part_of_the_claim(text: str, claim: str) -> None:
    assert words(text) == [claim]
    assert "dateline" in reasons_left_out(text).values()


def test_11_boilerplate_holds_no_claim_and_no_date() -> None:
    text = (
        "1 61\n\n2.3K shares\n\nShare this:\n\nRead more: Five things\n\nPhoto: AP/J. Smith\n\n"
        "Copyright X 2024\n\nTap to unmute"
    )
    result = analysed(text)
    assert result.units == ()
    assert len(result.left_out) == 7
    assert result.published is None


# 12–15 dates --------------------------------------------------------------------------------------------------


def test_12_day_and_month_in_doubt_are_marked() -> None:
    (unit,) = units("On 05/06/2019 it was signed.")
    assert unit.dates == ("2019",)
    assert "ambiguous-day-month" in unit.flags
    assert dates("The treaty was signed on 10.10.2020.") == ["2020-10-10"]


def test_12_the_year_is_taken_from_publication_and_tense() -> None:
    (unit,) = units("He was arrested on December 24.", published="2020-10-15")
    assert unit.dates == ("2019-12-24",)
    assert "ambiguous-year" in unit.flags
    assert dates("The vote is on November 3.") == ["2020-11-03"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The mill closed in the early 1990s.", "1990/1999"),
        ("Exports fell in the third quarter of 2020.", "2020-Q3"),
        ("He scored 12 goals in the 2015-16 season.", "2015/2016"),
        ("Talks ran from October 10 to 12.", "2020-10-10/2020-10-12"),
        ("The bridge opened a decade ago.", "2010"),
        ("The bridge was closed last night.", "2020-10-14"),
    ],
)
def test_13_intervals(text: str, value: str) -> None:
    assert dates(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "He read from page 2020.",
        "The minister may resign.",
        "She sat in the sun.",
        "Mrs May said nothing was wrong.",
        "The bus carried 40 people.",
    ],
)
def test_14_no_dates_where_there_are_none(text: str) -> None:
    assert dates(text) == []


def test_14_a_duration_is_a_duration() -> None:
    assert dates("They have lived there for over 2,500 years.") == ["P2500Y"]


def test_15_event_relative_dates_point_to_the_unit_that_tells_the_event() -> None:
    first, second, third = units(
        "An agreement was signed in Moscow on 10 October 2020. A few minutes after the agreement entered into force, "
        "shelling began. Three days later the army left.",
        offer=None,
    )
    assert second.dates == third.dates == ("event-relative",)
    assert second.unit.dates[0].refers_to == first.unit.id
    assert third.unit.dates[0].refers_to is not None


# 16–24 speakers -----------------------------------------------------------------------------------------------


def test_16_what_follows_as_is_said_too() -> None:
    assert said("Ankara says it has not been involved, as Baku has not requested it.") == [
        ("it has not been involved", "reported", "government of Turkey"),
        ("Baku has not requested it", "reported", "government of Turkey"),
    ]


def test_16_a_chain_of_verbs_keeps_its_speaker() -> None:
    text = "Smith said taxes fell but stressed that debt rose and warned that cuts would follow."
    assert said(text) == [
        ("taxes fell", "reported", "Smith"),
        ("debt rose", "reported", "Smith"),
        ("cuts would follow", "reported", "Smith"),
    ]


def test_17_a_relay_is_not_the_speaker() -> None:
    (unit,) = units(
        "“We never considered Turkey an ally,” Lavrov was quoted as saying, as previously reported by Greek City Times."
    )
    assert unit.claimant == "Lavrov"
    assert unit.unit.relay == "Greek City Times"
    assert "relayed" in unit.flags


def test_18_named_vague_and_anonymous_sources_differ() -> None:
    (named,) = units("According to the W.H.O., 5.6 million people died.")
    (vague,) = units("Prices will rise, analysts say.")
    (nobody,) = units("It is believed that the pilot survived.")
    assert (named.claimant, named.unit.claimant_kind) == ("W.H.O.", "organisation")
    assert vague.unit.claimant_kind == "vague"
    assert "vague-source" in vague.flags
    assert (nobody.attribution, nobody.claimant) == ("reported", "")
    assert nobody.unit.claimant_kind == "anonymous"


def test_19_turns_of_an_interview_have_speakers_and_questions_are_left_out() -> None:
    text = "LAVROV: We did not agree.\nQUESTION: Why not?"
    assert said(text) == [("We did not agree", "quoted", "Lavrov")]
    assert reasons_left_out(text)["Why not?"] == "question"


def test_20_a_claim_inside_a_rebuttal_has_its_own_speaker() -> None:
    rebuttal, claim = units("His claim that crime doubled is false, police said.")
    assert rebuttal.claimant == "police"
    assert claim.words == "crime doubled"
    assert claim.claimant != "police"


def test_21_a_denial_keeps_its_verb_and_its_polarity() -> None:
    (unit,) = units("He denied having said that taxes would rise.")
    assert unit.words == "denied having said that taxes would rise"
    assert unit.unit.negated


def test_21_several_negations_are_left_to_a_person() -> None:
    (unit,) = units("Nobody but the army denies that it failed.")
    assert "complex-negation" in unit.flags
    assert "denies" in unit.words


def test_22_a_term_in_use_is_a_premise_and_what_is_ignored_is_asserted() -> None:
    text = (
        "Turkey wants land that they call “occupied territories,” which ignores that Armenians have lived there for "
        "2,500 years."
    )
    found = {unit.words: unit for unit in units(text)}
    assert found["occupied territories"].attribution == "premise"
    assert found["occupied territories"].check == "said"
    assert found["Armenians have lived there for 2,500 years"].attribution == "article"


def test_22_two_backers_are_two_premises() -> None:
    found = units("The attack was led by the Turkish-backed, Iranian-funded militia.")
    assert [unit.attribution for unit in found].count("premise") == 2


def test_23_a_relative_clause_between_source_and_verb() -> None:
    ((content, _, claimant),) = said(
        "The association that represents agents says more is needed.", offer=None
    )
    assert (content, claimant) == ("more is needed", "association")


def test_24_apposition_and_inversion() -> None:
    text = 'Mu Li, of the University of Kelm\'s school of public health, said "it is reasonable to wait for the data".'
    assert said(text, offer=None) == [("it is reasonable to wait for the data", "quoted", "Mu Li")]
    assert said("“Prices fell,” says Tarlo.") == [("Prices fell", "quoted", "Tarlo")]
    text = "The ship sank in May, said a spokesman, Scott Whiffen."
    assert said(text) == [("The ship sank in May", "reported", "Scott Whiffen")]


# 25–27 breaks and offsets -------------------------------------------------------------------------------------


def test_25_no_false_breaks() -> None:
    text = "In Roe v. Wade the court ruled 7-2. No. 10 declined the offer. Yahoo! bought it. Vitamin C helps."
    assert words(text) == [
        "In Roe v. Wade the court ruled 7-2",
        "No. 10 declined the offer",
        "Yahoo! bought it",
        "Vitamin C helps",
    ]


def test_26_a_missing_space_and_addresses() -> None:
    assert words("The ceasefire failed.Azerbaijan denied it.")[0] == "The ceasefire failed"
    text = "The list at www.example.com names 40 members, and a.smith@example.org answers questions."
    assert "".join(words(text)).count("example") == 2


def test_26_wrapped_lines_are_joined_and_whole_lines_are_not() -> None:
    wrapped = (
        "The council approved the new budget on\nMonday after a long debate in which\n"
        "three members walked out of the room\nin protest at the cuts to libraries.\n"
    )
    assert len(words(wrapped, offer=None)) == 1
    lines = "The mayor resigned on Monday.\nThe council met on Tuesday.\nA vote is due in May.\n"
    assert len(words(lines)) == 3


def test_27_spans_index_the_stored_text_whatever_stands_in_it() -> None:
    # analysed() compares every span with the text; here the point is that the units are found at all.
    text = (
        "Она сказала, что мост закрыт.\n\nThe bridge was closed in May.\n\u00a0\n"
        "The road\u200b was cle\u00adared 😀 and the cafe\u0301 opened."
    )
    found = words(text)
    assert found[0] == "The bridge was closed in May"
    assert found[-1] == "the cafe\u0301 opened"


# 28, 29 sameness and sources ----------------------------------------------------------------------------------


def test_28_opposites_and_other_actors_are_never_the_same() -> None:
    opposite = compare(Assertion("Crime has doubled."), Assertion("Crime has halved."))
    assert opposite.verdict is Sameness.DIFFERENT
    assert Check.ANTONYM in [row.check for row in opposite.differences]
    actors = compare(Assertion("Armenia resumed fire."), Assertion("Azerbaijan resumed fire."))
    assert actors.verdict is Sameness.DIFFERENT
    assert [row.check for row in actors.differences] == [Check.ACTOR]
    text = "Crime has doubled. Crime has halved. Armenia resumed fire. Azerbaijan resumed fire."
    assert all(unit.unit.repeats is None for unit in units(text))


def test_28_a_denial_in_other_words_is_not_called_different() -> None:
    # "paid no tax" and "its tax bill was zero" say the same with no words in common but "tax": too little to say
    # so, and the zero counts as a denial, so that nothing claims a contradiction either.
    verdict = compare(
        Assertion("The company paid no tax."), Assertion("The company's tax bill was zero.")
    ).verdict
    assert verdict is not Sameness.DIFFERENT


def test_29_copies_of_agency_text_are_one_source() -> None:
    # Splitting has no part in this family: sources are told apart by ``claims.independence``, whose tests hold the
    # cases; a release quoted by two papers is there, too. Here: the copies of the family's line.
    for copy in (COPY_WITH_NEW_HEAD, CUT, EDITED):
        assert overlap(shingles(AGENCY), shingles(copy)).is_copy
