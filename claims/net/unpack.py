"""Unpacks a compressed answer piece by piece, so that a small bomb never becomes a large memory."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any

from claims.net.errors import BadAnswer

PIECE = 64 * 1024


def unpacker(encoding: str, url: str) -> Callable[[bytes], Iterator[bytes]]:
    """Return a function that unpacks chunk by chunk in pieces of at most ``PIECE`` bytes.

    The standard unpackers return everything a chunk expands to at once, which is what a gzip bomb wants.
    """
    names = [name.strip().lower() for name in encoding.split(",") if name.strip()]
    names = [name for name in names if name != "identity"]
    if not names:
        return lambda chunk: iter((chunk,))
    if len(names) > 1 or names[0] not in ("gzip", "x-gzip", "deflate"):
        raise BadAnswer(
            f"The page is packed as “{encoding}”, which was not asked for. Paste the text.", url=url
        )
    bits = 16 + zlib.MAX_WBITS if names[0] != "deflate" else zlib.MAX_WBITS
    state = {"unpacker": zlib.decompressobj(bits), "begun": False}

    def unpack(chunk: bytes) -> Iterator[bytes]:
        rest = chunk
        while rest:
            packed: Any = state["unpacker"]
            try:
                piece = packed.decompress(rest, PIECE)
            except zlib.error:
                if state["begun"] or names[0] != "deflate":
                    raise BadAnswer(
                        "The page arrived damaged. Try again, or paste the text.", url=url
                    ) from None
                # Some servers send raw deflate under this name.
                state["unpacker"], state["begun"] = zlib.decompressobj(-zlib.MAX_WBITS), True
                continue
            state["begun"] = True
            if piece:
                yield piece
            rest = packed.unconsumed_tail
            if packed.eof:
                rest = packed.unused_data
                if not rest or names[0] == "deflate" or not rest.startswith(b"\x1f"):
                    return  # padding after the last member is legal and common
                state["unpacker"] = zlib.decompressobj(bits)

    return unpack
