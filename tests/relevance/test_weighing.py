"""Which passages bear on a claim, and why."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from claims.relevance.features import SIGNS, WORDS, ReadPassage, compare
from claims.relevance.model import SHIPPED, RelevanceModel, RelevanceWeights, shipped
from claims.relevance.weighing import SENSED, FoundForClaim, Sense, Sensed, reasons, repeats, weigh, weigh_all
from tests.relevance.test_features import asked

REPORT = "The harbour authority raised its fees in Port Lenna by 40 percent this week, its price list shows."
OTHER = "Violent crime rose by 40 percent in the capital, the ministry said in its report."
WEATHER = "It rained all week and the orchestra went home before the concert had begun."


def test_what_says_the_same_is_shown_and_what_shares_a_figure_is_not() -> None:
    found = weigh(
        asked(), [ReadPassage(OTHER, rank=1), ReadPassage(REPORT), ReadPassage(WEATHER, rank=2)], shipped()
    )
    assert found[0].place == 1
    assert [one.shown for one in found] == [True, False, False]


def always_alike(value: float) -> Sense:
    return lambda asked: [[value] * len(one.sentences) for one in asked]


def test_meaning_raises_and_lowers_a_chance() -> None:
    passages = [ReadPassage(REPORT)]
    (high,) = weigh(asked(), passages, shipped(), sense=always_alike(0.95))
    (low,) = weigh(asked(), passages, shipped(), sense=always_alike(0.05))
    assert high.chance > low.chance + 0.2


def test_only_the_likeliest_are_read_by_meaning() -> None:
    read: list[Sequence[str]] = []

    def sense(asked: Sequence[Sensed]) -> list[list[float]]:
        read.extend(one.sentences for one in asked)
        return [[0.5] * len(one.sentences) for one in asked]

    found = weigh(asked(), [ReadPassage(REPORT, rank=n) for n in range(SENSED + 20)], shipped(), sense=sense)
    assert [len(texts) for texts in read] == [SENSED]
    assert len(found) == SENSED + 20
    assert not any(one.shown for one in found[SENSED:])


def test_many_claims_are_weighed_as_each_alone_and_meaning_is_asked_once() -> None:
    calls: list[list[str]] = []

    def sense(asked: Sequence[Sensed]) -> list[list[float]]:
        calls.append([one.claim for one in asked])
        return [[len(text) / 200 for text in one.sentences] for one in asked]

    other = asked("Violent crime rose by 40 percent in the capital.")
    found = [
        FoundForClaim(asked(), [ReadPassage(REPORT, id=1), ReadPassage(OTHER, rank=1, id=2)]),
        FoundForClaim(other, [ReadPassage(WEATHER)], by_meaning=False),
        FoundForClaim(other, [ReadPassage(OTHER), ReadPassage(REPORT, rank=1)]),
    ]
    together = weigh_all(found, shipped(), sense=sense)
    assert calls == [[asked().text, other.text]]
    assert together[0] == weigh(asked(), found[0].passages, shipped(), sense=sense)
    assert together[1] == weigh(other, found[1].passages, shipped())
    assert together[2] == weigh(other, found[2].passages, shipped(), sense=sense)


def test_one_name_alone_needs_more_than_the_bar() -> None:
    def always(chance: float) -> RelevanceModel:
        weights = RelevanceWeights(dict.fromkeys(WORDS, 0.0), math.log(chance / (1 - chance)), 0.03)
        return RelevanceModel(weights, weights)

    passages = [
        ReadPassage("In Lenna it rained."),
        ReadPassage("Elsewhere 40 percent of the cod was lost."),
    ]
    name, figure = sorted(weigh(asked(), passages, always(0.04)), key=lambda one: one.place)
    assert (name.shown, figure.shown) == (False, True)
    assert all(one.shown for one in weigh(asked(), passages, always(0.06)))


def test_nothing_found_is_nothing_weighed() -> None:
    def never(asked: Sequence[Sensed]) -> list[list[float]]:
        raise AssertionError

    assert weigh(asked(), [], shipped(), sense=never) == []


def test_a_copy_repeats_and_another_report_of_the_same_does_not() -> None:
    one, copy, other = compare(
        asked(), [ReadPassage(REPORT), ReadPassage(REPORT + " So it is."), ReadPassage(OTHER)]
    )
    assert repeats(copy, [other, one])
    assert not repeats(other, [one])


@pytest.mark.parametrize(
    ("passage", "values", "expected"),
    [
        (REPORT, {}, ["names", "figure"]),
        ("Fees rose by 40 percent.", {}, ["figure"]),
        ("Ilse Brandt said so in 2026.", {"claimant": "Ilse Brandt"}, ["person", "date"]),
        ("Brandt said so.", {"claimant": "The Minister"}, ["some_words"]),
    ],
)
def test_reasons_name_what_is_shared(passage: str, values: dict[str, str], expected: list[str]) -> None:
    (one,) = compare(asked(), [ReadPassage(passage)])
    assert [reason["name"] for reason in reasons(one, **values)][: len(expected)] == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2026, 3, 7), {"name": "later", "days": 2}),
        (dt.date(2026, 3, 4), {"name": "earlier", "days": 1}),
        (dt.date(2026, 3, 5), {"name": "same_day"}),
        (dt.date(2026, 5, 5), None),
        (None, None),
    ],
)
def test_reasons_name_the_days_between(day: dt.date | None, expected: dict[str, object] | None) -> None:
    (one,) = compare(asked(), [ReadPassage(REPORT)])
    found = [
        reason
        for reason in reasons(one, said_on=dt.date(2026, 3, 5), published=day)
        if reason["name"] in ("later", "earlier", "same_day")
    ]
    assert found == ([expected] if expected else [])


def test_a_chance_is_a_chance_whatever_the_numbers() -> None:
    weights = RelevanceWeights({"cover": 1e6}, 0.0, 0.5)
    assert 0.0 <= weights.chance({"cover": -1e9}) < 0.01 < 0.99 < weights.chance({"cover": 1e9}) <= 1.0


def test_the_shipped_weights_have_the_signs_they_must_have() -> None:
    stored = json.loads(SHIPPED.read_text("utf-8"))
    assert set(stored["words"]["weights"]) <= set(WORDS)
    assert set(stored["sense"]["weights"]) <= set(SIGNS)
    for part in stored.values():
        assert all(weight * SIGNS[name] > 0 for name, weight in part["weights"].items())
        assert 0 < part["bar"] < 0.5


def test_the_card_stands_beside_the_weights() -> None:
    card = (Path(SHIPPED).parent / "relevance.md").read_text("utf-8")
    for told in ("Learned from", "How well", "train_relevance", "CC BY", "SciFact", "Check-COVID"):
        assert told in card
    assert RelevanceModel.load(SHIPPED) == shipped()
