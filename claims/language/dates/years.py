"""Read what names a year or a stretch of years: years, decades, centuries, quarters, halves, fiscal years."""

from __future__ import annotations

from dataclasses import replace

from claims.language.dates import english as en
from claims.language.dates.lexer import Words
from claims.language.dates.model import Calendar, Fiscal, Kind, YearPart, Years
from claims.language.dates.reader import APOSTROPHES, DateReading, short_year, year_number


def year_phrase(words: Words, index: int) -> DateReading | None:
    """Read a year, a decade, a pair of years, "1990 and beyond", "the 2015-16 season", "44 BC"."""
    number = words.number(index)
    if number is None:
        return None
    after = index + 1
    if words[after] in ("bc", "bce") and words.text[words.spans[after][0]].isupper() and number > 0:
        return DateReading(after + 1, Kind.DATE, Calendar(number, bce=True))
    decade = _decade_tail(words, index, number)
    if decade is not None:
        return decade
    year = year_number(words, index)
    if year is None:
        return None
    value = year[0]
    paired = words[after] in ("-", "–", "/") and words.glued(index) and words.glued(after)
    paired = paired and words[index - 1] in en.DETERMINERS and 1600 <= value <= 2100
    if not paired and not _is_year(words, index):
        return None
    if words[after] in ("-", "–", "/") and words.glued(index) and words.glued(after):
        second = words.number(after + 1)
        length = len(words[after + 1])
        if second is not None and length in (2, 4):
            last = second if length == 4 else value - value % 100 + second
            if length == 2 and last < value:
                last += 100
            if value < last <= value + 60 and not (words.glued(after + 1) and words[after + 2] in ("-", "/")):
                season = last == value + 1 and (length == 2 or words[after] == "/")
                end = after + 2
                if season and words[end] in ("season", "campaign"):
                    end += 1
                return DateReading(end, Kind.RANGE if not season else Kind.DATE,
                               Years(value, last, "season" if season else "span"))  # fmt: skip
    if words[after] in en.SEASONS and words[after] not in ("fall",):
        return DateReading(after + 1, Kind.DATE, YearPart(en.SEASONS[words[after]], value))
    inner = ordinal_phrase(words, after)
    if inner is not None and isinstance(inner.form, YearPart) and inner.form.year is None:
        return replace(inner, form=replace(inner.form, year=value))
    return DateReading(after, Kind.DATE, Calendar(value))


def decade_from(first: int) -> Years:
    return Years(first, first + 9, "decade")


def _decade_tail(words: Words, index: int, number: int) -> DateReading | None:
    after = index + 1
    if words[after] in APOSTROPHES and words.glued(index) and words.glued(after):
        after += 1
    if words[after] != "s" or not words.glued(after - 1):
        return None
    if len(words[index]) == 4 and number % 10 == 0 and 1000 <= number <= 2190:
        if (
            after != index + 1
            and words[after + 1].isalpha()
            and words[index - 1] not in ("the", "early", "late", "mid")
        ):
            # "2010's election" is the year, not the decade.
            return DateReading(index + 1, Kind.DATE, Calendar(number))
        label = "century" if number % 100 == 0 and words[index - 1] == "the" and number < 1900 else "decade"
        last = number + (99 if label == "century" else 9)
        return DateReading(after + 1, Kind.DATE, Years(number, last, label))
    if len(words[index]) == 2 and number % 10 == 0 and number >= 20 and words[index - 1] in (
        "the", "early", "late", "mid", "-",
    ):  # fmt: skip
        if words[index - 2] in ("in", "his", "her", "their") and words[index - 1] != "the":
            return None
        return DateReading(after + 1, Kind.DATE, decade_from(1900 + number))
    return None


def short_decade(words: Words, index: int) -> DateReading | None:
    """Read "'80s" and "’90s"."""
    figure = words.number(index + 1, 2)
    if figure is None or not words.glued(index) or figure % 10 or len(words[index + 1]) != 2:
        return None
    if words[index + 2] != "s" or not words.glued(index + 1):
        return None
    return DateReading(index + 3, Kind.DATE, decade_from((1900 if figure >= 20 else 2000) + figure))


#: In front of "'69" one of these says that it is a year; so does a noun behind "the '92".
_BEFORE_SHORT = (
    en.YEAR_PREPOSITIONS - {"than", "versus", "vs"}
    | frozenset(en.MONTHS)
    | frozenset(en.SEASONS)
    | {"class", "back", "about"}
)


def short_year_phrase(words: Words, index: int) -> DateReading | None:
    """Read "'69" behind a word that asks for a year: "in '69", "class of '85", "the '92 election"."""
    year = short_year(words, index)
    if year is None:
        return None
    before, following = words[index - 1], words[year[1]]
    named = before in en.DETERMINERS and following.isalpha() and following not in en.SMALL
    joined = before in ("-", "–", "—", "/") and words.glued(index - 1)
    if before in _BEFORE_SHORT or named or joined:
        return DateReading(year[1], Kind.DATE, Calendar(year[0]))
    return None


def _attribute(words: Words, index: int) -> bool:
    """Tell "her surprise 2014 win": a word between determiner and year, a noun of no more than one behind."""
    before, after = words[index - 1], words[index + 1]
    determined = words[index - 2] in en.DETERMINERS or words[index - 2] in ("s", "her", "his", "its", "their")
    plain = before.isalpha() and before not in en.LABELS and not words.capital(index - 1)
    return determined and plain and after.isalpha() and not after.endswith("s") and after not in en.COUNTED


def _is_year(words: Words, index: int) -> bool:
    """Tell a year from a count, a label or a price by its neighbours."""
    before, after = words[index - 1], words[index + 1]
    number = words.number(index) or 0
    if 1900 <= number <= 2100 and _attribute(words, index):
        return True
    if after in ("local", "gmt", "utc", "hrs") or (after == "year" and words[index + 2] == "old"):
        return False
    if _in_copyright(words, index):
        return False
    if words.capital(index + 1) and words[index + 2] in (
        "street",
        "avenue",
        "road",
        "drive",
        "lane",
        "boulevard",
    ):
        return False
    if before == "over" and _spans_years(words, index):
        return True
    dated = (before == "around" and number % 100 > 0) or (
        before == "than" and words[index - 2] in ("later", "earlier")
    )
    if dated and 1900 <= number <= 2199 and _stands_alone(words, index):
        return True
    if before == "from" and after in ("onward", "onwards") and number >= 1500:
        return True
    if before in en.LABELS or after in en.COUNTED:
        return before in ("over", "about", "around") and before == "around" and number >= 1900 and not after
    if after in en.OF_A_YEAR and 1800 <= number <= 2100 and before.isalpha():
        return True
    if before and not before.isalnum() and words.glued(index - 1) and before not in "(['’\"“‘-–—,;":
        return False
    if before == "." and words.glued(index - 1):
        return False
    if (
        before in ("-", "–")
        and words.glued(index - 1)
        and words.glued(index - 2)
        and words[index - 2] not in ("mid", "pre", "post", "early", "late", "then", "fiscal", "year")
    ):
        return False
    if before.isdecimal() or (before and before.isalpha() and words.glued(index - 1)):
        return False
    if words.glued(index) and after in ("-",) and words.glued(index + 1) and words[index + 2].isdecimal():
        length = len(words[index + 2])
        if length not in (2, 4) or int(words[index + 2]) == 0:
            return False
    if words.glued(index) and after == "/" and not words[index + 2].isdecimal():
        return False
    if before in en.YEAR_PREPOSITIONS or before in en.MONTHS or before in en.SEASONS:
        if before in (
            "between",
            "and",
            "to",
            "than",
            "versus",
            "vs",
            "or",
            "for",
            "of",
            "from",
            "by",
            "with",
        ):
            plural = after.endswith("s") and after.isalpha() and len(after) > 3
            return 1500 <= number <= 2100 and not (plural and before != "of")
        return True
    if not 1600 <= number <= 2100:
        return False
    if before in en.DETERMINERS:
        return after.isalpha() and not (after.endswith("s") and before == "a") and number >= 1700
    if before in ("(", "[") or after in (")", "]"):
        return True
    plural = after.endswith("s") and after.isalpha() and len(after) > 3 and not words.capital(index + 1)
    if plural or not 1800 <= number <= 2100:
        return False
    return before in (",", ";", ":", "", "\n", "\"", "“", "-", "–", "—", "_") or words.capital(index - 1) or (
        before in ("is", "was", "be", "s", "but", "that", "when", "where", "on", "at", "least", "as", "with")
        or after in (".", ",", ";", ":", "?", "!", "'", "’", "and", "or", "to", "")
    )  # fmt: skip


def _spans_years(words: Words, index: int) -> bool:
    """Tell "over 2000-2010" and "over 2000 - 2050" from "over 2000 people"."""
    first, last = words.number(index) or 0, words.number(index + 2) or 0
    return words[index + 1] in ("-", "–") and len(words[index + 2]) == 4 and 1600 <= first < last <= 2199


def _stands_alone(words: Words, index: int) -> bool:
    """Tell a figure that counts nothing behind it."""
    after = words[index + 1]
    return not after.isalnum() and after not in ("%", "-") and not words[index + 2].isdecimal()


def _in_copyright(words: Words, index: int) -> bool:
    """Tell whether the line says "Copyright" or "©" shortly before the year."""
    for step in range(1, 9):
        word = words[index - step]
        if word in ("copyright", "©") or (word == "c" and words[index - step - 1] == "("):
            return "\n" not in words.text[words.spans[index - step][0] : words.spans[index][0]]
        if not word or word in ("\n", "."):
            return False
    return False


def ordinal_phrase(words: Words, index: int) -> DateReading | None:
    """Read "third quarter of 2020", "first half", "19th century", "the fiscal second quarter"."""
    position, fiscal = index, False
    if words[position] == "fiscal":
        fiscal = True
        position += 1
        if words[position] == "-":
            position += 1
    ordinal = en.ORDINALS.get(words[position])
    after = position + 1
    if ordinal is None:
        number = words.number(position, 2)
        if number is not None and words[after] in en.ORDINAL_TAILS and words.glued(position):
            ordinal, after = number, after + 1
        elif words[position] in ("last", "final") and words[after] in ("half", "quarter"):
            ordinal = 2 if words[after] == "half" else 4
            if words[after + 1] != "of":
                return None
    elif words[position] == "twenty" and words[after] == "-" and words[after + 1] in en.ORDINALS:
        ordinal, after = 20 + en.ORDINALS[words[after + 1]], after + 2
    if ordinal is None:
        return None
    if words[after] in ("-", "‑", "–") and words[after + 1] in ("quarter", "half", "century"):
        after += 1
    elif words[after] == "fiscal":
        fiscal, after = True, after + 1
    unit = words[after]
    if unit == "century" and 1 <= ordinal <= 21:
        if words[after + 1] in ("bc", "bce"):
            return None
        return DateReading(after + 1, Kind.DATE, Years(100 * ordinal - 99, 100 * ordinal, "century"))
    if unit in ("quarter", "half") and 1 <= ordinal <= (4 if unit == "quarter" else 2):
        name = f"{'Q' if unit == 'quarter' else 'H'}{ordinal}"
        if unit == "half" and words[after + 1] != "of" and words[index - 1] == "the":
            # "the second half" alone is as often a football match; it needs its year or "of the year".
            if words[after + 1] not in ("this", "last", "next"):
                return None
        elif unit == "half" and words[after + 1] != "of":
            return None
        return part_year(words, YearPart(name, fiscal=fiscal), after + 1)
    return None


def part_year(words: Words, part: YearPart, position: int) -> DateReading | None:
    """Add the year to a quarter, half or season: "of 2020", "2020", "of last year", "this year"."""
    after = position
    if words[after] in ("of", ",", "in"):
        after += 1
    if words[after] == "fiscal":
        part, after = replace(part, fiscal=True), after + 1
    year = year_number(words, after) or short_year(words, after)
    if year is not None and words[year[1]] not in en.COUNTED:
        return DateReading(year[1], Kind.DATE, replace(part, year=year[0]))
    if words[after] == "the" and words[after + 1] == "year" and part.name[0] == "H":
        return DateReading(after + 2, Kind.RELATIVE, replace(part, shift=0))
    if words[after] in en.WHICH and words[after + 1] == "year":
        which = en.WHICH[words[after]]
        return DateReading(after + 2, Kind.RELATIVE, replace(part, shift=which))
    if part.name[0] == "H":
        if words[position] == "of":
            decade = _decade_at(words, after)
            if decade is not None:
                return replace(decade, mod="START" if part.name == "H1" else "END")
        return None
    if (
        words[position] == "of"
        and part.name[0] == "Q"
        and words[after] == "the"
        and words[after + 1] == "year"
    ):
        return DateReading(after + 2, Kind.RELATIVE, part)
    return DateReading(position, Kind.RELATIVE, part)


def short_part(words: Words, index: int) -> DateReading | None:
    """Read "Q3 2020", "H1 2019", "Q4"."""
    number = words.number(index + 1, 1)
    letter = words[index].upper()
    if number is None or not words.glued(index) or not words.capital(index):
        return None
    if not 1 <= number <= (4 if letter == "Q" else 2) or (
        words.glued(index + 1) and words[index + 2].isalnum()
    ):
        return None
    reading = part_year(words, YearPart(f"{letter}{number}"), index + 2)
    if reading is None or (
        letter == "H" and isinstance(reading.form, YearPart) and reading.form.year is None
    ):
        return None
    return reading


def fiscal_year(words: Words, index: int) -> DateReading | None:
    """Read "FY2019", "FY 2019-20", "fiscal 2019", "fiscal year 2019", "financial year 2019/20"."""
    position = index + 1
    if words[index] == "financial" and words[position] != "year":
        return None
    if words[position] == "year":
        position += 1
    if words[position] in APOSTROPHES:
        position += 1
    year = year_number(words, position)
    if year is None and words[index] == "fy":
        figure = words.number(position, 2)
        if figure is not None and len(words[position]) == 2:
            year = 2000 + figure, position + 1
    if year is None:
        return ordinal_phrase(words, index) if words[index] == "fiscal" else None
    value, end = year
    if words[end] in ("-", "–", "/") and words.glued(end - 1) and words.number(end + 1) is not None:
        second = words.number(end + 1) or 0
        if (value + 1) % (100 if len(words[end + 1]) == 2 else 10000) == second:
            return DateReading(end + 2, Kind.DATE, Years(value, value + 1, "season"))
    return DateReading(end, Kind.DATE, Fiscal(value))


def _decade_at(words: Words, index: int) -> DateReading | None:
    """Read the decade or century behind "the first half of"."""
    index += words[index] == "the"
    if words[index] in en.DECADES:
        return DateReading(index + 1, Kind.DATE, decade_from(1900 + en.DECADES[words[index]]))
    reading = short_decade(words, index) if words[index] in APOSTROPHES else year_phrase(words, index)
    if reading is None and "half" not in (words[index + 1], words[index + 2]):
        # A half of a half is none.
        reading = ordinal_phrase(words, index)
    return reading if reading is not None and isinstance(reading.form, Years) else None
