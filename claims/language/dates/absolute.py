"""Read expressions that name their place on the calendar: days, months, weekdays, seasons, holidays."""

from __future__ import annotations

from dataclasses import replace

from claims.language.dates import almanac
from claims.language.dates import english as en
from claims.language.dates.lexer import Words
from claims.language.dates.model import (
    Calendar,
    DayShift,
    EitherOrder,
    Holiday,
    Kind,
    Near,
    Reference,
    Repeating,
    YearPart,
)
from claims.language.dates.reader import (
    APOSTROPHES,
    DateReading,
    clock,
    day_number,
    day_part,
    month_name,
    short_year,
    year_number,
)
from claims.language.dates.years import (
    decade_from,
    fiscal_year,
    ordinal_phrase,
    part_year,
    short_decade,
    short_part,
    short_year_phrase,
    year_phrase,
)

_DASH = ("-", "–", "—")
_UNITS_OF_A_DAY = ("week", "month", "weekend", "quarter", "year")
_SEASON_PREPOSITIONS = en.words_of(
    "in over during into throughout of until by since through this before after"
)
_SPRING_PREPOSITIONS = en.words_of("in this since until before by")
_BEHIND_A_SEASON = en.words_of("and or but it they the when as because if he she we")
_MONTH_PREPOSITIONS = en.words_of(
    "in since by until till of from through during early late mid last next this before after between to"
    " for around and each every or"
)


def absolute(words: Words, index: int) -> DateReading | None:
    """Read an absolute or year-less calendar expression that starts at a token."""
    word = words[index]
    if not word:
        return None
    if word[0].isdecimal():
        return _from_number(words, index)
    if word in en.MONTHS:
        return _from_month(words, index)
    if word in en.WEEKDAYS:
        return _from_weekday(words, index)
    if word in en.HOLIDAY_STARTS:
        holiday = _holiday(words, index)
        if holiday is not None:
            return holiday
    if word in ("fy", "fiscal", "financial"):
        return fiscal_year(words, index)
    if word in ("q", "h"):
        return short_part(words, index)
    if word in en.SEASONS:
        return _season(words, index)
    if word in APOSTROPHES:
        return short_decade(words, index) or short_year_phrase(words, index)
    if word in ("noon", "midnight", "midday"):
        return _from_clock(words, index)
    return _from_words(words, index)


def _from_words(words: Words, index: int) -> DateReading | None:
    word = words[index]
    position = index
    if word in ("the", "its", "their", "a"):
        position += 1
    head = words[position]
    if head in ("year", "years") and word == "the":
        year = year_number(words, position + 1)
        if year is not None:
            return DateReading(year[1], Kind.DATE, Calendar(year[0]))
        early = words.number(position + 1, 3)
        alone = not words[position + 2].isalnum() and not words.glued(position + 2)
        if early and head == "year" and alone and words[index - 1] in en.YEAR_PREPOSITIONS:
            # "in the year 79"
            return DateReading(position + 2, Kind.DATE, Calendar(early))
        return None
    if head in en.DECADES and word == "the":
        return DateReading(position + 1, Kind.DATE, decade_from(1900 + en.DECADES[head]))
    if head in APOSTROPHES and word == "the":
        return short_decade(words, position)
    if head in en.SEASONS and word == "the":
        return _season(words, position, bare=True)
    if head.isdecimal() and word == "the":
        inner = year_phrase(words, position) or ordinal_phrase(words, position) or _of_month(words, position)
        if inner is not None and isinstance(inner.form, Calendar) and inner.form.month is None:
            return None
        return inner
    if position != index and words[position + 1] == "-" and words[position + 2] == "quarter":
        # "a third-quarter loss": the article belongs to the noun.
        return None
    if head in ("fiscal", "early", "mid", "late") or head in en.ORDINALS or head in ("last", "final"):
        return ordinal_phrase(words, position) or _of_month(words, position)
    if head in ("nineteen", "two"):
        year = year_number(words, position)
        if year is not None and position == index:
            if words[year[1]] in en.COUNTED or words[year[1]] in en.UNITS or head == "two":
                return None
            return DateReading(year[1], Kind.DATE, Calendar(year[0]))
    if head in _UNITS_OF_A_DAY and words[position + 1] in (
        "of",
        "ending",
        "ended",
    ):
        return _unit_of(words, position)
    return None


# --- numbers ----------------------------------------------------------------------------------------------


def _from_number(words: Words, index: int) -> DateReading | None:
    return (
        _day_in_figures(words, index)
        or _from_clock(words, index)
        or year_phrase(words, index)
        or ordinal_phrase(words, index)
    )


def _day_in_figures(words: Words, index: int) -> DateReading | None:
    """Read a day that begins with a figure and no time of day: a timetable is a time behind a time behind a time."""
    return _numeric(words, index) or _nine_eleven(words, index) or _day_first(words, index)


def _numeric(words: Words, index: int) -> DateReading | None:
    """Read ``2020-10-14``, ``14.10.2020``, ``10/14/2020``, ``05/06/2019``."""
    mark = words[index + 1]
    if mark not in ("-", "/", ".") or words[index + 3] != mark:
        return None
    if not all(words.glued(index + step) for step in range(4)):
        return None
    first, second, third = (words.number(index + step) for step in (0, 2, 4))
    if first is None or second is None or third is None:
        return None
    # A longer chain of figures is a version, an address or a telephone number.
    if words.glued(index - 1) and words[index - 1] in ("-", "/", ".", "+", "#", "v", "_", "$", "£", "€"):
        return None
    if words.glued(index + 4) and words[index + 5] in ("-", "/", "_") and words.glued(index + 5):
        return None
    if (
        words.glued(index + 4)
        and words[index + 5] == "."
        and words.glued(index + 5)
        and words[index + 6].isdecimal()
    ):
        return None
    end = index + 5
    if len(words[index]) == 4:
        if mark == "." or not almanac.valid_day(first, second, third):
            return None
        if words[end] == "t" and words.glued(end - 1):
            stamp = clock(words, end + 1)
            if stamp is not None:
                return DateReading(stamp[1], Kind.DATE, Calendar(first, second, third), part=stamp[0])
        return _timed(words, DateReading(end, Kind.DATE, Calendar(first, second, third)))
    if len(words[index + 4]) == 4:
        year = third
    elif len(words[index + 4]) == 2 and mark in ("/", ".") and len(words[index + 2]) == 2:
        # Two figures for the year: only with two for the month, or every fraction and score would be a date.
        year = 1900 + third if third > 68 else 2000 + third
    else:
        return None
    if not 1000 <= year <= 2199:
        return None
    month_first_ok = almanac.valid_day(year, first, second)
    day_first_ok = almanac.valid_day(year, second, first)
    if mark == ".":
        if not day_first_ok:
            return None
        return _timed(words, DateReading(end, Kind.DATE, Calendar(year, second, first)))
    if month_first_ok and day_first_ok and first != second:
        form = EitherOrder(year, first, second)
        return _timed(words, DateReading(end, Kind.DATE, form, flags=("ambiguous-day-month",)))
    if month_first_ok:
        flags = () if first == second else ("month-first",)
        return _timed(words, DateReading(end, Kind.DATE, Calendar(year, first, second), flags=flags))
    if day_first_ok:
        return _timed(words, DateReading(end, Kind.DATE, Calendar(year, second, first), flags=("day-first",)))
    return None


def _nine_eleven(words: Words, index: int) -> DateReading | None:
    """Read "9/11", the one day that is known by its figures."""
    if words[index] != "9" or words[index + 1] != "/" or words[index + 2] != "11":
        return None
    if words.glued(index - 1) or (words.glued(index + 2) and words[index + 3] in ("/", "-")):
        return None
    return DateReading(index + 3, Kind.DATE, Calendar(2001, 9, 11))


def _day_first(words: Words, index: int) -> DateReading | None:
    """Read "14 October 2020", "14th of October", "10. October"."""
    day = day_number(words, index)
    if day is None:
        return None
    position = day[1]
    if words[position] == "of":
        position += 1
        if words[position] == "the":
            return None
    elif (words[position] == "." and words.glued(position - 1)) or (
        words[position] == "-" and words.glued(position - 1)
    ):
        position += 1
    month = month_name(words, position)
    if month is None:
        return None
    return _with_year(words, Calendar(None, month[0], day[0]), month[1])


def _of_month(words: Words, index: int) -> DateReading | None:
    """Read "the 14th of October", "the fourth of July", "the first Monday of May" (its month)."""
    ordinal = day_number(words, index)
    if ordinal is None or words[ordinal[1]] != "of":
        return None
    month = month_name(words, ordinal[1] + 1)
    if month is None:
        return None
    return _with_year(words, Calendar(None, month[0], ordinal[0]), month[1])


def _with_year(words: Words, form: Calendar, position: int) -> DateReading:
    """Add the year that may follow a day or month, and a time of day."""
    after = position
    pinned: int | None = None
    if words[after] in (",", "of", "-") and (words[after] != "-" or words.glued(after)):
        after += 1
    if words[after] in ("last", "this", "next") and words[after + 1] == "year":
        pinned = en.WHICH[words[after]]
        after += 2
    year = year_number(words, after) if pinned is None else None
    if year is None and pinned is None and words[after - 1] != "-":
        year = short_year(words, after)
    if year is not None and words[position] == "," and form.day is None and words[year[1]] == "people":
        year = None
    if year is not None and words[year[1]] not in en.COUNTED:
        form, position = replace(form, year=year[0]), year[1]
    elif pinned is not None and form.month is not None and form.day is None:
        return DateReading(after, Kind.RELATIVE, Near("month", form.month, None, pinned=pinned))
    if form.year is not None and form.month is not None and form.day is not None:
        if not almanac.valid_day(form.year, form.month, form.day):
            form = replace(form, day=None)
    elif (
        form.month is not None and form.day is not None and not almanac.valid_day(2000, form.month, form.day)
    ):
        form = replace(form, day=None)
    reading = DateReading(position, Kind.DATE, form)
    return _timed(words, reading) if form.day is not None else reading


def _timed(words: Words, reading: DateReading) -> DateReading:
    """Take a time of day that follows: "Oct. 6 at 10 a.m.", "6 April 16:00", "Friday night"."""
    position = reading.end + (words[reading.end] == ",")
    part = day_part(words, position) or clock(words, position)
    if part is None:
        return reading
    return replace(reading, end=part[1], part=part[0])


def _from_clock(words: Words, index: int) -> DateReading | None:
    """Read a time of day, with the day that follows it if one does."""
    time = clock(words, index)
    if time is None:
        return None
    position = time[1]
    if words[position] in ("on", ","):
        position += 1
    day: DateReading | None = None
    if words[position].isdecimal():
        day = _day_in_figures(words, position)
    elif words[position] in en.WEEKDAYS or words[position] in en.MONTHS:
        day = absolute(words, position)
    elif words[position] in en.DEICTIC:
        shift = en.DEICTIC[words[position]]
        day = DateReading(position + 1, Kind.RELATIVE, DayShift(shift))
    if day is not None and day.kind in (Kind.DATE, Kind.RELATIVE) and not day.part:
        placed = isinstance(day.form, Calendar) and day.form.day is not None
        if placed or not isinstance(day.form, Calendar):
            return replace(day, part=time[0])
    return DateReading(time[1], Kind.TIME, DateReading.CLOCK, part=time[0])


# --- years, decades, centuries ----------------------------------------------------------------------------


# --- months, weekdays, seasons, holidays ------------------------------------------------------------------


def _from_month(words: Words, index: int) -> DateReading | None:
    name = month_name(words, index)
    if name is None:
        return None
    month, after = name
    if words[after] == "the":
        day = day_number(words, after + 1)
        if day is not None and day[1] > after + 2:
            return _with_year(words, Calendar(None, month, day[0]), day[1])
    day = day_number(words, after)
    if day is not None and not (words[day[1]] in ("-", "–") and words[day[1] + 1] in en.UNITS):
        glued_thousand = words[day[1]] == "," and words.glued(day[1]) and len(words[day[1] + 1]) == 3
        if (
            not glued_thousand
            and (words[after] not in en.ORDINALS or words[after] not in ("first", "second"))
            and words[day[1]] not in en.COUNTED
        ):
            return _with_year(words, Calendar(None, month, day[0]), day[1])
    bare = _with_year(words, Calendar(None, month), after)
    if isinstance(bare.form, Near) or (isinstance(bare.form, Calendar) and bare.form.year is not None):
        return bare
    return bare if _is_month(words, index, after) else None


def _is_month(words: Words, index: int, after: int) -> bool:
    """Tell the month from the name, the verb and the demonstration."""
    before, following = words[index - 1], words[after]
    word = words[index]
    if before in _DASH and words[index - 2] in en.EDGES:
        return True
    if (
        following in (*_DASH, "to", "and", "through")
        and words[after + 1] in en.MONTHS
        and words.capital(after + 1)
    ):
        return True
    if (
        word in ("jan", "dec", "mar", "feb", "sep", "oct", "nov", "jun", "jul", "aug", "apr")
        and following != "."
    ) and words[after - 1] != ".":
        return before in ("in", "since", "until", "from", "by", "last", "next") and not words.capital(after)
    named = words.capital(after) and following.isalpha() and following not in en.MONTHS and len(following) > 1
    if before in ("'", "’") or (before == "s" and words[index - 2] in APOSTROPHES):
        return word not in en.SHY_MONTHS
    if before in _MONTH_PREPOSITIONS:
        if word == "may" and before in ("for", "by", "to", "from", "and", "or", "after", "before", "of"):
            return following in (".", ",", ";", ")", "and", "or", "to", "") and before in (
                "by", "from", "before", "after", "of", "to",
            )  # fmt: skip
        if word in en.SHY_MONTHS and named:
            return before in ("in", "since", "last", "next", "until")
        return not (word == "march" and following == "on" and words.capital(after + 1))
    if before in ("and", "or", ",", "/", "-", "–") and words[index - 2] in en.MONTHS:
        return True
    if word in en.SHY_MONTHS:
        lower_noun = (
            following.isalpha() and not words.capital(after) and following not in ("on", "of", "for", "to")
        )
        return (before in ("the", "a", "its", "his", "their") and lower_noun and word != "march") or (
            word == "march" and before in ("the", "its", "a") and following in (
                "meeting", "quarter", "election", "elections", "accession", "figure", "figures", "vote",
                "deadline",
                "budget", "report", "attack", "attacks", "summit", "agreement", "deal", "referendum",
            )
        )  # fmt: skip
    return not named


def _from_weekday(words: Words, index: int) -> DateReading | None:
    """Read "Friday", "Friday night", "Friday, Oct. 23, 1998", "Sat 5 May"."""
    word = words[index]
    if not words.capital(index):
        return None
    weekday = en.WEEKDAYS[word]
    after = index + 1
    short = word in en.SHORT_WEEKDAYS
    if short and words[after] == "." and words.glued(index):
        after += 1
    plural = word.endswith("days")
    comma = after + (words[after] == ",")
    if words[comma] == "the":
        comma += 1
    dated = _from_month(words, comma) if words[comma] in en.MONTHS else None
    if words[comma].isdecimal():
        dated = _day_in_figures(words, comma)
    if dated is None and words[comma] in en.ORDINALS:
        dated = _of_month(words, comma)
    if (
        dated is not None
        and isinstance(dated.form, Calendar)
        and dated.form.day is not None
        and not dated.form.bce
    ):
        return replace(dated, form=replace(dated.form, weekday=weekday))
    if short and (words[after - 1] != "." or word in ("sun", "sat", "wed")):
        return None
    part = day_part(words, after) if not plural else None
    if part is None and not plural and words[after] in APOSTROPHES and words[after + 1] == "s":
        part = None
    if plural or words[after] in ("nights", "mornings", "evenings", "afternoons"):
        suffix, end = "", after
        if words[after] in en.PARTS_OF_DAY:
            suffix, end = en.PARTS_OF_DAY[words[after]], after + 1
        return DateReading(end, Kind.SET, Repeating(f"XXXX-WXX-{weekday + 1}{suffix}"))
    week = after + (words[after] == "of")
    if not plural and words[week] in ("last", "this", "next") and words[week + 1] == "week":
        return DateReading(
            week + 2, Kind.RELATIVE, Near("weekday", weekday, None, pinned=en.WHICH[words[week]])
        )
    if not plural and not short and words[after] == "week" and not words[after + 1].isalpha():
        # "Monday week"
        return DateReading(after + 1, Kind.RELATIVE, Near("weekday", weekday, 2))
    form = Near("weekday", weekday)
    if part is not None:
        return DateReading(part[1], Kind.RELATIVE, form, part=part[0])
    timed = clock(words, after + (words[after] == ","))
    if timed is not None:
        return DateReading(timed[1], Kind.RELATIVE, form, part=timed[0])
    return DateReading(after, Kind.RELATIVE, form)


def _season(words: Words, index: int, *, bare: bool = False) -> DateReading | None:
    """Read "summer 2019", "the winter of 1994", and bare "summer" behind a preposition."""
    season = en.SEASONS[words[index]]
    reading = part_year(words, YearPart(season), index + 1)
    if (
        reading is not None
        and isinstance(reading.form, YearPart)
        and (reading.form.year is not None or reading.form.shift is not None)
    ):
        return reading
    before = words[index - 2] if bare else words[index - 1]
    unread = words[index + 1] == "of"
    # "spring" and "fall" are verbs and nouns too: only the summer and the winter stand alone.
    named = words.capital(index) or (words.capital(index + 1) and words[index + 1].isalpha())
    attribute = words[index + 1].isalpha() and words[index + 1] not in _BEHIND_A_SEASON
    if before in ("before", "after", "by") and attribute:
        # "before the summer recess"
        return None
    if not named and before in _SEASON_PREPOSITIONS:
        if words[index] in ("spring", "fall") and not bare and before not in _SPRING_PREPOSITIONS:
            return None
        if (
            words[index + 1].isalpha()
            and words[index] in ("spring", "fall")
            and words[index + 1] in ("in", "of")
        ):
            return None
        if words[index] == "fall" and before in ("of", "over", "into", "by", "through"):
            return None
        if unread:
            # "the summer of love": some summer, not the last one.
            return DateReading(index + 1, Kind.RELATIVE, Reference(f"XXXX-{season}"))
        return DateReading(index + 1, Kind.RELATIVE, Near("season", season))
    return None


def _holiday(words: Words, index: int) -> DateReading | None:
    if not words.capital(index):
        return None
    for names, key in en.HOLIDAYS.items():
        if names[0] == words[index] and all(words[index + step] == name for step, name in enumerate(names)):
            after = index + len(names)
            if len(names) == 1 and words.capital(after) and words[after].isalpha():
                return None
            if len(names) == 1 and words.capital(index - 1) and words[index - 1] not in en.BEFORE_HOLIDAYS:
                # "Johnnie Christmas" is somebody.
                return None
            if names == ("easter",) and words[after] == "week":
                return None
            form = Holiday(key)
            position = after + (words[after] in (",", "of"))
            year = year_number(words, position)
            if year is not None:
                return DateReading(year[1], Kind.DATE, replace(form, year=year[0]))
            if words[position] in ("last", "next", "this") and words[position + 1] == "year":
                return DateReading(
                    position + 2, Kind.RELATIVE, Near("holiday", key, None, pinned=en.WHICH[words[position]])
                )
            return DateReading(after, Kind.RELATIVE, form)
    return None


def _unit_of(words: Words, index: int) -> DateReading | None:
    """Read "the week of March 6" and "the week ending 5 May" as that week."""
    if words[index] != "week":
        return None
    behind = index + 2 + (words[index + 2] == "the")
    # "The week of the week of" is no day.
    inner = absolute(words, index + 2) if words[behind] not in _UNITS_OF_A_DAY else None
    if inner is None or not isinstance(inner.form, Calendar) or inner.form.day is None:
        return None
    return replace(inner, kind=Kind.RELATIVE, flags=("week-of",))
