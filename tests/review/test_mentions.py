"""Whom a note names: whole names and first names, in any case, and nobody in an address."""

from __future__ import annotations

import pytest

from claims.review.mentions import mentions_in

PEOPLE = [
    (1, "Nora Lindqvist"),
    (2, "Tomas Okafor"),
    (3, "Ann Bell"),
    (4, "Ann Reed"),
    (5, "Ann"),
    (6, "Jo Ann Ek"),
]


def named(text: str, **options: object) -> list[tuple[str, int]]:
    read = mentions_in(text, PEOPLE, **options)  # type: ignore[arg-type]
    return [(text[one.start : one.end], one.person) for one in read.mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@Nora does this touch the claim?", [("@Nora", 1)]),
        ("Ask @nora lindqvist, please.", [("@nora lindqvist", 1)]),
        ("(@Tomas) and @Nora's list", [("@Tomas", 2), ("@Nora", 1)]),
        ("@Ann Reed saw it", [("@Ann Reed", 4)]),
        ("write to nora@nora.example", []),
        ("@Norabel is somebody else", []),
        ("@Nora-Lena too", []),
        ("@nora@social.example", []),
        ("@POTUS said so", []),
        ("@", []),
        ("ask @Jo.", [("@Jo", 6)]),
    ],
)
def test_who_is_named(text: str, expected: list[tuple[str, int]]) -> None:
    assert named(text) == expected


def test_a_name_of_several_people_is_unclear_until_one_is_meant() -> None:
    read = mentions_in("@Ann knows", PEOPLE)
    assert read.mentions == ()
    assert read.unclear == (("Ann", ("Ann Bell", "Ann Reed", "Ann")),)
    assert named("@Ann knows", meant=[4]) == [("@Ann", 4)]
