"""The same in other words, and different in one word."""

from __future__ import annotations

import pytest

from claims.matching.sameness import Assertion, Check, Sameness, compare, is_same, profile
from claims.matching.word_lists import stem


def verdict(one: str, other: str) -> Sameness:
    found = compare(Assertion(one), Assertion(other)).verdict
    # Who asks only whether it is the same is told the same.
    assert is_same(profile(Assertion(one)), profile(Assertion(other))) is (found is Sameness.SAME)
    return found


def checks(one: str, other: str) -> set[Check]:
    return {row.check for row in compare(Assertion(one), Assertion(other)).differences}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Crime in Kelm fell by 12 percent in 2019.", "In 2019, crime in Kelm dropped 12%."),
        ("The bridge carries 12,000 cars a day.", "12,000 cars a day are carried by the bridge."),
        ("The ministry has closed 40 schools.", "40 schools were closed by the ministry."),
        ("Turkey never considered Russia an ally.", "Russia was never considered an ally by Turkey."),
        (
            "The firm bought the mill for about 5 million euros.",
            "The firm acquired the mill for 5.1 million euros.",
        ),
        ("Ida Brandt denied the charge.", "Brandt denied the charge."),
    ],
)
def test_the_same_in_other_words(one: str, other: str) -> None:
    assert verdict(one, other) is Sameness.SAME
    assert verdict(other, one) is Sameness.SAME


@pytest.mark.parametrize(
    ("one", "other", "check"),
    [
        ("Crime in Kelm has doubled.", "Crime in Kelm has halved.", Check.ANTONYM),
        ("Crime in Kelm rose.", "Crime in Kelm fell.", Check.ANTONYM),
        ("Crime in Kelm fell by 12 percent.", "Crime in Kelm fell by 21 percent.", Check.NUMBER),
        ("The mill has 400 workers.", "The mill has 4,000 workers.", Check.NUMBER),
        ("The bridge is safe.", "The bridge is not safe.", Check.NEGATION),
        ("Armenia resumed fire.", "Azerbaijan resumed fire.", Check.ACTOR),
        ("Kelm sued Oxmere over the bridge.", "Oxmere sued Kelm over the bridge.", Check.ACTOR),
        ("Kelm attacked Oxmere.", "Kelm was attacked by Oxmere.", Check.ACTOR),
        ("The court convicted Lind of fraud.", "The court acquitted Lind of fraud.", Check.ANTONYM),
    ],
)
def test_one_word_makes_another_claim(one: str, other: str, check: Check) -> None:
    assert verdict(one, other) is Sameness.DIFFERENT
    assert check in checks(one, other)
    assert check in checks(other, one)


def test_dates_that_cannot_meet_make_another_claim() -> None:
    first = Assertion("The mill closed.", dates=("2019-05",))
    second = Assertion("The mill closed.", dates=("2020",))
    inside = Assertion("The mill closed.", dates=("2019",))
    undated = Assertion("The mill closed.", dates=("unresolved", "P2Y"))
    assert compare(first, second).verdict is Sameness.DIFFERENT
    assert [row.check for row in compare(first, second).differences] == [Check.DATE]
    assert compare(first, inside).verdict is Sameness.SAME
    assert compare(first, undated).verdict is Sameness.SAME


def test_a_figure_more_is_no_difference() -> None:
    assert checks("The mill, built in two years, has 400 workers.", "The mill has 400 workers.") == set()


def test_too_few_words_in_common_are_unclear_not_different() -> None:
    assert verdict("The mill closed in spring.", "Taxes did not rise by 5 percent.") is Sameness.UNCLEAR
    assert verdict("", "The mill closed.") is Sameness.UNCLEAR


def test_differences_show_what_each_has() -> None:
    (row,) = compare(Assertion("Sales fell 12 percent."), Assertion("Sales fell 21 percent.")).differences
    assert (row.one, row.other) == ("12 percent", "21 percent")


def test_a_profile_serves_many_comparisons() -> None:
    read = profile(Assertion("Crime in Kelm rose by 12 percent."))
    assert compare(read, Assertion("Crime in Kelm rose by 12 percent.")).verdict is Sameness.SAME
    assert compare(read, read).overlap == 1.0


@pytest.mark.parametrize(
    ("forms", "same"),
    [
        (("closed", "closes", "closing", "close"), True),
        (("policies", "policy"), True),
        (("fell", "falling"), True),
    ],
)
def test_forms_of_a_word_share_a_stem(forms: tuple[str, ...], same: bool) -> None:
    assert (len({stem(form) for form in forms}) == 1) is same


def test_the_known_failure_of_negation_is_unclear_at_most() -> None:
    # Support although only one has a word of denial: a person has to see it.
    assert verdict("The company paid no tax.", "The company's tax bill was zero.") is not Sameness.DIFFERENT


@pytest.mark.parametrize(
    ("one", "other", "check"),
    [
        ("Kelm will close the mill.", "Kelm closed the mill.", Check.MODALITY),
        ("The mill may close.", "The mill closed.", Check.MODALITY),
        ("The mill must close.", "The mill closed.", Check.MODALITY),
        ("All mills closed.", "Some mills closed.", Check.QUANTIFIER),
        ("Few mills closed.", "Many mills closed.", Check.QUANTIFIER),
        ("The mill closed because of the strike.", "The mill closed despite the strike.", Check.LINK),
        (
            "The bank raised its rate by half a point.",
            "The bank raised its rate to half a point.",
            Check.NUMBER,
        ),
        ("The bank paid 5 million euros.", "The bank paid 5 million dollars.", Check.NUMBER),
        ("Profits fell 5 percent.", "Profits fell 5 percentage points.", Check.NUMBER),
        ("At least 40 mills closed.", "At most 40 mills closed.", Check.NUMBER),
        ("The levy hurts millers more than bakers.", "The levy hurts bakers more than millers.", Check.ACTOR),
        ("The miller sued the baker.", "The baker sued the miller.", Check.ACTOR),
        ("The miller was sued by the baker.", "The baker was sued by the miller.", Check.ACTOR),
        ("The miller sued the baker.", "The miller was sued by the baker.", Check.ACTOR),
        ("The court upheld the fine.", "The court overturned the fine.", Check.ANTONYM),
        ("The council is for the dam.", "The council is against the dam.", Check.ANTONYM),
        ("The dye is harmful.", "The dye is harmless.", Check.ANTONYM),
        ("The search was lawful.", "The search was unlawful.", Check.ANTONYM),
        ("Admissions of children rose.", "Admissions of the elderly rose.", Check.KIND),
        ("Kelm banned petrol cars.", "Kelm banned diesel cars.", Check.KIND),
        ("The mill closed in March.", "The mill closed in April.", Check.KIND),
        ("The mill closed in May.", "The mill closed in April.", Check.KIND),
        ("The mill closed in 2019.", "The mill closed in 2020.", Check.DATE),
        ("The mill was built in the 1960s.", "The mill was built in the 1970s.", Check.DATE),
        ("The road is closed until May.", "The road is closed from May.", Check.ANTONYM),
    ],
)
def test_a_small_word_another_kind_or_another_order_makes_another_claim(
    one: str, other: str, check: Check
) -> None:
    assert verdict(one, other) is Sameness.DIFFERENT
    assert check in checks(one, other)
    assert check in checks(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The moth eats sallow leaves.", "The moth eats bramble leaves."),
        ("The drug masks pain.", "The drug delays pain."),
        ("Admissions of children rose.", "Admissions rose."),
        ("Half of the mills closed.", "The mills closed."),
        ("Only members may enter.", "Members may enter."),
        ("The mill employed 400 people.", "The mill employs 400 people."),
        ("The mill is closing.", "The mill has closed."),
        ("The mill and the inn closed.", "The mill or the inn closed."),
        ("The firm sold flour under the ban.", "The firm sold flour during the ban."),
        ("Milk costs more than wine.", "Milk costs as much as wine."),
        ("The road is closed until May.", "The road is closed in May."),
        ("The mill lost 10,125 litres of milk.", "The mill lost 10.125 liters of milk."),
        ("The bridge can carry a train.", "The bridge carries a train."),
    ],
)
def test_what_words_cannot_tell_is_neither(one: str, other: str) -> None:
    for found in (
        compare(Assertion(one), Assertion(other)),
        compare(Assertion(other), Assertion(one)),
    ):
        assert found.verdict is Sameness.UNCLEAR
        assert found.doubts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ida Falk and Jo Brandt opened the fair.", "Jo Brandt and Ida Falk opened the fair."),
        ("Because the mine closed, rents fell.", "Rents fell because the mine closed."),
        ("The programme was cancelled.", "The program was canceled."),
        ("The zoo organised 40 tours.", "The zoo organized forty tours."),
        ("40 000 people fled.", "40k people fled."),
        ("The U.S. bans parrots.", "The United States bans parrots."),
        ("Officials in Kelm say the mill has 400 workers.", "The mill has 400 workers."),
        ("The mill has 400 workers, the minister says.", "The mill has 400 workers."),
        ("MAYOR LIND SOLD THE MILL", "Mayor Lind sold the mill."),
    ],
)
def test_another_order_spelling_or_frame_is_the_same(one: str, other: str) -> None:
    assert verdict(one, other) is Sameness.SAME
    assert verdict(other, one) is Sameness.SAME


def test_a_name_or_a_denial_elsewhere_in_a_long_post_makes_nothing_different() -> None:
    claim = "Mayor Lind sold the mill to the bank."
    for post in (
        "I can't believe this is happening in our town: Mayor Lind sold the mill to the bank!",
        "So Venn Council sits there and watches while Mayor Lind sold the mill to the bank",
        "Mayor Lind sold the mill to the bank. We should all go and ask her why.",
    ):
        assert verdict(post, claim) is not Sameness.DIFFERENT


def test_we_of_two_speakers_are_two() -> None:
    one = Assertion("We sold the old mill.", claimant="Ida Falk")
    assert compare(one, Assertion("We sold the old mill.", claimant="Jo Brandt")).verdict is Sameness.UNCLEAR
    assert compare(one, Assertion("We sold the old mill.", claimant="Ida Falk")).verdict is Sameness.SAME


def test_a_misspelt_name_is_a_doubt() -> None:
    assert verdict("The mob stormed Benghazi.", "The mob stormed Bengazi.") is Sameness.UNCLEAR


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "The mayor paid 40 crowns.",
            "The mayor paid 90 crowns to a singer who opened the summer fair with songs about the sea.",
        ),
        (
            "The old mayor of the quiet harbour town will visit the northern island chapel with tired singers.",
            "The old mayor of the quiet harbour town visited the northern island chapel with angry bankers.",
        ),
        (
            "Storm Mira washed barrels of rum onto the Sula coast.",
            "Barrels of rum washed ashore on Sula after storm Mira.",
        ),
    ],
    ids=["too little in common", "other words on both sides", "another order told otherwise"],
)
def test_a_difference_amid_other_words_is_a_doubt(one: str, other: str) -> None:
    assert verdict(one, other) is Sameness.UNCLEAR
    assert verdict(other, one) is Sameness.UNCLEAR


def test_the_capitals_of_a_headline_are_no_names() -> None:
    assert verdict("Kelm Council Bans Plastic Straws", "Kelm council bans straws.") is Sameness.UNCLEAR
