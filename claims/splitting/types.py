"""What splitting a text returns: frozen values, shared by the pipeline, the database adapter and the commands.

Offsets are code points of the text that was given, start inclusive, end exclusive; for every span
``text == document[start:end]``. Nothing here knows of Django or does I/O.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from operator import attrgetter
from typing import Any

from claims.vocabulary import Attribution, Checkable

#: What the flag of a unit begins with that the ranker of missed units offers; the reasons follow.
OFFERED = "offered by the ranker: "


class ClaimType(StrEnum):
    """Why a unit is (not) checkable, in the words an editor sees."""

    QUANTITY = "quantity"
    CAUSE = "cause"
    RULE = "rule"
    EVENT = "event"
    POSITION = "position"
    PAST_WORDING = "past_wording"
    PREDICTION = "prediction"
    NOT_A_CLAIM = "not_a_claim"


class ClaimantKind(StrEnum):
    """What sort of thing the claimant is; NONE when the article itself asserts."""

    NONE = ""
    PERSON = "person"
    ORGANISATION = "organisation"
    GOVERNMENT = "government"
    GROUP = "group"
    VAGUE = "vague"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Reason:
    """One named feature that moved the score, with its weight in log-odds and its wording for people."""

    feature: str
    weight: float
    text: str


@dataclass(frozen=True, slots=True)
class DateMention:
    """An expression that places a unit in time.

    ``value`` is ``2019-11-18``, ``2019-11``, ``2019-Q3``, ``2019-W47``, ``XXXX-10-10`` (year unknown),
    ``2008/2016`` (interval), ``P2Y`` (duration), ``event-relative`` or ``unresolved``. ``earliest`` and
    ``latest`` are ISO days bounding the value, empty where it has no place on the calendar.
    ``refers_to`` is the id of the unit an event-relative expression counts from. ``anchor`` is the publication
    date it was counted from (empty: unknown) and ``direction`` the tense of the words around it (``past``,
    ``present``, ``future``, empty), kept so that it can be resolved again; None where nobody has read it.
    """

    expr: str
    start: int
    end: int
    value: str
    earliest: str = ""
    latest: str = ""
    flags: tuple[str, ...] = ()
    refers_to: int | None = None
    anchor: str = ""
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A stretch of a suggested wording that a person has to resolve; offsets index the wording."""

    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A self-contained sentence suggested for a unit, and what in it could not be resolved."""

    text: str
    unresolved: tuple[Unresolved, ...] = ()


_NO_WORDING = Wording("")


@dataclass(frozen=True, slots=True)
class WeighedBy:
    """What a learned head decided of a unit, with its chance, and in words what spoke for and against it.

    ``question`` is ``checkable`` or ``claimant``.
    """

    question: str
    decided: str
    chance: float
    spoke_for: tuple[str, ...] = ()
    spoke_against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """One assertion at one place of the text."""

    id: int
    start: int
    end: int
    text: str
    attribution: Attribution
    checkable: Checkable
    claimant: str = ""
    claimant_kind: ClaimantKind = ClaimantKind.NONE
    claimant_span: tuple[int, int] | None = None
    relay: str = ""
    negated: bool = False
    within: int | None = None
    repeats: int | None = None
    sentence: tuple[int, int] = (0, 0)
    paragraph: tuple[int, int] = (0, 0)
    quote: int | None = None
    type: ClaimType = ClaimType.EVENT
    score: float = 0.0
    reasons: tuple[Reason, ...] = ()
    dates: tuple[DateMention, ...] = ()
    flags: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    insertions: tuple[tuple[int, int], ...] = ()
    wording: Wording = _NO_WORDING
    time: tuple[float, float] | None = None
    weighed: tuple[WeighedBy, ...] = ()


_UNIT_FIELDS = tuple(one.name for one in fields(Unit))
_unit_values = attrgetter(*_UNIT_FIELDS)
# What writes each field of a frozen unit while it is made, as its constructor does at a higher cost.
_WRITERS = {name: getattr(Unit, name).__set__ for name in _UNIT_FIELDS}


def with_changes(unit: Unit, **changes: Any) -> Unit:
    """Return a unit with some fields changed, as ``dataclasses.replace`` does at six times the cost."""
    made: Unit = object.__new__(Unit)
    for write, value in zip(_WRITERS.values(), _unit_values(unit), strict=True):
        write(made, value)
    for name, value in changes.items():
        _WRITERS[name](made, value)
    return made


def settled(unit: Unit, **values: Any) -> Unit:
    """Return the unit itself with some fields written: only for one in the making that nobody else reads yet."""
    for name, value in values.items():
        _WRITERS[name](unit, value)
    return unit


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stretch of text that yields no unit, and why: heading, byline, boilerplate, question, too long …"""

    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Split:
    """All units of one text, in the order of their start (outer before inner), and what was left out."""

    analyser: str
    language: str
    characters: int
    published: str | None
    published_source: str
    units: tuple[Unit, ...]
    left_out: tuple[LeftOut, ...] = ()
    flags: tuple[str, ...] = ()
