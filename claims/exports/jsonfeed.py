"""Checks as JSON Feed 1.1, one page at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from claims.exports.feedinfo import PAGE_BYTES, PAGE_ITEMS, FeedInfo, FeedPage, NextUrl, Render, fill
from claims.exports.payload import Payload, rfc3339
from claims.exports.wording import notice, title

CONTENT_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def item(payload: Payload, render: Render | None = None, *, short: bool = False) -> dict[str, Any]:
    """Return one item; ``id`` is the same in every format and for ever.

    ``short`` leaves the reasoning out.
    """
    row: dict[str, Any] = {"id": payload.uri, "url": payload.url, "title": title(payload)}
    if not payload.is_live:
        row["content_text"] = notice(payload)
    elif render is not None and not short:
        row["content_html"] = render(payload)
    else:
        body = "" if short else payload.justification
        row["content_text"] = "\n\n".join(p for p in (payload.short_answer, body) if p) or payload.headline
    if payload.is_live and payload.short_answer:
        row["summary"] = payload.short_answer
    row["date_published"] = rfc3339(payload.published_at)
    row["date_modified"] = rfc3339(payload.modified_at)
    if payload.image:
        row["image"] = payload.image
    if payload.byline:
        row["authors"] = [{"name": name} for name in payload.byline]
    if payload.topics:
        row["tags"] = list(payload.topics)
    if payload.language:
        row["language"] = payload.language
    row["_factcheck"] = extension(payload)
    return row


def extension(payload: Payload) -> dict[str, Any]:
    """Return what a program wants beside the text: status, finding, sources; nothing rated unless live."""
    row: dict[str, Any] = {
        "id": payload.id,
        "version": payload.number,
        "release": payload.kind.value,
        "status": payload.status.value,
        "claim": payload.wording,
        "claimant": payload.claimant.name if payload.claimant else "",
        "checks": payload.checks.value,
        "made_on": payload.made_on,
        "publisher": payload.publisher.name,
        "licence": payload.licence_url or payload.licence,
    }
    if payload.public_note:
        row["note"] = payload.public_note
    if payload.is_live:
        rating = payload.rating
        row["finding"] = rating.finding.value if rating.finding else ""
        row["rating"] = rating.label
        if rating.value is not None:
            row |= {"rating_value": rating.value, "rating_best": rating.best, "rating_worst": rating.worst}
        row["origins"] = payload.origins
        row["sources"] = [
            {
                "number": c.number,
                "url": c.url,
                "title": c.title,
                "outlet": c.outlet,
                "published": c.published,
                "archived_url": c.archived_url,
            }
            for c in payload.citations
        ]
    return row


def page(
    payloads: Iterable[Payload],
    feed: FeedInfo,
    *,
    next_url: NextUrl,
    render: Render | None = None,
    max_bytes: int = PAGE_BYTES,
    max_items: int = PAGE_ITEMS,
) -> FeedPage:
    """Return one page under ``max_bytes``; ``next_url`` is asked only where more follow."""
    head: dict[str, Any] = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home_url,
        "feed_url": feed.feed_url,
        "authors": [{"name": feed.publisher.name, "url": feed.publisher.url or feed.home_url}],
    }
    if feed.description:
        head["description"] = feed.description
    if feed.language:
        head["language"] = feed.language
    if feed.hub:
        head["hubs"] = [{"type": "WebSub", "url": feed.hub}]
    if feed.licence_url:
        head["_license"] = {"url": feed.licence_url}
    filled = fill(
        payloads,
        lambda payload, short: json.dumps(item(payload, render, short=short), ensure_ascii=False).encode(),
        # Room for the address of the next page, which is known only at the end.
        frame=len(json.dumps(head, ensure_ascii=False).encode()) + 1_000,
        max_bytes=max_bytes,
        max_items=max_items,
    )
    if filled.more and filled.last is not None:
        head["next_url"] = next_url(filled.last)
    body = json.dumps(head, ensure_ascii=False).encode()[:-1] + b', "items": ['
    body += b",\n".join(filled.parts) + b"]}\n"
    return FeedPage(body, len(filled.parts), filled.last, filled.more)
