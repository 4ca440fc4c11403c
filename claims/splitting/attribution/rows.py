"""What is a frame when it is done: which stretches are frame, source, content and unit?

Turns what was read in a sentence into the frozen row of results. It finds nothing new.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.language.document import Reading
from claims.language.quotes import Quote
from claims.language.spans import Span
from claims.splitting.attribution.complements import CueHit
from claims.splitting.attribution.results import Attributed, Complement, FrameWording
from claims.splitting.attribution.sentence_words import STOPS, SentenceWords, WordScope
from claims.splitting.attribution.source_phrases import Range
from claims.splitting.word_lists import acts

_FIRST_PERSON = frozenset({"i", "we"})
_NOBODY = frozenset({"nobody", "none", "no", "neither", "few", "hardly"})
_TRIMMED = frozenset({",", ";", ":", ".", "-", "—", "--", "(", ")"})


@dataclass(slots=True)
class FoundFrame:
    """A hit with its sentence, before quotations over several sentences are joined."""

    sentence: int
    scope: WordScope
    hit: CueHit
    extra: list[Span]


def _span(scope: WordScope, words: Range) -> Span:
    tokens = scope.words.sentence.tokens
    return Span(tokens[words[0]].start, tokens[words[1]].end)


_NAMING = acts("naming")


def row_of_hit(reading: Reading, item: FoundFrame, marks: _Marks) -> Attributed | None:
    """Turn a hit into its frozen result."""
    scope, hit = item.scope, item.hit
    words = scope.words
    content: list[Span] = []
    for start, end in sorted(hit.content):
        start, end = _trim(words, start, end)
        if start < end:
            content.append(_span(scope, (start, end - 1)))
    for span in item.extra:
        if (
            content
            and content[-1].end <= span.start
            and reading.view[content[-1].end : span.start].strip(' \n"') == ""
        ):
            content[-1] = Span(content[-1].start, span.end)
        else:
            content.append(span)
    content.sort()
    if not content:
        return None
    source = _span(scope, hit.source) if hit.source is not None else None
    wording = _wording(scope, hit, bool(item.extra))
    first_person = (
        scope.quote is not None
        and hit.source is not None
        and words.low[hit.source[0]] in _FIRST_PERSON
        and hit.source[0] == hit.source[1]
    )
    cue = _span(scope, (hit.first, hit.last))
    flags = list(hit.flags)
    if hit.cue.denies and (hit.negated or (hit.source is not None and words.low[hit.source[0]] in _NOBODY)):
        flags.append("complex-negation")
    if _names(words, hit):
        hit.complement = Complement.PHRASE
    keeps = hit.complement is Complement.PHRASE or hit.cue.denies or hit.negated
    unit = tuple(
        part
        for span in _unit(words, scope, hit, content, keeps, cue)
        if (part := bare(reading.view, marks, span)) is not None
    )
    return Attributed(
        sentence=item.sentence,
        cue=cue,
        lemma=hit.cue.lemma,
        cue_class=hit.cue.cls,
        wording=wording,
        complement=hit.complement
        or (
            Complement.QUOTE
            if wording is FrameWording.QUOTED
            else Complement.CONTEXT
            if item.extra
            else Complement.CLAUSE
        ),
        frames=tuple(_frame_spans(scope, hit)),
        source=source,
        content=tuple(content),
        unit=unit,
        addressee=_span(scope, hit.addressee) if hit.addressee else None,
        relay=_span(scope, hit.relay) if hit.relay else None,
        relay_cue=_span(scope, hit.relay_cue) if hit.relay_cue else None,
        quote=scope.quote,
        inherited=hit.inherited,
        negated=hit.negated,
        denial=hit.cue.denies,
        first_person=first_person,
        subject=_span(scope, hit.subject) if hit.subject else None,
        rules=tuple(dict.fromkeys(rule for rule in hit.rules if rule)),
        flags=tuple(dict.fromkeys(flags)),
    )


def _names(words: SentenceWords, hit: CueHit) -> bool:
    """Tell "called the results “hardly surprising”": what is called so belongs to what is said."""
    behind = hit.complement is Complement.QUOTE and hit.begin - hit.last > 2 and not hit.passive
    between = words.low[hit.last + 1 : hit.begin]
    return behind and hit.cue.lemma in _NAMING and not STOPS.intersection(between) and "that" not in between


def _trim(words: SentenceWords, start: int, end: int) -> tuple[int, int]:
    low = words.low
    while start < end and low[start] in _TRIMMED:
        start += 1
    while end > start and low[end - 1] in _TRIMMED - {")"}:
        end -= 1
    return start, end


def _wording(scope: WordScope, hit: CueHit, extra: bool) -> FrameWording:
    """Tell whether the content is wholly quoted, partly, or not at all."""
    inside = outside = 0
    for start, end in hit.content:
        for at in range(start, end):
            if scope.words.low[at] in STOPS:
                continue
            if scope.hidden[at] >= 0:
                inside += 1
            else:
                outside += 1
    if extra and not outside:
        return FrameWording.QUOTED
    if not inside:
        return FrameWording.PARTIAL if extra else FrameWording.REPORTED
    return FrameWording.QUOTED if outside <= 1 else FrameWording.PARTIAL


def _frame_spans(scope: WordScope, hit: CueHit) -> list[Span]:
    left, right = hit.frame_left, hit.frame_right
    if left < 0:
        left, right = hit.first, hit.last
    if hit.begin > right:
        right = hit.begin - 1
    return [_span(scope, (left, max(left, right)))]


def _unit(
    words: SentenceWords, scope: WordScope, hit: CueHit, content: list[Span], keeps: bool, cue: Span
) -> list[Span]:
    """Return the content by the rules of claim units: without "that", with a cue that has to stay."""
    tokens = words.sentence.tokens
    spans = list(content)
    if keeps and hit.begin >= 0 and spans:
        spans = [
            Span(min(cue.start, span.start), span.end)
            if span.end > cue.end and span.start <= tokens[hit.begin].start
            else span
            for span in spans
        ]
    elif hit.begin >= 0 and words.low[hit.begin] == "that" and hit.begin + 1 < len(tokens):
        spans = [
            Span(tokens[hit.begin + 1].start, span.end)
            if span.start == tokens[hit.begin].start and tokens[hit.begin + 1].start < span.end
            else span
            for span in spans
        ]
    return spans


_Marks = tuple[dict[int, Quote], dict[int, Quote]]
"""Quotations by where they start, and by where they end."""


def bare(view: str, marks: _Marks, span: Span) -> Span | None:
    """Cut outer punctuation, and the marks of a quotation around the stretch or of which it has one half."""
    start, end = span
    for _ in range(3):
        while start < end and view[start] in " ,;:—":
            start += 1
        while end > start and view[end - 1] in " ,;:—.":
            end -= 1
        opening = marks[0].get(start)
        if opening is not None and opening.inner_end >= end - 1:
            start = opening.inner_start
        closing = marks[1].get(end)
        if closing is not None and closing.start <= max(start - 1, 0) + (closing.inner_start == start):
            end = closing.inner_end
    return Span(start, end) if start < end else None
