"""Only a sentence passes the gate; whatever else is made, the sentence of the source stands in its place."""

from __future__ import annotations

import pytest

from claims.language.parser import parse
from claims.splitting.types import Unresolved, Wording
from claims.splitting.wording.gate import FLAG, WHOLE, Grammar, faults, passed
from tests.splitting.seen import analysed

SOURCE = "And the board, Ida Brandt said, closed the mill."
WHOLE_SOURCE = "The board, Ida Brandt said, closed the mill."


@pytest.mark.parametrize(
    "made",
    [
        "Which closed the mill.",
        "With the mill closed.",
        "The mill closed for on 9 December 2023.",
        "The mill closed below its in June 2024 peak.",
        "The mill closed before on 3 May 2024's vote.",
        "[who or what] closed the mill.",
        "The the mill closed.",
    ],
)
def test_what_is_no_sentence_gives_way_to_the_whole_one_of_the_source(made: str) -> None:
    wording, whole = passed(Wording(made), SOURCE, grammar=None, language="en")
    assert whole
    assert wording == Wording(WHOLE_SOURCE, (Unresolved(0, len(WHOLE_SOURCE), WHOLE),))


@pytest.mark.parametrize(
    ("made", "offered"),
    [
        ("and the mill closed", "The mill closed."),
        ("MAYOR HOLT: The mill closed.", "The mill closed."),
        (">> MAYOR HOLT: the mill closed", "The mill closed."),
        ("[00:01:12] The mill closed.", "The mill closed."),
        ("The mill 2 00:00:04,000 --> 00:00:07,000 closed.", "The mill closed."),
        ("The mi\u00adll clo\u200bsed.", "The mill closed."),
        ("The mill closed” in May.", "The mill closed in May."),
        ("The mill closed) in May.", "The mill closed in May."),
        ('He called it "a feud that began in 1990.', 'He called it "a feud that began in 1990".'),
        ("The mill closed “for good.”", "The mill closed “for good.”"),
        ("The mill closed at 10:30.", "The mill closed at 10:30."),
        ("That is untrue.", "That is untrue."),
    ],
)
def test_signs_that_nobody_says_are_cut_and_the_rest_is_offered(made: str, offered: str) -> None:
    wording, whole = passed(Wording(made), SOURCE, grammar=None, language="en")
    assert (wording.text, whole) == (offered, False)
    assert faults(offered, language="en") == []


@pytest.mark.parametrize(
    ("made", "offered"),
    [
        (
            "Das kostet Geld“, warnte Keller",
            "Das kostet Geld, warnte Keller.",
        ),
        ("„Das kostet Geld“, warnte Keller", "„Das kostet Geld“, warnte Keller."),
        ("»Das kostet Geld«, warnte Keller", "»Das kostet Geld«, warnte Keller."),
        (
            "Costará empleos», advirtió la patronal",
            "Costará empleos, advirtió la patronal.",
        ),
        (
            "他说工厂关闭了。",
            "他说工厂关闭了。",
        ),
        ("می\u200cرود", "می\u200cرود."),
    ],
)
def test_other_languages_pass_the_same_gate(made: str, offered: str) -> None:
    assert passed(Wording(made), made, grammar=None, language="xx")[0].text == offered


def test_questions_move_with_their_words() -> None:
    made = Wording("and the mi\u00adll closed", (Unresolved(4, 13, "which mill?"),))
    wording, _ = passed(made, SOURCE, grammar=None, language="en")
    (place,) = wording.unresolved or (Unresolved(0, 0, ""),)
    assert wording.text[place.start : place.end].lower() == "the mill"


def test_a_unit_whose_words_are_no_sentence_says_so() -> None:
    text = "Wolves have returned to the valley, where sheep graze all summer."
    shown = {unit.text: (unit.wording.text, FLAG in unit.flags) for unit in analysed(text).units}
    assert shown["sheep graze all summer"] in (
        ("Sheep graze all summer.", False),
        (text, True),
    )


@pytest.mark.parametrize(
    "text",
    [
        "Lind said the figures show prices fell.",
        "The bank said most of its branches were sold in 2019.",
        "Clinton said the families of the victims were wrong.",
    ],
)
def test_a_clause_behind_its_frame_is_a_sentence(text: str) -> None:
    assert all(FLAG not in unit.flags for unit in analysed(text).units)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Satz „Das kostet 200.000 Arbeitsplätze“ stand 2019 im Entwurf.", "de"),
        ("El lema «Costará 100.000 empleos» figura en el cartel.", "es"),
        ("Le slogan « Cela coûtera 100.000 emplois » figure sur l'affiche.", "fr"),
        ("Il motto «Costerà 100.000 posti» figura nel manifesto.", "it"),
        ("他说工厂关闭了。", "zh"),
    ],
)
def test_a_whole_sentence_of_another_language_keeps_its_marks_in_pairs(text: str, language: str) -> None:
    assert [unit.wording.text for unit in analysed(text, language=language).units] == [text]


def test_a_phrase_cut_in_two_is_not_offered() -> None:
    text = "Mortgage rates averaged 3.1 percent in May, up from 2.9 percent a year earlier, according to Velodata.com."
    assert all(not unit.wording.text.endswith("a year.") for unit in analysed(text).units)


def test_a_participle_that_may_share_its_auxiliary_gets_no_subject_of_its_own() -> None:
    text = "Holt was transferred in May and moved a month later."
    assert [unit.wording.text for unit in analysed(text).units] == ["Holt was transferred in May.", text]


def test_a_verb_with_its_own_object_keeps_the_subject() -> None:
    text = "Holt was arrested in May and closed the mill."
    assert [unit.wording.text for unit in analysed(text).units][-1] == "Holt closed the mill."


def test_who_is_no_bare_noun_behind_of() -> None:
    text = "Holt's chief of staff, who knew the account, was aware of it."
    assert all(not unit.wording.text.startswith("Staff") for unit in analysed(text).units)


def test_a_sentence_of_the_source_without_a_verb_is_offered_and_says_so() -> None:
    (tree,) = parse([["300", "jobs", "in", "one", "year", "."]])
    all_of_it = Grammar(tree, range(6), is_all=True)
    assert passed(
        Wording("300 jobs in one year."), "300 jobs in one year.", grammar=all_of_it, language="en"
    ) == (
        Wording("300 jobs in one year."),
        True,
    )
