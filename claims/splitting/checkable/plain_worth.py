"""How much does a sentence of a language without a model deserve checking?

Only what every language shows: figures, names, dates, speech, length and place in the article. Weights are set by hand
after those of the English model (``worthiness.json``): a figure says most. It ranks sentences of one article; scores
are not comparable with those of English.
"""

from __future__ import annotations

import re

from claims.language.dates import find
from claims.splitting.checkable.worthiness import Worth, logistic
from claims.splitting.types import Reason

_BIAS = -1.2
_FIGURE = re.compile(
    r"\d+(?:[.,'’\u00a0\u202f ]\d{3})*(?:[.,]\d+)?"
    r"|[一二三四五六七八九十百千两]+[十百千万亿%％]|百分之[一二三四五六七八九十]+"
)
_MEASURE = re.compile(
    r"[%％‰€$£¥₽]|百分之|\b(?:prozent|por ciento|pour cent|per cento|procent|euros?|dollars?|dólares|mio|mrd|millionen|"
    r"milliarden|millones|millions?|milliards?)\b|万|亿|مليون|مليار|المئة|المائة",
    re.I,
)
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)|[٠-٩]{4}|\d{1,2}月|年")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SIGNS = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_SHORT, _LONG = 4, 35
# All nouns have capitals there: only several in a row are a name.
_NOUNS_ARE_CAPITALS = frozenset({"de", "lb"})
_MOST_FOR = 2
_LEAST_SHOWN = 0.3
_FIRST = 3


def score(text: str, *, language: str, reported: bool, quoted: bool, place: int) -> Worth:
    """Score the words of a unit; ``place`` is the index of its sentence in the article, from 0."""
    found: list[Reason] = []
    figures = _FIGURE.findall(text)
    if figures:
        found.append(Reason("numbers", 1.4, "a figure"))
    if len(figures) > 1:
        found.append(Reason("numbers", 0.4, "several figures"))
    if _MEASURE.search(text):
        found.append(Reason("measures", 0.6, "a share, a sum or a quantity"))
    if _has_name(text, language):
        found.append(Reason("names", 0.5, "a name"))
    if _YEAR.search(text) or find(text, language=language):
        found.append(Reason("dates", 0.4, "a date"))
    if reported or quoted:
        found.append(Reason("speech", 0.4, "somebody's words"))
    length = len(_SIGNS.findall(text)) // 2 or len(_WORD.findall(text)) + len(figures)
    if length < _SHORT:
        found.append(Reason("length", -0.8, "very short"))
    elif length > _LONG:
        found.append(Reason("length", -0.3, "very long"))
    if place < _FIRST:
        found.append(Reason("place", 0.3, "near the start of the article"))
    if not figures and re.search(r"[!！…]", text):
        found.append(Reason("tone", -0.4, "an exclamation"))
    return Worth(logistic(_BIAS + sum(reason.weight for reason in found)), _shown(found))


def _shown(found: list[Reason]) -> tuple[Reason, ...]:
    """Return the strongest reason of each kind, at most two for and one against."""
    by_kind: dict[str, Reason] = {}
    for reason in sorted(found, key=lambda reason: -abs(reason.weight)):
        by_kind.setdefault(reason.feature, reason)
    strong = [reason for reason in by_kind.values() if abs(reason.weight) >= _LEAST_SHOWN]
    return (
        *[reason for reason in strong if reason.weight > 0][:_MOST_FOR],
        *[reason for reason in strong if reason.weight < 0][:1],
    )


def _has_name(text: str, language: str) -> bool:
    """Tell words with a capital that do not open the text; scripts without capitals show none."""
    words = list(_WORD.finditer(text))
    capital = [word.group()[0].isupper() for word in words]
    if language not in _NOUNS_ARE_CAPITALS:
        return any(capital[1:])
    return any(
        capital[at] and capital[at + 1] and text[words[at].end() : words[at + 1].start()] == " "
        for at in range(len(words) - 1)
    )
