"""How does an entry of any feed become an item? One rule for RSS, Atom and JSON Feed.

Relative addresses are resolved, the day is the publisher's, and an entry that an aggregator passes on belongs to the
outlet it names. A day of the last change is never taken for the day of publication; it is said in a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

import lxml.html  # type: ignore[import-untyped]
from lxml import etree

from claims.independence.credits import is_agency
from claims.intake.decode import clean
from claims.intake.html import extract
from claims.intake.shown_day import DaySign, Stamp, address_sign, read_stamp, seen_day
from claims.intake.types import Extracted, IntakeError, Item, PublishedSource
from claims.language.dates.written_day import written_day
from claims.net.addresses import canonical_url

_VIA_AT_END = re.compile(r"\s*[(\[]\s*via:?\s+([^()\[\]]{2,80})[)\]]\s*\Z", re.IGNORECASE)
_VIA = re.compile(
    r"(?P<first>.*?)[\s,(]*\bvia:?\s+(?P<second>[^()]{2,80}?)\)?\s*\Z", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """The feed's own title and address, and its entries in the order of the feed, newest usually first."""

    title: str
    url: str
    language: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One entry as its feed writes it: ``published`` and ``changed`` are the written times, ``text`` has no HTML.

    ``outlet`` is whom the feed names as the source of the entry, ``outlet_url`` that one's site.
    """

    id: str = ""
    title: str = ""
    html: str = ""
    text: str = ""
    link: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    changed: str = ""
    outlet: str = ""
    outlet_url: str = ""
    language: str = ""


def items_of(
    entries: Sequence[ParsedEntry], *, base: str, now: datetime, times: Sequence[str] = ()
) -> tuple[Item, ...]:
    """Return the items of all entries of one feed; ``base`` resolves their relative addresses.

    ``times`` are other times that the feed writes: they tell its zone.

    An entry without any text keeps its title as text.
    """
    written = [*times, *(time for entry in entries for time in (entry.published, entry.changed))]
    stamps = [stamp for stamp in map(read_stamp, written) if stamp]
    zone = next((stamp.offset for stamp in stamps if stamp.offset), None)
    return tuple(_item(entry, number, base, zone, now) for number, entry in enumerate(entries, start=1))


def _item(entry: ParsedEntry, number: int, base: str, zone: int | None, now: datetime) -> Item:
    link = address(entry.link, base)
    outlet, outlet_url, title = _outlet(entry, base, link)
    published, evidence, notes = _published(entry, link, zone, now)
    return Item(
        extracted=Extracted(
            text=text_of(entry.html) or clean(entry.text.strip()) or title,
            title=title,
            authors=tuple(dict.fromkeys(name for name in map(_name, entry.authors) if name)),
            site=outlet,
            outlet_url=outlet_url,
            language=entry.language.strip().lower().replace("_", "-").partition("-")[0],
            published=published,
            published_source=PublishedSource.FEED if published else PublishedSource.UNKNOWN,
            published_evidence=evidence if published else "",
            canonical_url=link,
            notes=notes,
            extractor="feed/2",
        ),
        source="feed",
        url=link,
        outlet=outlet,
        place=f"entry {number}",
        extra={"id": entry.id} if entry.id else {},
    )


def _published(
    entry: ParsedEntry, link: str, zone: int | None, now: datetime
) -> tuple[str, str, tuple[str, ...]]:
    """Return the day of an entry, its evidence and what there is to say about it."""
    stamp = read_stamp(entry.published)
    if stamp is None and (day := written_day(entry.published)) is not None:
        stamp = Stamp(day)
    if stamp is None:
        changed = read_stamp(entry.changed)
        if changed is None:
            return "", "", ()
        said = (
            f"The feed says only when this entry was last changed ({changed.day}), not when it was published."
        )
        return "", "", (said,)
    day, told = seen_day(stamp, _shown(link, zone))
    evidence = "the feed's date of the entry" + (
        f", which is in UTC; the day is that of {told}" if told else ""
    )
    if _is_ahead(stamp, now):
        return "", "", (f"The feed dates this entry {day.isoformat()}, which lies in the future.",)
    return day.isoformat(), evidence, ()


def _shown(link: str, zone: int | None) -> Iterator[DaySign]:
    if zone is not None:
        yield DaySign("the feed's other times", offset=zone)
    yield from address_sign(link)


def _is_ahead(stamp: Stamp, now: datetime) -> bool:
    if stamp.minutes is None or stamp.offset is None:
        # A mere day may have begun farther east.
        return stamp.day > now.date() + timedelta(days=1)
    day = datetime(stamp.day.year, stamp.day.month, stamp.day.day, tzinfo=now.tzinfo)
    return day + timedelta(minutes=stamp.minutes - stamp.offset) > now


def _outlet(entry: ParsedEntry, base: str, link: str) -> tuple[str, str | None, str]:
    """Return whose entry it is where another outlet is named, that one's site, and the title without its name."""
    title = clean(" ".join(entry.title.split()))
    outlet, site = _name(entry.outlet), address(entry.outlet_url, base)
    if not outlet and site:
        outlet = _host(site)
    if match := _VIA_AT_END.search(title):
        outlet, title = outlet or _name(match[1]), title[: match.start()]
    if not outlet:
        outlet = next((found for found in map(_via, entry.authors) if found), "")
    outlet = _via(outlet) or outlet
    for mark in (" - ", " – ", " — ", " | "):
        if outlet and title.lower().endswith(f"{mark}{outlet}".lower()):
            title = title[: -len(mark) - len(outlet)].rstrip()
    if not outlet or (site and _host(site) == _host(link)):
        return outlet, None, title
    return outlet, site, title


def _via(text: str) -> str:
    """Return who made what another passes on: “via Quay Post” and “Meridian Press via Quay Post”."""
    match = _VIA.fullmatch(" ".join(text.split()))
    if match is None:
        return ""
    first = _name(match["first"])
    return first if first and is_agency(first) else _name(match["second"])


def _name(text: str) -> str:
    return clean(" ".join(text.split())).strip(" ,;:–—-")[:200]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def text_of(html: str) -> str:
    """Return the text of an entry's HTML; what holds no tag is text already."""
    if "<" not in html:
        return clean(html.strip())
    try:
        return extract(f"<html><body><article>{html}</article></body></html>".encode("utf-8", "replace")).text
    except IntakeError:
        # Too short for an article, which a teaser may be.
        return clean(" ".join(_tagless(html).split()))


def _tagless(html: str) -> str:
    try:
        return str(lxml.html.fromstring(f"<div>{html}</div>").text_content())
    except (etree.LxmlError, ValueError):
        return ""


def address(url: str, base: str = "") -> str:
    """Return a complete address, resolved against ``base``; empty where it is none."""
    try:
        return canonical_url(urljoin(base, url.strip())) if url.strip() else ""
    except ValueError:
        return ""
