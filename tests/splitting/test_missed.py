"""The ranker of missed units: what it looks at, what it offers, how it says why, and how it is learned."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from claims.language.blocks import layout
from claims.language.document import Reading, read
from claims.splitting import split
from claims.splitting.missed import ranker, training
from claims.splitting.missed.candidates import candidates
from claims.splitting.missed.ranker import Looked, MissedRanker, Thresholds, chosen, look, shipped
from claims.splitting.missed.words import ArticleWords
from claims.splitting.types import OFFERED, Unit
from claims.workbench.articles.flag_words import words_of

CARD = ranker.SHIPPED.with_suffix(".md")


def made_of(
    *, threshold: float = 0.5, bias: float = -3, premise: float = -1, **weights: float
) -> MissedRanker:
    """Return a ranker that knows a few circumstances, named with underlines."""
    names = tuple(name.replace("_", " ") for name in weights)
    zeros = np.zeros(len(names), dtype=np.float32)
    values = np.array(list(weights.values()), dtype=np.float32)
    return MissedRanker(names, values, zeros, bias, zeros, premise, Thresholds(threshold, threshold))


def reading(text: str) -> Reading:
    return read(layout(text), language="en")


def spans(text: str) -> set[str]:
    """Return the candidates of a text as its words."""
    words = ArticleWords(reading(text))
    some = candidates(words)
    return {
        text[words.start[first] : words.end[last]] for first, last in zip(some.first, some.last, strict=True)
    }


def offered(text: str, by: MissedRanker, **options: Any) -> list[Unit]:
    found = split(text, judge=None, offer=by.offer, **options)
    return [unit for unit in found.units if any(flag.startswith(OFFERED) for flag in unit.flags)]


# --- candidates ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Critics attacked the ferry's refusal to berth in Oslo.", "the ferry's refusal to berth in Oslo"),
        ("The choir praised the hall, which opened in 1931.", "opened in 1931"),
        ("The mayor opened a bridge that links two islands.", "links two islands"),
        ("The guild repaired the roof and the council paid for it.", "the council paid for it"),
        ("The guild repaired the roof and the council paid for it.", "The guild repaired the roof"),
        ("Despite selling 300 boats, the yard closed.", "selling 300 boats"),
        ("Ana Holt, the oldest skipper in Kent, retired.", "the oldest skipper in Kent"),
        ("He mentioned the fees imposed in March.", "the fees imposed in March"),
    ],
)
def test_the_tree_holds_what_rules_miss(text: str, span: str) -> None:
    assert span in spans(text)


def test_no_candidate_is_one_word_or_begins_with_a_conjunction_or_inside_a_joined_word() -> None:
    found = spans("Shiu Ka-chun of the harbour guild sold two boats, but the well-known yard bought none.")
    assert all(len(span.split()) > 1 for span in found)
    assert not any(span.startswith(("but ", "chun", "known ")) for span in found)


def test_an_article_without_words_has_no_candidates() -> None:
    empty = ArticleWords(reading(""))
    assert empty.n == 0
    assert look(reading(""), (), ()) is None


def test_a_sentence_that_cannot_hold_a_claim_is_not_looked_at() -> None:
    text = "Who sold the boats? The yard sold the boats."
    assert {at.index for at in ArticleWords(reading(text), {0: "question"}).sentences} == {1}


# --- what is offered ----------------------------------------------------------------------------------------

REFUSAL = "Fishermen condemned the port's refusal to berth the ferry."
DEED = made_of(a_deed_with_its_content=6.0, length=0.5, bias=-4, premise=1)


def test_an_offer_is_a_unit_with_its_reasons_in_words() -> None:
    (unit,) = offered(REFUSAL, DEED)
    assert unit.text == "the port's refusal to berth the ferry"
    assert str(unit.attribution) == "premise"
    assert f"{OFFERED}a deed with its content" in unit.flags
    assert unit.within is not None
    assert unit.wording.text
    assert words_of(unit.flags[0]) == "offered, look at it: a deed with its content"


def test_what_moves_the_odds_down_is_told_as_well() -> None:
    by = made_of(a_deed_with_its_content=6.0, length=0.5, wholly_inside_a_unit=-0.5, bias=-4)
    (unit,) = offered(REFUSAL, by)
    assert f"{OFFERED}a deed with its content; against it: lies inside another claim" in unit.flags


def test_nothing_is_offered_below_the_threshold() -> None:
    assert offered(REFUSAL, replace(DEED, bias=-9.0)) == []
    assert offered(REFUSAL, replace(DEED, thresholds=Thresholds(0.5, 0.97))) == []


def test_what_the_rules_found_stays_and_nothing_like_it_is_offered() -> None:
    everything = made_of(bias=5, length=0.1, threshold=0.1)
    plain = split(REFUSAL, judge=None, offer=None).units
    found = split(REFUSAL, judge=None, offer=everything.offer).units
    assert {unit.text for unit in plain} < {unit.text for unit in found}
    spans_of = [(unit.start, unit.end) for unit in found]
    assert len(spans_of) == len(set(spans_of))
    assert sum(unit.text.startswith("Fishermen condemned") for unit in found) == 1


def test_the_likeliest_is_taken_and_nothing_much_over_it() -> None:
    text = "The yard sold the boats that the guild had built in March to a firm that rents them out."
    seen = look(reading(text), (), ())
    assert isinstance(seen, Looked)
    chances = np.linspace(0.9, 0.6, len(seen.some)).astype(np.float32)
    taken = chosen(seen, chances, Thresholds(0.5, 0.5))
    assert taken[0] == 0
    words = [set(range(int(seen.some.first[at]), int(seen.some.last[at]) + 1)) for at in taken]
    for at, one in enumerate(words):
        for other in words[:at]:
            assert 2 * len(one & other) / (len(one) + len(other)) <= ranker.OVERLAP + 0.1


def test_a_clause_and_a_noun_phrase_have_thresholds_of_their_own() -> None:
    seen = look(
        reading("The guild praised the mill, which opened in 1931 and sells the finest flour in Kent."),
        (),
        (),
    )
    assert seen is not None
    even = np.full(len(seen.some), 0.5, dtype=np.float32)
    clauses = chosen(seen, even, Thresholds(0.4, 0.6))
    phrases = chosen(seen, even, Thresholds(0.6, 0.4))
    assert clauses
    assert phrases
    assert all(seen.some.is_clause[at] for at in clauses)
    assert not any(seen.some.is_clause[at] for at in phrases)


def test_what_is_offered_inside_speech_has_its_speaker() -> None:
    (unit,) = offered(
        "Ida Holm told reporters that fishermen condemned the port's refusal to berth the ferry.", DEED
    )
    assert (str(unit.attribution), unit.claimant) == ("premise", "Ida Holm")
    (unit,) = offered("“We condemn the port's refusal to berth the ferry,” said Ida Holm, a skipper.", DEED)
    assert (str(unit.attribution), unit.claimant) == ("premise", "Ida Holm")


def test_a_clause_has_the_class_of_what_holds_it_and_no_premise() -> None:
    told = replace(DEED, premise_bias=-1.0)
    (unit,) = offered(REFUSAL, told)
    assert str(unit.attribution) == "article"
    (unit,) = offered("Ida Holm said fishermen condemned the port's refusal to berth the ferry.", told)
    assert (str(unit.attribution), unit.claimant) == ("reported", "Ida Holm")


def test_a_date_inside_a_premise_is_its_own_and_the_clause_keeps_it() -> None:
    text = "Fishermen condemned the port's refusal to berth the ferry in May 2021."
    found = split(text, judge=None, offer=DEED.offer).units
    assert [[date.value for date in unit.dates] for unit in found] == [["2021-05"], ["2021-05"]]
    text = "In May 2021 fishermen condemned the port's refusal to berth the ferry."
    found = split(text, judge=None, offer=DEED.offer).units
    assert [[date.value for date in unit.dates] for unit in found] == [["2021-05"], []]


def test_half_a_pair_of_quotation_marks_is_made_whole() -> None:
    by = made_of(a_quotation_mark_behind_it=6.0)
    for unit in offered('The board said the hall had grown into a "house of song" in ten years.', by):
        assert unit.text.count('"') % 2 == 0


def test_only_english_is_ranked_and_none_turns_the_ranker_off() -> None:
    asked: list[int] = []

    def note(*given: Any) -> list[Any]:
        asked.append(len(given))
        return []

    split("Der Minister sagte, die Zahl der Arbeitslosen sei gesunken.", language="de", offer=note)
    assert asked == []
    split(REFUSAL, offer=note, judge=None)
    assert asked == [4]
    assert not any(
        flag.startswith(OFFERED) for unit in split(REFUSAL, offer=None).units for flag in unit.flags
    )


def test_a_premise_without_a_verb_is_looked_at_from_four_words_on() -> None:
    seen = look(reading("The crew saw the new boat and the reckless dumping of oil."), (), ())
    assert seen is not None
    phrases = [seen.spans()[at] for at in range(len(seen.some)) if not seen.some.is_clause[at]]
    assert all(end - start > len("the new boat") for start, end in phrases)
    whole = look(reading("The crew saw the new boat and the reckless dumping of oil."), (), (), whole=True)
    assert whole is not None
    assert len(whole.some) > len(seen.some)


# --- the shipped one ----------------------------------------------------------------------------------------

PREMISES = [
    "Farmers protested against the ministry's decision to drain the northern marshes last year.",
    "The choir objected to the bishop's attempt to sell the organ to a museum in Turin.",
    "Ida Holm thanked the hundreds of volunteers who rebuilt the pier after the storm.",
    "Drivers complained about the tolls imposed by the province in March.",
    "The union criticised the company's refusal to publish the results of the inquiry.",
    "Neighbours condemned the demolition of 30 houses carried out by the harbour board.",
    "The senate discussed the general's effort to win the support of the coastal towns.",
    "Residents welcomed the release of the two sailors who were arrested in Odessa.",
]
NONE = [
    "The bakery sells bread.",
    "The bridge closed on Monday.",
    "Ida Holm won the race in Turku.",
    "Rents rose by 3 percent in May.",
    "The museum is open on Sundays.",
    "The mayor resigned.",
    "Two ships collided near the pier.",
    "The club has 400 members.",
]


def test_the_shipped_ranker_offers_deeds_taken_as_given_and_leaves_plain_sentences_alone() -> None:
    carrying = sum(bool(offered(text, shipped())) for text in PREMISES)
    plain = sum(bool(offered(text, shipped())) for text in NONE)
    assert carrying >= 3
    assert plain <= 1


def test_the_file_is_what_its_card_says() -> None:
    stored = json.loads(ranker.SHIPPED.read_text(encoding="utf-8"))
    card = CARD.read_text(encoding="utf-8")
    assert f"{len(stored['weights'])} named circumstances" in card
    assert Thresholds(**stored["thresholds"]) == training.THRESHOLDS
    assert f"A clause from {training.THRESHOLDS.clause}" in card
    assert f"a noun phrase from {training.THRESHOLDS.phrase}" in card
    assert "Wikinews" in card
    assert "CC BY" in card
    assert ranker.SHIPPED.stat().st_size < 40_000


def test_every_weight_is_of_a_circumstance_that_is_looked_at() -> None:
    seen = look(reading(REFUSAL), (), (), whole=True)
    assert seen is not None
    assert len(seen.table.names) == len(set(seen.table.names))
    assert set(shipped().names) <= set(seen.table.names)
    assert set(ranker.SAID) <= set(seen.table.names)


# --- learning -----------------------------------------------------------------------------------------------


@pytest.fixture
def annotated(tmp_path: Path) -> Path:
    """Return a folder of small articles in which every refusal is annotated as a premise."""
    for name, text in (("01", REFUSAL), ("02", REFUSAL.replace("ferry", "yacht").replace("port", "yard"))):
        units = split(text, judge=None, offer=None).units
        start = text.index("the " + ("port" if name == "01" else "yard"))
        rows = [
            {
                "start": unit.start,
                "end": unit.end,
                "class": str(unit.attribution),
                "claimant": "",
                "check": "fact",
            }
            for unit in units
        ]
        rows.append(
            {"start": start, "end": len(text) - 1, "class": "premise", "claimant": "", "check": "fact"}
        )
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
        (tmp_path / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
    return tmp_path


def test_it_is_learned_from_annotated_articles(annotated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = annotated / "ranker.json"
    call_command("train_units", annotated, "--score", annotated, output=out)
    said = capsys.readouterr().err
    assert "out of fold" in said
    assert "kept aside" in said
    assert "  01: recall" in said
    assert "of 2 articles" in said
    trained = MissedRanker.load(out)
    assert np.isfinite(trained.weights).all()
    assert trained.thresholds == training.THRESHOLDS
    seen = look(reading(REFUSAL), (), ())
    assert seen is not None
    best = seen.spans()[int(trained.chances(seen).argmax())]
    assert "refusal to berth" in REFUSAL[slice(*best)]


def test_what_is_written_is_read_again(annotated: Path) -> None:
    out = annotated / "again.json"
    training.write(shipped(), out)
    again = MissedRanker.load(out)
    assert again.names == shipped().names
    assert np.allclose(again.weights, shipped().weights, atol=1e-4)


def test_articles_that_teach_nothing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "01.txt").write_text("Nothing here.", encoding="utf-8")
    (tmp_path / "01.json").write_text("[]", encoding="utf-8")
    with pytest.raises(CommandError, match="nothing to learn from"):
        call_command("train_units", tmp_path, output=tmp_path / "ranker.json")
    with pytest.raises(CommandError):
        call_command("train_units", tmp_path / "none", output=tmp_path / "ranker.json")
