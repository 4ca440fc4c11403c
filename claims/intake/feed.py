"""Which entries does an RSS, Atom or JSON feed hold? Reads bytes that were fetched elsewhere.

Texts of entries are the feed's own, usually teasers: whether to fetch the page is the caller's decision.
Refuses bytes that are no feed.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import feedparser

from claims.intake.decode import clean
from claims.intake.feed_entries import ParsedEntry, ParsedFeed, address, items_of, text_of
from claims.intake.json_feed import is_json_feed, read_json_feed
from claims.intake.plain import require_size
from claims.intake.types import IntakeError
from claims.spoken import gettext as _

_XML_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")


def is_feed(data: bytes) -> bool:
    """Tell whether bytes begin as a feed does, whatever they are named."""
    return _XML_FEED.search(data[:4096]) is not None or is_json_feed(data)


def read_feed(
    data: bytes, *, content_type: str = "", url: str = "", today: datetime | None = None
) -> ParsedFeed:
    """Read a feed; entries have their ``id`` in ``extra`` and as text what the feed gives of them.

    ``url`` is where the feed was fetched. Raises IntakeError ``no_items`` where this is no feed.
    """
    require_size(data)
    now = today or datetime.now(UTC)
    if is_json_feed(data):
        return read_json_feed(data, url=url, now=now)
    headers = {"content-type": content_type} if content_type else {}
    # Sanitising is left on: the HTML of a stranger ends up in front of our extractor.
    parsed = feedparser.parse(io.BytesIO(data), response_headers=headers)
    if not parsed.version and not parsed.entries:
        raise IntakeError(
            "no_items",
            _("This is not an RSS, Atom or JSON feed. Check the address; sites often link it as “RSS”."),
        )
    head = parsed.feed
    home = address(str(head.get("link", "")), url)
    atom = str(parsed.version).startswith("atom")
    # RSS resolves against the site it belongs to, Atom against where it lies; xml:base has been applied before.
    base = (url or home) if atom else (home or url)
    # Feeds without pubDate say by dc:date when an entry was published; the parser calls that “updated”.
    core_date = re.search(rb"<\w+:date[\s>]", data) is not None and not atom
    entries = [_entry(entry, core_date=core_date) for entry in parsed.entries]
    return ParsedFeed(
        title=clean(str(head.get("title", ""))),
        url=home,
        language=str(head.get("language", "")).lower().partition("-")[0],
        items=items_of(
            entries,
            base=base,
            now=now,
            times=[str(dict.get(head, key) or "") for key in ("published", "updated")],
        ),
    )


def _entry(entry: Any, *, core_date: bool) -> ParsedEntry:
    contents = [str(part.get("value", "")) for part in entry.get("content", [])]
    html = max(contents or [str(entry.get("summary", ""))], key=len)
    # Asked of the plain dictionary: the parser answers one for the other where one is missing.
    published, changed = (str(dict.get(entry, key) or "") for key in ("published", "updated"))
    if not published and core_date:
        published, changed = changed, ""
    outlet, site = _source(entry)
    return ParsedEntry(
        id=str(entry.get("id", "")),
        title=_plain(str(entry.get("title", ""))),
        html=html,
        # A service that counts readers puts an address of its own before the article's.
        link=str(entry.get("feedburner_origlink") or entry.get("link", "")),
        authors=tuple(str(a.get("name", "")) for a in entry.get("authors", []) if a.get("name")),
        published=published,
        changed=changed,
        outlet=outlet,
        outlet_url=site,
    )


def _plain(title: str) -> str:
    """Return a title without the mark-up that some feeds write into it."""
    return text_of(title) if re.search(r"</?[a-zA-Z][^<>]{0,100}>", title) else title


def _source(entry: Any) -> tuple[str, str]:
    """Return the outlet that an entry of an aggregator names, and its site."""
    if source := entry.get("source"):
        site = str(source.get("href", "") or source.get("link", ""))
        return str(source.get("title", "")), site
    for link in entry.get("links", []):
        if link.get("rel") == "via":
            return str(link.get("title", "")), str(link.get("href", ""))
    return str(entry.get("dc_source", "")), ""
