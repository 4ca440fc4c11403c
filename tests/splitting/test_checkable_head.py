"""The learned head: what it judges, what stays with the rules, what it says for itself, and how it is learned."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from claims.language import encoder
from claims.splitting import split
from claims.splitting.checkable import head
from claims.splitting.checkable.head import Case, HeadDecision, circumstances, shipped
from claims.vocabulary import Attribution, Checkable


def case(text: str, xpos: str, **changes: Any) -> Case:
    words = tuple(text.split())
    tags = tuple(xpos.split())
    assert len(words) == len(tags)
    made = Case(text, words, tags, Attribution.QUOTED, Checkable.FACT, ("checkable:model",))
    return replace(made, **changes)


FIGURE = case("Unemployment fell to 6.1 percent in March", "NN VBD IN CD NN IN NNP")
JUDGED = case(
    "It was a truly shameful and cowardly betrayal of our children", "PRP VBD DT RB JJ CC JJ NN IN PRP$ NNS"
)


def test_a_figure_can_be_checked_and_a_judgement_only_that_it_was_said() -> None:
    fact, said = shipped().decide([FIGURE, JUDGED])
    assert (fact.checkable, said.checkable) == (Checkable.FACT, Checkable.SAID)
    assert fact.chance > 0.6 > 0.4 > said.chance


@pytest.mark.parametrize("verdict", [Checkable.FACT, Checkable.SAID])
def test_what_a_word_settles_stays_with_the_rules(verdict: Checkable) -> None:
    settled = replace(JUDGED, checkable=verdict, rules=("checkable:denial",))
    (decision,) = shipped().decide([settled])
    assert decision.checkable is verdict


def test_settled_and_weighed_units_come_back_in_their_order() -> None:
    settled = replace(FIGURE, checkable=Checkable.SAID, rules=("checkable:pledge or plan",))
    found = [one.checkable for one in shipped().decide([settled, FIGURE, JUDGED, settled])]
    assert found == [Checkable.SAID, Checkable.FACT, Checkable.SAID, Checkable.SAID]


def test_it_says_in_words_what_spoke_for_and_against() -> None:
    (decision,) = shipped().weigh([FIGURE])
    assert decision.spoke_for or decision.spoke_against
    assert set(decision.spoke_for + decision.spoke_against) <= set(shipped().named)


def test_circumstances_are_named_for_people_and_nothing_else_is_counted() -> None:
    found = circumstances(FIGURE)
    assert found["a figure"] == found["a name"] == 1
    assert "two figures" not in found
    assert found["the rules"] == 2
    assert found["share of nouns"] == pytest.approx(3 / 7)


ARTICLE = (
    "The council closed the bridge on Monday. “It was a shameful and cowardly betrayal of our children,” said mayor "
    "Jan Bek. He said that 300 trees were planted last year."
)


def test_the_pipeline_asks_the_head_unless_it_is_told_to_be_fast() -> None:
    asked: list[str] = []

    def judge(cases: Any) -> list[HeadDecision]:
        asked.extend(one.text for one in cases)
        return [HeadDecision(Checkable.SAID, 0.5) for _one in cases]

    ours = split(ARTICLE, judge=judge)
    assert asked == [unit.text for unit in ours.units if unit.checkable is not Checkable.NO]
    weighed = [unit for unit in ours.units if "checkable:head" in unit.rules]
    assert weighed
    assert {unit.checkable for unit in weighed} == {Checkable.SAID}
    assert all("checkable: close call" in unit.flags for unit in weighed)
    plain = split(ARTICLE, judge=None)
    assert not any("checkable:head" in unit.rules for unit in plain.units)
    assert [unit.text for unit in plain.units] == [unit.text for unit in ours.units]


def test_other_languages_are_left_to_their_own_rules() -> None:
    found = split("Der Minister sagte, die Zahl der Arbeitslosen sei gesunken.", language="de")
    assert found.units
    assert not any("checkable:head" in unit.rules for unit in found.units)


def test_the_head_is_small_and_has_a_card() -> None:
    assert head.SHIPPED.stat().st_size < 20_000
    card = head.SHIPPED.with_suffix(".md").read_text(encoding="utf-8")
    assert "Wikinews" in card
    assert "CC BY" in card


@pytest.fixture
def annotated(tmp_path: Path) -> Path:
    """Return a folder with two small articles annotated as the pipeline finds them."""
    for name in ("01", "02"):
        units = [unit for unit in split(ARTICLE, judge=None).units if unit.checkable is not Checkable.NO]
        rows = [
            {
                "start": unit.start,
                "end": unit.end,
                "class": str(unit.attribution),
                "claimant": unit.claimant,
                "check": "said" if "betrayal" in unit.text else "fact",
                "dates": [],
            }
            for unit in units
        ]
        (tmp_path / f"{name}.txt").write_text(ARTICLE, encoding="utf-8")
        (tmp_path / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
    return tmp_path


def test_it_is_learned_from_annotated_articles(annotated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = annotated / "head.npz"
    call_command("train_checkable", annotated, "--score", annotated, output=out)
    said = capsys.readouterr().err
    assert "out of fold" in said
    assert "of 2 articles" in said
    trained = head.Head.load(out)
    assert np.isfinite(trained.vector).all()
    decided = trained.weigh([FIGURE, JUDGED])
    assert decided[0].chance > decided[1].chance


def test_articles_that_teach_nothing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "01.txt").write_text("Nothing here.", encoding="utf-8")
    (tmp_path / "01.json").write_text("[]", encoding="utf-8")
    with pytest.raises(CommandError, match="nothing to learn from"):
        call_command("train_checkable", tmp_path, output=tmp_path / "head.npz")


def test_a_text_that_is_there_many_times_is_encoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    original = encoder.Encoder.encode

    def watched(self: encoder.Encoder, texts: list[str], *, layer: int) -> object:
        asked.append(list(texts))
        return original(self, texts, layer=layer)

    monkeypatch.setattr(encoder.Encoder, "encode", watched)
    one, other = case("Prices rose", "NNS VBD"), case("Wages fell", "NNS VBD")
    decisions = head.decide([one, other, one])
    assert asked == [["Prices rose", "Wages fell"]]
    assert decisions[0] == decisions[2]
