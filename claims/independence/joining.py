"""Do two texts rest on one report, and which groups does that make? A small learned model and average linkage.

The model is a logistic regression of the signs of ``pairs``; its weights are in ``joining.json``, where they come
from in ``joining.md``. Two groups become one where the mean chance over all their pairs reaches the threshold, the
closest first: one lucky pair joins nobody.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from claims.independence.pairs import Signs, sign_names

SHIPPED = Path(__file__).with_name("joining.json")
#: Rewrites share at least this much of the shorter text's rarer words; below, two texts tell two stories.
SAME_SUBJECT = 0.3

#: What each day between two texts takes off the log odds: a rewrite follows within a day or two.
DAY = 0.8
#: Of fewer rarer words no model judges: a headline is like many.
LEAST_WORDS = 15

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by the order of ``Signs``; ``learned`` are digests of the stories they were learned from."""

    weights: tuple[float, ...]
    bias: float
    threshold: float
    learned: frozenset[str] = frozenset()

    def chance(self, signs: Signs, days: int = 0) -> float:
        """Return how likely two texts with these signs, so many days apart, rest on one report: 0 to 1.

        The stories learned from have no dates; what a day takes off is set by the sample desk's neighbouring days.
        """
        total = self.bias + sum(weight * sign for weight, sign in zip(self.weights, signs.row(), strict=True))
        total -= DAY * days
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Model:
        """Read the weights; raises ValueError where they are of other signs."""
        row = json.loads(path.read_text(encoding="utf-8"))
        if tuple(row["weights"]) != sign_names():
            raise ValueError(f"{path.name} holds weights of other signs")
        return cls(
            tuple(row["weights"].values()), row["bias"], row["threshold"], frozenset(row.get("learned", ()))
        )


@lru_cache(maxsize=1)
def shipped() -> Model:
    return Model.load()


def join_closest(
    groups: Sequence[Sequence[Key]],
    chance: Callable[[Key, Key], float],
    *,
    threshold: float,
    apart: Callable[[Iterable[Key], Iterable[Key]], bool] | None = None,
) -> list[list[Key]]:
    """Merge groups whose mean chance reaches the threshold, the closest first; ``apart`` forbids a merge.

    The order of the groups given decides between equals only. Takes the cube of their number.
    """
    made = [list(group) for group in groups]
    known: dict[tuple[int, int], float] = {}
    names = list(range(len(made)))

    def total(a: int, b: int) -> float:
        place = (names[a], names[b])
        if place not in known:
            known[place] = sum(chance(one, other) for one in made[a] for other in made[b])
        return known[place]

    while len(made) > 1:
        best, closest = threshold, None
        for a in range(len(made)):
            for b in range(a + 1, len(made)):
                mean = total(a, b) / (len(made[a]) * len(made[b]))
                if mean >= best and (closest is None or mean > best):
                    if apart is not None and apart(made[a], made[b]):
                        continue
                    best, closest = mean, (a, b)
        if closest is None:
            return made
        a, b = closest
        fresh = max(names) + 1
        for other in range(len(made)):
            if other in closest:
                continue
            value = total(*sorted((a, other))) + total(*sorted((b, other)))
            known[names[other], fresh] = value
            known[fresh, names[other]] = value
        made[a] += made[b]
        names[a] = fresh
        del made[b], names[b]
    return made
