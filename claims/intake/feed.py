"""Which entries does an RSS or Atom feed hold? Reads bytes that were fetched elsewhere.

Texts of entries are the feed's own, usually teasers: whether to fetch the page is the caller's decision.
Refuses bytes that are no feed.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser

from claims.intake.decode import clean
from claims.intake.html import extract
from claims.intake.plain import require_size
from claims.intake.types import Extracted, IntakeError, Item, PublishedSource
from claims.net.addresses import canonical_url


@dataclass(frozen=True, slots=True)
class Feed:
    """The feed's own title and address, and its entries in the order of the feed, newest usually first."""

    title: str
    url: str
    language: str
    items: tuple[Item, ...]


def read_feed(data: bytes, *, content_type: str = "", today: datetime | None = None) -> Feed:
    """Read a feed; entries have their ``id`` in ``extra`` and as text what the feed gives of them.

    Raises IntakeError ``no_items`` where this is no feed. An entry without any text keeps its title as text.
    """
    require_size(data)
    headers = {"content-type": content_type} if content_type else {}
    # Sanitising is left on: the HTML of a stranger ends up in front of our extractor.
    parsed = feedparser.parse(io.BytesIO(data), response_headers=headers)
    if not parsed.version and not parsed.entries:
        raise IntakeError(
            "no_items", "This is not an RSS or Atom feed. Check the address; sites often link it as “RSS”."
        )
    now = today or datetime.now(UTC)
    items = tuple(_item(entry, n, now) for n, entry in enumerate(parsed.entries, start=1))
    head = parsed.feed
    return Feed(
        title=clean(str(head.get("title", ""))),
        url=_address(str(head.get("link", ""))),
        language=str(head.get("language", "")).lower().partition("-")[0],
        items=items,
    )


def _item(entry: Any, number: int, now: datetime) -> Item:
    html = max(
        [str(part.get("value", "")) for part in entry.get("content", [])] or [str(entry.get("summary", ""))],
        key=len,
    )
    title = clean(" ".join(str(entry.get("title", "")).split()))
    text, extractor = _text(html), "feed/1"
    published = ""
    notes: tuple[str, ...] = ()
    if moment := entry.get("published_parsed") or entry.get("updated_parsed"):
        try:
            year, month, day, hour, minute, second = moment[:6]
            when = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        except ValueError:
            when = now
        if when <= now:
            published = when.date().isoformat()
        else:
            notes = (f"The feed dates this entry {when.date().isoformat()}, which lies in the future.",)
    authors = [str(a.get("name", "")).strip() for a in entry.get("authors", []) if a.get("name")]
    return Item(
        extracted=Extracted(
            text=text or title,
            title=title,
            authors=tuple(dict.fromkeys(clean(a) for a in authors)),
            published=published,
            published_source=PublishedSource.FEED if published else PublishedSource.UNKNOWN,
            published_evidence="the feed's date of the entry" if published else "",
            canonical_url=_address(str(entry.get("link", ""))),
            notes=notes,
            extractor=extractor,
        ),
        source="feed",
        url=_address(str(entry.get("link", ""))),
        place=f"entry {number}",
        extra={"id": str(entry.get("id", ""))} if entry.get("id") else {},
    )


def _text(html: str) -> str:
    if "<" not in html:
        return clean(html.strip())
    try:
        return extract(f"<html><body><article>{html}</article></body></html>".encode("utf-8", "replace")).text
    except IntakeError:
        return ""


def _address(url: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:
        return ""
