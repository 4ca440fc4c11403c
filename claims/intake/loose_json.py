"""What does JSON say that a program wrote in its own notation? Python's and JavaScript's literals, and curly marks.

Reads text in single or curly marks, names without marks, ``True``, ``None``, ``undefined``, comments and commas
before a bracket. Each is turned into the sign that JSON has for it; nothing is run. Refuses whatever else is no
JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_BETWEEN = re.compile(r"[\s,;\x1e]*")
# A mark ends a text only where JSON goes on behind it: 'It's empty' is one text. Possessive: a text without an end
# is looked through once.
_TOKEN = re.compile(
    r"""(?P<plain>"(?:[^"\\]|\\.)*+")|(?P<single>'(?:[^'\\]|\\.|'(?!\s*(?:[,:\]}]|\Z)))*+')"""
    r"""|(?P<curly>[“„”](?:[^“”]|[“”](?!\s*(?:[,:\]}]|\Z)))*+[“”])|(?P<comment>//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<name>[^\W\d][\w$-]*)|(?P<comma>,(?=(?:\s|//[^\n]*|/\*.*?\*/)*[}\]]))|(?P<number>[-+.\d][\w.+-]*)"""
    r"""|(?P<sign>[\[\]{},:;\s])|(?P<other>.)""",
    re.DOTALL,
)
_WORDS = {
    "true": "true",
    "false": "false",
    "null": "null",
    "none": "null",
    "undefined": "null",
    "nan": "null",
}
_ESCAPE = re.compile(r"""\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(.))""", re.DOTALL)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}


def objects_in_a_row(text: str) -> list[Any]:
    """Return the JSON values that follow each other, with or without a sign between; raises ValueError."""
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    at = len(re.match(r"[\s\x1e]*", text)[0])  # type: ignore[index]  # always matches
    while at < len(text):
        value, end = decoder.raw_decode(text, at)
        found += value if isinstance(value, list) else [value]
        at = _BETWEEN.match(text, end).end()  # type: ignore[union-attr]  # always matches
    return found


def read_loose(text: str) -> list[Any]:
    """Return the values of a text that is JSON but for its notation; raises ValueError, also where there is none."""
    found = objects_in_a_row("".join(_signs(text)))
    if not any(isinstance(one, list | Mapping) for one in found):
        raise ValueError("no object")
    return found


def loose_or_none(text: str) -> list[Any]:
    """Return the same; none where the text is something else."""
    try:
        return read_loose(text)
    except (ValueError, RecursionError):
        return []


def _signs(text: str) -> Iterator[str]:
    """Yield the text in JSON's own signs; raises ValueError at the first that has none."""
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match[0]
        if kind in ("sign", "number"):
            yield token
        elif kind in ("plain", "single", "curly"):
            yield json.dumps(_ESCAPE.sub(_unescaped, token[1:-1]))
        elif kind == "name":
            key = re.match(r"\s*:", text[match.end() : match.end() + 20]) is not None
            if not key and token.lower() not in _WORDS:
                raise ValueError(f"{token[:20]} is no value")
            yield json.dumps(token) if key else _WORDS[token.lower()]
        elif kind == "other":
            raise ValueError(f"{token} is no sign of JSON")


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _CONTROLS.get(match[3], match[3])
