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
# Behind a number only: "万" and "mille" stand in names and verbs too.
_MEASURE = re.compile(
    r"[€$£¥₽]\s?\d|\d\s?[%％‰€$£¥₽]|百分之|[一二三四五六七八九十百千两\d][万亿]|"
    r"\w\s(?:prozent|por ciento|pour cent|per cento|procent)\b|"
    r"\d\s?(?:de\s)?(?:euros?|dollars?|dólares|mio|mrd|millionen|milliarden|millones|millions?|milliards?)\b|"
    r"مليون|مليار|المئة|المائة",
    re.I,
)
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)|[٠-٩]{4}|\d{1,2}月|\d{2,4}\s?年")
_OPENS = re.compile(r"[.:;!?…«»“”„\"'‚‘(¿¡–—-]\s*\Z")
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
        found.append(Reason("plain-figure", 1.4, f"gives a figure: {max(figures, key=len)}"))
    if len(figures) > 1:
        found.append(Reason("plain-figure", 0.4, "gives several figures"))
    if _MEASURE.search(text):
        found.append(Reason("plain-measure", 0.6, "gives a percentage or a large sum"))
    if _has_name(text, language):
        found.append(Reason("plain-name", 0.5, "names somebody or something"))
    if _YEAR.search(text) or find(text, language=language):
        found.append(Reason("plain-date", 0.4, "says when"))
    if reported or quoted:
        found.append(Reason("plain-speech", 0.4, "somebody’s words"))
    length = len(_SIGNS.findall(text)) // 2 or len(_WORD.findall(text)) + len(figures)
    if length < _SHORT:
        found.append(Reason("plain-length", -0.8, "very short"))
    elif length > _LONG:
        found.append(Reason("plain-length", -0.3, "very long"))
    if place < _FIRST:
        found.append(Reason("plain-place", 0.3, "near the start of the article"))
    if not figures and re.search(r"[!！…]", text):
        found.append(Reason("plain-tone", -0.4, "an exclamation"))
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
    """Tell words with a capital that open neither the text, a sentence nor a quotation; some scripts show none."""
    words = list(_WORD.finditer(text))
    capital = [word.group()[0].isupper() for word in words]
    if language not in _NOUNS_ARE_CAPITALS:
        return any(
            big and not _OPENS.search(text[words[at - 1].end() : words[at].start()])
            for at, big in enumerate(capital)
            if at
        )
    return any(
        capital[at] and capital[at + 1] and text[words[at].end() : words[at + 1].start()] == " "
        for at in range(len(words) - 1)
    )
