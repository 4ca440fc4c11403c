"""Which of the things that can be said of a unit moved its score most? At most two for it and one against.

A phrase stands for the circumstances it tells in words; its weight is what these move the score beyond what they do in
an average unit. Where nothing that can be said moved it, the sentence vector speaks, and says only what it knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from claims.splitting.types import Reason

#: How many reasons for and against a person reads.
FOR, AGAINST = 2, 1
#: What moves the log-odds less is no reason.
LEAST = 0.05

_FIGURES = ("a figure", "two figures", "a large number", "family number")
_ALIKE = ("words in the headline", "headline covered", "words in the opening")
#: The circumstances that a phrase tells; a phrase of ``phrases`` that is not listed is never shown.
TELLS: Mapping[str, tuple[str, ...]] = {
    "share": (*_FIGURES, "a share"),
    "sum": (*_FIGURES, "a sum of money"),
    "figure": _FIGURES,
    "year": _FIGURES,
    "no-figure": _FIGURES,
    "no-name": (*_FIGURES, "family name"),
    "superlative": ("a superlative", "family comparison"),
    "compares": ("a comparison", "family comparison"),
    "changed": ("family change",),
    "caused": ("family cause",),
    "permitted": ("family rule",),
    "not-so": ("denied", "family absolute"),
    "headline": _ALIKE,
    "part": ("inside another", "share of the other", "inside one of its sentence"),
    "short": ("under four words", "under six words", "length", "telling words"),
    "open": ("something unresolved", "begins with a pointing word", "family clause"),
    "to-come": ("family intention", "family hypothetical"),
    "self": ("first person", "family life"),
    "beside-better": ("beside a better one",),
    "reads-like": ("meaning",),
}
_SPEAKING = frozenset(("said-by", "article-says", "taken-as-given"))
#: What the names of circumstances begin with that these phrases tell.
WHO_SPEAKS = ("class ", "claimant ")
# Said of so many units that they tell little: only where nothing else speaks on that side, in this order.
_LAST = ("article-says", "reads-like")
#: Phrases that can only speak for a unit, or only against it.
_ONLY_FOR = frozenset(
    (
        "share",
        "sum",
        "figure",
        "year",
        "superlative",
        "compares",
        "changed",
        "caused",
        "permitted",
        "headline",
    )
)
_ONLY_AGAINST = frozenset(
    (
        "article-says",
        "no-figure",
        "no-name",
        "part",
        "short",
        "open",
        "to-come",
        "self",
    )
)


def told_by(said: Iterable[str]) -> list[str]:
    """Return the circumstances that phrases of these names tell, who speaks apart."""
    return [circumstance for name in said for circumstance in TELLS.get(name, ())]


def chosen(
    said: Mapping[str, str], moved: Mapping[str, float], speaking: float | None = None
) -> tuple[Reason, ...]:
    """Return the reasons, those for it first, the strongest first.

    ``said`` are phrases by name, ``moved`` is what each circumstance moves the score beyond an average unit;
    ``speaking`` is the sum of what who speaks moves, where it is known.
    """
    weighed: list[tuple[str, float, str]] = []
    for name, text in said.items():
        told = TELLS.get(name)
        if told is None and name not in _SPEAKING:
            continue
        if told is not None:
            weight = sum([moved.get(one, 0.0) for one in told])
        else:
            if speaking is None:
                speaking = sum([moved[one] for one in moved if one[0] == "c" and one.startswith(WHO_SPEAKS)])
            weight = speaking
        if (
            abs(weight) < LEAST
            or (weight < 0 and name in _ONLY_FOR)
            or (weight > 0 and name in _ONLY_AGAINST)
        ):
            continue
        weighed.append((name, round(weight, 3), text))
    if len(weighed) > 1:
        weighed.sort(key=_strength)
    return (*_best(weighed, 1, FOR), *_best(weighed, -1, AGAINST))


def _strength(reason: tuple[str, float, str]) -> float:
    return -abs(reason[1])


def _best(weighed: Sequence[tuple[str, float, str]], sign: int, most: int) -> list[Reason]:
    """Return the strongest of one sign, no two of which tell the same."""
    found: list[Reason] = []
    told: set[str] = set()
    spare: dict[str, Reason] = {}
    for name, weight, text in weighed:
        if weight * sign <= 0:
            continue
        if name in _LAST:
            spare[name] = Reason(name, weight, text)
            continue
        tells = TELLS.get(name, ())
        if told.isdisjoint(tells):
            found.append(Reason(name, weight, text))
            if len(found) == most:
                return found
            told.update(tells)
    return found or [spare[name] for name in _LAST if name in spare][:1]


def shown(stored: Iterable[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """Return the words of stored reasons, for and against, as every page shows them.

    Reasons that an earlier analyser stored under names of today's phrases are kept, all others left out.
    """
    rows = sorted(stored, key=lambda row: -abs(float(row.get("weight", 0))))
    sides: tuple[list[str], list[str]] = ([], [])
    for row in rows:
        if row.get("text") and (
            row.get("feature") in TELLS or row.get("feature") in _SPEAKING or _plain(row)
        ):
            side = sides[float(row.get("weight", 0)) < 0]
            if str(row["text"]) not in side:
                side.append(str(row["text"]))
    return sides[0][:FOR], sides[1][:AGAINST]


def _plain(row: Mapping[str, Any]) -> bool:
    """Tell a reason of a language without a model: its names end so."""
    return str(row.get("feature", "")).startswith("plain-")
