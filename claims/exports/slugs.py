"""The decorative part of a check's address: readable, never needed, never part of an id."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 60


def slug(headline: str) -> str:
    """Return lower-case words joined by hyphens, cut at a word; empty where nothing is left of a headline."""
    text = headline.casefold().replace("ß", "ss").replace("æ", "ae").replace("ø", "o")
    text = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("đ", "d"))
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = re.sub(r"['’]", "", text)
    text = re.sub(r"[\W_]+", "-", text).strip("-")
    if len(text) > _LONGEST:
        cut = text[: _LONGEST + 1].rpartition("-")[0]
        text = cut or text[:_LONGEST]
    return text.strip("-")
