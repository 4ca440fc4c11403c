"""When are two texts the same text, and two files the same file?"""

from __future__ import annotations

import hashlib


def text_hash(text: str) -> str:
    """Return the duplicate hash of a text: line ends folded, outer white space stripped, SHA-256 in hex.

    Nothing else is folded: an edited comma is another text and deserves another capture.
    """
    folded = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()


def blob_hash(data: bytes) -> str:
    """Return the address of stored bytes: SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()
