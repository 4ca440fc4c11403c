"""The measure of same and different: lists of pairs, posts with the claims checked in them, bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claims.evaluation.repeats import run
from claims.evaluation.types import BadData


def test_a_list_counts_each_verdict_and_details_name_the_pair(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text(
        "# a comment\n"
        "tense\tdifferent\tThe mill will close.\tThe mill closed.\n"
        "part\tdifferent\tAdmissions of children rose.\tAdmissions rose.\n"
        "post\tsame\t40k people fled\t40,000 people fled.\n",
        encoding="utf-8",
    )
    lines: list[str] = []
    found = run(path, details=lines.append)
    assert found.n == 3
    assert found.metrics == {
        "same_called_same": 1.0,
        "same_called_different": 0.0,
        "same_called_unclear": 0.0,
        "different_called_same": 0.0,
        "different_called_different": 0.5,
        "different_called_unclear": 0.5,
    }
    (line,) = lines
    assert line.startswith("part: unclear, not different (words: ")


def test_posts_are_compared_with_their_claim_and_the_nearest_other_one(tmp_path: Path) -> None:
    (tmp_path / "vclaims").mkdir()
    for id, text in (
        ("mill", "The mill in Kelm closed."),
        ("inn", "The mill in Kelm will never close."),
        ("far", "Bees cannot see red."),
    ):
        row = {"vclaim_id": id, "vclaim": text}
        (tmp_path / "vclaims" / f"{id}.json").write_text(json.dumps(row), encoding="utf-8")
    (tmp_path / "qrels-dev.tsv").write_text("t1\t0\tmill\t1\n", encoding="utf-8")
    (tmp_path / "tweets-dev.tsv").write_text("t1\tThe mill in Kelm closed #kelm\n", encoding="utf-8")
    found = run(tmp_path)
    assert found.n == 2
    assert found.metrics["same_called_same"] == 1.0
    assert found.metrics["different_called_different"] == 1.0


def test_other_layouts_are_named(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("tense\tmaybe\tone\tother\n", encoding="utf-8")
    with pytest.raises(BadData, match="line 1"):
        run(path)
    with pytest.raises(BadData, match="needs qrels"):
        run(tmp_path)
