"""Which sentences rank high by themselves."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from claims.language.parser import Tags, tag
from claims.language.tokens import tokenize
from claims.splitting.checkable import features as worth_features
from claims.splitting.checkable import worthiness as checkworthiness
from claims.splitting.checkable.worthiness import BadWeights, Weights, load, score, shipped


def tagged(*texts: str) -> list[Tags]:
    return tag([[token.norm for token in tokenize(text)] for text in texts])


def worth(text: str) -> float:
    (one,) = tagged(text)
    return score(one.words, one.xpos)


def found(text: str) -> set[str]:
    (one,) = tagged(text)
    bits = worth_features.read(one.words, one.xpos).bits
    return {feature.name for place, feature in enumerate(worth_features.names()) if bits >> place & 1}


@pytest.mark.parametrize(
    ("worthy", "other"),
    [
        ("Unemployment in Marlow fell from 9 to 6 percent.", "Unemployment will fall, I hope."),
        ("My opponent voted against the minimum wage twice.", "My opponent is a decent man."),
        ("The dam was never repaired.", "Who will repair the dam?"),
        ("They shut down three hospitals.", "We have to keep our hospitals open."),
        ("He told the committee that he had never met the banker.", "Thank you, Senator, your time is up."),
        ("The treaty bans tests above ground.", "We believe in a world without fear."),
    ],
)
def test_an_assertion_of_fact_ranks_above_a_promise_an_opinion_or_a_question(worthy: str, other: str) -> None:
    assert worth(worthy) > worth(other) + 0.2


def test_the_score_is_the_logistic_function_of_the_weights_of_what_is_there() -> None:
    (one,) = tagged("They closed the mill in 1998.")
    features = worth_features.read(one.words, one.xpos)
    listed = worth_features.names()
    by_hand = shipped().bias + sum(
        shipped().weights.get(feature.name, 0.0)
        for place, feature in enumerate(listed)
        if features.bits >> place & 1
    )
    by_hand += sum(
        shipped().weights.get(name, 0.0) * share
        for (name, _, _), share in zip(worth_features.FRACTIONS, features.fractions, strict=True)
    )
    assert math.isclose(score(one.words, one.xpos), 1 / (1 + math.exp(-by_hand)))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Crime fell by 18 percent.", {"pct", "any_number", "digits", "fall", "past_only", "crime"}),
        ("We will cut taxes.", {"i_will", "modal", "public_money", "clause:we:modal", "future"}),
        ("He voted against the bill.", {"voted", "he_did", "act_official", "first:third:past", "stance_for"}),
        ("There is no evidence of fraud.", {"there_is", "there_is_no", "document"}),
        ("I never said that.", {"did_not_say", "never", "i+never"}),
        ("What did they do?", {"question", "wh_start"}),
        ("Let me finish, please.", {"lets", "let_me", "procedure"}),
        ("My mother was a nurse.", {"my_relative", "family_word"}),
    ],
)
def test_a_sentence_shows_its_features(text: str, names: set[str]) -> None:
    assert names <= found(text)


def test_a_phrase_counts_only_as_a_whole() -> None:
    assert "opponent" in found("My opponent left.")
    assert "i_think" not in found("They think I left.")


def test_every_feature_has_a_family_with_a_wording() -> None:
    listed = worth_features.names()
    assert len(listed) >= 225
    assert len({feature.name for feature in listed}) == len(listed)
    assert {feature.family for feature in listed} <= worth_features.families().keys()
    assert all(feature.text for feature in listed)


@pytest.mark.parametrize(
    "text", ["", ".", "\ud800", "1 " * 400, "Никто не пришёл.", "“”", "a" * 3000, "? ! ?"]
)
def test_odd_input_gets_a_score_between_nought_and_one(text: str) -> None:
    assert 0 <= worth(text) <= 1


def test_the_shipped_weights_are_small_and_name_only_known_features() -> None:
    assert checkworthiness.SHIPPED.stat().st_size < 30_000
    assert 0 < shipped().threshold < 1
    assert shipped().trained_on["rows"] >= 1500


@pytest.mark.parametrize(
    "stored",
    [
        "no json",
        "[]",
        '{"schema": 1, "bias": 0, "threshold": 0.5}',
        '{"schema": 9, "bias": 0, "threshold": 0.5, "weights": {}}',
        '{"schema": 1, "bias": 0, "threshold": 0.5, "weights": {"no_such_feature": 1}}',
    ],
)
def test_weights_of_another_kind_are_refused(tmp_path: Path, stored: str) -> None:
    path = tmp_path / "weights.json"
    path.write_text(stored, encoding="utf-8")
    with pytest.raises(BadWeights):
        load(path)


def test_a_stored_model_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(Weights({"digits": 0.5}, -1.0, 0.4, {"rows": 3}).as_json()), encoding="utf-8")
    read = load(path)
    assert (read.weights, read.bias, read.threshold, read.trained_on) == (
        {"digits": 0.5},
        -1.0,
        0.4,
        {"rows": 3},
    )
