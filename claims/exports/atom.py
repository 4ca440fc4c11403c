"""Checks as an Atom feed (RFC 4287), paged (RFC 5005), withdrawals as deleted entries (RFC 6721)."""

from __future__ import annotations

from collections.abc import Iterable

from claims.exports.feedinfo import PAGE_BYTES, PAGE_ITEMS, FeedInfo, FeedPage, NextUrl, Render, fill
from claims.exports.payload import Payload, rfc3339
from claims.exports.wording import notice, title
from claims.exports.xmltext import attribute, element
from claims.vocabulary import CheckStatus

CONTENT_TYPE = "application/atom+xml"


def entry(payload: Payload, render: Render | None = None, *, short: bool = False) -> str:
    """Return one entry, or the tombstone of a withdrawn check."""
    when = rfc3339(payload.modified_at)
    if payload.status is CheckStatus.WITHDRAWN:
        return (
            f"<at:deleted-entry ref={attribute(payload.uri)} when={attribute(when)}>"
            f"{element('at:comment', notice(payload))}"
            f"{element('link', attributes=[('rel', 'alternate'), ('href', payload.url)])}</at:deleted-entry>"
        )
    parts = [
        element("id", payload.uri),
        element("title", title(payload)),
        element("updated", when),
        element("published", rfc3339(payload.published_at)),
        element("link", attributes=[("rel", "alternate"), ("type", "text/html"), ("href", payload.url)]),
        *(f"<author>{element('name', name)}</author>" for name in payload.byline),
        *(element("category", attributes=[("term", topic)]) for topic in payload.topics),
    ]
    if payload.licence_url:
        parts.append(element("link", attributes=[("rel", "license"), ("href", payload.licence_url)]))
    if not payload.is_live:
        parts.append(element("summary", notice(payload)))
    else:
        if payload.short_answer:
            parts.append(element("summary", payload.short_answer))
        if render is not None and not short:
            parts.append(element("content", render(payload), [("type", "html")]))
        elif not short and payload.justification:
            parts.append(element("content", payload.justification))
    language = f" xml:lang={attribute(payload.language)}" if payload.language else ""
    return f"<entry{language}>{''.join(parts)}</entry>"


def page(
    payloads: Iterable[Payload],
    feed: FeedInfo,
    *,
    next_url: NextUrl,
    render: Render | None = None,
    max_bytes: int = PAGE_BYTES,
    max_items: int = PAGE_ITEMS,
) -> FeedPage:
    """Return one page under ``max_bytes``; links lead to the first and the next page."""
    language = f" xml:lang={attribute(feed.language)}" if feed.language else ""
    head = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
        f' xmlns:at="http://purl.org/atompub/tombstones/1.0"{language}>',
        element("id", feed.feed_id),
        element("title", feed.title),
        element("updated", rfc3339(feed.updated)),
        f"<author>{element('name', feed.publisher.name)}"
        f"{element('uri', feed.publisher.url) if feed.publisher.url else ''}</author>",
        element("link", attributes=[("rel", "self"), ("type", CONTENT_TYPE), ("href", feed.feed_url)]),
        element("link", attributes=[("rel", "alternate"), ("type", "text/html"), ("href", feed.home_url)]),
    ]
    if feed.description:
        head.append(element("subtitle", feed.description))
    for rel, href in (("first", feed.first_url), ("license", feed.licence_url), ("hub", feed.hub)):
        if href:
            head.append(element("link", attributes=[("rel", rel), ("href", href)]))
    top = "".join(head).encode()
    filled = fill(
        payloads,
        lambda payload, short: entry(payload, render, short=short).encode(),
        frame=len(top) + 1_000,
        max_bytes=max_bytes,
        max_items=max_items,
    )
    if filled.more and filled.last is not None:
        top += element("link", attributes=[("rel", "next"), ("href", next_url(filled.last))]).encode()
    body = top + b"\n" + b"\n".join(filled.parts) + b"\n</feed>\n"
    return FeedPage(body, len(filled.parts), filled.last, filled.more)
