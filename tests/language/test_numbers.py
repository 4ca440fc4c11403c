"""Quantities with units, hedges, ranges; what merely looks like a number is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.language.numbers import Quantity, QuantityKind, quantities


def only(text: str) -> Quantity:
    (found,) = quantities(text)
    return found


@pytest.mark.parametrize(
    ("text", "span", "value", "upper", "unit", "hedge", "kind"),
    [
        ("for over 2,500 years", "2,500 years", 2500, None, "year", "over", "duration"),
        ("about $3.5bn was spent", "$3.5bn", 3.5e9, None, "USD", "about", "money"),
        ("€2 million to €3 million", "€2 million to €3 million", 2e6, 3e6, "EUR", "", "money"),
        ("some 40 euros", "40 euros", 40, None, "EUR", "about", "money"),
        ("between 10 and 12 percent", "10 and 12 percent", 10, 12, "%", "", "percent"),
        ("10–12 km away", "10–12 km", 10, 12, "km", "", "measure"),
        ("5-6 million died", "5-6 million", 5e6, 6e6, "", "", "count"),
        (
            "up to 0.5 percentage points",
            "0.5 percentage points",
            0.5,
            None,
            "percentage point",
            "up to",
            "points",
        ),
        ("one in five voters", "one in five", 0.2, None, "", "", "ratio"),
        ("3 out of 10 voters", "3 out of 10", 0.3, None, "", "", "ratio"),
        ("nearly two-thirds of members", "two-thirds", 2 / 3, None, "", "about", "ratio"),
        ("at least a third of homes", "a third", 1 / 3, None, "", "at least", "ratio"),
        (
            "two hundred and five thousand jobs",
            "two hundred and five thousand jobs",
            205_000,
            None,
            "jobs",
            "",
            "count",
        ),
        ("no more than twenty-five people", "twenty-five people", 25, None, "people", "at most", "count"),
        ("crime doubled", "doubled", 2, None, "", "", "multiple"),
        ("the court ruled 7-2", "7-2", 7, 2, "", "", "score"),
        ("a 15-year-old", "15-year-old", 15, None, "year old", "", "duration"),
        ("it fell to -5°C", "-5°C", -5, None, "°C", "", "measure"),
        ("fewer than 2000 soldiers", "2000 soldiers", 2000, None, "soldiers", "under", "count"),
        ("a million people", "a million people", 1e6, None, "people", "", "count"),
        ("as many as 40 people", "40 people", 40, None, "people", "up to", "count"),
    ],
)
def test_a_quantity_with_all_that_belongs_to_it(
    text: str, span: str, value: float, upper: float | None, unit: str, hedge: str, kind: str
) -> None:
    found = only(text)
    assert text[found.start : found.end] == span
    assert (found.value, found.upper) == (pytest.approx(value), upper and pytest.approx(upper))
    assert (found.unit, found.hedge, found.kind) == (unit, hedge, QuantityKind(kind))


def test_two_sentences_have_two_quantities() -> None:
    text = "Unemployment fell to 4.1 percent. 3.2 million people found work."
    assert [(q.value, q.unit) for q in quantities(text)] == [(4.1, "%"), (3.2e6, "people")]
    assert [(q.value, q.unit) for q in quantities(text, 34)] == [(3.2e6, "people")]


@pytest.mark.parametrize(
    "text",
    [
        "page 2020",
        "on October 10 and on 5 May",
        "in 2015-16",
        "in the early 1990s",
        "10.10.2020 or 05/06/2019",
        "No. 10 declined",
        "Article 5 of the treaty",
        "the third quarter of 2020",
        "in 1st place",
        "at 10:30 a.m.",
        "version 2.0.1",
        "one of them",
        "COVID-19",
    ],
)
def test_dates_names_and_ordinals_are_no_quantities(text: str) -> None:
    assert quantities(text) == []


@given(st.text(alphabet=st.sampled_from("0123456789.,-$%€ kmb/:~") | st.characters(), max_size=120))
def test_any_text_gives_ordered_quantities(text: str) -> None:
    found = quantities(text)
    assert found == quantities(text)
    at = 0
    for quantity in found:
        assert at <= quantity.start < quantity.end <= len(text)
        at = quantity.end


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10.000 liters were lost", 10_000),
        ("40 000 homes were lost", 40_000),
        ("40\u202f000 homes were lost", 40_000),
        ("40\u00a0000", 40_000),
        ("1 200 000 people fled", 1_200_000),
        ("10'000 francs", 10_000),
        ("10’000 francs", 10_000),
        ("1.234.567 votes", 1_234_567),
        ("1.500 jobs went", 1_500),
        ("1.500 new jobs came", 1_500),
        ("12,34,567 rupees", 1_234_567),
        ("1,23,456 people", 123_456),
        ("1.234,50 euros", 1_234.5),
        ("12 345,67 euros", 12_345.67),
        ("€10.000 was stolen", 10_000),
        ("in 2019 12 000 people came", 12_000),
    ],
)
def test_thousands_are_parted_by_points_spaces_apostrophes_and_in_the_indian_way(
    text: str, value: float
) -> None:
    (found,) = quantities(text)
    assert found.value == value
    assert text[found.start : found.end].startswith(tuple("€14"))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("it rose 3.125 percent", [3.125]),
        ("he ran 9.580 seconds", [9.58]),
        ("it took 10.000 seconds", [10.0]),
        ("0.125 litres", [0.125]),
        ("2.125 inches of rain", [2.125]),
        ("$3.459 a gallon", [3.459]),
        ("1.250 million voters", [1_250_000]),
        ("it scored 9.875", [9.875]),
        ("a rate of 1.125 is low", [1.125]),
        ("on May 12 300 people came", [300]),
        ("two 4 100-metre legs", [2, 4, 100]),
        ("the address 192.168.100.200", []),
        ("20 30 400", [20, 30, 400]),
    ],
)
def test_fractions_dates_and_numbers_in_a_row_are_no_thousands(text: str, values: list[float]) -> None:
    assert [found.value for found in quantities(text)][-len(values or [0]) :] == values
