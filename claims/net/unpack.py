"""Unpacks a compressed answer piece by piece, so that a small bomb never becomes a large memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from claims.net.errors import BadAnswer
from claims.spoken import gettext as _

PIECE = 64 * 1024


def unpacker(encoding: str, url: str) -> Unpacker:
    """Return what unpacks an answer of this encoding chunk by chunk; raises BadAnswer for an unknown one."""
    names = [name.strip().lower() for name in encoding.split(",") if name.strip()]
    names = [name for name in names if name != "identity"]
    if len(names) > 1 or (names and names[0] not in ("gzip", "x-gzip", "deflate")):
        raise BadAnswer(
            _("The page is packed as “%(encoding)s”, which was not asked for. Paste the text.")
            % {"encoding": encoding},
            url=url,
        )
    return Unpacker(names[0] if names else "", url)


class Unpacker:
    """Unpacks chunks into pieces of at most ``PIECE`` bytes, and knows whether the end has come.

    The standard unpackers return everything a chunk expands to at once, which is what a gzip bomb wants.
    """

    def __init__(self, name: str, url: str) -> None:
        self._name, self._url = name, url
        self._bits = zlib.MAX_WBITS if name == "deflate" else 16 + zlib.MAX_WBITS
        self._packed: Any = zlib.decompressobj(self._bits) if name else None
        self._begun = False
        self._over = False

    @property
    def complete(self) -> bool:
        """Whether what came so far is whole: unpacked to its mark of the end, or nothing at all."""
        return not self._begun or self._packed is None or bool(self._packed.eof)

    def __call__(self, chunk: bytes) -> Iterator[bytes]:
        if self._packed is None:
            yield chunk
            return
        rest = b"" if self._over else chunk
        while rest:
            try:
                piece = self._packed.decompress(rest, PIECE)
            except zlib.error:
                if self._begun or self._name != "deflate":
                    raise BadAnswer(
                        _("The page arrived damaged. Try again, or paste the text."), url=self._url
                    ) from None
                # Some servers send raw deflate under this name.
                self._packed, self._begun = zlib.decompressobj(-zlib.MAX_WBITS), True
                continue
            self._begun = True
            if piece:
                yield piece
            rest = self._packed.unconsumed_tail
            if self._packed.eof:
                rest = self._packed.unused_data
                if self._name == "deflate" or (rest and not rest.startswith(b"\x1f")):
                    self._over = True
                    return  # padding after the last member is legal and common
                if rest:
                    self._packed = zlib.decompressobj(self._bits)
