"""What a date expression is before it is resolved: its place in the text, its kind and its meaning as a form.

Forms are facts about the words only; they know nothing of a publication date. ``resolution`` turns a form
into a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# Flag of a length of time that describes a thing ("a 10-year plan", "five years in prison").
ATTRIBUTIVE = "attributive"
# Flag of what only its story places ("later", "in the evening"); TimeML has no such expressions.
STORY = "story"


class Kind(StrEnum):
    """What sort of expression it is; ``places_in_time`` says which kinds a claim can be dated by."""

    DATE = "date"
    RELATIVE = "relative"
    EVENT_RELATIVE = "event-relative"
    RANGE = "range"
    DURATION = "duration"
    TIME = "time"
    SET = "set"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar day, month or year, each part None where the words leave it out; months and days from 1."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    bce: bool = False


@dataclass(frozen=True, slots=True)
class EitherOrder:
    """A numeric date whose first two figures can be day and month in either order."""

    year: int
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class YearPart:
    """A named part of a year: quarter ``Q1``–``Q4``, half ``H1``/``H2``, or season ``SP SU FA WI``.

    ``shift`` counts years from the publication year ("next year's first quarter" is 1); None when unsaid.
    """

    name: str
    year: int | None = None
    shift: int | None = None
    fiscal: bool = False


@dataclass(frozen=True, slots=True)
class Fiscal:
    """A fiscal year by its name; its months differ by country and company."""

    year: int


@dataclass(frozen=True, slots=True)
class Years:
    """Consecutive years, both ends included; ``label`` is ``decade``, ``century``, ``season`` or ``span``."""

    first: int
    last: int
    label: str


@dataclass(frozen=True, slots=True)
class DayShift:
    """A day counted from the publication day: yesterday is -1."""

    days: int


@dataclass(frozen=True, slots=True)
class Near:
    """The last (-1), this (0) or next (1) weekday, month, season, holiday or unit of time.

    ``what`` is ``weekday``, ``month``, ``season``, ``holiday``, ``unit`` or ``quarter``; ``name`` is the
    number of the weekday (0 Monday) or month, or the code. ``which`` is None for a bare weekday.
    ``pinned`` is a year shift that the words give: "March last year" is -1.
    """

    what: str
    name: str | int
    which: int | None = None
    pinned: int | None = None
    relative_to: str = "publication"


@dataclass(frozen=True, slots=True)
class Offset:
    """A distance in time from the publication ("ago", "from now") or from an event ("later", "before it")."""

    count: float | None
    unit: str
    direction: int
    origin: str


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: ``count`` None when vague; ``window`` -1 "the past …", 1 "the next …", 0 neither."""

    count: float | None
    unit: str
    window: int = 0
    anchored: bool = False


@dataclass(frozen=True, slots=True)
class Repeating:
    """Something that happens again and again; ``value`` in TimeML's notation (``P1Y``, ``XXXX-WXX-4``)."""

    value: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day without its day; the value is in ``DateExpr.part``."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A vague pointer, by TimeML's name: ``PRESENT_REF``, ``PAST_REF`` or ``FUTURE_REF``."""

    value: str


@dataclass(frozen=True, slots=True)
class Holiday:
    """A named day by its key in ``almanac.HOLIDAYS``."""

    name: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class FormRange:
    """From one form to another, both ends included."""

    first: Form
    last: Form


@dataclass(frozen=True, slots=True)
class DayBeside:
    """A day so many days after another one (before it where negative): "the day after Christmas"."""

    day: Form
    days: int


@dataclass(frozen=True, slots=True)
class NthDay:
    """The nth (1 first, -1 last) day or weekday of a month: "the last Sunday in May".

    With ``days`` 7 it is the nth week, with 2 the nth weekend.
    """

    month: Calendar
    nth: int
    weekday: int | None = None
    days: int = 1


@dataclass(frozen=True, slots=True)
class Anaphor:
    """A unit that an earlier date names: "that year", "the same day", "the following month"."""

    unit: str
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """An event that places the content without a measured distance: "later", "during the war", "aged nine".

    ``named`` says that the words name the event themselves; "later" and "by then" lean on what was told before.
    """

    named: bool = True


Form = (
    Calendar
    | EitherOrder
    | YearPart
    | Fiscal
    | Years
    | DayShift
    | Near
    | Offset
    | Length
    | Repeating
    | Clock
    | Reference
    | Holiday
    | FormRange
    | DayBeside
    | NthDay
    | Anaphor
    | Event
)


@dataclass(frozen=True, slots=True)
class DateExpr:
    """One expression in the text.

    ``start`` and ``end`` bound the expression itself ("a few minutes"); ``tail`` is where its connective and
    the event that it counts from end ("a few minutes after the agreement"), ``end`` when there is none;
    ``head`` is the noun of that event ("agreement"). ``mod`` is TimeML's modifier (START, MID, END, APPROX,
    MORE_THAN, LESS_THAN, EQUAL_OR_MORE …), ``part`` a time of day (``TMO``, ``T16:00``). ``before`` is the
    word in front of the expression, lower case.
    """

    start: int
    end: int
    kind: Kind
    form: Form
    mod: str = ""
    part: str = ""
    flags: tuple[str, ...] = ()
    tail: int = 0
    head: str = ""
    before: str = ""
    parts: tuple[tuple[int, int, Form], ...] = ()


def places_in_time(expr: DateExpr) -> bool:
    """Tell whether the expression can date a claim: no time of day, repetition, mere "now" or attribute."""
    return expr.kind not in (Kind.TIME, Kind.SET, Kind.REFERENCE) and ATTRIBUTIVE not in expr.flags
