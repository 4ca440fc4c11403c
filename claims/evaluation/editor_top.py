"""Would an editor take what stands at the top of an article's list?

Reads a list of sets (tab-separated: ``name``, ``folder`` and ``judged``, from the list's own place; ``only`` where only
some articles count; ``learned`` is ``yes`` where the shipped ranker learned from the set). ``folder`` is laid out as
``claim_units`` reads it; ``judged`` holds ``article, start, end, taken`` (``yes`` or ``no``) for every unit an editor
judged. A set that was learned from is ranked out of fold: each article by a ranker that saw none of it.

What is counted. A unit has the judgement of the judged stretch it shares most characters with (F1 of 0.6 or more);
without one it was not taken. The five are the units with the highest scores, those that nobody can check and what
repeats another left out, as on the page; a unit half of which lies over a higher one tells nothing new and counts as
not taken. ``of_reachable`` is the share of what any order could have: some articles hold fewer than five.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from claims.evaluation.claim_units import AnnotatedArticle, read_articles
from claims.evaluation.types import BadData, Evaluation
from claims.language.encoder import WIDTH
from claims.language.encoder import shipped as encoder
from claims.splitting import split
from claims.splitting.checkable import worthiness
from claims.splitting.checkable.training import average_precision
from claims.splitting.checkable.worthiness import Worth, logistic
from claims.splitting.logistic import Array
from claims.splitting.ranking import learning
from claims.splitting.ranking.circumstances import RankCase, WholeArticle, around, circumstances
from claims.splitting.ranking.head import EditorRanker, shipped
from claims.splitting.types import Unit
from claims.vocabulary import Checkable

TASK = "editor-top"
FIVE = 5
SAME_FROM = 0.6
OVER = 0.5
_COLUMNS = {"article", "start", "end", "taken"}


@dataclass(frozen=True, slots=True)
class JudgedStretch:
    """A stretch of an article and whether an editor took it."""

    start: int
    end: int
    taken: bool


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """One row of the list, read: its articles with their judged stretches."""

    name: str
    learned: bool
    articles: tuple[AnnotatedArticle, ...]
    judged: Mapping[str, Sequence[JudgedStretch]]


@dataclass(frozen=True, slots=True)
class RankedArticle:
    """An article split: what the ranker is asked, and what an editor said of each unit."""

    name: str
    cases: tuple[RankCase, ...]
    words: WholeArticle
    vectors: Array
    taken: tuple[bool, ...]

    def lessons(self) -> list[learning.RankLesson]:
        """Return what the article teaches: its checkable units."""
        lies = around(self.cases)
        worth = worthiness.shipped()
        return [
            learning.RankLesson(
                circumstances(case, self.words, lies[case.unit.id], worth), vector, taken, self.name
            )
            for case, vector, taken in zip(self.cases, self.vectors, self.taken, strict=True)
            if case.unit.checkable is not Checkable.NO
        ]


@dataclass(frozen=True, slots=True)
class TopFigures:
    """What is counted of one article: taken among the five, how many could be, how many stand there, precision."""

    taken: int
    reachable: int
    listed: int
    precision: float


def read_sets(path: Path) -> list[JudgedSet]:
    """Read a list of judged sets; raises BadData for another layout."""
    rows = _rows(path, {"name", "folder", "judged"})
    found = []
    for row in rows:
        folder, judged = path.parent / row["folder"], path.parent / row["judged"]
        if not judged.is_file():
            raise BadData(f"{path} names {judged}, which is not there")
        articles = read_articles(folder, only=row.get("only") or None)
        found.append(
            JudgedSet(row["name"], row.get("learned") == "yes", tuple(articles), read_judged(judged))
        )
    return found


def read_judged(path: Path) -> dict[str, list[JudgedStretch]]:
    """Read the judgements of a set by article; raises BadData for another layout."""
    found: dict[str, list[JudgedStretch]] = {}
    for number, row in enumerate(_rows(path, _COLUMNS), start=2):
        if row["taken"] not in ("yes", "no") or not (row["start"].isdigit() and row["end"].isdigit()):
            raise BadData(f"{path}, row {number}: expected an article, start, end, and yes or no")
        found.setdefault(row["article"], []).append(
            JudgedStretch(int(row["start"]), int(row["end"]), row["taken"] == "yes")
        )
    return found


def _rows(path: Path, columns: set[str]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    if not rows or not columns <= set(rows[0]) or None in rows[0].values():
        raise BadData(f"{path} has no rows of {', '.join(sorted(columns))}")
    return rows


def taken_of(unit: Unit, judged: Iterable[JudgedStretch]) -> bool | None:
    """Return what the editor said of a unit; None where no judged stretch is much like it."""
    best, found = SAME_FROM, None
    for one in judged:
        shared = min(unit.end, one.end) - max(unit.start, one.start)
        likeness = 2 * shared / (unit.end - unit.start + one.end - one.start)
        if likeness >= best:
            best, found = likeness, one.taken
    return found


def ranked(
    article: AnnotatedArticle, judged: Sequence[JudgedStretch], *, fast: bool = False
) -> RankedArticle:
    """Split an article and keep what the ranker is asked; ``fast`` leaves the encoder out."""
    seen: list[tuple[Sequence[RankCase], WholeArticle]] = []

    def note(cases: Sequence[RankCase], words: WholeArticle) -> list[Worth]:
        seen.append((cases, words))
        return [Worth(0.0, ()) for _case in cases]

    if fast:
        found = split(article.text, published=article.published, judge=None, ranking=note)
    else:
        found = split(article.text, published=article.published, ranking=note)
    # Repeats are marked behind the ranking.
    units = {unit.id: unit for unit in found.units}
    cases, words = seen[0] if seen else ((), WholeArticle.of(article.text, ()))
    marked = tuple(
        RankCase(units[case.unit.id], case.words, case.xpos, case.features, case.low) for case in cases
    )
    texts = [case.unit.text for case in marked]
    vectors = np.zeros((len(texts), WIDTH)) if fast or not texts else encoder().for_heads(texts).astype(float)
    taken = tuple(bool(taken_of(case.unit, judged)) for case in marked)
    return RankedArticle(article.name, marked, words, vectors, taken)


def figures_of(article: RankedArticle, scores: Sequence[float]) -> TopFigures:
    """Count one article ranked by ``scores``, one for each of its cases."""
    rows = [
        (-score, case.unit.start, case.unit, taken)
        for case, score, taken in zip(article.cases, scores, article.taken, strict=True)
        if case.unit.checkable is not Checkable.NO and case.unit.repeats is None
    ]
    rows.sort(key=lambda row: row[:2])
    above: list[Unit] = []
    hits = 0
    for _score, _start, unit, taken in rows[:FIVE]:
        hits += taken and not any(_over(unit, other) for other in above)
        above.append(unit)
    labels = [row[3] for row in rows]
    precision = average_precision([-row[0] for row in rows], labels) if rows else 0.0
    return TopFigures(hits, min(FIVE, sum(labels)), min(FIVE, len(rows)), precision)


def _over(one: Unit, other: Unit) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared > OVER * min(one.end - one.start, other.end - other.start)


def summed(found: Sequence[TopFigures]) -> dict[str, float]:
    """Return the figures of several articles together."""
    taken = sum(one.taken for one in found)
    return {
        "top": taken / max(1, sum(one.listed for one in found)),
        "of_reachable": taken / max(1, sum(one.reachable for one in found)),
        "ap": sum(one.precision for one in found) / max(1, len(found)),
    }


Scorer = Callable[[RankedArticle], Sequence[float]]


def by_sentence(article: RankedArticle) -> list[float]:
    """Score each unit by its own sentence alone, as before there was a ranker."""
    model = worthiness.shipped()
    return [logistic(model.log_odds(case.features)) for case in article.cases]


def by_ranker(ranker: EditorRanker, *, vectors: bool) -> Scorer:
    """Score the units of an article together."""
    return lambda article: [one.score for one in ranker.rank(article.cases, article.words, vectors=vectors)]


def run(
    data: Path,
    *,
    train: Path | None = None,
    only: str | None = None,
    details: Callable[[str], None] | None = None,
) -> Evaluation:
    """Return, for each set, the share of the top five that an editor took, in three orders.

    By the sentence alone, by the ranker without and by the ranker with sentence vectors.
    """
    if train is not None:
        raise BadData("the ranker is learned by train_ranking; here it is learned by fold and only scored")
    began = time.monotonic()
    sets = [one for one in read_sets(data) if not only or one.name in only.split(",")]
    if not sets:
        raise BadData(f"{data} has no set called {only}")
    split_sets = {
        one.name: [ranked(article, one.judged.get(article.name, ())) for article in one.articles]
        for one in sets
    }
    lessons = [
        lesson
        for one in sets
        if one.learned
        for article in split_sets[one.name]
        for lesson in article.lessons()
    ]
    rankers = learning.by_fold(lessons) if lessons else {}
    metrics: dict[str, float] = {}
    for one in sets:
        found: dict[str, list[TopFigures]] = {"sentence": [], "words": [], "vectors": []}
        for article in split_sets[one.name]:
            ranker = rankers[article.name] if one.learned and article.name in rankers else shipped()
            counted = {
                "sentence": figures_of(article, by_sentence(article)),
                "words": figures_of(article, by_ranker(ranker, vectors=False)(article)),
                "vectors": figures_of(article, by_ranker(ranker, vectors=True)(article)),
            }
            for order, figures in counted.items():
                found[order].append(figures)
            if details is not None:
                line = ", ".join(f"{order} {figures.taken}" for order, figures in counted.items())
                details(f"{one.name} {article.name}: {line} of {counted['vectors'].reachable}")
        for order, counts in found.items():
            metrics |= {f"{one.name}_{order}_{key}": round(value, 4) for key, value in summed(counts).items()}
    articles = sum(len(found) for found in split_sets.values())
    return Evaluation(TASK, str(data), articles, metrics, round(time.monotonic() - began, 2))
