"""Read lengths of time and what they count from: "three weeks ago", "a day after the vote", "for years"."""

from __future__ import annotations

from dataclasses import replace

from claims.language.dates import english as en
from claims.language.dates.durations import duration_value
from claims.language.dates.lexer import Words
from claims.language.dates.model import ATTRIBUTIVE, STORY, Anaphor, Kind, Length, Offset, Repeating
from claims.language.dates.reader import APOSTROPHES, DateReading

_BEFORE_PLURALS = en.words_of("for in within over after takes take took last lasted of")
# A word that may follow "for years" without being counted by it.
_AFTER_PLURALS = en.words_of(
    "the and that to by in on but as now he she they it we of for with without because when while have"
    " has had about from at"
)
_SERVED = en.words_of("prison jail custody imprisonment detention probation experience age")
_MEASURED = en.words_of(
    "for in within least than only just lasted last lasts exactly after every about takes took"
)
_ADJECTIVES = en.words_of(
    "more further additional full whole straight consecutive long short trading business working calendar"
    " such other successive single"
)
#: Evenings and nights count as days where they follow each other: "two nights running".
_RUN = frozenset({"straight", "consecutive", "successive"})
_NIGHTS = en.words_of("nights evenings mornings afternoons")
#: What is so many years old without being alive; anything above the age of people is.
_THINGS = en.words_of(
    "building bridge tradition browser ban law rule treaty company firm war conflict feud dispute agreement"
    " policy system industry plan house church school mill ship ferry plane car engine dam road tunnel station stadium"
    " club program programme embargo border institution newspaper custom practice recipe debt software"
    " device network plant factory reactor partnership alliance rivalry mystery murder monarchy democracy constitution"
)
_OLDEST = 110
CALENDAR_UNITS = frozenset({"D", "W", "M", "Y", "DE", "CE", "Q", "WE", "FN"})


def quantity(words: Words, index: int) -> DateReading | None:
    """Read "three weeks ago", "two days later", "10-year", "for over 2,500 years", "years"."""
    position = index
    full = words[index] == "the" and words[index + 1] == "full"
    if full or (
        words[index] in ("the", "its", "an", "a")
        and words[index + 1] in ("first", "last", "additional", "entire")
    ):
        position += 1
        if words[position] in ("first", "last", "additional"):
            position += 1
    elif words[index] == "the" and (words[index + 1].isdecimal() or words[index + 1] in en.SMALL):
        position += 1
    if words[position + 1] == "-" and position != index and words[position + 2] in en.UNITS:
        # "the 30-day rule": the article belongs to the noun.
        return None
    amount = amount_of_time(words, position)
    if amount is None:
        return _age_of_a_thing(words, position) or _bare_plural(words, index)
    count, unit, end = amount
    if position != index and unit not in CALENDAR_UNITS and words[index] != "the":
        return None
    if words[end - 1] in en.PLURAL_UNITS and words[end] in APOSTROPHES:
        # "two days' notice"
        return DateReading(end, Kind.DURATION, Length(count, unit))
    reading = _directed(words, count, unit, end)
    if reading.kind is Kind.DURATION and words[end - 2] in ("-", "‑"):
        # "a 10-year plan" says how long a thing is, not when the content holds.
        return replace(reading, flags=(ATTRIBUTIVE,))
    if reading.kind is Kind.DURATION and count is not None and count > 1 and _is_singular(words, end):
        # "the 12 year cycle"
        return replace(reading, flags=(ATTRIBUTIVE,))
    if reading.kind is Kind.DURATION and words[end] in ("in", "of") and words[end + 1] in _SERVED:
        return replace(reading, flags=(ATTRIBUTIVE,))
    if reading.kind is Kind.DURATION and words[position] in ("a", "an") and _counts_per(words, position):
        return DateReading(end, Kind.SET, Repeating(duration_value(1, unit)))
    if reading.kind is Kind.DURATION and words[position] == "one" and unit == "D" and end == position + 2:
        # "one day" is as often a day in a story as a length.
        return reading if words[position - 1] in _MEASURED else None
    return reading


def _age_of_a_thing(words: Words, index: int) -> DateReading | None:
    """Read "a 10-year-old browser" and "a 2,000 year old custom" as lengths; people only have their age."""
    figure = _figure(words, index)
    if figure is None or figure[0] is None or figure[2]:
        return None
    position = figure[1] + (words[figure[1]] in ("-", "‑"))
    unit = en.UNITS.get(words[position])
    if unit not in ("Y", "M", "DE", "CE"):
        return None
    end = position + 1
    old = end + (words[end] in ("-", "‑"))
    thing = words[old + 1] in _THINGS or (unit == "Y" and figure[0] >= _OLDEST)
    aged = words[old] == "old" and words[old + 1].isalpha()
    if not (aged and thing):
        return None
    return DateReading(end, Kind.DURATION, Length(figure[0], unit), flags=(STORY,))


def _is_singular(words: Words, end: int) -> bool:
    """Tell the attribute of a noun that follows ("12 year cycle") from "one year later"."""
    return words[end - 1] in ("day", "week", "month", "year", "hour", "minute") and words[end].isalpha()


def _directed(words: Words, count: float | None, unit: str, end: int) -> DateReading:
    if words[end] == "or" and words[end + 1] in ("so", "more"):
        end += 2
    if words[end] == "running" and not words[end + 1].isalpha():
        return DateReading(end + 1, Kind.DURATION, Length(count, unit))
    if words[end] == "in" and words[end + 1] == "a" and words[end + 2] == "row":
        return DateReading(end + 3, Kind.DURATION, Length(count, unit))
    if _leads_up(words, end):
        return DateReading(end, Kind.DURATION, Length(count, unit, anchored=True))
    if words[end] == "ago":
        return DateReading(end + 1, Kind.RELATIVE, Offset(count, unit, -1, "publication"))
    if words[end] == "that" and words[end + 1] in ("followed", "preceded"):
        return DateReading(end + 2, Kind.EVENT_RELATIVE, Length(count, unit))
    if (words[end], words[end + 1], words[end + 2]) == ("leading", "up", "to"):
        return DateReading(end, Kind.EVENT_RELATIVE, Length(count, unit))
    if words[end] == "on" and words[end + 1] in (",", ".", ";", "", "from") and unit in CALENDAR_UNITS:
        return DateReading(end + 1, Kind.EVENT_RELATIVE, Offset(count, unit, 1, "event"))
    if words[end] == "from" and words[end + 1] in ("now", "today"):
        return DateReading(end + 2, Kind.RELATIVE, Offset(count, unit, 1, "publication"))
    if words[end] == "hence":
        return DateReading(end + 1, Kind.RELATIVE, Offset(count, unit, 1, "publication"))
    if words[end] in ("earlier", "later"):
        direction = -1 if words[end] == "earlier" else 1
        return DateReading(end + 1, Kind.EVENT_RELATIVE, Offset(count, unit, direction, "event"))
    if words[end] in ("before", "previously") and not words[end + 1].isalnum():
        # "850 a year before." counts back from what was just named.
        return DateReading(end + 1, Kind.EVENT_RELATIVE, Offset(count, unit, -1, "event"))
    if words[end] in ("before", "after", "following", "prior", "afterwards", "beforehand", "since", "into"):
        direction = -1 if words[end] in ("before", "prior", "beforehand") else 1
        if words[end] not in ("since", "into", "following") or _event_follows(words, end):
            return DateReading(end, Kind.DURATION, Length(count, unit, 0, anchored=direction != 0))
    return DateReading(end, Kind.DURATION, Length(count, unit))


def _bare_plural(words: Words, index: int) -> DateReading | None:
    """Read a plural without figure where it is a length: "for years", "weeks ago", "days after"."""
    word = words[index]
    unit = en.UNITS.get(word)
    if unit is None or word not in en.PLURAL_UNITS or unit in ("SU", "WI", "WE", "TS"):
        return None
    before, after = words[index - 1], words[index + 1]
    if unit == "TM" and before != "within" and after not in ("later", "earlier"):
        return None
    if after in ("ago", "later", "earlier", "after", "before", "afterwards"):
        if (
            after in ("after", "before")
            and before
            not in (
                "",
                ",",
                ".",
                "in",
                "for",
                "the",
                "and",
                "just",
                "only",
                "came",
                "comes",
                "\n",
            )
            and not before.endswith("ed")
        ):
            return None
        return _directed(words, None, unit, index + 1)
    if before in _BEFORE_PLURALS and (not after.isalpha() or after in _AFTER_PLURALS):
        if before in ("of", "in") and (
            words[index - 2] in ("number", "thousands", "hundreds") or after == "of"
        ):
            return None
        if before == "of":
            return None
        return DateReading(index + 1, Kind.DURATION, Length(None, unit))
    if before == "the" and words[index - 2] == "over":
        return DateReading(index + 1, Kind.DURATION, Length(None, unit))
    return None


def amount_of_time(words: Words, index: int) -> tuple[float | None, str, int] | None:
    """Read a figure with a unit of time: count (None when vague), unit code, index after."""
    figure = _figure(words, index)
    if figure is None:
        return None
    count, position, indefinite = figure
    if words[position] in ("to", "or", "-", "–") and words[position + 1] not in en.UNITS:
        # "two to three weeks": the lower figure is the value, as TimeML's annotators do.
        second = _figure(words, position + 1)
        if (
            second is not None
            and not second[2]
            and (words[position] in ("to", "or") or words.glued(position))
        ) and en.UNITS.get(words[second[1]]) is not None:
            position = second[1]
    if words[position] in ("-", "‑", "–") and words[position + 1] in en.UNITS:
        position += 1
        if words[position + 1] in ("-", "‑") and words[position + 2] == "old":
            return None
    elif words[position] in _ADJECTIVES:
        position += 1
    unit = en.UNITS.get(words[position])
    if unit is None:
        if words[position] in _NIGHTS and (
            words[position - 1] in _RUN or words[position + 1] in ("running", "in")
        ):
            after = position + 1
            row = words[after] == "in" and words[after + 1] == "a" and words[after + 2] == "row"
            if row or words[after] == "running" or words[position - 1] in _RUN:
                return count, "D", after
        if words[position] == "second" and words[position - 1] == "-":
            return count, "TS", position + 1
        return None
    after = position + 1
    if words[after] in ("old", "olds") or (words[after] == "-" and words[after + 1] in ("old", "olds")):
        return None
    if words[after] == "of" and words[after + 1] == "age":
        return None
    if unit in ("SU", "WI", "WE") and count is None:
        return None
    if indefinite and unit == "Q" and words[index] in ("a", "one", "half"):
        return None
    if (
        words[position] == "quarters"
        and (count is None or count not in (2, 3, 4, 5, 6, 8))
        and words[position - 1] not in _RUN
    ) and count is not None:
        return None
    if (
        indefinite
        and words[index] in ("a", "an")
        and behind_amount(words, index)
        and unit[0] != "T"
        # "4.4 percent a year" is a rate, "4.4 percent a year earlier" a comparison.
        and words[after] not in ("ago", "earlier", "before", "previously")
    ):
        return None
    if (
        (
            words[index].isdecimal()
            and 1500 <= count_or_zero(count) <= 2200
            and words[position - 1] == words[index]
        )
        and len(words[index]) == 4
        and words[position] not in en.PLURAL_UNITS
    ):
        return None
    if words.capital(position) and words[position] in ("minutes", "hours", "days"):
        return None
    if words[position] == "quarters" and words[position - 1] == "-":
        # "three-quarters of voters" is a share.
        return None
    if (
        words[position] == "quarters"
        and words[after] == "of"
        and words[index - 1] not in ("past", "last", "next", "first")
    ):
        return None
    half = _and_a_half(words, after)
    if half and count is not None:
        count, after = count + 0.5, half
    return count, unit, after


def _counts_per(words: Words, index: int) -> bool:
    """Tell "300 calls a day" and "twice a week" from "a day": the words in front are counted things."""
    before = words[index - 1]
    if before in ("once", "twice", "times"):
        return True
    plural = before.isalpha() and before.endswith("s") and not before.endswith("ss") and len(before) > 3
    figures = (words[index - 2], words[index - 3])
    return plural and any(word.isdecimal() or word in en.SCALES or word in en.SMALL for word in figures)


def count_or_zero(count: float | None) -> float:
    """Return the count, 0 for a vague one."""
    return count or 0


def behind_amount(words: Words, index: int) -> bool:
    before = words[index - 1]
    return before in (
        "million",
        "billion",
        "thousand",
        "hours",
        "percent",
        "%",
        "dollars",
        "euros",
        "pounds",
    ) or (before.isdecimal() and words[index - 2] in ("$", "£", "€", ".", ","))


def _figure(words: Words, index: int) -> tuple[float | None, int, bool] | None:
    """Read a number: value (None when vague), index after, and whether it was only an article."""
    word = words[index]
    if not word:
        return None
    if word.isdecimal():
        return _digits(words, index)
    if word in ("a", "an", "another", "one", "per"):
        if word == "per":
            return None
        if words[index + 1] in (
            "few",
            "couple",
            "number",
            "handful",
            "dozen",
            "hundred",
            "thousand",
            "good",
            "full",
        ):
            return _after_article(words, index)
        if words[index + 1] == "half":
            return None
        return 1, index + 1, word != "one"
    if word == "half" and words[index + 1] in ("a", "an"):
        return 0.5, index + 2, True
    if word in (
        "few",
        "several",
        "many",
        "some",
        "couple",
        "dozens",
        "hundreds",
        "thousands",
        "various",
        "numerous",
    ):
        position = index + 1
        if words[position] == "of":
            position += 1
        if word == "couple":
            return 2, position, False
        if word == "many" and words[position] in ("more",):
            position += 1
        return None, position, False
    return _number_words(words, index)


def _after_article(words: Words, index: int) -> tuple[float | None, int, bool] | None:
    noun, position = words[index + 1], index + 2
    if noun in ("good", "full"):
        return 1, position, True
    if words[position] == "of":
        position += 1
    elif noun in ("number", "handful"):
        return None
    if words[position] == "more":
        position += 1
    counts: dict[str, float | None] = {"couple": 2, "dozen": 12, "hundred": 100, "thousand": 1000}
    return counts.get(noun), position, False


def _digits(words: Words, index: int) -> tuple[float, int, bool] | None:
    if (
        words.glued(index - 1)
        and words[index - 1] in ("$", "£", "€", ".", ",", "#", "/", ":", "-")
        and (words[index - 1] in "$£€#" or words[index - 2].isdecimal())
    ):
        return None
    digits, position = words[index], index + 1
    if len(digits) > 7:
        return None
    while (
        words[position] == ","
        and words.glued(position - 1)
        and words.glued(position)
        and (len(words[position + 1]) == 3 and words[position + 1].isdecimal() and len(digits) < 7)
    ):
        digits += words[position + 1]
        position += 2
    value = float(int(digits))
    if words[position] == "." and words.glued(position - 1) and words.glued(position):
        if not (words[position + 1].isdecimal() and words[position + 1].isascii()):
            return None
        value = float(f"{int(digits)}.{words[position + 1][:4]}")
        position += 2
    elif words[position] == "1" and words[position + 1] == "/" and words[position + 2] == "2":
        value, position = value + 0.5, position + 3
    elif words[position] == "½":
        value, position = value + 0.5, position + 1
    if words[position] in en.SCALES:
        value, position = value * en.SCALES[words[position]], position + 1
    return value, position, False


def _number_words(words: Words, index: int) -> tuple[float, int, bool] | None:
    word = words[index]
    if word in en.TENS:
        value, position = float(en.TENS[word]), index + 1
        ones = position + (words[position] == "-")
        if 1 <= en.SMALL.get(words[ones], 0) <= 9:
            value, position = value + en.SMALL[words[ones]], ones + 1
    elif word in en.SMALL and word != "zero":
        value, position = float(en.SMALL[word]), index + 1
    else:
        return None
    while words[position] in en.SCALES:
        value, position = value * en.SCALES[words[position]], position + 1
    half = _and_a_half(words, position)
    if half:
        value, position = value + 0.5, half
    elif words[position] == "dozen":
        value, position = value * 12, position + 1
    return value, position, False


def _and_a_half(words: Words, index: int) -> int:
    """Return the index behind "and a half" and "-and-a-half", 0 where it is not."""
    hyphen = words[index] == "-"
    first, step = index + hyphen, 1 + hyphen
    said = (words[first], words[first + step], words[first + 2 * step]) == ("and", "a", "half")
    return first + 2 * step + 1 if said else 0


def _event_follows(words: Words, connective: int) -> bool:
    """Tell "(two years since) the vote", "Reed won" from a date behind the connective."""
    word = words[connective + 1]
    if word in en.MONTHS or word in en.WEEKDAYS or word in en.HOLIDAY_STARTS:
        return False
    return word in ("the", "a", "his", "her", "its", "their", "he", "she", "they", "it") or (
        word.isalpha() and words.capital(connective + 1)
    )


def _leads_up(words: Words, index: int) -> bool:
    """Tell "(four months) in advance of the contest" and "(a week) ahead of the vote"."""
    if words[index] == "ahead":
        return words[index + 1] == "of" and words[index + 2] in en.DETERMINERS
    return words[index] == "in" and words[index + 1] == "advance" and words[index + 2] == "of"


_STOP = en.words_of(
    "was were is are be been being had has have did does do will would that which who whose when where"
    " while by in on at from to with and or but as of for came went began ended took broke said fell rose"
    " he she they it we his"
)


def tail_of(words: Words, reading: DateReading) -> tuple[int, str]:
    """Return where "after the agreement" ends and the words of the event, or (0, "")."""
    index = reading.end
    connective = words[index]
    if connective == "prior" and words[index + 1] == "to":
        index += 1
    elif _leads_up(words, index):
        index += 1 if connective == "ahead" else 2
    elif (
        connective == "of"
        and isinstance(reading.form, Length)
        and words[_before_length(words, reading)] == "within"
    ):
        pass
    elif connective not in ("after", "before", "following", "since", "into"):
        return 0, ""
    if isinstance(reading.form, Length | Anaphor):
        if connective == "since" and not _event_follows(words, index):
            return 0, ""
    else:
        return 0, ""
    if connective in ("afterwards", "beforehand"):
        return words.spans[index][1], ""
    position = index + 1
    nouns: list[str] = []
    end = words.spans[index][1] if index < words.size else 0
    while position < index + 8 and words[position].isalpha():
        word = words[position]
        if word in _STOP and nouns:
            break
        if word in _STOP and word not in ("his",):
            break
        if word not in ("the", "a", "an", "its", "their", "this", "that", "his", "her", "these", "those"):
            nouns.append(word)
            end = words.spans[position][1]
        position += 1
    return end, " ".join(nouns[:5])


def _before_length(words: Words, reading: DateReading) -> int:
    index = reading.end - 1
    while index > 0 and reading.end - index < 6 and words[index] != "within":
        index -= 1
    return index
