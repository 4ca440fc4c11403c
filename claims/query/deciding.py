"""Which sentence of a passage decides? The one that holds most of what was asked for.

Function words and times of day ("06:21", "6.04 a.m.", "18.30 Uhr", "0600 hours") are no match: every passage has them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator

from claims.language.sentences import sentences
from claims.query.analysis import TermPlace, function_words, places

#: A sentence decides only with so many different terms: one word alone may be anywhere.
LEAST = 2

_CLOCK = r"[ap]\.?\s?m\b\.?|[ap]m\b|o[’'\u02bc]\s?clock\b|Uhr\b"
_HOURS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
#: An hour with its minutes, an hour that is told as one, and the four figures of a timetable.
_TIME = re.compile(
    rf"(?<![\d.,:])\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?!\d)(?:\s?(?:{_CLOCK}))?"
    rf"|(?<![\d.,:])(?:\d{{1,2}}(?:\.\d{{2}})?|\b(?:{_HOURS}))(?:\s|[-\u2011])?(?:{_CLOCK})"
    r"|(?<![\d.,:])(?:[01]?\d|2[0-4])\s?h(?:[0-5]\d)?\b(?![-.]?\d)"
    r"|(?<![\d.,:])(?:[01]\d|2[0-4])[0-5]\d\s?(?:hours\b|hrs\b|GMT\b|UTC\b)",
    re.IGNORECASE,
)


def matching(text: str, wanted: Collection[str], language: str = "en") -> Iterator[TermPlace]:
    """Yield the places of a text where a wanted term of content stands, in text order."""
    sought = frozenset(wanted) - function_words(language)
    times = [one.span() for one in _TIME.finditer(text)]
    starts = [start for start, _end in times]
    for place in places(text, language):
        before = bisect_right(starts, place.start) - 1
        if not sought.isdisjoint(place.terms) and (before < 0 or place.start >= times[before][1]):
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
