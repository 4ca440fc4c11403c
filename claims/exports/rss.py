"""Checks as RSS 2.0. The format has no deletion: what was withdrawn stays, and says so in title and text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from claims.exports.feedinfo import PAGE_BYTES, PAGE_ITEMS, FeedInfo, FeedPage, NextUrl, Render, fill
from claims.exports.markdown import render as html
from claims.exports.payload import Payload
from claims.exports.wording import notice, title
from claims.exports.xmltext import element

CONTENT_TYPE = "application/rss+xml"


def _rfc822(when: datetime) -> str:
    return format_datetime(when.astimezone(UTC), usegmt=True)


def description(payload: Payload) -> str:
    """Return what a reader shows of a check as HTML, which RSS carries escaped once more."""
    if not payload.is_live:
        return f"<p>{escape(notice(payload))}</p>"
    return html(payload.short_answer or payload.headline).strip()


def item(payload: Payload, render: Render | None = None, *, short: bool = False) -> str:
    """Return one item; the guid is the check's own id, which is not where its page may lie."""
    parts = [
        element("title", title(payload)),
        element("link", payload.url),
        element("guid", payload.uri, [("isPermaLink", "false")]),
        element("pubDate", _rfc822(payload.published_at)),
        *(element("dc:creator", name) for name in payload.byline),
        *(element("category", topic) for topic in payload.topics),
        element("description", description(payload)),
        element("atom:updated", payload.modified_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
    ]
    if payload.is_live and render is not None and not short:
        parts.append(element("content:encoded", render(payload)))
    return f"<item>{''.join(parts)}</item>"


def page(
    payloads: Iterable[Payload],
    feed: FeedInfo,
    *,
    next_url: NextUrl,
    render: Render | None = None,
    max_bytes: int = PAGE_BYTES,
    max_items: int = PAGE_ITEMS,
) -> FeedPage:
    """Return one page under ``max_bytes``."""
    head = [
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>',
        element("title", feed.title),
        element("link", feed.home_url),
        element("description", feed.description or feed.title),
        element("atom:link", attributes=[("rel", "self"), ("type", CONTENT_TYPE), ("href", feed.feed_url)]),
        element("lastBuildDate", _rfc822(feed.updated)),
    ]
    if feed.language:
        head.append(element("language", feed.language))
    if feed.licence_url:
        head.append(element("copyright", feed.licence_url))
    if feed.hub:
        head.append(element("atom:link", attributes=[("rel", "hub"), ("href", feed.hub)]))
    top = "".join(head).encode()
    filled = fill(
        payloads,
        lambda payload, short: item(payload, render, short=short).encode(),
        frame=len(top) + 1_000,
        max_bytes=max_bytes,
        max_items=max_items,
    )
    if filled.more and filled.last is not None:
        top += element("atom:link", attributes=[("rel", "next"), ("href", next_url(filled.last))]).encode()
    body = top + b"\n" + b"\n".join(filled.parts) + b"\n</channel></rss>\n"
    return FeedPage(body, len(filled.parts), filled.last, filled.more)
