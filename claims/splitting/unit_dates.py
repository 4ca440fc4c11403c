"""When is what a unit asserts, and which of its dates change when the publication date becomes known?

Attaches date expressions to units by the annotation guidelines: content keeps its own dates, a date in the
reporting frame counts only for a unit of which only the saying is checkable. An expression that counts from
an event is linked to the earlier unit that tells that event. Times of day, repetitions and "now" are left
out: they have no place on the calendar. Nothing is filled in that text and publication date do not say.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from claims.language.dates import (
    EVENT_RELATIVE,
    STORY,
    UNRESOLVED,
    Dated,
    DateExpr,
    Kind,
    measures,
    places_in_time,
)
from claims.language.dates.claimed import read_claimed
from claims.language.dates.english import DETERMINERS
from claims.language.dates.leaning import COMPARED, COMPARES, PART_OF, TIME_OF_DAY
from claims.language.dates.model import Anaphor, Calendar, Event, Length, Offset
from claims.language.dates.places import Now, Place, is_day, shifted
from claims.language.dates.resolution import Context, place_form
from claims.language.dates.tense import sentence_ends
from claims.language.partial_dates import PartialDate
from claims.splitting.types import DateMention
from claims.vocabulary import Checkable

_EDGE_FLAGS = {"START": "early", "MID": "mid", "END": "late", "APPROX": "approximate"}
_OPEN = frozenset({"since", "until", "till", "by", "before", "after"})
# Marks of the grammar itself, of no use to a person.
_INTERNAL = frozenset({"day-first", "month-first", "week-of", STORY, COMPARES, PART_OF})
_Rows = dict[int, list[tuple[DateExpr, DateMention]]]
_WORD = re.compile(r"[^\W\d_]+")
#: What stands between a date and what it dates: a comma or nothing; ", when"; a frame that begins with a participle.
_BEHIND = re.compile(r"[,:]?[ \u00a0]*")
_WHEN = re.compile(r",?[ \u00a0]+when[ \u00a0]+")
_PARTICIPLE = re.compile(r"[a-z]+ing\b")
_LONGEST_CLAUSE = 400
#: What tells of its subject only that it was: "the blast, which happened on Monday, killed two".
_HAPPENED = re.compile(r"(?:which |that )?(?:occurred|happened|took place)\b")
_WHICH = re.compile(r", (?:which |that )?\Z")
#: How many characters may part two dates that are said together ("on", "of").
_NEAR = 4
# Nouns whose event is told by another word.
_TOLD_BY: dict[str, tuple[str, ...]] = {
    "death": ("die", "dies", "died", "killed", "dead"),
    "killing": ("killed", "murdered", "shot"),
    "murder": ("killed", "murdered"),
    "election": ("elected", "vote", "voted", "polls"),
    "vote": ("voted", "election", "ballot"),
    "deal": ("agreement", "agreed", "pact", "accord"),
    "agreement": ("agreed", "deal", "pact", "accord", "truce", "ceasefire"),
    "accord": ("agreement", "agreed", "deal", "pact"),
    "truce": ("ceasefire", "agreement"),
    "ceasefire": ("truce", "agreement"),
    "attack": ("bombing", "strike", "blast", "explosion", "shooting", "raid"),
    "attacks": ("bombings", "strikes", "blasts", "explosions", "attacked"),
    "blast": ("explosion", "exploded", "bomb", "bombing"),
    "explosion": ("blast", "exploded", "bomb"),
    "crash": ("crashed", "collided", "collision", "accident"),
    "accident": ("crash", "crashed", "collided", "collision"),
    "war": ("invasion", "invaded", "fighting"),
    "invasion": ("invaded",),
    "birth": ("born",),
    "decision": ("decided", "ruled", "ruling"),
    "ruling": ("ruled", "decision", "verdict"),
    "verdict": ("convicted", "acquitted", "ruling"),
    "trial": ("tried", "court"),
    "arrest": ("arrested", "detained"),
    "launch": ("launched", "started"),
    "visit": ("visited",),
    "meeting": ("met", "summit", "talks"),
    "marriage": ("married",),
    "wedding": ("married",),
    "resignation": ("resigned",),
    "storm": ("hurricane", "typhoon", "cyclone"),
    "earthquake": ("quake", "tremor"),
    "flood": ("flooded", "floods", "flooding"),
    "report": ("reported", "published", "study"),
    "announcement": ("announced",),
    "purchase": ("bought", "acquired"),
    "sale": ("sold",),
    "takeover": ("bought", "acquired", "acquisition"),
    "acquisition": ("bought", "acquired", "takeover"),
}


class Datable(NamedTuple):
    """What dating needs of a unit: its span, whether its content can be checked, the frame that reports it."""

    id: int
    start: int
    end: int
    checkable: Checkable
    frame: tuple[int, int] | None = None


def attach(
    text: str,
    units: Sequence[Datable],
    *,
    published: str | None = None,
    day_first: bool | None = None,
    language: str = "en",
) -> dict[int, tuple[DateMention, ...]]:
    """Return the dates of every unit by its id, in the order of the text.

    An expression inside nested units belongs to the innermost. Raises ValueError when ``published`` is not a
    (partial) date.
    """
    found = read_claimed(text, published=published, language=language, day_first=day_first)
    dated: _Rows = {unit.id: [] for unit in units}
    dating = sorted(
        (one for one in found if measures.dates_claims(one.expr, text)), key=lambda one: one.expr.start
    )
    owned = _owners(dating, units)
    for one, unit in (*owned, *_shared(text, dating, units, owned)):
        dated[unit.id].append((one.expr, mention(one, text)))
    dated = {key: _settled(sorted(rows, key=lambda row: row[1].start)) for key, rows in dated.items()}
    _link(text, units, dated)
    return {key: tuple(date for _, date in rows) for key, rows in dated.items()}


def _settled(rows: list[tuple[DateExpr, DateMention]]) -> list[tuple[DateExpr, DateMention]]:
    """Leave out what a nearer date of the same unit says better.

    A date on the calendar wins over an event ("exploded 73 seconds after liftoff on January 28, 1986"), known or
    not ("on Tuesday after the vote"), and a day over the longer time named right beside it ("Monday this week") and
    over a time of it ("at 6am on Tuesday").
    """
    dates = [(expr, date) for expr, date in rows if expr.kind in (Kind.DATE, Kind.RELATIVE, Kind.RANGE)]
    if not dates:
        return rows
    kept = [row for row in rows if row[1].value != EVENT_RELATIVE or COMPARES in row[0].flags]
    placed = [row for row in dates if row[1].earliest]
    kept = [row for row in kept if not any(_beside(row, other) or _names(row, other) for other in placed)]
    kept = [row for row in kept if not _told_twice(row, dates)]
    return [row for at, row in enumerate(kept) if not (at and _in_brackets(kept[at - 1], row))]


def _names(wide: tuple[DateExpr, DateMention], fine: tuple[DateExpr, DateMention]) -> bool:
    """Tell the year in a name ("the 2018 World Cup") where the same unit has a day or month of it."""
    form = wide[0].form
    bare = isinstance(form, Calendar) and form.month is None
    named = bare and wide[0].before.rsplit(" ", 1)[-1] in DETERMINERS
    return (
        named
        and wide[1].value != fine[1].value
        and wide[1].value == fine[1].earliest[:4] == fine[1].latest[:4]
    )


def _told_twice(row: tuple[DateExpr, DateMention], dates: list[tuple[DateExpr, DateMention]]) -> bool:
    """Tell a time of day whose day stands in the same unit."""
    return TIME_OF_DAY in row[0].flags and any(
        other[1].value == row[1].value and TIME_OF_DAY not in other[0].flags for other in dates
    )


def _in_brackets(one: tuple[DateExpr, DateMention], other: tuple[DateExpr, DateMention]) -> bool:
    """Tell "6 May" of "Monday (6 May)": the same day said once more."""
    day, again = one[1], other[1]
    same = day.earliest and (day.value, day.earliest, day.latest) == (
        again.value,
        again.earliest,
        again.latest,
    )
    return bool(same) and 0 <= again.start - day.end <= len(" (")


def _beside(wide: tuple[DateExpr, DateMention], fine: tuple[DateExpr, DateMention]) -> bool:
    """Tell whether a time stands next to a shorter one that lies inside it."""
    one, other = wide[1], fine[1]
    if (
        not one.earliest
        or wide[0].kind is Kind.DURATION
        or (one.earliest, one.latest) == (other.earliest, other.latest)
    ):
        return False
    gap = max(one.start, other.start) - min(one.end, other.end)
    return 0 <= gap <= _NEAR and one.earliest <= other.earliest and other.latest <= one.latest


def mention(dated: Dated, text: str) -> DateMention:
    """Return a placed expression as what dates a claim."""
    expr, where = dated.expr, dated.where
    end, value = expr.end, where.value
    flags = [flag for flag in dict.fromkeys((*expr.flags, *where.flags)) if flag not in _INTERNAL]
    if "ambiguous-day-month" in flags and where.first is not None and where.first == where.last:
        flags.remove("ambiguous-day-month")
    if expr.mod in _EDGE_FLAGS:
        flags.append(_EDGE_FLAGS[expr.mod])
    if expr.kind is Kind.EVENT_RELATIVE:
        value, end = EVENT_RELATIVE, expr.tail
        where = replace(where, first=None, last=None)
        if isinstance(expr.form, Event) and expr.form.named:
            flags.append("names-its-event")
    elif COMPARED in expr.flags or PART_OF in expr.flags:
        end = max(end, expr.tail)
    elif not places_in_time(expr):
        value = UNRESOLVED
        flags.append("no-calendar-place")
        where = replace(where, first=None, last=None)
    first_word = expr.before.split(" ")[0]
    if where.first is not None and expr.kind is not Kind.DURATION:
        if first_word in _OPEN:
            flags.append("until" if first_word == "till" else first_word)
        today = Now.of(dated.anchor).day
        if today is not None and where.first > today:
            flags.append("future")
    return DateMention(
        text[expr.start : end],
        expr.start,
        end,
        value,
        _iso(where.first),
        _iso(where.last),
        tuple(flags),
        anchor=dated.anchor,
        direction=dated.direction,
    )


def resolve_again(
    text: str,
    dates: Mapping[int, Sequence[DateMention]],
    *,
    published: str | None,
    day_first: bool | None = None,
    language: str = "en",
) -> dict[int, tuple[DateMention, ...]]:
    """Resolve the dates of units, by their ids, against another publication date; ``text`` is the whole text.

    A date keeps the direction that was found with it; one stored before directions were is read again from
    the words around it. A date that the grammar does not find at its place (a person's own) stays as it is.
    Raises ValueError when ``published`` is not a (partial) date.
    """
    directions = {
        one.start: one.direction for rows in dates.values() for one in rows if one.direction is not None
    }
    read = read_claimed(
        text, published=published, language=language, day_first=day_first, directions=directions
    )
    found = {one.expr.start: one for one in read}
    again: dict[int, list[DateMention]] = {}
    for key, rows in dates.items():
        again[key] = [_placed_again(one, found.get(one.start) or _around(one, read), text) for one in rows]
    for rows in again.values():
        for index, one in enumerate(rows):
            if one.value == EVENT_RELATIVE and one.refers_to in again and one.start in found:
                bare = replace(one, earliest="", latest="", anchor=published or "")
                rows[index] = _bounded(bare, found[one.start].expr, _single_day(again[one.refers_to]))
    return {key: tuple(rows) for key, rows in again.items()}


def _around(one: DateMention, read: Sequence[Dated]) -> Dated | None:
    """Return the longer time that a date stored without its year is part of now ("March" of "the year to March")."""
    if one.direction is None or not one.value.startswith(("XXXX", UNRESOLVED)):
        return None
    at = bisect_left(read, one.end, key=lambda dated: dated.expr.end)
    dated = read[at] if at < len(read) else None
    return dated if dated is not None and dated.expr.start < one.start else None


def _placed_again(one: DateMention, dated: Dated | None, text: str) -> DateMention:
    """Return a stored date as it is read now; a person's own and what an event was counted for stay."""
    if dated is None:
        return one
    told = COMPARED in dated.expr.flags or COMPARES in dated.expr.flags
    if one.refers_to is not None and not told:
        return one if one.value == EVENT_RELATIVE else replace(mention(dated, text), refers_to=one.refers_to)
    fresh = mention(dated, text)
    if fresh.value != EVENT_RELATIVE or told or "names-its-event" in fresh.flags:
        return fresh
    return replace(fresh, flags=(*fresh.flags, "event-unknown"))


# --- whose date is it -------------------------------------------------------------------------------------


def _owners(found: Sequence[Dated], units: Sequence[Datable]) -> list[tuple[Dated, Datable]]:
    """Pair expressions with their units: the innermost span, else the frames of "said" units."""
    # Sweeping both lists by start keeps this linear: no article is a long list inside a long list.
    spans = sorted(units, key=lambda unit: (unit.start, -unit.end))
    framed: list[tuple[int, int, Datable]] = sorted(
        (
            (unit.frame[0], unit.frame[1], unit)
            for unit in units
            if unit.frame and unit.checkable is Checkable.SAID
        ),
        key=lambda row: (row[0], row[1], row[2].id),
    )
    rows: list[tuple[Dated, Datable]] = []
    open_units: list[Datable] = []
    open_frames: list[tuple[int, int, Datable]] = []
    next_unit = next_frame = 0
    for dated in found:
        expr = dated.expr
        while next_unit < len(spans) and spans[next_unit].start <= expr.start:
            open_units.append(spans[next_unit])
            next_unit += 1
        while next_frame < len(framed) and framed[next_frame][0] <= expr.start:
            open_frames.append(framed[next_frame])
            next_frame += 1
        open_units = [unit for unit in open_units if unit.end > expr.start]
        open_frames = [row for row in open_frames if row[1] > expr.start]
        inside = [unit for unit in open_units if expr.end <= unit.end]
        if inside:
            owner = min(inside, key=lambda unit: (unit.end - unit.start, -unit.start))
            # A frame in the middle of a quotation lies inside the span without being content.
            middle = owner.frame is not None and owner.frame[0] <= expr.start and expr.end <= owner.frame[1]
            if not middle:
                rows.append((dated, owner))
                continue
        for _, end, unit in open_frames:
            if expr.end <= end:
                rows.append((dated, unit))
    return rows


def _shared(
    text: str, found: Sequence[Dated], units: Sequence[Datable], owned: Sequence[tuple[Dated, Datable]]
) -> list[tuple[Dated, Datable]]:
    """Pair units with the dates outside their span and frame that are theirs too.

    "They reckon that by 2050, | demand doubles" and "This year | he hopes to win": a date in no unit right in front.
    "In May, when | the mill burned": the clause tells what was then. "On Friday Reed defended it, promising that | …":
    the day of the main clause is that of the saying behind it.
    """
    taken = {one.expr.start for one, _ in owned}
    framed = {
        unit.id for one, unit in owned if unit.frame and unit.frame[0] <= one.expr.start < unit.frame[1]
    }
    spans: dict[int, list[Datable]] = {}
    frames: dict[int, list[Datable]] = {}
    for unit in units:
        spans.setdefault(unit.start, []).append(unit)
        if unit.frame and unit.checkable is Checkable.SAID:
            frames.setdefault(unit.frame[0], []).append(unit)
    rows: list[tuple[Dated, Datable]] = []
    for one in found:
        behind = _BEHIND.match(text, one.expr.end)
        if behind is not None and one.expr.start not in taken:
            rows += [(one, unit) for unit in spans.get(behind.end(), ()) if unit.frame is None]
            rows += [(one, unit) for unit in frames.get(behind.end(), ())]
        when = _WHEN.match(text, one.expr.end)
        if when is not None:
            rows += [(one, unit) for unit in spans.get(when.end(), ())]
    rows += _of_what_happened(text, units, owned)
    participles = [
        unit
        for said in frames.values()
        for unit in said
        if unit.id not in framed and unit.frame and _adds_to_a_clause(text, unit.frame[0])
    ]
    if participles:
        ends, starts = sentence_ends(text), [one.expr.start for one in found]
        for unit in participles:
            frame = unit.frame[0] if unit.frame else unit.start
            sentence = bisect_right(ends, frame)
            low = ends[sentence - 1] if sentence else 0
            main = [
                one for one in found[bisect_left(starts, low) : bisect_left(starts, frame)] if _is_a_day(one)
            ]
            rows += [(one, unit) for one in main[-1:]]
    return rows


def _of_what_happened(
    text: str, units: Sequence[Datable], owned: Sequence[tuple[Dated, Datable]]
) -> list[tuple[Dated, Datable]]:
    """Pair the clause around ", which happened on Monday," with its date: it tells of the same event."""
    rows: list[tuple[Dated, Datable]] = []
    for one, unit in owned:
        if not _HAPPENED.match(text, unit.start) or not _WHICH.search(
            text[max(0, unit.start - 8) : unit.start]
        ):
            continue
        around = [other for other in units if other.start < unit.start and unit.end <= other.end]
        rows += [(one, other) for other in around if other.end - other.start < _LONGEST_CLAUSE]
    return rows


def _adds_to_a_clause(text: str, frame: int) -> bool:
    """Tell a frame like ", saying" and "while promising", whose clause stands in front."""
    in_front = text[max(0, frame - 10) : frame].rstrip().rsplit(" ", 1)[-1]
    return bool(_PARTICIPLE.match(text, frame)) and (
        in_front.endswith(",") or in_front in ("while", "whilst")
    )


def _is_a_day(one: Dated) -> bool:
    return one.expr.kind in (Kind.DATE, Kind.RELATIVE) and is_day(one.where)


# --- what an event-relative date counts from --------------------------------------------------------------


def _link(text: str, units: Sequence[Datable], dated: _Rows) -> None:
    if not any(mention.value == EVENT_RELATIVE for rows in dated.values() for _, mention in rows):
        return
    ordered = sorted(units, key=lambda unit: (unit.start, -unit.end))
    earlier: list[Datable] = []

    @cache
    def words_of(unit: Datable) -> frozenset[str]:
        # Most events name nothing to look for, so most units are never asked.
        return frozenset(word.lower() for word in _WORD.findall(text[unit.start : unit.end][:4000]))

    for unit in ordered:
        rows = dated[unit.id]
        for index, (expr, mention) in enumerate(rows):
            if mention.value != EVENT_RELATIVE or COMPARES in expr.flags:
                continue
            target = _told(expr, earlier, words_of) if expr.head else _latest_dated(earlier, dated)
            if target is None:
                if "names-its-event" in mention.flags:
                    continue
                rows[index] = (expr, replace(mention, flags=(*mention.flags, "event-unknown")))
                continue
            anchor = _single_day([row[1] for row in dated[target.id]])
            rows[index] = (expr, _bounded(replace(mention, refers_to=target.id), expr, anchor))
        earlier.append(unit)
        del earlier[:-200]


def _told(
    expr: DateExpr, earlier: Sequence[Datable], words_of: Callable[[Datable], frozenset[str]]
) -> Datable | None:
    """Return the earlier unit that tells the event: most shared nouns first, then the first to tell it."""
    nouns = [noun for noun in expr.head.split() if len(noun) > 2]
    best: tuple[int, int, Datable] | None = None
    for order, unit in enumerate(earlier):
        words, score = words_of(unit), 0
        for position, noun in enumerate(nouns):
            # Words of one event begin alike.
            if any(_same_event(noun, word) for word in words if word[0] == noun[0]):
                score += 4 if position == len(nouns) - 1 else 2
            elif any(word in words for word in _TOLD_BY.get(noun, ())):
                score += 1
        if score and (best is None or score > best[0]):
            best = (score, order, unit)
    return best[2] if best is not None else None


def _same_event(noun: str, word: str) -> bool:
    """Tell whether a word has the noun's stem: attack/attacked, agreement/agreed, election/elected."""
    if noun == word or noun.rstrip("s") == word.rstrip("s"):
        return True
    length = 0
    for left, right in zip(noun, word, strict=False):
        if left != right:
            break
        length += 1
    return length >= 5 and length >= min(len(noun), len(word)) - 3 and abs(len(noun) - len(word)) <= 5


def _latest_dated(earlier: Sequence[Datable], dated: _Rows) -> Datable | None:
    """Return the nearest earlier unit with a place on the calendar, else the one just before."""
    for unit in reversed(earlier[-12:]):
        if any(mention.value not in (EVENT_RELATIVE, UNRESOLVED) for _, mention in dated[unit.id]):
            return unit
    return earlier[-1] if earlier else None


def _single_day(mentions: list[DateMention]) -> Place | None:
    days = {
        mention.earliest for mention in mentions if mention.earliest and mention.earliest == mention.latest
    }
    if len(days) != 1:
        return None
    bounds = PartialDate.parse(days.pop())
    return Place(bounds.value, bounds.value, bounds.earliest, bounds.latest)


def _bounded(mention: DateMention, expr: DateExpr, anchor: Place | None) -> DateMention:
    """Add the bounds that follow from a known day of the event; the value stays event-relative."""
    if anchor is None:
        return mention
    form = expr.form
    where: Place | None = None
    if isinstance(form, Offset) and form.count is not None:
        where = shifted(anchor, form.count * form.direction, form.unit)
    elif isinstance(form, Anaphor):
        where = place_form(form, Context(anchor=anchor))
    elif isinstance(form, Length) and form.count is not None and form.anchored:
        direction = -1 if " before" in mention.expr or " prior" in mention.expr else 1
        where = shifted(anchor, form.count * direction, form.unit)
    if where is None or where.first is None:
        return mention
    return replace(mention, earliest=_iso(where.first), latest=_iso(where.last))


def _iso(day: object) -> str:
    return str(day) if day is not None else ""
