"""Which stretches of a text are dates, and which days do they mean?

``find`` reads the words, ``read`` puts every expression of a text on the calendar against a publication date
and the tense of its words, ``visible_publication_date`` looks for the date line of an article. Copyright
years, page numbers, versions, prices and telephone numbers are refused.
"""

from __future__ import annotations

from claims.language.dates.model import STORY, DateExpr, Kind, places_in_time
from claims.language.dates.places import EVENT_RELATIVE, UNRESOLVED, Dated
from claims.language.dates.publication import VisibleDate, VisibleDateSource, visible_publication_date
from claims.language.dates.timeline import find, read

__all__ = [
    "EVENT_RELATIVE",
    "STORY",
    "UNRESOLVED",
    "DateExpr",
    "Dated",
    "Kind",
    "VisibleDate",
    "VisibleDateSource",
    "find",
    "places_in_time",
    "read",
    "visible_publication_date",
]
