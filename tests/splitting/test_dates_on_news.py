"""What news says of time, read as an editor would: each sentence stands for a kind that was read wrong."""

from __future__ import annotations

import pytest

from claims.splitting import split
from claims.splitting.types import DateMention
from claims.splitting.unit_dates import resolve_again

PUBLISHED = "2024-05-08"


def _values(text: str, published: str | None = PUBLISHED) -> list[list[str]]:
    result = split(text, published=published, language="en")
    return [[date.value for date in unit.dates] for unit in result.units]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        # A week or weekend of a month is that week, not "the last week" before the publication.
        ("The fair took place in the last week of March.", ["2024-03-25/2024-03-31"]),
        ("The final has been moved to the last weekend of September.", ["2024-09-28/2024-09-29"]),
        ("The talks were put back to the first week of June.", ["2024-06-01/2024-06-07"]),
        ("The start was postponed until the end of June.", ["2024-06"]),
        ("He was fined in the second week of February 2021.", ["2021-02-08/2021-02-14"]),
        # Periods that end: the months they are.
        ("Prices rose 2.4 percent in the year to March.", ["2023-04/2024-03"]),
        ("In the three months to April sales fell.", ["2024-02/2024-04"]),
        ("Profit for the quarter ended June 30 rose to 12 million euros.", ["2023-Q2"]),
        ("Sales for the year ended 5 April were flat.", ["2023-04-06/2024-04-05"]),
        ("In the 12 months through December 2023 the rate rose by a point.", ["2023"]),
        ("Traffic doubled in the decade to 2020.", ["2011/2020"]),
        ("Traffic doubled in the five years to 2020.", ["2016/2020"]),
        ("She spoke to March about the year.", ["2024-03"]),
        # One time in two expressions.
        ("A year ago this week the flood destroyed 40 homes.", ["2023-W18"]),
        ("The bridge fell a month ago today.", ["2024-04-08"]),
        ("Two weeks ago on Friday the pool closed.", ["2024-04-26"]),
        ("This time last year the reservoir was full.", ["2023-05"]),
        ("The union has called a strike for next Thursday and Friday.", ["2024-05-09", "2024-05-10"]),
        ("The road was closed on Monday (6 May).", ["2024-05-06"]),
        ("Voters will go to the polls in two weeks' time.", ["2024-W21"]),
        ("The lease ends in six months’ time.", ["2024-11"]),
        ("Wages will rise in two steps, on 1 July and 1 January.", ["2024-07-01", "2025-01-01"]),
        ("The chancellor visited Oslo on April 15 and 16.", ["2024-04-15/2024-04-16"]),
        ("Between 2010 and 2020, 60 villages lost their school.", ["2010/2020"]),
        # Days with a name of their own.
        ("Over the Easter weekend, 14 people died on the roads.", ["2024-03-29/2024-04-01"]),
        ("Schools will be closed on Labor Day weekend.", ["2024-08-31/2024-09-02"]),
        ("The tower was hit by lightning on Whit Monday.", ["2023-05-29"]),
        ("Shops were full on Black Friday.", ["2023-11-24"]),
        ("The carnival ended on Shrove Tuesday.", ["2024-02-13"]),
        # What is counted in a row.
        ("Rents have climbed for eleven straight quarters.", ["P33M"]),
        ("It was the fourth fatal crash in as many weeks.", ["P4W"]),
        ("Three people died in as many days.", ["P3D"]),
        # The same part of another year, of whatever length.
        (
            "Turnover was 40 million euros in fiscal 2023, up from 36 million the year before.",
            ["2023", "2022"],
        ),
        ("Thefts doubled in the first quarter from the same period last year.", ["2024-Q1", "2023-Q1"]),
        # Which way: verbs whose past has a form of its own, what was fixed at first, what begins.
        ("Exports shrank in March.", ["2024-03"]),
        ("The panel upheld the ban in October.", ["2023-10"]),
        ("The firm withdrew its bid on 3 June.", ["2023-06-03"]),
        ("The vote, originally scheduled for March, will now be held in September.", ["2024-03", "2024-09"]),
        ("Fares rise 4 percent from 1 January.", ["2025-01-01"]),
        ("This years festival drew 900 people.", ["2024"]),
        # A day of a year that is told beside it, and what was put off.
        ("The coronation took place on 6 May last year.", ["2023-05-06"]),
        ("The hearing is on Jan. 5 of next year.", ["2025-01-05"]),
        ("The vote set for Monday was postponed to Thursday.", ["2024-05-13", "2024-05-16"]),
        ("Monday's vote was postponed to Thursday.", ["2024-05-06", "2024-05-09"]),
        # The verb "last" is no "last 48 hours".
        ("The strike will last 48 hours.", ["PT48H"]),
        ("The curfew would last two weeks.", ["P2W"]),
        # A lead that begins with its time is no byline.
        ("By Friday 40 people had died.", ["2024-05-03"]),
        ("By Wednesday evening 300 homes had no power.", ["2024-05-08"]),
        # No dates.
        ("He scored three goals in as many games.", []),
        ("The offence carries a prison term of up to 12 years.", []),
        ("The 34-year-old driver was arrested on Saturday.", ["2024-05-04"]),
    ],
)
def test_one_sentence_has_the_times_an_editor_reads(text: str, values: list[str]) -> None:
    assert [value for unit in _values(text) for value in unit] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        # A month without a year belongs to the story it stands in.
        ("She was convicted in May 2021 and was freed in August.", [["2021-05"], ["2021-08"]]),
        ("The firm was founded in March 2019 and went bankrupt in November.", [["2019-03"], ["2019-11"]]),
        ("The mayor resigned in June 2022 after an audit in April.", [["2022-06", "2022-04"]]),
        (
            "He was elected in November 2012 and filed a list in July of that year.",
            [["2012-11"], ["2012-07"]],
        ),
        ("It was signed in October 1994, when Lund had died in July.", [["1994-10", "1994-07"]]),
        ("He was hired in March and was fired in December.", [["2023-03"], ["2023-12"]]),
        (
            "She sent the pictures in February 2021. Nine days later she informed the agency. She was fired in April.",
            [["2021-02"], ["event-relative"], ["2021-04"]],
        ),
        # Figures that are compared, another subject and what lasted may be of today.
        (
            "Inflation rose from 2 percent in January 2023 to 4 percent in March.",
            [["2023-01", "2024-03"]],
        ),
        ("It was built in May 2019, but the hall was closed in April.", [["2019-05"], ["2024-04"]]),
        ("The rate was 3 percent in February 2023. Prices fell in April.", [["2023-02"], ["2024-04"]]),
        # Two events under one auxiliary are two claims, however short the second.
        ("The law was passed in 2019 and repealed in 2021.", [["2019"], ["2021"]]),
        ("She was convicted on Friday and released on Monday.", [["2024-05-03"], ["2024-05-06"]]),
        ("He was born in 1950 and raised in Oslo.", [["1950"], []]),
    ],
)
def test_every_claim_of_a_story_has_its_own_time(text: str, values: list[list[str]]) -> None:
    assert _values(text) == values


@pytest.mark.parametrize(
    "text",
    [
        "Prices rose 2.4 percent in the year to March.",
        "A year ago this week the flood destroyed 40 homes.",
        "Over the Easter weekend, 14 people died on the roads.",
        "Voters will go to the polls in two weeks' time.",
        "The union has called a strike for next Thursday and Friday.",
        "The talks were put back to the first week of June.",
    ],
)
def test_a_time_in_several_words_is_found_again_when_the_day_is_known(text: str) -> None:
    known = split(text, published=PUBLISHED, language="en")
    unknown = split(text, language="en")
    dates = {unit.id: unit.dates for unit in unknown.units}
    again = resolve_again(text, dates, published=PUBLISHED)
    for unit in known.units:
        assert [date.value for date in again[unit.id]][-1:] == [date.value for date in unit.dates][-1:]


def test_a_part_stored_before_the_whole_was_read_becomes_the_whole() -> None:
    text = "Prices rose 2.4 percent in the year to March."
    start = text.index("March")
    stored = DateMention("March", start, start + 5, "XXXX-03", "", "", ("year-unknown",), direction="past")
    (again,) = resolve_again(text, {1: (stored,)}, published=PUBLISHED)[1]
    assert (again.expr, again.value) == ("the year to March", "2023-04/2024-03")
