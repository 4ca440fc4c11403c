"""What is learned from labelled sentences, and what is refused."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from claims.splitting.checkable import classes as checkable
from claims.splitting.checkable import labelled as worth_sentences
from claims.splitting.checkable import training as worth_training
from claims.splitting.checkable import worthiness as checkworthiness
from claims.splitting.checkable.labelled import BadSentences, read_sentences, read_units
from claims.splitting.checkable.training import (
    Sparse,
    TrainingRow,
    average_precision,
    best_threshold,
    folds,
    train,
)
from claims.vocabulary import Attribution, Checkable


def test_our_own_sentences_are_at_least_fifteen_hundred_of_both_labels_and_no_two_alike() -> None:
    sentences = read_sentences(worth_sentences.SENTENCES)
    assert len(sentences) >= 1500
    assert 0.35 < sum(sentence.worthy for sentence in sentences) / len(sentences) < 0.6
    assert len({sentence.text.lower() for sentence in sentences}) == len(sentences)


def test_our_own_units_cover_all_three_answers() -> None:
    units = read_units()
    assert len(units) >= 300
    assert {check for check, _, _, _ in units} == set(Checkable)
    assert {attribution for _, attribution, _, _ in units} == set(Attribution)


def test_the_command_learns_the_shipped_weights_from_the_shipped_sentences(tmp_path: Path) -> None:
    call_command("train_worthiness", output=tmp_path, stderr=StringIO())
    for kept in (checkworthiness.SHIPPED, checkable.SHIPPED):
        now = json.loads((tmp_path / kept.name).read_text(encoding="utf-8"))
        then = json.loads(kept.read_text(encoding="utf-8"))
        names = now["weights"].keys() | then["weights"].keys()
        assert (
            max(abs(now["weights"].get(name, 0.0) - then["weights"].get(name, 0.0)) for name in names) < 0.02
        )
        assert now["bias"] == pytest.approx(then["bias"], abs=0.02)


def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    bad = tmp_path / "sentences.tsv"
    bad.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(CommandError, match="does not begin with"):
        call_command("train_worthiness", sentences=bad, output=tmp_path)


def test_training_needs_both_labels() -> None:
    with pytest.raises(ValueError, match="deserve checking"):
        train([TrainingRow(("Yes", "."), ("UH", "."), True)] * 10)


def test_training_follows_the_labels_it_is_given() -> None:
    past = TrainingRow(("They", "closed", "it", "."), ("PRP", "VBD", "PRP", "."), True)
    plan = TrainingRow(("They", "will", "close", "it", "."), ("PRP", "MD", "VB", "PRP", "."), False)
    model = train([past, plan] * 20, penalty=1.0)
    turned = train(
        [TrainingRow(row.words, row.xpos, not row.worthy) for row in [past, plan] * 20], penalty=1.0
    )
    assert model.weights["past"] > 0 > model.weights["modal"]
    assert turned.weights["past"] < 0 < turned.weights["modal"]


def test_editors_rows_can_weigh_more() -> None:
    yes = TrainingRow(("He", "left", "."), ("PRP", "VBD", "."), True, weight=5.0)
    no = TrainingRow(("He", "left", "."), ("PRP", "VBD", "."), False)
    model = train([yes, no] * 10)
    assert checkworthiness.score(yes.words, yes.xpos, model) > 0.7


def test_length_is_not_learned_from_hand_written_sentences() -> None:
    assert not [
        name for name in checkworthiness.shipped().weights if name.startswith("len_") or name == "log_length"
    ]


def test_neighbours_stay_on_one_side_of_a_fold() -> None:
    groups = ["a"] * 5 + ["b"] * 3 + ["c"] * 2 + ["d"] * 5
    placed = folds(groups, 3)
    assert all(
        len({placed[row] for row in range(len(groups)) if groups[row] == group}) == 1 for group in "abcd"
    )
    assert len(set(placed.tolist())) == 3


def test_the_threshold_is_the_one_with_the_best_f1() -> None:
    threshold, best = best_threshold(np.array([0.9, 0.8, 0.4, 0.2]), np.array([1.0, 0.0, 1.0, 0.0]))
    assert 0.2 < threshold < 0.4
    assert best == pytest.approx(0.8)


def test_average_precision_is_the_mean_of_precision_at_each_hit() -> None:
    assert average_precision([0.9, 0.8, 0.7], [True, False, True]) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([0.5], [False]) == 0.0


def test_a_sparse_matrix_multiplies_like_a_dense_one() -> None:
    sparse = Sparse(np.array([0, 2, 1]), np.array([2.0, 1.0, 3.0]), np.array([0, 2, 2, 3]), 3)
    dense = np.array([[2.0, 0, 1], [0, 0, 0], [0, 3, 0]])
    weights = np.array([1.0, 10, 100])
    assert sparse.dot(weights).tolist() == (dense @ weights).tolist()
    assert sparse.transposed_dot(weights).tolist() == (dense.T @ weights).tolist()
    swapped = sparse.take(np.array([2, 0]))
    assert swapped.dot(weights).tolist() == (dense[[2, 0]] @ weights).tolist()


def test_the_minimum_of_a_known_function_is_found() -> None:
    target = np.array([3.0, -2.0, 0.5])
    curvature = np.array([1.0, 10.0, 100.0])

    def slope(point: worth_training.Floats) -> tuple[float, worth_training.Floats]:
        away = point - target
        return float((curvature * away**2).sum()), 2 * curvature * away

    assert worth_training.minimise(slope, np.zeros(3)) == pytest.approx(target, abs=1e-3)


@pytest.mark.parametrize(
    "table",
    [
        "label\tsentence\nYes\tHe left.\n",
        "label\ttype\tkind\tsentence\nMaybe\tevent\tdebate\tHe left.\n",
        "label\ttype\tkind\tsentence\nYes\tgossip\tdebate\tHe left.\n",
        "label\ttype\tkind\tsentence\nYes\tevent\tdebate\t \n",
    ],
)
def test_rows_in_another_layout_are_refused(tmp_path: Path, table: str) -> None:
    path = tmp_path / "sentences.tsv"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(BadSentences):
        read_sentences(path)


def test_the_shipped_checkability_is_small() -> None:
    assert checkable.SHIPPED.stat().st_size < 30_000
