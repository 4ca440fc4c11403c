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


def test_what_is_offered_by_words_alone_and_with_meaning(tmp_path: Path) -> None:
    (tmp_path / "vclaims").mkdir()
    for id, text in (
        ("crime", "Crime in the capital fell sharply last year."),
        ("bread", "A bakery in the old town sells forty kinds of bread."),
        ("bees", "Bees cannot see red."),
    ):
        row = {"vclaim_id": id, "vclaim": text}
        (tmp_path / "vclaims" / f"{id}.json").write_text(json.dumps(row), encoding="utf-8")
    (tmp_path / "qrels-dev.tsv").write_text("t1\t0\tcrime\t1\nt2\t0\tbees\t1\n", encoding="utf-8")
    (tmp_path / "tweets-dev.tsv").write_text(
        "t1\tFar fewer offences were committed in the capital city over the past year.\n"
        "t2\tBees cannot see red\n",
        encoding="utf-8",
    )
    assert "words_offered" not in run(tmp_path).metrics
    found = run(tmp_path, semantic=True, size=3, cache=tmp_path / "kept").metrics
    assert (found["words_candidates"], found["words_offered"], found["words_rows"]) == (1.0, 0.5, 1)
    assert (found["meaning_candidates"], found["meaning_offered"], found["meaning_rows"]) == (1.0, 1.0, 2)
    assert (found["words_precision"], found["meaning_precision"]) == (1.0, 1.0)


def test_a_list_of_pairs_has_nothing_to_offer(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("part\tdifferent\tAdmissions of children rose.\tAdmissions rose.\n", encoding="utf-8")
    with pytest.raises(BadData, match="name the folder"):
        run(path, semantic=True)
