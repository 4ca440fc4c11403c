"""Which quantities does a stretch of text state, and in which units?

Finds numbers in digits and words with scale, unit, currency, hedge, range and ratio. Leaves out ordinals,
years and days of dates, versions, clock times, telephone numbers, and numbers that name a thing ("No. 10",
"Article 5").
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from claims.language.normalise import shadow
from claims.language.thousands import grouped


class QuantityKind(StrEnum):
    """What is counted or measured."""

    COUNT = "count"
    PERCENT = "percent"
    POINTS = "points"
    MONEY = "money"
    RATIO = "ratio"
    MEASURE = "measure"
    DURATION = "duration"
    SCORE = "score"
    MULTIPLE = "multiple"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity at its place.

    ``value`` is in the unit named, with scale words multiplied out; ``upper`` is the upper end of a range,
    else nothing. ``unit`` is a canonical name (``%``, ``USD``, ``km``, ``people`` …) or empty. ``hedge`` is
    ``about``, ``over``, ``under``, ``up to``, ``at least``, ``at most`` or empty; its words lie outside the
    span.
    """

    start: int
    end: int
    value: float
    upper: float | None
    unit: str
    hedge: str
    kind: QuantityKind


_LISTS = json.loads((Path(__file__).parent / "data" / "numbers_en.json").read_text(encoding="utf-8"))
_SMALL: dict[str, float] = _LISTS["small"]
_SCALES: dict[str, float] = _LISTS["scales"]
_FRACTIONS: dict[str, float] = _LISTS["fractions"]
_MULTIPLES: dict[str, float] = _LISTS["multiples"]
_VAGUE: dict[str, float] = _LISTS["vague"]
_CURRENCIES: dict[str, str] = _LISTS["currencies"]
_UNITS: dict[str, list[str]] = _LISTS["units"]
_HEDGES: dict[str, str] = _LISTS["hedges"]
_NAMERS = frozenset(_LISTS["namers"].split())
_MONTHS = frozenset(_LISTS["months"].split())


def _any(words: object) -> str:
    """Return an alternation of words, longest first, in which a space may be any space or a hyphen."""
    assert isinstance(words, dict)
    return "|".join(
        re.escape(word).replace(r"\ ", r"[ \n-]+") for word in sorted(words, key=len, reverse=True)
    )


_SMALL_WORD = rf"(?:{_any(_SMALL)})"
_SCALE_WORD = rf"(?:{_any(_SCALES)})"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_CURRENCY = r"(?:US|A|C|CA|AU|NZ|HK)?\$|[€£¥₽₹₴₺₪₩]|(?:USD|EUR|GBP|CHF|RUB|JPY|CNY|INR|AUD|CAD)[ ]?"
_NUMBER = re.compile(
    rf"""(?<![\w.,/:])(?P<sign>[-+](?=[\d.$€£]))?(?P<currency>{_CURRENCY})?[ ]?(?P<digits>{_DIGITS})
    (?:(?P<letters>(?:[kKmM]|[bB]n|[mM]n|[tT]n|trn|B)(?![\w]))|[ \n-](?P<scale>{_SCALE_WORD})\b)?
    """,
    re.X | re.I,
)
_WORDED = re.compile(
    rf"""\b(?:
      (?P<part>(?:one|two|three|four|five|six|seven|eight|nine|ten|\d{{1,3}})
        [ ](?:in|out[ ]of)[ ](?:every[ ])?
        (?P<whole>one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|fifty|hundred
          |\d{{1,6}}(?:,\d{{3}})*)
        (?![\w.,-]*\d)\b)
    | (?P<fraction>(?:(?:one|two|three|four|five|seven|nine|an?)[ -])?
        (?:{_any(_FRACTIONS)})\b(?![ -]hour|-|[ ]place))
    | (?P<multiple>(?:{_any(_MULTIPLES)})\b)
    | (?P<vague>(?:{_any(_VAGUE)})\b(?=[ ]of\b))
    | (?P<spelled>(?:an?[ -](?=(?:{_SCALE_WORD}|dozen)\b))?(?:{_SMALL_WORD}|{_SCALE_WORD}|dozen)\b
        (?:(?:[ ]and[ ]|[ -])(?:{_SMALL_WORD}|{_SCALE_WORD})\b){{0,8}})
    )""",
    re.X | re.I,
)
_SYMBOL = re.compile(r"[ \n-]*(%|°[ ]?[CF]|‰)")
_GLUED = re.compile(r"[a-zA-Z]{1,3}(?![\w])")
_AFTER = re.compile(
    r"[ \n-]{1,2}(?P<one>[a-zA-Z.]*[a-zA-Z]/?h?)(?P<two>[ \n-][a-zA-Z]+(?P<three>[ \n-][a-zA-Z]+)?)?"
)
_RANGE = re.compile(r"[ ]?(?:-|—|to|and|or)[ ]?(?=[\d$€£.])")
_ARTICLES = frozenset({"a", "an", "the", "some", "its", "his", "of"})
_BETWEEN = re.compile(r"\b(?:between|from)\s+\Z", re.I)
_CLOCK = re.compile(r"[ ]?(?:[ap]\.?m\b|o'clock|GMT\b|hours?[ ](?:GMT|local))|:\d\d", re.I)
_PLACE = re.compile(r"(?:st|nd|rd|th)\b", re.I)
_SCORED = re.compile(r"\d{1,3}-\d{1,3}(?![\w-])")
_SCORE_WORD = re.compile(
    r"\b(?:won|lost|beat|beaten|ruled|voted|vote|score|win|defeat|draw|led|leading|defeated|drew)\b", re.I
)
_SEASON = re.compile(r"(?:1[6-9]|20)\d\d-(?:\d{2}|\d{4})(?!\d)")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}(?![\d.])|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}(?![\d/])")
_WORDS = re.compile(r"[a-zA-Z]+")
_TRIGGERS = frozenset(
    word.split()[0] for words in (_SMALL, _SCALES, _FRACTIONS, _MULTIPLES, _VAGUE) for word in words
)
_DIGIT_RATIO = re.compile(
    r"(\d{1,3})[ ](?:in|out[ ]of)[ ](?:every[ ])?(\d{1,3}(?:,\d{3})*)(?![\w.,-]*\d|[ ]?%)\b"
)
_LETTERS = {"k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12, "trn": 1e12}
_SYMBOLS = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₽": "RUB",
    "₹": "INR",
    "₴": "UAH",
    "₺": "TRY",
    "₪": "ILS",
    "₩": "KRW",
}
_DOLLARS = {"us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "hk$": "HKD"}
_CONTEXT = 40
_BEFORE_YEAR = frozenset({"in", "since", "by", "of", "until", "before", "after", "from", "the"})


def quantities(text: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """Return the quantities of ``text[start:end]`` in order; a range is one quantity."""
    seen = grouped(shadow(text[start:end]))
    found = _figures(seen) if any(c.isdigit() for c in seen) else []
    taken = sorted((quantity.start, quantity.end) for quantity in found)
    for quantity in _worded(seen):
        if not any(first < quantity.end and quantity.start < last for first, last in _near(taken, quantity)):
            found.append(quantity)
    found.sort(key=lambda quantity: quantity.start)
    return [
        Quantity(q.start + start, q.end + start, q.value, q.upper, q.unit, q.hedge, q.kind) for q in found
    ]


def _near(taken: list[tuple[int, int]], quantity: Quantity) -> list[tuple[int, int]]:
    """Return the spans that could overlap a quantity: those around its place in a sorted list."""
    place = bisect_left(taken, (quantity.start, quantity.end))
    return taken[max(0, place - 2) : place + 2]


def _figures(seen: str) -> list[Quantity]:
    """Return the quantities written in digits."""
    found: list[Quantity] = []
    at = 0
    while True:
        match = _NUMBER.search(seen, at)
        if match is None:
            return found
        skip = _no_quantity(seen, match)
        if skip > 0:
            at = skip
            continue
        upper: float | None = None
        last, scale = match, _scale(match)
        score = _SCORED.match(seen, match.start("digits")) if match.group("currency") is None else None
        if score is not None and _SCORE_WORD.search(seen, max(0, match.start() - _CONTEXT), match.start()):
            first, second = score.group().split("-")
            found.append(
                Quantity(score.start(), score.end(), float(first), float(second), "", "", QuantityKind.SCORE)
            )
            at = score.end()
            continue
        ratio = _DIGIT_RATIO.match(seen, match.start())
        if ratio is not None and float(ratio.group(1)) < float(ratio.group(2).replace(",", "")):
            share = float(ratio.group(1)) / float(ratio.group(2).replace(",", ""))
            hedge = _hedge(seen, match.start())
            found.append(Quantity(*ratio.span(), share, None, "", hedge, QuantityKind.RATIO))
            at = ratio.end()
            continue
        link = _RANGE.match(seen, match.end())
        if link is not None and (
            link.group().strip() in {"-", "—", "to"}
            or _BETWEEN.search(seen, max(0, match.start() - 12), match.start())
        ):
            second_match = _NUMBER.match(seen, link.end()) or _bare(seen, link.end())
            if second_match is not None and not (
                seen[second_match.end() : second_match.end() + 1] == "-" and link.group() == "-"
            ):
                last = second_match
                upper = _value(last)
                if match.group("letters") is None and match.group("scale") is None:
                    scale = _scale(last)
                upper *= _scale(last)
        value = _value(match) * scale
        if upper is not None and upper <= value:
            upper, last = None, match
            value = _value(match) * _scale(match)
        found.append(_with_unit(seen, match.start(), last.end(), value, upper, match.group("currency") or ""))
        at = max(found[-1].end, match.end())


def _bare(seen: str, at: int) -> re.Match[str] | None:
    """Return the number at ``at`` although a hyphen stands before it."""
    return _RANGE_END.match(seen, at)


_RANGE_END = re.compile(_NUMBER.pattern.replace(r"(?<![\w.,/:])", "", 1), re.X | re.I)


def _value(match: re.Match[str]) -> float:
    value = float(match.group("digits").replace(",", "")[:300])
    return -value if match.group("sign") == "-" else value


def _scale(match: re.Match[str]) -> float:
    if match.group("letters"):
        return _LETTERS[match.group("letters").lower()]
    return _SCALES[match.group("scale").lower()] if match.group("scale") else 1.0


def _no_quantity(seen: str, match: re.Match[str]) -> int:
    """Return where to go on when a number counts nothing (a date, a name, an ordinal …), else 0."""
    start, end = match.span("digits")
    digits = match.group("digits")
    if match.group("currency"):
        return 0
    for pattern in (_DATE, _SEASON):
        whole = pattern.match(seen, start)
        if whole is not None:
            return whole.end()
    if match.group("letters") is None and match.group("scale") is None:
        if _PLACE.match(seen, end) or _CLOCK.match(seen, end):
            return end + 1
        if seen[end : end + 1].isalpha() and not _unit(seen, end)[0]:
            return end
        if re.match(r"\.\d|-\d{3,}|/\d", seen[end : end + 5]):
            return end + re.match(r"[\d./-]*", seen[end : end + 60]).end()  # type: ignore[union-attr]
    before = re.findall(r"[\w']+\.?", seen[max(0, start - 24) : start])
    previous = before[-1].lower().rstrip(".") if before and seen[start - 1] in " #-\n." else ""
    if start and seen[start - 1] == "#":
        return end
    plain = digits.isdigit() and match.group("scale") is None and match.group("letters") is None
    if previous in _NAMERS and seen[end : end + 1] != "%":
        return end
    follows = re.match(r",?[ \n]+([A-Za-z]+)", seen[end : end + 20])
    following = follows.group(1).lower() if follows is not None else ""
    if plain and len(digits) <= 2 and (previous in _MONTHS or following in _MONTHS):
        return end
    bare_year = plain and len(digits) == 4 and 1500 <= int(digits) <= 2100
    if bare_year and (previous in _BEFORE_YEAR or not (_SYMBOL.match(seen, end) or _unit(seen, end)[0])):
        return end
    return 0


def _with_unit(
    seen: str, start: int, end: int, value: float, upper: float | None, currency: str = ""
) -> Quantity:
    """Return the quantity with the unit that follows it and the hedge before it."""
    hedge = _hedge(seen, start)
    if currency:
        symbol = currency.strip().lower()
        unit = _DOLLARS.get(symbol) or _SYMBOLS.get(symbol) or currency.strip().upper()
        return Quantity(start, end, value, upper, unit, hedge, QuantityKind.MONEY)
    match = _SYMBOL.match(seen, end)
    if match is not None:
        symbol = match.group(1).replace(" ", "").upper()
        kind = QuantityKind.PERCENT if symbol == "%" else QuantityKind.MEASURE
        return Quantity(start, match.end(), value, upper, symbol, hedge, kind)
    unit, name, last = _unit(seen, end)
    return Quantity(start, last, value, upper, unit, hedge, QuantityKind(name))


def _unit(seen: str, end: int) -> tuple[str, str, int]:
    """Return unit, kind and end of the unit word that follows a number; without one, nothing is counted."""
    glued = _GLUED.match(seen, end)
    if glued is not None and glued.group().lower() in _LISTS["glued"]:
        unit, name = _LISTS["glued"][glued.group().lower()]
        return unit, name, glued.end()
    after = _AFTER.match(seen, end)
    if after is None:
        return "", "count", end
    for group in ("three", "two", "one"):
        if after.group(group) is None:
            continue
        phrase = _plain(after.group("one") + (after.group("two") or "" if group != "one" else ""))
        if group == "three":
            phrase = _plain(phrase + after.group("three"))
        if phrase in _CURRENCIES:
            return _CURRENCIES[phrase], "money", after.end(group)
        if phrase in _UNITS:
            unit, name = _UNITS[phrase]
            return unit, name, after.end(group)
    return "", "count", end


def _plain(word: str) -> str:
    return " ".join(word.lower().replace("-", " ").split())


def _hedge(seen: str, start: int) -> str:
    """Return the canonical hedge that stands before a number, an article between them or not."""
    if start and seen[start - 1] == "~":
        return "about"
    if not start or not (seen[start - 1].isspace()):
        return ""
    before = seen[max(0, start - _CONTEXT) : start].lower().split()
    if before and before[-1] in _ARTICLES and " ".join(before[-2:]) not in _HEDGES:
        before.pop()
    for count in range(min(5, len(before)), 0, -1):
        hedge = _HEDGES.get(" ".join(before[-count:]).lstrip("\"'("))
        if hedge is not None:
            return hedge
    return ""


def _worded(seen: str) -> list[Quantity]:
    """Return the quantities written in words: numbers, ratios, fractions, multiples."""
    found: list[Quantity] = []
    at = 0
    for word in _WORDS.finditer(seen):
        if word.start() < at or word.group().lower() not in _TRIGGERS:
            continue
        begin = word.start()
        for article in ("an ", "a "):
            if seen[max(0, begin - len(article)) : begin].lower() == article:
                begin -= len(article)
        match = _WORDED.match(seen, begin) or _WORDED.match(seen, word.start())
        if match is None:
            continue
        start, end = match.span()
        at = end
        kind = match.lastgroup or ""
        phrase = _plain(match.group())
        hedge = _hedge(seen, start)
        if match.group("part"):
            part = _spelled_value(phrase.split()[0])
            whole = _spelled_value(_plain(match.group("whole")))
            if whole > 0 and part < whole:
                found.append(Quantity(start, end, part / whole, None, "", hedge, QuantityKind.RATIO))
        elif match.group("fraction"):
            value = _fraction(phrase)
            if value is not None:
                found.append(Quantity(start, end, value, None, "", hedge, QuantityKind.RATIO))
        elif match.group("multiple"):
            found.append(
                Quantity(start, end, float(_MULTIPLES[phrase]), None, "", hedge, QuantityKind.MULTIPLE)
            )
        elif match.group("vague"):
            found.append(_with_unit(seen, start, end, float(_VAGUE[phrase]), None))
        elif kind and phrase not in {"one", "a", "an", "zero", "hundred", "thousand", "million"}:
            found.append(_with_unit(seen, start, end, _spelled_value(phrase), None))
        elif phrase in {"one", "zero"}:
            quantity = _with_unit(seen, start, end, _spelled_value(phrase), None)
            if quantity.unit and quantity.kind is not QuantityKind.COUNT:
                found.append(quantity)
    return found


def _fraction(phrase: str) -> float | None:
    """Return the value of ``two thirds``; a bare ordinal such as ``third`` is none."""
    words = phrase.split()
    base = _FRACTIONS[words[-1]]
    if len(words) == 1:
        return base if words[0] in {"half", "halves"} else None
    count = 1.0 if words[0] in {"a", "an"} else _spelled_value(words[0])
    return count * base if count * base < 1 else None


@cache
def _spelled_value(phrase: str) -> float:
    """Return the number that words say, as ``two hundred and five thousand``."""
    total, current = 0.0, 0.0
    for word in phrase.replace(",", "").split():
        if word.isdigit():
            current += float(word)
        elif word in _SMALL:
            current += _SMALL[word]
        elif word in {"hundred", "dozen"}:
            current = (current or 1.0) * _SCALES[word]
        elif word in _SCALES:
            total += (current or 1.0) * _SCALES[word]
            current = 0.0
    return total + current
