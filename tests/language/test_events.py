"""Event-relative words and times of day are found, and what belongs to the same scene is not."""

from __future__ import annotations

import pytest

from claims.language.dates import STORY, Kind, find, read


def events(text: str) -> list[str]:
    """Return the event-relative expressions of a text that only its story places."""
    return [
        text[one.start : one.end]
        for one in find(text)
        if one.kind is Kind.EVENT_RELATIVE and STORY in one.flags
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Rents doubled after the factory opened.", "after the factory opened"),
        ("The mill was sold before the bank collapsed.", "before the bank collapsed"),
        ("Prices have doubled since the mine closed.", "since the mine closed"),
        ("It is her first role since she retired from the stage.", "since she retired"),
        ("Red ink has alarmed voters since it increased.", "since it increased"),
        ("He refused to campaign in the last week of the race.", "the last week of the race"),
        ("The law was passed as the council ended its hearing.", "as the council ended"),
        ("She later moved to Chile.", "later"),
        ("Later, she moved to Chile.", "Later"),
        ("He subsequently left the country.", "subsequently"),
        ("Afterwards he opened a bar.", "Afterwards"),
        ("The road was closed and has since reopened.", "since"),
        ("More than 140 people have died since then.", "since then"),
        ("By then the mine had closed.", "By then"),
        ("At that time the town had two mills.", "At that time"),
        ("Engineers had replaced a relay the night before.", "the night before"),
        ("The school served as a hospital during the war.", "during the war"),
        ("The vote was held during lockdown.", "during lockdown"),
        ("Wages stagnated throughout the crisis.", "throughout the crisis"),
        ("He joined the party before the revolution.", "before the revolution"),
        ("She left the party following her defeat.", "following her defeat"),
        ("She stayed until her retirement.", "until her retirement"),
        ("The club has grown since its founding.", "since its founding"),
        ("Before the trial he sold his house.", "Before the trial"),
        ("Prior to the ruling, the church was closed.", "Prior to the ruling"),
        ("He retired shortly before the election.", "shortly before the election"),
        ("The firm was founded after World War II.", "after World War II"),
        ("The trade dates back to Roman times.", "to Roman times"),
        ("Her father drowned when she was nine.", "when she was nine"),
        ("She was kept there until she was eighteen.", "until she was eighteen"),
        ("He emigrated aged 17.", "aged 17"),
        ("She fell ill at the age of four months.", "at the age of four months"),
        ("In his youth he was a boxer.", "In his youth"),
        ("As a child she lived in Lund.", "As a child"),
        ("He scored in the 89th minute.", "in the 89th minute"),
        ("The ten men held on until the 71st minute.", "until the 71st minute"),
        ("When he was mayor he closed two schools.", "When he was mayor"),
        ("She wrote it while she was still a student.", "while she was still a student"),
        ("Before Reed was governor the road was free.", "Before Reed was governor"),
        ("While in office he closed two schools.", "While in office"),
        ("Since taking office he has closed two schools.", "Since taking"),
        ("In his first term he closed two schools.", "In his first term"),
        ("During his time as mayor two schools closed.", "During his time as"),
        ("On her first day in office she signed it.", "On her first day in office"),
        ("In the final days of the campaign he went to Lund.", "the final days of the campaign"),
        ("She wrote it over the last five months of her life.", "the last five months of her life"),
        ("On the second day of the strike two ports closed.", "the second day of the strike"),
        ("In the run-up to the election rents fell.", "In the run-up to the election"),
        ("On the eve of the vote he resigned.", "On the eve of the vote"),
        ("In the aftermath of the coup he fled.", "In the aftermath of the coup"),
        ("By the end of the war half of them were dead.", "By the end of the war"),
        ("By the end, her leg was broken.", "By the end"),
        ("He spent less over the course of the campaign.", "over the course of the campaign"),
        ("In the weeks that followed he sold the mill.", "In the weeks that followed"),
        ("She had earlier ruled it out.", "earlier"),
        ("He had previously sold cars.", "previously"),
        ("After the leak the minister resigned.", "After the leak"),
        ("Half of them left in those years.", "in those years"),
        ("On the third day they gave up.", "On the third day"),
        ("By day three they had given up.", "By day three"),
        ("In its first year it lost money.", "In its first year"),
        ("Rents doubled over the same period.", "over the same period"),
        ("Once Reed took office rents fell.", "Once Reed took office"),
        ("By the time he left, rents had doubled.", "By the time"),
        ("It closed midway through his term.", "midway through his term"),
        ("It closed shortly before he died.", "shortly before he died"),
        ("It will close on day one.", "on day one"),
        ("They are silent ahead of the caucuses.", "ahead of the caucuses"),
    ],
)
def test_an_event_outside_the_scene_places_content(text: str, wanted: str) -> None:
    assert events(text) == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "He was arrested after he shouted.",
        "The two sides agreed after talks.",
        "She broke a leg when she fell.",
        "He spoke after the match.",
        "The unrest began after police shot a man.",
        "Two people were hurt after a car hit a wall.",
        "After leaving school he worked in a mine.",
        "The ship sank while the crew slept.",
        "Sooner or later the dam will break.",
        "The later emperors lived here.",
        "It must be paid no later than Friday.",
        "Later this year it opens.",
        "For Josie, aged seven, the matter is simple.",
        "Since you ask, the mill is closed.",
        "He lost half of it at the time of the crash.",
        "He scored twice in the first half.",
        "It rained at the start of the match.",
        "The mill has been shut since spring.",
        "The earlier emperors lived here.",
        "He was a mayor of the old sort.",
        "In the first days of May it snowed.",
    ],
)
def test_a_step_of_the_same_scene_and_other_words_of_that_form_place_nothing(text: str) -> None:
    assert events(text) == []


def test_a_date_on_the_calendar_is_never_swallowed() -> None:
    text = "It was sold after the factory opened in May 1998."
    assert [row.where.value for row in read(text) if row.where.first] == ["1998-05"]


@pytest.mark.parametrize(
    "text",
    [
        "after the " * 9_000,
        "since the a-" * 8_000,
        "during his " + "x" * 90_000,
        "9am " * 20_000,
        "later " * 15_000,
        "when he " * 11_000,
        "the first few days of a " * 3_700,
        "in the coming " * 6_500,
    ],
)
def test_a_hostile_text_takes_no_longer_than_any_other(text: str) -> None:
    import time

    began = time.process_time()
    find(text)
    assert time.process_time() - began < 2
