"""Switching rules off: what is a rule, what its absence changes, that it is back afterwards, and the list of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from claims.evaluation import branches, plain_texts, rule_list, rules
from claims.evaluation.rule_switches import discovered, replaced
from claims.evaluation.types import BadData
from claims.splitting import split
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


def test_a_rule_is_a_function_that_can_say_no_a_list_of_words_or_a_pattern() -> None:
    found = {rule.name: rule for rule in discovered()}
    asked = found["splitting.clauses.negation:denies"]
    assert asked.off is False
    assert asked.does == (negation.denies.__doc__ or "").split("\n")[0]
    words = [rule for rule in found.values() if rule.is_list]
    assert words
    assert all(rule.off == frozenset() for rule in words)
    patterns = [rule for rule in found.values() if rule.is_pattern]
    assert patterns
    assert not any(rule.off.search("said on 3 May 2021, “No”") for rule in patterns)
    assert not any("german" in rule.name for rule in found.values())
    assert "splitting.pipeline:split" not in found


def test_without_its_source_a_denial_is_the_writers_and_the_rule_is_back_afterwards(sets: Path) -> None:
    lines: list[str] = []
    before = frames.find_source
    evaluation = rules.run(sets, only="attribution.frames:find_source", details=lines.append)
    assert evaluation.n == 1
    assert frames.find_source is before
    line = lines[2]
    assert lines[-1] == "  splitting/attribution: 1, 1, 0, 0"
    support, changes, fires = line.split()[:3]
    assert int(support) > 0
    assert int(changes) > 0
    assert int(fires) > 0
    assert evaluation.metrics == {"earn": 1.0, "silent": 0.0}


def test_only_the_unseen_sets_count_as_support() -> None:
    rule = discovered()[0]
    support = rules.RuleSupport(rule, lost={"own": Counter(found=3), "other": Counter(found=1, invented=2)})
    assert support.total(["other"]) == -1
    assert support.total(["own", "other"]) == 2


def test_a_rule_without_which_splitting_fails_is_said_to_break_it(
    sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = next(rule for rule in discovered() if rule.name == "splitting.clauses.negation:denies")
    monkeypatch.setattr(rules, "discovered", lambda: [asked])
    monkeypatch.setattr(rules, "_Trial", Failing)
    lines: list[str] = []
    rules.run(sets, details=lines.append)
    assert "KeyError" in lines[2]


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


def test_counting_changes_no_answer_and_tells_of_words_and_matches_too() -> None:
    told: Counter[str] = Counter()
    plain = split(TEXT, judge=None)
    with replaced(discovered(), lambda rule: rule.counting(lambda name: told.update([name]))):
        counted = split(TEXT, judge=None)
    assert counted == plain
    kinds = {rule.name: rule for rule in discovered()}
    assert any(kinds[name].is_list for name in told)
    assert any(kinds[name].is_pattern for name in told)
    assert told["splitting.clauses.negation:denies"] > 0


def test_a_rule_is_measured_on_so_many_articles_at_most_or_only_counted(
    sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    units = rules._Trial._units
    monkeypatch.setattr(
        rules._Trial, "_units", lambda self, article: read.append(article.name) or units(self, article)
    )
    sets.write_text(sets.read_text(encoding="utf-8") + "third\tother\t\n", encoding="utf-8")
    path = sets.parent / "rules.md"
    splits = []
    for size in (0, 1, None):
        rules.run(sets, only="clauses.negation:denies", size=size, listed=path)
        splits.append(len(read))
        read.clear()
        row = rule_list.read(path)["splitting.clauses.negation:denies"]
        assert row.fires == "1/1/1"
        assert (row.costs == rule_list.NOT_MEASURED) is (size == 0)
    # Once to count; once more to know what is found with all rules; then without the rule.
    assert splits == [3, 3 + 3 + 1, 3 + 3 + 2]
    rules.run(sets, only="clauses.negation:denies", size=0, listed=path)
    assert rule_list.read(path)["splitting.clauses.negation:denies"].costs != rule_list.NOT_MEASURED


def test_a_condition_inside_a_function_can_be_switched_off_and_its_code_is_back(sets: Path) -> None:
    code = negation.denies.__code__
    found = [branch for branch in branches.found_branches() if "negation:negated " in branch.name]
    assert found
    with branches.instrumented(found) as switches:
        assert negation.denies.__code__ is not code
        told: list[str] = []
        with switches.telling(told.append):
            split(TEXT, judge=None)
        assert told
    assert negation.denies.__code__ is code
    lines: list[str] = []
    evaluation = rules.run(sets, only="attribution.english:attribute if", branches=True, details=lines.append)
    assert evaluation.n > 1
    assert any(line.lstrip().startswith("+") and "if label is not None" in line for line in lines)


def test_the_list_keeps_figures_drops_what_is_gone_and_quotes_no_newspaper(
    sets: Path, tmp_path: Path
) -> None:
    path = tmp_path / "rules.md"
    known = discovered()
    asked = next(rule for rule in known if rule.name == "splitting.clauses.negation:denies")
    old = rule_list.RuleRow(asked.name, "1/2", "3", "+4/-1", "a | b < c & d")
    rule_list.update(path, known, [old, rule_list.RuleRow("splitting.clauses.gone:gone", "1", "1", "+1")])
    rule_list.update(path, known, [])
    rows = rule_list.read(path)
    assert set(rows) == {rule.name for rule in known}
    assert (rows[asked.name].costs, rows[asked.name].example) == ("+4/-1", "a | b < c & d")
    assert rows[asked.name].does == asked.does
    assert path.read_text(encoding="utf-8").replace("\n", "").isprintable()
    assert rule_list.measured_names(path) == {asked.name}
    rules.run(sets, only="attribution.frames:find_source", listed=path)
    measured = rule_list.read(path)["splitting.attribution.frames:find_source"]
    assert measured.fires == "1/1"
    assert measured.costs.startswith("+")
    assert measured.example == ""  # the set is called "other": who knows whether it may be passed on
    with pytest.raises(BadData, match="--list"):
        rules.run(sets, only="new")


def test_what_is_told_of_every_rule_can_be_written() -> None:
    measured = [rules.RuleSupport(rule, example="half a pair: \ud800") for rule in discovered()]
    told = "\n".join(rules.table(measured, ["own", "other"]))
    assert told.encode("utf-8").decode("utf-8") == told


def test_the_list_names_exactly_the_rules_in_the_code() -> None:
    """Bring it up to date with ``evaluate rules … --list docs/reference/rules.md --only new``."""
    listed = rule_list.read(Path(__file__).parents[2] / "docs/reference/rules.md")
    assert set(listed) == {rule.name for rule in discovered()}
    assert all(re.fullmatch(r"broke|not measured|[+-]\d+(/[+-]\d+)*", row.costs) for row in listed.values())


def test_trees_are_read_as_paragraphs() -> None:
    trees = "# newdoc id = a\n# newpar\n# text = One.\n1\tOne\n# text = Two.\n\n# newpar\n# text = Three.\n"
    assert plain_texts.plain(trees) == "One. Two.\n\nThree.\n"
