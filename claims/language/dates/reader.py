"""The result of reading words at one place, and the small readers that the other grammar modules share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from claims.language.dates import english as en
from claims.language.dates.lexer import Words
from claims.language.dates.model import Clock, Form, Kind

APOSTROPHES = ("'", "’", "‘", "`")


@dataclass(frozen=True, slots=True)
class DateReading:
    """A reading that ends before the token ``end``."""

    end: int
    kind: Kind
    form: Form
    mod: str = ""
    part: str = ""
    flags: tuple[str, ...] = ()
    parts: tuple[tuple[int, int, Form], ...] = ()

    CLOCK: ClassVar[Clock] = Clock()


def month_name(words: Words, index: int) -> tuple[int, int] | None:
    """Return the month and the index after its name and abbreviating full stop; a capital is required."""
    month = en.MONTHS.get(words[index])
    if month is None or not words.capital(index):
        return None
    after = index + 1
    if words[after] == "." and words.glued(index) and len(words[index]) <= 4:
        after += 1
    return month, after


def day_number(words: Words, index: int) -> tuple[int, int] | None:
    """Return a day of the month and the index after it: ``4``, ``4th``, ``eighth``, ``twenty-first``."""
    day = words.number(index, 2)
    if day is not None:
        after = index + 1
        if words[after] in en.ORDINAL_TAILS and words.glued(index):
            after += 1
        elif words[after] in ("%", "percent", "per", "million", "billion", "points", "people") or (
            words[after] in (".", ",", ":")
            and words.glued(index)
            and words.glued(after)
            and words[after + 1].isdecimal()
            and len(words[after + 1]) != 4
        ):
            return None
        return (day, after) if 1 <= day <= 31 else None
    ordinal = en.ORDINALS.get(words[index])
    if ordinal == 20 and words[index + 1] == "-" and words[index + 2] in en.ORDINALS:
        return 20 + en.ORDINALS[words[index + 2]], index + 3
    if ordinal is not None and words[index] not in ("twenty",) and ordinal <= 31:
        return ordinal, index + 1
    return None


def year_number(words: Words, index: int) -> tuple[int, int] | None:
    """Return a four-figure or spelt-out year ("nineteen ninety-seven") and the index after."""
    word = words[index]
    number = words.number(index, 4)
    if number is not None:
        if len(word) != 4 or not 1000 <= number <= 2199:
            return None
        after = words[index + 1]
        if words.glued(index):
            if after in (",", ".", ":") and words.glued(index + 1) and words[index + 2].isdecimal():
                return None
            if after in ("%", "_", "@", "°") or (after.isalpha() and after != "s"):
                return None
        return number, index + 1
    if word in ("nineteen", "eighteen", "twenty"):
        base = {"nineteen": 1900, "eighteen": 1800, "twenty": 2000}[word]
        tens = en.TENS.get(words[index + 1])
        if tens is not None:
            position = index + 2
            if words[position] == "-":
                position += 1
            ones = en.SMALL.get(words[position], 0)
            if 1 <= ones <= 9:
                return base + tens + ones, position + 1
            return base + tens, index + 2
        teens = en.SMALL.get(words[index + 1])
        if teens is not None and 10 <= teens <= 19 and word != "eighteen":
            return base + teens, index + 2
    if word == "two" and words[index + 1] == "thousand":
        position = index + 2 + (words[index + 2] == "and")
        ones = en.SMALL.get(words[position], 0)
        return (2000 + ones, position + 1) if 1 <= ones <= 19 else (2000, index + 2)
    return None


def short_year(words: Words, index: int) -> tuple[int, int] | None:
    """Return a year of two figures behind an apostrophe ("'69") and the index after.

    Up to '29 it is one of this century. Counts, minutes and feet ("5'10") are refused.
    """
    figure = words.number(index + 1, 2)
    if (
        figure is None
        or words[index] not in APOSTROPHES
        or not words.glued(index)
        or len(words[index + 1]) != 2
    ):
        return None
    after = index + 2
    if words.glued(index - 1) and words[index - 1] not in ("-", "–", "/", "(", "—"):
        return None
    glued = words.glued(index + 1)
    decimal = words[after] in (".", ",", ":") and words.glued(after) and words[after + 1].isdecimal()
    if glued and (words[after].isalnum() or words[after] == "%" or decimal):
        return None
    if words[after] in en.COUNTED or words[after] in en.UNITS:
        return None
    if glued and words[after] == "-" and words[after + 1] in en.UNITS:
        return None
    return (1900 if figure >= 30 else 2000) + figure, after


def day_part(words: Words, index: int) -> tuple[str, int] | None:
    """Return a part of the day in TimeML's notation and the index after: "night", "at 10:30 a.m. EST"."""
    word = words[index]
    if word in en.PARTS_OF_DAY and not word.endswith("s"):
        return en.PARTS_OF_DAY[word], index + 1
    if word == "at":
        return clock(words, index + 1)
    return None


def clock(words: Words, index: int) -> tuple[str, int] | None:
    """Return a time of day: ``10:35 a.m.``, ``5 p.m. EST``, ``16:00``, ``4 in the morning``, ``noon``."""
    word = words[index]
    if word in ("noon", "midday", "midnight"):
        return en.PARTS_OF_DAY[word], index + 1
    hour = words.number(index, 2)
    if hour is None and words[index + 1] == "o":
        hour = en.SMALL.get(word)
    if hour is None or hour > 24:
        return None
    position, minute = index + 1, 0
    known = False
    if words[position] in (":", ".") and words.glued(index) and words.glued(position):
        figure = words.number(position + 1, 2)
        if figure is not None and len(words[position + 1]) == 2 and figure < 60:
            known = words[position] == ":"
            minute, position = figure, position + 2
            if words[position] == ":" and words.number(position + 1, 2) is not None:
                position += 2
    half = ""
    if words[position] in ("am", "pm"):
        half, position = words[position], position + 1
    elif words[position] in ("a", "p") and words[position + 1] == "." and words[position + 2] == "m":
        half, position = words[position] + "m", position + 3
        if words[position] == "." and words.glued(position - 1):
            position += 1
    elif words[position] in ("o",) and words[position + 2] == "clock":
        known, position = True, position + 3
    if words[position] == "in" and words[position + 1] == "the" and words[position + 2] in en.PARTS_OF_DAY:
        half = "am" if words[position + 2] == "morning" else "pm"
        position += 3
    if not half and not known:
        return None
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    if words[position] in en.ZONES and (words.capital(position) or len(words[position]) > 2):
        position += 1
        if words[position] == "time":
            position += 1
    elif words[position] == "local" and words[position + 1] == "time":
        position += 2
    return f"T{hour:02d}:{minute:02d}", position
