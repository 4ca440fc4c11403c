"""Do the words around a date of a German sentence speak of what was or of what will be?

The verb may stand on either side, and the participle that fixes a day stands behind it ("wurde auf Montag
verschoben", "der für Montag geplante Streik"): the clause around the date is read first, then its sentence.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent.parent / "data" / "tense_de.json"
_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|[^\w\s]")
_MARKS = frozenset(",;:–—")
_PARTICIPLE = re.compile(r"(?:\w{0,5})ge\w{2,}(?:t|en)\Z|(?:be|ver|er|ent|zer)\w{3,}(?:t|en)\Z|\w{3,}iert\Z")
#: Weak verbs in the past: "sagte", "teilten"; adjectives and nouns of that form are listed.
_WEAK = re.compile(r"(?!ge)\w{2,}ten?\Z")


@cache
def _words() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in json.loads(_DATA.read_text("utf-8")).items()}


def read(before: str, after: str) -> str:
    """Return ``past``, ``present``, ``future``, ``planned`` or nothing; both sides are of one sentence."""
    left, right = _TOKEN.findall(before), _TOKEN.findall(after)
    clause = _told(_last_clause(left), _first_clause(right))
    if clause:
        return clause
    whole = _told(left, right)
    if not whole and left and left[-1].lower() == "bis":
        return "planned"
    return whole


def _last_clause(left: list[str]) -> list[str]:
    for at in range(len(left) - 1, -1, -1):
        if left[at] in _MARKS:
            return left[at + 1 :]
    return left


def _first_clause(right: list[str]) -> list[str]:
    return next((right[:at] for at, word in enumerate(right) if word in _MARKS), right)


def _told(left: list[str], right: list[str]) -> str:
    words = _words()
    first = left[0].lower() if left else ""
    around = [
        first,
        *(word for word in left[1:] if word[0].islower()),
        *(word for word in right if word[0].islower()),
    ]
    said = set(around)
    fixed = words["fixed"] & said
    if fixed and not words["future"] & said:
        over = words["past"] - fixed
        return "future" if said & words["now"] and not said & over else "planned"
    participle = any(_PARTICIPLE.match(word) for word in around)
    for word in _outward(left, right):
        if word in words["past"] or _is_past(word):
            return "past"
        if word in words["future"] or word in words["scheduled"]:
            return "future"
        if word in words["perfect"] or word in words["now"]:
            return "past" if participle else "present"
    return ""


def _outward(left: list[str], right: list[str]) -> list[str]:
    """Return the words that can be verbs, the nearest to the date first."""
    behind = [word.lower() if at == 0 else word for at, word in enumerate(left)][::-1]
    words: list[str] = []
    for at in range(max(len(behind), len(right))):
        words += [side[at] for side in (behind, right) if at < len(side) and side[at][0].islower()]
    return words


def _is_past(word: str) -> bool:
    return bool(_WEAK.match(word)) and word not in _words()["not_past"]
