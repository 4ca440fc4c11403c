"""Families of claimants: who speaks, by which name, and who cannot; sentences invented for each kind."""

from __future__ import annotations

import pytest

from claims.language.blocks import layout
from claims.language.document import read
from claims.language.spans import Span
from claims.splitting import split
from claims.splitting.claimants.named import NamedClaimant
from claims.splitting.claimants.resolver import Resolver
from claims.splitting.claimants.speakers import NOBODY, admitted, can_speak
from claims.splitting.types import ClaimantKind, Unit


def units(text: str) -> list[Unit]:
    return list(split(text, published="2024-05-08", judge=None).units)


def claimants(text: str) -> list[str]:
    return [unit.claimant for unit in units(text)]


def who_says(text: str, words: str) -> str:
    """Return the claimant of the innermost unit that holds some words."""
    holding = [unit for unit in units(text) if words in unit.text]
    assert holding, f"no unit holds {words!r}: {[unit.text for unit in units(text)]}"
    return min(holding, key=lambda unit: len(unit.text)).claimant


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("this morning", ClaimantKind.PERSON),
        ("Tuesday", ClaimantKind.ORGANISATION),
        ("40", ClaimantKind.GROUP),
        ("3 million crowns", ClaimantKind.GROUP),
        ("hundreds of times", ClaimantKind.GROUP),
        ("share of pupils", ClaimantKind.PERSON),
        ("only 30 percent", ClaimantKind.GROUP),
        ("valley", ClaimantKind.PERSON),
        ("rebuke to the dean", ClaimantKind.PERSON),
        ("a", ClaimantKind.PERSON),
        ("The", ClaimantKind.PERSON),
        ("you", ClaimantKind.PERSON),
        ("one of which", ClaimantKind.PERSON),
        ("average pay", ClaimantKind.GROUP),
        ("200 branches in villages", ClaimantKind.GROUP),
    ],
)
def test_nobody_speaks_who_cannot(name: str, kind: ClaimantKind) -> None:
    refused = admitted(NamedClaimant(name, kind, None))
    assert (refused.name, refused.flags) == ("", (NOBODY,))


@pytest.mark.parametrize(
    "name",
    [
        "Ana Holt",
        "Theresa May",
        "Suleiman al-Amr",
        "police",
        "two of them",
        "dozens of residents",
        "a majority of voters",
        "the 24-year-old",
        "lacemakers",
        "government of Norway",
        "posts on a message board",
        "Spain's finance ministry",
        "critics of the plan",
        "@harbourwatch",
        "40 percent of farmers",
    ],
)
def test_people_bodies_groups_and_texts_speak(name: str) -> None:
    kind = ClaimantKind.PERSON if name[:1].isupper() else ClaimantKind.GROUP
    assert can_speak(name, kind)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # given names the tagger does not know, particles, hyphens, many places of origin
        ("Ursula von der Berg said 40 houses were destroyed.", "Ursula von der Berg"),
        ("Hugh Hill, a doctor, said the ward lost 300 beds.", "Hugh Hill"),
        ("Faisal bin Rashid said the port was open.", "Faisal bin Rashid"),
        ("Seung-hun Lee said the plant was sold.", "Seung-hun Lee"),
        ("Colonel Suleiman al-Amr said the wounded were safe.", "Suleiman al-Amr"),
        ("Ngozi Eze told reporters the well was dry.", "Ngozi Eze"),
        ("Maria de la Cruz said the road was closed.", "Maria de la Cruz"),
        ("Anne-Marie Duval said the museum was shut.", "Anne-Marie Duval"),
        # a body, a place or an office before the person
        ("Council leader Sheila Roth said the scheme cut journeys.", "Sheila Roth"),
        ("Lumo co-founder Mark Zeller said the tour was free.", "Mark Zeller"),
        ("Norland's coach Nabil Farouk said the team was tired.", "Nabil Farouk"),
        ("Labour's Shadow Home Secretary Yvette Lund said the plan was late.", "Yvette Lund"),
        ("Minister of Education Stefania Galli said the exam was too long.", "Stefania Galli"),
        ("The CEO of the Harbour Council Enver Solak said the quay was full.", "Enver Solak"),
        ("The chair of the governors, Helen Marck, said the school was open.", "Helen Marck"),
        ("The head of the river board (RB), Nils Aune, said the dam held.", "Nils Aune"),
        ("A foreign ministry spokesman, Ilan Korb, said the envoy was safe.", "Ilan Korb"),
        ("NASA Administrator Charles Benton said the flight was off.", "Charles Benton"),
        ("Forester Ines Carvalho said the soil was dry.", "Ines Carvalho"),
        # the fullest name that the article gives
        ("Paula Paris left the ship. Paris said the cabin was locked.", "Paula Paris"),
        ("Colette Heal wrote the paper. Heal said the yields fell.", "Colette Heal"),
        (
            "The World Health Organization met in May. The WHO said the vaccine is safe.",
            "World Health Organization",
        ),
        ("The Lorra County Council met. The County Council said the fee would rise.", "Lorra County Council"),
        ("The Church of Lorra denied it. The Church said the hall was open.", "Church of Lorra"),
        ("Lorra Gov. Terry Macken said the fee would rise.", "Terry Macken"),
        ("Xiomara Ruiz-Ortega spoke. Ruiz-Ortega added that 12 schools were unsafe.", "Xiomara Ruiz-Ortega"),
        ("A Facebook post with 30,000 shares says that the town banned fireworks.", "Facebook post"),
        ("“Wages fell by 4 percent in 2023.” – Prof. Aigul Bekova", "Aigul Bekova"),
        # offices are not their states
        ("Downing Street said the talks went well.", "Downing Street"),
        ("Kremlin advisers say the talks have stalled.", "Kremlin advisers"),
        ("Spain's finance ministry said the figures were wrong.", "Spain's finance ministry"),
        ("The US State Department said the visit was off.", "US State Department"),
        ("Chile's health ministry confirmed that 40 people had died.", "Chile's health ministry"),
        ("Washington said the account was false.", "government of the United States"),
        # a firm that is spelt as an owner
        ("Banks have closed branches, said Moody's on Tuesday.", "Moody's"),
        # times between subject and verb
        ("Holt this morning warned that 300 jobs were at risk.", "Holt"),
        ("The mayor on Tuesday said the bridge was safe.", "mayor"),
        ("Ana Roth last week told a court the mine was shut.", "Ana Roth"),
        # posts are the source, not how often they were shared
        (
            "Social media posts shared hundreds of times claim that a new law bans cash payments.",
            "Social media posts",
        ),
        ("Posts circulating on Facebook claim that the vaccine holds chips.", "Posts"),
        ("A video viewed three million times claims that the mayor was shot.", "video"),
    ],
)
def test_a_claimant_is_the_one_who_speaks_by_the_fullest_name(text: str, name: str) -> None:
    assert claimants(text)[-1] == name


def test_an_abbreviation_is_the_body_named_before() -> None:
    text = "The European Union and Norway signed the pact. The EU said it still regards the border as closed."
    assert claimants(text)[-1] in ("European Union", "EU")


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        (
            'The insurer posted a notice on its website. "Claims will be paid by June," the notice said.',
            "Claims will be paid",
            "insurer",
        ),
        (
            'The army said in a note that the road is open. "Two posts were hit," the note said.',
            "Two posts were hit",
            "army",
        ),
        (
            'Lorra Rail issued a circular. "No train will run on Sunday," the circular says.',
            "No train will run",
            "Lorra Rail",
        ),
    ],
)
def test_the_issuer_stands_for_the_text(text: str, words: str, name: str) -> None:
    assert who_says(text, words) == name


@pytest.mark.parametrize(
    "text",
    [
        "Neither Jens Holt nor Ann Berg said the city lost 300 jobs.",
        "Neither the firm nor its lawyers alleged that data leaked.",
        "Nobody at the firm said the plant would close.",
        "None of the witnesses said the car was red.",
        "No official said that the bridge was closed.",
        "The board refused to say how many jobs were lost.",
        "The mayor declined to say whether the bridge was safe.",
        "The firm stopped short of saying the plant would close.",
        "Ana Holt never said that the fee was lawful.",
    ],
)
def test_what_nobody_says_is_nobodys(text: str) -> None:
    assert set(claimants(text)) == {""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Police said 40 nurses left.", "40 nurses left"),
        ("The union added 300 drivers had quit.", "300 drivers had quit"),
        ("Officials claimed more than 500 homes burned.", "more than 500 homes burned"),
        ("The ministry reported 12 people died.", "12 people died"),
    ],
)
def test_a_number_behind_a_verb_of_saying_opens_the_claim(text: str, expected: str) -> None:
    (unit,) = units(text)
    assert (unit.text, unit.attribution, bool(unit.claimant)) == (expected, "reported", True)


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("The city, Jens Holt said, lost 300 jobs in 2019.", "lost 300 jobs", "Jens Holt"),
        ("The bridge, the mayor said, was safe in 2019.", "was safe", "mayor"),
        ("She pointed out the bridge was closed in 2019.", "the bridge was closed", "She"),
        ("The dean is accused by former staff of hiding two audits.", "hiding two audits", "former staff"),
        (
            "Wolves have returned to the valley, where sheep graze all summer, said the Forest Board on Monday.",
            "Wolves have returned",
            "Forest Board",
        ),
        (
            "Rathman also asked the governments of the south not to turn away boats.",
            "not to turn away boats",
            "Rathman",
        ),
        (
            "Moll - who distrusts the firm and has sued it twice - called for a boycott.",
            "called for a boycott",
            "Moll",
        ),
        ("Lund noted that the figures show prices fell.", "prices fell", "Lund"),
        ('The letter reads "we may extend the use of the form in 2025".', "we may extend", "letter"),
        (
            "He described the quay as unsafe. Ana Holt characterised the fee as illegal.",
            "the fee as illegal",
            "Ana Holt",
        ),
        (
            'Senator Ana Holt issued a statement on Friday. "The harbour lost 40 ships in 2019."',
            "The harbour lost 40 ships",
            "Ana Holt",
        ),
        (
            "Gusts of 151 km were measured at Cape Sund, the weather service reports.",
            "Gusts of 151",
            "weather service",
        ),
        (
            "Ana Holt defended the board's record while promising that fees would fall.",
            "fees would fall",
            "Ana Holt",
        ),
    ],
)
def test_frames_of_every_order_are_found(text: str, words: str, name: str) -> None:
    assert who_says(text, words) == name


def test_a_paragraph_set_apart_behind_a_colon_is_in_the_speakers_words() -> None:
    text = "In a letter, the Harbour Board denied it:\n\nShe was not 'forced' to stay in 2019. The fee was paid in May."
    quoted = [unit for unit in units(text) if unit.attribution == "quoted"]
    assert [unit.claimant for unit in quoted] == ["Harbour Board", "Harbour Board"]


@pytest.mark.parametrize(
    "text",
    [
        "Police arrested and questioned the student.",
        "Lund conceded a penalty in the 62nd minute.",
        "The club held a fair outside the hall, known as the old mill.",
        "The firm has launched a campaign to persuade users to stop using the tool.",
        "Ana Holt announced the ports that would be closed.",
    ],
)
def test_a_deed_is_told_by_the_writer(text: str) -> None:
    assert set(claimants(text)) == {""}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Moe said the clinic would open in spring, but she did not name a date.", "did not name a date"),
        ("The board said the fee would rise, but gave no figure.", "gave no figure"),
        ("A tribunal rejected the airline's appeal, which had been filed in 2021.", "had been filed"),
        (
            "The merger leaves the port with one tug firm and ends a rule that dates from 1950.",
            "dates from 1950",
        ),
    ],
)
def test_a_frame_ends_where_the_writer_goes_on(text: str, words: str) -> None:
    assert who_says(text, words) == ""


@pytest.mark.parametrize(
    "text",
    [
        "“We trained 400 nurses in January.” – Commissioner Hanna Vries",
        "“We trained 400 nurses in January,” — Hanna Vries, commissioner.",
        "“We trained 400 nurses in January.”\n\n— Hanna Vries, commissioner of health",
        "“We trained 400 nurses in January.” - Hanna Vries (Green)",
        "“Nobody helped. We trained 400 nurses in January.”\n– Hanna Vries",
    ],
)
def test_a_dash_behind_a_quotation_names_its_speaker(text: str) -> None:
    assert who_says(text, "We trained 400 nurses in January") == "Hanna Vries"


def test_a_dash_with_a_clause_behind_it_names_nobody() -> None:
    assert who_says("“We won in 1990.” – That was long ago.", "We won in 1990") == ""


def test_letters_and_posts_belong_to_the_name_below_them() -> None:
    text = (
        "Readers on the harbour\n\nWe asked our readers about the new fee.\n\nThe fee doubled in 2023.\n\n"
        "Anna Roth.\n\n"
        "The port lost 40 ships last year.\n\nIt has 12 cranes.\n\nBen Lund.\n\nThe quay was built in 1950.\n\n"
        "@harbourwatch."
    )
    assert who_says(text, "The fee doubled") == "Anna Roth"
    assert who_says(text, "It has 12 cranes") == "Ben Lund"
    assert who_says(text, "The quay was built") == "@harbourwatch"
    assert who_says(text, "We asked our readers") == ""


def test_a_quotation_runs_on_over_paragraphs_whose_marks_were_left_out() -> None:
    text = (
        'Anna Roth said, "The harbour lost 40 ships.\n\nThe quay was built in 1950.\n\nThe fee doubled in 2023."\n\n'
        "The council meets in May."
    )
    assert who_says(text, "The quay was built") == who_says(text, "The fee doubled") == "Anna Roth"
    assert who_says(text, "The council meets") == ""


def test_two_quotations_without_marks_between_follow_one_another() -> None:
    text = (
        'Anna Roth said, "The harbour lost 40 ships.\n\nThe quay was built in 1950." After the vote, '
        'the mayor Ben Lund said, "The fee doubled.\n\nThe port has 12 cranes."\n\nThe council meets in May.'
    )
    assert who_says(text, "The quay was built") == "Anna Roth"
    assert who_says(text, "The port has") == "Ben Lund"
    assert who_says(text, "The council meets") == ""


def test_a_quotation_goes_on_behind_the_line_below_a_picture() -> None:
    text = (
        'Anna Roth said, "The harbour lost 40 ships. The quay was built in 1950.\n\n'
        'In 2008, two ships await a journey. Image: Harbour Press.\n\n"The fee doubled in 2023."'
    )
    assert who_says(text, "The quay was built") == who_says(text, "The fee doubled") == "Anna Roth"


def test_a_term_in_marks_does_not_open_a_quotation_of_the_next_paragraph() -> None:
    text = 'The ship was called "Hope.\n\nThe "best" ship of 1950 sank in May.'
    assert who_says(text, "sank in May") == ""


def test_a_moderators_you_is_who_speaks_next() -> None:
    text = (
        "MODERATOR: Ms. Reed, you said last week that crime is down.\n\nREED: Crime is down by 4 percent.\n\n"
        "MODERATOR: Is that so?"
    )
    assert who_says(text, "crime is down") == "Reed"
    assert "you" not in claimants(text)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("DANA BRIGGS, CITY DESK ANCHOR", "Dana Briggs"),
        ("SARAH HOLT SANDERLIN, PRESS SECRETARY", "Sarah Holt Sanderlin"),
        ("MAYOR DANA BRIGGS (IND.)", "Dana Briggs"),
        ("CONOR O'HARA-SMITH", "Conor O'Hara-Smith"),
    ],
)
def test_a_label_is_a_name_with_its_role_apart(label: str, name: str) -> None:
    last = label.split(",")[0].split("(")[0].split()[-1]
    text = f"{label}: Unemployment fell to 3.6 percent.\n\nMARK OSEI: It did not.\n\n{last}: It fell in May."
    assert claimants(text)[0] == claimants(text)[-1] == name


@pytest.mark.parametrize(
    "text",
    [
        "MARK OSEI: Our party cut income tax in 2024.\n\nLENA DORN: He lost 40 million crowns.\n\nMARK OSEI: No.",
        '"She lost the files in 2019," Anna Berg said.',
        'Jan Holt met Ola Berg and Erik Aune. "He lost 3 million in 2019," Jan Holt said.',
    ],
)
def test_a_pronoun_in_somebodys_own_words_is_not_that_person(text: str) -> None:
    wordings = [unit.wording.text for unit in units(text) if "lost" in unit.text]
    assert wordings
    assert not any(
        name in wordings[-1] for name in ("Dorn", "DORN", "Anna Berg", "Jan Holt", "Ola Berg", "Aune")
    )
    assert any("who is" in open_.why for unit in units(text) for open_ in unit.wording.unresolved)


def test_the_speaker_is_no_candidate_for_a_pronoun_in_own_words() -> None:
    text = 'Ana Holt met Eva Roth. "She took 40 files in 2019," Ana Holt said. She was calm.'
    reading = read(layout(text), language="en")
    resolver = Resolver(reading)
    place = text.index("She took")
    before = resolver.recall.person(Span(place, place + 3), "She", "f", reading.sentences[1])
    resolver.recall.own_words(Span(place, place + 24), "Eva Roth")
    after = resolver.recall.person(Span(place, place + 3), "She", "f", reading.sentences[1])
    assert (before.name, after.name) == ("Eva Roth", "Ana Holt")


def test_it_is_no_person() -> None:
    (unit,) = units("Holt said it would cost 3 million.")
    assert (unit.claimant_kind, "Holt would" in unit.wording.text) == (ClaimantKind.PERSON, False)


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Speaker 1", "Speaker 1"),
        ("SPEAKER_00", "Speaker 00"),
        ("Unknown Speaker", "Unknown speaker"),
        ("Sprecher 2", "Sprecher 2"),
    ],
)
def test_a_voice_that_a_recorder_numbers_is_shown_as_that_and_is_no_person(label: str, shown: str) -> None:
    text = (
        f"{label}: Crime fell by 10 percent.\nANNA ORR: We closed the plant.\n{label}: The city paid for it."
    )
    first, orr, last = split(text, source="transcript", judge=None).units
    assert (first.claimant, first.claimant_kind) == (shown, ClaimantKind.ANONYMOUS)
    assert "recorder-label" in first.flags
    assert last.claimant == first.claimant
    assert orr.claimant_kind is ClaimantKind.PERSON


def test_a_voice_that_says_its_own_name_has_it() -> None:
    text = "Speaker 1: I am Jack Lind and I chair the board.\nSpeaker 2: Taxes rose.\nSpeaker 1: The city paid for it."
    names = {unit.claimant for unit in split(text, source="transcript", judge=None).units}
    assert names == {"Jack Lind", "Speaker 2"}


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        (
            "The van belonged to Guardian Security. Its vehicles carry dye, a spokeswoman said.",
            "carry dye",
            "spokeswoman of Guardian Security",
        ),
        (
            "The labour ministry is looking into the case, a spokesman said.",
            "is looking",
            "spokesman of labour ministry",
        ),
        ("A spokesman said the road was closed.", "the road was", "spokesman"),
        (
            "The Alpine Club met in Kelm. “The ice is going,” its president said.",
            "The ice",
            "president of Alpine Club",
        ),
        ("“The ice is going,” its president said.", "The ice", "its president"),
        (
            "Lumo, one of the biggest publishers in Europe, has moved to Karst. The company said Lumo had grown.",
            "had grown",
            "Lumo",
        ),
    ],
)
def test_who_speaks_for_a_body_is_named_by_it(text: str, words: str, speaker: str) -> None:
    assert who_says(text, words) == speaker
