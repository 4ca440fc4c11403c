"""What did a desk do in a period, in figures? Pure arithmetic over facts that somebody else has gathered.

Times are hours, days are the desk's own, both ends within. A figure about nothing is None, never zero: an average
of no checks is not known.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

#: Findings in the order in which they are shown; a label without one comes last.
FINDINGS = ("Supported", "Conflicting Evidence", "Refuted", "Not Enough Evidence", "")
#: Up to so many days of waiting, the last without an end.
AGES = (1, 3, 7, 14, 30, 90)
#: So many lines of a table of names; the others are one line.
NAMED = 15


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both within."""

    since: dt.date
    until: dt.date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1


def parts(period: Period) -> list[Period]:
    """Return the days, weeks, months or years of a period, so that there are few enough to be drawn."""
    if period.days <= 14:
        return _cut(period, lambda day: day + dt.timedelta(days=1))
    if period.days <= 100:
        return _cut(period, lambda day: day + dt.timedelta(days=7 - day.weekday()))
    if period.days <= 800:
        return _cut(period, lambda day: (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1))
    return _cut(period, lambda day: dt.date(day.year + 1, 1, 1))[-30:]


def _cut(period: Period, next_after: Callable[[dt.date], dt.date]) -> list[Period]:
    found, day = [], period.since
    while day <= period.until:
        following = next_after(day)
        found.append(Period(day, min(following - dt.timedelta(days=1), period.until)))
        day = following
    return found


@dataclass(frozen=True, slots=True)
class PublishedCheck:
    """One check that was first published in the period."""

    day: dt.date
    # From the claim's coming in to its first publication; None where the desk did not have the claim.
    hours: float | None
    rating: str
    finding: str
    claimant: str = ""
    tags: tuple[str, ...] = ()
    # Independent origins of the cited sources, and how many sources are cited; None where the check does not say.
    origins: int | None = None
    sources: int | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """How long things took: so many, a quarter of them at most, half of them at most, three quarters at most."""

    count: int
    quarter: float | None = None
    half: float | None = None
    three_quarters: float | None = None


def spread(values: Iterable[float]) -> Spread:
    """Return the quartiles by linear interpolation between neighbours (the method of ``statistics``, inclusive)."""
    ordered = sorted(values)
    if not ordered:
        return Spread(0)
    return Spread(len(ordered), *(_at(ordered, share) for share in (0.25, 0.5, 0.75)))


def _at(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@dataclass(frozen=True, slots=True)
class Balance:
    """One claimant or topic: how many checks, and by finding in the order of ``FINDINGS``."""

    name: str
    count: int
    by_finding: tuple[int, ...]
    # How many names are folded into this line, where it stands for the rest.
    others: int = 0


def balance(
    checks: Iterable[PublishedCheck], names_of: Callable[[PublishedCheck], Iterable[str]]
) -> list[Balance]:
    """Return lines by name, the most checked first; what is beyond ``NAMED`` is one line with an empty name.

    A check with several names counts in each of their lines.
    """
    found: dict[str, Counter[str]] = {}
    for check in checks:
        for name in names_of(check):
            found.setdefault(name, Counter())[check.finding] += 1
    ordered = sorted(found.items(), key=lambda one: (-one[1].total(), one[0].casefold()))
    lines = [_line(name, counts) for name, counts in ordered[:NAMED]]
    rest = ordered[NAMED:]
    if rest:
        together: Counter[str] = Counter()
        for _name, counts in rest:
            together += counts
        lines.append(_line("", together, len(rest)))
    return lines


def _line(name: str, counts: Counter[str], others: int = 0) -> Balance:
    return Balance(name, counts.total(), tuple(counts[finding] for finding in FINDINGS), others)


def ratings(checks: Iterable[PublishedCheck]) -> list[tuple[str, str, int]]:
    """Return label, finding and number of checks, by finding and then the most frequent first."""
    counts = Counter((check.rating, check.finding) for check in checks)
    return sorted(
        ((rating, finding, n) for (rating, finding), n in counts.items()),
        key=lambda one: (_place(one[1]), -one[2], one[0]),
    )


def _place(finding: str) -> int:
    return FINDINGS.index(finding) if finding in FINDINGS else len(FINDINGS)


def by_origins(checks: Iterable[PublishedCheck]) -> list[tuple[str, int]]:
    """Return how many checks rest on none, one, two, three, four or more independent origins, or do not say."""
    counts: Counter[str] = Counter()
    for check in checks:
        counts[
            "not known" if check.origins is None else "4+" if check.origins >= 4 else str(check.origins)
        ] += 1
    return [(name, counts[name]) for name in ("0", "1", "2", "3", "4+", "not known")]


def per_part(days: Iterable[dt.date], cut: Sequence[Period]) -> list[int]:
    """Return how many of the days lie in each part."""
    counts = Counter(days)
    return [sum(n for day, n in counts.items() if part.since <= day <= part.until) for part in cut]


def share(some: int, whole: int) -> float | None:
    """Return a share of one; None of nothing."""
    return some / whole if whole else None


__all__ = [
    "AGES",
    "FINDINGS",
    "Balance",
    "Period",
    "PublishedCheck",
    "Spread",
    "balance",
    "by_origins",
    "parts",
    "per_part",
    "ratings",
    "share",
    "spread",
]
