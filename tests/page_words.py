"""What a page says, word by word: its tokens and keys are drawn at random and may spell anything inside."""

from __future__ import annotations

import re


def whole_words(page: str) -> frozenset[str]:
    """Return the words of a page or a feed, markup included; half a token is none of them."""
    return frozenset(re.findall(r"\w+", page))
