"""Where do points, spaces and apostrophes part thousands, and where does a point part a fraction?

"10.000 liters", "40 000 homes", "10'000 francs" and "1.234,50 euros" are rewritten in equal length with commas between
thousands and a point before the fraction. One point with three figures behind it is read by what follows: things that
are counted come whole ("1.500 jobs"), measures and shares do not ("3.125 percent", "9.580 seconds"). Groups of the
Indian count ("12,34,567") have commas already. It refuses to touch dates, versions, addresses and lists of numbers.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

_LISTS = json.loads((Path(__file__).parent / "data" / "numbers_en.json").read_text(encoding="utf-8"))
_ANY = re.compile(r"\d[.' ]\d{3}")
_BEFORE = r"(?<![\w.,/:'-])"
_APOSTROPHES = re.compile(_BEFORE + r"\d{1,3}(?:'\d{3})+(?![\d'])")
_WITH_COMMA = re.compile(_BEFORE + r"[1-9]\d{0,2}(?:\.\d{3})+,\d{1,2}(?![\d,])")
_POINTS = re.compile(_BEFORE + r"[1-9]\d{0,2}(?:\.\d{3})+(?![\d/]|[.,]\d)")
_SPACES = re.compile(
    _BEFORE + r"(?<!\b\d )(?<!\b\d\d )(?<!\b\d{3} )"
    r"[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d{1,2}(?!\d))?(?![\d/'-]|[.,:]\d| ?\d)"
)
_FOLLOWING = re.compile(r"[ \n]+([^\W\d_]+)(?:[ \n]+([^\W\d_]+))?")
_SCALE = frozenset(
    {"million", "millions", "billion", "billions", "trillion", "trillions", "thousand", "hundred", "dozen"}
)
_FRACTIONAL = frozenset(_LISTS["fractional"].split())
_TIMES = frozenset(_LISTS["timed"].split())
_PEOPLE = frozenset(_LISTS["people"].split())
_COUNTED = _PEOPLE | {"of", "more"}
_SMALL = frozenset(_LISTS["uncounted"].split())
_NAMING = frozenset(f"{_LISTS['months']} {_LISTS['namers']}".split())
_PREVIOUS = re.compile(r"([^\W\d_]+)\.?,? \Z")
_MOST_OF_A_BYTE = 255


def grouped(seen: str) -> str:
    """Return a text of equal length in which commas alone part thousands; ``seen`` has plain spaces and marks."""
    if _ANY.search(seen) is None:
        return seen
    seen = _APOSTROPHES.sub(lambda found: found.group().replace("'", ","), seen)
    seen = _WITH_COMMA.sub(lambda found: found.group().translate(_SWAPPED), seen)
    seen = _POINTS.sub(_points, seen)
    return _SPACES.sub(_spaces, seen)


_SWAPPED = str.maketrans(".,", ",.")


def _points(found: re.Match[str]) -> str:
    number = found.group()
    groups = number.split(".")
    if len(groups) > 2:
        address = len(groups) == 4 and all(int(group) <= _MOST_OF_A_BYTE for group in groups)
        return number if address else number.replace(".", ",")
    text, end = found.string, found.end()
    behind = _FOLLOWING.match(text, end)
    word = behind.group(1).lower() if behind is not None else ""
    if not word or text[end : end + 1] == "%" or word in _SCALE:
        money = text[max(0, found.start() - 1) : found.start()] in ("€", "£", "$") and word not in _SCALE
        return number.replace(".", ",") if money and groups[1] == "000" else number
    if groups[1] == "000":
        return number if word in _TIMES else number.replace(".", ",")
    # "1.500 new jobs": what is counted stands behind its adjective.
    second = (behind.group(2) or "").lower() if behind is not None else ""
    adjective = (
        word not in _FRACTIONAL and not _is_plural(word) and second not in _FRACTIONAL and word not in _SMALL
    )
    whole = word in _COUNTED or _is_plural(word) or (adjective and (second in _PEOPLE or _is_plural(second)))
    return number.replace(".", ",") if whole and word not in _FRACTIONAL else number


def _is_plural(word: str) -> bool:
    return (
        len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in _SMALL
    )


def _spaces(found: re.Match[str]) -> str:
    number = found.group()
    first = number.split(" ", 1)[0]
    before = _PREVIOUS.search(found.string, max(0, found.start() - 12), found.start())
    if before is not None and before.group(1).lower() in _NAMING and len(first) < 3:
        # "On May 12 300 people came", "page 40 200": two numbers.
        return number
    fraction = re.search(r"[.,]\d{1,2}\Z", number)
    whole = number[: fraction.start()] if fraction is not None else number
    rest = "." + number[len(whole) + 1 :] if fraction is not None else ""
    return whole.replace(" ", ",") + rest
