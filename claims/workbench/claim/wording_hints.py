"""Which words of a claim's wording deserve a second look before it is checked? Hints only; nothing refuses.

Marks what the analysis left unresolved (who "they" is, when "yesterday" was), words that give the verdict
away, and words that take sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

LONG = 75
_VERDICT = (
    "false|falsely|untrue|fake|wrong|wrongly|incorrect|incorrectly|misleading|debunked|hoax|lie|lies|lied|"
    "myth|baseless|unfounded|true|correct|correctly|rightly|proven|disproven"
)
_LOADED = (
    "regime|terrorist|terrorists|thug|thugs|so-called|radical|extremist|extremists|elite|elites|mob|puppet|"
    "puppets|invaders|traitor|traitors|propaganda|brutal|brutally|heroic|shameful|outrageous|disgraceful|"
    "massive|shocking|cynical|blatant|blatantly|admitted|refused"
)
_KINDS: tuple[tuple[str, re.Pattern[str], str | Promise], ...] = (
    ("verdict", re.compile(rf"(?<!\w)(?:{_VERDICT})(?!\w)", re.IGNORECASE), _("gives the verdict away")),
    ("loaded", re.compile(rf"(?<!\w)(?:{_LOADED})(?!\w)", re.IGNORECASE), _("takes sides")),
)


@dataclass(frozen=True, slots=True)
class WordingHint:
    """One thing to look at; ``words`` are what it is about, if anything."""

    kind: str
    words: str
    sentence: str | Promise


def hints(wording: str, unresolved: Iterable[Any] = ()) -> list[WordingHint]:
    """Return what is worth a second look, most important first."""
    found = [
        WordingHint(
            "unresolved", _words(one, wording), _("is not resolved: put the name or the date in its place")
        )
        for one in unresolved
    ]
    for kind, pattern, sentence in _KINDS:
        words = dict.fromkeys(match.group().lower() for match in pattern.finditer(wording))
        found += [WordingHint(kind, word, sentence) for word in words]
    if len(wording) > LONG:
        found.append(
            WordingHint(
                "long",
                "",
                _("is longer than 75 characters: readers and other programs see only its beginning"),
            )
        )
    return found


def marked(wording: str, unresolved: Iterable[Any] = ()) -> SafeString:
    """Return the wording with its unresolved parts marked."""
    spans = sorted(span for one in unresolved if (span := _span(one, wording)))
    out, at = [], 0
    for start, end in spans:
        if start < at:
            continue
        out += [escape(wording[at:start]), '<mark class="unresolved">', escape(wording[start:end]), "</mark>"]
        at = end
    out.append(escape(wording[at:]))
    return mark_safe("".join(out))  # noqa: S308  # every piece of text was escaped


def _span(one: Any, wording: str) -> tuple[int, int] | None:
    if isinstance(one, Mapping):
        start, end = one.get("start"), one.get("end")
        if isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(wording):
            return start, end
    words = _words(one, wording)
    place = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", wording) if words else None
    return (place.start(), place.end()) if place else None


def _words(one: Any, wording: str) -> str:
    if isinstance(one, str):
        return one
    if isinstance(one, Mapping):
        text = str(one.get("text") or one.get("expr") or "")
        start, end = one.get("start"), one.get("end")
        if not text and isinstance(start, int) and isinstance(end, int):
            return wording[start:end]
        return text
    return str(one)
