"""Which characters do rules see?

Rules read a *shadow* of the stored text: the same number of code points, with typographic variants folded, so
that a span found in the shadow is valid in the stored text. Nothing here ever changes the stored text but
:func:`repair`, which is applied once, before a text is stored. No case folding, no Unicode normalisation:
both change lengths.
"""

from __future__ import annotations

import re

MAX_TEXT = 200_000
MAX_SENTENCE = 2_000

NOTHING = "\u200b"
"""The one character that every invisible character inside a word becomes; neither a space nor a letter."""

_DOUBLE_QUOTES = "“”„‟″＂〝〞"
_SINGLE_QUOTES = "‘’‚‛′＇ʼ´"
_SPACES = (
    "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u2800"
)
_INVISIBLE = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u202a\u202b\u202c\u202d\u202e"
    "\u2066\u2067\u2068\u2069\ufe0e\ufe0f\u034f\u180e"
)
_LINE_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_HYPHENS = "‐‑‒–−﹣－⁃"
_DASHES = "—―⸺⸻﹘"

_SHADOW = str.maketrans(
    {
        **dict.fromkeys(_DOUBLE_QUOTES, '"'),
        **dict.fromkeys(_SINGLE_QUOTES, "'"),
        "`": "'",
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_INVISIBLE, NOTHING),
        **dict.fromkeys(_LINE_ENDS, "\n"),
        **dict.fromkeys(_HYPHENS, "-"),
        **dict.fromkeys(_DASHES, "—"),
    }
)
_FOLDED_ASCII = frozenset(chr(code) for code in _SHADOW if code < 128) | {"\x00", "\r"}
_REPAIR = re.compile("[\x00\ud800-\udfff]")
_LONE_CR = re.compile("\r(?!\n)")
# The look-behind lets a run be tried at its first character only, so a text of nothing else stays linear.
_INVISIBLE_AT_EDGE = re.compile(rf"(?<!\S){NOTHING}++|(?<!{NOTHING}){NOTHING}++(?!\S)")


def repair(text: str) -> str:
    """Replace NUL and lone surrogates by U+FFFD, one for one, so that the text can be stored and encoded."""
    return _REPAIR.sub("\ufffd", text)


def shadow(text: str) -> str:
    """Return a text of equal length in which typographic variants are folded.

    Curly and low quotation marks become straight, guillemets stay; hyphens, en dashes and minus signs become
    ``-``, em dashes and bars ``—``; odd spaces become a space, line and form feeds and lone carriage returns
    a newline, the carriage return of CR LF a space; invisible characters become a space at the edge of a word
    and :data:`NOTHING` inside it; NUL and lone surrogates become U+FFFD.
    """
    if text.isascii() and _FOLDED_ASCII.isdisjoint(text):
        return text
    folded = _REPAIR.sub("\ufffd", text).translate(_SHADOW)
    if "\r" in folded:
        folded = _LONE_CR.sub("\n", folded).replace("\r", " ")
    if NOTHING in folded:
        folded = _INVISIBLE_AT_EDGE.sub(lambda run: " " * len(run.group()), folded)
    return folded
