"""All checks as a Data Commons DataFeed, streamed: memory does not grow with the number of checks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from claims.exports.claimreview import CONTEXT, claimreview
from claims.exports.feedinfo import FeedInfo
from claims.exports.payload import Payload, rfc3339
from claims.vocabulary import CheckStatus


def item(payload: Payload) -> dict[str, Any]:
    """Return one DataFeedItem; without a verdict that stands it has no item.

    A withdrawn check is its deletion date; a suspended one comes back with its item or is withdrawn.
    """
    row: dict[str, Any] = {
        "@type": "DataFeedItem",
        "@id": f"{payload.uri}#item",
        "dateCreated": rfc3339(payload.published_at),
        "dateModified": rfc3339(payload.modified_at),
        "url": payload.url,
    }
    if payload.status is CheckStatus.WITHDRAWN:
        return row | {"dateDeleted": rfc3339(payload.modified_at), "item": None}
    review = claimreview(payload, context=False)
    return row | {"item": [review] if review is not None else None}


def stream(payloads: Iterable[Payload], feed: FeedInfo) -> Iterator[bytes]:
    """Yield the feed piece by piece; joined, it is one JSON document."""
    head: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "DataFeed",
        "@id": feed.feed_id,
        "name": feed.title,
        "url": feed.feed_url,
        "dateModified": rfc3339(feed.updated),
    }
    if feed.licence_url:
        head["license"] = feed.licence_url
    text = json.dumps(head, ensure_ascii=False)
    yield f'{text[:-1]}, "dataFeedElement": ['.encode()
    glue = b"\n"
    for payload in payloads:
        yield glue + json.dumps(item(payload), ensure_ascii=False).encode()
        glue = b",\n"
    yield b"\n]}\n"
