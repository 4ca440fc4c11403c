"""Is a suggested wording a sentence that somebody could publish? What can be told without reading the article.

Says what is wrong, not what is right: a wording without a fault may still say something the article does not.
"""

from __future__ import annotations

import re
import unicodedata

from claims.language.parser import parse
from claims.language.tag_repair import repair
from claims.language.tokens import tokenize

_FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})
_LEADING = frozenset(
    {"and", "but", "or", "nor", "yet", "so", "because", "although", "while", "whereas", "which", "who"}
)
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"))
_TIME_CODE = re.compile(r"\b\d{1,2}:\d{2}:\d{2}\b|-->|\[\d{1,2}:\d{2}\]")
_LABEL = re.compile(r"\A[A-Z][A-Z .'-]{2,}:\s")
_STRAY_DATE = re.compile(r"\b(?:in|on|for|its|his|her|their|the) (?:on|in) (?:\d|[A-Z][a-z]+ \d)")


def faults(wording: str) -> list[str]:
    """Return what keeps an English wording from being a clean sentence; empty where nothing is found."""
    found: list[str] = []
    words = [token.norm for token in tokenize(wording)]
    plain = [word for word in words if word[0].isalnum()]
    if not plain:
        return ["no words"]
    tags = repair(parse([words])[0]).xpos
    if not _FINITE & set(tags):
        found.append("no finite verb")
    if plain[0].lower() in _LEADING:
        found.append("leading conjunction")
    if any(wording.count(left) != wording.count(right) for left, right in _PAIRS) or wording.count('"') % 2:
        found.append("unbalanced marks")
    if _TIME_CODE.search(wording):
        found.append("time code")
    if any(unicodedata.category(character) in ("Cf", "Cc") for character in wording):
        found.append("invisible character")
    if _LABEL.match(wording):
        found.append("label in capitals")
    if _STRAY_DATE.search(wording):
        found.append("stray date")
    if not wording.rstrip("\"'”’»)]").endswith((".", "!", "?", "…")):
        found.append("no end mark")
    return found
