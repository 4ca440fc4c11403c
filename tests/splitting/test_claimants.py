"""From the words of a source to the person, body or government they mean."""

from __future__ import annotations

import json

import pytest

from claims.splitting.types import ClaimantKind
from tests.shared_data import shared_path
from tests.splitting.attribution_reading import Seen, frames, speech
from tests.splitting.seen import words


def names(text: str) -> list[str]:
    return [frame.claimant for frame in speech(text)]


def last(text: str) -> Seen:
    return speech(text)[-1]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        # surname to full name
        ("Mayor Carla Roth opened the fair. Roth said the hall was full.", "Carla Roth", "person"),
        ("Carla Roth opened the fair. Ms. Roth said the hall was full.", "Carla Roth", "person"),
        # roles to people
        (
            "Foreign Minister Pavel Orlov met the envoy. The minister said talks would go on.",
            "Pavel Orlov",
            "person",
        ),
        (
            "Carla Roth, the mayor of Linden, opened the fair. The mayor said the hall was full.",
            "Carla Roth",
            "person",
        ),
        (
            "Finance Minister Jan Vega saw Foreign Minister Pavel Orlov. The foreign minister said no.",
            "Pavel Orlov",
            "person",
        ),
        # pronouns
        ("Carla Roth opened the fair. She said the hall was full.", "Carla Roth", "person"),
        ("Carla Roth met Peter Voss. He said the plant would close.", "Peter Voss", "person"),
        ("The Harbour Board met on Friday. It said ships were late.", "Harbour Board", "organisation"),
        # capitals and ministries
        ("Ankara says it was not involved.", "government of Turkey", "government"),
        ("The Kremlin said the talks had failed.", "Kremlin", "government"),
        ("The Turkish defence ministry said two jets had landed.", "Turkish defence ministry", "government"),
        ("Norway's foreign ministry said the envoy was safe.", "Norway's foreign ministry", "government"),
        ("Turkey said it would not sign.", "government of Turkey", "government"),
        # bodies
        ("Police in Linden said two men were held.", "Police in Linden", "organisation"),
        (
            "The World Health Organization (WHO) met. The W.H.O. said cases had fallen.",
            "World Health Organization",
            "organisation",
        ),
        (
            "Norvik Energy closed its mine. The company said 400 people would go.",
            "Norvik Energy",
            "organisation",
        ),
        # appositions and relative clauses
        ("Dana Quist, a fisherman from Varna, said the fish were gone.", "Dana Quist", "person"),
        ("Nobody was hurt, said a spokesman, Scott Whiffen.", "Scott Whiffen", "person"),
        (
            "Mu Li, of the University of X's school of public health, said it was reasonable.",
            "Mu Li",
            "person",
        ),
        # insertions are the editor's
        ("“It works,” said [Azerbaijani] President [Ilham] Aliyev.", "Ilham Aliyev", "person"),
        # issuers
        (
            "A study by the University of Linden found that bees sleep.",
            "University of Linden",
            "organisation",
        ),
    ],
)
def test_a_source_is_named_in_full(text: str, name: str, kind: str) -> None:
    frame = last(text)
    assert (frame.claimant, frame.kind) == (name, kind)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The economy is slowing, analysts say.", ClaimantKind.VAGUE),
        ("Sources close to the talks said a deal was near.", ClaimantKind.VAGUE),
        ("It is believed that the car was stolen.", ClaimantKind.ANONYMOUS),
        ("Striking dockers at the northern pier said they were unpaid.", ClaimantKind.GROUP),
    ],
)
def test_sources_without_a_name_are_marked(text: str, kind: ClaimantKind) -> None:
    assert frames(text)[0].kind == kind.value


def test_two_people_of_one_surname_are_not_guessed_between() -> None:
    frame = last("Anna Keller and Paul Keller run the inn. Keller said it was full.")
    assert frame.claimant == "Keller"
    assert "same-surname" in frame.flags


def test_first_person_in_a_quotation_is_its_speaker() -> None:
    found = frames('"We believe that the bridge will hold," Carla Roth said.')
    inner = next(frame for frame in found if frame.row.quote is not None)
    assert inner.claimant == "Carla Roth"


def test_an_elided_subject_keeps_the_claimant() -> None:
    found = speech("Carla Roth said the hall was full but added that nobody had paid.")
    assert [frame.claimant for frame in found] == ["Carla Roth", "Carla Roth"]


def test_a_pronoun_without_anyone_before_it_is_unresolved() -> None:
    frame = last("He said the hall was full.")
    assert frame.claimant == "He"
    assert "pronoun-unresolved" in frame.flags


def test_a_state_table_covers_the_world() -> None:
    from claims.splitting.word_lists import states

    table = states()
    assert len(set(table.names.values())) >= 195
    assert table.seats["ouagadougou"] == "Burkina Faso"
    assert table.adjectives["kyrgyz"] == "Kyrgyzstan"


@pytest.mark.shared
def test_the_reference_article_has_its_claimants() -> None:
    folder = shared_path("seed/gold")
    text = (folder / "seed.txt").read_bytes().decode("utf-8")
    gold = json.loads((folder / "seed.json").read_text(encoding="utf-8"))
    found = [
        frame for frame in frames(text) if frame.row.cue_class.value == "speech" and frame.row.quote is None
    ]
    wrong = []
    for unit in gold:
        if unit["class"] not in ("reported", "quoted"):
            continue
        covering = [
            frame
            for frame in found
            if any(span.start < unit["end"] and span.end > unit["start"] for span in frame.row.content)
        ]
        # The widest frame around a unit is the one that attributes it.
        best = max(
            covering, key=lambda frame: sum(span.end - span.start for span in frame.row.content), default=None
        )
        if best is None or best.claimant != unit["claimant"]:
            wrong.append((text[unit["start"] : unit["end"]][:50], best.claimant if best else None))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nine people died, the town's deputy mayor, Ilie Marcu, said by telephone.", "Ilie Marcu"),
        (
            "Half the trains were late, the company's chief executive, Sofie Lund, 52, said on Monday.",
            "Sofie Lund",
        ),
        ("Nine people died, the mayor's press officer, Ana Holt, told reporters.", "Ana Holt"),
    ],
)
def test_a_name_beside_a_role_before_the_verb_is_the_claimant(text: str, name: str) -> None:
    (frame,) = speech(text)
    assert frame.claimant == name
    assert frame.unit == text.split(",")[0]


def test_staff_alone_are_those_of_the_body_just_named_or_vague() -> None:
    assert names("Lenna Hospital closed two wards. Staff said that the move cost 40 jobs.") == [
        "staff of Lenna Hospital"
    ]
    vague = last("The road was closed in May. Staff said that the move cost 40 jobs.")
    assert (vague.claimant, vague.kind) == ("staff", "vague")
    assert "vague-source" in vague.flags


def test_the_general_staff_is_no_staff_of_a_general() -> None:
    frame = last("Forty shells fell, the General Staff in Saren said on Tuesday.")
    assert (frame.claimant, frame.kind) == ("General Staff", "organisation")


@pytest.mark.parametrize(
    "text",
    [
        "RESULTS Of 238 bridges that were inspected, 51 were closed.",
        "The office wrote: 'FINDINGS Of the 60 bridges inspected, 55 were closed.'",
    ],
)
def test_a_capital_on_a_little_word_alone_is_no_name(text: str) -> None:
    """Headings of abstracts run into their sentence; such a text could not be split at all."""
    assert [one for one in words(text) if "were closed" in one]
