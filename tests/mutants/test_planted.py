"""The list of planted faults goes with the code, and what counts as noticed is that a test ran and failed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.__main__ import ROOT
from tests.mutants.planted import Fault, out_of_step, planted, read, touched

FAULTS = read()
ROOMS = {"guards", "policy", "visibility", "publishing", "jobs", "indexing", "dates", "exports"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "desk.py").write_text("def may(who):\n    return who == 'editor'\n", encoding="utf-8")
    (tmp_path / "test_desk.py").write_text("def test_may():\n    assert True\n", encoding="utf-8")
    return tmp_path


FAULT = Fault("policy", "everybody may", "desk.py", "who == 'editor'", "True", ("test_desk.py::test_may",))


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_every_fault_can_be_planted_where_the_list_says(fault: Fault) -> None:
    assert out_of_step(fault, ROOT) == ""


def test_there_are_enough_faults_and_each_has_a_name_of_its_own() -> None:
    assert len(FAULTS) >= 80
    assert len({str(fault) for fault in FAULTS}) == len(FAULTS)
    assert len({(fault.file, fault.old, fault.new) for fault in FAULTS}) == len(FAULTS)
    assert {fault.room for fault in FAULTS} >= ROOMS


def test_a_fault_is_planted_and_nothing_else_changes(tree: Path) -> None:
    assert planted(FAULT, tree) == "def may(who):\n    return True\n"
    assert out_of_step(FAULT, tree) == ""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"file": "gone.py"}, "no gone.py any more"),
        ({"old": "who == 'author'"}, "stands 0 times"),
        ({"old": "who"}, "stands 2 times"),
        ({"new": "who == 'editor'"}, "old and new are the same"),
        ({"new": "("}, "no Python"),
        ({"tests": ("test_gone.py",)}, "no test_gone.py any more"),
        ({"tests": ("test_desk.py::test_gone",)}, "has no test_gone any more"),
    ],
)
def test_a_line_that_fell_behind_the_code_is_named(tree: Path, changes: dict[str, Any], says: str) -> None:
    assert says in out_of_step(replace(FAULT, **changes), tree)


def test_what_changed_is_chosen_by_source_by_tests_and_by_list() -> None:
    other = replace(FAULT, room="jobs", file="jobs.py", tests=("test_jobs.py",))
    both = [FAULT, other]
    assert touched(both, {"desk.py"}) == [FAULT]
    assert touched(both, {"test_jobs.py"}) == [other]
    assert touched(both, {"test_desk.py"}) == [FAULT]
    assert touched(both, {"tests/mutants/planted/jobs.toml"}) == [other]
    assert touched(both, {"README.md"}) == []


def test_a_line_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('["desk.py"]\ntests = "test_desk.py"\nfaults = [["what", "old"]]\n')
    with pytest.raises(ValueError, match=r"policy\.toml"):
        read(tmp_path)


def test_a_test_can_be_named_within_the_tables_file(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(
        '["desk.py"]\ntests = "test_desk.py test_more.py"\n'
        'faults = [["a", "old", "new"], ["b", "old", "new", "::test_may test_other.py"]]\n'
    )
    assert [fault.tests for fault in read(tmp_path)] == [
        ("test_desk.py", "test_more.py"),
        ("test_desk.py::test_may", "test_other.py"),
    ]
