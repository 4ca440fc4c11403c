"""How likely would an editor spend an hour on a unit of this article? One score for page, interface, admin and command.

Two additive models over the named ``circumstances``: one with the unit's sentence vector (layer 4 of the encoder), one
without it, for bulk imports (``--fast``). The score is the logistic function of the sum; of two units over each
other the lower one is lowered, so that the first five of an article are five things. Weights, data and figures:
``data/ranking.md``. It decides nothing: the order of the list is advice.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claims.splitting.checkable import worthiness
from claims.splitting.checkable.worthiness import Worth, logistic
from claims.splitting.ranking import reasons
from claims.splitting.ranking.circumstances import RankCase, WholeArticle, around, circumstances
from claims.splitting.ranking.phrases import phrases
from claims.splitting.types import Reason
from claims.splitting.word_lists import DATA
from claims.vocabulary import Checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHIPPED = DATA / "ranking.json"
#: By how much, in log-odds, a unit is lowered that lies over a better one, and from which share of the shorter it does.
BESIDE = 1.0
OVER = 0.5
_HEADLINE_SAID = 0.34


@dataclass(frozen=True)
class AdditiveModel:
    """Weights and means of the circumstances, and of the sentence vector where it has a part in it."""

    weights: dict[str, float]
    means: dict[str, float]
    bias: float
    vector: tuple[float, ...] = ()
    meaning: float = 0.0

    @classmethod
    def of(cls, stored: dict[str, Any]) -> AdditiveModel:
        """Read one model of the file."""
        return cls(
            {str(name): float(weight) for name, weight in stored["weights"].items()},
            {str(name): float(mean) for name, mean in stored["means"].items()},
            float(stored["bias"]),
            tuple(float(weight) for weight in stored.get("vector", ())),
            float(stored.get("meaning", 0.0)),
        )

    @cached_property
    def numbers(self) -> NDArray[np.float32]:
        """The weights of the vector."""
        import numpy as np

        return np.array(self.vector, dtype=np.float32)

    def odds(self, found: dict[str, float], meaning: float = 0.0) -> float:
        """Return the log-odds of a unit."""
        weight = self.weights.get
        parts = [weight(name, 0.0) * value for name, value in found.items()]
        return math.fsum((self.bias, meaning, *parts))

    def moved(self, found: dict[str, float], meaning: float, names: Iterable[str]) -> dict[str, float]:
        """Return what each circumstance of these names moves the log-odds beyond what it does in an average unit.

        Those that say who speaks are always among them.
        """
        absent = self._absent
        moved = self._speaking(found).copy()
        for name in names:
            if name in absent:
                moved[name] = self._move(name, found[name]) if name in found else absent[name]
        moved["meaning"] = meaning - self.meaning
        return moved

    @cached_property
    def _who_speaks(self) -> frozenset[str]:
        return frozenset(name for name in self.weights if name.startswith(reasons.WHO_SPEAKS))

    @cached_property
    def _by_speaker(self) -> dict[frozenset[str], dict[str, float]]:
        return {}

    def speaking(self, found: dict[str, float]) -> float:
        """Return how much who speaks moves the log-odds in all."""
        return sum(self._speaking(found).values())

    def _speaking(self, found: dict[str, float]) -> dict[str, float]:
        """Return what is moved by each circumstance of who speaks; there are few kinds."""
        there = frozenset(self._who_speaks & found.keys())
        known = self._by_speaker.get(there)
        if known is None:
            names = [name for name in self.weights if name in self._who_speaks]
            known = {name: self._move(name, 1.0) if name in there else self._absent[name] for name in names}
            self._by_speaker[there] = known
        return known

    @cached_property
    def _absent(self) -> dict[str, float]:
        """What each circumstance moves where it is not there: most are not."""
        return {name: self._move(name, 0.0) for name in self.weights}

    def _move(self, name: str, value: float) -> float:
        beyond = value - self.means[name]
        moved = self.weights[name] * beyond
        # The sentence's own score is the sum of its families: each gets its part of it.
        return moved + self.weights.get("worth", 0.0) * beyond if name.startswith("family ") else moved


@dataclass(frozen=True)
class EditorRanker:
    """The model without and the one with sentence vectors."""

    plain: AdditiveModel
    full: AdditiveModel

    @classmethod
    def load(cls, path: Path = SHIPPED) -> EditorRanker:
        """Read what ``train_ranking`` wrote."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls(AdditiveModel.of(stored["plain"]), AdditiveModel.of(stored["full"]))

    def rank(self, cases: Sequence[RankCase], article: WholeArticle, *, vectors: bool) -> list[Worth]:
        """Return score and reasons of all units of one article, in the order given."""
        if not cases:
            return []
        model = self.full if vectors else self.plain
        lies = around(cases)
        worth = worthiness.shipped()
        found = [circumstances(case, article, lies[case.unit.id], worth) for case in cases]
        meanings = _meanings(model, cases) if vectors else [0.0] * len(cases)
        odds = [model.odds(one, meaning) for one, meaning in zip(found, meanings, strict=True)]
        beside = _beside(cases, odds)
        return [
            Worth(
                logistic(odds[at] - BESIDE * (at in beside)),
                _reasons(case, model, found[at], meanings[at], at in beside),
            )
            for at, case in enumerate(cases)
        ]


def _reasons(
    case: RankCase, model: AdditiveModel, found: dict[str, float], meaning: float, beside: bool
) -> tuple[Reason, ...]:
    said = phrases(case)
    if found.get("words in the headline", 0.0) >= _HEADLINE_SAID:
        said["headline"] = "says much of what the headline says"
    if beside:
        said["beside-better"] = "overlaps a claim that ranks higher"
    moved = model.moved(found, meaning, reasons.told_by(said))
    if beside:
        moved["beside a better one"] = -BESIDE
    if model.vector:
        more = moved["meaning"] > 0
        said["reads-like"] = (
            "reads like what editors take up" if more else "reads like what editors pass over"
        )
    return reasons.chosen(said, moved, model.speaking(found))


def _meanings(model: AdditiveModel, cases: Sequence[RankCase]) -> list[float]:
    from claims.language.encoder import shipped as encoder

    asked = list(dict.fromkeys(case.unit.text for case in cases))
    parts = dict(zip(asked, encoder().for_heads(asked) @ model.numbers, strict=True))
    return [float(parts[case.unit.text]) for case in cases]


def _beside(cases: Sequence[RankCase], odds: Sequence[float]) -> set[int]:
    """Return which units lie over one that ranks higher; a unit nobody can check holds none back."""
    by_start = sorted(range(len(cases)), key=lambda at: cases[at].unit.start)
    found: set[int] = set()
    for rank, at in enumerate(by_start):
        one = cases[at].unit
        for other_at in by_start[rank + 1 :]:
            other = cases[other_at].unit
            if other.start >= one.end:
                break
            shared = min(one.end, other.end) - other.start
            if shared <= OVER * min(one.end - one.start, other.end - other.start):
                continue
            if Checkable.NO in (one.checkable, other.checkable):
                continue
            found.add(other_at if odds[at] >= odds[other_at] else at)
    return found


Ranking = Callable[[Sequence[RankCase], WholeArticle], Sequence[Worth]]


@lru_cache(maxsize=1)
def shipped() -> EditorRanker:
    """Return the ranker that comes with the project, loaded once in a process."""
    return EditorRanker.load()


def by_vectors(cases: Sequence[RankCase], article: WholeArticle) -> list[Worth]:
    """Rank with the shipped model that reads sentence vectors."""
    return shipped().rank(cases, article, vectors=True)


def by_words(cases: Sequence[RankCase], article: WholeArticle) -> list[Worth]:
    """Rank with the shipped model that needs no encoder."""
    return shipped().rank(cases, article, vectors=False)
