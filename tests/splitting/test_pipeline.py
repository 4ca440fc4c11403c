"""From text to units: what stands where, by whom, and what is left out."""

from __future__ import annotations

import subprocess
import sys

import pytest

from claims.language.identify import guess
from claims.language.normalise import MAX_TEXT
from claims.splitting import ANALYSER, split
from claims.splitting.units import most_units
from tests.splitting.seen import analysed, reasons_left_out, said, units, words

ARTICLE = """Harbour bridge to close

By Nora Lind

The town of Kelm will close its harbour bridge in March, Mayor Ida Brandt said on Tuesday.

"The bridge is 90 years old. We cannot repair it again," Brandt told reporters.
She denied that the council had ignored a warning in 2018, but conceded that
an inspection was overdue.

The bridge, which was built in 1931, carries 12,000 cars a day, and the detour will take 40 minutes.
"""


def test_an_article_becomes_units_with_speakers() -> None:
    assert said(ARTICLE, published="2021-01-20") == [
        ("The town of Kelm will close its harbour bridge in March", "reported", "Ida Brandt"),
        ("The bridge is 90 years old", "quoted", "Ida Brandt"),
        ("We cannot repair it again", "quoted", "Ida Brandt"),
        ("denied that the council had ignored a warning in 2018", "reported", "Ida Brandt"),
        ("an inspection was overdue", "reported", "Ida Brandt"),
        ("The bridge, which was built in 1931, carries 12,000 cars a day", "article", ""),
        ("was built in 1931", "article", ""),
        ("the detour will take 40 minutes", "article", ""),
    ]


def test_units_know_what_they_stand_in() -> None:
    found = {unit.words.split()[0] + unit.words[-3:]: unit.unit for unit in units(ARTICLE)}
    inner, outer = found["was931"], found["Theday"]
    assert inner.within == outer.id
    assert outer.within is None
    assert inner.sentence == outer.sentence
    assert found["denied018"].negated
    assert not outer.negated


def test_scores_come_with_reasons_and_rules() -> None:
    found = {unit.words: unit.unit for unit in units(ARTICLE)}
    cars = found["The bridge, which was built in 1931, carries 12,000 cars a day"]
    assert 0.5 < cars.score < 1
    assert any(reason.weight > 0 for reason in cars.reasons)
    assert all(unit.rules for unit in found.values())
    assert all(0 <= unit.score <= 1 for unit in found.values())


def test_dates_are_resolved_only_with_a_publication_date() -> None:
    text = "The mill closed on Friday."
    (known,) = units(text, published="2021-01-20")
    (unknown,) = units(text)
    assert known.dates == ("2021-01-15",)
    assert unknown.dates == ("unresolved",)
    assert "date-needs-publication" in unknown.flags
    assert "date-needs-publication" not in known.flags


def test_the_day_of_speaking_dates_only_what_was_said() -> None:
    wish, event = units(
        "The mayor said on Tuesday that the bridge should close. "
        "The mayor said on Tuesday that the bridge fell in 2019.",
        published="2021-01-20",
    )
    assert wish.dates == ("2021-01-19",)
    assert event.dates == ("2019",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Why did the bridge fall?", "question"),
        ("Read the full report below.", "command"),
        ("Please send us your photographs.", "command"),
    ],
)
def test_questions_and_commands_are_left_out(text: str, why: str) -> None:
    assert words(text) == []
    assert reasons_left_out(text) == {text: why}


def test_labels_among_paragraphs_are_left_out_and_a_lone_line_is_read() -> None:
    text = "The mill closed.\n\nThe road opened.\n\nThe mayor left.\n\nPauline Frost\n\nThe council met."
    assert "Pauline Frost" in reasons_left_out(text)
    assert len(words(text)) == 4
    assert words("The mill closed in May 2019") == ["The mill closed in May 2019"]


def test_a_frame_alone_is_no_unit() -> None:
    assert words("“We lost,” Ida Brandt told reporters on Monday.") == ["We lost"]


@pytest.mark.parametrize(
    "how",
    [
        "who spoke on condition of anonymity because the matter is secret",
        "who asked not to be named",
        "who declined to be identified",
        "who asked to remain anonymous",
    ],
)
def test_how_somebody_spoke_is_no_claim(how: str) -> None:
    assert said(f"The mill has closed, said a clerk {how}.") == [("The mill has closed", "reported", "clerk")]
    assert said(f"The mill has closed, said a clerk, {how}.")[0] == (
        "The mill has closed",
        "reported",
        "clerk",
    )
    assert any(one.endswith("left the mill") for one in words(f"A clerk, {how}, left the mill."))
    assert words("Ida Brandt asked the council not to be moved to Kelm.")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Rebels hold the town, said two residents who fled on Monday.",
            ("Rebels hold the town", "two residents"),
        ),
        ("The mill has closed, said a union that has 6,000 members.", ("The mill has closed", "union")),
        (
            "Smith, the mayor, said the deal that was struck is off.",
            ("the deal that was struck is off", "Smith"),
        ),
        (
            "The mill, which lost money, said a buyer who had come was gone.",
            ("a buyer who had come was gone", "mill"),
        ),
    ],
)
def test_what_is_told_of_a_nameless_speaker_is_not_what_they_said(text: str, wanted: tuple[str, str]) -> None:
    assert wanted[0] in [words for words, by, _ in said(text) if by == "reported"]
    if wanted[1] != "mill":
        assert wanted[1] in [who for _, _, who in said(text)]


def test_what_is_told_about_a_speaker_is_the_writers() -> None:
    found = said("The mill will close, said the union, which has 6,000 members.")
    assert found == [
        ("The mill will close", "reported", "union"),
        ("has 6,000 members", "article", ""),
    ]


def test_praise_is_told_by_the_writer_and_demands_are_reported() -> None:
    assert said("Ida Brandt praised the plan.") == [("Ida Brandt praised the plan", "article", "")]
    assert said("Ida Brandt demanded an independent inquiry.") == [
        ("demanded an independent inquiry", "reported", "Ida Brandt")
    ]


def test_what_follows_a_bodys_frame_is_its_continued_speech_and_marked() -> None:
    _, after, last = units("The mill has burned down, police said. Nobody was hurt. It was built in 1931.")
    assert (after.attribution, after.claimant) == ("reported", "police")
    assert (last.attribution, last.claimant) == ("reported", "police")
    assert "possibly-continued" in after.flags


@pytest.mark.parametrize(
    "text",
    [
        "The mill has burned down, Ida Brandt said. Nobody was hurt.",
        "Police said that the mill had burned down. Nobody was hurt.",
        "The mill has burned down, police said. Police closed the road.",
        "The mill has burned down, police said. He was at home.",
    ],
)
def test_what_follows_other_frames_is_the_writers_and_marked(text: str) -> None:
    _, after = units(text)
    assert after.attribution == "article"
    assert "possibly-continued" in after.flags


def test_a_new_paragraph_ends_continued_speech() -> None:
    *_, after = units("The mill closed.\n\nIt has burned down, police said.\n\nNobody was hurt.")
    assert after.attribution == "article"
    assert after.flags == ()


@pytest.mark.parametrize("heading", ["", "Mill burns down in Kelm\n\nBy Pia Holm\n\n"])
def test_a_first_paragraph_of_one_sentence_speaks_for_the_next(heading: str) -> None:
    text = "A mill has burned down in Kelm, police said.\n\nNobody was hurt. The fire began at six.\n\nRain fell."
    found = units(heading + text)[-4:]
    assert [unit.claimant for unit in found] == ["police", "police", "police", ""]
    assert "possibly-continued" in found[1].flags
    # A longer first paragraph has told what there was to tell.
    *_, after = units("A mill burned down, police said. Rain fell.\n\nThe mayor was on holiday.")
    assert after.attribution == "article"


@pytest.mark.parametrize(
    "after", ["On Monday a wall fell.", "She left the town.", "“It was old.”", "Police closed the road."]
)
def test_a_day_a_person_or_a_quotation_ends_continued_speech(after: str) -> None:
    text = "The mill has burned down, police said. " + after
    assert units(text)[-1].claimant != "police" or units(text)[-1].attribution != "reported"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Ida Brandt said the mill was old. It would close by May.", "Ida Brandt"),
        ("The suspect was a guard, Ida Brandt said. He had lost his job.", "Ida Brandt"),
        ("Ida Brandt said the mill was old. It could close by May.", ""),
        ("“The mill is old,” Ida Brandt said. It would close by May.", ""),
        ("Ida Brandt said the mill was old.\n\nIt would close by May.", ""),
        ("Ida Brandt said the mill was old. It had a red roof.", ""),
    ],
)
def test_a_tense_that_only_speech_explains_goes_on_with_it(text: str, speaker: str) -> None:
    assert units(text)[-1].claimant == speaker


def test_what_a_thing_shows_is_the_writers_and_what_a_study_shows_its_makers() -> None:
    (shown,) = units("The doctrine shows that the island wants the whole shelf.")
    assert (shown.attribution, shown.claimant) == ("article", "")
    assert units("A study shows that rents have doubled.")[0].attribution == "reported"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ida Brandt blamed the levy, a measure that took effect in July.", "took effect in July"),
        ("Ida Brandt said the town had left Karst, a port that lost its ferry in 2019.", "lost its ferry"),
    ],
)
def test_what_explains_a_name_in_reported_words_is_the_writers(text: str, words: str) -> None:
    found = [unit for unit in units(text) if words in unit.words]
    assert found
    assert min(found, key=lambda unit: len(unit.words)).attribution == "article"


def test_a_relative_clause_with_a_cue_is_no_report_when_it_defines() -> None:
    (unit,) = units("The mill closed after the company said profits had fallen.")
    assert unit.attribution == "article"
    assert unit.words.endswith("profits had fallen")


def test_premises_in_a_quotation_are_the_speakers_and_others_the_writers() -> None:
    quoted = units("“The Turkish-backed militia has fled,” Ida Brandt said.")
    told = units("The Turkish-backed militia has fled.")
    assert [unit.claimant for unit in quoted if unit.attribution == "premise"] == ["Ida Brandt"]
    assert [unit.claimant for unit in told if unit.attribution == "premise"] == [""]


def test_repeats_point_to_the_first() -> None:
    text = (
        "The harbour bridge carries 12,000 cars a day.\n\nThe mayor left.\n\n"
        "Some 12,000 cars a day use the harbour bridge, which carries them to the port."
    )
    found = analysed(text).units
    assert found[0].repeats is None
    again = [unit for unit in found if unit.repeats is not None]
    assert [unit.repeats for unit in again] in ([], [found[0].id])
    same = "The harbour bridge carries 12,000 cars a day.\n\nThe harbour bridge carries 12,000 cars a day."
    assert [unit.repeats for unit in analysed(same).units] == [None, 1]
    other = "The harbour bridge carries 12,000 cars a day.\n\nThe harbour bridge carries 9,000 cars a day."
    assert [unit.repeats for unit in analysed(other).units] == [None, None]


# --- transcripts ----------------------------------------------------------------------------------------------


def test_turns_carry_their_speaker() -> None:
    text = "BRANDT: The bridge is safe. I think we spent 4 million euros.\nLIND: You cut the budget in 2019."
    assert said(text, source="transcript") == [
        ("The bridge is safe", "quoted", "Brandt"),
        ("we spent 4 million euros", "quoted", "Brandt"),
        ("You cut the budget in 2019", "quoted", "Lind"),
    ]


def test_answers_belong_to_whom_the_introduction_names() -> None:
    text = (
        "Ida Brandt has run the town of Kelm since 2015.\n\nQ: Is the bridge safe?\n\nA: The bridge is safe."
    )
    assert said(text)[-1] == ("The bridge is safe", "quoted", "Ida Brandt")


def test_subtitles_give_their_time() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:03,000\nThe bridge was closed\n\n"
        "2\n00:00:03,000 --> 00:00:05,500\nin March 2021.\n\n"
    )
    (unit,) = units(text, source="srt")
    assert unit.unit.time == (1.0, 5.5)
    assert unit.dates == ("2021-03",)


# --- languages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The bridge was closed in March, and the town has no money for it.", "en"),
        ("GDP grew 0.2%", "en"),
        ("Die Brücke ist seit März gesperrt, und die Stadt hat kein Geld für sie.", "de"),
        ("Le pont est fermé depuis mars et la ville n'a pas les moyens de le réparer.", "fr"),
        ("El puente está cerrado desde marzo y la ciudad no tiene dinero para ello.", "es"),
        ("Мост закрыт с марта.", "ru"),
        ("橋は三月から閉鎖されています。", "ja"),
        ("12 34", "und"),
    ],
)
def test_the_language_is_guessed_from_common_words_and_script(text: str, code: str) -> None:
    assert guess(text) == code


def test_other_languages_give_whole_sentences_and_say_so() -> None:
    text = "Le pont est fermé depuis mars et la ville n'a pas d'argent. Le maire est parti."
    result = analysed(text)
    assert [unit.text for unit in result.units] == [
        "Le pont est fermé depuis mars et la ville n'a pas d'argent",
        "Le maire est parti",
    ]
    assert "language-without-clause-rules" in result.flags
    assert all("whole-sentence" in unit.flags for unit in result.units)


def test_german_speakers_are_found() -> None:
    text = "Die Brücke ist sicher, sagte Bürgermeisterin Ida Brandt. Sie wurde 1931 gebaut."
    found = units(text, language="de")
    assert "Brandt" in found[0].claimant
    assert found[0].attribution == "reported"


# --- limits ---------------------------------------------------------------------------------------------------


def test_a_text_beyond_the_limit_is_cut_and_says_so() -> None:
    text = "The mill closed. " * 3_010 + "\n" * MAX_TEXT
    result = split(text)
    assert result.characters == len(text)
    assert all(unit.end <= MAX_TEXT for unit in result.units)
    assert result.left_out[-1].end == len(text)
    assert "200,000" in result.left_out[-1].why
    assert len(result.units) <= most_units(MAX_TEXT) == 3_000
    assert "too-many-claims" in result.flags


def test_an_endless_sentence_is_kept_whole_or_left_out() -> None:
    chain = ", and ".join(f"mill number {n} closed in May {1800 + n}" for n in range(60))
    assert all("long-sentence" in unit.flags for unit in units(f"{chain}.") if len(unit.words) > 1000)
    assert words("a and " * 5000) == []


def test_wrong_arguments_are_refused_with_a_reason() -> None:
    with pytest.raises(ValueError, match="is not a date"):
        split("The mill closed.", published="yesterday")
    with pytest.raises(ValueError, match="no year"):
        split("The mill closed.", published="XXXX-10-10")
    with pytest.raises(ValueError, match="kind of text"):
        split("The mill closed.", source="radio")


def test_the_same_text_gives_the_same_result() -> None:
    assert split(ARTICLE, published="2021-01-20") == split(ARTICLE, published="2021-01-20")
    assert split(ARTICLE).analyser == ANALYSER


def test_importing_the_pipeline_imports_nothing_heavy() -> None:
    code = "import sys, claims.splitting; print([m for m in ('numpy', 'py3langid', 'django') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u200b", "\ud800", "\x00", ".", "?", "“", "[", "a", "1"])
def test_next_to_nothing_yields_nothing(text: str) -> None:
    assert analysed(text).units == ()
