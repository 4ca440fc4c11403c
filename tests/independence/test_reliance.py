"""Whom does a passage rely on, is that the claimant, and is it a primary source?"""

from __future__ import annotations

import pytest

from claims.independence.issuers import Form, Printed, form_of
from claims.independence.reliance import Asker, Reliance, is_primary, reliance, repeats_claimant, sources
from tests.independence.passages import statements_in

WORDING = "Cases of measles in Norland rose by 12 percent in 2025."
POST = Printed(outlet="Harbour Post", site="harbourpost.example")
MINISTRY = ("Ministry of Health",)


def read(text: str, printed: Printed = POST, *, wording: str = WORDING, language: str = "en") -> Reliance:
    return reliance(text, statements_in(text, language), printed, wording, language=language)


def repeats(
    text: str, names: tuple[str, ...] = MINISTRY, printed: Printed = POST, language: str = "en"
) -> bool:
    wording = {
        "en": WORDING,
        "de": "Die Zahl der Masernfälle stieg 2025 um 12 Prozent.",
        "es": "Los casos de sarampión aumentaron un 12 por ciento en 2025.",
        "fr": "Les cas de rougeole ont augmenté de 12 % en 2025.",
    }[language]
    return repeats_claimant(read(text, printed, wording=wording, language=language), Asker(names))


@pytest.mark.parametrize(
    "text",
    [
        "The Ministry of Health said that cases of measles rose by 12 percent in 2025.",
        "Cases of measles rose by 12 percent in 2025, according to the Ministry of Health.",
        "Cases of measles rose by 12 percent in 2025, the health ministry said on Monday.",
        "“Cases of measles rose by 12 percent in 2025,” a spokesman for the Ministry of Health said.",
        "Cases of measles rose by 12 percent in 2025, the ministry's spokeswoman, Ida Berg, told reporters.",
        "Health Minister Jana Roth said that cases of measles rose by 12 percent in 2025.",
    ],
)
def test_what_bears_on_the_claim_from_the_claimant_alone_repeats_it(text: str) -> None:
    assert repeats(text)


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (("World Health Organization",), "Cases of measles rose by 12 percent in 2025, the WHO said."),
        (("WHO",), "The World Health Organization said cases of measles rose by 12 percent in 2025."),
        (("Jana Roth",), "Cases of measles rose by 12 percent in 2025, Roth said."),
        (("J. Roth",), "Cases of measles rose by 12 percent in 2025, Jana Roth said."),
        (
            ("Jana Roth", "Minister of Health"),
            "The Ministry of Health said measles cases rose by 12 percent.",
        ),
    ],
)
def test_the_claimant_is_known_in_another_spelling_by_initials_and_by_office(
    names: tuple[str, ...], text: str
) -> None:
    assert repeats(text, names)


@pytest.mark.parametrize(
    ("language", "names", "text"),
    [
        ("de", ("Ministerium für Gesundheit",), "Das Ministerium für Gesundheit teilte mit, die Zahl der "
         "Masernfälle sei 2025 um 12 Prozent gestiegen."),
        ("es", ("Ministerio de Sanidad",), "El Ministerio de Sanidad dijo que los casos de sarampión "
         "aumentaron un 12 por ciento."),
        ("fr", ("ministère de la Santé",), "Le ministère de la Santé a déclaré que les cas de rougeole ont augmenté de "
         "12 %."),
    ],
)  # fmt: skip
def test_plain_frames_of_three_more_languages_are_read(
    language: str, names: tuple[str, ...], text: str
) -> None:
    assert repeats(text, names, language=language)
    assert not repeats(text, ("Karl Brandt",), language=language)


@pytest.mark.parametrize(
    "text",
    [
        # another speaker
        "Cases of measles rose by 12 percent in 2025, Dr Ole Lind of the Tarn clinic said.",
        # the text's own words
        "Cases of measles in Norland rose by 12 percent in 2025.",
        # the claimant and somebody else
        "The Ministry of Health said cases of measles rose by 12 percent in 2025. Cases of measles rose by 12 percent "
        "in 2025, the Institute of Hygiene said after a count of its own.",
        # the other side
        "The Ministry of Health said cases of measles rose by 12 percent in 2025. The doctors' union rejected the"
        " claim.",
        # nobody knows whose words
        "Cases of measles rose by 12 percent in 2025, officials in three hospitals said.",
    ],
)
def test_what_somebody_else_says_as_well_does_not_repeat_the_claimant(text: str) -> None:
    assert not repeats(text)


def test_what_the_claimant_says_of_something_else_decides_nothing() -> None:
    text = "Cases of measles rose by 12 percent in 2025. The Ministry of Health said the roads were wet."
    found = read(text)
    assert found.itself
    assert found.speakers == ()


def test_an_outlet_that_made_the_claim_repeats_itself_and_an_agency_text_is_the_agencys() -> None:
    text = "Cases of measles in Norland rose by 12 percent in 2025."
    assert repeats(text, ("Harbour Post",))
    assert not repeats(text, ("Meridian News Agency",))
    agency = Printed(outlet="Harbour Post", head="LENNA (Reuters) – Cases of measles rose.")
    assert repeats(text, ("Reuters",), agency)
    assert [row.name for row in sources(read(text, agency), Asker())] == ["Reuters"]


def test_a_denial_and_who_denies_are_told() -> None:
    found = read(
        "Cases of measles rose by 12 percent, the Ministry of Health said. The doctors' union denied this."
    )
    assert found.denies
    assert "union" in found.denier
    assert not read("The union rejected the budget. Cases of measles rose by 12 percent in 2025.").denies


def test_a_claimant_who_takes_the_words_back_repeats_nothing() -> None:
    blog = Printed(outlet="Ellery Eye")
    text = (
        "I wrote here that cases of measles rose by 12 percent. That was wrong. I have taken the text down."
    )
    assert not repeats(text, ("Ellery Eye",), blog)
    assert read(text, blog).note == "I have taken the text down."


def test_where_only_the_saying_is_checked_the_claimants_words_are_evidence() -> None:
    found = read("The Ministry of Health said that cases of measles rose by 12 percent in 2025.")
    assert not repeats_claimant(found, Asker(MINISTRY, that_it_was_said=True))


def test_what_a_person_wrote_wins() -> None:
    found = read("The Ministry of Health said that cases of measles rose by 12 percent in 2025.")
    assert not repeats_claimant(found, Asker(MINISTRY), according_to="Institute of Hygiene")
    other = read("Cases of measles rose by 12 percent in 2025, the Institute of Hygiene said.")
    assert repeats_claimant(other, Asker(MINISTRY), according_to="the ministry of health")
    assert not is_primary(read("x", Printed(outlet="Statistics Norland")), primacy="secondary")
    assert is_primary(read("x"), primacy="primary")


def test_nothing_is_said_of_a_language_that_is_not_read() -> None:
    text = "Het ministerie zei dat het aantal gevallen met 12 procent steeg."
    found = reliance(text, (), POST, WORDING, language="nl", read=False)
    assert sources(found, Asker(MINISTRY)) == ()
    assert not repeats_claimant(found, Asker(MINISTRY))


def test_it_is_stored_and_read_back() -> None:
    found = read("The Ministry of Health denied that cases of measles rose by 12 percent in 2025.")
    assert Reliance.from_json(found.to_json()) == found
    assert Reliance.from_json({}) == Reliance()


@pytest.mark.parametrize(
    ("printed", "form"),
    [
        (Printed(outlet="Statistics Norland"), Form.STATISTICS),
        (Printed(outlet="Statistisches Bundesamt"), Form.STATISTICS),
        (Printed(outlet="Instituto Nacional de Estadística"), Form.STATISTICS),
        (Printed(outlet="Supreme Court of Norland"), Form.COURT),
        (Printed(outlet="Verwaltungsgericht Tarn"), Form.COURT),
        (Printed(outlet="Joint Observer Mission"), Form.OBSERVER),
        (Printed(outlet="Court of Audit"), Form.OBSERVER),
        (Printed(outlet="Ellery Water Board"), Form.AUTHORITY),
        (Printed(outlet="Ministry of Health"), Form.AUTHORITY),
        (Printed(outlet="Cabinet", site="cabinet.gov.uk"), Form.AUTHORITY),
        (Printed(outlet="Presse", site="interieur.gouv.fr"), Form.AUTHORITY),
        (Printed(outlet="Clean Tarn", title="Press release: our samples"), Form.RELEASE),
        (Printed(outlet="", title="Minutes of the meeting of the town council"), Form.MINUTES),
        (Printed(outlet="", head="JUDGMENT of 3 May 2026\nCase no. 12/2026"), Form.JUDGMENT),
        (Printed(outlet="", url="https://x.example/a/cases.csv"), Form.DATASET),
        (Printed(outlet="", title="Transcript of the debate"), Form.TRANSCRIPT),
        # papers and agencies, whatever their names and subjects
        (Printed(outlet="The Court Record"), Form.NONE),
        (Printed(outlet="Health Board News", title="Water board publishes its figures"), Form.NONE),
        (Printed(outlet="Meridian News Agency", title="Court of Audit publishes report"), Form.NONE),
        (Printed(outlet="Harbour Post", title="Statistics office revises its figures"), Form.NONE),
        (Printed(outlet="Harbour Post", site="www.gov.harbourpost.example"), Form.NONE),
    ],
)  # fmt: skip
def test_issuer_and_form_make_a_primary_source(printed: Printed, form: Form) -> None:
    assert form_of(printed) is form


def test_an_office_vouches_for_what_it_says_itself_and_not_for_whom_it_quotes() -> None:
    board = Printed(outlet="Public Health Institute", title="Measles")
    assert is_primary(read("Cases of measles rose by 12 percent in 2025.", board))
    assert not is_primary(
        read("Cases of measles rose by 12 percent in 2025, the Ministry of Health said.", board)
    )
    own = "Cases of measles rose by 12 percent in 2025, the Public Health Institute said."
    assert is_primary(read(own, board))


def test_a_witness_is_primary_and_a_quoted_one_is_not() -> None:
    seen = "Our reporter counted forty shells. Nine houses burned."
    assert form_of(POST, seen) is Form.WITNESS
    assert form_of(POST, "A witness said that forty shells fell.") is Form.NONE
