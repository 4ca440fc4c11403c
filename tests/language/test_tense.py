"""What the words around a date say about its direction: one reading, with and without a year to be chosen."""

from __future__ import annotations

import pytest

from claims.language.dates import read

PAST, AHEAD, OPEN = "past", "future", ""


def value(text: str, published: str) -> str:
    return read(text, published=published)[-1].where.value


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


HELD = "The talks were {} {}."
FIXED_BY = [
    ("postponed", "until till to"),
    ("delayed", "until till to"),
    ("deferred", "until to"),
    ("adjourned", "until till to for"),
    ("extended", "until to through"),
    ("prolonged", "until to"),
    ("moved", "to"),
    ("pushed back", "to until"),
    ("put off", "until to"),
    ("brought forward", "to"),
    ("set", "for"),
    ("scheduled", "for on"),
    ("rescheduled", "for"),
    ("planned", "for on"),
    ("due", "on by"),
    ("called", "for"),
    ("given", "until"),
]


@pytest.mark.parametrize("day", ["Monday", "Wednesday", "Saturday"])
@pytest.mark.parametrize(("verb", "prepositions"), FIXED_BY)
def test_a_day_that_was_fixed_lies_ahead_though_the_verb_is_past(
    verb: str, prepositions: str, day: str
) -> None:
    ahead = {"Monday": "2015-02-23", "Wednesday": "2015-02-25", "Saturday": "2015-02-28"}[day]
    for preposition in prepositions.split():
        assert value(HELD.format(f"{verb} {preposition}", day), "2015-02-22") == ahead, preposition


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The union gave the firm until Friday to reply.", "2015-02-27"),
        ("The firm had until Friday to reply.", "2015-02-27"),
        ("The judge set a hearing for Friday.", "2015-02-27"),
        ("The prime minister called an election for Friday.", "2015-02-27"),
        ("The league moved the match to Friday.", "2015-02-27"),
        ("The release was delayed by a week to Friday.", "2015-02-27"),
        ("The ship was due in port on Friday.", "2015-02-27"),
        ("The port scrapped a fee that was to take effect on Friday.", "2015-02-27"),
        ("The club called off its walk, planned for Friday.", "2015-02-27"),
        ("A hearing is set for Friday.", "2015-02-27"),
        ("The sale was suspended until Friday.", "2015-02-27"),
        ("The law takes effect on Friday.", "2015-02-27"),
        ("The hall remains closed until Friday.", "2015-02-27"),
        ("The fair begins on Friday.", "2015-02-27"),
        ("The show runs until Friday.", "2015-02-27"),
        ("The judge adjourned the case to Friday.", "2015-02-27"),
        ("The flight was rebooked for Friday.", "2015-02-27"),
        ("The vote, scheduled Friday, was dropped.", "2015-02-27"),
        # What lasted or happened is over, whatever word stands in front of the day.
        ("He stayed until Friday.", "2015-02-20"),
        ("The road was closed until Friday.", "2015-02-20"),
        ("The curfew lasted until Friday.", "2015-02-20"),
        ("She was held until Friday.", "2015-02-20"),
        ("The pact expired on Friday.", "2015-02-20"),
        ("The delay was due to the storm on Friday.", "2015-02-20"),
        ("The club cancelled its game on Friday.", "2015-02-20"),
        ("He moved to Lund on Friday.", "2015-02-20"),
        ("The family moved in on Friday.", "2015-02-20"),
        ("The talks were postponed Friday.", "2015-02-20"),
        ("The party put the plant up for sale on Friday.", "2015-02-20"),
        ("Police were called on Friday.", "2015-02-20"),
        ("He was in hospital until Friday.", "2015-02-20"),
        ("Man scores 30 runs on Friday", "2015-02-20"),
    ],
)
def test_the_construction_says_whether_a_day_is_ahead_or_over(text: str, wanted: str) -> None:
    assert value(text, "2015-02-22") == wanted


def test_what_is_set_now_lies_ahead_where_what_was_set_may_be_over() -> None:
    assert value("A hearing is set for Dec. 14.", "2015-02-22") == "2015-12-14"
    assert value("A hearing was set for Dec. 14.", "2015-02-22") == "2014-12-14"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Am Montag wird der Rat abstimmen.", "2024-11-25"),
        ("Der Rat will am Montag abstimmen.", "2024-11-25"),
        ("Der Prozess beginnt am Montag.", "2024-11-25"),
        ("Die Sitzung wurde auf Montag verschoben.", "2024-11-25"),
        ("Der für Montag geplante Streik wurde abgesagt.", "2024-11-25"),
        ("Die Frist wurde bis Montag verlängert.", "2024-11-25"),
        ("Die Sitzung wurde vertagt und soll am Montag fortgesetzt werden.", "2024-11-25"),
        ("Der Rat stimmte am Montag ab.", "2024-11-18"),
        ("Der Rat hat am Montag zugestimmt.", "2024-11-18"),
        ("Am Montag wurde die Brücke gesperrt.", "2024-11-18"),
        ("Am Montagabend kam es zu einem Unfall.", "2024-11-18"),
        ("Die Brücke soll am 5. Januar öffnen.", "2025-01-05"),
        ("Die Brücke wurde am 5. Januar gesperrt.", "2024-01-05"),
        ("Das Gesetz tritt am 1. Juli in Kraft.", "2025-07-01"),
        ("Das Gesetz trat am 1. Juli in Kraft.", "2024-07-01"),
        ("Sie sagte, die Bahn werde am 5. Januar eröffnet.", "2025-01-05"),
        ("Im Dezember soll die Zahl sinken.", "2024-12"),
        ("Im Dezember sank die Zahl.", "2023-12"),
    ],
)
def test_german_verbs_say_the_direction_on_both_sides_of_the_date(text: str, wanted: str) -> None:
    (found,) = read(text, published="2024-11-20", language="de")
    assert found.where.value == wanted


def test_the_sentence_before_says_nothing_about_this_one() -> None:
    text = "The council voted for the bridge. It will open on Jan. 5."
    assert direction(text) == "future"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The final is on Friday.", "2024-11-22"),
        ("Reed is meeting Holm on Friday.", "2024-11-22"),
        ("The road is closed on Friday.", "2024-11-22"),
        ("Reed meets Holm on Friday.", "2024-11-22"),
        ("The club plays Ansel on Friday.", "2024-11-22"),
        ("She could be back as soon as Friday.", "2024-11-22"),
        ("The road is closed after a fire on Friday.", "2024-11-15"),
        ("He is accused of a murder on Friday.", "2024-11-15"),
        ("Two people are in custody over a raid on Friday.", "2024-11-15"),
        ("Neither of them could be reached Friday.", "2024-11-15"),
        ("He could not be reached Friday.", "2024-11-15"),
        ("He flew to London on Friday.", "2024-11-15"),
        ("He was beaten to death on Friday.", "2024-11-15"),
        ("The vote was moved from Monday to Friday.", "2024-11-22"),
    ],
)
def test_a_weekday_is_the_next_one_where_the_present_says_so(text: str, wanted: str) -> None:
    assert value(text, "2024-11-20") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("After the January vote two ministers left.", "2024-01"),
        ("He lost the January vote.", "2024-01"),
        ("Two have died since the December storm.", "2023-12"),
        ("They looked ahead to the January vote.", "2025-01"),
        ("After the January vote two ministers will leave.", "2025-01"),
    ],
)
def test_what_a_month_names_is_over_where_the_words_say_so(text: str, wanted: str) -> None:
    assert value(text, "2024-11-20") == wanted
