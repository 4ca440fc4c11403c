"""Which stretches of a text are dates, and which days do they mean?

``find`` reads the words, ``place`` puts one expression on the calendar against a publication date and a
tense, ``visible_publication_date`` looks for the date line of an article. Copyright years, page numbers,
versions, prices and telephone numbers are refused.
"""

from __future__ import annotations

from claims.language.dates import german, grammar
from claims.language.dates.model import DateExpr, Kind, places_in_time
from claims.language.dates.places import EVENT_RELATIVE, UNRESOLVED, Now, Place
from claims.language.dates.publication import DateSource, VisibleDate, visible_publication_date
from claims.language.dates.resolution import Context, place

_PACKS = {"en": grammar.find, "de": german.find}


def find(text: str, start: int = 0, end: int | None = None, *, language: str = "en") -> list[DateExpr]:
    """Return the date expressions between two offsets, in order; none for a language without a pack."""
    pack = _PACKS.get(language.split("-")[0].lower())
    return pack(text, start, end) if pack is not None else []


__all__ = [
    "EVENT_RELATIVE",
    "UNRESOLVED",
    "Context",
    "DateExpr",
    "DateSource",
    "Kind",
    "Now",
    "Place",
    "VisibleDate",
    "find",
    "place",
    "places_in_time",
    "visible_publication_date",
]
