"""The evaluation of earlier checks by meaning: the same question, the best of its answer in another order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claims.evaluation.earlier_checks import run

CHECKS = {
    "a": "The fees of Port Lenna rose by two fifths, its harbour says.",
    "b": "The harbour authority of Lenna raised its flag, a mayor said.",
    "c": "Children pay half on the ferry to the islands.",
}


@pytest.fixture
def tweets(tmp_path: Path) -> Path:
    (tmp_path / "vclaims").mkdir()
    for id, words in CHECKS.items():
        row = {"vclaim_id": id, "vclaim": words, "title": "", "subtitle": ""}
        (tmp_path / "vclaims" / f"{id}.json").write_text(json.dumps(row), encoding="utf-8")
    asked = "1\tThe harbour authority of Port Lenna raised its fees by 40 percent\n"
    (tmp_path / "tweets.tsv").write_text(asked, encoding="utf-8")
    (tmp_path / "qrels-dev.tsv").write_text("1\t0\ta\t1\n", encoding="utf-8")
    return tmp_path


def test_meaning_brings_up_what_says_the_same(tweets: Path) -> None:
    words, meaning = run(tweets), run(tweets, semantic=True)
    assert words.metrics["r20"] == meaning.metrics["r20"] == 1.0
    assert words.metrics["map5"] == 0.5
    assert meaning.metrics["map5"] == 1.0
