"""Whose words are these? Passages of other hands: by office, through others, by letter, in other languages."""

from __future__ import annotations

import pytest

from claims.actions.reliance import reliance_of
from claims.independence.issuers import Form, Printed, form_of
from claims.independence.reliance import Asker, repeats_claimant

CLAIM = "The city lost 300 jobs in 2019."
NURSES = "40 nurses left in May."

REPEATS = [
    ("The health ministry said 40 nurses left in May.", NURSES, "Health Minister Jana Roth"),
    ("The health minister said 40 nurses left in May.", NURSES, "Jana Roth, health minister"),
    ("The ministry said 40 nurses left in May.", NURSES, "Ministry of Health"),
    ("The city said it lost 300 jobs in 2019.", CLAIM, "Municipality of Lund"),
    ("Holt's office said the city lost 300 jobs in 2019.", CLAIM, "Jens Holt"),
    ("The Holt campaign said the city lost 300 jobs in 2019.", CLAIM, "Jens Holt"),
    ("A lawyer for Jens Holt said the city lost 300 jobs in 2019.", CLAIM, "Jens Holt"),
    ("A letter from Jens Holt said the city lost 300 jobs in 2019.", CLAIM, "Jens Holt"),
    ("Emails from Velodata revealed that the city lost 300 jobs in 2019.", CLAIM, "Velodata"),
    ("A leaked report by the Home Office said the city lost 300 jobs in 2019.", CLAIM, "Home Office"),
    ("In a post on X, Holt claimed the city lost 300 jobs in 2019.", CLAIM, "Jens Holt"),
]
OTHERS = [
    ("The finance ministry said 40 nurses left in May.", NURSES, "Health Minister Jana Roth"),
    ("The finance ministry said 40 nurses left in May.", NURSES, "Ministry of Health"),
    ("The city of Malmo said it lost 300 jobs in 2019.", CLAIM, "Municipality of Lund"),
    ("The Holt Foundation said the city lost 300 jobs in 2019.", CLAIM, "Jens Holt"),
    ("The statistics office said the city lost 300 jobs in 2019.", CLAIM, "Jens Holt"),
    ("Anna Holt said the city lost 300 jobs in 2019.", CLAIM, "Jens Holt"),
    ("The Post counted 300 jobs that the city lost in 2019.", CLAIM, "Jens Holt"),
    ("Documents seen by the Post show the city lost 300 jobs in 2019.", CLAIM, "Jens Holt"),
]
LANGUAGES = [
    (
        "it",
        "«La città ha perso 300 posti nel 2019», ha detto il sindaco Gianni Rossi.",
        "La città ha perso 300 posti nel 2019.",
        "Gianni Rossi",
    ),
    (
        "pt",
        "A ministra Ana Costa afirmou que a cidade perdeu 300 empregos.",
        "A cidade perdeu 300 empregos.",
        "Ana Costa",
    ),
    (
        "nl",
        "Burgemeester Jan de Vries zei dat de stad 300 banen verloor.",
        "De stad verloor 300 banen.",
        "Jan de Vries",
    ),
]


def repeats(text: str, claim: str, claimant: str, language: str = "en") -> bool:
    found = reliance_of(text, claim, language=language, outlet="The Lund Post")
    return repeats_claimant(found, Asker((claimant,)))


@pytest.mark.parametrize(("text", "claim", "claimant"), REPEATS)
def test_the_claimant_in_whatever_dress_corroborates_nothing(text: str, claim: str, claimant: str) -> None:
    assert repeats(text, claim, claimant)


@pytest.mark.parametrize(("text", "claim", "claimant"), OTHERS)
def test_others_are_not_taken_for_the_claimant(text: str, claim: str, claimant: str) -> None:
    assert not repeats(text, claim, claimant)


@pytest.mark.parametrize(("language", "text", "claim", "claimant"), LANGUAGES)
def test_who_speaks_is_read_wherever_frames_are(language: str, text: str, claim: str, claimant: str) -> None:
    assert repeats(text, claim, claimant, language)
    assert not repeats(text, claim, "Somebody Else", language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "Il sindaco Gianni Rossi ha smentito che la città abbia perso 300 posti nel 2019."),
        ("pt", "O prefeito João Silva negou que a cidade perdeu 300 empregos em 2019."),
        ("nl", "Burgemeester Jan de Vries ontkende dat de stad in 2019 300 banen verloor."),
    ],
)
def test_denials_are_seen_in_these_languages(language: str, text: str) -> None:
    assert reliance_of(text, text.partition(" ch")[2] or text, language=language).denies


@pytest.mark.parametrize(
    ("site", "form"),
    [
        ("imf.org", Form.AUTHORITY), ("data.worldbank.org", Form.AUTHORITY), ("elections.ca", Form.AUTHORITY),
        ("elections.nz", Form.AUTHORITY), ("insee.fr", Form.STATISTICS), ("www.cbs.nl", Form.STATISTICS),
        ("health.gov.bc.ca", Form.AUTHORITY), ("dot.state.mn.us", Form.AUTHORITY), ("bundestag.de", Form.AUTHORITY),
        ("gub.uy", Form.AUTHORITY), ("pubmed.ncbi.nlm.nih.gov", Form.NONE), ("imf.org.example", Form.NONE),
        ("notimf.org", Form.NONE), ("factcheck.org", Form.NONE), ("cbs.com", Form.NONE),
    ],
)  # fmt: skip
def test_offices_are_known_by_their_sites(site: str, form: Form) -> None:
    assert form_of(Printed(site=site, url=f"https://{site}/a")) is form
