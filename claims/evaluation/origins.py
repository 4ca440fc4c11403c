"""How well are articles joined that rest on one report? Reads a folder per story with its ``groups.json``.

Scored are pairs of articles within a story: right when both lie in one group of the labels and in one of the
product. Articles whose label is unsure are grouped with the others and not scored. A story the shipped weights were
learned from is never judged by them: it is grouped by a model learned from the other stories of the set.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from claims.evaluation.types import BadData, Evaluation
from claims.independence.joining import Model, join_closest, shipped
from claims.independence.origins import Text, group, may_be_rewrites
from claims.independence.pairs import sign_names, signs, traits
from claims.splitting.logistic import fit

#: The penalty: a few hundred pairs of fifteen stories carry no more.
_STRENGTH = 0.02
#: The least share of joins that must be right, for which the threshold is chosen.
_PRECISION = 0.95
#: The sample desk: neighbouring reports on one subject, which a story of newspapers does not hold.
SAMPLE = Path(__file__).resolve().parents[1] / "management" / "sample"
#: So much a story of the sample desk counts against one of newspapers: it is invented.
_BESIDE = 0.5
_THRESHOLDS = tuple(round(0.2 + step / 50, 2) for step in range(30))


@dataclass(frozen=True, slots=True)
class Article:
    """One labelled article; ``sure`` is False where the labels say so."""

    key: str
    text: str
    group: str
    sure: bool
    outlet: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    name: str
    articles: tuple[Article, ...]

    @property
    def digest(self) -> str:
        """Return by what a story is known again, whatever its folder is called."""
        return sha256("\x00".join(sorted(one.text for one in self.articles)).encode()).hexdigest()[:16]


def read(folder: Path) -> list[Story]:
    """Read the stories of a folder; raises BadData where there is none or a label lacks its text."""
    found = []
    for path in sorted(folder.glob("*/groups.json")) or sorted(folder.glob("groups.json")):
        try:
            row = json.loads(path.read_text(encoding="utf-8"))
            articles = tuple(
                Article(
                    key=one["file"],
                    text=(path.parent / one["file"]).read_text(encoding="utf-8"),
                    group=one["group"],
                    sure=one.get("confidence") != "low",
                    outlet=one.get("outlet") or "",
                    published=one.get("published") or "",
                )
                for one in row["articles"]
            )
        except (KeyError, TypeError, FileNotFoundError) as error:
            raise BadData(f"{path} does not hold articles with file and group") from error
        found.append(Story(path.parent.name, articles))
    if not found and (folder / "origins.json").exists():
        found = _sample(folder)
    if not found:
        raise BadData(f"{folder} holds no folder with a groups.json")
    return found


def _sample(folder: Path) -> list[Story]:
    """Read the stories of a sample desk: labels in one file, articles with a head."""
    labels = json.loads((folder / "origins.json").read_text(encoding="utf-8"))["stories"]
    found = []
    for story, groups in labels.items():
        articles = []
        for name, label in groups.items():
            path = folder / "stories" / story / f"{name}.md"
            head, _, text = path.read_text(encoding="utf-8").partition("\n\n")
            given = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
            articles.append(
                Article(name, text, label or name, bool(label), given["outlet"], given["published"])
            )
        found.append(Story(story, tuple(articles)))
    return found


def taught_beside() -> list[PairTable]:
    """Return the sample desk as it teaches: every pair on one subject, whatever its dates are."""
    stories = read(SAMPLE)
    return [
        table(
            replace(
                story,
                articles=tuple(replace(one, outlet="", published="") for one in story.articles),
            )
        )
        for story in stories
    ]


def run(data: Path, *, train: Path | None = None, details: Callable[[str], Any] | None = None) -> Evaluation:
    """Group each story by itself and compare with its labels."""
    begin = time.perf_counter()
    stories = read(data)
    pool = read(train) if train is not None else stories
    metrics: dict[str, float] = {}
    tables = {story.digest: table(story) for story in {*stories, *pool}}
    beside = taught_beside()
    grouped = []
    for story in stories:
        model = shipped()
        if train is not None or story.digest in model.learned:
            model = learn([tables[one.digest] for one in pool if one.digest != story.digest], beside)
        grouped.append((story, groups_of(story, model)))
    rules = replace(shipped(), threshold=2.0)
    metrics |= scores(grouped)
    metrics |= {
        f"rules_{name}": value
        for name, value in scores([(story, groups_of(story, rules)) for story in stories]).items()
        if name in ("precision", "recall")
    }
    if details is not None:
        for story, made in grouped:
            one = scores([(story, made)])
            details(f"{story.name}: precision {one['precision']:.2f}, recall {one['recall']:.2f}; {made}")
    n = sum(len(list(combinations([a for a in story.articles if a.sure], 2))) for story in stories)
    return Evaluation("origins", str(data), n, metrics, time.perf_counter() - begin)


def groups_of(story: Story, model: Model) -> list[tuple[str, ...]]:
    """Return the groups the product makes of a story's articles."""
    return [one.keys for one in group(_texts(story), model=model).groups]


def _texts(story: Story) -> list[Text]:
    return [Text(one.key, one.text, one.outlet, published=one.published) for one in story.articles]


def scores(grouped: Sequence[tuple[Story, Sequence[Sequence[str]]]]) -> dict[str, float]:
    """Return precision, recall and F1 over pairs within stories, and B-cubed over articles."""
    count: Counter[str] = Counter()
    cubed: dict[str, list[float]] = defaultdict(list)
    for story, groups in grouped:
        place = {key: number for number, keys in enumerate(groups) for key in keys}
        sure = [one for one in story.articles if one.sure]
        for a, b in combinations(sure, 2):
            count[f"{a.group == b.group}{place[a.key] == place[b.key]}"] += 1
        for one in sure:
            ours = {b.key for b in sure if place[b.key] == place[one.key]}
            theirs = {b.key for b in sure if b.group == one.group}
            cubed["precision"].append(len(ours & theirs) / len(ours))
            cubed["recall"].append(len(ours & theirs) / len(theirs))
    right = count["TrueTrue"]
    precision = right / max(1, right + count["FalseTrue"])
    recall = right / max(1, right + count["TrueFalse"])
    b_precision, b_recall = (sum(cubed[name]) / max(1, len(cubed[name])) for name in ("precision", "recall"))
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
        "b3_precision": b_precision,
        "b3_recall": b_recall,
        "b3_f1": 2 * b_precision * b_recall / max(1e-9, b_precision + b_recall),
    }


# --- learning ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PairTable:
    """The pairs of one story: signs, whether they share a group, whether both labels are sure."""

    story: Story
    places: tuple[tuple[int, int], ...]
    rows: np.ndarray[Any, np.dtype[np.float64]]
    same: np.ndarray[Any, np.dtype[np.float64]]
    sure: np.ndarray[Any, np.dtype[np.bool_]]
    subject: np.ndarray[Any, np.dtype[np.bool_]]


def table(story: Story) -> PairTable:
    """Compare every pair of a story's articles."""
    read_ = [traits(one.text) for one in story.articles]
    places = tuple(combinations(range(len(read_)), 2))
    articles = story.articles
    texts = _texts(story)
    return PairTable(
        story,
        places,
        np.array([signs(read_[a], read_[b]).row() for a, b in places]).reshape(-1, len(sign_names())),
        np.array([float(articles[a].group == articles[b].group) for a, b in places]),
        np.array([articles[a].sure and articles[b].sure for a, b in places], dtype=bool),
        np.array([may_be_rewrites(texts[a], texts[b]) for a, b in places], dtype=bool),
    )


def learn(tables: Sequence[PairTable], beside: Sequence[PairTable] = ()) -> Model:
    """Learn weights and threshold; the threshold on chances that no story had a part in.

    A story counts by the root of its pairs, so that a long one does not decide alone. ``beside`` are stories that
    teach the weights and have no say in the threshold.
    """
    weights, bias = _weights(tables, beside)
    # What each story would be given by a model of the others.
    chances = []
    for left_out in tables:
        others = [one for one in tables if one is not left_out]
        w, b = _weights(others, beside) if others else (weights, bias)
        chances.append(_chances(left_out, w, b))
    best = (0.0, _THRESHOLDS[-1])
    for threshold in _THRESHOLDS:
        grouped = [
            (one.story, _linked(one, found, threshold)) for one, found in zip(tables, chances, strict=True)
        ]
        made = scores(grouped)
        if made["precision"] >= _PRECISION and made["recall"] > best[0]:
            best = (made["recall"], threshold)
    return Model(
        tuple(float(one) for one in weights), bias, best[1], frozenset(one.story.digest for one in tables)
    )


def _weights(
    tables: Sequence[PairTable], beside: Sequence[PairTable] = ()
) -> tuple[np.ndarray[Any, np.dtype[np.float64]], float]:
    rows, same, share = [], [], []
    for one, part in [*((one, 1.0) for one in tables), *((one, _BESIDE) for one in beside)]:
        which = one.sure & one.subject
        if count := int(which.sum()):
            rows.append(one.rows[which])
            same.append(one.same[which])
            share.append(np.full(count, part * count**-0.5))
    weight = np.concatenate(share)
    made = fit(np.concatenate(rows), np.concatenate(same), strength=_STRENGTH, weight=weight / weight.mean())
    return made.weights, made.bias


def _chances(
    one: PairTable, weights: np.ndarray[Any, np.dtype[np.float64]], bias: float
) -> np.ndarray[Any, np.dtype[np.float64]]:
    made = 1 / (1 + np.exp(-(one.rows @ weights + bias)))
    return np.asarray(np.where(one.subject, made, 0.0))


def _linked(
    one: PairTable, found: np.ndarray[Any, np.dtype[np.float64]], threshold: float
) -> list[tuple[str, ...]]:
    by_pair = {place: float(value) for place, value in zip(one.places, found, strict=True)}

    def chance(a: int, b: int) -> float:
        return by_pair[min(a, b), max(a, b)]

    groups = join_closest([[at] for at in range(len(one.story.articles))], chance, threshold=threshold)
    return [tuple(one.story.articles[at].key for at in members) for members in groups]
