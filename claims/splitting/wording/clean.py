"""What does a stretch of the text say, without what nobody says or sees?

Time codes, cue numbers, mark-up, speakers' labels and invisible characters go; odd spaces become spaces, two single
marks a double one. Everything that writes a stretch of the text into a sentence reads it through here.
"""

from __future__ import annotations

import re

from claims.language.document import Reading
from claims.language.normalise import NOTHING, shadow

_BEFORE_MARK = re.compile(r"\s+([,.;:!?](?:\s|\Z))")
_PIECE = 24
_SPACED_MARKS = (" ,", " .", " ;", " :", " !", " ?")
# A joiner shapes the letters of these scripts, and holds the parts of an emoji together.
_JOINERS = "\u200c\u200d"
_JOINED = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u1780-\u17ff\ufb50-\ufeff\u2600-\u27bf\U0001f000-\U0001faff]"
)
_TIME_CODE = re.compile(
    r"(?:\s|\A)\d*\s*(?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->\s*(?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{1,3}(?=\s|\Z)"
    r"|[\[(](?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?[\])]"
    r"|\A\s*\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,3})?(?=\s)"
)
_LABEL = re.compile(
    r"\A(?:>+\s*|[-–—•*]\s+)?(?:[*_]{2})?[A-Z][A-Z.'’-]+(?:[ ,]+(?:[A-Z][A-Z.'’-]*|\d+|[(\[][^()\[\]]{1,40}[)\]]))*"
    r"(?:[*_]{2})?\s?:(?:[*_]{2})?\s+(?=\S)"
)
# Notes of an encyclopedia or a paper: "[8]", "[citation needed]".
_NOTE = re.compile(r"\s?\[(?:\d{1,3}|[a-z]|note \d+|(?:citation|clarification|better source) needed)\]")
_CHANGE = re.compile(r"(?:\A|(?<=\s))>{2,}\s*")


def visible(reading: Reading) -> str:
    """Return the text in equal length with spaces for what nobody says; invisible characters are still in it."""
    text, view = reading.layout.text, reading.view
    if text == view:
        return text
    made = []
    for at in range(0, len(text), _PIECE):
        piece, shown = text[at : at + _PIECE], view[at : at + _PIECE]
        if piece != shown:
            # Most pieces are the same in both: only the others are read by character.
            piece = "".join(
                [
                    char if char == seen else seen if seen in " \n" or (seen == '"' and char == "'") else char
                    for char, seen in zip(piece, shown, strict=True)
                ]
            )
        made.append(piece)
    return "".join(made)


def one_line(stretch: str) -> str:
    """Return a stretch of visible text on one line, without invisible characters."""
    words = stretch if stretch.isascii() else _without_hidden(stretch)
    before = " " if words[:1].isspace() else ""
    behind = " " if words[-1:].isspace() and not words.isspace() else ""
    return f"{before}{' '.join(words.split())}{behind}"


def said(text: str) -> str:
    """Return any text as one line without time codes, marks of a new speaker, labels in capitals and hidden signs."""
    if not text.isascii():
        text = _without_hidden(text)
    if ":" in text or ">" in text:
        text = _TIME_CODE.sub(" ", text)
        text = _CHANGE.sub("", text)
        text = _LABEL.sub("", text.lstrip())
    if "[" in text:
        text = _NOTE.sub("", text)
    words = " ".join(text.split())
    for mark in _SPACED_MARKS:
        if mark in words:
            return _BEFORE_MARK.sub(r"\1", words)
    return words


def _without_hidden(text: str) -> str:
    seen = shadow(text)
    if NOTHING not in seen and not any(joiner in text for joiner in _JOINERS):
        return text
    kept = []
    for at, char in enumerate(text):
        if seen[at] == NOTHING or (seen[at] == " " and not char.isspace() and char != "\u2800"):
            beside = text[at - 1 : at] + text[at + 1 : at + 2]
            if char in _JOINERS and len(beside) == 2 and all(_JOINED.match(one) for one in beside):
                kept.append(char)
            continue
        kept.append(char)
    return "".join(kept)
