"""Text as XML may carry it: escaped, and without the characters that XML 1.0 has no way to write."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: str) -> str:
    return escape(_ILLEGAL.sub("\ufffd", value))


def attribute(value: str) -> str:
    """Return the value with its quotation marks."""
    return quoteattr(_ILLEGAL.sub("\ufffd", value))


def element(name: str, value: str = "", attributes: Iterable[tuple[str, str]] = ()) -> str:
    """Return one element, closed; attributes with an empty value are left out."""
    inside = "".join(f" {key}={attribute(one)}" for key, one in attributes if one)
    return f"<{name}{inside}>{text(value)}</{name}>" if value else f"<{name}{inside}/>"
