"""What of a unit and its place in the article bears on whether an editor would take it?

Named numbers: what the sentence says (families of ``checkable.features``, figures, form), who puts it forward, how it
lies to the other units, and how much of it the headline and the rest of the article share. Numbers that are not named
are 0. It judges nothing and refuses to read the article again: units come with their words and tags.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from claims.language.parser import FINITE
from claims.splitting.checkable.features import Features
from claims.splitting.checkable.worthiness import Weights
from claims.splitting.types import Unit
from claims.splitting.word_lists import word_lists

_WORD = re.compile(r"[a-z0-9][a-z0-9'-]*")
# Words of one stem count as one: "vote", "voters".
_STEM = 5
_SHORTEST = 3
_FUNCTION_WORDS = word_lists("ranking_words_en.txt")["function"]
_MONEY = re.compile(r"\b(?:euros?|dollars?)\b")
_THOUSANDS = re.compile(r"\d,\d{3}")
_EVER = re.compile(r"\b(?:first|record|never|only)\b")
# What has to stand in a text for the pattern of the same name to find anything: much cheaper to look for.
_MONEY_HINTS = ("euro", "dollar")
_EVER_HINTS = ("first", "record", "never", "only")
_FIRST_PERSON = frozenset({"i", "we", "my", "our", "me", "us"})
_POINTING = frozenset({"he", "she", "it", "they", "this", "that", "these", "those", "there"})


def stems(text: str) -> set[str]:
    """Return the telling words of a text, cut to their first letters, and its numbers."""
    found = set(map(_stem, _WORD.findall(text.lower())))
    found.discard("")
    return found


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    """Return the first letters of a telling word, or a number as far; nothing for any other word."""
    telling = word.isdigit() or (len(word) >= _SHORTEST and word not in _FUNCTION_WORDS)
    return word[:_STEM] if telling else ""


@dataclass(frozen=True)
class WholeArticle:
    """What the article says as a whole: its headline or first line, its opening, and how often it says a word."""

    headline: frozenset[str]
    opening: frozenset[str]
    sentences: Counter[str]

    @classmethod
    def of(cls, text: str, sentences: Iterable[tuple[int, int]]) -> WholeArticle:
        """Read a text and the places of its sentences that hold a unit."""
        places = sorted(set(sentences))
        said = [stems(text[start:end]) for start, end in places]
        headline = stems(text.strip().split("\n", 1)[0])
        counts: Counter[str] = Counter()
        for one in said:
            counts.update(one)
        return cls(frozenset(headline), frozenset(headline.union(*said[:2])), counts)


class RankCase:
    """One unit as the ranker sees it: the unit, its words (``low``: in small letters), their tags and features."""

    __slots__ = ("features", "low", "unit", "words", "xpos")

    def __init__(
        self,
        unit: Unit,
        words: Sequence[str],
        xpos: Sequence[str],
        features: Features,
        low: Sequence[str] | None = None,
    ) -> None:
        self.unit = unit
        self.words = words
        self.xpos = xpos
        self.features = features
        self.low = list(low) if low is not None else [word.lower() for word in words]


class _Around(NamedTuple):
    """How a unit lies to the others."""

    holder: Unit | None
    holds: bool


def around(cases: Sequence[RankCase]) -> dict[int, _Around]:
    """Return for each unit, by its id, what holds it and whether it holds another."""
    by_id = {case.unit.id: case.unit for case in cases}
    holding = {case.unit.within for case in cases}
    return {
        case.unit.id: _Around(by_id.get(case.unit.within or 0), case.unit.id in holding) for case in cases
    }


def circumstances(case: RankCase, article: WholeArticle, lies: _Around, worth: Weights) -> dict[str, float]:
    """Return the named numbers of a unit."""
    unit = case.unit
    found: dict[str, float] = {
        "worth": worth.log_odds(case.features),
        f"class {unit.attribution}": 1.0,
        f"claimant {unit.claimant_kind or 'none'}": 1.0,
    }
    for family, weight, _place in worth.amounts(case.features.bits):
        found[family] = found.get(family, 0.0) + weight
    there = [*_said(case), *_form(case)]
    if lies.holder is not None:
        there.append("inside another")
        if lies.holder.sentence == unit.sentence:
            there.append("inside one of its sentence")
        found["share of the other"] = (unit.end - unit.start) / max(1, lies.holder.end - lies.holder.start)
    if lies.holds:
        there.append("holds another")
    found.update(dict.fromkeys(there, 1.0))
    found["length"] = math.log(len(case.words) + 1)
    found["share of its sentence"] = (unit.end - unit.start) / max(1, unit.sentence[1] - unit.sentence[0])
    found |= shared(unit.text, article)
    return {name: value for name, value in found.items() if value}


def shared(text: str, article: WholeArticle) -> dict[str, float]:
    """Return how much of a unit the headline, the opening and other sentences say too."""
    words = stems(text)
    many = max(1, len(words))
    in_headline = len(words & article.headline)
    said = article.sentences.get
    times = [said(word, 0) for word in words]
    return {
        "words in the headline": in_headline / many,
        "headline covered": in_headline / max(1, len(article.headline)),
        "words in the opening": len(words & article.opening) / many,
        "words said again": (len(times) - times.count(1) - times.count(0)) / many,
        # The words have no order of their own: a plain sum would differ in its last digit from process to process.
        "how often they are said": math.fsum([math.log(count + 1) for count in times]) / many,
        "telling words": math.log(len(words) + 1),
    }


def _said(case: RankCase) -> list[str]:
    """Return which quantities and comparisons a unit has."""
    tags = case.xpos
    low = " ".join(case.low)
    found = []
    figures = tags.count("CD")
    if figures:
        found.append("a figure")
        if figures > 1:
            found.append("two figures")
    if "%" in low or "percent" in low or "per cent" in low:
        found.append("a share")
    if "$" in low or "€" in low or "£" in low or _finds(_MONEY, _MONEY_HINTS, low):
        found.append("a sum of money")
    if "million" in low or "billion" in low or ("," in low and _THOUSANDS.search(low)):
        found.append("a large number")
    if "JJS" in tags or "RBS" in tags or _finds(_EVER, _EVER_HINTS, low):
        found.append("a superlative")
    if " than " in low or "JJR" in tags or "RBR" in tags:
        found.append("a comparison")
    return found


def _finds(pattern: re.Pattern[str], hints: Sequence[str], text: str) -> bool:
    for hint in hints:
        if hint in text:
            return pattern.search(text) is not None
    return False


def _form(case: RankCase) -> list[str]:
    """Return what can be said of the form of a unit."""
    unit, low, tags = case.unit, case.low, case.xpos
    first, tag = (low[0], tags[0]) if low else ("", "")
    found = []
    if len(low) < 6:
        found.append("under six words")
        if len(low) < 4:
            found.append("under four words")
    elif len(low) > 30:
        found.append("over thirty words")
    if not FINITE.isdisjoint(tags):
        found.append("a full verb")
    if unit.text[:1].islower():
        found.append("begins in the middle")
    if tag.startswith("NNP"):
        found.append("begins with a name")
    elif tag.startswith("VB"):
        found.append("begins with a verb")
    if first in _POINTING and tag in ("PRP", "DT", "EX"):
        found.append("begins with a pointing word")
    if not _FIRST_PERSON.isdisjoint(low):
        found.append("first person")
    if unit.wording.unresolved:
        found.append("something unresolved")
    if unit.negated:
        found.append("denied")
    return found
