"""Dates are found where they are, with their value, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claims.language.dates import Kind, find, places_in_time
from tests.language.placing import resolve

PUBLISHED = "2020-10-15"  # a Thursday


def dated(text: str, published: str | None = PUBLISHED, tense: str | None = "past") -> list[tuple[str, str]]:
    """Return expression and value of every date that can place a claim in time."""
    mentions = [
        resolve(expr, text, published=published, tense=tense) for expr in find(text) if places_in_time(expr)
    ]
    return [(mention.expr, mention.value) for mention in mentions]


ABSOLUTE = [
    ("The treaty was signed on 14 October 2020 in Vell.", "14 October 2020", "2020-10-14"),
    ("The treaty was signed on October 14, 2020, in Vell.", "October 14, 2020", "2020-10-14"),
    ("The treaty was signed on October 14th, 2020.", "October 14th, 2020", "2020-10-14"),
    ("It was signed on the 14th of October 2020.", "the 14th of October 2020", "2020-10-14"),
    ("It was signed on Wednesday, October 14, 2020.", "Wednesday, October 14, 2020", "2020-10-14"),
    ("It was signed on Wed, 14 Oct 2020.", "Wed, 14 Oct 2020", "2020-10-14"),
    ("The index is dated 2020-10-14.", "2020-10-14", "2020-10-14"),
    ("The index is dated 10.10.2020.", "10.10.2020", "2020-10-10"),
    ("The permit of 25/12/2019 lapsed.", "25/12/2019", "2019-12-25"),
    ("The permit of 12/25/2019 lapsed.", "12/25/2019", "2019-12-25"),
    ("It opened on Sept. 3, 2018.", "Sept. 3, 2018", "2018-09-03"),
    ("It opened on 3 Sep 2018.", "3 Sep 2018", "2018-09-03"),
    ("It opened in October 2019.", "October 2019", "2019-10"),
    ("It opened in Oct. 2019.", "Oct. 2019", "2019-10"),
    ("It opened in May of 2019.", "May of 2019", "2019-05"),
    ("It opened in 2019.", "2019", "2019"),
    ("The 2016 election was close.", "2016", "2016"),
    ("The bridge (1998) was rebuilt.", "1998", "1998"),
    ("The law has been in force since 1974.", "1974", "1974"),
    ("The town was founded in the year 1203.", "the year 1203", "1203"),
    ("He died on Christmas Day 2018.", "Christmas Day 2018", "2018-12-25"),
    ("It fell on Good Friday 2019.", "Good Friday 2019", "2019-04-19"),
    ("Output fell in the third quarter of 2020.", "the third quarter of 2020", "2020-Q3"),
    ("Output fell in Q3 2020.", "Q3 2020", "2020-Q3"),
    ("Output fell in the fourth quarter of last year.", "the fourth quarter of last year", "2019-Q4"),
    ("Output fell in the first half of 2020.", "the first half of 2020", "2020-01/2020-06"),
    ("Sales fell in H1 2019.", "H1 2019", "2019-01/2019-06"),
    ("The deficit grew in FY2019.", "FY2019", "2019"),
    ("The deficit grew in fiscal year 2019.", "fiscal year 2019", "2019"),
    ("They won the league in the 2015-16 season.", "the 2015-16 season", "2015/2016"),
    ("The unit fought in the war of 1914-1918.", "1914-1918", "1914/1918"),
    ("It grew quickly in the early 1990s.", "the early 1990s", "1990/1999"),
    ("It grew quickly in the '80s.", "the '80s", "1980/1989"),
    ("It grew quickly in the nineties.", "the nineties", "1990/1999"),
    ("The castle dates from the 19th century.", "the 19th century", "1801/1900"),
    ("The castle dates from the twelfth century.", "the twelfth century", "1101/1200"),
    ("They met in the summer of 2019.", "the summer of 2019", "2019-06/2019-08"),
    ("They met in spring 2019.", "spring 2019", "2019-03/2019-05"),
    ("It was made in mid-1996.", "mid-1996", "1996"),
    ("It was made at the end of 1994.", "the end of 1994", "1994"),
]

RANGES = [
    ("It ran from October 10 to 12.", "October 10 to 12", "2020-10-10/2020-10-12"),
    ("It ran from October 10 to October 12.", "October 10 to October 12", "2020-10-10/2020-10-12"),
    ("It ran October 10-12, 2019.", "October 10-12, 2019", "2019-10-10/2019-10-12"),
    ("It ran from 10 to 12 October 2019.", "10 to 12 October 2019", "2019-10-10/2019-10-12"),
    ("Prices doubled from 2015-2018.", "2015-2018", "2015/2018"),
    ("Prices doubled from 2015 to 2018.", "2015 to 2018", "2015/2018"),
    ("Prices doubled between 2015 and 2018.", "2015 and 2018", "2015/2018"),
    ("Prices doubled between May and July 2019.", "May and July 2019", "2019-05/2019-07"),
    ("Prices doubled from December 2018 to March 2019.", "December 2018 to March 2019", "2018-12/2019-03"),
    ("The talks of April 24 and 25 failed.", "April 24 and 25", "2020-04-24/2020-04-25"),
]

RELATIVE = [
    ("He resigned yesterday.", "yesterday", "2020-10-14"),
    ("He resigned today.", "today", "2020-10-15"),
    ("He resigned the day before yesterday.", "the day before yesterday", "2020-10-13"),
    ("He was seen last night.", "last night", "2020-10-14"),
    ("He was seen this morning.", "this morning", "2020-10-15"),
    ("He was seen on Friday.", "Friday", "2020-10-09"),
    ("He was seen last Friday.", "last Friday", "2020-10-09"),
    ("He was seen on Friday night.", "Friday night", "2020-10-09"),
    ("He was seen early Tuesday.", "early Tuesday", "2020-10-13"),
    ("He was seen on Thursday.", "Thursday", "2020-10-15"),
    ("He was seen last Thursday.", "last Thursday", "2020-10-08"),
    ("He was seen on Monday last week.", "Monday last week", "2020-10-05"),
    ("He was seen last week.", "last week", "2020-W41"),
    ("He was seen this week.", "this week", "2020-W42"),
    ("He was seen earlier this week.", "earlier this week", "2020-W42"),
    ("He was seen over the weekend.", "the weekend", "2020-10-10/2020-10-11"),
    ("He was seen last month.", "last month", "2020-09"),
    ("He was seen earlier this month.", "earlier this month", "2020-10"),
    ("He was seen last year.", "last year", "2019"),
    ("He was seen last April.", "last April", "2020-04"),
    ("He was seen last December.", "last December", "2019-12"),
    ("He was seen in April last year.", "April last year", "2019-04"),
    ("He was seen last summer.", "last summer", "2020-06/2020-08"),
    ("He was seen three weeks ago.", "three weeks ago", "2020-W39"),
    ("He was seen 10 days ago.", "10 days ago", "2020-10-05"),
    ("He was seen two months ago.", "two months ago", "2020-08"),
    ("He was seen five years ago.", "five years ago", "2015"),
    ("He was seen a decade ago.", "a decade ago", "2010"),
    ("He was seen nearly four years ago.", "nearly four years ago", "2016"),
    ("He was seen a year and a half ago.", "a year and a half ago", "2019-04"),
    ("It fell in the third quarter.", "the third quarter", "2020-Q3"),
    ("It fell in the last quarter.", "the last quarter", "2020-Q3"),
    ("It fell in August.", "August", "2020-08"),
    ("It fell on August 6.", "August 6", "2020-08-06"),
    ("It fell in the last decade.", "the last decade", "P10Y"),
]

FUTURE = [
    ("The vote will take place on November 3.", "November 3", "2020-11-03"),
    ("The vote will take place on Tuesday.", "Tuesday", "2020-10-20"),
    ("The vote will take place tomorrow.", "tomorrow", "2020-10-16"),
    ("The vote will take place next week.", "next week", "2020-W43"),
    ("The vote will take place next Friday.", "next Friday", "2020-10-16"),
    ("The vote will take place next month.", "next month", "2020-11"),
    ("The vote will take place next year.", "next year", "2021"),
    ("The vote will take place in March.", "March", "2021-03"),
    ("The vote will take place next spring.", "next spring", "2021-03/2021-05"),
    ("The vote will take place two weeks from now.", "two weeks from now", "2020-W44"),
    ("The vote will be held by the end of the year.", "the end of the year", "2020"),
    ("It will grow in the first quarter of next year.", "the first quarter of next year", "2021-Q1"),
]

DURATIONS = [
    ("They have lived there for over 2,500 years.", "over 2,500 years", "P2500Y"),
    ("It lasted two weeks.", "two weeks", "P2W"),
    ("It rose in the past two weeks.", "the past two weeks", "P2W"),
    ("It rose over the past 18 months.", "the past 18 months", "P18M"),
    ("It lasted two and a half years.", "two and a half years", "P2Y6M"),
    ("It lasted twenty-four hours.", "twenty-four hours", "PT24H"),
    ("It lasted three decades.", "three decades", "P30Y"),
    ("It has been empty for years.", "years", "unresolved"),
    ("It has grown in recent years.", "recent years", "unresolved"),
    ("It has grown over the past few years.", "the past few years", "unresolved"),
    ("It closed several years ago.", "several years ago", "unresolved"),
]

EVENTS = [
    ("They met three days later.", "three days later", "event-relative"),
    ("It began a few minutes after the agreement.", "a few minutes after the agreement", "event-relative"),
    ("It began two weeks before the vote.", "two weeks before the vote", "event-relative"),
    ("He fled the day after the attack.", "the day after the attack", "event-relative"),
    ("He fled the following day.", "the following day", "event-relative"),
    ("He fled the same day.", "the same day", "event-relative"),
    ("He was freed later that year.", "later that year", "event-relative"),
    ("He was freed a year earlier.", "a year earlier", "event-relative"),
]


@pytest.mark.parametrize(("text", "expr", "value"), ABSOLUTE + RANGES + RELATIVE + DURATIONS + EVENTS)
def test_an_expression_is_found_whole_and_gets_its_value(text: str, expr: str, value: str) -> None:
    assert dated(text) == [(expr, value)]


WRITTEN_BEFORE_RUNNING = [
    ("The strike began two Sundays ago.", ["2020-10-04"]),
    ("He took office in January 2017 and left on 20 January 2021.", ["2017-01", "2021-01-20"]),
    ("The firm lost money in the second half of 2019.", ["2019-07/2019-12"]),
    ("In the late 18th century the canal was dug.", ["1701/1800"]),
    ("Sales fell 3% in the three months to September.", ["P3M", "2020-09"]),
    ("The law took effect on the first of January.", ["2020-01-01"]),
    ("Between 1 and 5 March 2018 the road was shut.", ["2018-03-01/2018-03-05"]),
    ("About 300 people died in 2004's tsunami.", ["2004"]),
    ("The budget for 2021/22 grew.", ["2021/2022"]),
    ("The 1970s and 1980s were poor.", ["1970/1979", "1980/1989"]),
    ("The report covers April-June 2020.", ["2020-04/2020-06"]),
    ("A two-year-old case was reopened.", []),
    ("In the past year, 30 banks closed.", ["P1Y"]),
    ("They voted the previous Friday.", ["event-relative"]),
    ("The war lasted from 1939 until 1945.", ["1939/1945"]),
    ("About half a century ago, the port was built.", ["1970"]),
    ("The company said it made 2,019 cars.", []),
    ("The plane, a Boeing 737, landed at 2015 local time.", []),
    ("Chapter 1984 is dull.", []),
    ("More than 1800 were hurt.", []),
    ("For the first time in 20 years the river froze.", ["P20Y"]),
    ("In mid-March the schools closed.", ["2020-03"]),
    ("On New Year's Eve 2019 it began.", ["2019-12-31"]),
    ("Some 16 million watched at 9 p.m. on Tuesday.", ["2020-10-13"]),
    ("The fall of the wall in the autumn of 1989 ended it.", ["1989-09/1989-11"]),
    ("In the week before the vote, polls fell.", ["event-relative"]),
    ("Six months after taking office he quit.", ["event-relative"]),
    ("Will Smith joined in May.", ["2020-05"]),
    ("The minister, April Summers, spoke.", []),
    ("On the night of 4 to 5 June 1989 it ended.", ["1989-06-04/1989-06-05"]),
    ("The third-quarter results were poor.", ["2020-Q3"]),
    ("Until recently it was open.", []),
    ("It was signed in Rome on Friday 25 March 1957.", ["1957-03-25"]),
    ("In May and June, sales fell.", ["2020-05", "2020-06"]),
    ("Turnout was 61 in 2012 and 64 in 2016.", ["2012", "2016"]),
    ("The shop is open Monday to Friday.", []),
    ("It changed after 9/11.", ["2001-09-11"]),
]


@pytest.mark.parametrize(("text", "expected"), WRITTEN_BEFORE_RUNNING)
def test_sentences_that_the_rules_were_not_made_for(text: str, expected: list[str]) -> None:
    assert [value for _, value in dated(text)] == expected


@pytest.mark.parametrize(
    ("piece", "count"),
    [
        ("1 May 19 ", 10_000),
        ("May ", 0),
        ("1990-1991-", 1),
        ("days after ", 1),
        ("from 1 to 2 October ", 4_500),
        ("half a ", 0),
        ("1,", 0),
        ("two " + "million " * 20, 0),
        ("early the end of the ", 0),
        ("year ", 0),
    ],
)
def test_long_monotonous_text_is_read_to_its_end(piece: str, count: int) -> None:
    text = (piece * (90_000 // len(piece) + 1))[:90_000]
    assert abs(len(find(text)) - count) <= 1


@pytest.mark.parametrize(("text", "expr", "value"), FUTURE)
def test_the_future_tense_points_ahead(text: str, expr: str, value: str) -> None:
    assert dated(text, tense="future") == [(expr, value)]


NO_DATE = [
    "See page 2020 of the report.",
    "He may resign.",
    "May he resign?",
    "They sat in the sun.",
    "Mrs May said it was over.",
    "The plan failed, Mrs May said. It was criticised by May and her allies.",
    "40 people were hurt.",
    "2000 people were hurt.",
    "The March on Washington was peaceful.",
    "They march on and march home.",
    "Version 2.0.19 fixes it.",
    "Python 3.11.2 fixes it.",
    "It costs $2020.",
    "It costs 1,999 euros.",
    "Call 020 7946 0958 or +1-202-555-0143.",
    "Call 555-2019-1234 now-ish.",
    "He came second and won a second prize.",
    "Give me a second chance.",
    "Copyright Wexford Gazette 2024",
    "© 2024 Wexford Gazette. All rights reserved.",
    "Copyright (c) 2019-2024 Wexford Gazette",
    "Flight 1998 was late.",
    "He took Route 1966 home.",
    "The 16-year-old boy was unhurt.",
    "Three-quarters of voters agreed.",
    "April Jones and June Park won.",
    "It scored 3/4 in the test.",
    "The ratio is 5-4-3.",
    "Windows 2000 was slow.",
    "1 61",
    "2.3K shares",
    "Share this:",
    "Photo: AP/J. Smith",
    "He read the Daily Courier.",
    "They fall in line and spring into action.",
    "She asked for 1,500 troops.",
    "He lives at 1984 Elm Street.",
    "The temperature was 20 degrees.",
    "He won 6-4, 7-5.",
    "It is a 10-year plan.",
    "He was sentenced to five years in prison.",
    "The line gets 300 calls a day and is shut twice a week.",
    "One day he would be king.",
]


@pytest.mark.parametrize("text", NO_DATE)
def test_what_only_looks_like_a_date_is_left_alone(text: str) -> None:
    assert dated(text) == []


def test_an_unknown_order_of_day_and_month_is_flagged_and_kept_wide() -> None:
    text = "On 05/06/2019 it was signed."
    mention = resolve(find(text)[0], text)
    assert (mention.value, mention.earliest, mention.latest) == ("2019", "2019-05-06", "2019-06-05")
    assert "ambiguous-day-month" in mention.flags
    told = resolve(find(text)[0], text, day_first=True)
    assert (told.value, told.flags) == ("2019-06-05", ())


def test_another_date_of_the_text_tells_the_order() -> None:
    text = "It was signed on 05/06/2019 and lapsed on 25/06/2019."
    assert dated(text) == [("05/06/2019", "2019-06-05"), ("25/06/2019", "2019-06-25")]


def test_a_day_that_crosses_the_year_is_flagged() -> None:
    text = "He was arrested on December 24."
    mention = resolve(find(text)[0], text, published=PUBLISHED, tense="past")
    assert mention.value == "2019-12-24"
    assert "ambiguous-year" in mention.flags
    near = "He was arrested on October 2."
    assert resolve(find(near)[0], near, published=PUBLISHED, tense="past").flags == ()


def test_a_scheduled_present_points_ahead() -> None:
    text = "The vote is on November 3."
    mention = resolve(find(text)[0], text, published=PUBLISHED, tense="present")
    assert (mention.value, mention.flags) == ("2020-11-03", ("future",))


UNKNOWN = [
    ("Yesterday he left.", None, "unresolved"),
    ("He left on Friday.", None, "unresolved"),
    ("He left last week.", None, "unresolved"),
    ("He left on October 10.", None, "XXXX-10-10"),
    ("He left in October.", None, "XXXX-10"),
    ("It fell in the third quarter.", None, "XXXX-Q3"),
    ("He left on October 10, 2019.", None, "2019-10-10"),
    ("It ran from October 10 to 12.", None, "XXXX-10-10/XXXX-10-12"),
    ("He left five years ago.", None, "unresolved"),
    ("Yesterday he left.", "2020-10", "unresolved"),
    ("He left last month.", "2020-10", "2020-09"),
    ("He left last year.", "2020-10", "2019"),
    ("He left last year.", "2020", "2019"),
    ("He left last month.", "2020", "unresolved"),
    ("He left on October 10.", "2020-10", "2020-10-10"),
    ("He left on October 10.", "2020", "XXXX-10-10"),
    ("He left five years ago.", "2020", "2015"),
]


@pytest.mark.parametrize(("text", "published", "value"), UNKNOWN)
def test_without_a_publication_day_nothing_is_filled_in(text: str, published: str | None, value: str) -> None:
    assert [pair[1] for pair in dated(text, published)] == [value]


def test_a_publication_date_that_is_none_is_refused() -> None:
    text = "He left yesterday."
    with pytest.raises(ValueError, match="not a date"):
        resolve(find(text)[0], text, published="last week")


def test_bounds_enclose_the_value() -> None:
    text = "Output fell in the third quarter of 2020."
    mention = resolve(find(text)[0], text)
    assert (mention.earliest, mention.latest) == ("2020-07-01", "2020-09-30")


def test_a_weekday_that_does_not_fit_its_date_is_flagged() -> None:
    text = "It was on Monday, October 14, 2020."
    assert "weekday-mismatch" in resolve(find(text)[0], text).flags


def test_a_weekday_tells_the_year() -> None:
    text = "It was on Tuesday, December 24."
    assert resolve(find(text)[0], text, published=PUBLISHED).value == "2019-12-24"


def test_since_and_until_are_told() -> None:
    text = "It has been shut since 2015 and stays shut until 2021."
    first, second = (resolve(expr, text, published=PUBLISHED) for expr in find(text))
    assert first.flags == ("since",)
    assert second.flags == ("until", "future")


def test_fiscal_years_have_wide_bounds() -> None:
    text = "The deficit grew in FY2019."
    mention = resolve(find(text)[0], text)
    assert (mention.earliest, mention.latest, mention.flags) == ("2018-02-01", "2020-01-31", ("fiscal-year",))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("He swims every year.", Kind.SET),
        ("The bus runs daily.", Kind.SET),
        ("It is currently closed.", Kind.REFERENCE),
        ("It opens at 10 p.m.", Kind.TIME),
        ("It opens each Thursday.", Kind.SET),
    ],
)
def test_what_has_no_place_on_the_calendar_is_found_but_does_not_date_a_claim(text: str, kind: Kind) -> None:
    found = find(text)
    assert [expr.kind for expr in found] == [kind]
    assert not places_in_time(found[0])
    mention = resolve(found[0], text, published=PUBLISHED)
    assert (mention.value, mention.earliest) == ("unresolved", "")


def test_an_event_names_its_noun() -> None:
    text = "A few minutes after the ceasefire agreement was signed, it broke."
    found = find(text)
    assert [(expr.kind, expr.head) for expr in found] == [(Kind.EVENT_RELATIVE, "ceasefire agreement")]


def test_a_blank_line_ends_an_expression() -> None:
    text = "It was in October\n\n12 people came."
    assert dated(text) == [("October", "2020-10")]


def test_only_the_given_stretch_is_read() -> None:
    text = "It opened in 2018 and closed in 2019."
    assert [text[expr.start : expr.end] for expr in find(text, 18)] == ["2019"]
    assert [text[expr.start : expr.end] for expr in find(text, 0, 17)] == ["2018"]


WORDS = [
    "October",
    "10",
    "2020",
    ",",
    ".",
    "-",
    "–",
    "/",
    "to",
    "and",
    "between",
    "from",
    "last",
    "next",
    "Friday",
]
WORDS += ["May", "March", "the", "early", "1990", "s", "'", "’", "three", "weeks", "ago", "later", "after"]
WORDS += [
    "agreement",
    "Q3",
    "FY",
    "05/06/2019",
    "29",
    "February",
    "0000",
    "9999",
    "99999999999",
    "p.m.",
    "noon",
]
WORDS += [
    "\n\n",
    "İ",
    "ß",
    "Ⅷ",
    "٣",
    "²",
    "quarter",
    "of",
    "half",
    "century",
    "BC",
    "Christmas",
    "year",
    "end",
]
WORDS += [
    "1/2",
    "½",
    "every",
    "other",
    "day",
    "before",
    "yesterday",
    "Sundays",
    "weekend",
    "this",
    "summer",
    "on",
]


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)),
    st.booleans(),
)
@example("OCTOBER-1MAY", True)
def test_any_text_keeps_its_offsets_and_gives_the_same_answer_twice(text: str, known: bool) -> None:
    found = find(text)
    assert found == find(text)
    position = 0
    for expr in found:
        assert position <= expr.start < expr.end <= expr.tail <= len(text)
        position = expr.end
        for tense in ("past", "present", "future", None):
            published = "9999-12-31" if known else "0001-01-01"
            mention = resolve(expr, text, published=published, tense=tense)
            assert mention.expr == text[mention.start : mention.end]
            assert mention.earliest <= mention.latest or not mention.latest
