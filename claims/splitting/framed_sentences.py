"""Which part of a sentence is the claim in languages whose frames are known and whose clauses are not?

What stands apart from a plain frame is the claim: a quotation without its marks, indirect speech without who said it.
Anything else is the whole sentence. No mark of a quotation is left without its partner.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Sequence
from operator import attrgetter

from claims.language.document import Reading, Sentence
from claims.language.quotes import Quote
from claims.language.spans import Span
from claims.splitting.attribution.german import FRONTED
from claims.splitting.attribution.results import Attributed, Complement, FrameWording
from claims.splitting.attribution.spoken_turns import only_signs
from claims.splitting.units import UnitDraft
from claims.splitting.whole_sentences import FLAG

#: The claim as it stands is a sentence; the other kinds are read with the sentence around them.
CLAUSE = "clause of a frame"
_WHOLE = "whole sentence"
_EDGES = " \n\u00a0\u202f,;:–—-"
_ENDS = _EDGES + ".。．۔"
_MARKS = "\"'“”„«»‹›「」『』"
_INFINITIVE = re.compile(
    r"(?:ab|an|auf|aus|bei|ein|fest|her|hin|mit|nach|um|vor|weg|zurück|zusammen)zu\w+n\Z"
)
_SAYING = re.compile(r"(?:说|說|表示|称|稱|指出|强调|道|写道)\Z")
_LONGEST_SAYING = 20
_LEAST = 3
_SPACED = 4
_MOSTLY = 0.85
_THAT = {"de": ("dass", "daß", "ob", "wie", "warum", "woher", "wann", "wo"),
         "nl": ("dat", "of", "hoe", "waarom", "wanneer", "waar")}  # fmt: skip

_place = attrgetter("start")
_BEFORE_COMMA = ("weil", "wenn", "falls", "obwohl", "damit", "sondern", "aber", "doch", "denn", "die", "der", "das",
                 "pero", "sino", "mais", "car")  # fmt: skip


def framed(reading: Reading, rows: Sequence[Attributed], skip: Container[int] = ()) -> list[UnitDraft]:
    """Return one unit a sentence, in order; ``skip`` are sentences left out."""
    own: dict[int, int] = {}
    for index, row in enumerate(rows):
        own.setdefault(row.sentence, index)
    signs = only_signs(reading, rows)
    drafts = (
        _draft(reading, sentence, rows, own.get(sentence.index))
        for sentence in reading.sentences
        if sentence.index not in skip and sentence.index not in signs
    )
    return [draft for draft in drafts if draft is not None]


def opens_clause(words: str, language: str) -> bool:
    """Tell words that a comma stands before: "dass …", "weil …"."""
    first = words.split(None, 1)[0].lower() if words.strip() else ""
    return first in (*_THAT.get(language, ()), *_BEFORE_COMMA)


def _draft(
    reading: Reading, sentence: Sentence, rows: Sequence[Attributed], index: int | None
) -> UnitDraft | None:
    words = [at for at, token in enumerate(sentence.tokens) if token.norm[:1].isalnum()]
    if not _is_long_enough([sentence.tokens[at].norm for at in words]):
        return None
    whole = Span(sentence.start, sentence.end)
    row = rows[index] if index is not None else None
    if row is None or _keeps_frame(reading, row):
        start, end = _trimmed(reading, whole)
        if _only_says(reading.view[start:end]) and start > 0 and reading.view[:start].rstrip()[-1:] in _MARKS:
            return None
        spoken = sum(sentence.quoted[at] >= 0 for at in words) >= _MOSTLY * len(words)
        return UnitDraft(start, end, sentence.index, index, spoken, "sentence", (_WHOLE,), flags=(FLAG,))
    spoken = row.wording is FrameWording.QUOTED
    hull = Span(row.unit[0].start, row.unit[-1].end)
    frame = row.frames[0] if row.frames else None
    inside = frame is not None and hull.start < frame.start and frame.end < hull.end
    if _is_infinitive(reading, sentence, hull):
        hull, inside = whole, False
    start, end = _trimmed(reading, hull)
    if spoken and inside:
        start, end = _with_marks(reading, whole, start, end)
    if start >= end:
        return None
    kind = (
        "sentence" if row.complement is Complement.CONTEXT or _depends(reading, sentence, start) else CLAUSE
    )
    flags = (FLAG,) if kind == "sentence" and not spoken and row.complement is Complement.CONTEXT else ()
    cut = (row.unit[0].end, _with_that(reading, sentence, row.unit[-1].start)) if inside else None
    return UnitDraft(start, end, sentence.index, index, spoken, kind, row.rules, frame=cut, flags=flags)


def _is_long_enough(words: Sequence[str]) -> bool:
    """Tell a sentence from a stray word; Chinese and Japanese signs count for less than words."""
    signs = sum(word[0] >= "\u3040" for word in words)
    return len(words) >= (_SPACED if signs > len(words) / 2 else _LEAST)


def _keeps_frame(reading: Reading, row: Attributed) -> bool:
    """Tell where the rest is no claim: its verb comes first, or the cue is part of it ("forderte", "bestritt")."""
    if row.complement is Complement.PHRASE or row.denial:
        return True
    fronted = bool(row.frames) and row.frames[0].start < row.unit[0].start
    return reading.language == "de" and fronted and bool(FRONTED.intersection(row.rules))


def _with_that(reading: Reading, sentence: Sentence, start: int) -> int:
    """Return where the second part begins with the "dass" before it: "…, betonte Kramer, dass die Impfung schade"."""
    at = bisect_left(sentence.tokens, start, key=_place)
    before = sentence.tokens[at - 1] if at > 0 else None
    return (
        before.start
        if before is not None and before.norm.lower() in _THAT.get(reading.language, ())
        else start
    )


def _depends(reading: Reading, sentence: Sentence, start: int) -> bool:
    """Tell a clause whose verb stands last: "dass der Hafen schließt"."""
    known = _THAT.get(reading.language, ())
    before = [token.norm.lower() for token in sentence.tokens if token.start < start]
    first = next((token.norm.lower() for token in sentence.tokens if token.start >= start), "")
    return bool(before and before[-1] in known) or first in known


def _is_infinitive(reading: Reading, sentence: Sentence, span: Span) -> bool:
    """Tell "…, 300 Tonnen verloren zu haben": no sentence without the one around it."""
    if reading.language != "de":
        return False
    words = [token.norm for token in sentence.tokens if span.start <= token.start < span.end]
    return len(words) > 1 and (
        (words[-2] == "zu" and words[-1][:1].islower() and words[-1].endswith("n"))
        or _INFINITIVE.match(words[-1]) is not None
    )


def _only_says(text: str) -> bool:
    """Tell the frame that stands as a sentence of its own behind a Chinese quotation: “……。”市长说。"""
    return len(text) <= _LONGEST_SAYING and _SAYING.search(text) is not None


def _opened(reading: Reading, span: Span) -> Sequence[Quote]:
    """Return the quotations that open inside a span."""
    quotes = reading.quotes
    first = bisect_left(quotes, span.start, key=_place)
    return quotes[first : bisect_left(quotes, span.end, key=_place)]


def _with_marks(reading: Reading, sentence: Span, start: int, end: int) -> tuple[int, int]:
    """Return a span with the marks at its edges, where a frame stands between two quotations."""
    for quotation in _opened(reading, sentence):
        if quotation.start < start <= quotation.inner_start + 1:
            start = quotation.start
        if quotation.inner_end - 2 <= end < quotation.end and quotation.start >= start:
            end = quotation.end
    return start, end


def _trimmed(reading: Reading, span: Span) -> tuple[int, int]:
    """Return a span without space, marks and points at its edges; a quotation inside keeps both its marks."""
    view = reading.view
    start, end = span.start, span.end
    while start < end and view[start] in _EDGES + _MARKS:
        start += 1
    while end > start and view[end - 1] in _ENDS + _MARKS:
        end -= 1
    for quotation in _opened(reading, span):
        # The speaker's words and more: their marks stay. Nothing but them: both are off already.
        covers = start <= quotation.inner_start + 1 and quotation.end <= end
        if quotation.start < start and covers:
            start = quotation.start
        if start <= quotation.start and end < quotation.end <= span.end:
            end = quotation.end
    return start, end
