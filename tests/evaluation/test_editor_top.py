"""What is counted of an article's top five."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from claims.evaluation import editor_top
from claims.evaluation.editor_top import JudgedStretch, RankedArticle, figures_of, summed, taken_of
from claims.evaluation.types import BadData
from claims.splitting import split
from claims.splitting.types import Unit
from claims.vocabulary import Checkable

TEXT = (
    "Ferry fares double\n\nThe port raised its fares by 40 percent. Rain fell. The mayor denied it on Monday."
)


def unit(start: int, end: int, **columns: object) -> Unit:
    (found,) = split("The plant employs 300 people.", judge=None).units
    return replace(found, id=start + 1, start=start, end=end, **columns)  # type: ignore[arg-type]


def article(*rows: tuple[Unit, bool]) -> RankedArticle:
    import numpy as np

    from claims.splitting.checkable import features as worth_features
    from claims.splitting.ranking.circumstances import RankCase, WholeArticle

    cases = tuple(
        RankCase(one, ["It"], ["PRP"], worth_features.read(["It"], ["PRP"])) for one, _taken in rows
    )
    taken = tuple(taken for _one, taken in rows)
    return RankedArticle("one", cases, WholeArticle.of("It", []), np.zeros((len(rows), 384)), taken)


def a_list(folder: Path, *, judged: str = "", sets: str = "") -> Path:
    (folder / "texts").mkdir()
    (folder / "texts" / "01.txt").write_text(TEXT, encoding="utf-8")
    (folder / "texts" / "01.json").write_text(json.dumps([]), encoding="utf-8")
    start = TEXT.index("The port")
    rows = judged or f"article\tstart\tend\ttaken\n01\t{start}\t{start + 40}\tyes\n01\t62\t72\tno\n"
    (folder / "judged.tsv").write_text(rows, encoding="utf-8")
    listed = sets or "name\tfolder\tjudged\tonly\tlearned\nmine\ttexts\tjudged.tsv\t\t\n"
    (folder / "sets.tsv").write_text(listed, encoding="utf-8")
    return folder / "sets.tsv"


def test_a_unit_has_the_judgement_of_the_stretch_it_is_most_like() -> None:
    judged = [JudgedStretch(0, 40, False), JudgedStretch(10, 40, True)]
    assert taken_of(unit(10, 41), judged) is True
    assert taken_of(unit(0, 39), judged) is False
    assert taken_of(unit(50, 60), judged) is None
    assert taken_of(unit(38, 80), judged) is None


def test_only_the_five_highest_count() -> None:
    rows = [(unit(10 * at, 10 * at + 9), at >= 4) for at in range(8)]
    found = figures_of(article(*rows), [1 - at / 10 for at in range(8)])
    assert (found.taken, found.reachable, found.listed) == (1, 4, 5)


def test_what_tells_nothing_new_counts_as_not_taken() -> None:
    rows = [(unit(0, 40), True), (unit(2, 40), True), (unit(60, 80), True)]
    assert figures_of(article(*rows), [0.9, 0.8, 0.7]).taken == 2


def test_what_the_page_folds_away_is_not_among_the_five() -> None:
    rows = [
        (unit(0, 9, checkable=Checkable.NO), True),
        (unit(10, 19, repeats=1), True),
        (unit(20, 29), True),
    ]
    found = figures_of(article(*rows), [0.9, 0.8, 0.7])
    assert (found.taken, found.reachable, found.listed) == (1, 1, 1)


def test_figures_of_articles_are_added_before_they_are_divided() -> None:
    one = editor_top.TopFigures(1, 1, 2, 1.0)
    other = editor_top.TopFigures(3, 4, 5, 0.5)
    assert summed([one, other]) == {"top": pytest.approx(4 / 7), "of_reachable": 0.8, "ap": 0.75}


def test_a_list_of_sets_is_read_ranked_and_counted(tmp_path: Path) -> None:
    lines: list[str] = []
    found = editor_top.run(a_list(tmp_path), details=lines.append)
    assert (found.task, found.n) == ("editor-top", 1)
    assert found.metrics["mine_words_of_reachable"] == 1.0
    assert set(found.metrics) == {
        f"mine_{order}_{figure}"
        for order in ("sentence", "words", "vectors")
        for figure in ("top", "of_reachable", "ap")
    }
    assert lines[0].startswith("mine 01: ")


@pytest.mark.parametrize(
    ("judged", "sets", "said"),
    [
        ("article\tstart\tend\ttaken\n01\t1\t9\tperhaps\n", "", "yes or no"),
        ("article\tstart\tend\ttaken\n01\tone\t9\tyes\n", "", "yes or no"),
        ("article\tfrom\n01\t1\n", "", "start"),
        ("", "name\tfolder\n", "no rows"),
        ("", "name\tfolder\tjudged\nmine\ttexts\tnone.tsv\n", "not there"),
    ],
)
def test_another_layout_is_refused_in_a_sentence(tmp_path: Path, judged: str, sets: str, said: str) -> None:
    with pytest.raises(BadData, match=said):
        editor_top.run(a_list(tmp_path, judged=judged, sets=sets))


def test_a_set_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="no set called other"):
        editor_top.run(a_list(tmp_path), only="other")


def test_a_training_split_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="train_ranking"):
        editor_top.run(a_list(tmp_path), train=tmp_path)


def test_the_shipped_judgements_cover_the_articles_they_name() -> None:
    here = Path(editor_top.__file__).parents[2] / "tests" / "evaluation" / "editor_top"
    for name, articles in (("own", 27), ("aside", 15), ("wikinews", 19), ("newspapers", 9)):
        judged = editor_top.read_judged(here / f"{name}.tsv")
        assert len(judged) == articles
        assert (
            0.15
            < sum(one.taken for rows in judged.values() for one in rows) / sum(map(len, judged.values()))
            < 0.5
        )
