"""Which things do two claims have in common?

A thing is a word of content: no function word, number, month, unit or verb of rising and falling, which claims
about anything share ("has tripled since 2021"). The words of one name are one thing. It says nothing about
whether the claims say the same of it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from claims.query.analysis import base_language, function_words, places, terms

_NUMERIC = re.compile(r"[\d.,:%]+")
#: What stands between two words of one name.
_INSIDE_NAME = re.compile(r"[ \u00a0-]+")


def shared_things(one: str, other: str, *, language: str = "en") -> tuple[str, ...]:
    """Return what both texts name, as terms in the order of ``one``; of a name the first shared word."""
    theirs = set(terms(other, language)) - _common(language)
    found: list[str] = []
    open_name = counted = False
    before = 0
    for place in places(one, language):
        capital = one[place.start].isupper()
        if not (capital and open_name and _INSIDE_NAME.fullmatch(one[before : place.start])):
            counted = False
        open_name, before = capital, place.end
        term = next((term for term in place.terms if term in theirs and not _NUMERIC.fullmatch(term)), None)
        if term is None or term in found or counted:
            continue
        found.append(term)
        counted = capital
    return tuple(found)


@lru_cache(maxsize=16)
def _common(language: str) -> frozenset[str]:
    """Return the terms that are no things; beyond function words only English has a list."""
    words = function_words(language)
    if base_language(language) != "en":
        return words
    lines = (Path(__file__).parent / "data" / "no_things_en.txt").read_text("utf-8").splitlines()
    return words | frozenset(terms(" ".join(line for line in lines if not line.startswith("#")), language))
