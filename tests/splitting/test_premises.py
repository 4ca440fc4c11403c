"""Assertions inside noun phrases: found with the whole phrase, and not where nothing is presupposed."""

from __future__ import annotations

import pytest

from claims.language.parser import Tree, parse
from claims.language.spans import Span
from claims.language.tag_repair import repair
from claims.language.tokens import Token, tokenize
from claims.splitting.clauses.negation import negated, negations
from claims.splitting.clauses.premises import Premise, PremiseKind, premises


def read(text: str) -> tuple[list[Token], Tree]:
    tokens = tokenize(text)
    return tokens, repair(parse([[token.norm for token in tokens]])[0])


def found(text: str) -> list[str]:
    tokens, tree = read(text)
    return [text[p.start : p.end] for p in premises(text, tokens, tree)]


def first(text: str) -> Premise:
    tokens, tree = read(text)
    return premises(text, tokens, tree)[0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The Iranian-backed militia shelled the port.", ["The Iranian-backed militia"]),
        (
            "A line divides the army from the Kremlin-funded volunteers.",
            ["the Kremlin-funded volunteers"],
        ),
        (
            "They fought the Turkish-led troops and Libyan mercenaries.",
            ["the Turkish-led troops and Libyan mercenaries"],
        ),
        (
            "He met the Turkish-backed, Iranian-funded militia near the border.",
            ["the Turkish-backed, Iranian-funded militia", "Iranian-funded militia"],
        ),
        ("The wells were poisoned by Chechen jihadists.", ["Chechen jihadists"]),
        ("The law protects the indigenous farmers.", ["the indigenous farmers"]),
        ("Protesters denounced the rigged election.", ["the rigged election"]),
        ("They sold land that they call “occupied territory”.", ["occupied territory"]),
        ("Officials dubbed the plan “economic suicide”.", ["economic suicide"]),
        ("They want what they call “Russian-occupied land”.", ["Russian-occupied land"]),
    ],
)
def test_premises_are_whole_noun_phrases(text: str, wanted: list[str]) -> None:
    assert found(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "The coalition was Saudi-led.",
        "The London-based firm closed.",
        "The state-run broadcaster reported it.",
        "The terrorist attack killed nine people.",
        "Police arrested alleged terrorists.",
        "A rigged vote would be a disgrace.",
        "The sale was illegal.",
        "They call him every day.",
        "The bridge was closed in May.",
        "“I will call,” he said.",
    ],
)
def test_nothing_is_presupposed(text: str) -> None:
    assert found(text) == []


def test_a_term_names_who_uses_it() -> None:
    text = "The two governments call the land “occupied territory”."
    premise = first(text)
    assert premise.kind is PremiseKind.TERM
    assert premise.holder is not None
    assert text[premise.holder.start : premise.holder.end] == "The two governments"


def test_no_words_carry_nothing() -> None:
    assert premises("", [], Tree((), (), (), (), ())) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The bridge was not inspected.", True),
        ("The bridge was inspected.", False),
        ("It hasn't rained since May.", True),
        ("The fund never paid.", True),
        ("Nobody was hurt.", True),
        ("None of the pumps worked.", True),
        ("No soldiers were killed.", True),
        ("The firm paid no tax.", True),
        ("The plant no longer works.", True),
        ("The plan cannot be changed.", True),
        ("Not only the roof but also the wall fell.", False),
        ("No fewer than 40 people died.", False),
        ("The man who did not pay was fined.", False),
        ("The house is not far from the road that nobody uses.", True),
        ("No one never errs.", False),
    ],
)
def test_the_main_predicate_decides_whether_a_unit_is_negative(text: str, wanted: bool) -> None:
    tokens, tree = read(text)
    assert negated(tokens, tree, Span(0, len(text))) is wanted


def test_negations_are_counted_with_verbs_of_denying() -> None:
    text = "Nobody but the army denies that it failed."
    tokens, tree = read(text)
    assert negations(tokens, tree, Span(0, len(text))) == 3
    assert negations(tokens, tree, Span(0, 6)) == 1
    assert not negated(tokens, tree, Span(0, 0))
