"""When was this page published, and how do we know?

Order: structured data of the article, the page's meta data, a date in the address, then htmldate's careful
mode on what is visible. Partial dates stay partial. Refuses copyright years, days in the future, and days
that no place of the page shows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from claims.intake.types import PublishedSource

_META = (
    ("property", "article:published_time"),
    ("property", "og:article:published_time"),
    ("property", "og:published_time"),
    ("name", "article:published_time"),
    ("itemprop", "datePublished"),
    ("name", "parsely-pub-date"),
    ("name", "sailthru.date"),
    ("name", "dc.date.issued"),
    ("name", "dcterms.created"),
    ("name", "dc.date"),
    ("name", "citation_publication_date"),
    ("name", "publish-date"),
    ("name", "publishdate"),
    ("name", "pubdate"),
    ("name", "date"),
)
_ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting|WebPage|ClaimReview|Posting)\Z")
_ISO = re.compile(r"\s*(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?=\D|\Z)", re.ASCII)
_IN_URL = re.compile(
    r"/(199\d|20\d\d)[/-](1[0-2]|0?[1-9])(?![0-9])(?:[/-](3[01]|[12]\d|0?[1-9])(?=[/\-_.]|\Z))?"
)
_FIRST_OF_YEAR = re.compile(r"\b(?:0?1[./-]0?1|jan\w*\.? 0?1\b|0?1(?:st|\.)? jan|-01-01)", re.IGNORECASE)
_EARLIEST = date(1990, 1, 1)

Found = tuple[str, PublishedSource, str, list[str]]


def published_date(tree: Any, source: str, url: str, today: date) -> Found:
    """Return value, source, evidence in words, and notes about what does not fit together."""
    notes: list[str] = []
    # A page just published east of here carries tomorrow's date.
    last = today + timedelta(days=1)
    found: list[tuple[str, PublishedSource, str]] = []
    for value, kind, evidence in _candidates(tree, url):
        partial = _partial(value)
        if not partial:
            continue
        if _first_day(partial) > last:
            notes.append(f"The page gives {partial} as its date, which lies in the future ({evidence}).")
        elif _first_day(partial) >= _EARLIEST:
            found.append((partial, kind, evidence))
    if not found and (visible := _visible(source, url, last)):
        found.append((visible, PublishedSource.VISIBLE, "a date shown on the page"))
    if not found:
        return "", PublishedSource.UNKNOWN, "", notes
    best = found[0]
    for other, _, evidence in found[1:]:
        if len(other) == len(best[0]) == 10 and abs((_first_day(other) - _first_day(best[0])).days) > 1:
            notes.append(f"The page gives two dates: {best[0]} ({best[2]}) and {other} ({evidence}).")
            break
    return (*best, notes)


def _candidates(tree: Any, url: str) -> Iterator[tuple[str, PublishedSource, str]]:
    for value in _structured(tree):
        yield value, PublishedSource.STRUCTURED, "datePublished in the page's structured data"
    for attribute, name in _META:
        for node in tree.xpath(f"//*[@{attribute}]"):
            if node.get(attribute, "").strip().lower() == name.lower():
                value = node.get("content") or node.get("datetime") or ""
                yield value, PublishedSource.METADATA, f"{name} in the page's meta data"
    for node in tree.xpath("//time[@pubdate and @datetime] | //article//header//time[@datetime]"):
        yield node.get("datetime", ""), PublishedSource.METADATA, "a time element of the article"
    if match := _IN_URL.search(url):
        parts = [match[1], match[2].zfill(2), *([match[3].zfill(2)] if match[3] else [])]
        yield "-".join(parts), PublishedSource.URL, "the date in the address"


def _structured(tree: Any) -> Iterator[str]:
    for node in tree.xpath("//script[contains(@type, 'ld+json')]"):
        text = node.text or ""
        if len(text) > 500_000:
            continue
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _dates_in(data, 0)


def _dates_in(data: Any, depth: int) -> Iterator[str]:
    """Yield datePublished of the article itself: the top, a list or @graph of it, never what it mentions."""
    if depth > 3:
        return
    if isinstance(data, list):
        for one in data:
            yield from _dates_in(one, depth + 1)
    elif isinstance(data, dict):
        kinds = data.get("@type", "")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        value = data.get("datePublished") or data.get("dateCreated")
        if isinstance(value, str) and any(isinstance(k, str) and _ARTICLE_TYPES.search(k) for k in kinds):
            yield value
        if "@graph" in data:
            yield from _dates_in(data["@graph"], depth + 1)


def _partial(value: str) -> str:
    """Return an ISO day, month or year at the beginning of a value, empty where it is none.

    A day stays the day that was written, whatever its time zone: that is the date readers saw.
    """
    match = _ISO.match(value)
    if match is None:
        return ""
    year, month, day = match[1], match[2], match[3]
    try:
        if day:
            return date(int(year), int(month), int(day)).isoformat()
        if month:
            return date(int(year), int(month), 1).isoformat()[:7]
        # A year alone in meta data is a copyright year as often as a date.
        return ""
    except ValueError:
        return ""


def _first_day(partial: str) -> date:
    return date.fromisoformat((partial + "-01-01")[:10])


def _visible(source: str, url: str, last: date) -> str:
    """Ask htmldate's careful mode; refuse the first of January where the page does not write that day out."""
    from htmldate import find_date

    try:
        value = find_date(
            source, extensive_search=False, original_date=True, url=url or None, max_date=last.isoformat()
        )
    except Exception:  # a parser of foreign pages may fail in any way; all of them mean "unknown"
        return ""
    if not value or (value.endswith("-01-01") and not _FIRST_OF_YEAR.search(source)):
        return ""
    return value if _EARLIEST <= date.fromisoformat(value) <= last else ""
