"""What the words around a date say about its direction: one reading, with and without a year to be chosen."""

from __future__ import annotations

import pytest

from claims.language.dates import read

PAST, AHEAD, OPEN = "past", "future", ""


def value(text: str, published: str) -> str:
    (found,) = read(text, published=published)
    return found.where.value


def direction(text: str) -> str:
    return read(text)[-1].direction


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The council voted on Jan. 5.", "past"),
        ("On Jan. 5 the council voted.", "past"),
        ("The council has met since Jan. 5.", "past"),
        ("Bridge closed Jan. 5 after flood", "past"),
        ("It had been due to expire on Jan. 5.", "past"),
        ("The council will vote on Jan. 5.", "future"),
        ("On Jan. 5 the council will vote.", "future"),
        ("The mayor said the bridge would open on Jan. 5.", "future"),
        ("The mayor plans to open it on Jan. 5.", "future"),
        ("On Jan. 5, Mohamed and his father are to travel.", "future"),
        ("The case is heard on Jan. 5.", "present"),
        ("Council to vote Jan. 5 on bridge", "planned"),
        ("The hearing was postponed until Jan. 5.", "planned"),
        ("The guild dropped a march set for Jan. 5.", "planned"),
        ("The ministry scrapped a rise due on Jan. 5.", "planned"),
        ("The union called off a strike planned for Jan. 5.", "planned"),
        ("He was told to pay by Jan. 5.", "planned"),
        ("The poll showed Reed ahead in the Jan. 5 election.", ""),
        ("Reed spoke of Sunday's vote.", ""),
        ("Jan. 5", ""),
    ],
)
def test_the_words_around_a_date_say_its_direction(text: str, wanted: str) -> None:
    assert direction(text) == wanted


@pytest.mark.parametrize(
    ("text", "published", "wanted"),
    [
        ("Reed leads ahead of the Nov. 8 election.", "2026-09-27", "2026-11-08"),
        ("The poll showed Reed ahead in the Nov. 8 election.", "2026-09-27", "2026-11-08"),
        ("The council voted on Dec. 14.", "2024-11-20", "2023-12-14"),
        ("The guild dropped a march set for Dec. 14.", "2024-11-20", "2024-12-14"),
        ("The ministry scrapped a rise due on Jan. 1.", "2024-11-20", "2025-01-01"),
        ("The union called off a strike planned for Dec. 9.", "2024-11-20", "2024-12-09"),
        ("It was called off; it had been scheduled for 8 March.", "2026-04-10", "2026-03-08"),
        ("The council will vote on Jan. 5.", "2026-12-28", "2027-01-05"),
        ("Council to vote Jan. 5 on bridge", "2026-12-28", "2027-01-05"),
        ("The trial was postponed until 12 January.", "2026-12-28", "2027-01-12"),
        ("Man dies in Dec. 28 crash", "2027-01-03", "2026-12-28"),
        ("Bridge closed Dec. 20 after flood", "2027-01-03", "2026-12-20"),
        ("BRIDGE CLOSED DEC. 20 AFTER FLOOD", "2027-01-03", "2026-12-20"),
        ("The bridge will open on 3 March.", "2026-04-10", "2027-03-03"),
        ("It will open in March.", "2026-04-10", "2027-03"),
        ("It opened in June.", "2026-04-10", "2025-06"),
        ("They met on Tuesday.", "2026-04-10", "2026-04-07"),
        ("They will meet on Tuesday.", "2026-04-10", "2026-04-14"),
        ("It will be sold in the second quarter.", "2026-04-10", "2026-Q2"),
        ("It fell from 20 December to 5 January.", "2026-04-10", "2025-12-20/2026-01-05"),
        ("From 3 to 5 May it will be closed.", "2026-04-10", "2026-05-03/2026-05-05"),
    ],
)
def test_the_direction_chooses_the_year_on_both_sides_of_new_year(
    text: str, published: str, wanted: str
) -> None:
    assert value(text, published) == wanted


def test_the_sentence_before_says_nothing_about_this_one() -> None:
    text = "The council voted for the bridge. It will open on Jan. 5."
    assert direction(text) == "future"
