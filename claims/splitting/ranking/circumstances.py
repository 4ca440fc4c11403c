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
_SHARE = re.compile(r"%|per ?cent")
_MONEY = re.compile(r"[$€£]|\beuros?\b|\bdollars?\b")
_LARGE = re.compile(r"million|billion|\d,\d{3}")
_EVER = re.compile(r"\b(?:first|record|never|only)\b")
_FIRST_PERSON = frozenset({"i", "we", "my", "our", "me", "us"})
_POINTING = frozenset({"he", "she", "it", "they", "this", "that", "these", "those", "there"})


def stems(text: str) -> set[str]:
    """Return the telling words of a text, cut to their first letters, and its numbers."""
    return {
        word[:_STEM]
        for word in _WORD.findall(text.lower())
        if word.isdigit() or (len(word) >= _SHORTEST and word not in _FUNCTION_WORDS)
    }


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


@dataclass(frozen=True, slots=True)
class RankCase:
    """One unit as the ranker sees it: the unit, its words and tags, and what can be read off them."""

    unit: Unit
    words: Sequence[str]
    xpos: Sequence[str]
    features: Features


@dataclass(frozen=True, slots=True)
class _Around:
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
        f"class {unit.attribution}": 1,
        f"claimant {unit.claimant_kind or 'none'}": 1,
    }
    for family, weight, _place in worth.amounts(case.features.bits):
        key = f"family {family}"
        found[key] = found.get(key, 0.0) + weight
    found |= _said(case)
    found |= _form(case)
    if lies.holder is not None:
        holder = lies.holder
        found["inside another"] = 1
        found["share of the other"] = (unit.end - unit.start) / max(1, holder.end - holder.start)
        found["inside one of its sentence"] = holder.sentence == unit.sentence
    found["holds another"] = lies.holds
    found |= shared(unit.text, article)
    return {name: float(value) for name, value in found.items() if value}


def shared(text: str, article: WholeArticle) -> dict[str, float]:
    """Return how much of a unit the headline, the opening and other sentences say too."""
    words = stems(text)
    many = max(1, len(words))
    return {
        "words in the headline": len(words & article.headline) / many,
        "headline covered": len(words & article.headline) / max(1, len(article.headline)),
        "words in the opening": len(words & article.opening) / many,
        "words said again": sum(article.sentences[word] > 1 for word in words) / many,
        "how often they are said": sum(math.log(article.sentences[word] + 1) for word in words) / many,
        "telling words": math.log(len(words) + 1),
    }


def _said(case: RankCase) -> dict[str, float]:
    """Return the quantities and comparisons of a unit."""
    tags = case.xpos
    low = " ".join(case.words).lower()
    figures = sum(tag == "CD" for tag in tags)
    return {
        "a figure": figures > 0,
        "two figures": figures > 1,
        "a share": bool(_SHARE.search(low)),
        "a sum of money": bool(_MONEY.search(low)),
        "a large number": bool(_LARGE.search(low)),
        "a superlative": any(tag in ("JJS", "RBS") for tag in tags) or bool(_EVER.search(low)),
        "a comparison": " than " in low or any(tag in ("JJR", "RBR") for tag in tags),
    }


def _form(case: RankCase) -> dict[str, float]:
    unit, words, tags = case.unit, case.words, case.xpos
    first, tag = (words[0].lower(), tags[0]) if words else ("", "")
    length = len(words)
    return {
        "length": math.log(length + 1),
        "under four words": length < 4,
        "under six words": length < 6,
        "over thirty words": length > 30,
        "a full verb": any(tag in FINITE for tag in tags),
        "begins in the middle": unit.text[:1].islower(),
        "begins with a name": tag.startswith("NNP"),
        "begins with a pointing word": first in _POINTING and tag in ("PRP", "DT", "EX"),
        "begins with a verb": tag.startswith("VB"),
        "first person": not _FIRST_PERSON.isdisjoint(word.lower() for word in words),
        "something unresolved": bool(unit.wording.unresolved),
        "share of its sentence": (unit.end - unit.start) / max(1, unit.sentence[1] - unit.sentence[0]),
        "denied": unit.negated,
    }
