"""Does a text correct, withdraw or amend what was printed before? The note as it stands there.

Reads the notes that papers set before or behind an article ("Correction:", "An earlier version of this article …")
and texts that take their own words back ("That was wrong … I have taken the text down"). English, German, Spanish and
French. Refuses a correction that is only news ("a market correction", "prison corrections").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class NoteKind(StrEnum):
    """Whether words were put right, made clearer, or taken back altogether."""

    CORRECTION = "correction"
    CLARIFICATION = "clarification"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Note:
    """One note: its kind, its sentences as printed (at most ``LONGEST`` characters) and where it begins."""

    kind: NoteKind
    text: str
    start: int


LONGEST = 300

_LINE = r"(?m)^[^\w\n]{0,6}"
_PATTERNS: tuple[tuple[NoteKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            NoteKind.WITHDRAWAL,
            _LINE + r"(?:retraction|retracted|withdrawn|r[uü]cknahme|retractaci[oó]n"
            r"|r[eé]tractation)\b[^\n]{0,30}?[:.–—-]",
        ),
        (
            NoteKind.WITHDRAWAL,
            r"\bthis (?:article|story|report|post|text|column) (?:has been|was|is) (?:retracted"
            r"|withdrawn|"
            r"taken down|removed)\b|\b(?:I|we) (?:have )?(?:taken|took) (?:the|this|that) (?:text"
            r"|article|story|post|report)"
            r" down\b|\b(?:I|we) (?:hereby )?(?:retract|withdraw|take back) (?:the|this|that|my|our)\b"
            r"|\bwir ziehen den (?:Artikel|Bericht|Text)[^.\n]{0,40} zur[uü]ck\b",
        ),
        (
            NoteKind.CORRECTION,
            _LINE
            + r"(?:corrections?|corrected|errat(?:um|a)|korrektur(?:en)?|korrigiert|richtigstellung|berichtigung|"
            r"correcci[oó]n(?:es)?|fe de err(?:atas|ores)|rectificaci[oó]n|rectificatif|correctif|correction)"
            r"(?: (?:appended|of|vom|du|del|,)?[^\n:.–—]{0,40})?\s*[:–—]",
        ),
        (
            NoteKind.CLARIFICATION,
            _LINE + r"(?:clarifications?|editor['’]s note|editors['’] note|klarstellung"
            r"|anmerkung der redaktion|aclaraci[oó]n|"
            r"nota de(?:l editor| la redacci[oó]n)|pr[eé]cision|note de la r[eé]daction)"
            r"(?: [^\n:.–—]{0,40})?\s*[:–—]",
        ),
        (
            NoteKind.CORRECTION,
            r"\b(?:this|the) (?:article|story|report|piece|post|headline|page|version|column|item"
            r"|caption) (?:has been|was|"
            r"is) (?:amended|corrected|updated to correct|revised|edited) (?:on|to|in|after|because|since|\d)"
            r"|\b(?:an )?(?:earlier|previous|original) version of (?:this|the) (?:article|story|report"
            r"|piece|post|headline|page|"
            r"column)\b|\bthis (?:article|story) (?:originally|previously|incorrectly|wrongly) (?:said"
            r"|stated|reported|gave)\b"
            r"|\bin einer (?:fr[uü]heren|ersten|vorherigen) (?:Version|Fassung)\b|\bdieser (?:Artikel"
            r"|Text|Beitrag) wurde"
            r" (?:nachtr[aä]glich )?(?:korrigiert|berichtigt|ge[aä]ndert)\b"
            r"|\b(?:una|la) versi[oó]n (?:anterior|previa) de est[ea]\b|\best[ea] (?:art[ií]culo"
            r"|noticia|texto) (?:ha sido|fue)"
            r" (?:corregid[oa]|modificad[oa]|rectificad[oa])\b"
            r"|\bune (?:premi[eè]re|pr[eé]c[eé]dente) version de cet? (?:article|texte)\b|\bune version"
            r" (?:pr[eé]c[eé]dente|ant[eé]rieure) de cet? \w+|\bcet article a [eé]t[eé] (?:corrig[eé]"
            r"|modifi[eé]|rectifi[eé])",
        ),
        (
            NoteKind.CORRECTION,
            r"\b(?:I|we) (?:wrote|reported|said|stated|published|printed)[^.\n]{0,160}\.\s+(?:That|This"
            r"|It) (?:was|is)"
            r" (?:wrong|incorrect|not true|untrue|false|a mistake|an error)\b"
            r"|\b(?:we|I) (?:regret|apologi[sz]e for) (?:the|this|that|an|our|my) (?:error|mistake)s?\b",
        ),
    )
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[A-ZÀ-Ö“\"])|\n")


def note_in(text: str) -> Note | None:
    """Return the note of a text that says most: a withdrawal before a correction before a clarification."""
    found: dict[NoteKind, re.Match[str]] = {}
    for kind, pattern in _PATTERNS:
        match = pattern.search(text)
        if match is not None and (kind not in found or match.start() < found[kind].start()):
            found[kind] = match
    for kind in (NoteKind.WITHDRAWAL, NoteKind.CORRECTION, NoteKind.CLARIFICATION):
        if kind in found:
            start = _sentence_start(text, found[kind].start())
            return Note(kind, _shortened(text, start), start)
    return None


def _sentence_start(text: str, at: int) -> int:
    begin = max(text.rfind("\n", 0, at) + 1, at - LONGEST)
    for match in _SENTENCE_END.finditer(text, begin, at + 1):
        begin = match.end()
    while begin < at and text[begin].isspace():
        begin += 1
    return begin


def _shortened(text: str, start: int) -> str:
    line = text.find("\n", start)
    whole = " ".join(text[start : len(text) if line < 0 else line].split())
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
