"""Which stretches of an English text are date expressions, and what do their words mean?

``find`` walks over the words that can belong to a date (triggers), goes back to where the expression may
start and takes the longest reading there. Every reading is a short fixed pattern, so the work is linear in
the text. Nothing here knows a publication date: that is ``resolution``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from claims.language.dates import almanac
from claims.language.dates import english as en
from claims.language.dates.absolute import absolute
from claims.language.dates.lexer import Words
from claims.language.dates.model import (
    ATTRIBUTIVE,
    Anaphor,
    Calendar,
    DateExpr,
    DayShift,
    EitherOrder,
    Form,
    FormRange,
    Holiday,
    Kind,
    Length,
    Near,
    Repeating,
    YearPart,
    Years,
)
from claims.language.dates.quantities import quantity, tail_of
from claims.language.dates.reader import DateReading, day_number, month_name
from claims.language.dates.relative import relative

_BACK = 9
_LEFT = (
    frozenset(en.WHICH)
    | frozenset(en.EDGES)
    | frozenset(en.LIMITS)
    | frozenset(en.SMALL)
    | frozenset(en.TENS)
    | frozenset(en.SCALES)
    | frozenset(en.ORDINALS)
    | frozenset(en.VAGUE)
    | frozenset(en.ZONES)
    | frozenset(en.PARTS_OF_DAY)
    | frozenset(en.ORDINAL_TAILS)
    | en.PLURAL_UNITS
    | en.words_of(
        "the a an of in and half more than less at least most up to no - – — ' ’ . , : half fiscal trading"
        " each every per once twice day year quarter week time few two-and another additional further full"
        " whole entire a.m p.m am pm p m financial school academic tax business calendar as many or fewer"
        " well close point two first before after later earlier sometime corresponding comparable month"
        " its weekend good labor new palm ash st near foreseeable these latest current straight consecutive"
        " successive working single"
    )
)
#: "After nine hours of talks", "after two hours in the water": what follows fills the time.
_SPENT_IN = en.words_of("of in on at as with without under inside aboard behind spent")
_DASHES = frozenset("-–—")


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    reading: DateReading


def find(text: str, start: int = 0, end: int | None = None) -> list[DateExpr]:
    """Return the date expressions between two offsets, in order, never overlapping."""
    words = Words(text, start, end)
    found: list[_Found] = []
    # A stretch full of triggers would otherwise be read again from each of them.
    read: dict[int, DateReading | None] = {}
    done = 0
    surname_may = _names_a_may(text)
    for trigger in words.triggers:
        if trigger < done:
            continue
        if (
            surname_may
            and words[trigger] == "may"
            and words.number(trigger + 1) is None
            and words.number(trigger - 1) is None
        ):
            continue
        hit = _at(words, trigger, done, read)
        if hit is None:
            continue
        hit = _with_range(words, hit)
        found.append(hit)
        done = hit.reading.end
    return _settle_orders([_expression(words, hit) for hit in found])


def _at(words: Words, trigger: int, done: int, read: dict[int, DateReading | None]) -> _Found | None:
    first = trigger
    while first > done and trigger - first < _BACK:
        previous = words[first - 1]
        if previous in _LEFT or previous.isdecimal() or previous in en.MONTHS or previous in en.WEEKDAYS:
            first -= 1
        else:
            break
    for index in range(first, trigger + 1):
        if words[index] in _DASHES or words[index] in (".", ",", "of", "and", "or", "to", ":"):
            continue
        if index not in read:
            read[index] = _read(words, index)
        reading = read[index]
        if reading is not None and reading.end > trigger:
            return _Found(index, reading)
    return None


def _read(words: Words, index: int) -> DateReading | None:
    """Read the longest expression that starts at a token."""
    word = words[index]
    best: DateReading | None = None
    if word in en.EDGES or (word == "the" and words[index + 1] in en.EDGES):
        best = _edged(words, index)
    if best is None and (word in en.LIMITS or (word, words[index + 1]) in en.TWO_WORD_LIMITS):
        best = _limited(words, index)
    if best is None and word.isdecimal():
        best = _day_range(words, index)
    for reader in (absolute, relative, quantity):
        reading = reader(words, index)
        if reading is not None and (best is None or reading.end > best.end):
            best = reading
    return best


def _day_range(words: Words, index: int) -> DateReading | None:
    """Read "10 to 12 October 2019", "3rd–5th of May"."""
    first = day_number(words, index)
    if first is None:
        return None
    joint = words[first[1]]
    if joint not in _DASHES and joint not in ("to", "and", "until", "through"):
        return None
    second = absolute(words, first[1] + 1)
    if second is None or not isinstance(second.form, Calendar) or second.kind is not Kind.DATE:
        return None
    form = second.form
    if form.day is None or form.month is None or form.bce or words[first[1] + 1] in en.MONTHS:
        return None
    if first[0] >= form.day or not almanac.valid_day(form.year or 2000, form.month, first[0]):
        return None
    opening = replace(form, day=first[0], weekday=None)
    spans = (
        (words.spans[index][0], words.spans[first[1] - 1][1], opening),
        (words.spans[first[1] + 1][0], words.spans[second.end - 1][1], form),
    )
    return DateReading(second.end, Kind.RANGE, FormRange(opening, form), parts=spans)


def _edged(words: Words, index: int) -> DateReading | None:
    """Read "early 2019", "the end of the year", "mid-November", "late last week", "earlier this month"."""
    position = index + (words[index] == "the")
    edge = words[position]
    position += 1
    if (
        words[position] in _DASHES
        or (
            words[position] in ("in", "on")
            and edge in ("early", "late", "earlier", "later", "mid", "halfway")
        )
        or words[position] == "of"
    ):
        position += 1
    elif edge in ("end", "beginning", "start", "middle", "close", "outset", "halfway"):
        return None
    inner_at = position
    if edge in ("end", "beginning", "start", "middle", "close") and words[inner_at] in (
        "the",
        "this",
        "that",
    ):
        unit = en.UNITS.get(words[inner_at + 1])
        if (
            unit in ("D", "W", "M", "Y", "DE", "CE", "Q")
            and words[inner_at + 1] not in en.PLURAL_UNITS
            and words[inner_at + 2] not in ("-", "’", "'")
        ):
            if unit == "D":
                # "by the end of the day" is a time of some day, "in the middle of the day" of any.
                kind = Kind.TIME if words[index - 1] == "by" else Kind.REFERENCE
                return DateReading(inner_at + 2, kind, DateReading.CLOCK)
            name: Form = Near("unit", unit, 0)
            return DateReading(inner_at + 2, Kind.RELATIVE, name, mod=en.EDGES[edge])
    if edge in ("earlier", "later") and words[inner_at - 1] == "in" and words[inner_at] == "the":
        unit = en.UNITS.get(words[inner_at + 1])
        if unit in ("W", "M", "Y") and words[inner_at + 2] not in ("-", "of", "’", "'"):
            # "earlier in the week" is "earlier this week".
            return DateReading(inner_at + 2, Kind.RELATIVE, Near("unit", unit, 0), mod=en.EDGES[edge])
    inner = absolute(words, inner_at) or relative(words, inner_at)
    if inner is None and edge in ("early", "late", "mid") and words[inner_at] in en.SEASONS:
        inner = DateReading(inner_at + 1, Kind.RELATIVE, Near("season", en.SEASONS[words[inner_at]]))
    if inner is None and edge == "mid" and words[inner_at] in en.PARTS_OF_DAY:
        part = en.PARTS_OF_DAY[words[inner_at]]
        if words[inner_at + 1] in en.DEICTIC and words[inner_at + 1] != "tonight":
            shift = DayShift(en.DEICTIC[words[inner_at + 1]])
            return DateReading(inner_at + 2, Kind.RELATIVE, shift, part=part)
        return DateReading(inner_at + 1, Kind.TIME, DateReading.CLOCK, part=part)
    if inner is None or inner.kind in (Kind.SET, Kind.REFERENCE, Kind.TIME):
        return None
    if inner.kind is Kind.DURATION:
        return None
    return replace(inner, mod=en.EDGES[edge])


def _limited(words: Words, index: int) -> DateReading | None:
    """Read "nearly three years", "at least the past 18 months", "around Nov. 1"."""
    word = words[index]
    pair = (word, words[index + 1])
    if pair in en.TWO_WORD_LIMITS:
        mod, position = en.TWO_WORD_LIMITS[pair], index + 2
        if pair[0] in ("no", "as", "well") and words[position] in ("than", "as"):
            position += 1
    else:
        mod, position = en.LIMITS[word], index + 1
    inner = quantity(words, position) or relative(words, position)
    if inner is None and mod == "APPROX":
        inner = absolute(words, position)
        if (
            inner is not None
            and inner.kind is Kind.DATE
            and isinstance(inner.form, Calendar)
            and inner.form.month is None
            and word not in ("around", "circa")
        ):
            return None
    if inner is None or inner.kind in (Kind.SET, Kind.REFERENCE):
        return None
    if isinstance(inner.form, Anaphor) and pair[1] == "than":
        # "50 fewer than the previous year" compares counts, not times.
        return None
    if isinstance(inner.form, Near | DayShift) and not (
        isinstance(inner.form, Near) and inner.form.name == "YEND"
    ):
        # "to get around Wednesday's ruling", "over the weekend": the word belongs to the verb or is a place.
        return None
    if word == "about" and inner.kind in (Kind.DURATION, Kind.TIME):
        return None
    if isinstance(inner.form, Length) and inner.form.window and word in ("over", "around", "about", "under"):
        # "over the past year" is a place in time, "at least the past year" a limit.
        return None
    if word == "within" or (word in ("over", "under") and inner.kind is not Kind.DURATION):
        return None
    return replace(inner, mod=inner.mod or mod)


# --- ranges -----------------------------------------------------------------------------------------------


def _with_range(words: Words, hit: _Found) -> _Found:
    """Join "October 10" and "12", "2015" and "2018", "May" and "July 2019" to one range."""
    reading = hit.reading
    if reading.kind not in (Kind.DATE, Kind.RELATIVE) or isinstance(
        reading.form, FormRange | Years | EitherOrder
    ):
        return hit
    position = reading.end
    joint = words[position]
    before = words[hit.start - 1]
    if joint in _DASHES:
        if joint == "-" and words[position + 1] in _DASHES:
            return hit
    elif joint in ("to", "through", "until", "till"):
        if before == "from" and not en.MOVED.isdisjoint(words[hit.start - back] for back in (2, 3, 4)):
            # "was moved from Monday to Thursday": two days, none between.
            return hit
        if (
            joint in ("to", "until", "till")
            and before not in ("from", "between", "of", "(", "")
            and not _joins_freely(reading.form)
        ):
            return hit
    elif joint == "and":
        if before != "between" and not _shares_month(words, reading, position + 1):
            return hit
    else:
        return hit
    second = _second_side(words, reading.form, position + 1)
    if second is None:
        return hit
    if isinstance(reading.form, Near) and isinstance(second.form, Near) and before not in ("from", "between"):
        # "open Monday to Friday" is a habit.
        habit = Repeating(f"XXXX-WXX-{int(reading.form.name) + 1}/XXXX-WXX-{int(second.form.name) + 1}")
        return _Found(hit.start, DateReading(second.end, Kind.SET, habit))
    first_form, last_form = _share(reading.form, second.form)
    if not _ordered(first_form, last_form):
        return hit
    spans = (
        (words.spans[hit.start][0], words.spans[reading.end - 1][1], first_form),
        (words.spans[position + 1][0], words.spans[second.end - 1][1], last_form),
    )
    return _Found(
        hit.start,
        DateReading(second.end, Kind.RANGE, FormRange(first_form, last_form), mod=reading.mod, parts=spans),
    )


def _joins_freely(form: Form) -> bool:
    """Tell whether "to" behind the form makes a range even without "from"."""
    if isinstance(form, Calendar):
        return form.day is not None
    return isinstance(form, Near) and form.what == "weekday"


def _shares_month(words: Words, reading: DateReading, index: int) -> bool:
    return (
        isinstance(reading.form, Calendar)
        and reading.form.day is not None
        and reading.form.year is None
        and words.number(index, 2) is not None
        and words[index + 1] not in en.COUNTED
        and words[index + 1] not in en.UNITS
        # "on 1 July and 1 January": two days, none between.
        and words[index + 1] not in en.MONTHS
        and not (words[index + 1].endswith("s") and len(words[index + 1]) > 3)
    )


def _second_side(words: Words, first: Form, index: int) -> DateReading | None:
    if words[index] == "the":
        index += 1
    number = words.number(index, 4)
    if isinstance(first, Calendar) and number is not None:
        after = words[index + 1]
        if first.day is not None and 1 <= number <= 31 and (number > first.day or after in en.MONTHS):
            position = index + 1
            if after in en.ORDINAL_TAILS and words.glued(index):
                position += 1
            if month_name(words, position) is not None:
                return absolute(words, index)
            if words[position] in ("%", "percent", "per") or (words[position] == ":" and words.glued(index)):
                return None
            year = None
            if words[position] == "," and words.number(position + 1) and len(words[position + 1]) == 4:
                year = words.number(position + 1)
                position += 2
            elif words.number(position) and len(words[position]) == 4:
                year = words.number(position)
                position += 1
            return DateReading(position, Kind.DATE, Calendar(year, first.month, number))
        if first.month is None and first.year is not None:
            if len(words[index]) == 4 and first.year < number < 2200:
                figures = words.glued(index) and words.glued(index + 1) and words.number(index + 2)
                if after in en.COUNTED or (after in (",", ".") and figures):
                    return None
                return DateReading(index + 1, Kind.DATE, Calendar(number))
            return None
    second = absolute(words, index) or relative(words, index)
    if second is None or second.kind not in (Kind.DATE, Kind.RELATIVE):
        return None
    return second if _same_sort(first, second.form) else None


def _same_sort(first: Form, second: Form) -> bool:
    if isinstance(first, Calendar | Holiday | DayShift) and isinstance(second, Calendar | Holiday | DayShift):
        if isinstance(first, Calendar) and isinstance(second, Calendar):
            return (first.month is None) == (second.month is None) or second.year is not None
        return True
    if isinstance(first, Near) and isinstance(second, Near):
        return first.what == second.what == "weekday"
    return type(first) is type(second) and isinstance(first, YearPart)


def _share(first: Form, last: Form) -> tuple[Form, Form]:
    """Let the first side have the month and year that only the second side says, and the other way round."""
    if isinstance(first, Calendar) and isinstance(last, Calendar):
        if first.year is None and last.year is not None and first.month is not None:
            earlier = last.month is not None and first.month > last.month
            first = replace(first, year=last.year - 1 if earlier and last.year > 1 else last.year)
        elif last.year is None and first.year is not None:
            later = first.month is not None and last.month is not None and last.month < first.month
            last = replace(last, year=first.year + later)
    elif isinstance(first, YearPart) and isinstance(last, YearPart) and first.year is None:
        first = replace(first, year=last.year, shift=last.shift)
    return first, last


def _ordered(first: Form, last: Form) -> bool:
    if not (isinstance(first, Calendar) and isinstance(last, Calendar)):
        return True
    if first.year is None or last.year is None:
        return True
    low = (first.year, first.month or 1, first.day or 1)
    return low <= (last.year, last.month or 12, last.day or 31)


# --- from readings to expressions -------------------------------------------------------------------------


def _expression(words: Words, hit: _Found) -> DateExpr:
    reading = hit.reading
    start, end = words.spans[hit.start][0], words.spans[reading.end - 1][1]
    tail, head = tail_of(words, reading)
    kind = reading.kind
    before = words[hit.start - 1]
    if before in ("for", "within") and kind is Kind.DURATION:
        # "abroad for six years after the vote" is a span, "within two days of the vote" a deadline; "six years after
        # the vote" is a distance.
        tail = end
    if (tail > end and kind in (Kind.DURATION, Kind.RELATIVE)) or (
        _behind_after(words, hit.start) and _is_a_moment(words, reading)
    ):
        kind = Kind.EVENT_RELATIVE
    if before in en.DETERMINERS and hit.start >= 2:
        before = f"{words[hit.start - 2]} {before}"
    return DateExpr(
        start,
        end,
        kind,
        reading.form,
        mod=reading.mod,
        part=reading.part,
        flags=reading.flags,
        tail=max(tail, end),
        head=head,
        before=before,
        parts=reading.parts,
    )


def _behind_after(words: Words, index: int) -> bool:
    word = words[index - 1]
    return word == "after" or (word in ("just", "only", "barely") and words[index - 2] == "after")


def _is_a_moment(words: Words, reading: DateReading) -> bool:
    """Tell "(after) 23 minutes the lead changed" from the span of "after nine hours of talks"."""
    form = reading.form
    if (
        reading.kind is not Kind.DURATION
        or not isinstance(form, Length)
        or form.window
        or ATTRIBUTIVE in reading.flags
    ):
        return False
    return form.unit in ("TH", "TM", "TS") and words[reading.end] not in _SPENT_IN


def _settle_orders(found: list[DateExpr]) -> list[DateExpr]:
    """Let unambiguous numeric dates of the same text decide the order of the ambiguous ones."""
    orders = {flag for expr in found for flag in expr.flags if flag in ("day-first", "month-first")}
    settled = []
    for expr in found:
        form = expr.form
        if isinstance(form, EitherOrder) and len(orders) == 1:
            day_first = "day-first" in orders
            month, day = (form.second, form.first) if day_first else (form.first, form.second)
            expr = replace(
                expr, form=Calendar(form.year, month, day), flags=(*expr.flags, "order-from-other-dates")
            )
        settled.append(expr)
    return settled


def _names_a_may(text: str) -> bool:
    """Tell whether the text speaks of a person called May; a bare "May" is then nobody's month."""
    return any(
        f"{title} May" in text
        for title in (
            "Mrs",
            "Mrs.",
            "Ms",
            "Ms.",
            "Mr",
            "Mr.",
            "Theresa",
            "Miss",
            "Minister",
            "Brian",
            "Dr",
            "Dr.",
        )
    )
