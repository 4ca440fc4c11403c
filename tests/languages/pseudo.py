"""A language in which every translated sentence stands between ⟦ and ⟧, and what a page says outside of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import trans_real

CODE = "xx"
OPEN, CLOSE = "⟦", "⟧"
#: Addresses, numbers, signs, codes: words of no language.
_NO_WORDS = re.compile(
    r"https?://\S+|\S+@\S+|\b[\w-]+(?:\.[\w-]+)+\b|(?<!\w)/[\w/%?=&.-]+|&\w+;|\b[0-9a-f]{8}-[0-9a-f-]{27}\b"
)
#: What stands between two things that are shown beside each other.
_JOINTS = re.compile(r"[·()|\n]|, | – |: | → ")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SKIPPED = {"script", "style", "kbd", "code", "pre", "textarea", "title-of-nothing"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SPOKEN = {"aria-label", "title", "placeholder", "alt", "aria-description", "data-confirm", "label"}


class _Marks:
    """Django asks a language for sentences by these methods."""

    domain = "django"

    def language(self) -> str:
        return CODE

    def to_language(self) -> str:
        return CODE

    def gettext(self, message: str) -> str:
        return OPEN + message.rpartition("\x04")[2] + CLOSE

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)


@contextmanager
def spoken() -> Iterator[None]:
    """Let the pseudo-language be one of Django's while this lasts."""
    trans_real.translation("en")
    trans_real._translations[CODE] = _Marks()
    try:
        yield
    finally:
        trans_real._translations.pop(CODE, None)


class Page(HTMLParser):
    """What a page says to people: its text, and what it says in attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.said: list[str] = []
        self._depth = 0
        self.feed(html)

    def _tell(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        for name, value in attrs:
            if value and (name in _SPOKEN or (name == "value" and names.get("type") in ("submit", "button"))):
                self.said += outside_marks(value)[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tell(tag, attrs)
        if tag not in _VOID:
            # Words of another language are somebody's own.
            self.open.append((tag, tag in _SKIPPED or (tag not in ("html",) and "lang" in dict(attrs))))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tell(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        if not any(skipped for _tag, skipped in self.open):
            # A sentence may have links in it.
            pieces, self._depth = outside_marks(data, self._depth)
            self.said += pieces


def outside_marks(text: str, depth: int = 0) -> tuple[list[str], int]:
    """Return the pieces of a text that no translated sentence holds, and how many sentences are still open."""
    pieces = [""]
    for sign in text:
        if sign == OPEN:
            depth += 1
            pieces.append("")
        elif sign == CLOSE:
            depth -= 1
        elif depth == 0:
            pieces[-1] += sign
    return pieces, depth


def plain(text: str) -> str:
    """Return the words of a text, to be compared."""
    return " ".join(re.sub(r"[^\w]+", " ", text).casefold().split())


def content() -> str:
    """Return all words that rows hold, as one text: what the desk's own people and sources wrote."""
    return " " + " \x00 ".join(plain(one) for one in content_parts()) + " "


def content_parts() -> list[str]:
    """Return every text that a row holds, whole."""
    said: list[str] = []
    for model in apps.get_models():
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField, models.JSONField))
        ]
        for row in model._default_manager.order_by().values_list(*names) if names else ():
            for value in row:
                said += _strings(value)
    return said


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [one for item in value.items() for part in item for one in _strings(part)]
    if isinstance(value, (list, tuple)):
        return [one for part in value for one in _strings(part)]
    return []


def unmarked(html: str, known: str, allowed: set[str]) -> list[str]:
    """Return what a page says that is neither translated nor the desk's own.

    ``known`` comes from `content()`, ``allowed`` are names that are the same in every language.
    """
    found = []
    for said in Page(html).said:
        for piece in _JOINTS.split(said):
            rest = re.sub(r"^(?:\d+ )+", "", plain(_NO_WORDS.sub(" ", piece)))
            words = [word for word in _WORD.findall(rest) if word not in allowed]
            # A text may be cut at its end, a long one anywhere.
            if words and f" {rest}" not in known and not (len(rest) > 20 and rest in known):
                found.append(" ".join(piece.split()))
    return found
