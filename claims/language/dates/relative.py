"""Read expressions that lean on the publication or on an earlier date: yesterday, last month, that year."""

from __future__ import annotations

from dataclasses import replace

from claims.language.dates import english as en
from claims.language.dates.absolute import absolute
from claims.language.dates.durations import duration_value
from claims.language.dates.lexer import Words
from claims.language.dates.model import (
    Anaphor,
    Calendar,
    DayShift,
    Form,
    Kind,
    Length,
    Near,
    Offset,
    Reference,
    Repeating,
    YearPart,
)
from claims.language.dates.quantities import CALENDAR_UNITS, amount_of_time, behind_amount
from claims.language.dates.reader import APOSTROPHES, DateReading, clock, day_part
from claims.language.dates.steps import stepped

#: Behind one of these "last" is the verb.
_BEFORE_A_VERB = en.words_of(
    "will would could can may might must should shall to not 'll ’ll won't won’t did didn't didn’t"
)


def relative(words: Words, index: int) -> DateReading | None:
    """Read a deictic, near, anaphoric, repeated or vague expression that starts at a token."""
    word = words[index]
    if word in en.DEICTIC:
        return _deictic(words, index)
    if word in ("each", "every"):
        return _every(words, index)
    if word in en.REPEATED:
        return _repeated(words, index)
    if (word == "day" and words[index + 1] == "before") or (word == "day" and words[index + 1] == "after"):
        return _two_steps(words, index)
    step = stepped(words, index)
    if step is not None:
        return step
    run = _in_a_row(words, index)
    if run is not None:
        return run
    sundays = _weekdays_ago(words, index)
    if sundays is not None:
        return sundays
    position = index + 1 if word in ("the", "its", "their", "these", "a") else index
    head = words[position]
    if word == "the" and head == "day" and words[position + 1] in ("before", "after"):
        steps = _two_steps(words, position)
        if steps is not None:
            return steps
    if word == "the":
        period = _reporting_period(words, position)
        if period is not None:
            return period
    if head in en.WHICH:
        near = _near(words, position, with_the=position != index)
        if near is not None:
            return near
    if word == "the" and head in ("weekend",):
        return DateReading(position + 1, Kind.RELATIVE, Near("unit", "WE"))
    if word == "the":
        anaphor = _the_unit(words, position)
        if anaphor is not None:
            return anaphor
    if head in ("year", "month") and word in ("the", "year", "month", "a", "its"):
        compound = _year_ago(words, position, start_here=position == index)
        if compound is not None:
            return compound
    return _reference(words, index)


# --- yesterday and its kin --------------------------------------------------------------------------------


def _deictic(words: Words, index: int) -> DateReading | None:
    word = words[index]
    shift = en.DEICTIC[word]
    if word == "tonight":
        return DateReading(index + 1, Kind.RELATIVE, DayShift(0), part="TNI")
    if word == "today" and words[index - 1] in ("usa", "russia", "history"):
        return None
    part = day_part(words, index + 1) or clock(words, index + 1)
    if part is not None:
        return DateReading(part[1], Kind.RELATIVE, DayShift(shift), part=part[0])
    return DateReading(index + 1, Kind.RELATIVE, DayShift(shift))


def _two_steps(words: Words, index: int) -> DateReading | None:
    """Read "day before yesterday", "day after tomorrow"."""
    target = words[index + 2]
    if words[index + 1] == "before" and target == "yesterday":
        return DateReading(index + 3, Kind.RELATIVE, DayShift(-2))
    if words[index + 1] == "after" and target == "tomorrow":
        return DateReading(index + 3, Kind.RELATIVE, DayShift(2))
    return None


def _in_a_row(words: Words, index: int) -> DateReading | None:
    """Read "the sixth straight week", "an eleventh consecutive quarter", "a third month in a row" as their lengths."""
    position = index + 1 if words[index] in ("the", "a", "an", "its", "their", "his", "her") else index
    day = _ordinal(words, position)
    if day is None:
        return None
    count, after = day
    said = words[after] in ("straight", "consecutive", "successive", "running")
    after += said
    unit = en.UNITS.get(words[after])
    end = after + 1
    if unit is None and words[after] in en.SEASONS:
        unit = "Y"
    if unit not in CALENDAR_UNITS or words[after] in en.PLURAL_UNITS:
        return None
    if words[end] == "running" and not words[end + 1].isalpha():
        return DateReading(end + 1, Kind.DURATION, Length(count, unit))
    if words[end] == "in" and words[end + 1] == "a" and words[end + 2] == "row":
        return DateReading(end + 3, Kind.DURATION, Length(count, unit))
    return DateReading(end, Kind.DURATION, Length(count, unit)) if said else None


def _ordinal(words: Words, index: int) -> tuple[int, int] | None:
    """Return an ordinal of any size and the index after: "sixth", "36th", "thirty-third"."""
    tens = en.TENS.get(words[index])
    if tens is not None and words[index + 1] == "-" and en.ORDINALS.get(words[index + 2], 20) < 10:
        return tens + en.ORDINALS[words[index + 2]], index + 3
    number = words.number(index, 3)
    if number is not None:
        return (number, index + 2) if words[index + 1] in en.ORDINAL_TAILS and words.glued(index) else None
    ordinal = en.ORDINALS.get(words[index])
    return (ordinal, index + 1) if ordinal is not None and words[index] != "twenty" else None


def _weekdays_ago(words: Words, index: int) -> DateReading | None:
    """Read "two Sundays ago"."""
    count = en.SMALL.get(words[index], words.number(index, 1) or 0)
    weekday = en.WEEKDAYS.get(words[index + 1])
    if weekday is None or not 1 <= count <= 9 or words[index + 2] != "ago":
        return None
    return DateReading(index + 3, Kind.RELATIVE, Near("weekday", weekday, -count))


def _near(words: Words, index: int, *, with_the: bool) -> DateReading | None:
    """Read "last Friday", "next month", "this past spring", "the past two weeks", "the same day"."""
    word = words[index]
    which = en.WHICH[word]
    position = index + 1
    if word == "last" and words[index - 1] in _BEFORE_A_VERB and not words.capital(index - 1):
        # "will last 48 hours"
        return None
    if word == "this" and words[position] in ("past", "coming"):
        which = en.WHICH[words[position]]
        word, position = words[position], position + 1
    elif word in ("that", "this") and words[position] in ("same", "very"):
        position += 1
    elif word == "last" and words[position] == "week" and words[position + 1] in APOSTROPHES:
        pass
    target = words[position]
    if target == "fiscal" and words[position + 1] in ("year", "quarter"):
        position += 1
        target = words[position]
    if target in en.WEEKDAYS and words.capital(position) and target not in en.SHORT_WEEKDAYS:
        form = Near("weekday", en.WEEKDAYS[target], which, relative_to=_origin(word, with_the))
        if target.endswith("days"):
            return None
        kind = Kind.EVENT_RELATIVE if form.relative_to == "event" else Kind.RELATIVE
        part = day_part(words, position + 1) or clock(words, position + 1)
        if words[position + 1] == "," and words[position + 2] in en.MONTHS:
            dated = absolute(words, position)
            if dated is not None and dated.kind is Kind.DATE:
                return dated
        if part is not None:
            return DateReading(part[1], kind, form, part=part[0])
        return DateReading(position + 1, kind, form)
    if target in en.MONTHS and words.capital(position):
        dated = absolute(words, position)
        if dated is not None and isinstance(dated.form, Calendar) and (dated.form.day or dated.form.year):
            return dated
        end = position + 1 + (words[position + 1] == "." and words.glued(position) and len(target) <= 4)
        return DateReading(end, Kind.RELATIVE, Near("month", en.MONTHS[target], which))
    if target in en.SEASONS and word in (
        "last",
        "this",
        "next",
        "past",
        "coming",
        "that",
        "previous",
        "following",
    ):
        return DateReading(position + 1, Kind.RELATIVE, Near("season", en.SEASONS[target], which))
    if target in en.HOLIDAY_STARTS:
        holiday = absolute(words, position)
        if holiday is not None and holiday.kind is Kind.RELATIVE and hasattr(holiday.form, "name"):
            return replace(holiday, form=Near("holiday", str(holiday.form.name), which))
    if target in en.PARTS_OF_DAY and word in (
        "last",
        "this",
        "that",
        "same",
        "next",
        "following",
        "previous",
    ):
        return _near_part(words, position, word, which)
    if target in en.ORDINALS and words[position + 1] in ("quarter", "half"):
        inner = absolute(words, position)
        if inner is not None and isinstance(inner.form, YearPart) and inner.form.shift is None:
            return DateReading(
                inner.end, Kind.RELATIVE, replace(inner.form, shift=which if word != "latest" else None)
            )
    if word == "this" and target == "years" and words[position + 1].isalpha():
        # "This years festival": an apostrophe that was left out.
        return DateReading(position + 1, Kind.RELATIVE, Near("unit", "Y", 0))
    unit = en.UNITS.get(target)
    if unit is not None and (target not in en.PLURAL_UNITS):
        return _near_unit(words, position, word, which, unit, with_the=with_the)
    if word in (
        "last",
        "past",
        "next",
        "coming",
        "previous",
        "recent",
        "preceding",
        "first",
        "following",
        "latest",
    ):
        return _window(words, position, word)
    return None


def _origin(word: str, with_the: bool) -> str:
    return "event" if word in ("following", "previous", "preceding", "same", "that") else "publication"


def _near_part(words: Words, position: int, word: str, which: int) -> DateReading | None:
    part = en.PARTS_OF_DAY[words[position]]
    if word in ("that", "same", "next", "following", "previous"):
        if words[position] == "night" and words[position + 1] in ("of",):
            return None
        shift = 0 if word in ("that", "same") else which
        return DateReading(position + 1, Kind.EVENT_RELATIVE, Anaphor("D", shift), part=part)
    return DateReading(position + 1, Kind.RELATIVE, DayShift(-1 if which < 0 else 0), part=part)


def _near_unit(
    words: Words, position: int, word: str, which: int, unit: str, *, with_the: bool
) -> DateReading | None:
    end = position + 1
    if unit in ("TH", "TM", "TS"):
        if word in ("last", "past", "next"):
            return DateReading(end, Kind.DURATION, Length(1, unit, which))
        return None
    if word in ("same", "that", "following", "previous", "preceding", "final"):
        if word == "final" or (unit in ("DE", "CE") and word == "final"):
            return None
        return DateReading(end, Kind.EVENT_RELATIVE, Anaphor(unit, which))
    if with_the and word == "next" and unit in ("D", "W", "M", "Y"):
        # "the next day" counts from the event, "next month" from the publication.
        if unit == "D":
            return DateReading(end, Kind.EVENT_RELATIVE, Anaphor(unit, 1))
        return DateReading(end, Kind.RELATIVE, Near("unit", unit, 1))
    if (word == "this" and unit == "D") or (word in ("last", "next") and unit == "D"):
        return None
    owned = words[end] == "of" and words[end + 1] in en.DETERMINERS and words[end + 2] not in en.UNITS
    behind_the = with_the or (position > 1 and words[position - 2] == "the")
    if behind_the and word == "last" and unit in ("W", "M", "Y") and owned:
        # "the last week of the race"
        return None
    if word == "latest":
        return (
            DateReading(end, Kind.RELATIVE, Near("unit", unit, -1))
            if unit in ("Q", "WE", "Y", "M", "W")
            else None
        )
    if word in ("past", "coming", "recent") and unit in ("D",):
        return None
    if words[end] in APOSTROPHES and words[end + 1] == "s":
        inner = absolute(words, end + 2)
        if unit == "Y" and inner is not None and isinstance(inner.form, YearPart) and inner.form.year is None:
            return DateReading(inner.end, Kind.RELATIVE, replace(inner.form, shift=which))
    if unit in ("DE", "CE", "Y", "M", "W") and word == "past":
        # "the past year" ends now; "last year" is the one before this.
        return DateReading(end, Kind.DURATION, Length(1, unit, -1))
    if with_the and unit in ("DE", "CE") and word in ("last", "next", "coming"):
        return DateReading(end, Kind.DURATION, Length(1, unit, which))
    weekday = en.WEEKDAYS.get(words[end + 1]) if unit == "W" and words[end] == "on" else None
    if weekday is not None and words.capital(end + 1) and words[end + 1] not in en.SHORT_WEEKDAYS:
        # "last week on Tuesday"
        return DateReading(end + 2, Kind.RELATIVE, Near("weekday", weekday, None, pinned=which))
    return DateReading(end, Kind.RELATIVE, Near("unit", unit, which))


def _window(words: Words, position: int, word: str) -> DateReading | None:
    """Read what follows "the past", "the next": "two weeks", "few months", "12 to 18 months", "years"."""
    which = -1 if word in ("last", "past", "previous", "recent", "preceding", "latest") else 1
    if word in ("recent", "coming", "past", "previous") and words[position] in en.PLURAL_UNITS:
        unit = en.UNITS[words[position]]
        if unit in CALENDAR_UNITS:
            return DateReading(position + 1, Kind.DURATION, Length(None, unit, which))
        return None
    amount = amount_of_time(words, position)
    if amount is None:
        return None
    count, unit, end = amount
    return DateReading(end, Kind.DURATION, Length(count, unit, which))


def _reporting_period(words: Words, position: int) -> DateReading | None:
    """Read "the quarter", "the latest period", "the full year", "the year ended" of a company's report.

    They lean on the period the report is about and never date a claim by themselves.
    """
    after = position + 1
    head = words[position]
    if head == "quarter" and words[after] not in (
        "of",
        "-",
        "century",
        "mile",
        "final",
        "finals",
        "finalist",
    ):
        return DateReading(after, Kind.REFERENCE, Anaphor("Q"))
    if head == "latest" and words[after] in ("period", "quarter"):
        return DateReading(after + 1, Kind.REFERENCE, Anaphor("Q"))
    if head in ("full", "fiscal") and words[after] == "year":
        return DateReading(after + 1, Kind.REFERENCE, Anaphor("Y"))
    if head == "year" and words[after] in ("ended", "ending"):
        return DateReading(after, Kind.REFERENCE, Length(1, "Y"))
    if head == "year" and words[position - 2] in ("for", "of") and not words[after].isalpha():
        return DateReading(after, Kind.REFERENCE, Anaphor("Y"))
    return None


def _the_unit(words: Words, position: int) -> DateReading | None:
    """Read "the day before", "the week after", "the year-earlier quarter", "the current quarter"."""
    unit = en.UNITS.get(words[position])
    follow = words[position + 1]
    if (
        unit in ("D", "W", "M", "Y")
        and words[position] not in en.PLURAL_UNITS
        and follow in ("before", "after")
    ):
        direction = -1 if follow == "before" else 1
        return DateReading(position + 1, Kind.EVENT_RELATIVE, Anaphor(unit, direction))
    if words[position] in ("day", "week", "month", "year") and follow in ("earlier", "later"):
        return DateReading(
            position + 2, Kind.EVENT_RELATIVE, Anaphor(unit or "D", -1 if follow == "earlier" else 1)
        )
    return None


def _year_ago(words: Words, index: int, *, start_here: bool) -> DateReading | None:
    """Read "year-ago", "the year-earlier quarter", "year-end", "year's end"."""
    after = index + 1
    if words[after] == "-" and words[after + 1] in ("ago", "earlier"):
        end = after + 2
        form: Form = Offset(1, "Y" if words[index] == "year" else "M", -1, "year-ago")
        if words[end] in en.ORDINALS and words[end + 1] == "quarter":
            return DateReading(end + 2, Kind.RELATIVE, YearPart(f"Q{en.ORDINALS[words[end]]}", shift=-1))
        if words[end] in ("quarter", "period", "month"):
            end += 1
        elif words[index - 1] in en.DETERMINERS and not start_here:
            return None
        return DateReading(end, Kind.RELATIVE, form)
    if words[index] == "year" and (
        (words[after] == "-" and words[after + 1] == "end") or words[after] == "end"
    ):
        return DateReading(after + (2 if words[after] == "-" else 1), Kind.RELATIVE, Near("unit", "YEND"))
    if words[index] == "year" and words[after] in APOSTROPHES and words[after + 2] == "end":
        return DateReading(after + 3, Kind.RELATIVE, Near("unit", "YEND"))
    return None


# --- repeated and vague -----------------------------------------------------------------------------------


def _every(words: Words, index: int) -> DateReading | None:
    position = index + 1
    if words[position] in ("other", "single"):
        position += 1
    target = words[position]
    if target in en.WEEKDAYS and words.capital(position):
        suffix, end = "", position + 1
        if words[end] in en.PARTS_OF_DAY:
            suffix, end = en.PARTS_OF_DAY[words[end]], end + 1
        while words[end] in ("and", "or", ",") and words[end + 1] in en.WEEKDAYS and words.capital(end + 1):
            # "every Tuesday and Thursday" is one habit.
            end += 2
        return DateReading(end, Kind.SET, Repeating(f"XXXX-WXX-{en.WEEKDAYS[target] + 1}{suffix}"))
    if target in en.MONTHS and words.capital(position):
        return DateReading(position + 1, Kind.SET, Repeating(f"XXXX-{en.MONTHS[target]:02d}"))
    if target in en.SEASONS:
        return DateReading(position + 1, Kind.SET, Repeating(f"XXXX-{en.SEASONS[target]}"))
    if target in en.PARTS_OF_DAY:
        return DateReading(position + 1, Kind.SET, Repeating("XXXX-XX-XX" + en.PARTS_OF_DAY[target]))
    unit = en.UNITS.get(target)
    if unit in en.UNIT_REPEATS and target not in en.PLURAL_UNITS:
        value = en.UNIT_REPEATS[unit]
        if words[position - 1] == "other" and value == f"P1{unit}":
            value = f"P2{unit}"
        return DateReading(position + 1, Kind.SET, Repeating(value))
    amount = amount_of_time(words, position)
    if amount is not None and amount[0] is not None:
        return DateReading(amount[2], Kind.SET, Repeating(duration_value(amount[0], amount[1])))
    return None


def _repeated(words: Words, index: int) -> DateReading | None:
    # "The Daily Mirror", "Weekly Standard": part of a name.
    if words.capital(index) and (words.capital(index + 1) or words.capital(index - 1)):
        return None
    # "$500 million annually" is a rate, not a time.
    if words[index] in ("annually", "yearly") and behind_amount(words, index):
        return None
    return DateReading(index + 1, Kind.SET, Repeating(en.REPEATED[words[index]]))


def _reference(words: Words, index: int) -> DateReading | None:
    word, after = words[index], words[index + 1]
    if word == "the" and after in ("future", "past"):
        if words[index + 2] in ("tense",) or words.capital(index + 1):
            return None
        if after == "past" and words[index - 1] not in ("in", "of", "from", "than"):
            return None
        return DateReading(
            index + 2, Kind.REFERENCE, Reference("FUTURE_REF" if after == "future" else "PAST_REF")
        )
    if word == "the" and after in ("near", "foreseeable") and words[index + 2] in ("future", "term"):
        return DateReading(index + 3, Kind.REFERENCE, Reference("FUTURE_REF"))
    if word == "these" and after == "days":
        return DateReading(index + 2, Kind.REFERENCE, Reference("PRESENT_REF"))
    if word == "more" and after == "recently":
        return DateReading(index + 2, Kind.REFERENCE, Reference("PAST_REF"))
    if word == "right" and after == "now":
        return DateReading(index + 2, Kind.REFERENCE, Reference("PRESENT_REF"))
    if word == "the" or word not in en.REFERENCES:
        return None
    if words.capital(index) and word in ("now", "future", "current", "recent") and words.capital(index + 1):
        return None
    if word == "now" and after in ("defunct", "famous", "-"):
        return None
    if word == "recent" and after in en.UNITS:
        return None
    if word == "current" and words[index - 1] in ("electric", "electrical", "a", "alternating", "direct"):
        return None
    if word == "soon" and (words[index - 1] == "as" or after in ("as", "after")):
        return None
    if word == "future" and (
        words[index - 1] in ("a", "s", "his", "her", "their", "its", "our") or after == "of"
    ):
        return None
    return DateReading(index + 1, Kind.REFERENCE, Reference(en.REFERENCES[word]))


# --- quantities of time -----------------------------------------------------------------------------------


# --- what an expression counts from -----------------------------------------------------------------------
