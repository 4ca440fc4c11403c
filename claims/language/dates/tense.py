"""Which tense does the clause around an expression have, judged by nearby words alone?

A stand-in for callers without a parse: it looks at the words of the sentence around the expression and says
``future`` only on a cue. A caller that knows the finite verb passes its own tense instead.
"""

from __future__ import annotations

import re

from claims.language.dates import english as en

_WORD = re.compile(r"[^\W\d_]+|['’](?:ll|d|s)\b|[.!?;:]\s|\n\s*\n")
_FUTURE = en.words_of(
    "will 'll ’ll shall scheduled expected expects expect due upcoming deadline intends plans planned"
    " planning plan hopes aims slated expire expires mature matures matured tentatively payable effective"
    " preparing prepare ahead"
)
_GOING = re.compile(
    r"\b(?:is|are|was|were|be|been)\s+(?:\w+\s+)?(?:to|going to|set to|due to)\b|\bnot\s+until\b"
    r"|\b(?:set|due|supposed|scheduled|expected|slated|ready|about) to\b"
    r"|\bas (?:soon|early) as\b"
)
_PAST = en.words_of(
    "said was were had did announced reported told ago fell rose sold bought agreed killed died filed"
    " posted began went came took made met ended closed since arrested won lost signed published issued"
    " happened been"
)


def guess(text: str, start: int, end: int, before: str = "") -> str | None:
    """Return ``past``, ``present``, ``future`` or None from at most 90 characters on either side.

    ``before`` is the word in front of the expression: "by", "until" and "from" point ahead when nothing else
    speaks for the past.
    """
    if before in ("until", "till"):
        return "future"
    left = text[max(0, start - 90) : start]
    right = text[end : end + 60]
    for pattern in (". ", "! ", "? ", "\n\n", ".\n", ".” ", ".'' ", '." '):
        cut = left.rfind(pattern)
        if cut >= 0 and not _abbreviation(left, cut):
            left = left[cut + len(pattern) :]
        cut = right.find(pattern)
        if cut >= 0:
            right = right[:cut]
    left, right = left.lower(), right.lower()
    left_words = _WORD.findall(left)
    nearest = left_words[-9:]
    future = -1
    past = -1
    for position, word in enumerate(nearest):
        if word in _FUTURE:
            future = position
        elif word in _PAST or (word.endswith("ed") and len(word) > 4 and word not in ("united", "need")):
            past = position
    going = _GOING.search(left[-60:])
    if going is not None:
        future = max(
            future, len(_WORD.findall(left[-60:][: going.end()])) + 9 - len(_WORD.findall(left[-60:]))
        )
    if future > past:
        return "future"
    if past >= 0:
        return "past"
    following = _WORD.findall(right)[:7]
    if any(word in ("will", "'ll", "’ll", "shall") for word in following):
        return "future"
    later = _WORD.findall(right)[:12]
    if any(word in _PAST or (word.endswith("ed") and len(word) > 4) for word in later):
        return "past"
    if before == "by":
        return "future"
    if any(word in ("is", "are", "has", "have", "says") for word in (*nearest[-4:], *following[:4])):
        return "present"
    return None


def _abbreviation(left: str, cut: int) -> bool:
    word = left[:cut].rsplit(" ", 1)[-1]
    return len(word) <= 3 and word[:1].isupper()
