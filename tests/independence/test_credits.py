"""Whom a text names as the place where its news comes from."""

from __future__ import annotations

import pytest

from claims.independence.credits import CreditKind, credits, name_key


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("OSTRA, Oct 14 (Reuters) - The road was closed.", CreditKind.AGENCY_LINE, "Reuters"),
        ("MOSCOW. October 14. INTERFAX - The minister met nobody.", CreditKind.AGENCY_LINE, "INTERFAX"),
        ("The road was closed.\nSource: AFP", CreditKind.AGENCY_LINE, "AFP"),
        ("(Reporting by Ana Ruiz; editing by Tom Berg, Reuters)", CreditKind.AGENCY_LINE, "Reuters"),
        ("The road is closed, according to the Ostra Herald.", CreditKind.ACCORDING_TO, "Ostra Herald"),
        ("“It burst,” he told the Weir Post on Monday.", CreditKind.TOLD, "Weir Post"),
        ("She said so in an interview with Radio Ostra.", CreditKind.TOLD, "Radio Ostra"),
        ("TASS reports that the road is closed.", CreditKind.REPORTED_BY, "TASS"),
        ("The Ostra Herald reported on Friday that it is open.", CreditKind.REPORTED_BY, "Ostra Herald"),
        (
            "It is open, as previously reported by Greek City Times.",
            CreditKind.REPORTED_BY,
            "Greek City Times",
        ),
        (
            "The road is open, officials said, citing the Ostra Gazette.",
            CreditKind.REPORTED_BY,
            "Ostra Gazette",
        ),
        ("This article was first published in the Weir Post.", CreditKind.REPUBLISHED, "Weir Post"),
    ],
)
def test_a_credit_is_read_with_its_place(text: str, kind: CreditKind, name: str) -> None:
    found = [c for c in credits(text) if c.kind is kind]
    assert [c.name for c in found] == [name]
    assert text[found[0].start : found[0].end] == name


@pytest.mark.parametrize(
    "text",
    [
        "According to the minister, the road is closed.",
        "According to Pavel Novak, the road is closed.",
        "He told reporters that the road is closed.",
        "She told Marta Benes about it.",
        "The council (CDU) - as ever - was divided.",
        "The Water Board reported two cracks.",
        "The post office reported a loss.",
        "",
    ],
)
def test_speakers_and_bodies_are_not_places_of_publication(text: str) -> None:
    assert credits(text) == ()


def test_the_caller_can_name_outlets_that_do_not_look_like_one() -> None:
    text = "“It burst,” he told Ostrava Dnes."
    assert credits(text) == ()
    assert [c.name for c in credits(text, outlets=["Ostrava Dnes"])] == ["Ostrava Dnes"]


def test_spellings_of_one_name_meet() -> None:
    assert name_key("The Ostra Herald") == name_key("ostraherald.com") == name_key("Ostra Herald")
    assert name_key("AP") == name_key("the Associated Press")
    assert name_key("AFP") != name_key("AP")
