"""Switching rules off: what is a rule, what its absence changes, and that it is back afterwards."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from claims.evaluation import rules
from claims.evaluation.types import BadData
from claims.splitting.attribution import frames
from claims.splitting.clauses import negation

TEXT = "The minister denied that the bridge had been closed. Prices rose by 3 percent in May.\n"


def row(text: str, attribution: str, claimant: str | None) -> dict[str, object]:
    start = TEXT.index(text)
    return {
        "start": start,
        "end": start + len(text),
        "class": attribution,
        "claimant": claimant,
        "check": "fact",
        "dates": [],
    }


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """A list of two sets of the same article."""
    rows = [
        row("the bridge had been closed", "reported", "the minister"),
        row("Prices rose by 3 percent in May", "article", None),
    ]
    for name in ("own", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(TEXT, encoding="utf-8")
        (tmp_path / name / "a.json").write_text(json.dumps({"units": rows}), encoding="utf-8")
    path = tmp_path / "sets.tsv"
    path.write_text("name\tfolder\tonly\nown\town\t\nother\tother\t\n", encoding="utf-8")
    return path


def test_a_rule_is_a_function_that_answers_yes_or_no_or_a_list_of_words() -> None:
    found = {rule.name: rule for rule in rules.discovered()}
    asked = found["splitting.clauses.negation:denies"]
    assert asked.off is False
    assert asked.does == (negation.denies.__doc__ or "").split("\n")[0]
    words = [rule for rule in found.values() if rule.is_list]
    assert words
    assert all(rule.off == frozenset() for rule in words)
    assert "splitting.pipeline:split" not in found


def test_without_its_source_a_denial_is_the_writers_and_the_rule_is_back_afterwards(sets: Path) -> None:
    lines: list[str] = []
    before = frames.find_source
    evaluation = rules.run(sets, only="attribution.frames:find_source", details=lines.append)
    assert evaluation.n == 1
    assert frames.find_source is before
    (line,) = lines[2:]
    support, changes, fires = line.split()[:3]
    assert int(support) > 0
    assert int(changes) > 0
    assert int(fires) > 0
    assert evaluation.metrics == {"earn": 1.0, "silent": 0.0}


def test_only_the_unseen_sets_count_as_support() -> None:
    rule = rules.discovered()[0]
    support = rules.RuleSupport(rule, lost={"own": Counter(found=3), "other": Counter(found=1, invented=2)})
    assert support.total(["other"]) == -1
    assert support.total(["own", "other"]) == 2


def test_a_rule_without_which_splitting_fails_is_said_to_break_it(
    sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = next(rule for rule in rules.discovered() if rule.name == "splitting.clauses.negation:denies")
    monkeypatch.setattr(rules, "discovered", lambda: [asked])
    monkeypatch.setattr(rules, "_Trial", Failing)
    lines: list[str] = []
    rules.run(sets, details=lines.append)
    assert "KeyError" in lines[-1]


class Failing(rules._Trial):
    """A trial whose splitting fails as soon as a rule is off."""

    def _units(self, article):  # type: ignore[no-untyped-def]
        if not negation.denies(["denied", "not", "no", "never", "n't"]):
            raise KeyError
        return super()._units(article)


def test_data_that_are_no_list_of_sets_and_unknown_names_are_refused(sets: Path) -> None:
    with pytest.raises(BadData, match="no list of sets"):
        rules.run(sets.parent)
    with pytest.raises(BadData, match="no rule is named"):
        rules.run(sets, only="nothing of that name")
    with pytest.raises(BadData, match="learns nothing"):
        rules.run(sets, train=sets)
