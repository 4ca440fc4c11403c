"""Which entries does a JSON Feed hold (version 1 and 1.1)? Refuses what only looks like one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from claims.intake.decode import clean, decode
from claims.intake.feed_entries import ParsedEntry, ParsedFeed, address, items_of
from claims.intake.types import IntakeError
from claims.spoken import gettext as _

_VERSION = re.compile(
    rb'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version\\?/', re.IGNORECASE
)
_MOST_ENTRIES = 10_000


def is_json_feed(data: bytes) -> bool:
    """Tell whether bytes are a JSON Feed, by the version that every one names; its place is free."""
    if not data[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return False
    return any(_VERSION.search(part) is not None for part in (data[:4096], data[-4096:]))


def read_json_feed(data: bytes, *, url: str = "", now: datetime) -> ParsedFeed:
    """Read a feed; ``url`` is where it was fetched.

    Raises IntakeError ``broken`` or ``no_items``. Entries that are no objects are counted and left without text.
    """
    try:
        feed: Any = json.loads(decode(data).text)
    except (ValueError, RecursionError):
        raise IntakeError("broken", _("The JSON Feed is not valid JSON. Save it again.")) from None
    entries = feed.get("items") if isinstance(feed, Mapping) else None
    if not isinstance(entries, list) or not entries:
        raise IntakeError("no_items", _("The JSON Feed holds no entries: “items” is missing or empty."))
    if len(entries) > _MOST_ENTRIES:
        raise IntakeError(
            "too_large",
            _("The feed has more than %(most_entries)s entries. Add it in parts.")
            % {"most_entries": f"{_MOST_ENTRIES:,}"},
        )
    home = address(_text(feed, "home_page_url"), url)
    base = url or address(_text(feed, "feed_url")) or home
    language = _text(feed, "language")
    authors = _authors(feed)
    rows = [_entry(one, language, authors) for one in entries if isinstance(one, Mapping)]
    return ParsedFeed(
        title=clean(_text(feed, "title")),
        url=home,
        language=language.lower().partition("-")[0],
        items=items_of(rows, base=base, now=now),
    )


def _entry(row: Mapping[str, Any], language: str, authors: tuple[str, ...]) -> ParsedEntry:
    identity = row.get("id", "")
    named = _text(row, "url")
    return ParsedEntry(
        id=str(identity) if isinstance(identity, str | int | float) else "",
        title=_text(row, "title"),
        html=_text(row, "content_html"),
        text=_text(row, "content_text") or _text(row, "summary"),
        link=named
        or (str(identity) if re.match(r"https?://", str(identity)) else _text(row, "external_url")),
        authors=_authors(row) or authors,
        published=_text(row, "date_published"),
        changed=_text(row, "date_modified"),
        language=_text(row, "language") or language,
    )


def _authors(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of version 1.1, where there are none the one of version 1."""
    found = row.get("authors")
    people = found if isinstance(found, list) else [row.get("author")]
    return tuple(name for one in people if isinstance(one, Mapping) and (name := _text(one, "name")))


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""
