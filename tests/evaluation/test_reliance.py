"""The labels of whose words a passage is, and how they are scored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claims.evaluation import reliance
from claims.evaluation.types import BadData

LIST = Path(__file__).parents[1] / "independence" / "reliance.tsv"
TEXT = "The union said the port lost 300 jobs. The port lost 300 jobs, the labour office counted."
CLAIM = (15, 37)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    unit = {"start": CLAIM[0], "end": CLAIM[1], "class": "reported", "claimant": "the union"}
    (tmp_path / "a.json").write_text(json.dumps([unit]), "utf-8")
    answer = {"source_url": "https://stats.gov.uk/jobs"}
    (tmp_path / "train.json").write_text(json.dumps([{"questions": [{"answers": [answer]}]}]), "utf-8")
    return tmp_path


def write(folder: Path, *rows: str) -> Path:
    path = folder / "labels.tsv"
    path.write_text("# a comment\n" + "\n".join(row.replace(" ", "\t") for row in rows), "utf-8")
    return path


def test_it_counts_what_is_rightly_said(labelled: Path) -> None:
    rows = ("repeats . a 15 37 0 38 yes", f"repeats . a 15 37 0 {len(TEXT)} no", "primary . 0 0 0 yes")
    found = reliance.run(write(labelled, *rows))
    assert found.n == 3
    assert found.metrics == {
        "repeats_precision": 1.0, "repeats_recall": 1.0, "primary_precision": 1.0, "primary_recall": 1.0,
    }  # fmt: skip
    said: list[str] = []
    wrong = reliance.run(
        write(labelled, "repeats . a 15 37 0 38 no", "primary . 0 0 0 no"), details=said.append
    )
    assert set(wrong.metrics.values()) == {0.0}
    assert len(said) == 2


@pytest.mark.parametrize(
    "row", ["nothing . a", "repeats . b 15 37 0 38 yes", "repeats . a 1 2 0 38 yes", "primary ./x 0 0 0 yes"]
)
def test_a_list_that_cannot_be_read_is_refused_in_a_sentence(labelled: Path, row: str) -> None:
    with pytest.raises(BadData):
        reliance.run(write(labelled, row))


def test_the_list_of_labels_holds_no_text() -> None:
    rows = [line.split("\t") for line in LIST.read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert sum(row[0] == "repeats" for row in rows) >= 55
    assert sum(row[0] == "primary" for row in rows) >= 55
    assert all(len(field) < 60 for row in rows for field in row)
