"""Pairs of articles within a story are scored, and no story by weights it taught."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claims.evaluation import origins
from claims.evaluation.origins import Article, Story, scores
from claims.evaluation.types import BadData
from tests.independence.stories import AGENCY, COPY_WITH_NEW_HEAD, UNRELATED
from tests.shared_data import shared_path


def story(*groups: str, unsure: str = "") -> Story:
    return Story(
        "S",
        tuple(Article(str(n), f"text {n}", name, str(n) not in unsure) for n, name in enumerate(groups)),
    )


def test_precision_and_recall_count_pairs_within_a_story() -> None:
    made = scores([(story("A", "A", "A", "B"), [("0", "1"), ("2", "3")])])
    assert made["precision"] == 0.5
    assert made["recall"] == pytest.approx(1 / 3)
    assert made["b3_precision"] == pytest.approx(0.75)
    assert made["b3_recall"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)


def test_unsure_articles_are_not_scored() -> None:
    made = scores([(story("A", "A", "B", unsure="2"), [("0", "1", "2")])])
    assert made["precision"] == made["recall"] == 1.0


def folder(root: Path) -> Path:
    for number in range(3):
        place = root / f"S{number}"
        place.mkdir(parents=True)
        texts = {"01.txt": AGENCY, "02.txt": COPY_WITH_NEW_HEAD, "03.txt": UNRELATED}
        for name, text in texts.items():
            (place / name).write_text(text.replace("Ostra", f"Ostra{number}"), encoding="utf-8")
        rows = [
            {"file": name, "group": label, "confidence": "high"}
            for name, label in (("01.txt", "A"), ("02.txt", "A"), ("03.txt", "B"))
        ]
        (place / "groups.json").write_text(json.dumps({"articles": rows}), encoding="utf-8")
    return root


def test_a_set_is_read_and_scored(tmp_path: Path) -> None:
    made = origins.run(folder(tmp_path))
    assert made.n == 9
    assert made.metrics["precision"] == made.metrics["recall"] == 1.0


def test_a_learned_story_is_judged_by_what_the_others_teach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = origins.read(folder(tmp_path))
    taught: list[set[str]] = []
    learn = origins.learn

    def noted(tables, beside=()):  # type: ignore[no-untyped-def]
        taught.append({one.story.name for one in tables})
        return learn(tables, beside)

    monkeypatch.setattr(origins, "learn", noted)
    shipped = origins.shipped()
    known = type(shipped)(shipped.weights, shipped.bias, shipped.threshold, frozenset({stories[1].digest}))
    monkeypatch.setattr(origins, "shipped", lambda: known)
    origins.run(tmp_path)
    assert taught == [{"S0", "S2"}]


def test_a_folder_without_stories_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"groups\.json"):
        origins.run(tmp_path)


@pytest.mark.shared
def test_rewrites_of_real_news_are_joined() -> None:
    made = origins.run(shared_path("data/origins-dev")).metrics
    assert made["precision"] >= 0.92
    assert made["recall"] >= 0.70
    assert made["rules_recall"] < 0.4
