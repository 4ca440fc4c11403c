"""Whom of those who could be meant does a unit belong to? Learned, where the rules leave a choice.

An additive model: a weight for each named circumstance of a candidate; the candidate of the largest sum speaks, if it
leads that of the rules clearly. Weights, data and figures: ``data/claimants.md``. It names nobody whom the article
does not name and is asked only where the source is a pronoun, holds several names or none, or the rules are in doubt.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from claims.splitting.claimants.named import NamedClaimant
from claims.splitting.claimants.rank_features import Candidate, ClaimantCase
from claims.splitting.word_lists import DATA

SHIPPED = DATA / "claimants.json"
CLOSE = "claimant: close call"
#: By how much, in log-odds, another has to lead the rules' choice: chosen out of fold on what the ranker learned from.
LEAD = 0.6
#: What the log-odds of somebody have to exceed whom no rule names.
LIKELY = 0.0
#: Two candidates whose chances lie so near are for a person to tell apart.
_MARGIN = 0.1
_TELLING = 0.1


@dataclass(frozen=True, slots=True)
class ClaimantDecision:
    """Who speaks (None: nobody is likely), with the chance of it, and in words what spoke for and against."""

    claimant: NamedClaimant | None
    chance: float
    spoke_for: tuple[str, ...] = ()
    spoke_against: tuple[str, ...] = ()


Chooser = Callable[[Sequence[ClaimantCase]], Sequence[ClaimantDecision]]


@dataclass(frozen=True)
class Ranker:
    """The weights by the name of their circumstance, and the bias."""

    weights: dict[str, float]
    bias: float

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Ranker:
        """Read what ``train_claimants`` wrote."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls(stored["weights"], stored["bias"])

    def odds(self, candidate: Candidate) -> float:
        """Return how much speaks for a candidate, in log-odds."""
        weight = self.weights.get
        return self.bias + sum([weight(name, 0.0) * value for name, value in candidate.circumstances.items()])

    def take(self, case: ClaimantCase) -> int:
        """Return which candidate speaks, -1 for nobody: where the rules name nobody and nobody is likely."""
        return self._best(case, [self.odds(candidate) for candidate in case.candidates])

    def _best(self, case: ClaimantCase, odds: Sequence[float]) -> int:
        best = max(range(len(odds)), key=lambda at: odds[at])
        if not case.has_rules_choice:
            return best if odds[best] > LIKELY else -1
        return best if odds[best] - odds[0] > LEAD else 0

    def choose(self, cases: Sequence[ClaimantCase]) -> list[ClaimantDecision]:
        """Return who speaks in each case."""
        return [self._decide(case) for case in cases]

    def _decide(self, case: ClaimantCase) -> ClaimantDecision:
        odds = [self.odds(candidate) for candidate in case.candidates]
        best = self._best(case, odds)
        if best < 0:
            return ClaimantDecision(None, 0.0)
        chances = sorted([1 / (1 + math.exp(-one)) for one in odds], reverse=True)
        claimant = case.candidates[best].claimant
        if best and len(chances) > 1 and chances[0] - chances[1] < _MARGIN:
            claimant = replace(claimant, flags=(*claimant.flags, CLOSE))
        parts = {
            name: self.weights.get(name, 0.0) * value
            for name, value in case.candidates[best].circumstances.items()
        }
        ranked = sorted(parts, key=lambda name: parts[name])
        return ClaimantDecision(
            claimant,
            chances[0],
            tuple(name for name in reversed(ranked) if parts[name] > _TELLING)[:2],
            tuple(name for name in ranked if parts[name] < -_TELLING)[:2],
        )


@lru_cache(maxsize=1)
def shipped() -> Ranker:
    """Return the ranker that comes with the project, loaded once in a process."""
    return Ranker.load()


def choose(cases: Sequence[ClaimantCase]) -> list[ClaimantDecision]:
    """Choose with the shipped ranker."""
    return shipped().choose(cases) if cases else []
