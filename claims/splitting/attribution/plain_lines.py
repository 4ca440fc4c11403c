"""What do the packs without tags share? A sentence as words, a frame made of spans of it, and quotations that run on.

It knows no language: which words are cues and sources the packs say.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from claims.language.document import Reading, Sentence
from claims.language.spans import Span
from claims.splitting.attribution.results import Attributed, Complement, CueClass, FrameWording

MARKS = frozenset({'"', "«", "»", "‹", "›", "“", "”", "„"})
STOPS = frozenset({",", ".", ":", ";", "!", "?", "—", "–", "-", "(", ")", *MARKS})
_EDGES = frozenset({",", ":", ";", "—", "–", "-", "."})
Place = tuple[int, int]
# Marks included: shorter ones are terms, not speech.
_LEAST_QUOTED = 5


@dataclass(slots=True)
class Line:
    """A sentence as a pack reads it: its words, and the same in lower case."""

    sentence: Sentence
    words: list[str]
    low: list[str]

    def span(self, start: int, end: int) -> Span:
        """Return the place in the text of the tokens from ``start`` up to ``end``."""
        tokens = self.sentence.tokens
        return Span(tokens[start].start, tokens[end - 1].end)

    def quoted(self, at: int) -> bool:
        """Tell whether a token stands in a quotation; outside the sentence there is none."""
        return 0 <= at < len(self.words) and self.sentence.quoted[at] >= 0

    def is_hyphen(self, at: int) -> bool:
        """Tell a hyphen inside a word from a dash between words."""
        tokens = self.sentence.tokens
        inside = 0 < at < len(self.words) - 1 and self.words[at] == "-"
        return inside and tokens[at - 1].end == tokens[at].start and tokens[at].end == tokens[at + 1].start

    def behind_quotation(self) -> int:
        """Return the lower-case word that follows a quotation at the head of the sentence and a comma; -1 for none."""
        at = 0
        while at < len(self.words) and self.quoted(at):
            at += 1
        if at < _LEAST_QUOTED or self.words[at : at + 1] != [","] or at + 1 >= len(self.words):
            return -1
        return at + 1 if self.words[at + 1][:1].islower() else -1

    def resumed(self, at: int) -> int:
        """Return where a quotation goes on behind a frame, a comma or point before it; -1 where none does."""
        for look in range(at, len(self.words)):
            if self.quoted(look):
                goes_on = look == at or self.words[look - 1] in (",", ".", ":", ";", "—", "–", "-")
                return look if goes_on else -1
        return -1

    def is_name(self, at: int) -> bool:
        """Tell a token with a capital outside quotations."""
        return at < len(self.words) and self.words[at][:1].isupper() and not self.quoted(at)


def lines(reading: Reading) -> list[Line]:
    """Return the sentences of a reading that hold words."""
    return [line_of(sentence) for sentence in reading.sentences if sentence.tokens]


def line_of(sentence: Sentence) -> Line:
    """Return a sentence as a pack reads it."""
    words = [token.norm for token in sentence.tokens]
    return Line(sentence, words, [word.lower() for word in words])


def row(
    line: Line,
    *,
    cue: Place,
    lemma: str,
    source: Place | None,
    content: Sequence[Place],
    complement: Complement,
    rule: str,
    skip: Collection[str] = (),
    flags: tuple[str, ...] = (),
    negated: bool = False,
    denial: bool = False,
) -> Attributed | None:
    """Return a frame; None when its content holds no words. ``skip`` are words before a unit: "dass", "que"."""
    spans: list[Span] = []
    units: list[Span] = []
    inside = outside = 0
    for start, end in content:
        while start < end and line.words[start] in (",", ":", ";", "—", "–", "-"):
            start += 1
        while end > start and line.words[end - 1] in _EDGES:
            end -= 1
        if start >= end:
            continue
        spans.append(line.span(start, end))
        for at in range(start, end):
            inside += line.quoted(at)
            outside += not line.quoted(at) and line.words[at] not in STOPS and line.low[at] not in skip
    for start, end in content:
        while start < end and (line.words[start] in _EDGES or line.low[start] in skip):
            start += 1
        while end > start and line.words[end - 1] in _EDGES:
            end -= 1
        if inside and not outside:
            while start < end and (line.words[start] in STOPS or line.low[start] in skip):
                start += 1
            while end > start and (line.words[end - 1] in MARKS or line.words[end - 1] in _EDGES):
                end -= 1
        if start < end:
            units.append(line.span(start, end))
    if not spans or not units:
        return None
    if complement is Complement.PHRASE:
        units[0] = Span(min(line.sentence.tokens[cue[0]].start, units[0].start), units[0].end)
    frame = [*range(*cue), *(range(*source) if source else ())]
    wording = FrameWording.REPORTED
    if inside:
        wording = FrameWording.PARTIAL if outside else FrameWording.QUOTED
    return Attributed(
        sentence=line.sentence.index,
        cue=line.span(*cue),
        lemma=lemma,
        cue_class=CueClass.SPEECH,
        wording=wording,
        complement=complement,
        frames=(line.span(min(frame), max(frame) + 1),),
        source=line.span(*source) if source else None,
        content=tuple(spans),
        unit=tuple(units),
        negated=negated,
        denial=denial,
        rules=(rule,),
        flags=flags,
    )


def is_spoken(line: Line) -> bool:
    """Tell a sentence that stands in quotation marks as a whole."""
    return any(line.quoted(at) for at in range(len(line.words))) and all(
        line.quoted(at) or line.words[at] in STOPS for at in range(len(line.words))
    )


def carried(line: Line, source: Attributed, *, lemma: str, rule: str, at: int = 0) -> Attributed | None:
    """Return a sentence without a frame of its own as said by the speaker of another frame."""
    flags = ("indirect-speech-continued",) if rule == "Konjunktiv" else ()
    made = row(
        line,
        cue=(at, at + 1),
        lemma=lemma,
        source=None,
        content=[(0, len(line.words))],
        complement=Complement.CONTEXT,
        rule=rule,
        flags=flags,
    )
    return replace(made, frames=(), source=source.source, inherited=True) if made is not None else None


def with_quotations(reading: Reading, rows: Sequence[Attributed]) -> tuple[Attributed, ...]:
    """Return the frames and the sentences in marks that belong to their speakers.

    Those are the others of the same quotation, before or behind, and a quotation right behind a frame.
    """
    speakers: dict[int, Attributed] = {}
    framed = {made.sentence for made in rows}
    for made in rows:
        sentence = reading.sentences[made.sentence]
        for token, quote in zip(sentence.tokens, sentence.quoted, strict=True):
            if quote >= 0 and any(span.start <= token.start < span.end for span in made.content):
                speakers.setdefault(quote, made)
    for quotation in reading.quotes:
        before = quotation.continued_from
        if before is not None and before in speakers:
            speakers.setdefault(quotation.id, speakers[before])
    by_sentence = {made.sentence: made for made in rows}
    more = []
    for sentence in reading.sentences:
        index = sentence.index
        if index in framed or max(sentence.quoted, default=-1) < 0:
            continue
        line = line_of(sentence)
        if not is_spoken(line):
            continue
        quote = next(at for at in line.sentence.quoted if at >= 0)
        speaker = speakers.get(quote) or by_sentence.get(index - 1)
        if (
            speaker is None
            or speaker.source is None
            or (quote not in speakers and not _beside(reading, line))
        ):
            continue
        said = carried(line, speaker, lemma=speaker.lemma, rule="quotation goes on")
        if said is not None:
            more.append(said)
            by_sentence[index] = said
    return tuple(sorted([*rows, *more], key=lambda made: (made.sentence, made.cue.start)))


def _beside(reading: Reading, line: Line) -> bool:
    """Tell whether a sentence stands in the paragraph of the one before it."""
    return reading.sentences[line.sentence.index - 1].block == line.sentence.block
