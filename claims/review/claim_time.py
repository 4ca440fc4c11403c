"""Which days is a claim about, and was a source out before it was said, known when it was said, or did it come later?

Days are bounds: a partial date ("2026-05") spans its month. Where the bounds cannot tell, the answer says so; a source
of the day on which the claim was made counts as known.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

BEFORE = dt.timedelta(days=3)
AFTER = dt.timedelta(days=60)
# Figures for a year come out in the next ones: within so many days an article's own day still belongs to it.
FIGURES = dt.timedelta(days=730)
_OPEN = re.compile(
    r"\b(?:since|ever since|from \S+(?: \S+)? on(?:wards)?|seit|depuis|desde)\b", re.IGNORECASE
)

Bounds = tuple[dt.date | None, dt.date | None]


class When(StrEnum):
    """A source's day against the day the claim was made; UNSURE where a partial date spans both, "" where unknown."""

    BEFORE = "before"
    KNOWN = "known"
    LATER = "later"
    UNSURE = "unsure"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Window:
    """The days a claim is about, widened; ``known`` is False where the claim has no date."""

    earliest: dt.date | None = None
    latest: dt.date | None = None

    @property
    def known(self) -> bool:
        return self.earliest is not None and self.latest is not None


@dataclass(frozen=True, slots=True)
class ClaimTime:
    """The window of a claim and the days on which it was made, as far as they are known."""

    window: Window = Window()
    said: tuple[dt.date, dt.date] | None = None

    def when(self, published: Bounds) -> When:
        """Place the day of a source."""
        earliest, latest = published
        if earliest is None or latest is None or self.said is None:
            return When.UNKNOWN
        if earliest > self.said[1]:
            return When.LATER
        if latest > self.said[0] and earliest != self.said[0]:
            return When.UNSURE
        if latest > self.said[1]:
            return When.UNSURE
        start = self.window.earliest
        return When.BEFORE if start is not None and latest < start else When.KNOWN

    def covers(self, published: Bounds) -> bool:
        """Tell whether a source lies in the claim's time, as the search counts it: the days overlap the window."""
        earliest, latest = published
        start, end = self.window.earliest, self.window.latest
        if earliest is None or latest is None or start is None or end is None:
            return False
        return latest >= start and earliest <= end


def claim_time(*, about: Bounds, made: Bounds, places: Sequence[Bounds], words: Iterable[str]) -> ClaimTime:
    """Return the time of a claim: what it is about, else when it was made, else when it appeared.

    What a claim is about reaches to the day it was said where it says "since", and where that day is not long after:
    official figures come later. What lies ahead begins with the day it was foretold.
    """
    said = [(first, last) for first, last in (made, *places) if first and last]
    own = next(((first, last) for first, last in (made,) if first and last), None) or min(said, default=None)
    earliest, latest = about
    if earliest and latest:
        if said:
            newest = max(day for _day, day in said)
            if newest - latest <= FIGURES or any(_OPEN.search(text) for text in words):
                latest = max(latest, newest)
            earliest = min(earliest, newest)
        return ClaimTime(Window(earliest - BEFORE, latest + AFTER), own)
    return ClaimTime(Window(said[0][0] - BEFORE, said[0][1] + AFTER) if said else Window(), own)
