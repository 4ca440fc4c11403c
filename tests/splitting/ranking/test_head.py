"""Which claims of an article come first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from claims.splitting import split
from claims.splitting.ranking import learning
from claims.splitting.ranking.circumstances import RankCase, WholeArticle, around, circumstances, stems
from claims.splitting.ranking.head import EditorRanker, shipped
from claims.splitting.types import Unit

STORY = """Council hid cost of flood barrier, audit finds

The council of Redport concealed that its flood barrier cost 42 million euros, the state auditor said on Tuesday.

The barrier was to cost 18 million euros when it was approved in 2016.

The report runs to 90 pages. Redport lies on the coast. Rain fell on Tuesday morning.

"I am very sad today," said mayor Ilse Brandt. Her office opens at nine.

Three contractors were paid twice for the same work, the auditor said.
"""


def scores(text: str, **options: object) -> dict[str, float]:
    return {unit.text: unit.score for unit in split(text, published="2024-05-06", **options).units}  # type: ignore[arg-type]


def score_of(found: dict[str, float], part: str) -> float:
    return max(score for text, score in found.items() if part in text)


@pytest.mark.parametrize("fast", [False, True], ids=["with vectors", "by words"])
def test_what_the_article_is_about_comes_before_background_and_colour(fast: bool) -> None:
    found = scores(STORY, judge=None) if fast else scores(STORY)
    assert all(0 <= score <= 1 for score in found.values())
    for news in ("cost 42 million", "paid twice"):
        for colour in ("Rain fell", "Redport lies", "very sad"):
            assert score_of(found, news) > score_of(found, colour), (news, colour, found)


def test_a_sentence_ranks_by_its_article_too() -> None:
    sentence = "Three contractors were paid twice for the same work."
    inside = scores(f"Three contractors paid twice for work\n\n{sentence} The town is small.", judge=None)
    beside = scores(f"Harbour festival opens\n\n{sentence} The town is small.", judge=None)
    assert score_of(inside, "paid twice") != score_of(beside, "paid twice")


def test_no_digit_of_a_score_hangs_on_how_a_process_orders_its_sets() -> None:
    folder = Path(__file__).parents[1] / "claim_units"
    told = [
        subprocess.run(
            [sys.executable, "-c", _SCORES, *(folder / f"{number}.txt" for number in (21, 22, 23, 24))],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "77")
    ]
    assert len(json.loads(told[0])) > 50
    assert told[0] == told[1]


_SCORES = """
import json, sys, pathlib
from claims.splitting import split
text = "\\n\\n".join(pathlib.Path(name).read_text(encoding="utf-8") for name in sys.argv[1:])
print(json.dumps([unit.score for unit in split(text, judge=None).units]))
"""


def unit(start: int, end: int, number: int, **columns: object) -> Unit:
    (found,) = split("The plant employs 300 people.", judge=None).units
    return replace(found, id=number, start=start, end=end, **columns)  # type: ignore[arg-type]


def case(one: Unit) -> RankCase:
    from claims.language.parser import tag
    from claims.language.tokens import tokenize
    from claims.splitting.checkable import features as worth_features

    words = [token.norm for token in tokenize(one.text)]
    tags = tag([words])[0].xpos
    return RankCase(one, words, tags, worth_features.read(words, tags))


def test_of_two_units_over_each_other_the_lower_one_is_lowered() -> None:
    article = WholeArticle.of("The plant employs 300 people.", [(0, 29)])
    apart = [case(unit(0, 29, 1)), case(unit(40, 69, 2, negated=True))]
    over = [case(unit(0, 29, 1)), case(unit(5, 34, 2, negated=True))]
    first, second = shipped().rank(apart, article, vectors=False)
    again, lowered = shipped().rank(over, article, vectors=False)
    low = min((first.score, second.score))
    assert max(again.score, lowered.score) == max(first.score, second.score)
    assert min(again.score, lowered.score) < low - 0.05
    worse = again if again.score < lowered.score else lowered
    assert any(reason.feature == "beside-better" for reason in worse.reasons)


def test_what_nobody_can_check_holds_no_other_back() -> None:
    from claims.vocabulary import Checkable

    article = WholeArticle.of("The plant employs 300 people.", [(0, 29)])
    alone = shipped().rank([case(unit(5, 34, 2))], article, vectors=False)[0].score
    pair = [case(unit(0, 29, 1, checkable=Checkable.NO)), case(unit(5, 34, 2))]
    assert shipped().rank(pair, article, vectors=False)[1].score == alone


def test_no_unit_no_score() -> None:
    assert shipped().rank([], WholeArticle.of("", []), vectors=True) == []


def test_telling_words_are_compared_by_their_stem() -> None:
    assert stems("The voters voted on 12 votes") == {"voter", "voted", "12", "votes"}
    article = WholeArticle.of("Council hid cost\nThe council hid it.", [(17, 36)])
    assert article.headline == {"counc", "hid", "cost"}


def test_circumstances_tell_how_a_unit_lies_to_others() -> None:
    from claims.splitting.checkable import worthiness

    article = WholeArticle.of("The plant employs 300 people.", [(0, 29)])
    outer, inner = case(unit(0, 29, 1)), case(unit(10, 20, 2, within=1))
    lies = around([outer, inner])
    found = circumstances(inner, article, lies[2], worthiness.shipped())
    assert found["inside another"] == 1
    assert found["share of the other"] == pytest.approx(10 / 29)
    assert "inside another" not in circumstances(outer, article, lies[1], worthiness.shipped())
    assert circumstances(outer, article, lies[1], worthiness.shipped())["holds another"] == 1


def lessons(count: int = 40) -> list[learning.RankLesson]:
    rng = np.random.default_rng(3)
    return [
        learning.RankLesson(
            {"a figure": float(number % 2), "length": 2.0},
            rng.normal(size=4),
            number % 2 == 1,
            f"d{number % 9}",
        )
        for number in range(count)
    ]


def test_what_was_learned_reads_back_and_ranks_what_was_taken_higher(tmp_path: Path) -> None:
    path = tmp_path / "ranking.json"
    learned = learning.learn(lessons())
    learning.write(learned, path)
    read = EditorRanker.load(path)
    assert read.plain.odds({"a figure": 1.0, "length": 2.0}) > 0 > read.plain.odds({"length": 2.0})
    assert read.plain.odds({"a figure": 1.0}) == pytest.approx(
        learned.plain.odds({"a figure": 1.0}), abs=1e-4
    )
    assert len(read.full.vector) == 4


def test_nothing_is_learned_where_all_say_the_same() -> None:
    with pytest.raises(ValueError, match="taken"):
        learning.learn([replace(one, taken=True) for one in lessons()])


def test_each_document_is_ranked_by_one_that_saw_none_of_it() -> None:
    rows = lessons()
    rankers = learning.by_fold(rows)
    assert set(rankers) == {row.document for row in rows}
    assert len({id(ranker) for ranker in rankers.values()}) == 8


def test_the_shipped_weights_are_small() -> None:
    from claims.splitting.ranking.head import SHIPPED

    assert SHIPPED.stat().st_size < 30_000
    assert len(shipped().full.vector) == 384
