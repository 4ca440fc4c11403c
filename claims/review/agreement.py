"""How far do readers agree who judged the same things without seeing each other? Percent, and Krippendorff's alpha.

Works on labels alone (nominal data): whether two labels are near each other on a scale is not asked. Units that fewer
than two people judged say nothing about agreement and are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """``units`` that at least two judged, ``judgements`` on them; shares of one, or None where nothing can be said."""

    units: int
    judgements: int
    percent: float | None
    alpha: float | None


def agreement(units: Iterable[Sequence[str]]) -> Agreement:
    """Return the figures for units, each the labels that its readers gave.

    ``percent`` is the share of pairs of readers of one unit who gave the same label. ``alpha`` is 1 less observed
    over expected disagreement, from the matrix of coincidences: K. Krippendorff, Computing Krippendorff's
    Alpha-Reliability (2011), part C, nominal data, any number of observers, missing data. It is None where every
    label is the same: then there is nothing that chance could have got wrong.
    """
    judged = [list(labels) for labels in units if len(labels) > 1]
    pairs = same = 0
    coincident = 0.0
    totals: Counter[str] = Counter()
    for labels in judged:
        counts = Counter(labels)
        size = len(labels)
        matching = sum(n * (n - 1) for n in counts.values())
        pairs += size * (size - 1)
        same += matching
        coincident += matching / (size - 1)
        totals.update(counts)
    n = totals.total()
    expected = n * (n - 1) - sum(count * (count - 1) for count in totals.values())
    return Agreement(
        units=len(judged),
        judgements=n,
        percent=same / pairs if pairs else None,
        alpha=1 - (n - 1) * (n - coincident) / expected if expected else None,
    )
