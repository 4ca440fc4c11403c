"""Which feeds does an OPML file name, the list that feed readers export? Refuses what is none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]

from claims.intake.decode import clean
from claims.intake.plain import require_size
from claims.intake.types import IntakeError
from claims.spoken import gettext as _

MOST_FEEDS = 1_000
_BARE = re.compile(rb"&(?!#?\w{1,32};)(?!\0)")
_FEED = re.compile(r"\Afeed:(?:(?://)?(?=(https?://))|//)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of the list: its address as it was written, and its title."""

    url: str
    title: str


def feed_address(text: str) -> str:
    """Return the address in ``feed:…``, which browsers once wrote before it or in the place of its scheme."""
    return _FEED.sub(lambda found: "" if found[1] else "http://", text.strip())


def read_opml(data: bytes) -> tuple[Outline, ...]:
    """Return the feeds of a list, in its order, each address once; raises IntakeError."""
    require_size(data)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        # Programs forget to escape the sign between two values of an address; a parser drops it and what follows.
        root = etree.fromstring(_BARE.sub(b"&amp;", data), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or str(etree.QName(root).localname).lower() != "opml":
        raise IntakeError(
            "wrong_type",
            _("This is no OPML file. Export your feeds from the feed reader as OPML and choose that file."),
        )
    found: dict[str, Outline] = {}
    for node in root.iter("{*}outline"):
        named = {str(name).lower(): str(value) for name, value in node.attrib.items()}
        kind = named.get("type", "").lower()
        url = named.get("xmlurl") or (named.get("url", "") if kind in ("rss", "atom", "feed") else "")
        url = feed_address(clean(url))
        if url and url not in found:
            title = named.get("title") or named.get("text") or ""
            found[url] = Outline(url, " ".join(clean(title).split())[:200])
    if not found:
        raise IntakeError("no_items", _("The OPML file names no feed: no outline of it has an xmlUrl."))
    if len(found) > MOST_FEEDS:
        raise IntakeError(
            "too_large",
            _("The list names more than %(most_feeds)s feeds. Add it in parts.")
            % {"most_feeds": f"{MOST_FEEDS:,}"},
        )
    return tuple(found.values())
