"""Which sentence of a passage decides? The one that holds most of what was asked for.

Function words and the figures inside times of day ("06:21") are no match: every passage has them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from claims.language.sentences import sentences
from claims.query.analysis import TermPlace, function_words, places

#: A sentence decides only with so many different terms: one word alone may be anywhere.
LEAST = 2


def matching(text: str, wanted: Collection[str], language: str = "en") -> Iterator[TermPlace]:
    """Yield the places of a text where a wanted term of content stands, in text order."""
    sought = frozenset(wanted) - function_words(language)
    for place in places(text, language):
        if not sought.isdisjoint(place.terms) and not _in_a_time(text, place):
            yield place


def deciding_sentence(text: str, wanted: Collection[str], language: str = "en") -> tuple[int, int] | None:
    """Return the span of the sentence with most different wanted terms, the first of equals.

    None where no sentence holds two of them.
    """
    sought = frozenset(wanted)
    found = list(matching(text, wanted, language))
    best: tuple[int, int] | None = None
    most = LEAST - 1
    for span in sentences(text, language=language):
        start, end = span
        held = {
            term for place in found if start <= place.start < end for term in place.terms if term in sought
        }
        if len(held) > most:
            best, most = (start, end), len(held)
    return best


def _in_a_time(text: str, place: TermPlace) -> bool:
    digits = text[place.start : place.end].isdecimal()
    return digits and (
        text[place.end : place.end + 1] == ":" or text[max(0, place.start - 1) : place.start] == ":"
    )
