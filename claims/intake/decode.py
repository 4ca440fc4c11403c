"""Which characters do these bytes stand for? One answer, with the encoding that was used and what was odd.

The result is the text that offsets mean: a byte-order mark is removed, NUL and lone surrogates become U+FFFD
one for one, line ends stay as they are. Refuses bytes that are no text at all.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from claims.intake.types import IntakeError
from claims.spoken import gettext as _

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What browsers take these labels for (WHATWG Encoding Standard).
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
#: Encodings whose bytes can hide markup or code; no page needs them.
_NEVER = frozenset(
    {"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)
_META = re.compile(rb"""<meta[^>]{0,512}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
_UNWANTED = re.compile("[\x00\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters, the encoding they were read with, and sentences for people where something was odd."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def clean(text: str) -> str:
    """Replace NUL and lone surrogates by U+FFFD, one for one, so that lengths stay."""
    return _UNWANTED.sub("\ufffd", text)


def decode(data: bytes, declared: str = "", *, markup: bool = False) -> Decoded:
    """Decode a file or an answer; ``declared`` is what the header says, ``markup`` looks for a meta charset.

    Valid multi-byte UTF-8 wins over every declaration: other encodings almost never form it by accident, and
    a wrong header is common. Raises IntakeError ``binary`` for what is no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _done(data[len(mark) :].decode(encoding, "replace"), encoding, [])
    wide = _wide(data)
    if wide:
        return _done(data.decode(wide, "replace"), wide, [])
    named = _lookup(declared)
    inside = _lookup(_declared_inside(data)) if markup else ""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        stateful = next((n for n in (named, inside) if n.startswith(("iso2022", "hz"))), "")
        if stateful:
            return _done(data.decode(stateful, "replace"), stateful, [])
        if not data.isascii() and named not in ("", "utf-8"):
            return _done(text, "utf-8", [_wrong(declared, "utf-8")])
        return _done(text, "utf-8", [])
    notes: list[str] = []
    for candidate, label in ((named, declared), (inside, "")):
        if not candidate or candidate == "utf-8":
            continue
        try:
            text = data.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
        if not _implausible(text):
            return _done(text, candidate, notes)
        if label:
            notes.append(_wrong(label, "another encoding"))
    if damaged := _damaged_utf8(data):
        return _done(damaged, "utf-8", ["Some characters of the file are damaged and shown as �."])
    if "utf-8" in (named, inside):
        notes.append(_wrong("utf-8", "another encoding"))
    encoding, text = _guess(data)
    notes.append(
        f"The encoding is not declared rightly; {encoding} was guessed. Check accents and quotation marks."
    )
    return _done(text, encoding, list(dict.fromkeys(notes)))


def refuse_binary(text: str) -> None:
    """Raise IntakeError ``binary`` where characters that no writer types make up more than a twentieth."""
    odd = len(_CONTROLS.findall(text))
    if odd > 3 and odd * 20 > len(text):
        raise IntakeError(
            "binary",
            _(
                "This is not text but the inside of a program, picture or office file. Save it as PDF or "
                "plain text, or paste the words themselves."
            ),
        )


def _done(text: str, encoding: str, notes: list[str]) -> Decoded:
    refuse_binary(text)
    return Decoded(clean(text.removeprefix("\ufeff")), encoding, tuple(notes))


def _wide(data: bytes) -> str:
    """Return UTF-16 without a mark where every second byte of the beginning is NUL, as in Western text."""
    head = data[:2000]
    if len(head) < 8 or b"\0" not in head:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.6 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.05:
        return "utf-16-be"
    return ""


def _lookup(label: str) -> str:
    """Return the codec a label means to a browser, empty for unknown ones and for codecs that are no text."""
    try:
        info = codecs.lookup(label.strip())
    except (LookupError, ValueError):
        return ""
    if info.name in _NEVER or not getattr(info, "_is_text_encoding", True):
        return ""
    return _WIDER.get(info.name, info.name)


def _declared_inside(data: bytes) -> str:
    head = data[:2048]
    match = _XML.search(head) or _META.search(head)
    if match is None:
        return ""
    label = match[1].decode("ascii")
    # A document that can be read as ASCII this far is not in a wide encoding, whatever it says.
    return "utf-8" if label.lower().startswith(("utf-16", "utf-32")) else label


def _implausible(text: str) -> bool:
    """Whether a decoding shows the marks of the wrong table: C1 controls, or UTF-8 seen through it."""
    sample = text[:200_000]
    if re.search("[\x80-\x84\x86-\x9f]", sample):
        return True
    return len(re.findall("[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]", sample)) > 2


def _damaged_utf8(data: bytes) -> str:
    """Return the text where nearly all multi-byte sequences are valid UTF-8, else an empty string."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for c in text if ord(c) > 0x7F and c != "\ufffd")
    return text if good >= 9 * bad and good > 0 else ""


def _guess(data: bytes) -> tuple[str, str]:
    best = from_bytes(data[:65_536]).best()
    if best is not None and best.encoding not in ("ascii", "utf_8"):
        encoding = _lookup(best.encoding) or "cp1252"
        try:
            return encoding, data.decode(encoding)
        except UnicodeDecodeError:
            pass
    # latin-1 maps every byte, so this never fails; the five holes of cp1252 become C1 controls.
    return "cp1252", data.decode("cp1252", "replace")


def _wrong(declared: str, actual: str) -> str:
    return f"The page declares {declared}, but its bytes are {actual}; they were read as such."


def tidy_name(name: str) -> str:
    """Return a name as it is stored: one line, without outer punctuation."""
    return " ".join(clean(name).split()).strip(' ,;:“”"„')[:200].rstrip()
