"""What would a newer reading of a text change? Compares the suggestions that stand with the units it finds.

What a person decided is never changed, never taken away, and its words are not offered a second time under
slightly other ends. Everything else follows the reading: new, gone, changed, or renewed in what nobody is asked
about. Pure: the same comparison is shown before and written after.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from claims.vocabulary import Triage

Span = tuple[int, int]
#: Two stretches are the same words where they share this part of the longer one.
SAME = 0.6
#: The reading itself tells two units apart; only what differs by a word or a mark is the same then.
NEARLY = 0.8
#: One stretch lies in the other where they share this part of the shorter one.
INSIDE = 0.9
#: A score that moves less than this is no change to a person: it is a third of a step of the meter.
STEP = 0.1

#: What a person sees of a suggestion, by the name under which a change is told.
SEEN: dict[str, tuple[str, ...]] = {
    "wording": ("wording",),
    "claimant": ("claimant_text", "claimant_kind"),
    "class": ("attribution", "checkable", "claim_type", "negated"),
    "dates": ("dates",),
    "score": ("score",),
    "flags": ("flags",),
}
#: What is asked about where a person has decided already; scores and wordings may drift without a question.
ASKED = ("attribution", "claimant_text", "claimant_kind", "negated", "checkable", "dates")
_SETTLED = (Triage.ACCEPTED, Triage.DISMISSED, Triage.NOT_SELECTED)


@dataclass(frozen=True, slots=True)
class OldSuggestion:
    """One appearance as it stands. ``touched`` by a person, ``by_rules`` where an analysis made it.

    ``places`` are where the machine had found it before a person moved, cut or joined it.
    """

    key: int
    start: int
    end: int
    triage: str
    touched: bool
    by_rules: bool
    values: Mapping[str, Any]
    places: tuple[Span, ...] = ()

    @property
    def span(self) -> Span:
        return self.start, self.end

    @property
    def decided(self) -> bool:
        """Whether a person has decided about it, one by one or by finishing its article."""
        return self.touched or self.triage in _SETTLED


@dataclass(frozen=True, slots=True)
class NewSuggestion:
    """One unit of the newer reading, with the values under the names of the stored columns."""

    unit: int
    start: int
    end: int
    text: str
    values: Mapping[str, Any]

    @property
    def span(self) -> Span:
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class SuggestionPair:
    """A standing appearance and what the reading says at its words; ``fields`` as (old, new) by column."""

    old: OldSuggestion
    new: NewSuggestion
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def moved(self) -> bool:
        return self.old.span != self.new.span


@dataclass(frozen=True, slots=True)
class ReadingComparison:
    """All that differs, and all that does not; each unit and each appearance stands in one list.

    ``changed`` differs in what a person sees, ``renewed`` only in the rest. ``kept`` are decided ones found again,
    ``asked`` those of them that would be read differently, ``missing`` decided ones not found. ``held`` are units
    over words that somebody decided about.
    """

    new: tuple[NewSuggestion, ...] = ()
    gone: tuple[OldSuggestion, ...] = ()
    changed: tuple[SuggestionPair, ...] = ()
    renewed: tuple[SuggestionPair, ...] = ()
    same: tuple[SuggestionPair, ...] = ()
    kept: tuple[SuggestionPair, ...] = ()
    asked: tuple[SuggestionPair, ...] = ()
    held: tuple[SuggestionPair, ...] = ()
    missing: tuple[OldSuggestion, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How much a person would notice: further ones, taken back ones, changed ones, and what is held back."""
        return {
            "new": len(self.new),
            "gone": len(self.gone),
            "changed": len(self.changed),
            "held": len(self.held),
        }


def compare(standing: Sequence[OldSuggestion], readings: Sequence[NewSuggestion]) -> ReadingComparison:
    """Say for every unit of the reading, and for every appearance that stands, what becomes of it."""
    # What an earlier reading took away stands no more; found again it is new.
    at = {row.span: row for row in standing if row.decided or row.triage != Triage.SUPERSEDED}
    # Where a person moved, cut or joined a row, it still stands for the places the machine had found.
    moved = {place: row for row in standing if row.decided for place in row.places}
    lists: dict[str, list[Any]] = {name: [] for name in ReadingComparison.__slots__}
    found: set[int] = set()
    elsewhere = []
    for one in {one.span: one for one in reversed(readings)}.values():
        row = at.get(one.span) or moved.get(one.span)
        if row is None:
            elsewhere.append(one)
            continue
        found.add(row.key)
        name, match = _judge(row, one)
        lists[name].append(match)
        if name == "kept" and match.fields:
            lists["asked"].append(match)
    held, fresh = _hold(standing, elsewhere, {row.key for row in standing if row.span in _spans(readings)})
    lists["held"] = held
    over = {match.old.key for match in held}
    gone = [row for row in standing if row.key not in found and row.by_rules and not row.decided]
    recut = _recut([row for row in gone if row.triage == Triage.SUGGESTED], fresh)
    lists["changed"] += recut
    rows, spans = {match.old.key for match in recut}, {match.new.span for match in recut}
    lists["gone"] = [row for row in gone if row.triage == Triage.SUGGESTED and row.key not in rows]
    lists["new"] = [one for one in fresh if one.span not in spans]
    lists["missing"] = [
        row
        for row in standing
        if row.touched
        and row.by_rules
        and row.triage != Triage.DISMISSED
        and not row.places
        and row.key not in found | over
    ]
    for name in ("changed", "renewed", "same", "kept", "asked", "held"):
        lists[name].sort(key=lambda match: (match.new.start, -match.new.end))
    lists["new"].sort(key=lambda one: (one.start, -one.end))
    return ReadingComparison(**{name: tuple(rows) for name, rows in lists.items()})


def _spans(readings: Sequence[NewSuggestion]) -> set[Span]:
    return {one.span for one in readings}


def _judge(row: OldSuggestion, one: NewSuggestion) -> tuple[str, SuggestionPair]:
    if row.decided:
        asks = row.touched and row.by_rules and row.span == one.span
        return "kept", SuggestionPair(row, one, _differing(row, one, ASKED) if asks else {})
    seen = _differing(row, one, [column for columns in SEEN.values() for column in columns])
    if seen:
        return "changed", SuggestionPair(row, one, seen)
    rest = any(row.values.get(name) != value for name, value in one.values.items())
    return ("renewed" if rest else "same"), SuggestionPair(row, one)


def _differing(row: OldSuggestion, one: NewSuggestion, columns: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    return {
        name: (row.values[name], one.values[name])
        for name in columns
        if name in row.values
        and name in one.values
        and _essence(name, row.values[name]) != _essence(name, one.values[name])
        and not (name == "score" and abs(row.values[name] - one.values[name]) < STEP)
    }


def _essence(column: str, value: Any) -> Any:
    """Return what of a value a person is asked about."""
    if column == "dates":
        return [(row["start"], row["value"]) for row in value]
    if column == "flags":
        return sorted(value)
    if column in ("wording", "claimant_text"):
        return " ".join(value.split())
    return value


def _recut(gone: Sequence[OldSuggestion], fresh: Sequence[NewSuggestion]) -> list[SuggestionPair]:
    """Pair what is gone with what is new at nearly its words: one suggestion with other ends, best pairs first."""
    pairs = sorted(
        (
            (-_shared(row.span, one.span) / _longer(row.span, one.span), row.key, one.unit, row, one)
            for row in gone
            for one in fresh
            if row.start < one.end and one.start < row.end
        ),
        key=lambda pair: pair[:3],
    )
    rows: set[int] = set()
    units: set[int] = set()
    found = []
    for share, key, unit, row, one in pairs:
        if -share >= SAME and key not in rows and unit not in units:
            rows.add(key)
            units.add(unit)
            columns = [column for columns in SEEN.values() for column in columns]
            found.append(SuggestionPair(row, one, _differing(row, one, columns)))
    return found


def _hold(
    standing: Sequence[OldSuggestion], readings: Sequence[NewSuggestion], known: set[int]
) -> tuple[list[SuggestionPair], list[NewSuggestion]]:
    """Return which units stand at words that are decided, or offered by others than the rules, and the rest.

    ``known`` are the appearances that the reading finds where they stand. A unit inside or around such a one is
    another claim by the reading's own account (who said something, and what was said); where the reading finds
    nothing at nearly their words, these are only cut differently.
    """
    stretches = _Stretches(standing)
    held, rest = [], []
    for one in readings:
        row = stretches.holder(one, lambda row, part, _inside: part >= (NEARLY if row.key in known else SAME))
        if row is None:
            rest.append(one)
        else:
            held.append(SuggestionPair(row, one))
    known = known | {match.old.key for match in held}
    fresh = []
    for one in rest:
        row = stretches.holder(
            one, lambda row, _part, inside: row.decided and row.key not in known and inside >= INSIDE
        )
        if row is None:
            fresh.append(one)
        else:
            held.append(SuggestionPair(row, one))
    return held, fresh


class _Stretches:
    """The words that a person has decided about, or that others than the rules offer already, by their place."""

    def __init__(self, standing: Iterable[OldSuggestion]) -> None:
        blocking = [row for row in standing if row.decided or not row.by_rules]
        places = [(place, row) for row in blocking for place in (row.span, *row.places)]
        self._places = sorted(places, key=lambda one: (one[0], one[1].key))
        self._starts = [place[0] for place, _row in self._places]
        self._longest = max((end - start for (start, end), _row in self._places), default=0)

    def _touching(self, span: Span) -> Iterator[tuple[Span, OldSuggestion]]:
        for place, row in self._places[bisect_left(self._starts, span[0] - self._longest) :]:
            if place[0] >= span[1]:
                return
            if place[1] > span[0]:
                yield place, row

    def holder(
        self, one: NewSuggestion, holds: Callable[[OldSuggestion, float, float], bool]
    ) -> OldSuggestion | None:
        """Return the appearance that shares most of a unit's words, of those for which ``holds`` is true.

        It is asked with the appearance, the part of the longer stretch that is shared, and that of the shorter.
        """
        best, most = None, 0.0
        for place, row in self._touching(one.span):
            shared = _shared(place, one.span)
            part = shared / _longer(place, one.span)
            inside = shared / min(place[1] - place[0], one.end - one.start)
            if part > most and holds(row, part, inside):
                best, most = row, part
        return best


def _shared(one: Span, other: Span) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _longer(one: Span, other: Span) -> int:
    return max(one[1] - one[0], other[1] - other[0])


def differences(found: ReadingComparison, *, most: int = 200) -> list[dict[str, Any]]:
    """Return what a person is shown, in the order of the text, at most so many; plain values for storing.

    Each has ``kind`` (new, gone, changed), ``at``, ``words``, where they changed ``was``, and ``fields``.
    """
    rows: list[dict[str, Any]] = []
    for one in found.new:
        rows.append({"kind": "new", "at": one.start, "words": one.text, "says": _says(one.values)})
    for row in found.gone:
        says = _says(row.values)
        rows.append({"kind": "gone", "at": row.start, "words": row.values.get("quotation", ""), "says": says})
    for match in found.changed:
        told: dict[str, Any] = {"kind": "changed", "at": match.new.start, "words": match.new.text}
        if match.moved:
            told["was"] = match.old.values.get("quotation", "")
        told["fields"] = {name: list(pair) for name, pair in match.fields.items()}
        rows.append(told)
    rows.sort(key=lambda row: (row["at"], row["kind"], row["words"]))
    return rows[:most]


def _says(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in ("claimant_text", "checkable", "score") if name in values}
