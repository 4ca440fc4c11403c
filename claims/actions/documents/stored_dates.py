"""How do the dates of an appearance lie in its row, and what do they suggest for the claim made of it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from claims.actions import partial_dates
from claims.models import Appearance
from claims.splitting.types import DateMention

#: What an article can suggest for a claim.
SUGGESTED = ("made_on", "about")


def mention_of(row: Mapping[str, Any]) -> DateMention:
    """Read one stored date back; rows of the first release know neither anchor nor direction."""
    return DateMention(
        expr=str(row["expr"]),
        start=int(row["start"]),
        end=int(row["end"]),
        value=str(row["value"]),
        earliest=str(row.get("earliest", "")),
        latest=str(row.get("latest", "")),
        flags=tuple(row.get("flags", ())),
        refers_to=row.get("refers_to"),
        anchor=str(row.get("anchor", "")),
        direction=row.get("direction"),
    )


def as_json(mention: DateMention) -> dict[str, Any]:
    """Return a date as it is stored: what was found and where, by what it was resolved, and to what."""
    return {**asdict(mention), "flags": list(mention.flags)}


def suggested(
    row: Appearance, *, published: str | None = None, dates: Sequence[Mapping[str, Any]] | None = None
) -> dict[str, object]:
    """Return the columns ``made_on`` and ``about``, with their bounds, that an appearance suggests for its claim.

    ``published`` and ``dates`` stand in for those of the rows, to look ahead.
    """
    if published is None:
        published = row.document.published if row.document else row.appeared_on
    return partial_dates.columns("made_on", published) | partial_dates.columns(
        "about", about(row.dates if dates is None else dates)
    )


def about(dates: Sequence[Mapping[str, Any]]) -> str:
    """Return what time an appearance is about: its one dated value, or the interval of several."""
    placed = [date for date in dates if date.get("earliest") and date.get("latest")]
    if not placed:
        return ""
    values = {str(date["value"]) for date in placed}
    if len(values) == 1 and not str(placed[0]["value"]).startswith(("event", "P")):
        return values.pop()
    first = min(str(date["earliest"]) for date in placed)
    last = max(str(date["latest"]) for date in placed)
    return first if first == last else f"{first}/{last}"
