"""What two claims are about, which an earlier check must share before it is suggested."""

from __future__ import annotations

import pytest

from claims.matching.shared_terms import shared_things


@pytest.mark.parametrize(
    ("one", "other", "things"),
    [
        ("The cost of the tunnel has tripled since 2021.", "Attacks with knives have tripled since 2021.", 0),
        ("Crime fell by 40 percent in May.", "Exports fell by 40 percent in May.", 0),
        ("Unemployment in Port Lenna fell.", "Two children from Port Lenna were hurt.", 1),
        ("Violent crime in Lenna has doubled.", "Violent crime in Lenna rose by a fifth.", 3),
        ("Ilse Brandt of Lenna Water said no.", "Lenna Water was paid by Ilse Brandt.", 2),
        ("5G spreads the virus.", "The virus is spread by 5G.", 3),
        ("Lenna, Brod and Saren lost jobs.", "Jobs went in Brod and Saren.", 3),
        ("", "Jobs went in Brod.", 0),
    ],
)
def test_things_are_words_of_content_and_a_name_is_one(one: str, other: str, things: int) -> None:
    assert len(shared_things(one, other)) == things


def test_other_languages_have_no_list_but_their_stop_words_and_numbers() -> None:
    found = shared_things("Die Preise sind seit 2021 gestiegen.", "Preise für Brot 2021", language="de")
    assert found == ("preis",)
