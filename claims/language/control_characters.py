"""Which characters are never seen but change what is seen, and how are they named?

Controls, marks of direction, joiners, fillers, tags: they reorder, hide or split what stands beside them. Tab,
line feed and carriage return are text. Variation selectors are left out: ordinary emoji and Han glyphs hold them,
and they change nothing but the character before them. A joiner or non-joiner is text where it does its work:
between two letters of one script that needs it (Persian, Hindi, Sinhala), after the sign that ends a Malayalam word,
and a joiner between two emoji. Everywhere else it counts.
"""

from __future__ import annotations

import re
import unicodedata

import regex

#: The set as the inside of a class of a regular expression.
CLASS = (
    "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b-\\u200f"
    "\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff0-\\uffff\\U00013430-\\U0001343f\\U0001bca0-\\U0001bca3"
    "\\U0001d173-\\U0001d17a\\U000e0000-\\U000e007f"
)
_JOINERS = "\\u200c\\u200d"
# Scripts whose letters take another shape, or form another cluster, beside a joiner or non-joiner.
_JOINING = (
    "Adlam", "Arabic", "Balinese", "Bengali", "Devanagari", "Gujarati", "Gurmukhi", "Hanifi_Rohingya", "Javanese",
    "Kannada", "Khmer", "Malayalam", "Mandaic", "Mongolian", "Myanmar", "Nko", "Oriya", "Phags_Pa", "Sinhala",
    "Syriac", "Tai_Tham", "Tamil", "Telugu",
)  # fmt: skip
_LETTER = r"[\p{L}\p{M}]"
# Signs such as the copyright sign are pictures by the standard's data, but are in no sequence.
_PICTURE = r"(?![\xa9\xae‼⁉™ℹ])\p{Extended_Pictographic}"
# Where a joiner is text, seen from behind it.
_AT_WORK = "|".join(
    (
        *(
            rf"(?<=\p{{Script={one}}}\p{{Mn}}*[{_JOINERS}])(?<={_LETTER}[{_JOINERS}])(?=\p{{Script={one}}})(?={_LETTER})"
            for one in _JOINING
        ),
        rf"(?<=\u0d4d\u200d)(?!{_LETTER}|[{_JOINERS}])",
        rf"(?<={_PICTURE}\ufe0f?[\U0001f3fb-\U0001f3ff]?\u200d)(?={_PICTURE})",
    )
)
_COUNTS = f"(?![{_JOINERS}])[{CLASS}]|[{_JOINERS}](?!{_AT_WORK})"
CONTROL = regex.compile(_COUNTS)
CONTROLS = regex.compile(f"(?:{_COUNTS})+")
# Every character that may count, and the bytes of ASCII that never do: a page is nearly all of those.
_MAY_COUNT = frozenset(filter(re.compile(f"[{CLASS}{_JOINERS}]").match, map(chr, range(0x110000))))
_NEVER = bytes(point for point in range(0x80) if chr(point) not in _MAY_COUNT)
#: What stands in a page for one of them: one code point for one, so that places in the text stay.
SIGN = "␦"

_SHORT = {
    0xAD: "SHY", 0x61C: "ALM", 0x200B: "ZWSP", 0x200C: "ZWNJ", 0x200D: "ZWJ", 0x200E: "LRM", 0x200F: "RLM",
    0x2028: "LSEP", 0x2029: "PSEP", 0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO",
    0x2060: "WJ", 0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI", 0xFEFF: "BOM", 0x0: "NUL",
    0x7: "BEL", 0x8: "BS", 0xB: "VT", 0xC: "FF", 0x1B: "ESC", 0x7F: "DEL", 0x85: "NEL",
}  # fmt: skip
# The standard gives controls no names, only aliases, and the library does not hand those out.
_C0 = [
    *(
        "NULL",
        "START OF HEADING",
        "START OF TEXT",
        "END OF TEXT",
        "END OF TRANSMISSION",
        "ENQUIRY",
        "ACKNOWLEDGE",
    ),
    *(
        "ALERT",
        "BACKSPACE",
        "CHARACTER TABULATION",
        "LINE FEED",
        "LINE TABULATION",
        "FORM FEED",
        "CARRIAGE RETURN",
    ),
    *("SHIFT OUT", "SHIFT IN", "DATA LINK ESCAPE", "DEVICE CONTROL ONE", "DEVICE CONTROL TWO"),
    *("DEVICE CONTROL THREE", "DEVICE CONTROL FOUR", "NEGATIVE ACKNOWLEDGE", "SYNCHRONOUS IDLE"),
    *(
        "END OF TRANSMISSION BLOCK",
        "CANCEL",
        "END OF MEDIUM",
        "SUBSTITUTE",
        "ESCAPE",
        "INFORMATION SEPARATOR FOUR",
    ),
    *("INFORMATION SEPARATOR THREE", "INFORMATION SEPARATOR TWO", "INFORMATION SEPARATOR ONE"),
]
_OTHERS = {0x7F: "DELETE", 0x85: "NEXT LINE"}


def may_hold_any(text: bytes) -> bool:
    """Tell, fifteen times as fast as ``CONTROL`` finds one, whether UTF-8 may hold one; False is sure."""
    return not _MAY_COUNT.isdisjoint(text.translate(None, _NEVER).decode("utf-8", "replace"))


def code(character: str) -> str:
    """Return the code point as the standard writes it: ``U+202E``."""
    return f"U+{ord(character):04X}"


def name(character: str) -> str:
    """Return what the character is called, with its code point: ``RIGHT-TO-LEFT OVERRIDE, U+202E``."""
    point = ord(character)
    fallback = _C0[point] if point < len(_C0) else _OTHERS.get(point, "")
    if not fallback:
        fallback = "CONTROL CHARACTER" if unicodedata.category(character) == "Cc" else "INVISIBLE CHARACTER"
    return f"{unicodedata.name(character, fallback)}, {code(character)}"


def label(character: str) -> str:
    """Return the shortest name people know, or the code point."""
    return _SHORT.get(ord(character)) or code(character)


def in_words(text: str) -> str:
    """Return the text with each of these characters written out as ``[U+202E]``, for places that hold no markup."""
    return CONTROL.sub(lambda found: f"[{code(found.group())}]", text)
