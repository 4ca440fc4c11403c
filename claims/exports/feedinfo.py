"""What a feed says about itself, and how many checks fit on one page of it.

A page stays under 250 KB: readers with less memory than a browser poll these. Whoever builds the page gets
told which check was the last on it and whether more follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from claims.exports.payload import Payload, Publisher

PAGE_BYTES = 250_000
PAGE_ITEMS = 100

#: Turns a payload's justification into safe HTML; the caller owns the Markdown renderer.
Render = Callable[[Payload], str]
#: Gives the address of the page that follows a check.
NextUrl = Callable[[Payload], str]


@dataclass(frozen=True, slots=True)
class FeedInfo:
    """The head of a feed.

    ``feed_url`` is the address of this page, ``feed_id`` the one that never changes.
    """

    title: str
    home_url: str
    feed_url: str
    feed_id: str
    publisher: Publisher
    updated: datetime
    description: str = ""
    language: str = ""
    licence_url: str = ""
    hub: str = ""
    first_url: str = ""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One finished page: its bytes, how many checks it holds, the last of them, and whether more follow."""

    body: bytes
    count: int
    last: Payload | None
    more: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """The encoded checks that fit, before head and foot are put around them."""

    parts: tuple[bytes, ...]
    last: Payload | None
    more: bool


def fill(
    payloads: Iterable[Payload],
    encode: Callable[[Payload, bool], bytes],
    *,
    frame: int,
    max_bytes: int = PAGE_BYTES,
    max_items: int = PAGE_ITEMS,
) -> Filled:
    """Encode checks until the page is full; ``frame`` is what head and foot take.

    ``encode(payload, short)`` is asked for the short form where a single check would burst the page, so that
    one long justification can never end a feed. Draws one payload more than fits to know whether more follow.
    """
    room = max_bytes - frame
    parts: list[bytes] = []
    last: Payload | None = None
    for payload in payloads:
        if len(parts) == max_items:
            return Filled(tuple(parts), last, True)
        part = encode(payload, False)
        if len(part) > max_bytes - frame:
            part = encode(payload, True)
        if parts and len(part) + 2 > room:
            return Filled(tuple(parts), last, True)
        parts.append(part)
        room -= len(part) + 2
        last = payload
    return Filled(tuple(parts), last, False)
